"""Reads findings out of tables: one row, one item, by the columns of the header; merged and blank cells inherit.

A table without a column of findings is not read here; its cells are ordinary lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.items.narrated import sort_deeds
from bihuan.engines.reading.items.states import UNSTATED, state_in, told_on
from bihuan.engines.reading.shapes import Item, Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import lines_of, trimmed
from bihuan.engines.reading.structure.markers import Marker, marked_lines, marker_at
from bihuan.engines.reading.tables import cells
from bihuan.engines.reading.tables.headers import Header, header_of
from bihuan.engines.reading.words import table_words

_INHERITED = ("category", "unit", "finding", "responsible")
_NUMBER = re.compile(r"[A-Z]?[\d一二三四五六七八九十百()（）.、-]{1,10}")

_ZERO = re.compile(r"0(?:\.0+)?\D|0$")

Cells = dict[str, tuple[Span, ...]]


@dataclass(slots=True)
class _Row:
    """The filled cells of a row by role, and what the rows above said of its place."""

    cells: Cells
    section: Marker | None
    heading: Span | None

    def first(self, role: str) -> Span | None:
        return next(iter(self.cells.get(role, ())), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the tables stand: the entry above them, how its number is written, the month the document tells of."""

    level: str
    heading: Span | None
    dotted: bool
    on: cells.Month | None


def has_findings(mirror: str, table: Table) -> bool:
    """The table has a header with a column of findings."""
    return header_of(mirror, table) is not None


def has_measures(mirror: str, table: Table) -> bool:
    """The table tells of rectification too: it is a ledger or a plan, not a list of findings."""
    header = header_of(mirror, table)
    return header is not None and header.tells_rectification


def items_of(
    text: str, mirror: str, found: Sequence[Table], *, level: str, heading: Span | None, dotted: bool = True
) -> list[Item]:
    """The rows of these tables as items; `level` and `heading` are those of the entry the tables stand under.

    `dotted` writes the bare number of a row as that of a list, 1 as 1., so that it can stand in a level.
    """
    items: list[Item] = []
    place = _Place(level, heading, dotted, told_on(mirror)) if found else None
    for table in found:
        header = header_of(mirror, table)
        if header is None or place is None:
            continue
        rows = list(_rows(mirror, table, header))
        for index, row in enumerate(rows):
            around = rows[max(0, index - 1) : index] + rows[index + 1 : index + 2]
            items += _of_row(text, mirror, row, around, place)
    return items


def _rows(mirror: str, table: Table, header: Header) -> Iterator[_Row]:
    inherited: Cells = {}
    above: Cells = {}
    section: Marker | None = None
    heading: Span | None = None
    named = [mirror[slice(*cell)].strip() for cell in table.rows[max(0, header.first_row - 1)]] * bool(header.first_row)
    for row in table.rows[header.first_row :]:
        filled = _filled(mirror, row, header.columns, above)
        whole = {trimmed(mirror, cell) for cell in row if mirror[slice(*cell)].strip()}
        if len(whole) == 1 and len(row) > 1 and "detail" not in filled:
            span = whole.pop()
            if "finding" not in filled or (marker_at(mirror, *span) and filled.keys() == {"finding"}):
                section = marker_at(mirror, *span)
                heading = _without_marker(mirror, span)
                inherited.clear()
                continue
        if _is_total(mirror, filled) or [mirror[slice(*cell)].strip() for cell in row] == named:
            continue
        above = dict(filled)
        _inherit(filled, inherited)
        if "finding" in filled:
            yield _Row(filled, section, heading)


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


def _is_total(mirror: str, filled: Cells) -> bool:
    first = next((spans[0] for spans in filled.values()), None)
    return first is not None and bool(table_words.words("cells", "total").match(cells.words_of(mirror, first)))


def _inherit(filled: Cells, inherited: Cells) -> None:
    """Blank cells below a filled one mean the same, as in a sheet whose merged cells were pasted apart.

    Nobody answers for a row without a name, unless the row lies in such a merged group.
    """
    if "finding" in filled and "detail" not in filled:
        inherited.pop("finding", None)
    in_group = any(role in inherited and role not in filled for role in ("category", "finding", "unit"))
    for role in _INHERITED:
        if role in filled:
            inherited[role] = filled[role]
        elif role in inherited and _passes_down(role, filled, in_group=in_group):
            filled[role] = inherited[role]


def _passes_down(role: str, filled: Cells, *, in_group: bool) -> bool:
    if role == "finding":
        return "detail" in filled
    return in_group or role != "responsible"


def _of_row(text: str, mirror: str, row: _Row, around: Sequence[_Row], place: _Place) -> Iterator[Item]:
    finding, heading = row.cells["finding"][0], row.heading or place.heading
    more = list(row.cells.get("detail", ()))
    category = row.first("category")
    if category:
        heading = _without_marker(mirror, category)
    if more and any(other.first("finding") == finding for other in around):
        heading, finding, more = _without_marker(mirror, finding), more[0], more[1:]
    level = place.level + (row.section.label if row.section else _category_label(mirror, category))
    level += _number_label(mirror, row.first("number"), dotted=place.dotted)
    for label, span, title in _parts(mirror, finding, numbered="number" in row.cells):
        yield _item(text, mirror, row, level + label, title or heading, span, more, place.on)


def _parts(mirror: str, cell: Span, *, numbered: bool) -> Iterator[tuple[str, Span, Span | None]]:
    """A cell that numbers its findings itself gives one part for each; else the cell is one."""
    lines = marked_lines(mirror, lines_of(mirror, *cell))
    markers = [marker for line in lines for marker in line.markers]
    if len(markers) < 2 or len({marker.style for marker in markers}) > 1:
        lead = markers[0] if markers and markers[0].start == cell[0] else None
        label = "" if numbered or lead is None else lead.label
        whole = trimmed(mirror, (lead.end if lead else cell[0], cell[1]), also=";,、")
        if whole[0] < whole[1]:
            yield label, whole, None
        return
    before = trimmed(mirror, (cell[0], markers[0].start), also="。;:,")
    title = before if before[0] < before[1] else None
    length = len(sections.title_of(mirror[slice(*title)])) if title else 0
    title = (title[0], title[0] + length) if title and length else None
    ends = [marker.start for marker in markers[1:]] + [cell[1]]
    for marker, end in zip(markers, ends, strict=True):
        span = trimmed(mirror, (marker.end, end), also=";,、")
        if span[0] < span[1]:
            yield marker.label, span, title


def _without_marker(mirror: str, span: Span) -> Span | None:
    marker = marker_at(mirror, *span)
    bare = trimmed(mirror, (marker.end if marker else span[0], span[1]), also="。;:,")
    return bare if bare[0] < bare[1] else None


def _category_label(mirror: str, category: Span | None) -> str:
    marker = marker_at(mirror, *category) if category else None
    return marker.label if marker else ""


def _number_label(mirror: str, cell: Span | None, *, dotted: bool) -> str:
    words = re.sub(r"\s", "", mirror[slice(*cell)]) if cell else ""
    if not words:
        return ""
    marker = marker_at(words, 0, len(words))
    if marker and marker.end == len(words):
        return marker.label
    if dotted:
        return f"{words}." if words.isdecimal() and words.isascii() and len(words) <= 4 else ""
    return words if _NUMBER.fullmatch(words) else ""


def _item(
    text: str, mirror: str, row: _Row, level: str, heading: Span | None, finding: Span, more: list[Span],
    on: cells.Month | None,
) -> Item:  # fmt: skip
    state, where, results = _progress(mirror, row, on)
    sorted_out = Entry([])
    for cell in row.cells.get("both", ()):
        for point in cells.points_of(mirror, cell):
            sort_deeds(mirror, point, sorted_out, on=on)
    for span in sorted_out.parts.get("state", ()) if state == UNSTATED else ():
        state, where = state_in(mirror, span, on=on)
    points = [point for cell in row.cells.get("measures", ()) for point in cells.points_of(mirror, cell)]
    return Item(
        level=level, heading=heading, finding=finding, more=tuple(more), unit=row.first("unit"),
        measures=tuple(sorted(points + sorted_out.parts.get("measures", []))),
        results=tuple(sorted({*results, *sorted_out.parts.get("results", ())})), state=state, state_span=where,
        responsible=tuple(
            dict.fromkeys(one for cell in row.cells.get("responsible", ()) for one in cells.persons_of(mirror, cell))
        ),
        deadline=row.cells.get("deadline", ()), is_common=_commonality(mirror, row.first("common")),
        figures=figures_in(text, mirror, [finding, *more]),
    )  # fmt: skip


def _progress(mirror: str, row: _Row, on: cells.Month | None) -> tuple[str, Span | None, list[Span]]:
    """State and results of a row: cells of state decide first, then those of progress, then notes that say 长期坚持."""
    state, where = UNSTATED, None
    results: list[Span] = []
    for role in ("state", "progress", "results"):
        for cell in row.cells.get(role, ()):
            said, place, told = cells.progress_of(mirror, cell, on, known=state != UNSTATED)
            if role == "results":
                told = cells.points_of(mirror, cell)
            if state == UNSTATED or (state == "not_done" and said == "in_progress"):
                state, where = said, place
            results += told
    results += [cell for cell in row.cells.get("recovered", ()) if not _ZERO.match(mirror, *cell)]
    for cell in row.cells.get("notes", ()) if state == UNSTATED else ():
        state, where = state_in(mirror, cell, on=on)
    return state, where, sorted(results)


def _commonality(mirror: str, cell: Span | None) -> bool | None:
    words = mirror[slice(*cell)].strip() if cell else ""
    if words in {"是", "共性", "√", "共性问题"}:
        return True
    return False if words in {"否", "个性", "×", "个性问题"} else None
