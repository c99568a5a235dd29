"""Versions of a plan: the unit's draft, rows put into it, handed in and frozen, settled when every row is decided.

One version answers one feedback; a row answers one finding. What is handed in is never written again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.actions import _step
from bihuan.actions._record import digest
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused
from bihuan.models import Feedback, Finding, Measure, Organization, Plan, PlanRow
from bihuan.models._visibility import placed_like
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.plan_content import RowContent, stored, tidy
from bihuan.rules.typed import MeasureInput, Objection
from bihuan.rules.vocabulary import N_

MAY_BE_PLANNED = FINDING.step("submit_plan").sources


def hold_plans_of(feedback: Any, *, by: Actor) -> None:
    """Plan work on one feedback goes one at a time: versions and rows lock each other in one order, feedback first."""
    held = Feedback.objects.visible_to(by.scope).select_for_update(no_key=True).filter(pk__in=feedback)
    held.values_list("pk").first()


def draft_of(feedback: Feedback, *, by: Actor, at: datetime) -> Plan:
    """The version that the unit is writing, locked; begun when there is none, by whoever of two is first."""
    found = _draft(feedback)
    if found:
        return found
    try:
        with transaction.atomic():
            return _begun(feedback, by=by, at=at)
    except IntegrityError:
        found = _draft(feedback)
        if found is None:
            raise
        return found


def _draft(feedback: Feedback) -> Plan | None:
    return Plan.objects.select_for_update().filter(feedback=feedback, state="draft").first()


def _begun(feedback: Feedback, *, by: Actor, at: datetime) -> Plan:
    last = Plan.objects.filter(feedback=feedback).order_by("-version").values_list("version", flat=True).first() or 0
    plan = Plan(id=new_id(at), feedback=feedback, version=last + 1, **(placed_like(feedback) | {"side": "unit"}))
    _step.begin(plan, machine=lifecycle.PLAN, code="begin", act=Act(by, at, after={"version": plan.version}))
    return plan


def put_row(plan: Plan, finding: Finding, content: RowContent, *, by: Actor, at: datetime) -> PlanRow:
    """Write what the draft says of one finding; begun or written over, untouched when nothing differs."""
    content = tidy(content)
    typed: dict[str, Any] = {
        "causes": content.causes, "goal": content.goal, "leader": content.leader,
        "head_leads": content.head_leads, "typed": stored(content.measures),
    }  # fmt: skip
    row = PlanRow.objects.select_for_update().filter(finding=finding, state="draft").first()
    if row is None:
        place = placed_like(finding) | {"side": "unit"}
        row = PlanRow(id=new_id(at), plan=plan, finding=finding, version=plan.version, **typed, **place)
        _step.begin(row, machine=lifecycle.PLAN_ROW, code="begin", act=Act(by, at))
    elif any(getattr(row, name) != value for name, value in typed.items()):
        _step.take(row, machine=lifecycle.PLAN_ROW, code="fill", act=Act(by, at, changes=typed))
    return row


def freeze_row(row: PlanRow, measures: Sequence[MeasureInput], *, by: Actor, at: datetime, because_of: UUID) -> None:
    """Hand a row in: its measures become rows of their own, its content gets its hash."""
    content_hash = row_hash(row)
    changes = {"side": "both", "submitted_at": at, "content_hash": content_hash, "typed": []}
    _step.take(
        row, machine=lifecycle.PLAN_ROW, code="submit",
        act=Act(by, at, changes=changes, because_of=because_of, content_hash=content_hash),
    )  # fmt: skip
    for position, measure in enumerate(measures, 1):
        assert measure.unit, "needs.measures has found one in each"
        assert measure.due_on, "likewise"
        Measure.objects.create(
            id=new_id(at), finding_id=row.finding_id, row=row, position=position, text=measure.text.strip(),
            kinds=list(measure.kinds), responsible_unit_id=measure.unit, helping=measure.helping.strip(),
            person=measure.person.strip(), supervisor=measure.supervisor.strip(), starts_on=measure.starts_on,
            due_on=measure.due_on, is_long_term=measure.is_long_term, product=measure.product.strip(),
            **placed_like(row),
        )  # fmt: skip


def row_hash(row: PlanRow) -> str:
    """The digest of everything a draft row says of its finding."""
    return digest(
        {"finding": str(row.finding_id), "causes": row.causes, "goal": row.goal, "leader": row.leader,
         "head_leads": row.head_leads, "measures": row.typed}
    )  # fmt: skip


def hand_in(plan: Plan, *, by: Actor, at: datetime, because_of: UUID | None = None) -> None:
    """The version is submitted with the rows that are frozen; rows still in writing go on into the next version."""
    frozen = list(PlanRow.objects.filter(plan=plan).exclude(state="draft").order_by("finding__number"))
    content_hash = digest({"plan": str(plan.pk), "rows": [row.content_hash for row in frozen]})
    changes = {"side": "both", "submitted_at": at, "content_hash": content_hash}
    after = {"version": plan.version, "rows": len(frozen)}
    _step.take(
        plan, machine=lifecycle.PLAN, code="submit",
        act=Act(by, at, changes=changes, because_of=because_of, content_hash=content_hash, after=after),
    )  # fmt: skip
    left = PlanRow.objects.filter(plan=plan, state="draft", finding__state__in=MAY_BE_PLANNED)
    if left.exists():
        following = draft_of(plan.feedback, by=by, at=at)
        left.update(plan=following, version=following.version)


def settle(plan: Plan, *, by: Actor, at: datetime, because_of: UUID) -> None:
    """Once no row waits any more the version is approved, or returned when any of its rows was."""
    states = set(PlanRow.objects.filter(plan=plan).exclude(state="draft").values_list("state", flat=True))
    if "submitted" in states:
        return
    code = "approve" if states == {"approved"} else "return"
    _step.take(plan, machine=lifecycle.PLAN, code=code, act=Act(by, at, because_of=because_of))


def refuse_unknown_units(measures: Sequence[MeasureInput]) -> None:
    """Every responsible unit is one that still exists."""
    units = {measure.unit for measure in measures if measure.unit}
    if Organization.objects.filter(pk__in=units, ended_on=None).count() != len(units):
        raise Refused(Objection("measure_unit_unknown", N_("有措施的责任单位已不存在，请重新选定。"), "measures"))
