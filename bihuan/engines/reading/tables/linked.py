"""Joins lists that tell of the same findings under the same numbers: findings in one, tasks and persons in others.

Lists that repeat the finding itself are joined elsewhere, by its words.
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.markers import marker_at
from bihuan.engines.reading.tables.columns import role_of
from bihuan.engines.reading.tables.headers import header_of, names_of

_ROWS = 3
_OF_MEASURES = re.compile("(措施|任务|子项)(序号|编号|号)$")
_SHARED = 0.6
_BETWEEN = 120  # characters between two lists of one table in parts: a heading, a remark
_TELLING = frozenset({"measures", "task", "deadline", "responsible", "state", "progress", "results", "both"})
_SEVERAL = re.compile("[、,，;/和]")  # one row for two findings
_WITHIN = re.compile(r"[-.—–][\d一二三四五六七八九十]{1,3}$")


def linked(mirror: str, tables: Sequence[Table]) -> list[Table]:
    """The tables, a list of findings made wider by what later lists without findings tell under its numbers."""
    made: list[Table] = []
    base: int | None = None
    for table in tables:
        if header_of(mirror, table):
            base = len(made)
        elif base is not None and (wider := _wider(mirror, made[base], table)):
            made[base] = wider
            if len(mirror[wider.span[1] : table.span[0]].strip()) <= _BETWEEN and base == len(made) - 1:
                made[base] = Table((wider.span[0], table.span[1]), wider.rows)
                continue
        made.append(table)
    return made


def _wider(mirror: str, base: Table, other: Table) -> Table | None:
    header = header_of(mirror, base)
    found = numbered(mirror, other)
    if header is None or found is None:
        return None
    first, number, columns = found
    own = header.columns.get("number", header.columns["finding"])[0]
    numbers = [_number(mirror, row, own) for row in base.rows[header.first_row :]]
    told: dict[str, list[Sequence[Span]]] = {}
    for row in other.rows[first:]:
        name = _words(mirror, row, number)
        for one in [name] if name in numbers else numbers_of(mirror, row, number) or list(told)[-1:] or [""]:
            told.setdefault(one if one in numbers else _WITHIN.sub("", one), []).append(row)
    if sum(1 for name in told if name in numbers) < _SHARED * len(told):
        return None
    head = tuple(other.rows[first - 1][at] for at in columns)
    return Table(base.span, tuple(_rows(mirror, base, header.first_row, own, told, head, columns)))


def _rows(
    mirror: str, base: Table, first: int, own: int, told: dict[str, list[Sequence[Span]]], head: tuple[Span, ...],
    columns: Sequence[int],
) -> Iterator[tuple[Span, ...]]:  # fmt: skip
    width = max(len(row) for row in base.rows)
    empty = (base.span[1], base.span[1])
    for index, row in enumerate(base.rows):
        whole = (*row, *[empty] * (width - len(row)))
        if index < first:
            yield (*whole, *(head if index == first - 1 else [empty] * len(columns)))
            continue
        others = told.get(_number(mirror, row, own), [])
        for other in others or [()]:
            yield (*whole, *(other[at] if at < len(other) else empty for at in columns))


def numbered(mirror: str, table: Table) -> tuple[int, int, list[int]] | None:
    """Where the rows of a list begin, its column of numbers, and those that tell something."""
    for index, row in enumerate(table.rows[:_ROWS]):
        roles = [role_of(name) for name in names_of(mirror, row)]
        columns = [at for at, role in enumerate(roles) if role in _TELLING]
        numbers = [at for at, role in enumerate(roles) if role == "number"]
        numbers += [at for at, name in enumerate(names_of(mirror, row)) if _OF_MEASURES.search(name)]
        if columns and not numbers and roles[0] == "finding":
            # 对应问题 with nothing but numbers in it; whether they are those of the other list is seen there.
            numbers = [0]
        if numbers and columns:
            return index + 1, numbers[0], columns
    return None


def numbers_of(mirror: str, row: Sequence[Span], column: int) -> list[str]:
    """The numbers that a row answers to: one, or several (3、4)."""
    return [one for one in _SEVERAL.split(_words(mirror, row, column)) if one]


def _number(mirror: str, row: Sequence[Span], column: int) -> str:
    """The number of a row: its cell, or what its finding begins with: 1.责任不实."""
    words = _words(mirror, row, column)
    marker = marker_at(mirror, *row[column]) if column < len(row) else None
    return str(marker.number) if marker and marker.end < row[column][1] else words


def _words(mirror: str, row: Sequence[Span], column: int) -> str:
    return re.sub(r"\s", "", mirror[slice(*row[column])]).rstrip("、.)") if column < len(row) else ""
