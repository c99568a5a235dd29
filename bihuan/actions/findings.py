"""Every step of a finding, through one door: lock, check state and standing, check needs, write what the step says.

What a step does beside changing the state stands in _finding_effects.py, one function per step.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.actions import _finding_effects, _step
from bihuan.actions._doing import Doing
from bihuan.actions._plan_versions import hold_plans_of
from bihuan.actions._record import write_event
from bihuan.actions._request_effects import lapse_requests
from bihuan.actions.refusals import NotYours, Refused, Unknown
from bihuan.models import Finding, Note, Plan
from bihuan.models._visibility import placed_like
from bihuan.queries.findings.facts import facts_of
from bihuan.queries.standing import standing_to
from bihuan.rules import lifecycle, needs
from bihuan.rules.access import WRITES_NOTES, Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection, StepInput
from bihuan.rules.vocabulary import N_

PLAN_STEPS = ("submit_plan", "agree_plan", "return_plan", "approve_plan")


@dataclass(frozen=True)
class StepTaken:
    """What came of a step: the finding's state and revision afterwards, and the event on the record."""

    finding: UUID
    number: str
    state: str
    revision: int
    event: UUID


def take_step(
    *, finding: UUID, step: str, typed: StepInput, by: Actor, at: datetime, on: date, seen: int | None = None
) -> StepTaken:
    """Take one step of the finding's lifecycle as the acting post.

    Raises Unknown (not there or not yours to know), Overtaken (`seen` is old), NotYours (whose it is), Refused (the
    state or a need objects).
    """
    if step in PLAN_STEPS:
        hold_plans_of(Finding.objects.filter(pk=finding).values("feedback_id"), by=by)
    row = _step.lock(Finding, finding, by=by, seen=seen)
    return take_locked(row, step=step, typed=typed, by=by, at=at, on=on, seen=seen)


def take_locked(
    row: Finding, *, step: str, typed: StepInput, by: Actor, at: datetime, on: date, seen: int | None = None,
    plan: Plan | None = None,
) -> StepTaken:  # fmt: skip
    """The same for a finding that is locked already; `plan`: the version in which its row is handed in."""
    standing = standing_to(row, by=by)
    taken = _step.check(row, machine=lifecycle.FINDING, code=step, standing=standing, by=by, seen=seen)
    facts = facts_of(row, by=by, standing=standing, on=on)
    objection = needs.objection_to(taken.needs, facts=facts, typed=typed)
    if objection:
        raise Refused(objection)
    effect = _finding_effects.EFFECTS[step](Doing(row, typed, by, at, standing, plan))
    event = _step.take(row, machine=lifecycle.FINDING, code=step, act=effect.act)
    if effect.then is not None:
        effect.then(event)
    lapse_requests(row, by=by, at=at, because_of=event)
    return StepTaken(row.pk, row.number, row.state, row.revision, event)


def write_note(*, finding: UUID, text: str, by: Actor, at: datetime) -> UUID:
    """A remark that only one's own side reads (row L10); the finding itself does not change.

    Raises Unknown (finding), NotYours (who was let in to read alone), Refused (nothing written).
    """
    row = Finding.objects.visible_to(by.scope).filter(pk=finding).first()
    if row is None:
        raise Unknown("finding", finding)
    if by.role not in WRITES_NOTES:
        raise NotYours(Objection("not_yours", N_("备注只供本方办理人员填写和查看，临时授权人员不能填写。")))
    if not text.strip():
        raise Refused(Objection("note_missing", N_("请填写备注内容。"), "text"))
    place = placed_like(row) | {"side": by.scope.side}
    note = Note(id=new_id(at), finding=row, text=text.strip(), account_id=by.account, post_id=by.post, at=at, **place)
    note.save(force_insert=True)
    write_event(thing="note", thing_id=note.pk, step="write", by=by, at=at, place=place, belongs_to=row.pk)
    return note.pk
