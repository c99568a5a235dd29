"""Signing in and out, choosing a post, changing one's password; who may sign in at all is decided in people.py.

A failed sign-in is answered, not raised, because its event must stay.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.utils import timezone

from bihuan.actions._record import write_event
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import Account, Event
from bihuan.rules.access import Actor
from bihuan.rules.sign_in import FAILURES, locked_until, objection_to_password, plain_name
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

NOBODY = "—"
OPENS_AGAIN = ("sign_in", "reset_password")
WRONG = Objection("wrong_account_or_password", N_("账号或密码不对，请重新输入。"))


@dataclass(frozen=True)
class SignInAnswer:
    """Who signed in, and when the password was set (a session ends with it); or the objection."""

    account: UUID | None = None
    password_changed_at: datetime | None = None
    objection: Objection | None = None


def sign_in(*, name: str, password: str, at: datetime, via: str) -> SignInAnswer:
    """Compare name and password; every attempt is an event. An unknown name costs the same and is told the same.

    Wants queries.people.AT_THE_DOOR as scope: failures are counted from the record's headers.
    """
    plain = plain_name(name)
    row = Account.objects.filter(name=plain, is_open=True).first()
    thing = row.id if row else _nobody(plain)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(thing)])
    until = locked_until(_failures(thing), at=at)
    is_right = check_password(password, row.password if row else _nothing())
    who = row.person if row else NOBODY
    if until:
        write_event(thing="account", thing_id=thing, step="sign_in_locked", by=None, at=at, actor=who, via=via)
        return SignInAnswer(objection=_locked(until))
    if row is None or not is_right:
        write_event(thing="account", thing_id=thing, step="sign_in_failed", by=None, at=at, actor=who, via=via)
        return SignInAnswer(objection=WRONG)
    write_event(thing="account", thing_id=thing, step="sign_in", by=None, at=at, actor=who, via=via)
    return SignInAnswer(row.id, row.password_changed_at)


def sign_out(*, account: UUID, person: str, at: datetime, via: str) -> None:
    """Record that a person left; the session is the door's."""
    write_event(thing="account", thing_id=account, step="sign_out", by=None, at=at, actor=person, via=via)


def act_as(*, by: Actor, at: datetime) -> None:
    """Record that a person goes on in another post; `by` is already that post."""
    write_event(thing="account", thing_id=by.account, step="act_as", by=by, at=at)


def change_password(*, account: UUID, old: str, new: str, at: datetime, via: str) -> datetime:
    """Set a new password and return its instant. Refuses a wrong old one, the same again, and what the rules refuse."""
    row = Account.objects.select_for_update().filter(pk=account, is_open=True).first()
    if row is None:
        raise Unknown("account", account)
    if not check_password(old, row.password):
        raise Refused(Objection("wrong_password", N_("原来的密码不对，请重新输入。"), "old"))
    if old == new:
        raise Refused(Objection("same_password", N_("新密码和原来的一样，请换一个。"), "new"))
    objection = objection_to_password(new, name=row.name)
    if objection:
        raise Refused(Objection(objection.code, objection.message, "new", values=objection.values))
    row.password, row.password_changed_at, row.must_change_password = make_password(new), at, False
    row.save(update_fields=["password", "password_changed_at", "must_change_password"])
    write_event(thing="account", thing_id=account, step="change_password", by=None, at=at, actor=row.person, via=via)
    return at


def _failures(thing: UUID) -> list[datetime]:
    """Instants of the latest failures since the account was last opened, newest first."""
    acts = Event.objects.filter(thing="account", thing_id=thing).order_by("-at", "-id")
    last = acts.filter(step__in=OPENS_AGAIN).values_list("at", flat=True).first()
    failures = acts.filter(step="sign_in_failed")
    if last:
        failures = failures.filter(at__gt=last)
    return list(failures.values_list("at", flat=True)[:FAILURES])


def _locked(until: datetime) -> Objection:
    clock = timezone.localtime(until).strftime("%H:%M")
    return Objection(
        "locked",
        N_("连续输错的次数太多，账号已锁定到 %(until)s。请到时再试，或请系统管理员重置密码。"),
        "password",
        values={"until": clock},
    )


def _nobody(name: str) -> UUID:
    """An unknown name as the record keeps it: countable, and not readable."""
    return UUID(bytes=hmac.digest(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256)[:16])


@lru_cache(maxsize=1)
def _nothing() -> str:
    """A hash that nothing matches, so that an unknown name takes as long as a wrong password."""
    return make_password(secrets.token_hex(16))
