"""What recognition found on a page, as plain values, and its way into the printed lines that every reader shares.

Lines stand upright here: the page's skew is taken out of their places, and put in again for a box on the picture.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from bihuan.engines.reading.formats.printed_lines import Line, Mark, Page, PrintedCell, PrintedTable
from bihuan.engines.reading.formats.printed_tables import Grid, cell_at, grids_of
from bihuan.engines.reading.shapes import Box, Unsure

SURE = 0.8  # below it a character is told as a doubt
_TOLD = "□.%％"  # beside letters and digits: what nobody could make out, and what makes up a number
_GUTTER = 1.5  # character widths that part two columns
_NEAR = 0.6  # character widths within which two lines begin at one place
_FEWEST = 6  # lines of a column


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line in points from the lower left corner, upright; the middle and the confidence of each character."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    middles: tuple[float, ...]
    confidences: tuple[float, ...]

    @property
    def size(self) -> float:
        """The height of its characters."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page: its number, its size upright, how it lay (quarter turns, degrees), its lines and ruled lines.

    `missed`: boxes of rows of ink that gave no line.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    turns: int = 0
    skew: float = 0.0
    lines: tuple[ScannedLine, ...] = ()
    rules: tuple[Box, ...] = ()
    missed: tuple[Box, ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values that `from_json` takes again."""
        return asdict(self)

    @classmethod
    def from_json(cls, shape: dict[str, Any]) -> "ScannedPage":
        """The page again. Raises TypeError, KeyError or ValueError for anything else."""
        lines = tuple(
            ScannedLine(**{**one, "middles": tuple(one["middles"]), "confidences": tuple(one["confidences"])})
            for one in shape["lines"]
        )
        rules, missed = _boxes(shape["rules"]), _boxes(shape["missed"])
        return cls(**{**shape, "lines": lines, "rules": rules, "missed": missed})

    def on_picture(self, box: Box) -> Box:
        """Left, top, right, bottom as parts of the picture of the page, as it lies, for an upright box in points."""
        left, bottom, right, top = box
        turned = [self._turned(x, y) for x in (left, right) for y in (bottom, top)]
        across, down = [one[0] for one in turned], [one[1] for one in turned]
        return _part(min(across)), _part(min(down)), _part(max(across)), _part(max(down))

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        angle, (cx, cy) = math.radians(self.skew), (self.width / 2, self.height / 2)
        dx, dy = x - cx, cy - y
        across = (cx + dx * math.cos(angle) - dy * math.sin(angle)) / (self.width or 1.0)
        down = (cy + dx * math.sin(angle) + dy * math.cos(angle)) / (self.height or 1.0)
        for _ in range(self.turns):
            across, down = 1 - down, across
        return across, down


def _boxes(shapes: Iterable[Iterable[float]]) -> tuple[Box, ...]:
    return tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in shapes)


def _part(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def doubtful(page: ScannedPage) -> Iterator[tuple[str, Unsure]]:
    """Each character of the page that was recognized without confidence; `span` is its place in its own line."""
    for line in page.lines:
        for index, one in _unsure(page, line):
            yield line.text[index], one


def printed_pages(page: ScannedPage) -> list[Page]:
    """The page for the writer of printed lines; columns side by side become pages, the second goes on with the first.

    A page that could not be recognized counts as a picture.
    """
    if page.problem:
        return [Page((), (), page.width, page.height, has_pictures=True)]
    grids = grids_of(page.rules)
    inside: dict[tuple[int, int], list[ScannedLine]] = {}
    outside: list[ScannedLine] = []
    for line in page.lines:
        for place, piece in _by_cell(line, grids):
            (outside if place is None else inside.setdefault(place, [])).append(piece)
    tables = tuple(_table(page, grid, number, inside) for number, grid in enumerate(grids))
    tables = tuple(table for table in tables if any(cell.lines for cell in table.cells))
    parts = [outside] if tables else _columns(outside, page.width)
    found = []
    for index, part in enumerate(parts):
        shift = _left(part) - _left(parts[0])
        lines = tuple(_line(page, row, shift) for row in _aligned(_rows(part)))
        found.append(Page(lines, tables, page.width, page.height, goes_on=index > 0))
    return found


def _table(
    page: ScannedPage, grid: Grid, number: int, inside: dict[tuple[int, int], list[ScannedLine]]
) -> PrintedTable:
    cells = tuple(
        PrintedCell(
            cell.row, cell.column, cell.down, cell.across, cell.box[2],
            tuple(_line(page, row, 0.0) for row in _rows(inside.get((number, index), []))),
        )
        for index, cell in enumerate(grid.cells)
    )  # fmt: skip
    return PrintedTable(grid.sides, grid.n_rows, grid.box[1], grid.box[3], cells)


def _by_cell(line: ScannedLine, grids: list[Grid]) -> Iterator[tuple[tuple[int, int] | None, ScannedLine]]:
    """The line, cut where it reaches over the side of a cell."""
    y = (line.bottom + line.top) / 2
    places = [cell_at(x, y, grids) for x in line.middles]
    begin = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[begin]:
            if piece := _cut(line, begin, end):
                yield places[begin], piece
            begin = end


def _cut(line: ScannedLine, begin: int, end: int) -> ScannedLine | None:
    """The stretch of a line without the blanks around it."""
    while begin < end and line.text[begin].isspace():
        begin += 1
    while end > begin and line.text[end - 1].isspace():
        end -= 1
    if begin == end or (begin, end) == (0, len(line.text)):
        return line if begin < end else None
    half = line.size / 2
    return replace(
        line,
        text=line.text[begin:end],
        left=line.left if begin == 0 else line.middles[begin] - half,
        right=line.right if end == len(line.text) else line.middles[end - 1] + half,
        middles=line.middles[begin:end],
        confidences=line.confidences[begin:end],
    )


def _left(lines: list[ScannedLine]) -> float:
    return min((line.left for line in lines), default=0.0)


def _columns(lines: list[ScannedLine], width: float) -> list[list[ScannedLine]]:
    """The lines in the order in which columns are read: what reaches across stands before both of them."""
    if len(lines) < 2 * _FEWEST:
        return [lines]
    size = sorted(line.size for line in lines)[len(lines) // 2]
    for cut in (width * part / 100 for part in range(35, 66)):
        left = [line for line in lines if line.right <= cut - size * _GUTTER / 2]
        right = [line for line in lines if line.left >= cut + size * _GUTTER / 2]
        across = [line for line in lines if line not in left and line not in right]
        if min(len(left), len(right)) < _FEWEST or not _is_filled(left, right, cut, width):
            continue
        highest = max(line.top for line in (*left, *right))
        if all(line.bottom > highest - line.size for line in across) or all(_is_foot(line, lines) for line in across):
            return [part for part in (across, left, right) if part]
    return [lines]


def _is_filled(left: list[ScannedLine], right: list[ScannedLine], cut: float, width: float) -> bool:
    """Both sides hold running text: most lines reach over most of their column, and it ends in the same rank."""
    wide_left = sum(1 for line in left if line.right - line.left > cut * 0.5)
    wide_right = sum(1 for line in right if line.right - line.left > (width - cut) * 0.5)
    return wide_left * 2 > len(left) and wide_right * 2 > len(right)


def _is_foot(line: ScannedLine, lines: list[ScannedLine]) -> bool:
    return line.bottom <= min(one.bottom for one in lines) + line.size


def _rows(lines: list[ScannedLine]) -> Iterator[ScannedLine]:
    """Lines from the top down; stretches that stand side by side at one height are one line."""
    rows: list[list[ScannedLine]] = []
    for line in sorted(lines, key=lambda one: -(one.top + one.bottom)):
        middle = (line.top + line.bottom) / 2
        row = next((one for one in rows[-3:] if one[0].bottom < middle < one[0].top), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    for row in rows:
        row.sort(key=lambda one: one.left)
        whole = row[0]
        for beside in row[1:]:
            whole = _joined(whole, beside)
        yield whole


def _aligned(lines: Iterable[ScannedLine]) -> list[ScannedLine]:
    """Lines that begin nearly at one place begin there: where a line begins is seen only to a few points."""
    found = list(lines)
    order = sorted(range(len(found)), key=lambda index: found[index].left)
    group: list[int] = []
    for index in [*order, None]:
        if group and (index is None or found[index].left - found[group[0]].left > found[group[0]].size * _NEAR):
            left = found[group[len(group) // 2]].left
            for one in group:
                found[one] = replace(found[one], left=left)
            group = []
        if index is not None:
            group.append(index)
    return found


def _joined(line: ScannedLine, beside: ScannedLine) -> ScannedLine:
    is_apart = beside.left - line.right > max(line.size, beside.size)
    between = (" ", ((line.right + beside.left) / 2,), (1.0,)) if is_apart else ("", (), ())
    return replace(
        line,
        text=line.text + between[0] + beside.text,
        right=max(line.right, beside.right),
        middles=(*line.middles, *between[1], *beside.middles),
        confidences=(*line.confidences, *between[2], *beside.confidences),
    )


def _line(page: ScannedPage, line: ScannedLine, shift: float) -> Line:
    marks = tuple(Mark(at, one) for at, one in _unsure(page, line))
    return Line(line.text, line.left - shift, line.right - shift, line.bottom, line.top, marks)


def _unsure(page: ScannedPage, line: ScannedLine) -> Iterator[tuple[int, Unsure]]:
    """The characters that were recognized without confidence, at their index in the line."""
    for index, confidence in enumerate(line.confidences):
        character = line.text[index]
        if confidence < SURE and (character.isalnum() or character in _TOLD):
            half = line.size / (2 if character > "\u2e80" else 4)
            x = line.middles[index]
            box = page.on_picture((x - half, line.bottom, x + half, line.top))
            yield index, Unsure((index, index + 1), page.number, box, round(confidence, 2))
