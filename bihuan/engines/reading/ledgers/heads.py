"""Where the head of a ledger stands, one row or two, and what each of its columns is proposed to be, with the reason.

Nothing is decided here: a person may take another row for the head, and every column for something else.
"""

from collections.abc import Iterator, Mapping, Sequence

from bihuan.engines.reading.formats.cell_rows import Grid
from bihuan.engines.reading.ledgers.shapes import Column, Layout
from bihuan.rules.form_words import FormWords, letters_of, proposed

_LOWEST = 40
_LONGEST = 40
_WIDEST, _MOST_COVERED = 100, 20_000
_FEWEST = 2
_JOINT = " "

Cells = Mapping[int, str]


class NoHead(Exception):
    """No row names at least two columns."""


def layout_of(grids: Sequence[Grid], *, words: FormWords, sheet: str = "", row: int = 0) -> Layout:
    """The best head of the sheets, or the one in this row of this sheet, and what its columns are proposed to be.

    Other sheets with the same words in their head belong to the ledger too. Raises NoHead.
    """
    named = [grid for grid in grids if not sheet or grid.name == sheet]
    heads = [(grid, *head) for grid in named for head in _heads(grid, row=row)]
    if not heads:
        raise NoHead
    vocabulary = frozenset(letters_of(word) for known in words.words.values() for word in known)
    # Of a head of two rows each alone says less; of equals the first is taken.
    best = max(heads, key=lambda one: (_weight(one[2], vocabulary), -heads.index(one)))
    if not row and _weight(best[2], vocabulary) < _FEWEST:
        raise NoHead
    grid, bottom, labels = best
    alike = [(other.name, at) for other in grids if other is not grid and (at := _same_head(other, labels))]
    return Layout(((grid.name, bottom), *alike), _proposed(labels, words))


def _proposed(labels: Cells, words: FormWords) -> tuple[Column, ...]:
    found = proposed(list(labels.values()), words=words)
    return tuple(
        Column(place, label, one.code, one.why, one.word) if one else Column(place, label)
        for (place, label), one in zip(labels.items(), found, strict=True)
    )


def _heads(grid: Grid, *, row: int) -> Iterator[tuple[int, dict[int, str]]]:
    """Each row near the top as a head, and with the next one: its last row, its words by column."""
    covers = _covers(grid)
    rows = {number: cells for number, cells in grid.rows[: _LOWEST + 1] if number <= max(_LOWEST, row)}
    for number in [row] if row else sorted(rows)[:_LOWEST]:
        upper = _shown(rows, covers, number)
        if len(set(upper.values())) >= (1 if row else _FEWEST):
            yield number, upper
        lower = _shown(rows, covers, number + 1)
        if len(set(upper.values())) >= _FEWEST and _goes_on(upper, lower, covers, number):
            yield number + 1, {place: _joined(upper, lower, place) for place in sorted({*upper, *lower})}


def _goes_on(upper: Cells, lower: Cells, covers: Mapping[tuple[int, int], tuple[int, int]], number: int) -> bool:
    """The next row belongs to the head: a cell reaches down into it, or it divides a cell that is wide."""
    tall = any(covers.get((number, place), (0, 0))[0] == number - 1 for place in upper)
    wide = {first[1] for (row, place), first in covers.items() if row == number - 1 and first[1] < place}
    divided = any(place in wide and lower.get(place) and lower.get(place + 1) for place in upper)
    return bool(lower) and (tall or divided)


def _shown(
    rows: Mapping[int, Sequence[str]], covers: Mapping[tuple[int, int], tuple[int, int]], number: int
) -> dict[int, str]:
    """The words of a row without blanks, those of merged cells wherever they reach; too long ones are no names."""
    own = rows.get(number, ())
    width = max(len(own), *(place + 1 for row, place in covers if row == number - 1), 0) if covers else len(own)
    found = {}
    for place in range(width):
        row, column = covers.get((number - 1, place), (number - 1, place))
        cells = rows.get(row + 1, ())
        words = "".join(cells[column].split()) if column < len(cells) else ""
        if words and len(words) <= _LONGEST:
            found[place] = words
    return found


def _joined(upper: Cells, lower: Cells, place: int) -> str:
    said = dict.fromkeys(words for words in (upper.get(place, ""), lower.get(place, "")) if words)
    return _JOINT.join(said)


def _covers(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Near the top, the cells inside merged areas but the first of each, and that first one; counted from 0."""
    covers: dict[tuple[int, int], tuple[int, int]] = {}
    n_covered = 0
    for (top, left), (bottom, right) in grid.merged:
        if top > _LOWEST:
            continue
        down, across = range(top, min(bottom, _LOWEST + 1) + 1), range(left, min(right, left + _WIDEST) + 1)
        n_covered += len(down) * len(across)
        if n_covered > _MOST_COVERED:
            break
        covers |= {(row, column): (top, left) for row in down for column in across}
        covers.pop((top, left), None)
    return covers


def _weight(labels: Cells, vocabulary: frozenset[str]) -> int:
    """How many columns are known by their words, wholly or by their end."""
    said = {letters_of(label) for label in labels.values()} - {""}
    return sum(1 for one in said if one in vocabulary or any(one.endswith(word) for word in vocabulary))


def _same_head(grid: Grid, labels: Cells) -> int:
    """The last row of the same head on another sheet; 0 where there is none. Hidden sheets are left out."""
    if grid.is_hidden:
        return 0
    return next((bottom for bottom, found in _heads(grid, row=0) if dict(found) == dict(labels)), 0)
