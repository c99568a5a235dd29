"""Tables laid bare for a bulk load and put in order again: keys, indexes, triggers and forced row security.

All within the caller's transaction: should anything fail, nothing has happened. Checks of single rows stay in force.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql

_CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text from pg_constraint
where contype in ('p', 'u', 'f') and connamespace = 'public'::regnamespace
and (conrelid = any(%(tables)s::regclass[]) or confrelid = any(%(tables)s::regclass[]))
order by contype = 'f', conname
"""
_INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid = any(%(tables)s::regclass[])
and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
order by 1
"""
# For this transaction alone: sorting for indexes, joining for foreign keys.
_ROOM = (
    "set local maintenance_work_mem = '512MB'",
    "set local work_mem = '256MB'",
    "set local max_parallel_maintenance_workers = 2",
    "set local constraint_exclusion = off",
)


class _Constraint(NamedTuple):
    table: str
    name: str
    definition: str
    kind: str


@contextmanager
def opened(connection: "psycopg.Connection[Any]", tables: Sequence[str]) -> Iterator[None]:
    """Inside the block these tables have no triggers of ours, and their owner may COPY into them."""
    forced = _forced(connection, tables)
    _alter_each(connection, tables, "disable trigger user")
    _alter_each(connection, forced, "no force row level security")
    yield
    connection.execute("set constraints all immediate")
    _alter_each(connection, tables, "enable trigger user")
    _alter_each(connection, forced, "force row level security")


@contextmanager
def laid_bare(connection: "psycopg.Connection[Any]", tables: Sequence[str]) -> Iterator[None]:
    """Inside the block these tables have no keys and no indexes; afterwards both are built, and every row holds."""
    known = {"tables": list(tables)}
    run = connection.execute
    for statement in _ROOM:
        run(statement)
    constraints = [_Constraint(*row) for row in run(_CONSTRAINTS, known).fetchall()]
    indexes = run(_INDEXES, known).fetchall()
    for one in sorted(constraints, key=lambda one: one.kind != "f"):
        run(_alter(one, sql.SQL("drop constraint {}").format(sql.Identifier(one.name))))
    for name, _definition in indexes:
        run(sql.SQL("drop index {}").format(sql.SQL(name)))
    yield
    for _name, definition in indexes:
        run(sql.SQL(definition))
    for one in constraints:
        added = sql.SQL("add constraint {} {}").format(sql.Identifier(one.name), sql.SQL(one.definition))
        run(_alter(one, added))


def _alter_each(connection: "psycopg.Connection[Any]", tables: Sequence[str], change: LiteralString) -> None:
    for table in tables:
        connection.execute(sql.SQL("alter table {} " + change).format(sql.Identifier(table)))


def _alter(one: _Constraint, change: sql.Composable) -> sql.Composed:
    return sql.SQL("alter table {} {}").format(sql.SQL(one.table), change)


def _forced(connection: "psycopg.Connection[Any]", tables: Sequence[str]) -> list[str]:
    asked = "select relname from pg_class where relforcerowsecurity and oid = any(%s::regclass[]) order by 1"
    return [name for (name,) in connection.execute(asked, [list(tables)]).fetchall()]
