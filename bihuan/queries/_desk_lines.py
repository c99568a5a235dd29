"""The lines of a desk: feedback, plan versions with the number of their findings, and findings one by one, by date."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, Count, DateField, F, IntegerField, Min, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Least

from bihuan.models import Feedback, Finding, Plan
from bihuan.queries._compiled import compiled
from bihuan.queries._menu_counts import MenuCounts, waiting_by_kind
from bihuan.queries._waiting_feedback import FEEDBACK_KINDS, feedback_waiting
from bihuan.queries.findings.waiting import KINDS, with_plan
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FEEDBACK

# What has no date of its own stands behind what is due within a week, before everything later.
UNDATED_DAYS = 7
# What no rule names a day for: decisions are asked for, and versions to review are handed in, when they are.
UNDATED = ("decide_reopening", "decide_withdrawal", "review_plan")
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
    """How many feedback (`thing`) or findings wait in one kind; `is_least`: there are more than were counted."""

    thing: str
    kind: str
    label: str
    n: int
    is_least: bool = False


@dataclass(frozen=True)
class Lines:
    """One page of lines, and how many there are of each kind."""

    rows: tuple[WaitingRow, ...]
    page: int
    pages: int
    counts: tuple[WaitsCount, ...]


_BRANCH = "select %s::text, few.* from (ROWS) few"


@dataclass(frozen=True)
class _Line:
    """A line before it is looked up: a finding, or what it has in common with others that wait alike."""

    kind: str
    id: UUID
    n: int
    due: date | None
    number: str


def lines_for(actor: Actor, *, on: date, page: int, size: int, counted: MenuCounts) -> Lines:
    """One page of what waits for the actor, the nearest date first; `counted`: how much that is."""
    pages = max(1, -(-counted.waiting // size))
    page = min(max(1, page), pages)
    feedback = _feedback(actor)

    def place(line: _Line | WaitingRow) -> tuple[date, int, str, UUID]:
        if isinstance(line, WaitingRow):
            return _undated(on), 0, "", line.id
        return line.due or _undated(on), 1 if KINDS[line.kind].by != "finding" else 2, line.number, line.id

    # Of each kind no more than could stand on the pages up to this one.
    found: list[_Line | WaitingRow] = [*feedback, *_lines(actor, on, page * size, counted)]
    few = sorted(found, key=place)[(page - 1) * size : page * size]
    rows = dict(_rows([line for line in few if isinstance(line, _Line)], actor, on))
    return Lines(
        tuple(line if isinstance(line, WaitingRow) else rows[line] for line in few), page, pages,
        _counts(feedback, counted),
    )  # fmt: skip


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


def _lines(actor: Actor, on: date, most: int, counted: MenuCounts) -> list[_Line]:
    """The nearest lines of each kind, in one statement; each kind is a branch of its own, without an OR.

    A kind of which none was counted is left out: to plan a branch takes longer than to find nothing by it.
    """
    texts, given = [], list[Any]()
    waiting = ((code, found) for code, found in waiting_by_kind(actor, on=on) if counted.by_kind.get(code))
    for code, found in waiting:
        by = KINDS[code].by
        key = {"finding": "pk", "plan": "of_plan", "feedback": "feedback_id"}[by]
        rows = _single(code, found) if by == "finding" else _grouped(code, found, by=key)
        nearest = rows.order_by(Coalesce("due", Value(_undated(on))), "called", key)[:most]
        sql, values = compiled(nearest)
        texts.append(_BRANCH.replace("ROWS", sql))
        given += [code, *values]
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(texts), given)
        return [_Line(*row) for row in cursor.fetchall()]


def _single(code: str, found: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Each finding with the date by which the actor is to act: id, one, date, number."""
    due = Case(
        When(state="phase_done_long_term", then=F("next_review_on")),
        When(state="basically_done", then=Least("remains_by", "due_on")),
        default=F("due_on"),
        output_field=DateField(),
    )
    said = found.annotate(
        n=Value(1, IntegerField()), due=Cast(Value(None), DateField()) if code in UNDATED else due, called=F("number")
    )
    lines: QuerySet[Any, Any] = said.values_list("pk", "n", "due", "called")
    return lines


def _grouped(code: str, found: QuerySet[Any], *, by: str) -> QuerySet[Any, Any]:
    """What the findings have in common, with their number and the nearest date: id, number of them, date, nothing."""
    found = with_plan(found) if by == "of_plan" else found
    due = Cast(Value(None), DateField()) if code in UNDATED else Min(Coalesce("redo_by", "feedback__plan_due_on"))
    said = found.order_by().values(by).annotate(n=Count("pk"), due=due, called=Value("", CharField()))
    lines: QuerySet[Any, Any] = said.values_list(by, "n", "due", "called")
    return lines


def _rows(lines: list[_Line], actor: Actor, on: date) -> Iterator[tuple[_Line, WaitingRow]]:
    """The lines of one page with what they stand for, each kind of thing read once."""
    ids: dict[str, list[UUID]] = {"finding": [], "plan": [], "feedback": []}
    for line in lines:
        ids[KINDS[line.kind].by].append(line.id)
    scope = actor.scope
    known: Mapping[str, Mapping[UUID, Any]] = {
        "finding": Finding.objects.visible_to(scope).select_related("unit").in_bulk(ids["finding"]),
        "plan": Plan.objects.visible_to(scope).select_related("feedback", "unit").in_bulk(ids["plan"]),
        "feedback": Feedback.objects.visible_to(scope).select_related("unit").in_bulk(ids["feedback"]),
    }
    said: Mapping[str, Callable[[_Line, Any, bool], WaitingRow]] = {
        "finding": _finding_row, "plan": _plan_row, "feedback": _feedback_row
    }  # fmt: skip
    for line in lines:
        by = KINDS[line.kind].by
        yield line, said[by](line, known[by][line.id], line.due is not None and line.due < on)


def _finding_row(line: _Line, finding: Finding, is_overdue: bool) -> WaitingRow:
    return WaitingRow(
        "finding", finding.pk, line.kind, title_of(finding.text), KINDS[line.kind].why, look(finding.state),
        finding.unit.name, line.due, is_overdue, feedback=finding.feedback_id,
    )  # fmt: skip


def _plan_row(line: _Line, plan: Plan, is_overdue: bool) -> WaitingRow:
    return WaitingRow(
        "plan", plan.pk, line.kind, plan.feedback.title, KINDS[line.kind].why, look(STATE_OF[line.kind]),
        plan.unit.name, line.due, is_overdue, n=line.n, feedback=plan.feedback_id, plan=plan.pk, version=plan.version,
    )  # fmt: skip


def _feedback_row(line: _Line, feedback: Feedback, is_overdue: bool) -> WaitingRow:
    return WaitingRow(
        "plan", feedback.pk, line.kind, feedback.title, KINDS[line.kind].why, look(STATE_OF[line.kind]),
        feedback.unit.name, line.due, is_overdue, n=line.n, feedback=feedback.pk,
    )  # fmt: skip


def _counts(feedback: list[WaitingRow], counted: MenuCounts) -> tuple[WaitsCount, ...]:
    waiting = [(code, sum(line.kind == code for line in feedback)) for code in FEEDBACK_KINDS]
    return (
        *[WaitsCount("feedback", code, FEEDBACK_KINDS[code].label, n) for code, n in waiting if n],
        *[
            WaitsCount("finding", code, kind.label, counted.by_kind[code], code in counted.at_least)
            for code, kind in KINDS.items()
            if counted.by_kind.get(code)
        ],
    )
