"""The stages in their order: bytes → text and tables → repairs → lines → outline → kind → items → figures.

Each stage is pure and lives in its own module; this one only passes on what they hand out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bihuan.engines.reading.content import Content, Doubt, Table
from bihuan.engines.reading.doubts import of_scans, with_doubts
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.findings import findings_of
from bihuan.engines.reading.formats.containers import (
    ENDINGS,
    MAX_BYTES,
    NO_CONVERTER,
    OVER_LIMIT,
    read_container,
    refuse_known,
)
from bihuan.engines.reading.formats.plain import read_plain
from bihuan.engines.reading.items.rectification import entries_of
from bihuan.engines.reading.kinds import borne_out, kind_of
from bihuan.engines.reading.mending import Mended, doubts_of, mended
from bihuan.engines.reading.shapes import Item, Reading, Span, Unreadable
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import Line, marked_lines
from bihuan.engines.reading.structure.outline import Node, outline_of
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.tables.found import tables_of
from bihuan.engines.reading.tables.lists import joined, mostly_tables, tied
from bihuan.engines.reading.tables.rows import has_findings, has_measures, items_of
from bihuan.engines.reading.units import unit_of

READABLE = tuple(ENDINGS)
TURNED = "文字里有改变书写方向的控制符，看到的顺序可能与实际不同。请对照原件核对。"
# How often who waits is told: the text is out, it is repaired, its findings are found.
STAGES = 3
_BROKEN_LINE = 12
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069][\u202a-\u202e\u2066-\u2069]*")


def read_file(path: Path) -> Reading:
    """Read a file; raises Unreadable with a code and a sentence when it cannot be read."""
    return read_bytes(_bytes_of(path), name=path.name)


def _bytes_of(path: Path) -> bytes:
    name = path.name
    try:
        if path.is_dir():
            raise Unreadable("wrong_type", "这是文件夹，不是文件。请给出一个文件。", file=name)
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable("too_large", OVER_LIMIT, file=name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("not_found", "找不到这个文件。请检查文件名和所在的文件夹。", file=name) from error
    except (OSError, ValueError) as error:
        said = "打不开这个文件。请检查读取权限，或确认它没有被别的程序占用。"
        raise Unreadable("no_access", said, file=name) from error


def _nobody(_stage: int) -> None:
    """Nobody waits."""


def read_bytes(content: bytes, *, name: str, told: Callable[[int], None] = _nobody, wanted: str = "") -> Reading:
    """Read a document from its bytes, which say what it is; the name only serves the sentence of a refusal.

    `told` is called with 1 to STAGES as each stage is done; `wanted`: the kind that a person says it is.
    """
    ending = Path(name).suffix.lower()
    try:
        container = read_container(content, ending=ending)
        told(1)
        return read_content(container, told=told, wanted=wanted)
    except Unreadable as error:
        is_renamed = error.code == "wrong_type" and ending in READABLE and error.reason != NO_CONVERTER
        raise Unreadable(error.code, error.reason, file=name, ending=ending if is_renamed else "") from error


def text_of(content: bytes) -> str:
    """The words of a Word or text file as they stand, for eyes alone; what a browser would run is text here too."""
    refuse_known(content)
    return (read_container(content) if content.startswith(b"PK") else read_plain(content)).text


def read_content(content: Content, *, told: Callable[[int], None] = _nobody, wanted: str = "") -> Reading:
    """Read text with its tables, wherever it came from: repaired first, then told in the places of the text it was.

    `wanted`: the kind that a person says it is.
    """
    made = mended(content)
    told(2)
    reading = _read(made.content, wanted)
    told(STAGES)
    if made.is_changed:
        reading = _told_back(reading, made)
    doubts = [*content.doubts, *_turned(content.text), *doubts_of(made.repairs), *of_scans(content.unsure)]
    return Reading(
        kind=reading.kind,
        unit=reading.unit,
        text=content.text,
        items=with_doubts(reading.items, doubts),
        figures=reading.figures,
        repairs=made.repairs,
        repaired=made.repaired,
        places=made.places,
        pages=content.pages,
        unsure=content.unsure,
        unread=content.unread,
        missed=content.missed,
    )


def _told_back(reading: Reading, made: Mended) -> Reading:
    return replace(
        reading,
        unit=reading.unit and made.origin(reading.unit),
        items=tuple(item.moved(made.origin) for item in reading.items),
        figures=tuple(figure.moved(made.origin) for figure in reading.figures),
    )


def _read(content: Content, wanted: str) -> Reading:
    text, mirror = content.text, mirrored(content.text)
    found = tables_of(mirror, content.tables)
    with_findings = tuple(table for table in found if has_findings(mirror, table))
    lines = marked_lines(mirror, paragraphs_of(mirror, _spans_outside(mirror, with_findings, found)))
    measures = any(has_measures(mirror, table) for table in with_findings)
    kind = wanted or kind_of(mirror, lines, found, has_table=bool(with_findings), has_measures=measures)
    root = outline_of(mirror, lines, with_findings, bare_headings=kind == "feedback")
    items = _items(kind, text, mirror, root)
    if not wanted and (told := borne_out(kind, mirror, [mirror[slice(*item.finding)] for item in items])) != kind:
        kind, items = told, ()
    return Reading(
        kind=kind,
        unit=None if kind == "other" else unit_of(mirror, lines, kind),
        text=text,
        items=items,
        figures=figures_in(text, mirror, list(_between_markers(mirror, lines, with_findings))),
    )


def _items(kind: str, text: str, mirror: str, root: Node) -> tuple[Item, ...]:
    if kind == "feedback":
        return findings_of(text, mirror, root)
    if kind in {"plan", "notice", "ledger"}:
        nodes = list(root.walk())
        rows = [
            item
            for node in nodes
            for item in items_of(text, mirror, node.tables, level=_level_above(node), heading=None, dotted=False)
        ]
        tables = [table for node in nodes for table in node.tables]
        is_all = bool(rows) and mostly_tables(text, tables)
        is_plan = kind == "plan"
        if not is_all or (is_plan and not any(row.measures for row in rows)):
            rows, others = tied(mirror, rows, entries_of(text, mirror, root, is_plan=is_plan))
            rows += [] if is_all else others
        return tuple(joined(text, sorted(rows, key=_place), tables))
    return ()


def _level_above(node: Node) -> str:
    """The level that a table stands under; a number within the line of a note above it is none."""
    return "" if node.marker and node.marker.inline else node.level


def _place(item: Item) -> Span:
    return item.finding


def _turned(text: str) -> Iterator[Doubt]:
    """Characters that turn the direction of writing make a text look other than it is."""
    for found in _TURNS.finditer(text):
        yield Doubt(found.span(), TURNED)


def _spans_outside(mirror: str, with_findings: Sequence[Table], found: Sequence[Table]) -> Iterator[Span]:
    """Lines outside tables of findings; the cells of other tables are lines of their own."""
    taken = {table.span for table in with_findings}
    begin = 0
    for table in found:
        yield from lines_of(mirror, begin, table.span[0])
        begin = table.span[1]
        if table.span not in taken:
            for cell in dict.fromkeys(cell for row in table.rows for cell in row):
                yield from lines_of(mirror, *cell)
    yield from lines_of(mirror, begin)


def _between_markers(mirror: str, lines: Sequence[Line], found: Sequence[Table]) -> Iterator[Span]:
    """The stretches of text between list numbers, so that 1. and 3个 never read as 1.3个."""
    stretches = []
    for line in lines:
        begin = line.span[0]
        for marker in line.markers:
            stretches.append((begin, marker.start))
            begin = marker.end
        stretches.append((begin, line.span[1]))
    stretches += [line for table in found for line in lines_of(mirror, *table.span)]
    yield from _rejoined(mirror, sorted(stretch for stretch in stretches if stretch[0] < stretch[1]))


def _rejoined(mirror: str, stretches: Sequence[Span]) -> Iterator[Span]:
    """A long line that breaks off within a figure (…5.2 and below 万元…) and the next one are one stretch."""
    before: Span | None = None
    for stretch in stretches:
        breaks_off = before and mirror[before[1] - 1].isdigit() and before[1] - before[0] >= _BROKEN_LINE
        if before and breaks_off and not mirror[before[1] : stretch[0]].strip("\r\n"):
            before = (before[0], stretch[1])
            continue
        if before:
            yield before
        before = stretch
    if before:
        yield before
