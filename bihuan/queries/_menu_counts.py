"""The figures beside the menu and of each kind of waiting, in one statement, counted only so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Func, QuerySet

from bihuan.models import Finding
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries import _bounded
from bihuan.queries._arrays import among
from bihuan.queries._waiting_feedback import feedback_waiting
from bihuan.queries.findings.nearness import lit
from bihuan.queries.findings.waiting import KINDS, parts_for, with_plan
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import OFFICERS

# The kinds of a chain, with the state in which its turns are taken: looked for among the first of that state alone, in
# an array, which the planner takes for short, so that it looks the verdicts up one by one.
MOST_IN_TURN = 300
IN_TURN = {"review_plan": "plan_submitted", "sign_closing": "pending_review"}
FIGURES = ("waiting", "plans", "closings", "feedback", "overdue")


@dataclass(frozen=True)
class MenuCounts:
    """Figures beside the menu: things to do, of them plans, closings and feedback; and findings past their date.

    `by_kind`: the findings of each kind of waiting. Of the figures and kinds in `at_least` there are more than were
    counted.
    """

    waiting: int = 0
    plans: int = 0
    closings: int = 0
    feedback: int = 0
    overdue: int = 0
    at_least: frozenset[str] = field(default_factory=frozenset)
    by_kind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Branch:
    """Rows to count, with the one column that tells lines of the desk apart, and the figures that they belong to.

    Without `is_counted` it only says whether there were more than could be looked through.
    """

    rows: QuerySet[Any, Any]
    figures: tuple[str, ...]
    kind: str = ""
    is_counted: bool = True


def menu_counts(actor: Actor, *, on: date) -> MenuCounts:
    """The menu's figures, in one statement; officers have none, since they see no business."""
    if actor.role in OFFICERS:
        return MenuCounts()
    branches = list(_branches(actor, on))
    sums, by_kind, more = dict.fromkeys(FIGURES, 0), dict[str, int](), set[str]()
    for branch, found in zip(branches, _bounded.counted([branch.rows for branch in branches]), strict=True):
        if found.is_least:
            more |= {*branch.figures, branch.kind} - {""}
        if not branch.is_counted:
            continue
        for figure in branch.figures:
            sums[figure] += found.different if figure == "waiting" else found.n
        if branch.kind:
            by_kind[branch.kind] = by_kind.get(branch.kind, 0) + found.n
    return MenuCounts(**sums, at_least=frozenset(more), by_kind=by_kind)


def _branches(actor: Actor, on: date) -> Iterator[_Branch]:
    visible = Finding.objects.visible_to(actor.scope)
    yield _Branch(feedback_waiting(actor).values("pk"), ("waiting", "feedback"))
    yield _Branch(visible.filter(lit("overdue", on=on)).values("pk"), ("overdue",))
    in_turn = set[str]()
    for code, found in waiting_by_kind(actor, on=on):
        kind = KINDS[code]
        part = {"plan": ("plans",), "closing": ("closings",)}.get(kind.part, ())
        yield _Branch(_lines(found, kind.by), ("waiting", *part), code)
        if code in IN_TURN and code not in in_turn:
            in_turn.add(code)
            of_state = visible.filter(state=IN_TURN[code]).values("pk")[:MOST_IN_TURN]
            yield _Branch(of_state, ("waiting", *part), code, is_counted=False)


def waiting_by_kind(actor: Actor, *, on: date) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The findings of each kind of waiting, those of a chain among the nearest of their state."""
    visible = Finding.objects.visible_to(actor.scope)
    for code, condition in parts_for(actor, on=on):
        yield code, visible.filter(*_nearest(visible, code), condition)


def _nearest(visible: VisibleQuerySet[Finding], code: str) -> Iterator[Func]:
    if code in IN_TURN:
        of_state = visible.filter(state=IN_TURN[code]).order_by("due_on", "number")
        yield among(of_state[:MOST_IN_TURN])


def _lines(found: QuerySet[Any], by: str) -> QuerySet[Any, Any]:
    """What tells the lines of the desk apart."""
    if by == "plan":
        return with_plan(found).values("of_plan")
    return found.values("feedback_id" if by == "feedback" else "pk")
