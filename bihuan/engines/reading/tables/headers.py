"""Finds the header of a table: the row or the two rows that name its columns; a table may have none.

What the columns hold is decided by their names and their cells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.tables.columns import Header, header_by, role_of, says_wrong, state_named
from bihuan.engines.reading.tables.looks import Look, look_of

_ROWS = 6
_LONGEST = 16
_BRACKETED = re.compile(r"\([^()]*\)")
_TOLD = re.compile(r"[,。;:]|^\d+$|\d[^\d]*\d|\d[公万元%]")  # what a cell says, not what it is called
_SPACES = re.compile(r"\s")
_UNIT = re.compile(r"[(/](?:单位:)?(?P<unit>[千万亿]?元|[个户人件项条次亩起处笔宗套辆份]|人次|平方米|公里|吨|%)\)?$")
_FEWEST_NAMES = 3
_FEWEST_KNOWN = 2
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 4
_SAMPLE = 40


@lru_cache(maxsize=8)
def header_of(mirror: str, table: Table) -> Header | None:
    """The header, if there is a column of findings."""
    best: Header | None = None
    for first_row, names in _candidates(mirror, table):
        found = header_by(first_row, names, _looks(mirror, table, first_row, len(names)))
        if found and (best is None or found.width > best.width):
            best = found
    best = best or _guessed(mirror, table)
    return best and replace(best, amounts=_amounts(mirror, table, best.first_row))


def _amounts(mirror: str, table: Table, first_row: int) -> dict[int, tuple[str, str]]:
    """The columns whose name tells what their numbers count, 涉及金额（万元）, with that unit and the name."""
    found = {}
    for row in table.rows[:first_row]:
        for column, cell in enumerate(row):
            words = _SPACES.sub("", mirror[slice(*cell)]) if cell[1] - cell[0] <= _LONGEST * 3 else ""
            unit = _UNIT.search(words)
            if unit:
                found[column] = (unit["unit"], words[: unit.start()])
    return found


def role_named(mirror: str, cell: Span) -> str | None:
    """What a column of this header cell holds."""
    return role_of(name_of(mirror, cell))


def names_columns(mirror: str, row: Sequence[Span]) -> bool:
    """The row is a header with a column of findings."""
    roles = [role_of(name) for name in names_of(mirror, row)]
    return "finding" in roles and sum(1 for role in roles if role) >= _FEWEST_NAMES


def names_a_list(mirror: str, row: Sequence[Span]) -> bool:
    """The row is the header of a list of its own, which need not tell findings: 对应问题, 责任领导, 时限."""
    names = names_of(mirror, row)
    return _known(names) >= _FEWEST_KNOWN and all(name and not _TOLD.search(name) for name in names)


def names_of(mirror: str, row: Sequence[Span]) -> list[str]:
    """The words of header cells; empty where they are too long to be names."""
    return [name_of(mirror, cell) for cell in row]


def name_of(mirror: str, cell: Span) -> str:
    """The words of a header cell without what stands in brackets; empty when it is too long to be one."""
    if cell[1] - cell[0] > _LONGEST * 3:
        return ""
    words = re.sub(r"\s", "", mirror[slice(*cell)])
    words = _BRACKETED.sub("", words) or words
    return words if len(words) <= _LONGEST else ""


def _candidates(mirror: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """The first rows of cells, with the names that each, or each with the next one, would give the columns."""
    for index, row in enumerate(table.rows[:_ROWS]):
        if len(set(row)) < 2:
            continue
        names = names_of(mirror, row)
        below = table.rows[index + 1] if index + 1 < len(table.rows) else ()
        joined = _joined(mirror, row, below) if _continues(mirror, row, below) else []
        if _known(joined) >= max(_known(names), _FEWEST_KNOWN):
            yield index + 2, _wide(joined, table)
        elif _known(names) >= _FEWEST_KNOWN:
            yield index + 1, _wide(names, table)


def _wide(names: list[str], table: Table) -> list[str]:
    width = max(len(row) for row in table.rows)
    return names + [""] * (width - len(names))


def _known(names: Sequence[str]) -> int:
    return sum(1 for name in names if role_of(name) or state_named(name))


def _looks(mirror: str, table: Table, first_row: int, width: int) -> list[Look]:
    rows = table.rows[first_row:][:_SAMPLE]
    cells = [[(row[at], mirror[slice(*row[at])]) for row in rows if at < len(row)] for at in range(width)]
    return [look_of(list(dict(column).values())) for column in cells]


def _joined(mirror: str, row: Sequence[Span], below: Sequence[Span]) -> list[str]:
    """The names of two header rows as one: the lower where there is one, behind the wider where it says little."""
    above, lower = names_of(mirror, row), names_of(mirror, below)
    width = max(len(above), len(lower))
    above += [""] * (width - len(above))
    lower += [""] * (width - len(lower))
    joined, wider = [], ""
    for column, (one, two) in enumerate(zip(above, lower, strict=True)):
        is_merged = column < len(row) and column < len(below) and row[column] == below[column]
        wider = one or (wider if two else "")
        joined.append(one if is_merged or not two else _whole(wider, two))
    return joined


def _whole(wider: str, name: str) -> str:
    if role_of(name) not in {None, "detail", "notes"} or state_named(name) or wider == name:
        return name
    return wider + name if len(wider + name) <= _LONGEST else name


def _continues(mirror: str, row: Sequence[Span], below: Sequence[Span]) -> bool:
    """The next row goes on with the header: short names under wider ones, no row of its own."""
    own = [cell for cell in below if cell not in row and mirror[slice(*cell)].strip()]
    names = [name_of(mirror, cell) for cell in own]
    known = sum(1 for name in names if role_of(name) or state_named(name))
    return len(set(names)) > 1 and all(name and not _TOLD.search(name) for name in names) and known * 2 >= len(names)


def _guessed(mirror: str, table: Table) -> Header | None:
    """The columns of a table without a header, or with one of strange names: two of them must show what they hold."""
    rows = table.rows[:_SAMPLE]
    width = max(len(row) for row in rows)
    if len(rows) < _FEWEST_ROWS or width < _FEWEST_COLUMNS or _known(names_of(mirror, rows[0])) >= _FEWEST_NAMES:
        return None
    for first_row in (0, 1):
        looks = _looks(mirror, table, first_row, width)
        found = header_by(first_row, [""] * width, looks)
        shown = {"deadline", "responsible", "state", "measures"} & set(found.columns) if found else set()
        if found and len(shown) >= _FEWEST_KNOWN and says_wrong(looks[found.columns["finding"][0]]):
            return Header(_first_row(mirror, table), found.columns)
    return None


def _first_row(mirror: str, table: Table) -> int:
    """1 where the first row has nothing but short names in it, unlike those below."""
    first = table.rows[0]
    names = names_of(mirror, first)
    longest = max((len(mirror[slice(*cell)].strip()) for cell in table.rows[1]), default=0)
    is_header = all(name and not any(sign.isdigit() for sign in name) for name in names)
    return 1 if is_header and longest > 2 * max(map(len, names)) else 0
