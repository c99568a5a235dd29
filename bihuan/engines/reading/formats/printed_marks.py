"""Printed characters and rules to the lines of a page, inside and outside its ruled tables; of PDF and OFD alike.

Only places decide. Boxes are in points from the lower left corner: left, bottom, right, top.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bihuan.engines.reading.formats.printed_lines import Line, PrintedCell, PrintedTable
from bihuan.engines.reading.formats.printed_tables import Box, cell_at, grids_of

THIN = 3.0
_LOOKED_BACK = 8  # lines that a character printed later may still belong to


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


def laid_out(characters: Iterable[tuple[str, Box]], rules: Sequence[Box]) -> tuple[list[Line], list[PrintedTable]]:
    """The lines outside tables, from the top down, and the tables."""
    grids = grids_of(rules)
    outside: list[tuple[str, Box]] = []
    inside: dict[tuple[int, int], list[tuple[str, Box]]] = {}
    for character, box in characters:
        place = cell_at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, grids)
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
