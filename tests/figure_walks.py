"""Findings walked at random through their states on past days, written as the one taker of steps writes them.

And the slow truth: what the figures must be, read from the rows one by one, without a flow.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bihuan.actions import rounds
from bihuan.models import DueChange, Event, Feedback, Finding, Inspection, StateChange
from bihuan.models._visibility import placed_like
from bihuan.rules.access import Scope
from bihuan.rules.identifiers import new_id
from bihuan.rules.lifecycle import FINDING, GIVEN, UNFINISHED
from bihuan.rules.metrics import CYCLES, cycle_of
from tests.builders import NOW, County

CATEGORIES = ("A302", "A101", "B103", "C", "V1101", "V2101", "")
# Left to chance alone, hardly a finding would ever be closed.
LIKELY = {"plan_submitted": 6, "in_progress": 6, "pending_review": 9, "closed": 9}
NEEDED = {"next_review_on": NOW.date(), "redo_by": NOW.date()}


@dataclass
class Walked:
    """A finding on its way, and the moment of its last change."""

    row: Finding
    at: datetime


def second_inspection(county: County, *, unit: str = "east_1") -> Inspection:
    """Another round, of villages, with one inspection in it."""
    office = county.actor("office_director")
    made = rounds.create_round(
        term=county.term, office_word="云溪", year=2026, number=4, kind="village", starts_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 20), by=office, at=NOW,
    )  # fmt: skip
    inspection = rounds.add_inspection(
        round_id=made, unit=county.organizations[unit], team=county.organizations["team_2"], by=office, at=NOW
    )
    return Inspection.objects.get(pk=inspection)


def given(inspection: Inspection, *, chance: random.Random, secrecy: int = 0) -> Walked:
    """A finding that was given some day of this year or the last."""
    at = NOW - timedelta(days=chance.randrange(40, 500), hours=chance.randrange(8))
    place = placed_like(inspection) | {"stage": 1, "secrecy": secrecy, "inspection_id": inspection.pk}
    feedback = Feedback.objects.create(
        id=new_id(at), audience="leadership", title="反馈", state="given", received_on=at.date(), **place
    )
    row = Finding(
        id=new_id(at), number=f"走{new_id(at).hex}", feedback=feedback, round_id=inspection.round_id, text="一件事。",
        typed_by_hand=True, state="drafted", changed_at=at, category=chance.choice(CATEGORIES), taxonomy_version="1",
        given_on=at.date(), due_on=at.date() + timedelta(days=chance.randrange(5, 200)), **place,
    )  # fmt: skip
    row.save(force_insert=True)
    walked = Walked(row, at)
    to(walked, "awaiting_plan", at)
    return walked


def to(walked: Walked, state: str, at: datetime) -> None:
    """A change of state, as take() writes it."""
    row = walked.row
    was, row.state, row.changed_at, walked.at = row.state, state, at, at
    for name, value in NEEDED.items():
        setattr(row, name, value)
    row.save()
    StateChange.objects.create(**change_of(row, was, at))


def change_of(row: Finding, was: str, at: datetime) -> dict[str, Any]:
    event = Event.objects.create(
        id=new_id(at), at=at, via="web", actor="某人", thing="finding", thing_id=row.pk, step="walk", state_from=was,
        state_to=row.state, body_digest="0" * 64,
    )  # fmt: skip
    return {
        "id": new_id(at), "finding": row, "state_from": was, "state_to": row.state, "on": at.date(), "at": at,
        "event": event, **placed_like(row),
    }  # fmt: skip


def extend(walked: Walked, at: datetime, *, days: int) -> None:
    """The due date is moved."""
    walked.row.due_on += timedelta(days=days)
    walked.row.changed_at = walked.at = at
    walked.row.save()


def walk(walked: Walked, *, chance: random.Random, steps: int = 8) -> None:
    """Some steps of the lifecycle, and some extensions, each at a later time, none after today."""
    for _ in range(steps):
        at = walked.at + timedelta(days=chance.randrange(0, 60), minutes=chance.randrange(1, 300))
        ways = [step.target for step in FINDING.steps if walked.row.state in step.sources and step.target]
        if at > NOW or not ways:
            return
        if walked.row.state in UNFINISHED and chance.random() < 0.25:
            extend(walked, at, days=chance.randrange(1, 90))
        else:
            to(walked, chance.choices(ways, [LIKELY.get(way, 1) for way in ways])[0], at)


def truth(findings: Iterable[Finding], *, on: date) -> dict[UUID, Counter[str]]:
    """What each finding adds at the end of that day, told by its rows."""
    return {row.pk: _of(row, on) for row in findings}


def seen(scope: Scope) -> list[Finding]:
    """The findings of that scope."""
    return list(Finding.objects.visible_to(scope))


def _of(row: Finding, on: date) -> Counter[str]:
    found: Counter[str] = Counter()
    changes = list(StateChange.objects.filter(finding=row, on__lte=on).order_by("at", "event_id"))
    state = changes[-1].state_to if changes else ""
    if state in GIVEN:
        found[state] += 1
    later = DueChange.objects.filter(finding=row, on__gt=on).order_by("at").first()
    due = later.due_from if later else row.due_on
    if state in UNFINISHED and due and due < on:
        found["overdue"] += 1
    closings = [change.on for change in changes if change.state_to == "closed"]
    if closings and row.given_on:
        days = (closings[0] - row.given_on).days
        found[cycle_of(days).code] += 1
        found["cycle_days"] += days
    return found


def figures_told(found: Any) -> Counter[str]:
    """The figures of a group or of the whole as the truth has them."""
    counted = Counter({look.code: n for look, n in zip(found.states, found.sums, strict=True)})
    counted["overdue"] = found.counts.overdue
    counted["cycle_days"] = found.counts.cycle_days_in_all
    counted.update({span.code: span.n for span in found.cycles})
    return +counted


def summed(counts: Sequence[Counter[str]]) -> Counter[str]:
    """All of them together, without what is zero."""
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return +whole


SPANS = tuple(cycle.code for cycle in CYCLES)
