"""Sheets of cells to text: each becomes paragraphs (titles, notes) and tables; empty rows and columns are left out.

Which row is the header and what a column means is decided by the stage that reads tables.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.engines.reading.content import Builder, Content, Table
from bihuan.engines.reading.shapes import Span, Unreadable

MAX_CELLS = 2_000_000
TOO_MANY = "表格里的单元格超过 200 万个，读不完。请分成几份后再试。"
HIDDEN_ROW = "这一行在表格里是隐藏的，请核对是否仍然有效。"
HIDDEN_SHEET = "这一行出自隐藏的工作表，请核对是否仍然有效。"
_NOTE = re.compile(r"\s*[(（【]?(备注|注|说明|填表|填报|制表|审核|负责人|联系|单位盖章|盖章|附[:：件])")
_LONGEST_HEADER = 16

Place = tuple[int, int]  # row, column


@dataclass(slots=True)
class Sheet:
    """Filled cells by row and column, the merged areas (first and last cell), what is hidden, what is unsure."""

    name: str = ""
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    doubts: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    is_hidden: bool = False
    n_cells: int = 0
    most: tuple[int, str] = (MAX_CELLS, TOO_MANY)  # cells, and what is said beyond

    def put(self, row: int, column: int, text: str) -> None:
        """Fill a cell; a blank one stays empty."""
        if text.strip():
            self._count()
            self.rows.setdefault(row, {})[column] = text

    def doubt(self, row: int, column: int, words: str) -> None:
        """Remember what is unsure about a cell, which then counts as filled."""
        self._count()
        self.rows.setdefault(row, {}).setdefault(column, "")
        self.doubts[row, column] = words

    def _count(self) -> None:
        self.n_cells += 1
        most, too_many = self.most
        if self.n_cells > most:
            raise Unreadable("too_large", too_many)


def content_of(sheets: Sequence[Sheet]) -> Content:
    """All sheets one after the other, the hidden ones last. Raises Unreadable when there is nothing in them."""
    builder = Builder()
    for sheet in sorted(sheets, key=lambda one: one.is_hidden):
        if sheet.rows:
            builder.names.append(sheet.name)
            _Writer(builder, sheet).write()
    content = builder.content()
    if not content.text.strip():
        raise Unreadable("empty_file", "表格里没有文字。请检查是否选错了文件。")
    return content


class _Writer:
    """Writes one sheet: blocks of rows between empty rows, each with its titles, its table and its notes."""

    def __init__(self, builder: Builder, sheet: Sheet) -> None:
        self.builder = builder
        self.sheet = sheet
        self.columns = sorted({column for row in sheet.rows.values() for column in row})
        self.covers = _covers(sheet)
        self.spans: dict[Place, Span] = {}

    def write(self) -> None:
        for block in _blocks(self.sheet, self.covers):
            begin, end = self._table_in(block)
            for row in block[:begin]:
                self._paragraph(row)
            self._table(block[begin:end])
            for row in block[end:]:
                self._paragraph(row)

    def _table_in(self, block: Sequence[int]) -> tuple[int, int]:
        """Where the table begins and ends among the rows: before it stand titles, behind it notes."""
        shown = [len(self._shown(row)) for row in block]
        if max(shown) < 2:
            return 0, 0
        reach = max(self._reach(row) for row, count in zip(block, shown, strict=True) if count > 1)
        begin = next(
            index for index, (row, count) in enumerate(zip(block, shown, strict=True))
            if count > 1 and self._reach(row) * 2 >= reach
        )  # fmt: skip
        end = len(block)
        while end > begin + 1 and self._is_note(block[end - 1]):
            end -= 1
        return begin, end

    def _shown(self, row: int) -> set[Place]:
        """The filled cells seen in a row, also those that reach into it from above."""
        own = {(row, column) for column, text in self.sheet.rows.get(row, {}).items() if text}
        above = {first for column in self.columns if (first := self.covers.get((row, column))) and first[0] < row}
        return own | {place for place in above if self.sheet.rows.get(place[0], {}).get(place[1])}

    def _reach(self, row: int) -> int:
        """How many columns are filled or covered in a row."""
        own = self.sheet.rows.get(row, {})
        return sum(1 for column in self.columns if own.get(column) or (row, column) in self.covers)

    def _is_note(self, row: int) -> bool:
        own = {column: text for column, text in self.sheet.rows.get(row, {}).items() if text}
        shown = self._shown(row)
        if any(place[0] < row for place in shown):
            return False
        first = own[min(own)] if own else ""
        is_wide = len(own) == 1 and any((row, column) in self.covers for column in self.columns if column not in own)
        return bool(_NOTE.match(first)) or (is_wide and len(self.columns) > 2)

    def _paragraph(self, row: int) -> None:
        cells = self.sheet.rows.get(row, {})
        self.builder.paragraph("")
        begin = self.builder.length
        for index, column in enumerate(sorted(cells)):
            self.builder.add("\t" if index else "")
            self.spans[row, column] = self.builder.add(cells[column])
        self._doubts(row, (begin, self.builder.length))

    def _table(self, rows: Sequence[int]) -> None:
        if not rows:
            return
        begin = self.builder.length + (1 if self.builder.parts else 0)
        written = tuple(tuple(self._row(row)) for row in rows)
        self.builder.tables.append(Table((min(begin, self.builder.length), self.builder.length), written))

    def _row(self, row: int) -> Iterator[Span]:
        cells = self.sheet.rows.get(row, {})
        last = max([*cells, *(column for column in self.columns if (row, column) in self.covers)], default=-1)
        self.builder.paragraph("")
        begin = self.builder.length
        spans = []
        for index, column in enumerate(column for column in self.columns if column <= last):
            self.builder.add("\t" if index else "")
            span = self.builder.add(cells.get(column, ""))
            first = self.covers.get((row, column))
            is_below = first is not None and first[0] < row and first[1] == column
            self.spans[row, column] = self.spans.get(first, span) if is_below and first is not None else span
            spans.append(self.spans[row, column])
        self._doubts(row, (begin, self.builder.length))
        yield from spans

    def _doubts(self, row: int, whole: Span) -> None:
        if self.sheet.is_hidden:
            self.builder.doubt(whole, HIDDEN_SHEET)
        elif row in self.sheet.hidden_rows:
            self.builder.doubt(whole, HIDDEN_ROW)
        for column in self.sheet.rows.get(row, {}):
            if (row, column) in self.sheet.doubts:
                self.builder.doubt(whole, self.sheet.doubts[row, column])


def _covers(sheet: Sheet) -> Mapping[Place, Place]:
    """The cells inside merged areas, but the first of each, and the first cell they belong to."""
    covers: dict[Place, Place] = {}
    lowest = max(sheet.rows, default=0)
    rightmost = max((column for row in sheet.rows.values() for column in row), default=0)
    for (top, left), (bottom, right) in sheet.merged:
        down, across = range(top, min(bottom, lowest) + 1), range(left, min(right, rightmost) + 1)
        if not sheet.rows.get(top, {}).get(left) or len(down) * len(across) + len(covers) > MAX_CELLS:
            continue
        covers |= {(row, column): (top, left) for row in down for column in across if (row, column) != (top, left)}
    return covers


def _blocks(sheet: Sheet, covers: Mapping[Place, Place]) -> Iterator[list[int]]:
    """Runs of rows: a gap parts two tables only when what follows has a title or a header of its own."""
    rows = sorted({*sheet.rows})
    block: list[int] = []
    for index, row in enumerate(rows):
        gap = bool(block) and row > block[-1] + 1 and not any((row - 1, column) in covers for column in sheet.rows[row])
        if gap and _begins_anew(sheet, rows[index : index + 3], block):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _begins_anew(sheet: Sheet, coming: Sequence[int], block: Sequence[int]) -> bool:
    """The rows to come repeat the words of an earlier header, or are a title over a row of short words."""
    earlier = {text for row in block[:6] for text in sheet.rows[row].values() if len(text) <= _LONGEST_HEADER}
    for position, row in enumerate(coming):
        words = [text for text in sheet.rows[row].values() if text]
        if len(words) > 1:
            if sum(1 for text in words if text in earlier) >= 2:
                return True
            return position > 0 and len(words) > 2 and all(_is_header(text) for text in words)
    return False


def _is_header(text: str) -> bool:
    return len(text) <= _LONGEST_HEADER and not re.search(r"\d|[。；;]", text)
