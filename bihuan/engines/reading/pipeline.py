"""The stages in their order: bytes → text and tables → lines → outline → kind → items → figures.

Each stage is pure and lives in its own module; this one only passes on what they hand out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bihuan.engines.reading import tables
from bihuan.engines.reading.containers import MAX_BYTES, OVER_LIMIT, read_container
from bihuan.engines.reading.content import Content, Table
from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.findings import findings_of
from bihuan.engines.reading.kinds import kind_of
from bihuan.engines.reading.lines import lines_of, mirrored
from bihuan.engines.reading.markers import Line, marked_lines
from bihuan.engines.reading.outline import Node, outline_of
from bihuan.engines.reading.plain import read_plain
from bihuan.engines.reading.rectification import entries_of
from bihuan.engines.reading.shapes import Item, Reading, Span, Unreadable
from bihuan.engines.reading.units import unit_of

READABLE = (".docx", ".txt")
_SMALLEST_TABLE = 2


def read_file(path: Path) -> Reading:
    """Read a file; raises Unreadable with a code and a sentence when it cannot be read."""
    return read_bytes(_bytes_of(path), name=path.name)


def _bytes_of(path: Path) -> bytes:
    name = path.name
    try:
        if path.is_dir():
            raise Unreadable("wrong_type", "这是文件夹，不是文件。请给出一个 .docx 或 .txt 文件。", file=name)
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable("too_large", OVER_LIMIT, file=name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("not_found", "找不到这个文件。请检查文件名和所在的文件夹。", file=name) from error
    except (OSError, ValueError) as error:
        said = "打不开这个文件。请检查读取权限，或确认它没有被别的程序占用。"
        raise Unreadable("no_access", said, file=name) from error


def read_bytes(content: bytes, *, name: str) -> Reading:
    """Read a document from its bytes, which say what it is; the name only serves the sentence of a refusal."""
    try:
        return read_content(read_container(content))
    except Unreadable as error:
        ending = Path(name).suffix.lower()
        is_renamed = error.code == "wrong_type" and ending in READABLE
        raise Unreadable(error.code, error.reason, file=name, ending=ending if is_renamed else "") from error


def text_of(content: bytes) -> str:
    """The words of a Word or text file as they stand, for eyes alone; what a browser would run is text here too."""
    return (read_container(content) if content.startswith(b"PK") else read_plain(content)).text


def read_content(content: Content) -> Reading:
    """Read text with its tables, wherever it came from."""
    text, mirror = content.text, mirrored(content.text)
    found = content.tables or tuple(_tabbed_tables(mirror))
    with_findings = tuple(table for table in found if tables.has_findings(mirror, table))
    lines = marked_lines(mirror, _spans_outside(mirror, with_findings, found))
    measures = any(tables.has_measures(mirror, table) for table in with_findings)
    kind = kind_of(mirror, lines, has_table=bool(with_findings), has_measures=measures)
    root = outline_of(mirror, lines, with_findings)
    return Reading(
        kind=kind,
        unit=None if kind == "other" else unit_of(mirror, lines),
        text=text,
        items=_items(kind, text, mirror, root),
        figures=figures_in(text, mirror, list(_between_markers(mirror, lines, with_findings))),
    )


def _items(kind: str, text: str, mirror: str, root: Node) -> tuple[Item, ...]:
    if kind == "feedback":
        return findings_of(text, mirror, root)
    if kind in {"plan", "notice", "ledger"}:
        rows = [
            item
            for node in root.walk()
            for item in tables.items_of(text, mirror, node.tables, level=node.level, heading=None)
        ]
        return tuple(sorted(rows, key=lambda item: item.finding)) or entries_of(text, mirror, root)
    return ()


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


def _tabbed_tables(mirror: str) -> Iterator[Table]:
    """Tables of a plain text: runs of lines with tabs, as a sheet gives when pasted."""
    run: list[Span] = []
    for line in lines_of(mirror):
        if "\t" in mirror[slice(*line)]:
            run.append(_with_empty_cells(mirror, line))
        else:
            yield from _table(mirror, run)
            run = []
    yield from _table(mirror, run)


def _with_empty_cells(mirror: str, line: Span) -> Span:
    """The line with the tabs before its first word: the cells there are empty, not absent."""
    start = line[0]
    while start > 0 and mirror[start - 1] == "\t":
        start -= 1
    return start, line[1]


def _table(mirror: str, run: Sequence[Span]) -> Iterator[Table]:
    if len(run) >= _SMALLEST_TABLE:
        rows = tuple(tuple(_cells(mirror, line)) for line in run)
        yield Table((run[0][0], run[-1][1]), rows)


def _cells(mirror: str, line: Span) -> Iterator[Span]:
    begin = line[0]
    while (tab := mirror.find("\t", begin, line[1])) >= 0:
        yield begin, tab
        begin = tab + 1
    yield begin, line[1]


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
    yield from sorted(stretch for stretch in stretches if stretch[0] < stretch[1])
