"""The lines of a desk: feedback, plan versions with the number of their findings, and findings one by one, by date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DateField, F, Min, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from bihuan.models import Feedback, Finding, Plan
from bihuan.queries._waiting_feedback import FEEDBACK_KINDS, feedback_waiting
from bihuan.queries.findings.waiting import KINDS, any_of, conditions_for, kind_for, plan_row_of
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FEEDBACK

# What has no date of its own stands behind what is due within a week, before everything later.
UNDATED_DAYS = 7
BY_FEEDBACK = tuple(code for code, kind in KINDS.items() if kind.by == "feedback")
BY_PLAN = tuple(code for code, kind in KINDS.items() if kind.by == "plan")
ONE_BY_ONE = tuple(code for code, kind in KINDS.items() if kind.by == "finding")
STATE_OF = {
    "redo_plan": "plan_returned",
    "fill_plan": "awaiting_plan",
    "submit_plan": "awaiting_plan",
    "review_plan": "plan_submitted",
}


@dataclass(frozen=True)
class WaitingRow:
    """One thing to do: what it is, why it waits for this actor, and by when.

    `thing` is finding, feedback or plan; `kind` a code of KINDS or FEEDBACK_KINDS. A line that stands for several
    findings says how many; its feedback, or its plan version, is their common mark.
    """

    thing: str
    id: UUID
    kind: str
    title: str
    why: str
    state: StateLook
    unit: str
    due_on: date | None
    is_overdue: bool
    n: int = 1
    feedback: UUID | None = None
    plan: UUID | None = None
    version: int = 0


@dataclass(frozen=True)
class WaitsCount:
    """How many feedback (`thing`) or findings wait in one kind."""

    thing: str
    kind: str
    label: str
    n: int


@dataclass(frozen=True)
class Lines:
    """One page of lines, and how many there are of everything."""

    rows: tuple[WaitingRow, ...]
    total: int
    page: int
    pages: int
    counts: tuple[WaitsCount, ...]


def lines_for(actor: Actor, *, on: date, page: int, size: int) -> Lines:
    """One page of what waits for the actor, the nearest date first."""
    feedback = _feedback(actor)
    groups = [*_by_feedback(actor, on), *_by_plan(actor, on)]
    waiting = _waiting(actor, on)
    singles = dict(waiting.order_by().values_list("kind").annotate(n=Count("pk")))
    total = len(feedback) + len(groups) + sum(singles.values())
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    # Of the single ones, no more than could stand on the pages up to this one.
    ordered = waiting.order_by(Coalesce("due", Value(_undated(on))), "number")[: page * size]
    lines = sorted([*feedback, *groups, *_singles(ordered, on)], key=lambda line: line.due_on or _undated(on))
    return Lines(tuple(lines[(page - 1) * size : page * size]), total, page, pages, _counts(feedback, groups, singles))


def _undated(on: date) -> date:
    return on + timedelta(days=UNDATED_DAYS)


def _feedback(actor: Actor) -> list[WaitingRow]:
    return [
        WaitingRow(
            "feedback", row.pk, row.kind, row.title, FEEDBACK_KINDS[row.kind].why, look(row.state, machine=FEEDBACK),
            row.unit.name, None, False, feedback=row.pk,
        )
        for row in feedback_waiting(actor).select_related("unit").order_by("id")
    ]  # fmt: skip


def _grouped(actor: Actor, on: date, codes: Iterable[str]) -> QuerySet[Any] | None:
    """The findings that wait in one of those kinds, or None when the post has none of them."""
    conditions = [found for code, found in conditions_for(actor, on=on).items() if code in codes]
    if not conditions:
        return None
    visible = Finding.objects.visible_to(actor.scope).filter(any_of(conditions))
    return visible.annotate(kind=kind_for(actor, on=on)).order_by()


def _by_feedback(actor: Actor, on: date) -> list[WaitingRow]:
    found = _grouped(actor, on, BY_FEEDBACK)
    if found is None:
        return []
    due = Min(Coalesce("redo_by", "feedback__plan_due_on"))
    rows = list(found.values("kind", "feedback_id").annotate(n=Count("pk"), due=due))
    ids = [row["feedback_id"] for row in rows]
    known = Feedback.objects.visible_to(actor.scope).select_related("unit").in_bulk(ids)
    return [_feedback_line(row, known[row["feedback_id"]], on) for row in rows]


def _feedback_line(row: dict[str, Any], feedback: Feedback, on: date) -> WaitingRow:
    kind, due = row["kind"], row["due"]
    return WaitingRow(
        "plan", feedback.pk, kind, feedback.title, KINDS[kind].why, look(STATE_OF[kind]), feedback.unit.name, due,
        due is not None and due < on, n=row["n"], feedback=feedback.pk,
    )  # fmt: skip


def with_plan(found: QuerySet[Any]) -> QuerySet[Any]:
    """Each finding with the plan version that speaks for it."""
    planned: QuerySet[Any] = found.annotate(of_plan=Subquery(plan_row_of().values("plan_id")[:1]))
    return planned


def _by_plan(actor: Actor, on: date) -> list[WaitingRow]:
    found = _grouped(actor, on, BY_PLAN)
    if found is None:
        return []
    due = Min(Coalesce("redo_by", "feedback__plan_due_on"))
    rows = list(with_plan(found).values("kind", "of_plan").annotate(n=Count("pk"), due=due))
    plans = Plan.objects.visible_to(actor.scope).select_related("feedback", "unit")
    known = plans.in_bulk([row["of_plan"] for row in rows])
    return [_plan_line(row, known[row["of_plan"]], on) for row in rows]


def _plan_line(row: dict[str, Any], plan: Plan, on: date) -> WaitingRow:
    """A version to hand in has the date of the plan; for a version to review no rule names one."""
    kind = row["kind"]
    due = row["due"] if kind == "submit_plan" else None
    return WaitingRow(
        "plan", plan.pk, kind, plan.feedback.title, KINDS[kind].why, look(STATE_OF[kind]), plan.unit.name, due,
        due is not None and due < on, n=row["n"], feedback=plan.feedback_id, plan=plan.pk, version=plan.version,
    )  # fmt: skip


def _waiting(actor: Actor, on: date) -> QuerySet[Any]:
    """The findings that wait one by one, each with its kind and the date by which the actor is to act."""
    single = [found for code, found in conditions_for(actor, on=on).items() if code in ONE_BY_ONE]
    due = Case(
        When(state="phase_done_long_term", then=F("next_review_on")),
        When(state="basically_done", then=Least("remains_by", "due_on")),
        When(kind__startswith="decide_re", then=Value(None)),
        When(kind="decide_withdrawal", then=Value(None)),
        default=F("due_on"),
        output_field=DateField(),
    )
    visible = Finding.objects.visible_to(actor.scope).filter(any_of(single))
    waiting: QuerySet[Any] = visible.annotate(kind=kind_for(actor, on=on)).annotate(due=due)
    return waiting


def _singles(found: QuerySet[Any], on: date) -> list[WaitingRow]:
    return [
        WaitingRow(
            "finding", row.pk, row.kind, title_of(row.text), KINDS[row.kind].why, look(row.state), row.unit.name,
            row.due, row.due is not None and row.due < on, feedback=row.feedback_id,
        )
        for row in found.select_related("unit")
    ]  # fmt: skip


def _counts(feedback: list[WaitingRow], groups: list[WaitingRow], singles: dict[str, int]) -> tuple[WaitsCount, ...]:
    counted = dict(singles)
    for line in groups:
        counted[line.kind] = counted.get(line.kind, 0) + line.n
    waiting = [(code, sum(line.kind == code for line in feedback)) for code in FEEDBACK_KINDS]
    return (
        *[WaitsCount("feedback", code, FEEDBACK_KINDS[code].label, n) for code, n in waiting if n],
        *[WaitsCount("finding", code, KINDS[code].label, counted[code]) for code in KINDS if counted.get(code)],
    )
