"""The document of a feedback as it looks: paragraphs, tables, page numbers, the sources of its drafts marked.

Sources may lie over one another. Repairs stand in place with the words before and after; marks are in _paper_marks.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bihuan.queries._paper import PLAIN, Paper
from bihuan.queries.drafts import DraftRow
from bihuan.web._paper_marks import Marks, Piece
from bihuan.web._scan_sheets import Sheet

TITLE_LEVEL, HEADING_LEVEL, TEXT_LEVEL = 2, 3, 0
MARKER_LENGTH = 8


@dataclass(frozen=True)
class Cell:
    """One cell of a table, its lines, and over how many rows it reaches."""

    lines: tuple[tuple[Piece, ...], ...]
    rows: int = 1


@dataclass(frozen=True)
class Paragraph:
    """One line of the document: 0 for text, 2 to 4 for headings; or a table in its place, as rows of cells.

    `sheets`: the pages of a scan whose pictures stand before it.
    """

    level: int
    pieces: tuple[Piece, ...]
    table: tuple[tuple[Cell, ...], ...] = ()
    sheets: tuple[Sheet, ...] = ()


def paragraphs(
    text: str, drafts: Iterable[DraftRow], paper: Paper | None = None, *, sheets: Sequence[Sheet] = ()
) -> tuple[Paragraph, ...]:
    """The text line by line, each with its marks cut out; a mark over several lines is marked in each.

    The picture of a page stands before the first line that begins on it.
    """
    rows, paper = list(drafts), paper or PLAIN
    marks, waiting = Marks(text, rows, paper), _Waiting(sheets, paper.pages, end=len(text))
    headings = frozenset(row.heading.strip() for row in rows if row.heading and row.spans)
    found: list[Paragraph] = []
    for start, end, table in _blocks(text, paper):
        if table:
            found.append(Paragraph(TEXT_LEVEL, (), tuple(_rows(marks, text, table)), waiting.until(start)))
        elif text[start:end].strip():
            is_quoted = marks.are_in(start, end)
            level = TEXT_LEVEL if is_quoted else _level(text[start:end].strip(), headings, is_first=not found)
            found.append(Paragraph(level, tuple(marks.pieces(start, end)), sheets=waiting.until(start)))
    rest = waiting.until(len(text))
    return (*found, Paragraph(TEXT_LEVEL, (), sheets=rest)) if rest else tuple(found)


class _Waiting:
    """Pages that have not been shown yet; one that begins nowhere in the text comes at its end."""

    def __init__(self, sheets: Sequence[Sheet], begins: Sequence[int], *, end: int) -> None:
        self._rest = [(begins[sheet.number - 1] if sheet.number <= len(begins) else end, sheet) for sheet in sheets]

    def until(self, place: int) -> tuple[Sheet, ...]:
        """Those that begin here or before."""
        shown = tuple(sheet for begin, sheet in self._rest if begin <= place)
        self._rest = self._rest[len(shown) :]
        return shown


Rows = Sequence[Sequence[tuple[int, int]]]


def _blocks(text: str, paper: Paper) -> Iterator[tuple[int, int, Rows]]:
    """Lines and tables in their order; a line that belongs to a table comes with it."""
    reached = 0
    for table in sorted(paper.tables, key=_span):
        start, end = _span(table)
        if start < reached or start == end:
            continue
        yield from _lines(text, reached, start)
        yield start, end, table
        reached = end
    yield from _lines(text, reached, len(text))


def _span(table: Rows) -> tuple[int, int]:
    cells = [cell for row in table for cell in row]
    return (min(cell[0] for cell in cells), max(cell[1] for cell in cells)) if cells else (0, 0)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, Rows]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop, ()
        start = stop + 1


def _rows(marks: Marks, text: str, table: Rows) -> Iterator[tuple[Cell, ...]]:
    """A cell that is merged downwards is told in each of its rows, and shown in the first."""
    above: set[tuple[int, tuple[int, int]]] = set()
    for number, row in enumerate(table):
        cells, shown = [], set()
        for column, span in enumerate(row):
            place = (column, span)
            shown.add(place)
            if span[0] < span[1] and place in above:
                continue
            lines = tuple(tuple(marks.pieces(start, end)) for start, end, _none in _lines(text, *span))
            cells.append(Cell(lines, _depth(table, number, place)))
        above = shown
        yield tuple(cells)


def _depth(table: Rows, number: int, place: tuple[int, tuple[int, int]]) -> int:
    column, span = place
    depth = 1
    while span[0] < span[1] and number + depth < len(table) and table[number + depth][column : column + 1] == (span,):
        depth += 1
    return depth


def _level(line: str, headings: frozenset[str], *, is_first: bool) -> int:
    if is_first:
        return TITLE_LEVEL
    is_heading = any(line.endswith(heading) and len(line) <= len(heading) + MARKER_LENGTH for heading in headings)
    return HEADING_LEVEL if is_heading else TEXT_LEVEL
