"""Reads findings out of tables: one row, one item, by the columns of the header; merged and blank cells inherit.

A table without a column of findings is not read here; its cells are ordinary lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.items.narrated import sort_deeds
from bihuan.engines.reading.items.states import UNSTATED, state_in, told_on
from bihuan.engines.reading.shapes import Figure, Item, Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import lines_of, trimmed
from bihuan.engines.reading.structure.markers import marked_lines, marker_at
from bihuan.engines.reading.tables import cells
from bihuan.engines.reading.tables.columns import Header
from bihuan.engines.reading.tables.filled import Row, rows_of, without_marker
from bihuan.engines.reading.tables.headers import header_of

_NUMBER = re.compile(r"[补附例新增]?[A-Za-z]{0,4}[-.]?[\d一二三四五六七八九十百()（）.、-]{1,10}")

_NAMED = re.compile(r"(?:存在|反馈|巡察|主要|具体)*问题\s?[\d一二三四五六七八九十]{0,3}\s?[:、.]\s*")
_BARE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_COUNTED = re.compile(r"第?[\d一二三四五六七八九十]{1,3}[单条项号件例张个]")
_WHOLE_NUMBER = re.compile(r"[A-Za-z]|[\d一二三四五六七八九十]+[-.]\d")  # says itself what it stands under
_NONE = re.compile(r"0(?:\.0+)?\D|0(?:\.0+)?\s*$")


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
        rows = rows_of(mirror, table, header)
        is_grouped = _is_grouped(rows, header)
        for row in rows:
            items += _of_row(text, mirror, row, place, is_grouped=is_grouped)
    return items


def _is_grouped(rows: Sequence[Row], header: Header) -> bool:
    """Details are the findings, and what is called so is their heading: several share one, or they are numbered."""
    findings = [row.first("finding") for row in rows if "detail" in row.cells]
    numbers = header.columns.get("number", ())
    is_behind = bool(numbers) and numbers[0] > header.columns["finding"][0]
    return len(set(findings)) < len(findings) or is_behind


def _of_row(text: str, mirror: str, row: Row, place: _Place, *, is_grouped: bool) -> Iterator[Item]:
    finding, heading = row.cells["finding"][0], row.heading or place.heading
    more = list(row.cells.get("detail", ()))
    category = row.first("category")
    if category:
        heading = without_marker(mirror, category)
    if more and is_grouped:
        heading, finding, more = without_marker(mirror, finding), more[0], more[1:]
    level = _number_label(mirror, row.first("number"), dotted=place.dotted)
    if not _WHOLE_NUMBER.match(level):
        level = (row.section or _category_label(mirror, category)) + level
    level = place.level + level
    for label, span, title in _parts(mirror, finding, numbered="number" in row.cells):
        yield _item(text, mirror, row, level + label, title or heading, span, more, place.on)


def _parts(mirror: str, cell: Span, *, numbered: bool) -> Iterator[tuple[str, Span, Span | None]]:
    """A cell that numbers its findings itself gives one part for each; else the cell is one."""
    lines = marked_lines(mirror, lines_of(mirror, *cell))
    markers = [marker for line in lines for marker in line.markers]
    if len(markers) < 2 or len({marker.style for marker in markers}) > 1:
        lead = markers[0] if markers and markers[0].start == cell[0] else None
        label = "" if numbered or lead is None else lead.label
        named = _NAMED.match(mirror, *cell)
        begin = lead.end if lead else named.end() if named else cell[0]
        whole = trimmed(mirror, (begin, cell[1]), also=";,、")
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
    if dotted and words.isdecimal() and words.isascii():
        return f"{words}."
    return words if _NUMBER.fullmatch(words) or _COUNTED.fullmatch(words) else ""


def _item(
    text: str, mirror: str, row: Row, level: str, heading: Span | None, finding: Span, more: list[Span],
    on: cells.Month | None,
) -> Item:  # fmt: skip
    state, where, results = _progress(mirror, row, on)
    sorted_out = Entry([])
    for cell in row.cells.get("both", ()):
        for point in cells.points_of(mirror, cell):
            sort_deeds(mirror, point, sorted_out, on=on)
    for span in sorted_out.parts.get("state", ()) if state == UNSTATED else ():
        state, where = state_in(mirror, span, on=on)
    points, persons, days = _measures(mirror, row)
    return Item(
        level=level, heading=heading, finding=finding, more=tuple(more), unit=row.first("unit"),
        measures=tuple(sorted(points + sorted_out.parts.get("measures", []))),
        results=tuple(sorted({*results, *sorted_out.parts.get("results", ())})), state=state, state_span=where,
        responsible=tuple(
            dict.fromkeys(
                one for cell in (*row.cells.get("responsible", ()), *persons) for one in cells.persons_of(mirror, cell)
            )
        ),
        deadline=tuple(one for cell in (*row.cells.get("deadline", ()), *days) for one in cells.days_of(mirror, cell)),
        is_common=_commonality(mirror, row.first("common")),
        figures=(*figures_in(text, mirror, [finding, *more]), *_amounts(mirror, row)),
    )  # fmt: skip


def _measures(mirror: str, row: Row) -> tuple[list[Span], list[Span], list[Span]]:
    """The measures of a row, and who answers for them and by when as far as their own brackets say so."""
    points: list[Span] = []
    told: dict[str, list[Span]] = {"responsible": [], "deadline": []}
    for cell in row.cells.get("measures", ()):
        for point in cells.points_of(mirror, cell):
            bare, parts = cells.assigned(mirror, point)
            points.append(bare)
            for role, span in parts:
                told[role].append(span)
    return points, told["responsible"], told["deadline"]


def _amounts(mirror: str, row: Row) -> Iterator[Figure]:
    """The bare numbers of columns that say in their names what they count."""
    for span, (unit, name) in row.amounts:
        if _BARE.fullmatch(mirror, *span):
            yield Figure(span, mirror[slice(*span)].replace(",", ""), unit, None, name)


def _progress(mirror: str, row: Row, on: cells.Month | None) -> tuple[str, Span | None, list[Span]]:
    """State and results of a row: ticks and cells of state decide first, then those of progress, then notes."""
    state, where = _agreed(row.ticks)
    tells_state = bool(row.ticks) or "state" in row.cells or "progress" in row.cells
    results: list[Span] = []
    for role in ("state", "progress", "results"):
        told: list[tuple[str, Span]] = []
        for cell in row.cells.get(role, ()):
            said, place, found = cells.progress_of(mirror, cell, on, known=state != UNSTATED)
            told += [(said, place)] if place else []
            results += cells.points_of(mirror, cell) if role == "results" and tells_state else found
        said, place = _agreed(told)
        if said != UNSTATED and (state == UNSTATED or (state == "not_done" and said == "in_progress")):
            state, where = said, place
    told_in = {span for span, _ in row.amounts}
    results += [
        cell for cell in row.cells.get("recovered", ())
        if not _NONE.match(mirror, *cell) and (cell in told_in or not _BARE.fullmatch(mirror, *cell))
    ]  # fmt: skip
    for cell in row.cells.get("notes", ()) if state == UNSTATED else ():
        state, where = state_in(mirror, cell, on=on)
    return state, where, sorted(results)


def _agreed(told: Sequence[tuple[str, Span]]) -> tuple[str, Span | None]:
    """The state that several cells tell: of different ones, what is still to do makes the whole unfinished."""
    if not told:
        return UNSTATED, None
    states = {state for state, _ in told}
    for state in ("in_progress", "not_done", "phase_done_long_term", "basically_done") if len(states) > 1 else ():
        where = next((place for said, place in told if said == state), None)
        if where:
            return ("in_progress" if state == "not_done" else state), where
    return told[0]


def _commonality(mirror: str, cell: Span | None) -> bool | None:
    words = mirror[slice(*cell)].strip() if cell else ""
    if words in {"是", "共性", "√", "共性问题"}:
        return True
    return False if words in {"否", "个性", "×", "个性问题"} else None
