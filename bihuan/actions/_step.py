"""The only place where a state is assigned: lock, check, write, record (decision 0005).

Any thing with a machine of rules/lifecycle.py goes through here. What a step needs beyond state and standing is
checked by the caller's facts; what it writes beside the state comes as `changes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from bihuan.actions._record import instant_after_the_last, write_event
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Event, StateChange
from bihuan.models._visibility import placed_like
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor, Standing, stands_as
from bihuan.rules.identifiers import new_id
from bihuan.rules.machines import Machine, Step
from bihuan.rules.objections import not_yours, wrong_state
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


@dataclass(frozen=True)
class Act:
    """One step about to be taken: who, when, why, and what else it writes on the row."""

    by: Actor
    at: datetime
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    because_of: UUID | None = None
    content_hash: str = ""
    side: str = ""


def lock(model: type[models.Model], row_id: UUID, *, by: Actor, seen: int | None) -> Any:
    """The row, locked, if the actor may see it. Raises Unknown, or Overtaken when `seen` is an old revision.

    Locked against change, not against being named: whoever writes a row that points here need not wait, nor deadlock.
    """
    visible = model.objects.visible_to(by.scope)  # type: ignore[attr-defined]
    row = visible.select_for_update(no_key=True).filter(pk=row_id).first()
    if row is None:
        raise Unknown(model._meta.db_table, row_id)
    if seen is not None and row.revision != seen:
        raise overtaken(row_id)
    return row


def overtaken(thing_id: UUID) -> Overtaken:
    """Who changed the thing last, and when."""
    last = Event.objects.filter(thing_id=thing_id).order_by("-at", "-id").first()
    if last is None:
        return Overtaken(by="", at=timezone.now(), step="")
    return Overtaken(by=last.actor, at=last.at, step=last.step, thing=last.thing)


def check(row: Any, *, machine: Machine, code: str, standing: Standing, by: Actor, seen: int | None = None) -> Step:
    """The step, if it may be taken now by this actor.

    Raises Refused (unknown step, wrong state), Overtaken (another took it since `seen`), NotYours (whose it is).
    """
    step = next((step for step in machine.steps if step.code == code), None)
    if step is None or step.consequence:
        raise Refused(Objection("unknown_step", N_("没有这个步骤，请刷新页面后重选。"), "step"))
    if not set(step.who) & stands_as(by, thing=standing):
        raise NotYours(not_yours(step.who))
    if row.state not in step.sources:
        if seen is not None and seen != row.revision:
            raise overtaken(row.pk)
        raise Refused(wrong_state(step, machine=machine, state=row.state))
    return step


def take(row: Any, *, machine: Machine, code: str, act: Act) -> UUID:
    """Assign the state, write the row, its state change and its event; return the event's id.

    The caller has locked the row and checked the step. Raises Refused when the state does not allow the step, for
    consequences too.
    """
    step = machine.step(code)
    if row.state not in step.sources:
        raise Refused(wrong_state(step, machine=machine, state=row.state))
    state_from, state_to = row.state, step.target or row.state
    act = replace(act, at=instant_after_the_last(row.pk, act.at))
    for name, value in act.changes.items():
        setattr(row, name, value)
    row.state = state_to
    row.revision += 1
    if machine is lifecycle.FINDING:
        row.changed_at = act.at
    row.save()
    place = placed_like(row) | ({"side": act.side} if act.side else {})
    event = write_event(
        thing=machine.thing,
        thing_id=row.pk,
        step=code,
        by=act.by,
        at=act.at,
        place=place,
        belongs_to=getattr(row, row.grant_key),
        state_from=state_from,
        state_to=state_to,
        reason=act.reason,
        before=act.before,
        after=act.after,
        because_of=act.because_of,
        content_hash=act.content_hash,
    )
    if machine is lifecycle.FINDING and state_to != state_from:
        _keep_change(row, state_from, act, event)
    return event


def begin(row: Any, *, machine: Machine, code: str, act: Act) -> UUID:
    """Insert a new row in its machine's first state and record the act that made it."""
    row.state = machine.states[0].code
    row.save(force_insert=True)
    event = write_event(
        thing=machine.thing,
        thing_id=row.pk,
        step=code,
        by=act.by,
        at=act.at,
        place=placed_like(row),
        belongs_to=getattr(row, row.grant_key),
        state_to=row.state,
        reason=act.reason,
        after=act.after,
        because_of=act.because_of,
        content_hash=act.content_hash,
    )
    if machine is lifecycle.FINDING:
        _keep_change(row, "", act, event)
    return event


def _keep_change(row: Any, state_from: str, act: Act, event: UUID) -> None:
    StateChange.objects.create(
        id=new_id(act.at),
        finding_id=row.pk,
        state_from=state_from,
        state_to=row.state,
        on=timezone.localdate(act.at),
        at=act.at,
        event_id=event,
        **placed_like(row),
    )
