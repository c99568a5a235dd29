"""One event for every act, in the act's own transaction (decision 0006). Nothing else writes the record."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bihuan.actions.refusals import Refused
from bihuan.models import Event, EventBody, EventPlace
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id, new_salt
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


def write_event(
    *, thing: str, thing_id: UUID, step: str, by: Actor | None, at: datetime, place: Mapping[str, Any] | None = None,
    actor: str = "", via: str = "", state_from: str = "", state_to: str = "", reason: str = "",
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, because_of: UUID | None = None,
    content_hash: str = "", belongs_to: UUID | None = None,
) -> UUID:  # fmt: skip
    """Insert header, body and, for business things, place; return the event's id.

    `place` is models.placed_like(row); None for things without a place (accounts, the tree): then only the auditor
    reads the header. `by` None: nobody was signed in (set-up, a failed sign-in); then `actor` and `via` say who.
    Refuses when the clock stands before the thing's last event.
    """
    _refuse_a_clock_that_went_back(thing_id, at if place is not None else at + WAITED)
    event_id, salt = new_id(at), new_salt()
    body = {"reason": reason, "before": dict(before or {}), "after": dict(after or {})}
    Event.objects.create(
        id=event_id,
        at=at,
        via=by.via if by else via,
        account_id=by.account if by else None,
        post_id=by.post if by else None,
        actor=f"{by.person}（{by.label}）" if by else actor,
        thing=thing,
        thing_id=thing_id,
        step=step,
        state_from=state_from,
        state_to=state_to,
        because_of=because_of,
        content_hash=content_hash,
        body_digest=digest(body, salt=salt),
    )
    EventBody.objects.create(event_id=event_id, salt=salt, **body)
    if place is not None:
        EventPlace.objects.create(event_id=event_id, thing_id=belongs_to or thing_id, **place)
    return event_id


def digest(body: Mapping[str, Any], *, salt: str = "") -> str:
    """SHA-256 in hex over the salt and the body as canonical JSON (sorted keys, no spaces, UTF-8)."""
    return hashlib.sha256((salt + canonical(body)).encode()).hexdigest()


# Canonical JSON: sorted keys, no spaces. Made once, many rows are hashed.
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


# The instant is read at the door, before a lock is got or where there is none: two may come in the other order.
WAITED = timedelta(minutes=1)
NEXT = timedelta(microseconds=1)


def instant_after_the_last(thing_id: UUID, at: datetime) -> datetime:
    """`at`, or right after the thing's last event, where somebody who came later to the door was faster at the lock."""
    last = Event.objects.filter(thing_id=thing_id, at__gte=at).order_by("-at").values_list("at", flat=True).first()
    return last + NEXT if last is not None and last - at <= WAITED else at


def _refuse_a_clock_that_went_back(thing_id: UUID, at: datetime) -> None:
    if Event.objects.filter(thing_id=thing_id, at__gt=at).exists():
        raise Refused(
            Objection("clock_went_back", N_("系统时间早于这件事上一次办理的时间，请系统管理员校准时钟后再办。"))
        )
