"""Business rows at every place of need to know, inserted as owner in bulk; no path of the lifecycle leads to most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from bihuan.models import Event, EventBody, EventPlace, Feedback, Finding, Grant, Inspection, Measure, Plan
from bihuan.rules.access import Place
from bihuan.rules.identifiers import new_id
from tests.builders import NOW, TODAY

GRANTED, EXPIRED, OPEN_ENDED, UNGRANTED = "granted", "expired", "open-ended", "not granted"
VALID = (GRANTED, OPEN_ENDED)


@dataclass(frozen=True)
class Case:
    """One place with what hangs there: a feedback, a finding, its plan with a measure, and an event of the finding."""

    place: Place
    unit: UUID
    grant: str
    feedback: UUID
    finding: UUID
    measure: UUID
    event: UUID

    def ids(self, model: type[Model]) -> UUID:
        """The primary key of this case's row of that table."""
        return {Feedback: self.feedback, Finding: self.finding, Measure: self.measure, EventPlace: self.event}[model]

    def key(self, model: type[Model]) -> UUID:
        """What a grant must name for that row."""
        return self.feedback if model is Feedback else self.finding


TABLES: tuple[type[Model], ...] = (Feedback, Finding, Measure, EventPlace)


def a_case(place: Place, *, unit: UUID, grant: str) -> Case:
    return Case(place, unit, grant, *(new_id(NOW) for _ in range(4)))


def insert(cases: Sequence[Case], *, account: UUID, round_id: UUID) -> None:
    """Every row of the cases, in bulk."""
    made: dict[type[Model], list[Any]] = {}
    for case in cases:
        for row in _rows_of(case, account, round_id):
            made.setdefault(type(row), []).append(row)
    for model, found in made.items():
        model._default_manager.bulk_create(found)


def _rows_of(case: Case, account: UUID, round_id: UUID) -> Iterable[Model]:
    at = _standing_at(case)
    given = case.place.stage == 1
    t0 = {"state": "awaiting_plan", "given_on": TODAY, "due_on": TODAY + timedelta(days=60)} if given else {}
    plan, event = new_id(NOW), case.event
    yield Feedback(id=case.feedback, audience="leadership", title="反馈", state="given" if given else "draft", **at)
    yield Finding(
        id=case.finding, number=f"试〔2026〕{case.finding.hex}", feedback_id=case.feedback, round_id=round_id,
        text="一件事。", typed_by_hand=True, changed_at=NOW, **t0, **at,
    )  # fmt: skip
    yield Plan(
        id=plan, finding_id=case.finding, version=1, state="approved", content_hash="0" * 64, submitted_at=NOW, **at
    )
    yield Measure(
        id=case.measure, finding_id=case.finding, plan_id=plan, position=1, text="措施", responsible_unit_id=case.unit,
        person="某人", due_on=date(2026, 12, 31), product="照片", **at,
    )  # fmt: skip
    yield Event(
        id=event, at=NOW, via="web", account_id=account, actor="某人", thing="finding", thing_id=case.finding,
        step="confirm", state_to="drafted", body_digest="0" * 64,
    )  # fmt: skip
    yield EventBody(event_id=event, salt="0" * 32)
    yield EventPlace(event_id=event, thing_id=case.finding, **at)


def _standing_at(case: Case) -> dict[str, Any]:
    place = case.place
    return {
        "unit_id": case.unit, "unit_lo": place.unit_lo, "inspection_id": place.inspection, "stage": place.stage,
        "side": place.side, "secrecy": place.secrecy,
    }  # fmt: skip


def grant(cases: Iterable[Case], *, posts: Iterable[UUID]) -> None:
    """To each of the posts what the cases say: valid until tomorrow, for good, until yesterday, or nothing."""
    now = timezone.now()
    until = {GRANTED: now + timedelta(days=1), OPEN_ENDED: None, EXPIRED: now - timedelta(days=1)}
    chosen = [case for case in cases if case.grant in until]
    Grant.objects.bulk_create(
        Grant(id=new_id(NOW), post_id=post, thing=thing, why="试", until=until[case.grant])
        for post in posts
        for case in chosen
        for thing in (case.feedback, case.finding)
    )


def another_inspection(like: UUID, *, unit: UUID, unit_lo: int) -> UUID:
    """A second inspection in the same round, to which nobody is assigned."""
    row = Inspection.objects.get(pk=like)
    row.pk = row.inspection_id = new_id(NOW)
    row.unit_id, row.unit_lo, row.title = unit, unit_lo, "另一个巡察对象"
    row.save(force_insert=True)
    return row.pk
