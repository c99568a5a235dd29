"""Cuts the body of a table into rows that each tell one finding: sections between, merged, blank and repeated cells.

What the cells say is not looked at here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.markers import Marker, marker_at
from bihuan.engines.reading.tables import cells
from bihuan.engines.reading.tables.columns import Header
from bihuan.engines.reading.words import table_words

_INHERITED = ("category", "unit", "finding", "responsible")
_GROWING = ("measures", "both", "results", "progress", "state", "responsible", "deadline", "recovered", "notes", "tick")
_DEEDS = ("measures", "both", "results", "progress", "responsible")
_CHINESE = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.]?")
_SECTION_END = re.compile("(类|方面|领域|部分|情况|问题|板块|环节|建设|工作)$")
_WIDE = 4
_LONGEST_SECTION = 30

Cells = dict[str, tuple[Span, ...]]


@dataclass(slots=True)
class Row:
    """The filled cells of a row by role, and what the rows above said of its place."""

    cells: Cells
    section: str = ""
    heading: Span | None = None
    ticks: list[tuple[str, Span]] = field(default_factory=list)
    amounts: list[tuple[Span, tuple[str, str]]] = field(default_factory=list)  # with the unit and name of the column

    def first(self, role: str) -> Span | None:
        """The first cell of a role."""
        return next(iter(self.cells.get(role, ())), None)

    def grow(self, other: "Row") -> None:
        """Take in what another row tells of the same finding."""
        for role in _GROWING:
            if role in other.cells:
                self.cells[role] = tuple(dict.fromkeys((*self.cells.get(role, ()), *other.cells[role])))
        self.ticks += other.ticks
        self.amounts += [one for one in other.amounts if one not in self.amounts]


def rows_of(mirror: str, table: Table, header: Header) -> list[Row]:
    """The rows, one for each finding: those that go on with the measures of the one above are joined to it."""
    joined: list[Row] = []
    for row in _rows(mirror, table, header):
        if joined and _is_rest(mirror, row, joined[-1], header):
            joined[-1].cells["detail"] = (*joined[-1].cells.get("detail", ()), *row.cells.pop("finding"))
            joined[-1].grow(row)
        elif joined and _goes_on(mirror, row, joined[-1]):
            joined[-1].grow(row)
        elif "finding" in row.cells:
            joined.append(row)
    return joined


def _is_rest(mirror: str, row: Row, above: Row, header: Header) -> bool:
    """The rest of a row drawn in several lines: no number, and the sentence above it has not ended."""
    if "number" not in header.columns or "number" in row.cells or "finding" not in row.cells:
        return False
    told = mirror[slice(*above.cells["finding"][0])]
    return told.endswith((",", "、")) and not any(role in row.cells for role in ("state", "deadline", "responsible"))


def _goes_on(mirror: str, row: Row, above: Row) -> bool:
    """A row without a finding of its own, or with the very cell of the row above, and nothing more particular."""
    if row.section != above.section or row.heading != above.heading:
        return False
    if "finding" not in row.cells:
        return any(role in row.cells for role in _DEEDS) and _is_under(mirror, row, above)
    if any(row.cells.get(role) != above.cells.get(role) for role in ("detail", "unit")):
        return False
    if row.cells["finding"] == above.cells["finding"]:
        return True
    number, before = row.first("number"), above.first("number")
    return (
        number is not None and before is not None and _words(mirror, number) == _words(mirror, before)
        and _words(mirror, row.cells["finding"][0]) == _words(mirror, above.cells["finding"][0])
    )  # fmt: skip


def _is_under(mirror: str, row: Row, above: Row) -> bool:
    """No number of its own, but at most one within that of the row above: 3-2 below 3."""
    number, before = row.first("number"), above.first("number")
    if number is None or before is None:
        return number is None
    return _words(mirror, number).startswith(_words(mirror, before).rstrip("、.)"))


def _words(mirror: str, cell: Span) -> str:
    return re.sub(r"\s", "", mirror[slice(*cell)])


def _rows(mirror: str, table: Table, header: Header) -> Iterator[Row]:
    inherited: Cells = {}
    above: Cells = {}
    section, heading = "", None
    head = [mirror[slice(*cell)].strip() for cell in table.rows[max(0, header.first_row - 1)]] * bool(header.first_row)
    is_plain = _numbers_plainly(mirror, table, header)
    for row in table.rows[header.first_row :]:
        filled = _filled(mirror, row, header.columns, above)
        title = _section_of(mirror, row, filled, header, is_plain=is_plain)
        if title:
            section, heading = _section_label(mirror, filled, title), without_marker(mirror, title)
            inherited.clear()
            continue
        if _is_total(mirror, filled) or [mirror[slice(*cell)].strip() for cell in row] == head:
            continue
        ticked = [at for at in header.ticks if at < len(row) and mirror[slice(*row[at])].strip()]
        above = dict(filled)
        if "finding" in filled or "detail" in filled or "number" in filled:
            _inherit(filled, inherited, header)
        yield Row(
            filled, section, heading, [(header.ticks[at], trimmed(mirror, row[at])) for at in ticked],
            [(trimmed(mirror, row[at]), of) for at, of in header.amounts.items() if at < len(row)],
        )  # fmt: skip


def _filled(mirror: str, row: Sequence[Span], columns: Mapping[str, tuple[int, ...]], above: Cells) -> Cells:
    """The cells that say something; 同上 stands for the cell above."""
    filled: Cells = {}
    for role, places in columns.items():
        spans: list[Span] = []
        for column in places:
            span = trimmed(mirror, row[column]) if column < len(row) else (0, 0)
            words = cells.words_of(mirror, span)
            if words and table_words.words("cells", "ditto").match(words):
                spans += above.get(role, ()) if role != "finding" else ()
            elif words:
                spans.append(span)
        if spans:
            filled[role] = tuple(dict.fromkeys(spans))
    return filled


def _numbers_plainly(mirror: str, table: Table, header: Header) -> bool:
    """There are numbers in digits, so that a Chinese one begins a section where nothing else stands in its row."""
    columns = header.columns.get("number", ())
    if not columns:
        return False
    numbers = [_words(mirror, row[columns[0]]) for row in table.rows[header.first_row :] if columns[0] < len(row)]
    chinese = sum(1 for words in numbers if _CHINESE.fullmatch(words))
    return chinese < sum(1 for words in numbers if words)


def _section_of(mirror: str, row: Sequence[Span], filled: Cells, header: Header, *, is_plain: bool) -> Span | None:
    """The title in a row that has nothing else: of one cell, or of a number and one cell."""
    told = list(dict.fromkeys(span for cell in row if (span := trimmed(mirror, cell))[0] < span[1]))
    if len(told) == 1 and len(row) > 1 and "detail" not in filled:
        return told[0] if _is_section(mirror, told[0], filled, header) else None
    number = filled.get("number")
    if len(told) != 2 or header.width < _WIDE or not number or told[0] != number[0] or _is_total(mirror, filled):
        return None
    words = _words(mirror, told[1])
    is_other = is_plain and bool(_CHINESE.fullmatch(_words(mirror, number[0])))
    is_named = bool(_SECTION_END.search(words)) and not sections.is_negative(words.removesuffix("问题"))
    return told[1] if len(words) <= _LONGEST_SECTION and (is_other or is_named) else None


def _is_section(mirror: str, cell: Span, filled: Cells, header: Header) -> bool:
    if filled.keys() != {"finding"}:
        return "finding" not in filled and not any(role in filled for role in _DEEDS if role not in {"responsible"})
    words = _words(mirror, cell)
    if marker_at(mirror, *cell):
        return True
    is_title = len(words) <= _LONGEST_SECTION and not sections.is_negative(words.removesuffix("问题"))
    return is_title and ("number" in header.columns or bool(_SECTION_END.search(words)))


def _section_label(mirror: str, filled: Cells, title: Span) -> str:
    marker = marker_at(mirror, *title)
    if marker:
        return "" if marker.style == "bullet" else marker.label
    number = filled.get("number")
    words = _words(mirror, number[0]) if number and number[0] != title else ""
    return f"{words}、" if words and _CHINESE.fullmatch(words) and words[-1] not in ")、." else words


def _is_total(mirror: str, filled: Cells) -> bool:
    firsts = [spans[0] for role, spans in filled.items() if role in {"number", "category", "unit", "finding"}]
    firsts = firsts or [spans[0] for spans in filled.values()][:1]
    return any(table_words.words("cells", "total").match(cells.words_of(mirror, first)) for first in firsts)


def _inherit(filled: Cells, inherited: Cells, header: Header) -> None:
    """Blank cells below a filled one mean the same, as in a sheet whose merged cells were pasted apart.

    Nobody answers for a row without a name, unless the row lies in such a merged group or names stand first.
    """
    if "finding" in filled and "detail" not in filled:
        inherited.pop("finding", None)
    in_group = any(role in inherited and role not in filled for role in ("category", "finding", "unit"))
    in_group = in_group or min(header.columns.get("responsible", (99,))) < min(header.columns["finding"])
    for role in _INHERITED:
        if role in filled:
            inherited[role] = filled[role]
        elif role in inherited and _passes_down(role, filled, in_group=in_group):
            filled[role] = inherited[role]


def _passes_down(role: str, filled: Cells, *, in_group: bool) -> bool:
    if role == "finding":
        return "detail" in filled
    return in_group or role != "responsible"


def without_marker(mirror: str, span: Span) -> Span | None:
    """The words of a title behind its number."""
    marker: Marker | None = marker_at(mirror, *span)
    bare = trimmed(mirror, (marker.end if marker else span[0], span[1]), also="。;:,")
    return bare if bare[0] < bare[1] else None
