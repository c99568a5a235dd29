"""Business rows at every place of need to know, inserted as owner in bulk; no path of the lifecycle leads to most."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from bihuan.models import (
    Event,
    EventBody,
    EventPlace,
    Feedback,
    FileContent,
    Finding,
    Grant,
    Inspection,
    Intake,
    Measure,
    Note,
    Plan,
    PlanRow,
    Progress,
    Upload,
)
from bihuan.rules.access import Place
from bihuan.rules.identifiers import new_id
from tests.builders import NOW, TODAY

GRANTED, EXPIRED, OPEN_ENDED, UNGRANTED = "granted", "expired", "open-ended", "not granted"
VALID = (GRANTED, OPEN_ENDED)


@dataclass(frozen=True)
class Case:
    """One place with what hangs there: a feedback, a finding, a plan with a row and a measure, work on it, an event.

    What is handed in is open to both sides and a note to one; there a case of another side has the draft, or none.
    """

    place: Place
    unit: UUID
    grant: str
    feedback: UUID
    finding: UUID
    row: UUID

    def ids(self, model: type[Model]) -> UUID:
        """The primary key of this case's row of that table; what hangs on the finding has the same in each."""
        return {Feedback: self.feedback, Finding: self.finding}.get(model, self.row)

    def key(self, model: type[Model]) -> UUID:
        """What a grant must name for that row."""
        return self.feedback if model in (Feedback, Intake, Plan) else self.finding

    def has(self, model: type[Model]) -> bool:
        """Whether this case has a row in that table: no plan is the office's alone, no note is everybody's."""
        side = self.place.side
        return not (model in (Plan, PlanRow) and side == "office") and not (model is Note and side == "both")


TABLES: tuple[type[Model], ...] = (
    Intake, Feedback, Finding, Plan, PlanRow, Measure, Progress, Note, Upload, EventPlace
)  # fmt: skip


def a_case(place: Place, *, unit: UUID, grant: str) -> Case:
    return Case(place, unit, grant, *(new_id(NOW) for _ in range(3)))


def insert(cases: Sequence[Case], *, account: UUID, post: UUID, round_id: UUID) -> None:
    """Every row of the cases, in bulk."""
    made: dict[type[Model], list[Any]] = {}
    for case in cases:
        for row in (*_rows_of(case, account, round_id), *_work_on(case, account, post)):
            made.setdefault(type(row), []).append(row)
    for model, found in made.items():
        model._default_manager.bulk_create(found)


def _rows_of(case: Case, account: UUID, round_id: UUID) -> Iterable[Model]:
    at = _standing_at(case)
    given = case.place.stage == 1
    t0 = {"state": "awaiting_plan", "given_on": TODAY, "due_on": TODAY + timedelta(days=60)} if given else {}
    event = case.row
    # Given and signed for by all three: between the two the unit's head alone reads of it, see tests/queries.
    yield Feedback(
        id=case.feedback, audience="leadership", title="反馈", state="given" if given else "draft",
        received_on=NOW.date() if given else None, **at,
    )  # fmt: skip
    yield Finding(
        id=case.finding, number=f"试〔2026〕{case.finding.hex}", feedback_id=case.feedback, round_id=round_id,
        text="一件事。", typed_by_hand=True, changed_at=NOW, **t0, **at,
    )  # fmt: skip
    yield Event(
        id=event, at=NOW, via="web", account_id=account, actor="某人", thing="finding", thing_id=case.finding,
        step="confirm", state_to="drafted", body_digest="0" * 64,
    )  # fmt: skip
    yield EventBody(event_id=event, salt="0" * 32)
    yield EventPlace(event_id=event, thing_id=case.finding, **at)


def _work_on(case: Case, account: UUID, post: UUID) -> Iterable[Model]:
    """The plan with its row and measure, an entry of progress, a note, files: one kept, one on its way."""
    at = _standing_at(case)
    yield Intake(
        id=case.row, thing_id=case.feedback, audience="leadership", title="反馈", name="反馈.txt", size=1, content=b"x",
        account_id=account, post_id=post, sent_at=NOW, **at,
    )  # fmt: skip
    by = {"finding_id": case.finding, "account_id": account, "post_id": post, "at": NOW}
    is_draft = case.place.side == "unit"
    frozen = {} if is_draft else {"state": "approved", "content_hash": "0" * 64, "submitted_at": NOW}
    if case.has(Plan):
        yield Plan(id=case.row, feedback_id=case.feedback, version=1, **frozen, **at)
        yield PlanRow(id=case.row, plan_id=case.row, finding_id=case.finding, version=1, **frozen, **at)
    else:
        shown = at | {"side": "both"}
        yield Plan(id=(plan := new_id(NOW)), feedback_id=case.feedback, version=1, **frozen, **shown)
        yield PlanRow(id=(row := new_id(NOW)), plan_id=plan, finding_id=case.finding, version=1, **frozen, **shown)
    yield Measure(
        id=case.row, finding_id=case.finding, row_id=case.row if case.has(Plan) else row, position=1, text="措施",
        responsible_unit_id=case.unit, person="某人", due_on=date(2026, 12, 31), product="照片", **at,
    )  # fmt: skip
    yield Progress(id=case.row, text="已核对", done_on=TODAY, **by, **at)
    if case.has(Note):
        yield Note(id=case.row, text="请留意", **by, **at)
    sha256 = hashlib.sha256(case.row.bytes).hexdigest()
    yield FileContent(sha256=sha256, content=case.row.bytes)
    yield Upload(
        id=case.row, thing_id=case.finding, name="佐证.txt", media_type="text/plain", size=16, sha256=sha256,
        uploaded_by_id=account, uploaded_at=NOW, **at,
    )  # fmt: skip


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
