"""Reads findings out of tables: one row, one item, by the words in the header; merged and blank cells inherit.

A table without a column of findings is not read here; its cells are ordinary lines.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading import lexicon, sections
from bihuan.engines.reading.content import Table
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.lines import lines_of, trimmed
from bihuan.engines.reading.markers import Marker, marked_lines, marker_at
from bihuan.engines.reading.shapes import Figure, Item, Span
from bihuan.engines.reading.states import state_in

_HEADER_ROWS = 4
_LONGEST_HEADER = 16
_TOTAL = re.compile(r"^(合计|小计|总计|共计)")
_INHERITED = ("category", "unit", "finding", "responsible")


@dataclass(slots=True)
class _Row:
    """The cells of a row by role, and what the rows above said of its place."""

    cells: dict[str, Span]
    section: Marker | None
    heading: Span | None


def has_findings(mirror: str, table: Table) -> bool:
    """The table has a header with a column of findings."""
    return _header(mirror, table) is not None


def has_measures(mirror: str, table: Table) -> bool:
    """The table tells of rectification too: it is a ledger or a plan, not a list of findings."""
    header = _header(mirror, table)
    return header is not None and bool({"measures", "results", "state", "deadline"} & set(header[1]))


def items_of(text: str, mirror: str, found: Sequence[Table], *, level: str, heading: Span | None) -> list[Item]:
    """The rows of these tables as items; `level` and `heading` are those of the entry the tables stand under."""
    items: list[Item] = []
    for table in found:
        header = _header(mirror, table)
        if header is None:
            continue
        rows = list(_rows(mirror, table, *header))
        for index, row in enumerate(rows):
            around = rows[max(0, index - 1) : index] + rows[index + 1 : index + 2]
            items += _of_row(text, mirror, row, around, level, heading)
    return items


def _header(mirror: str, table: Table) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(table.rows[:_HEADER_ROWS]):
        roles = _roles(mirror, enumerate(row))
        if "finding" in roles and len(set(row)) > 1:
            below = _second_row(mirror, row, table.rows[index + 1 : index + 2])
            return (index + 1, _joined(roles, below)) if below else (index, roles)
    return None


def _roles(mirror: str, cells: Iterable[tuple[int, Span]]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, cell in cells:
        role = _role(mirror, cell)
        if role and role not in roles:
            roles[role] = column
    if "finding" not in roles and "detail" in roles:
        roles["finding"] = roles.pop("detail")
    return roles


def _second_row(mirror: str, row: Sequence[Span], following: Sequence[Sequence[Span]]) -> dict[str, int]:
    """The roles in a second row of the header, as under 问题情况 joined over 问题类别 and 具体问题; else none."""
    own = [
        (column, cell)
        for column, cell in enumerate(following[0] if following else ())
        if cell not in row and mirror[slice(*cell)].strip()
    ]
    roles = _roles(mirror, own)
    return roles if "finding" in roles and len(roles) == len(own) else {}


def _joined(above: dict[str, int], below: dict[str, int]) -> dict[str, int]:
    return {role: column for role, column in above.items() if column not in below.values()} | below


def _role(mirror: str, cell: Span) -> str | None:
    if cell[1] - cell[0] > _LONGEST_HEADER * 2:
        return None
    words = re.sub(r"\s", "", mirror[slice(*cell)])
    if not words or len(words) > _LONGEST_HEADER:
        return None
    return next((role for role, pattern in lexicon.columns() if pattern.search(words)), None)


def _rows(mirror: str, table: Table, header: int, roles: dict[str, int]) -> Iterator[_Row]:
    inherited: dict[str, Span] = {}
    section: Marker | None = None
    heading: Span | None = None
    for row in table.rows[header + 1 :]:
        cells = {role: trimmed(mirror, row[column]) for role, column in roles.items() if column < len(row)}
        filled = {role: span for role, span in cells.items() if span[0] < span[1]}
        whole = {trimmed(mirror, cell) for cell in row if mirror[slice(*cell)].strip()}
        if len(whole) == 1 and len(row) > 1 and "detail" not in filled:
            span = whole.pop()
            if "finding" not in filled or (marker_at(mirror, *span) and filled.keys() == {"finding"}):
                section = marker_at(mirror, *span)
                heading = (section.end if section else span[0], span[1])
                inherited.clear()
                continue
        if _TOTAL.match(" ".join(mirror[slice(*span)] for span in list(filled.values())[:1])):
            continue
        _inherit(filled, inherited)
        if "finding" in filled:
            yield _Row(filled, section, heading)


def _inherit(filled: dict[str, Span], inherited: dict[str, Span]) -> None:
    """Blank cells below a filled one mean the same, as in a sheet whose merged cells were pasted apart."""
    if "finding" in filled and "detail" not in filled:
        inherited.pop("finding", None)
    for role in _INHERITED:
        if role in filled:
            inherited[role] = filled[role]
        elif role in inherited and (role != "finding" or "detail" in filled):
            filled[role] = inherited[role]


def _of_row(
    text: str, mirror: str, row: _Row, around: Sequence[_Row], level: str, heading: Span | None
) -> Iterator[Item]:
    finding, heading = row.cells["finding"], row.heading or heading
    more = [row.cells["detail"]] if "detail" in row.cells else []
    category = row.cells.get("category")
    if category:
        heading = _without_marker(mirror, category)
    if more and any(other.cells["finding"] == finding for other in around):
        heading, finding, more = _without_marker(mirror, finding), more[0], []
    own = level + (row.section.label if row.section else _category_label(mirror, category))
    own += _number_label(mirror, row.cells.get("number"))
    numbered = "number" in row.cells
    for label, span, title in _parts(mirror, finding, numbered=numbered):
        yield _item(text, mirror, row, own + label, title or heading, span, more)


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
    if title:
        title = (title[0], title[0] + len(sections.title_of(mirror[slice(*title)])))
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


def _number_label(mirror: str, cell: Span | None) -> str:
    words = re.sub(r"\s", "", mirror[slice(*cell)]) if cell else ""
    if not words:
        return ""
    marker = marker_at(words, 0, len(words))
    if marker and marker.end == len(words):
        return marker.label
    return f"{words}." if words.isdecimal() and words.isascii() and len(words) <= 4 else ""


def _item(text: str, mirror: str, row: _Row, level: str, heading: Span | None, finding: Span, more: list[Span]) -> Item:
    def one(role: str) -> tuple[Span, ...]:
        return (row.cells[role],) if role in row.cells else ()

    state, state_span = state_in(mirror, row.cells.get("state") or row.cells.get("results"))
    figures: tuple[Figure, ...] = figures_in(text, mirror, [finding, *more])
    return Item(
        level=level, heading=heading, finding=finding, more=tuple(more), unit=row.cells.get("unit"),
        measures=_listed(mirror, row, "measures"), results=_listed(mirror, row, "results"),
        state=state, state_span=state_span, responsible=one("responsible"), deadline=one("deadline"),
        is_common=_commonality(mirror, row.cells.get("common")), figures=figures,
    )  # fmt: skip


def _listed(mirror: str, row: _Row, role: str) -> tuple[Span, ...]:
    cell = row.cells.get(role)
    if cell is None:
        return ()
    return tuple(span for _, span, _ in _parts(mirror, cell, numbered=True) if span[0] < span[1])


def _commonality(mirror: str, cell: Span | None) -> bool | None:
    words = mirror[slice(*cell)].strip() if cell else ""
    if words in {"是", "共性", "√", "共性问题"}:
        return True
    return False if words in {"否", "个性", "×", "个性问题"} else None
