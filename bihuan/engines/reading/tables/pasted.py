"""Finds tables in plain text: rows of cells parted by tabs, as a sheet gives when pasted, and one cell to a line.

Which column holds what is decided by the stage that reads headers; here only rows and cells are cut.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import lines_of, trimmed
from bihuan.engines.reading.structure.markers import marker_at
from bihuan.engines.reading.tables import drawn, headers

_SMALLEST = 2
_FEWEST_NAMES = 4
_FEWEST_KNOWN = 2
_LONGEST_NAME = 16
_LONGEST_SECTION = 40
_LONGEST_ROW = 40  # lines
_LONGEST_CELL = 12  # lines a quoted cell may run over
_NUMBER = re.compile(
    r"\s*(?:[(]?(?:[一二三四五六七八九十]{1,3}-)?[\d一二三四五六七八九十]{1,4}(?:[-.]\d{1,3})?[).、]?|[①-⑳])?\s*"
)
_NOTE = re.compile(r"\s*[(]?(备注|注|说明|填表|填报|制表|审核|联系|以上|上表)")
_TITLE = re.compile("(公示|公告|通报|报告|台账|清单|方案|表|一览)$|党组|党委|支部|总支")
_STOP = re.compile("[。;:]$")

Row = tuple[Span, ...]


def pasted_tables(mirror: str) -> tuple[Table, ...]:
    """The tables of a plain text in their order."""
    lines = list(lines_of(mirror))
    tabbed = [*_tabbed(mirror, lines), *drawn.drawn_tables(mirror, lines)]
    return tuple(sorted([*tabbed, *_stacked(mirror, lines, tabbed)], key=lambda table: table.span))


def _tabbed(mirror: str, lines: Sequence[Span]) -> Iterator[Table]:
    run: list[Row] = []
    at = 0
    while at < len(lines):
        row, after = _row_at(mirror, lines, at, run)
        if row is None:
            yield from _table(run)
            run = []
        elif run and len(row) > 1 and _begins_another(mirror, row) and not _is_second(run):
            yield from _table(run)
            run = [row]
        else:
            run.append(row)
        at = after
    yield from _table(run)


def _begins_another(mirror: str, row: Row) -> bool:
    return headers.names_columns(mirror, row) or headers.names_a_list(mirror, row)


def _is_second(run: Sequence[Row]) -> bool:
    """The row to come may still belong to the header."""
    return len(run) < _SMALLEST


def _table(run: Sequence[Row]) -> Iterator[Table]:
    if len(run) >= _SMALLEST:
        yield Table((run[0][0][0], run[-1][-1][1]), tuple(run))


def _row_at(mirror: str, lines: Sequence[Span], at: int, run: Sequence[Row]) -> tuple[Row | None, int]:
    """The row that begins with a line, and the line behind it; none where the table ends."""
    line = lines[at]
    if "\t" not in mirror[slice(*line)]:
        is_section = _is_section(mirror, lines, at, run)
        return (((line, *[(line[1], line[1])] * (len(run[0]) - 1)) if is_section else None), at + 1)
    start, end = _with_empty_cells(mirror, line)
    after = at + 1
    after = _behind_quoted(mirror, lines, at, start) or _behind_broken(mirror, lines, at, start, run) or after
    return tuple(_cells(mirror, (start, max(end, lines[after - 1][1])))), after


def _is_section(mirror: str, lines: Sequence[Span], at: int, run: Sequence[Row]) -> bool:
    """A short line between two rows of one table: the heading of those below it."""
    line = lines[at]
    if not run or at + 1 >= len(lines) or line[1] - line[0] > _LONGEST_SECTION:
        return False
    words, (begin, end) = mirror[slice(*line)], lines[at + 1]
    if _NOTE.match(words) or _STOP.search(words) or mirror.count("\n", line[1], begin) > 1:
        return False
    if len(run) < _SMALLEST and not headers.names_columns(mirror, run[0]):
        return False
    following = mirror[begin:end]
    if "\t" in following and headers.names_a_list(mirror, tuple(_cells(mirror, (begin, end)))):
        return False
    if headers.role_named(mirror, run[0][0]) == "number":
        return "\t" in following and bool(_NUMBER.fullmatch(following.split("\t")[0]))
    return "\t" in following and abs(following.count("\t") + 1 - len(run[-1])) <= 1


def _behind_quoted(mirror: str, lines: Sequence[Span], at: int, start: int) -> int:
    """A sheet puts a cell of several lines in quotes: the row ends where they close; 0 when none is open."""
    quotes = mirror.count('"', start, lines[at][1])
    if quotes % 2 == 0 or not re.search(r'(?:^|\t)"', mirror[start : lines[at][1]]):
        return 0
    for after in range(at + 1, min(len(lines), at + _LONGEST_CELL)):
        quotes += mirror.count('"', *lines[after])
        if quotes % 2 == 0:
            return after + 1
    return 0


def _behind_broken(mirror: str, lines: Sequence[Span], at: int, start: int, run: Sequence[Row]) -> int:
    """A row with breaks inside its cells goes on until it is as wide as the header; 0 when it is whole."""
    if not run or headers.role_named(mirror, run[0][0]) != "number":
        return 0
    width, has = len(run[0]), mirror.count("\t", start, lines[at][1]) + 1
    for after in range(at + 1, min(len(lines), at + _LONGEST_CELL) if has < width else at):
        line = lines[after]
        has += mirror.count("\t", *line)
        words = mirror[slice(*line)]
        if has > width or ("\t" in words and (mirror[line[0] - 1] == "\t" or _NUMBER.fullmatch(words.split("\t")[0]))):
            return 0
        if has == width and "\t" in words:
            return after + 1
    return 0


def _with_empty_cells(mirror: str, line: Span) -> Span:
    """The line with the tabs before its first word: the cells there are empty, not absent."""
    start = line[0]
    while start > 0 and mirror[start - 1] == "\t":
        start -= 1
    return start, line[1]


def _cells(mirror: str, line: Span) -> Iterator[Span]:
    begin = line[0]
    while (tab := mirror.find("\t", begin, line[1])) >= 0:
        yield _unquoted(mirror, (begin, tab))
        begin = tab + 1
    yield _unquoted(mirror, (begin, line[1]))


def _unquoted(mirror: str, cell: Span) -> Span:
    start, end = cell
    is_quoted = end - start > 1 and mirror[start] == '"' == mirror[end - 1] and mirror.count('"', start, end) == 2
    return (start + 1, end - 1) if is_quoted else cell


def _stacked(mirror: str, lines: Sequence[Span], tabbed: Sequence[Table]) -> Iterator[Table]:
    """Tables whose cells were pasted one to a line: the names of the columns, then as many lines for each row."""
    taken = [table.span for table in tabbed]
    at = 0
    while at < len(lines):
        names = _names_at(mirror, lines, at)
        if not names or any(start < names[-1][1] and names[0][0] < end for start, end in taken):
            at += 1
            continue
        rows = list(_numbered_rows(mirror, lines, at + len(names), names))
        rows = rows or list(_stacked_rows(mirror, lines, at + len(names), names))
        if rows:
            yield Table((names[0][0], rows[-1][-1][1]), (tuple(names), *rows))
            at = next((index for index in range(at, len(lines)) if lines[index][0] >= rows[-1][-1][1]), len(lines))
        at += len(names) if not rows else 0


def _names_at(mirror: str, lines: Sequence[Span], at: int) -> list[Span]:
    names: list[Span] = []
    roles: list[str] = []
    for line in lines[at : at + 12]:
        role = headers.role_named(mirror, line) if line[1] - line[0] <= _LONGEST_NAME else None
        words = mirror[slice(*line)]
        if role is None or "\t" in words or ":" in words or _STOP.search(words) or _TITLE.search(words):
            break
        names.append(line)
        roles.append(role)
    known = set(roles) & {"measures", "progress", "results", "state", "deadline", "responsible", "number"}
    is_header = len(names) >= _FEWEST_NAMES and "finding" in roles and len(known) >= _FEWEST_KNOWN
    return names if is_header else []


def _numbered_rows(mirror: str, lines: Sequence[Span], at: int, names: Sequence[Span]) -> Iterator[Row]:
    """Rows that begin with 1, 2, 3 in lines of their own; cells of several lines are put together."""
    if headers.role_named(mirror, names[0]) != "number" or at >= len(lines):
        return
    begins = [at]
    for index in range(at, len(lines)):
        if mirror[slice(*lines[index])].rstrip(".、") == str(len(begins) + 1):
            begins.append(index)
    if len(begins) < _SMALLEST or mirror[slice(*lines[at])].rstrip(".、") != "1":
        return
    for begin, end in itertools.zip_longest(begins, begins[1:]):
        row = _cells_of(mirror, lines[begin : end or begin + _LONGEST_ROW], len(names), is_last=end is None)
        if row is None:
            return
        yield row


def _cells_of(mirror: str, lines: Sequence[Span], width: int, *, is_last: bool) -> Row | None:
    """The lines of a row as its cells: those that go on with a list, or begin no cell, belong to the one before."""
    cells: list[Span] = []
    for line in lines:
        marker = marker_at(mirror, *line)
        if marker and marker.number > 1 and len(cells) > 1:
            cells[-1] = (cells[-1][0], line[1])
        elif is_last and (len(cells) >= width or _NOTE.match(mirror, line[0])):
            break
        else:
            cells.append(line)
    if len(cells) > width:  # the last one tells the most: 已完成整改。 and what came of it below
        cells[width - 1 :] = [(cells[width - 1][0], cells[-1][1])]
    return tuple(cells) if len(cells) == width else None


def _stacked_rows(mirror: str, lines: Sequence[Span], at: int, names: Sequence[Span]) -> Iterator[Row]:
    """Rows of as many lines as there are names; between rows parted by blank lines a blank one is an empty cell."""
    width = len(names)
    is_loose = all(_is_parted(mirror, one, two) for one, two in itertools.pairwise(names))
    row: list[Span] = []
    for index in range(at, len(lines)):
        line = lines[index]
        before = lines[index - 1]
        if row and not is_loose and _is_parted(mirror, before, line):
            row.append((before[1], before[1]))
        if (not row and _NOTE.match(mirror, line[0])) or "\t" in mirror[slice(*line)] or len(row) >= width:
            return
        row.append(trimmed(mirror, line))
        if len(row) == width:
            yield tuple(row)
            row = []


def _is_parted(mirror: str, before: Span, line: Span) -> bool:
    return mirror.count("\n", before[1], line[0]) > 1
