"""The scope of one post on the database connection, for one transaction: web, API, CLI, jobs and tests (decision 0004).

Inside, the connection is bihuan_app and every policy compares with the actor's scope; outside it reaches nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from bihuan.rules.access import Actor, Scope

_SETTINGS = ("app.post", "app.lo", "app.hi", "app.stage", "app.side", "app.reads_record")
_SET = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in ("role", *_SETTINGS))
_NOW = "select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in ("role", *_SETTINGS))
_NOTHING = ["none", "", "", "", "", "", ""]


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Run a block as `actor`: one transaction, committed at the end, rolled back when the block raises.

    To give up the work without an exception (a 5xx answer), call give_up() inside.
    """
    with reaching(actor.scope):
        yield actor


@contextmanager
def reaching(scope: Scope) -> Iterator[None]:
    """The same for a bare scope; acting() is what doors use."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SET, _values(scope))
        yield
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_SET, _NOTHING)


@contextmanager
def looking_further(scope: Scope) -> Iterator[None]:
    """Within one deed, read as another scope does; the actor's own is back afterwards (decision 0004).

    For facts that decide who is let in, where who gives the post may not see them. Nothing read here goes to the actor.
    """
    with transaction.atomic():  # a savepoint: where the block raises, its end puts the scope back
        with connection.cursor() as cursor:
            cursor.execute(_NOW)
            before = cursor.fetchone()
            cursor.execute(_SET, _values(scope))
        yield
        with connection.cursor() as cursor:
            cursor.execute(_SET, before)


def give_up() -> None:
    """Roll the present transaction back at its end: the answer is a failure, so nothing half done may stay."""
    transaction.set_rollback(True)


def _values(scope: Scope) -> list[str]:
    reads = "on" if scope.reads_record else ""
    return ["bihuan_app", str(scope.post), str(scope.lo), str(scope.hi), str(scope.stage), scope.side, reads]
