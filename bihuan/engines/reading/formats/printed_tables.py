"""The ruled tables of a printed page: from the lines drawn on it to cells, also merged ones, and the place of each.

Only places decide; what is printed inside is put in by printed_marks.py, what was recognized by scanned_pages.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

TOUCHING = 3.0  # points within which two rules meet
MAX_RULES = 5_000
MAX_SIDES = 300
Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(slots=True)
class Cell:
    """A cell of the grid: where it begins, how far it reaches, and its box."""

    row: int
    column: int
    down: int
    across: int
    box: Box


@dataclass(slots=True)
class Grid:
    """A ruled table: the sides of its columns, its box, its cells."""

    sides: tuple[float, ...]
    n_rows: int
    box: Box
    cells: list[Cell] = field(default_factory=list)


def grids_of(rules: Sequence[Box]) -> list[Grid]:
    """The tables made by rules, which are thin boxes; frames without columns are none."""
    found = []
    for group in _touching(rules[:MAX_RULES]):
        level = [rule for rule in group if rule[2] - rule[0] >= rule[3] - rule[1]]
        upright = [rule for rule in group if rule[2] - rule[0] < rule[3] - rule[1]]
        sides = _apart([(rule[0] + rule[2]) / 2 for rule in upright])
        floors = _apart([(rule[1] + rule[3]) / 2 for rule in level])[::-1]
        if 3 <= len(sides) <= MAX_SIDES and 3 <= len(floors) <= MAX_SIDES:
            found.append(_grid(sides, floors, level, upright))
    return found


def cell_at(x: float, y: float, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """In which table, and in which of its cells, a point lies; None outside of every cell."""
    for number, grid in enumerate(grids):
        if _holds(grid.box, x, y):
            return next(((number, at) for at, cell in enumerate(grid.cells) if _holds(cell.box, x, y)), None)
    return None


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _touching(rules: Sequence[Box]) -> Iterator[list[Box]]:
    """The rules in groups that hang together, swept from the top of the page down."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda one: -one[3]):
        whole, members = rule, [rule]
        apart = []
        for box, others in groups:
            if _meet(whole, box):
                whole, members = _around(whole, box), others + members
            else:
                apart.append((box, others))
        groups = [*apart, (whole, members)]
    for _, members in groups:
        yield members


def _meet(one: Box, other: Box) -> bool:
    across = one[0] <= other[2] + TOUCHING and other[0] <= one[2] + TOUCHING
    return across and one[1] <= other[3] + TOUCHING and other[1] <= one[3] + TOUCHING


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _apart(places: Sequence[float]) -> list[float]:
    """Different places in rising order; those that nearly coincide are one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > TOUCHING:
            found.append(place)
    return found


def _grid(sides: list[float], floors: list[float], level: list[Box], upright: list[Box]) -> Grid:
    n_rows, n_columns = len(floors) - 1, len(sides) - 1
    grid = Grid(tuple(sides), n_rows, (sides[0], floors[-1], sides[-1], floors[0]))
    taken: set[tuple[int, int]] = set()

    def has_side(row: int, column: int) -> bool:
        middle = (floors[row] + floors[row + 1]) / 2
        return any(abs((r[0] + r[2]) / 2 - sides[column]) <= TOUCHING and r[1] <= middle <= r[3] for r in upright)

    def has_floor(row: int, column: int) -> bool:
        middle = (sides[column] + sides[column + 1]) / 2
        return any(abs((r[1] + r[3]) / 2 - floors[row]) <= TOUCHING and r[0] <= middle <= r[2] for r in level)

    for row in range(n_rows):
        for column in range(n_columns):
            if (row, column) in taken:
                continue
            across = down = 1
            while column + across < n_columns and not has_side(row, column + across):
                across += 1
            while row + down < n_rows and not has_floor(row + down, column):
                down += 1
            taken |= {(row + i, column + j) for i in range(down) for j in range(across)}
            box = (sides[column], floors[row + down], sides[column + across], floors[row])
            grid.cells.append(Cell(row, column, down, across, box))
    return grid
