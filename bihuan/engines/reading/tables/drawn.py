"""Finds tables drawn with characters in plain text: cells between bars or strokes, or in columns parted by blanks.

Only a table whose header names its columns counts; prose with bars or gaps stays prose.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.tables import headers
from bihuan.engines.reading.words import table_words

_BAR = re.compile("[|│┃║]")
_RULE = re.compile(r"[\s|│┃:+=\-—─━┼├┤┌┐└┘┬┴╋┿╂╪═║╬━┳┻┣┫┏┓┗┛╔╗╚╝╠╣╦╩*/]+")
_GAP = re.compile(r" {2,}")
_BLANK = re.compile(" ")
_LOOSE_STROKE = re.compile(r" +/(?: +|$)")
_ARROW = re.compile(r" *(?:→|⇒|➔|➜|=>|->|——>) *")
_ANY_SIGN = re.compile("[|│┃║/ →⇒➔➜>]")
_SIGN = re.compile("[→⇒➔➜>|│┃║/]|  ")
_FEWEST_NAMELESS = 4
_STROKE = re.compile("/")
_FEWEST_CELLS = 3
_LONGEST_SECTION = 30
_NEAR = 6  # columns of a screen that a cell may stand beside its name
_NOTE = re.compile(r"\s*[(]?(备注|注|说明|填表|填报|制表|审核|联系|以上|上表|合计|总计)")
_STOP = re.compile("[。;:,]")

Row = tuple[Span, ...]
Cut = Callable[[str, Span], Row]


def drawn_tables(mirror: str, lines: Sequence[Span]) -> Iterator[Table]:
    """The tables between bars or strokes and in blank-parted columns, by their headers."""
    at = 0 if _ANY_SIGN.search(mirror) else len(lines)
    while at < len(lines):
        cut = _how_cut(mirror, lines[at])
        rows, after = _rows(mirror, lines, at, cut) if cut else ([], at + 1)
        if len(rows) > 1:
            yield Table((rows[0][0][0], rows[-1][-1][1]), tuple(rows))
            at = after
        else:
            table, at = _nameless(mirror, lines, at)
            if table:
                yield table


def _nameless(mirror: str, lines: Sequence[Span], at: int) -> tuple[Table | None, int]:
    """Rows without names above them, as long as their cells show what they are; and where to look further."""
    if not _SIGN.search(mirror, *lines[at]):
        return None, at + 1
    for cut in (_by_arrows, _by_bars, _by_loose_strokes, _by_gaps):
        width = len(cut(mirror, lines[at]))
        if width < _FEWEST_NAMELESS or "\t" in mirror[slice(*lines[at])]:
            continue
        rows, after = _alike(mirror, lines, at, cut, width)
        if sum(1 for row in rows if len(set(row)) > 2) >= _FEWEST_CELLS:
            table = Table((rows[0][0][0], rows[-1][-1][1]), tuple(rows))
            return (table if headers.header_of(mirror, table) else None), after
    return None, at + 1


def _alike(mirror: str, lines: Sequence[Span], at: int, cut: Cut, width: int) -> tuple[list[Row], int]:
    """The rows from a line on that have as many cells, and the short titles between them."""
    rows: list[Row] = []
    for index in range(at, len(lines)):
        row = cut(mirror, lines[index])
        is_next = index + 1 < len(lines) and len(cut(mirror, lines[index + 1])) == width
        if len(row) != width and not (is_next and _is_section(mirror, lines[index])):
            return rows, index
        rows.append(row if len(row) == width else (lines[index], *[(lines[index][1],) * 2] * (width - 1)))
    return rows, len(lines)


def _how_cut(mirror: str, line: Span) -> Cut | None:
    """How this line is cut into the names of columns; none when it is no header."""
    if not _ANY_SIGN.search(mirror, *line) or "\t" in mirror[slice(*line)]:
        return None
    for cut in (_by_bars, _by_arrows, _by_loose_strokes, _by_gaps, _by_strokes, _by_blanks):
        row = cut(mirror, line)
        if len(row) >= _FEWEST_CELLS and headers.names_columns(mirror, row):
            return cut
    return None


def _rows(mirror: str, lines: Sequence[Span], at: int, cut: Cut) -> tuple[list[Row], int]:
    """The rows from the header on, and the line behind them."""
    head = cut(mirror, lines[at])
    rows = [head]
    for index in range(at + 1, len(lines)):
        line = lines[index]
        if _RULE.fullmatch(mirror, *line):
            continue
        row = _row(mirror, line, head, cut)
        if row is None and index + 1 < len(lines) and _is_section(mirror, line):
            row = (line, *[(line[1], line[1])] * (len(head) - 1)) if _row(mirror, lines[index + 1], head, cut) else None
        if row is None:
            return rows, index
        rows.append(row)
    return rows, len(lines)


def _is_section(mirror: str, line: Span) -> bool:
    words = mirror[slice(*line)]
    return len(words) <= _LONGEST_SECTION and not _NOTE.match(words) and not _STOP.search(words)


def _row(mirror: str, line: Span, head: Row, cut: Cut) -> Row | None:
    """The cells of a line under the names above; none when it is no row of this table."""
    row = cut(mirror, line) if "\t" not in mirror[slice(*line)] else ()
    if cut is _by_bars and len(row) < len(head) and _BAR.match(mirror, line[0]) and not _opens_with_bar(mirror, head):
        row = ((line[0], line[0]), *row)
    if len(row) > len(head) and cut is _by_blanks:
        row = _names_joined(mirror, row, len(row) - len(head))
    if len(row) == len(head):
        return row
    if not 1 < len(row) < len(head) or _NOTE.match(mirror, line[0]):
        return None
    if cut is _by_gaps:
        return _under_names(mirror, line, row, head)
    is_long = len(row) >= len(head) - 1 or (cut is not _by_blanks and 2 * len(row) > len(head))
    return (*row, *[(line[1], line[1])] * (len(head) - len(row))) if is_long else None


def _opens_with_bar(mirror: str, head: Row) -> bool:
    begin = mirror.rfind("\n", 0, head[0][0]) + 1
    return bool(_BAR.search(mirror, begin, head[0][0]))


def _names_joined(mirror: str, row: Row, many: int) -> Row:
    """Cells in which a blank parts an office from a name, made whole."""
    cells = list(row)
    for at in range(len(cells) - 1, 0, -1):
        office, name = mirror[slice(*cells[at - 1])], mirror[slice(*cells[at])]
        if many and 2 <= len(name) <= 3 and table_words.words("guesses", "office").search(office):
            cells[at - 1 : at + 1] = [(cells[at - 1][0], cells[at][1])]
            many -= 1
    return tuple(cells)


def _under_names(mirror: str, line: Span, row: Row, head: Row) -> Row | None:
    """The cells, each under the name that it stands below on a screen; empty ones between."""
    begin = mirror.rfind("\n", 0, head[0][0]) + 1
    names = [_width(mirror[begin : name[0]]) for name in head]
    begin = mirror.rfind("\n", 0, line[0]) + 1
    cells = [(line[1], line[1])] * len(head)
    last = -1
    for cell in row:
        place = _width(mirror[begin : cell[0]])
        at = min(range(len(names)), key=lambda index: abs(names[index] - place))
        if at <= last or abs(names[at] - place) > _NEAR:
            return None
        cells[at], last = cell, at
    return tuple(cells)


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def _by_bars(mirror: str, line: Span) -> Row:
    bars = [found.start() for found in _BAR.finditer(mirror, *line)]
    if len(bars) < _FEWEST_CELLS - 1:
        return ()
    edges = [line[0] - 1, *bars, line[1]]
    cells = [trimmed(mirror, (begin + 1, end)) for begin, end in itertools.pairwise(edges)]
    if bars[0] == line[0]:
        cells = cells[1:]
    return tuple(cells[:-1] if bars[-1] == line[1] - 1 else cells)


def _by_arrows(mirror: str, line: Span) -> Row:
    return _parted(mirror, line, _ARROW)


def _by_gaps(mirror: str, line: Span) -> Row:
    return _parted(mirror, line, _GAP)


def _by_blanks(mirror: str, line: Span) -> Row:
    return _parted(mirror, line, _BLANK)


def _by_strokes(mirror: str, line: Span) -> Row:
    return _parted(mirror, line, _STROKE)


def _by_loose_strokes(mirror: str, line: Span) -> Row:
    return _parted(mirror, line, _LOOSE_STROKE)


def _parted(mirror: str, line: Span, between: re.Pattern[str]) -> Row:
    cells, begin = [], line[0]
    for found in between.finditer(mirror, *line):
        cells.append(trimmed(mirror, (begin, found.start())))
        begin = found.end()
    return (*cells, trimmed(mirror, (begin, line[1])))
