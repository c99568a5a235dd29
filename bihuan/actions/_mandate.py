"""Deeds that belong to certain roles, and deeds that must not interleave; steps of a lifecycle ask _step.py."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from bihuan.actions.refusals import NotYours
from bihuan.queries.standing import standing_to
from bihuan.rules.access import Actor, stands_as
from bihuan.rules.objections import not_yours
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, ROLES


def only(roles: Iterable[str], *, by: Actor) -> None:
    """Raise NotYours, naming whose deed it is, unless the actor has one of these roles."""
    if by.role not in roles:
        names = "、".join(ROLES[role] for role in roles)
        raise NotYours(Objection("not_yours", N_("这件事由%(who)s办理。"), values={"who": names}))


def only_as(who: Iterable[str], *, row: Any, by: Actor) -> None:
    """Raise NotYours, naming whose deed it is, unless the actor stands to the placed row in one of these relations."""
    if not set(who) & stands_as(by, thing=standing_to(row, by=by)):
        raise NotYours(not_yours(who))


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds this name; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('bihuan'), hashtext(%s))", [name])
