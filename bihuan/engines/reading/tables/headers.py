"""Finds the header of a table and what its columns hold; a table without one is known by what its cells look like.

A header may run over two rows; a role may have several columns (责任领导, 责任单位).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.words import table_words

_ROWS = 6
_LONGEST = 16
_BRACKETED = re.compile(r"\([^()]*\)")
_HAN = re.compile("[㐀-鿿]")
_SHORTEST_FINDING = 4
_FEWEST_NAMES = 3
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 5
_WORDY = 8
_RUNNING = re.compile(r"[(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[①-⑳])[).、]?")
_SAMPLE = 60
_RECTIFYING = ("both", "measures", "results", "state", "progress", "deadline")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the rows begin, and the columns of every role in their order."""

    first_row: int
    columns: Mapping[str, tuple[int, ...]]

    @property
    def tells_rectification(self) -> bool:
        """There are columns on what was or will be done."""
        return any(role in self.columns for role in _RECTIFYING)


def header_of(mirror: str, table: Table) -> Header | None:
    """The header, if there is a column of findings."""
    best: Header | None = None
    for index, row in enumerate(table.rows[:_ROWS]):
        if len(set(row)) < 2:
            continue
        below = table.rows[index + 1] if index + 1 < len(table.rows) else ()
        single = Header(index + 1, _columns(_names(mirror, row)))
        joined = Header(index + 2, _columns(_joined(mirror, row, below))) if _continues(mirror, row, below) else None
        for found in (single, joined):
            if found and "finding" in found.columns and (best is None or _width(found) > _width(best)):
                best = found
    if best is None:
        return _guessed(mirror, table)
    return best if _tells_findings(mirror, table, best) else None


def role_named(mirror: str, cell: Span) -> str | None:
    """What a column of this header cell holds."""
    return role_of(_name(mirror, cell))


def names_columns(mirror: str, row: Sequence[Span]) -> bool:
    """The row is a header with a column of findings."""
    roles = [role_of(name) for name in _names(mirror, row)]
    return "finding" in roles and sum(1 for role in roles if role) >= _FEWEST_NAMES


def _width(header: Header) -> int:
    return sum(len(columns) for columns in header.columns.values())


def _names(mirror: str, row: Sequence[Span]) -> list[str]:
    return [_name(mirror, cell) for cell in row]


def _name(mirror: str, cell: Span) -> str:
    """The words of a header cell; empty when it is too long to be one."""
    if cell[1] - cell[0] > _LONGEST * 3:
        return ""
    words = _BRACKETED.sub("", re.sub(r"\s", "", mirror[slice(*cell)])) or re.sub(r"\s", "", mirror[slice(*cell)])
    return words if len(words) <= _LONGEST else ""


@lru_cache(maxsize=4_096)
def role_of(name: str) -> str | None:
    """What a column of this name holds."""
    return next((role for role, words in table_words.columns() if words.search(name)), None) if name else None


def _columns(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    columns: dict[str, tuple[int, ...]] = {}
    for column, name in enumerate(names):
        role = role_of(name)
        if role:
            columns[role] = (*columns.get(role, ()), column)
    if "finding" not in columns and "detail" in columns:
        columns["finding"] = columns.pop("detail")
    tasks = columns.pop("task", None)
    if tasks and "measures" not in columns:
        columns["measures"] = tasks
    for role in ("finding", "number", "common", "unit"):
        if role in columns:
            columns[role] = columns[role][-1:] if role == "finding" else columns[role][:1]
    return columns


def _joined(mirror: str, row: Sequence[Span], below: Sequence[Span]) -> list[str]:
    """The names of two header rows as one: the lower name where there is one."""
    above, lower = _names(mirror, row), _names(mirror, below)
    width = max(len(above), len(lower))
    above += [""] * (width - len(above))
    lower += [""] * (width - len(lower))
    return [
        two if two and not (column < len(row) and column < len(below) and row[column] == below[column]) else one
        for column, (one, two) in enumerate(zip(above, lower, strict=True))
    ]


def _continues(mirror: str, row: Sequence[Span], below: Sequence[Span]) -> bool:
    """The next row goes on with the header: short names under wider ones, no row of its own."""
    own = [cell for cell in below if cell not in row and mirror[slice(*cell)].strip()]
    names = [_name(mirror, cell) for cell in own]
    known = sum(1 for name in names if role_of(name))
    return bool(names) and all(name and not name.isdecimal() for name in names) and known * 2 >= len(names)


def _tells_findings(mirror: str, table: Table, header: Header) -> bool:
    """The column of findings has sentences in it, not counts."""
    column = header.columns["finding"][0]
    cells = [row[column] for row in table.rows[header.first_row :][:_SAMPLE] if column < len(row)]
    filled = [words for cell in cells if (words := mirror[slice(*cell)].strip())]
    told = sum(1 for words in filled if len(_HAN.findall(words)) >= _SHORTEST_FINDING)
    return not filled or told * 2 >= len(filled) or not any(re.match(r"\d", words) for words in filled)


def _guessed(mirror: str, table: Table) -> Header | None:
    """The columns of a table without a header: numbers first, then findings; dates, persons, states tell the rest."""
    rows = table.rows[:_SAMPLE]
    width = max(len(row) for row in rows)
    if len(rows) < _FEWEST_ROWS or width < _FEWEST_COLUMNS or _names_any(mirror, rows[0]):
        return None
    columns = [[mirror[slice(*row[at])].strip() for row in rows if at < len(row)] for at in range(width)]
    if not all(_RUNNING.fullmatch(words) for words in columns[0]):
        return None
    roles: dict[str, tuple[int, ...]] = {"number": (0,)}
    wordy = [at for at in range(1, width) if _length(columns[at]) >= _WORDY]
    for at in range(1, width):
        role = _looks_like(columns[at])
        if role and role not in roles and at not in wordy[:2]:
            roles[role] = (at,)
    if not wordy or not {"deadline", "responsible", "state"} <= roles.keys():
        return None
    roles["finding"] = (wordy[0],)
    measures = next((at for at in wordy[1:] if at < max(roles["deadline"])), wordy[0] + 1)
    if (measures,) not in roles.values():
        roles["measures"] = (measures,)
    return Header(0, roles)


def _names_any(mirror: str, row: Sequence[Span]) -> bool:
    return sum(1 for name in _names(mirror, row) if role_of(name)) >= _FEWEST_NAMES


def _length(cells: Sequence[str]) -> float:
    return sum(len(_HAN.findall(words)) for words in cells) / max(1, len(cells))


def _looks_like(cells: Sequence[str]) -> str | None:
    filled = [re.sub(r"\s", "", words) for words in cells if words]
    for role in ("deadline", "responsible"):
        if sum(1 for words in filled if table_words.words("guesses", role).match(words)) * 3 >= len(filled) * 2:
            return role
    told = [words for words in filled if any(told.search(words) for _, told, _, _ in table_words.states())]
    return "state" if filled and len(told) * 3 >= len(filled) * 2 else None
