"""The record: whole, readable by whom it should be, and append-only for every role in use, found out by trying."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.actions import organizations
from bihuan.actions._record import digest
from bihuan.models import Event, EventBody, EventPlace, Finding, StateChange
from bihuan.queries.acting import acting
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import UNIT_ROLES, VIAS
from tests.builders import build_county
from tests.paths import Path, a_finding

pytestmark = pytest.mark.django_db

REFUSED = "42501"
RECORD = ("event", "event_body", "event_place", "state_change")
CHANGES = {
    "event": "update event set actor = 'nobody'",
    "event_body": "update event_body set reason = ''",
    "event_place": "update event_place set side = 'office'",
}
AS_APP = [
    *CHANGES.values(),
    *(f"delete from {name}" for name in RECORD),
    *(f"truncate {name} cascade" for name in RECORD),
]
# The place follows the tree, by a cascade that runs as the owner: the owner alone may update it.
AS_OWNER = [statement for statement in AS_APP if not statement.startswith("update event_place")]


@pytest.fixture(scope="module")
def reopened(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A finding with a long story, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_finding(build_county(), "reopened")
        transaction.set_rollback(True)


@contextmanager
def as_role(role: str, actor: Actor) -> Iterator[Any]:
    """A cursor that acts as that role, in sight of the rows."""
    if role == "bihuan_owner":
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
    else:
        with acting(actor), connection.cursor() as cursor:
            yield cursor


@pytest.mark.parametrize(
    ("role", "statement"),
    [*(("bihuan_app", one) for one in AS_APP), *(("bihuan_owner", one) for one in AS_OWNER)],
)
def test_the_record_is_append_only(role: str, statement: str, reopened: Path) -> None:
    before = everything()
    assert all(before.values()), "rows are there that could be changed"
    with pytest.raises(DatabaseError) as refusal, as_role(role, reopened.county.actor("secretary")) as cursor:
        cursor.execute(statement)
    assert refusal.value.__cause__.sqlstate == REFUSED  # type: ignore[union-attr]
    assert everything() == before


def everything() -> dict[str, int]:
    return {model._meta.db_table: model.objects.count() for model in (Event, EventBody, EventPlace, StateChange)}


def test_nobody_switches_the_guard_off(reopened: Path) -> None:
    for statement in ("alter table event disable trigger all", "drop trigger event_append_only on event"):
        with (
            pytest.raises(DatabaseError) as refusal,
            as_role("bihuan_app", reopened.county.actor("secretary")) as cursor,
        ):
            cursor.execute(statement)
        assert refusal.value.__cause__.sqlstate == REFUSED  # type: ignore[union-attr]


def test_each_event_says_who_as_what_via_what_which_step_when_and_why(reopened: Path) -> None:
    events = list(Event.objects.filter(thing="finding", thing_id=reopened.finding).order_by("at"))
    assert len(events) > 10
    for event in events:
        assert event.via in VIAS
        assert event.account_id
        assert event.post.account_id == event.account_id
        assert event.account.person in event.actor
        assert event.step
        assert event.at < reopened.county.at + timedelta(minutes=reopened.minutes, seconds=1)
    assert [event.at for event in events] == sorted(event.at for event in events)
    asked = next(event for event in events if event.step == "request_reopening")
    assert asked.body.reason == "群众来信反映仍在收费"
    assert "reason" not in {field.name for field in Event._meta.fields}, "the header says nothing of the content"


def test_the_door_is_on_the_record(reopened: Path) -> None:
    clerk = reopened.county.actor("office_director", via="cli")
    village = reopened.county.organizations["west_2"]
    with acting(clerk):
        organizations.rename_organization(village, name="新梨园村", by=clerk, at=reopened.at(), reason="更名")
    assert Event.objects.get(step="rename").via == "cli"


def test_what_is_signed_is_on_the_record(reopened: Path) -> None:
    signed = Event.objects.filter(step__in=("sign", "agree_closing", "agree_plan", "close"))
    assert signed.count() >= 8
    assert all(len(event.content_hash) == 64 for event in signed)
    closing = Event.objects.filter(step__in=("agree_closing", "close", "request_closing"), thing="finding")
    assert len({event.content_hash for event in closing}) == 1


def test_a_consequence_names_its_cause(reopened: Path) -> None:
    given = Event.objects.get(thing="finding", thing_id=reopened.finding, step="give")
    assert Event.objects.get(pk=given.because_of).step == "sign"
    reopening = Event.objects.get(thing="finding", thing_id=reopened.finding, step="reopen")
    assert Event.objects.get(pk=reopening.because_of).step == "approve_reopening"
    assert reopening.account_id == Event.objects.get(pk=reopening.because_of).account_id


def test_every_body_matches_its_digest_and_a_changed_one_does_not(reopened: Path) -> None:
    bodies = list(EventBody.objects.select_related("event"))
    assert len(bodies) == Event.objects.count()
    for body in bodies:
        said = {"reason": body.reason, "before": body.before, "after": body.after}
        assert digest(said, salt=body.salt) == body.event.body_digest, body.event.step
        assert digest({**said, "reason": body.reason + "。"}, salt=body.salt) != body.event.body_digest
        assert digest(said, salt=body.salt[:-1] + "x") != body.event.body_digest
    assert len({body.salt for body in bodies}) == len(bodies)


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    body = {"reason": "补正", "after": {"b": 1, "a": [2]}}
    assert digest(body, salt="x") == digest(
        json.loads(json.dumps({"after": {"a": [2], "b": 1}, "reason": "补正"})), salt="x"
    )
    assert len(digest(body, salt="x")) == 64


def rows_seen_by(actor: Actor, *models: Any) -> list[int]:
    with acting(actor):
        return [model.objects.count() for model in models]


def test_the_audit_officer_reads_every_header_and_no_content(reopened: Path) -> None:
    auditor = reopened.county.actor("audit_officer")
    assert rows_seen_by(auditor, Event, EventBody, EventPlace, Finding, StateChange) == [
        Event.objects.count(),
        0,
        0,
        0,
        0,
    ]


@pytest.mark.parametrize("role", ["system_officer", "security_officer"])
def test_the_other_officers_read_nothing_of_it(role: str, reopened: Path) -> None:
    assert rows_seen_by(reopened.county.actor(role), Event, EventBody, Finding) == [0, 0, 0]


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_a_unit_sees_no_event_earlier_than_give(role: str, reopened: Path) -> None:
    given = Event.objects.get(thing="finding", thing_id=reopened.finding, step="give")
    with acting(reopened.county.actor(role)):
        seen = list(Event.objects.filter(thing="finding").order_by("at", "id"))
        changes = list(StateChange.objects.filter(finding_id=reopened.finding).order_by("at"))
    assert given in seen
    assert all(event.at >= given.at for event in seen)
    assert changes[0].state_to == "awaiting_plan"


def test_the_unit_does_not_see_who_asked_to_reopen(reopened: Path) -> None:
    with acting(reopened.county.actor("unit_head")):
        steps = set(Event.objects.filter(thing_id=reopened.finding).values_list("step", flat=True))
    assert "reopen" in steps
    assert not {"request_reopening", "approve_reopening"} & steps


def test_a_move_of_the_tree_carries_the_record_with_it(reopened: Path) -> None:
    county, path = reopened.county, reopened
    mover, clerk = county.actor("office_director"), county.actor("unit_clerk")
    before = rows_seen_by(clerk, Event, EventBody, StateChange)
    lo = county.place("education").lo
    with acting(mover):
        organizations.move_organization(
            county.organizations["education"], parent=county.organizations["west"], by=mover, at=path.at(), reason="试"
        )
    moved = county.place("education")
    assert moved.lo != lo
    places = EventPlace.objects.filter(thing_id=path.finding)
    assert {place.unit_lo for place in places} == {moved.lo}
    assert rows_seen_by(county.actor("unit_clerk"), Event, EventBody, StateChange) == before
    with acting(county.actor("unit_head", organization="west")):
        assert Event.objects.filter(thing_id=path.finding).exists(), "whoever is above it now reads it"
