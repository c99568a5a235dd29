"""The plans that a post may see: one line for each feedback that was received, with its newest visible version."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from bihuan.models import Feedback, Finding, Plan, PlanRow
from bihuan.queries.looks import StateLook
from bihuan.queries.plans.page import NOT_BEGUN, is_late
from bihuan.queries.plans.rows import row_look
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.vocabulary import AUDIENCES


@dataclass(frozen=True)
class PlanLine:
    """One plan: of `findings`, how many are to be planned for, wait for review, were returned, or are approved."""

    feedback: UUID
    title: str
    audience: str
    audience_label: str
    unit: str
    unit_id: UUID
    plan: UUID | None
    version: int
    state: StateLook
    due_on: date | None
    due_provisional: bool
    is_overdue: bool
    findings: int
    to_write: int
    waiting: int
    returned: int
    approved: int
    in_writing: int


@dataclass(frozen=True)
class PlanList:
    """Every plan that the post may see, the nearest date first."""

    rows: tuple[PlanLine, ...]
    total: int


def plans_for(actor: Actor, *, on: date) -> PlanList:
    """One line for each received feedback that the actor may see; four queries."""
    visible = Feedback.objects.visible_to(actor.scope).exclude(received_on=None).select_related("unit")
    feedback = list(visible.order_by("plan_due_on", "id"))
    states = _counted(Finding.objects.visible_to(actor.scope).filter(feedback__in=feedback, state__in=GIVEN))
    in_writing = dict(
        PlanRow.objects.visible_to(actor.scope)
        .filter(plan__feedback__in=feedback, plan__state="draft", state="draft", finding__state__in=GIVEN)
        .order_by().values_list("plan__feedback").annotate(n=Count("pk"))
    )  # fmt: skip
    newest = {
        plan.feedback_id: plan
        for plan in Plan.objects.visible_to(actor.scope).filter(feedback__in=feedback).order_by("version")
    }
    rows = tuple(_line(one, newest.get(one.pk), states[one.pk], in_writing.get(one.pk, 0), on) for one in feedback)
    return PlanList(rows, len(rows))


def _counted(findings: QuerySet[Any]) -> dict[UUID, Counter[str]]:
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for feedback, state, n in findings.order_by().values_list("feedback", "state").annotate(n=Count("pk")):
        found[feedback][state] = n
    return found


def _line(row: Feedback, plan: Plan | None, states: Counter[str], in_writing: int, on: date) -> PlanLine:
    before = states["awaiting_plan"] + states["plan_returned"]
    return PlanLine(
        feedback=row.pk, title=row.title, audience=row.audience, audience_label=AUDIENCES[row.audience],
        unit=row.unit.name, unit_id=row.unit_id, plan=plan.pk if plan else None, version=plan.version if plan else 0,
        state=row_look(plan.state) if plan else NOT_BEGUN, due_on=row.plan_due_on,
        due_provisional=row.plan_due_provisional,
        is_overdue=is_late(row.plan_due_on, states=[state for state in states if states[state]], on=on),
        findings=states.total(), to_write=states["awaiting_plan"], waiting=states["plan_submitted"],
        returned=states["plan_returned"], approved=states.total() - before - states["plan_submitted"],
        in_writing=in_writing,
    )  # fmt: skip
