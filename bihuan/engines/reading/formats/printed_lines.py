"""Printed lines to paragraphs: page numbers and running heads left out, lines broken by the page's width joined.

Only places and sizes decide, and whether a line begins with a number of its own; the words are never changed.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from bihuan.engines.reading.content import Builder, Content, Table
from bihuan.engines.reading.shapes import Span, Unsure
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.structure.markers import marker_at

NOT_READ = "此处有一页是图片，没有读出文字。请对照原件核对。"
_EDGE = 0.13  # of the height of a page: where page numbers and running heads stand
_PAGE_NUMBER = re.compile(
    r"[\s—–―\-－_·•.|]*(第\s*)?([0-9０-９]{1,5}|[一二三四五六七八九十百]{1,5}|[ivxIVX]{1,6})(\s*页)?"
    r"(\s*[/／,，|]?\s*(共\s*)?[0-9０-９]{1,5}(\s*页)?)?[\s—–―\-－_·•.|]*"
)
_BROWSER = re.compile(r"(\d{1,4}/\d{1,2}/\d{1,4}, |\d{4}/\d{1,2}/\d{1,2} ).{0,120}|(https?|file)://\S+(\s+\d+/\d+)?")
_ENDED = tuple("。！？；：…!?;:”）)")
_UNBROKEN = re.compile(r"[A-Za-z0-9.,%/-]{1,20}")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line and the box around it, in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    marks: tuple["Mark", ...] = ()

    @property
    def size(self) -> float:
        """The height of its characters."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A character of a line that recognition doubts: its index there, and what is told of it."""

    at: int
    of: Unsure


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a ruled table, where it begins, how far it reaches, its right side and its lines."""

    row: int
    column: int
    down: int
    across: int
    right: float
    lines: tuple[Line, ...]

    def words(self) -> "_Words":
        """Its lines joined where the cell was too narrow for them."""
        words = _Words("", self.down)
        for index, line in enumerate(self.lines):
            above = self.lines[index - 1] if index else None
            is_full = above is not None and above.right > self.right - above.size * 2.2
            begins = marker_at(mirror := mirrored(line.text), 0, len(mirror)) is not None
            if above is not None:
                is_wrapped = not begins if not above.text.endswith(_ENDED) else is_full and not begins
                words.text += _joint(above.text, line.text) if is_wrapped else "\n"
            words.put(line.text, line.marks)
        return words


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A ruled table with the sides of its columns."""

    sides: tuple[float, ...]
    n_rows: int
    bottom: float
    top: float
    cells: tuple[PrintedCell, ...]

    def goes_on(self, above: "PrintedTable") -> bool:
        """The table goes on from the page before: its columns are the same."""
        return len(self.sides) == len(above.sides) and all(
            abs(one - other) < 4 for one, other in zip(self.sides, above.sides, strict=True)
        )

    def row(self, index: int) -> list["_Words"]:
        """What stands in a row, column by column."""
        found = {cell.column: cell.words() for cell in self.cells if cell.row == index}
        return [found.get(column) or _Words("", 1) for column in range(len(self.sides) - 1)]


@dataclass(slots=True)
class _Words:
    """The text of a cell or a paragraph, over how many rows it reaches, and what recognition doubts in it."""

    text: str = ""
    down: int = 1
    marks: list[Mark] = field(default_factory=list, compare=False)

    def put(self, text: str, marks: Iterable[Mark]) -> None:
        """Add words with the marks in them."""
        self.marks += (Mark(len(self.text) + mark.at, mark.of) for mark in marks)
        self.text += text


def _is_cut_off(above: Sequence[_Words], below: Sequence[_Words]) -> bool:
    """The row below is the rest of the row above, which did not fit on the page."""
    both = [(one.text, other.text) for one, other in zip(above, below, strict=True) if other.text]
    has_number = any(text.isdigit() for _, text in both)
    is_open = any(text and not text.endswith(_ENDED) for text, _ in both)
    return bool(both) and not below[0].text and not has_number and all(text for text, _ in both) and is_open


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page from the top down, its tables, and whether it holds pictures instead of text."""

    lines: tuple[Line, ...]
    tables: tuple[PrintedTable, ...]
    width: float
    height: float
    has_pictures: bool = False
    goes_on: bool = False  # a column beside the one before, on the same sheet

    @property
    def letters(self) -> int:
        """How many letters are printed."""
        cells = (line for table in self.tables for cell in table.cells for line in cell.lines)
        return sum(len(line.text.strip()) for line in (*self.lines, *cells))


def content_of(pages: Sequence[Page]) -> Content:
    """The paragraphs and tables of all pages as one text; a doubt where a page could not be read."""
    bodies = list(_bodies(pages))
    width = max((page.width for page in pages), default=0.0)
    writer = _Writer([line for body in bodies for line in body], width)
    for page, body in zip(pages, bodies, strict=True):
        writer.turn(page)
        blocks: list[Line | PrintedTable] = [*body, *page.tables]
        for block in sorted(blocks, key=lambda one: -one.top):
            if isinstance(block, Line):
                writer.line(block)
            else:
                writer.table(block)
        if page.has_pictures:
            writer.missing()
    return writer.content()


class _Writer:
    """Writes lines and tables as they come, joining what a line or a page has parted."""

    def __init__(self, lines: Sequence[Line], width: float) -> None:
        self.builder = Builder()
        self.measure = _Measure(lines, width) if lines else None
        self.words = _Words()
        self.last: Line | PrintedTable | None = None
        self.is_turned = False
        self.rows: list[list[_Words]] = []
        self.n_turned = 0
        self.pages: list[int] = []
        self.rows_of_pages: list[int] = []  # the row with which a page begins in a table that goes on

    def turn(self, page: Page) -> None:
        self.is_turned = True
        self.n_turned += not page.goes_on

    def _begin_page(self, place: int) -> None:
        """Every page that was turned to and has not begun yet begins here; an empty one where the next does."""
        self.pages += [place] * (self.n_turned - len(self.pages) - len(self.rows_of_pages))

    def line(self, line: Line) -> None:
        last, measure = self.last, self.measure
        if isinstance(last, Line) and measure and measure.goes_on(last, line, is_turned=self.is_turned):
            self._begin_page(self._next() + len(self.words.text))
            self.words.text += _joint(self.words.text, line.text)
        else:
            self._end()
            self._begin_page(self._next())
        self.words.put(line.text.strip(), line.marks)
        self.last, self.is_turned = line, False

    def table(self, table: PrintedTable) -> None:
        goes_on = self.is_turned and isinstance(self.last, PrintedTable) and table.goes_on(self.last)
        if goes_on:
            self.rows_of_pages += [len(self.rows)] * (self.n_turned - len(self.pages) - len(self.rows_of_pages))
        else:
            self._end()
            self._begin_page(self._next())
        for index in range(table.n_rows):
            row = table.row(index)
            if goes_on and index == 0 and row == self.rows[0]:
                continue
            if goes_on and index == 0 and _is_cut_off(self.rows[-1], row):
                for above, below in zip(self.rows[-1], row, strict=True):
                    above.text += _joint(above.text, below.text)
                    above.put(below.text, below.marks)
                continue
            self.rows.append(row)
        self.last, self.is_turned = table, False

    def _write_rows(self) -> None:
        begin = self._next()
        above: dict[int, tuple[int, Span]] = {}
        written, begins = [], []
        for row in self.rows:
            begins.append(self.builder.paragraph("")[0])
            spans: list[Span] = []
            for column, words in enumerate(row):
                self.builder.add("\t" if column else "")
                span = self._add(words)
                left, shown = above.pop(column, (0, span))
                left, shown = (left, shown) if left and not words.text else (words.down, span)
                if left > 1:
                    above[column] = left - 1, shown
                spans.append(shown)
            written.append(tuple(spans))
        self.builder.tables.append(Table((begin, self.builder.length), tuple(written)))
        self.pages += [begins[min(row, len(begins) - 1)] for row in self.rows_of_pages]
        self.rows_of_pages = []

    def missing(self) -> None:
        self._end()
        self.builder.doubt((self.builder.length, self.builder.length), NOT_READ)

    def _add(self, words: _Words) -> Span:
        begin, end = self.builder.add(words.text)
        for mark in words.marks:
            at = begin + mark.at
            self.builder.unsure.append(replace(mark.of, span=(at, at + 1)))
        return begin, end

    def _next(self) -> int:
        """Where the next paragraph or table begins."""
        return self.builder.length + (1 if self.builder.parts else 0)

    def _end(self) -> None:
        if self.words.text:
            self.builder.paragraph("")
            self._add(self.words)
        if self.rows:
            self._write_rows()
        self.words, self.rows, self.last = _Words(), [], None

    def content(self) -> Content:
        self._end()
        self._begin_page(self.builder.length)
        return replace(self.builder.content(), pages=tuple(self.pages))


def _joint(before: str, after: str) -> str:
    """A blank between two Latin words; Chinese and numbers go on without one."""
    return " " if _LATIN.match(before[-1:]) and _LATIN.match(after.strip()[:1]) else ""


def _bodies(pages: Sequence[Page]) -> Iterator[list[Line]]:
    """The lines of each page without its number and the heads and feet that come back on other pages."""
    at_edges = Counter(key for page in pages for key in {_key(line) for line in page.lines if _is_at_edge(line, page)})
    often = max(2, len(pages) // 3) if len(pages) < 9 else 3
    for page in pages:
        kept = [
            line for line in page.lines
            if not (_is_at_edge(line, page) and (_is_number(line) or at_edges[_key(line)] >= often))
        ]  # fmt: skip
        # A short page is all edge; what repeats the only words of a page is its content.
        yield kept if kept or len(page.lines) > 2 else [line for line in page.lines if not _is_number(line)]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"[\d\s]", "", mirrored(line.text)), round(line.bottom / 4)


def _is_at_edge(line: Line, page: Page) -> bool:
    middle = (line.top + line.bottom) / 2
    return middle < page.height * _EDGE or middle > page.height * (1 - _EDGE)


def _is_number(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text.strip()) or _BROWSER.fullmatch(line.text.strip()))


class _Measure:
    """The page's own habits: where lines begin and end, how far they stand apart, whether paragraphs are indented."""

    def __init__(self, lines: Sequence[Line], width: float) -> None:
        self.size = median(line.size for line in lines)
        lefts = Counter(round(line.left) for line in lines)
        enough = max(2, len(lines) // 10)
        self.left = min((left for left, count in lefts.items() if count >= enough), default=min(lefts))
        right = sorted(line.right for line in lines)[-max(1, len(lines) // 20)]
        self.right = min(right, width - self.left * 0.85)  # wide tables reach beyond the text
        gaps = [above.bottom - below.bottom for above, below in itertools.pairwise(lines)]
        indented = sum(1 for line in lines if 1.4 < (line.left - self.left) / line.size < 2.8)
        self.enough = 0.7 if indented * 7 > len(lines) else 0.8  # of the width, for a line that breaks off
        near = [gap for gap in gaps if self.size * 0.8 < gap < self.size * 4]
        self.leading = median(near) if near else self.size * 1.5

    def goes_on(self, above: Line, below: Line, *, is_turned: bool) -> bool:
        """The line below goes on with the sentence of the line above."""
        if abs(above.size - below.size) > max(above.size, below.size) * 0.2:
            return False
        gap = above.bottom - below.bottom
        if not is_turned and not 0 < gap < self.leading * 1.2:
            return False
        whole = _UNBROKEN.match(below.text.strip())  # a number or a word that did not fit goes down whole
        is_full = above.right > self.right - above.size * (1.6 + 0.6 * (len(whole[0]) if whole else 0))
        is_broken_off = not above.text.rstrip().endswith(_ENDED) and not self._begins_anew(below)
        if is_broken_off and above.right - self.left > (self.right - self.left) * self.enough:
            is_full = True
        is_beside = above.left > self.left + above.size * 4
        is_indented = below.left > self.left + below.size * 0.9
        if not is_full or is_indented or is_beside:
            return False
        return not (above.text.rstrip().endswith(_ENDED) and self._begins_anew(below))

    def _begins_anew(self, line: Line) -> bool:
        mirror = mirrored(line.text.strip())
        return marker_at(mirror, 0, len(mirror)) is not None
