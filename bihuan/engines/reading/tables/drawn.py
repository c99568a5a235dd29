"""Finds tables drawn with characters in plain text: cells between bars, or in columns parted by blanks.

Only a table whose header names its columns counts; prose with bars or gaps stays prose.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.tables import headers

_BAR = re.compile("[|│┃]")
_RULE = re.compile(r"[\s|│┃:+=\-—─━┼├┤┌┐└┘┬┴]+")
_GAP = re.compile(r" {2,}")
_FEWEST_CELLS = 3

Row = tuple[Span, ...]


def drawn_tables(mirror: str, lines: Sequence[Span]) -> Iterator[Table]:
    """The tables between bars and in blank-parted columns, by their headers."""
    at = 0
    while at < len(lines):
        cut = _how_cut(mirror, lines[at])
        rows = list(_rows(mirror, lines[at:], cut)) if cut else []
        if len(rows) > 1:
            yield Table((rows[0][0][0], rows[-1][-1][1]), tuple(rows))
            at = next((index for index in range(at, len(lines)) if lines[index][0] >= rows[-1][-1][1]), len(lines))
        else:
            at += 1


def _how_cut(mirror: str, line: Span) -> Callable[[str, Span], Row] | None:
    """How this line is cut into the names of columns; none when it is no header."""
    for cut in (_by_bars, _by_gaps):
        row = cut(mirror, line)
        if len(row) >= _FEWEST_CELLS and headers.names_columns(mirror, row):
            return cut
    return None


def _rows(mirror: str, lines: Sequence[Span], cut: Callable[[str, Span], Row]) -> Iterator[Row]:
    width = len(cut(mirror, lines[0]))
    for line in lines:
        if _RULE.fullmatch(mirror, *line):
            continue
        row = cut(mirror, line)
        if len(row) != width:
            return
        yield row


def _by_bars(mirror: str, line: Span) -> Row:
    bars = [found.start() for found in _BAR.finditer(mirror, *line)]
    if len(bars) < _FEWEST_CELLS - 1 or "\t" in mirror[slice(*line)]:
        return ()
    edges = [line[0] - 1, *bars, line[1]]
    cells = [trimmed(mirror, (begin + 1, end)) for begin, end in itertools.pairwise(edges)]
    if bars[0] == line[0]:
        cells = cells[1:]
    return tuple(cells[:-1] if bars[-1] == line[1] - 1 else cells)


def _by_gaps(mirror: str, line: Span) -> Row:
    if "\t" in mirror[slice(*line)]:
        return ()
    cells, begin = [], line[0]
    for found in _GAP.finditer(mirror, *line):
        cells.append((begin, found.start()))
        begin = found.end()
    return (*cells, (begin, line[1]))
