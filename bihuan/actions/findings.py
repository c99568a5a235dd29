"""Every step of a finding, through one door: lock, check state and standing, check needs, write what the step says.

What a step does beside changing the state stands in _finding_effects.py, one function per step.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.actions import _finding_effects, _step
from bihuan.actions.refusals import Refused
from bihuan.models import Finding
from bihuan.queries.findings.facts import facts_of
from bihuan.queries.standing import standing_to
from bihuan.rules import lifecycle, needs
from bihuan.rules.access import Actor
from bihuan.rules.needs import StepInput


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
    row = _step.lock(Finding, finding, by=by, seen=seen)
    standing = standing_to(row, by=by)
    taken = _step.check(row, machine=lifecycle.FINDING, code=step, standing=standing, by=by, seen=seen)
    facts = facts_of(row, by=by, standing=standing, on=on)
    objection = needs.objection_to(taken.needs, facts=facts, typed=typed)
    if objection:
        raise Refused(objection)
    effect = _finding_effects.EFFECTS[step](_finding_effects.Doing(row, typed, by, at, standing))
    event = _step.take(row, machine=lifecycle.FINDING, code=step, act=effect.act)
    if effect.then is not None:
        effect.then(event)
    return StepTaken(row.pk, row.number, row.state, row.revision, event)
