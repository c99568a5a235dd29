"""What is printed on one page of a PDF, as pdfium knows it: characters to lines, inside and outside ruled tables."""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from bihuan.engines.reading.formats.printed_lines import Line, PrintedCell, PrintedTable
from bihuan.engines.reading.formats.printed_tables import Box, Grid, grids_of

MAX_OBJECTS = 20_000
THIN = 3.0
_LOOKED_BACK = 8  # lines that a character printed later may still belong to
_HYPHEN, _BROKEN_WORD = 0x2D, {0x02, 0xFFFE}  # how pdfium tells a word broken at the end of a line


@dataclass(slots=True)
class _Row:
    """Characters at one height, in the order in which they are printed."""

    bottom: float
    top: float
    marks: list[tuple[float, float, str]] = field(default_factory=list)  # left, right, character

    def takes(self, box: Box) -> bool:
        """The character overlaps this line in height by half."""
        overlap = min(self.top, box[3]) - max(self.bottom, box[1])
        return overlap > min(self.top - self.bottom, box[3] - box[1]) * 0.5

    def put(self, character: str, box: Box) -> None:
        self.bottom, self.top = min(self.bottom, box[1]), max(self.top, box[3])
        self.marks.append((box[0], box[2], character))

    def line(self) -> Line | None:
        """The characters from left to right; blanks alone are no line."""
        size = max(self.top - self.bottom, 1.0)
        pieces: list[str] = []
        last: tuple[float, float, str] | None = None
        for mark in sorted(self.marks, key=lambda one: one[0]):
            if last is not None and mark[2] == last[2] and mark[0] - last[0] < size * 0.2:
                continue  # printed twice, to look bold
            if last is not None and pieces:
                pieces.append(_blank(last, mark, size))
            pieces.append(mark[2])
            last = mark
        text = "".join(pieces)
        stripped = [mark for mark in self.marks if mark[2].strip()]
        if not stripped:
            return None
        left, right = min(mark[0] for mark in stripped), max(mark[1] for mark in stripped)
        return Line(text.strip(), left, right, self.bottom, self.top)


def _blank(before: tuple[float, float, str], after: tuple[float, float, str], size: float) -> str:
    """A blank where the print leaves a gap: between Latin words a small one, beside Chinese a wide one."""
    gap = after[0] - before[1]
    if not before[2].strip() or not after[2].strip():
        return ""
    is_latin = before[2] < "\u2e80" and after[2] < "\u2e80"
    return " " if gap > size * (0.2 if is_latin else 1.0) else ""


def marks_of(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> tuple[list[Line], list[PrintedTable]]:
    """The lines outside tables, from the top down, and the tables."""
    grids = grids_of(list(_rules(page)))
    outside: list[tuple[str, Box]] = []
    inside: dict[tuple[int, int], list[tuple[str, Box]]] = {}
    for character, box in _characters(text_page):
        place = _place(box, grids)
        (outside if place is None else inside.setdefault(place, [])).append((character, box))
    tables = []
    for number, grid in enumerate(grids):
        cells = tuple(
            PrintedCell(
                cell.row,
                cell.column,
                cell.down,
                cell.across,
                cell.box[2],
                tuple(_lines(inside.get((number, index), []))),
            )
            for index, cell in enumerate(grid.cells)
        )
        if any(cell.lines for cell in cells):
            tables.append(PrintedTable(grid.sides, grid.n_rows, grid.box[1], grid.box[3], cells))
    return list(_lines(outside)), tables


def _place(box: Box, grids: list[Grid]) -> tuple[int, int] | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, grid in enumerate(grids):
        if _holds(grid.box, x, y):
            return next(((number, at) for at, cell in enumerate(grid.cells) if _holds(cell.box, x, y)), None)
    return None


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _lines(characters: Iterable[tuple[str, Box]]) -> Iterator[Line]:
    rows: list[_Row] = []
    for character, box in characters:
        row = next((one for one in reversed(rows[-_LOOKED_BACK:]) if one.takes(box)), None)
        if row is None:
            row = _Row(box[1], box[3])
            rows.append(row)
        row.put(character, box)
    lines = [line for row in rows if (line := row.line())]
    yield from sorted(lines, key=lambda line: -(line.top + line.bottom))


def _characters(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box]]:
    """What is printed with the box around it; blanks and line ends that pdfium guesses are left out."""
    box, high = raw.FS_RECTF(), 0
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        code = _HYPHEN if code in _BROKEN_WORD else code
        if code < 32 or code > 0x10FFFF or (code == 32 and raw.FPDFText_IsGenerated(text_page, index) == 1):
            continue
        if raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
            yield chr(code), (box.left, box.bottom, box.right, box.top)


def _rules(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """The straight lines drawn on the page, and the edges of boxes, as thin boxes."""
    for count, drawn in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count >= MAX_OBJECTS:
            return
        left, bottom, right, top = drawn.get_bounds()
        if min(right - left, top - bottom) <= THIN:
            if max(right - left, top - bottom) > THIN:
                yield left, bottom, right, top
        elif raw.FPDFPath_CountSegments(drawn) <= 6:
            yield from ((left, bottom, right, bottom), (left, top, right, top))
            yield from ((left, bottom, left, top), (right, bottom, right, top))
