"""Turns tables that stand on their side, and forms of labels and values, so that every column has its name on top."""

import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.markers import marker_at
from bihuan.engines.reading.tables.columns import role_of
from bihuan.engines.reading.tables.headers import name_of
from bihuan.engines.reading.tables.looks import is_number

_FEWEST = 3
_WIDEST_FORM = 6
_LABELED_RECORD = frozenset({"finding", "detail", "task"})

Pair = tuple[str, Span, Span]  # the name of a label, where it stands, and its value


def upright(mirror: str, table: Table) -> Table:
    """The table as it would be with its names in the first row; itself when they are there."""
    if not _names_stand_first(mirror, table):
        return table
    width = max(len(row) for row in table.rows)
    pairs = list(_pairs(mirror, table)) if width <= _WIDEST_FORM else []
    if pairs and (width == 2 or _is_form(mirror, table)):
        return from_pairs([pairs], table.span)
    end = table.span[1]
    return Table(
        table.span,
        tuple(tuple(row[at] if at < len(row) else (end, end) for row in table.rows) for at in range(width)),
    )


def _names_stand_first(mirror: str, table: Table) -> bool:
    """The first cells of the rows are names of columns, one of findings among them, and no row has as many."""
    firsts = [role_of(name_of(mirror, row[0])) for row in table.rows if len(row) > 1]
    known = {role for role in firsts if role}
    if len(known) < _FEWEST or not known & _LABELED_RECORD or len(firsts) > 2 * len(list(filter(None, firsts))):
        return False
    across = max(len({role_of(name_of(mirror, cell)) for cell in row} - {None}) for row in table.rows[:2])
    return across < len(known) and not _is_numbered_below(mirror, table)


def _is_numbered_below(mirror: str, table: Table) -> bool:
    firsts = [row[0] for row in table.rows[1:]]
    if all(is_number(re.sub(r"\s", "", mirror[slice(*cell)])) for cell in firsts):
        return True
    return sum(marker_at(mirror, *cell) is not None for cell in firsts) * 2 > len(firsts)


def _is_form(mirror: str, table: Table) -> bool:
    """Some rows have a second label behind the value of the first."""
    return any(role_of(name_of(mirror, label)) for row in table.rows for label in _cells(row)[2::2])


def _cells(row: Sequence[Span]) -> list[Span]:
    """The cells of a row, a merged one once."""
    return list(dict.fromkeys(row))


def _pairs(mirror: str, table: Table) -> Iterator[Pair]:
    for row in table.rows:
        cells = _cells(row)
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            if name_of(mirror, label):
                yield name_of(mirror, label), label, value


def from_pairs(groups: Sequence[Sequence[Pair]], span: Span) -> Table:
    """Labels with their values as a table: a label that comes again begins the next row, and so does each group."""
    names: list[str] = []
    head: list[Span] = []
    rows: list[dict[str, Span]] = []
    for pairs in groups:
        rows.append({})
        for name, label, value in pairs:
            if name in rows[-1]:
                rows.append({})
            if name not in names:
                names.append(name)
                head.append(label)
            rows[-1][name] = value
    empty = (span[1], span[1])
    return Table(span, (tuple(head), *(tuple(row.get(name, empty) for name in names) for row in rows if row)))
