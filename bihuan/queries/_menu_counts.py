"""The figures beside the menu, counted in one statement and only so far: beyond, "at least" is all that is said.

Every kind of waiting is a branch of its own for each profile, without an OR, and ends when it has found enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from bihuan.models import Finding
from bihuan.queries._desk_lines import with_plan
from bihuan.queries._waiting_feedback import feedback_waiting
from bihuan.queries.findings.nearness import lit
from bihuan.queries.findings.tallies import compiled
from bihuan.queries.findings.waiting import KINDS, parts_for
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import OFFICERS

# Nobody works through more than this: what there is beyond is not counted.
MOST = 1_000
# The kinds of a chain, with the state in which its turns are taken: looked for among the first of that state alone, in
# an array, which the planner takes for short, so that it looks the verdicts up one by one.
IN_TURN = {"review_plan": "plan_submitted", "sign_closing": "pending_review"}
_BRANCH = "select %s, count(*), count(distinct line) from (ROWS limit %s) few (line)"


@dataclass(frozen=True)
class MenuCounts:
    """Figures beside the menu: things to do, of them plans, closings and feedback; and findings past their date.

    Of those in `at_least` there are more than were counted.
    """

    waiting: int = 0
    plans: int = 0
    closings: int = 0
    feedback: int = 0
    overdue: int = 0
    at_least: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class _Branch:
    """Rows to count with the one column that tells lines of the desk apart, and the figures that they belong to.

    Without `is_counted` it only says whether there were more than could be looked through.
    """

    rows: QuerySet[Any, Any]
    figures: tuple[str, ...]
    by_line: bool = False
    is_counted: bool = True


def menu_counts(actor: Actor, *, on: date) -> MenuCounts:
    """The menu's figures, in one statement; officers have none, since they see no business."""
    if actor.role in OFFICERS:
        return MenuCounts()
    branches = list(_branches(actor, on))
    sums, more = dict.fromkeys(("waiting", "plans", "closings", "feedback", "overdue"), 0), set[str]()
    for number, n, lines in _counted(branches):
        branch = branches[number]
        for figure in branch.figures if branch.is_counted else ():
            sums[figure] += lines if figure == "waiting" and branch.by_line else n
        if n == MOST:
            more.update(branch.figures)
    return MenuCounts(**sums, at_least=frozenset(more))


def _branches(actor: Actor, on: date) -> Iterator[_Branch]:
    visible = Finding.objects.visible_to(actor.scope)
    yield _Branch(feedback_waiting(actor).values("pk"), ("waiting", "feedback"))
    yield _Branch(visible.filter(lit("overdue", on=on)).values("pk"), ("overdue",))
    in_turn = set[str]()
    for code, condition in parts_for(actor, on=on):
        few = [_among(visible.filter(state=IN_TURN[code]))] if code in IN_TURN else []
        kind, found = KINDS[code], visible.filter(*few, condition)
        part = {"plan": ("plans",), "closing": ("closings",)}.get(kind.part, ())
        figures = ("waiting", *part)
        yield _Branch(_lines(found, kind.by), figures, kind.by != "finding")
        if code in IN_TURN and code not in in_turn:
            in_turn.add(code)
            yield _Branch(visible.filter(state=IN_TURN[code]).values("pk"), figures, is_counted=False)


def _lines(found: QuerySet[Any], by: str) -> QuerySet[Any, Any]:
    """What tells the lines of the desk apart."""
    if by == "plan":
        return with_plan(found).values("of_plan")
    return found.values("feedback_id" if by == "feedback" else "pk")


def _among(rows: QuerySet[Any, Any]) -> Func:
    """That a finding is one of the first of these."""
    first = ArraySubquery(rows.order_by().values("pk")[:MOST])
    return Func(F("pk"), first, template="(%(expressions)s))", arg_joiner=" = any(", output_field=BooleanField())


def _counted(branches: list[_Branch]) -> list[tuple[int, int, int]]:
    texts, given = [], list[Any]()
    for number, branch in enumerate(branches):
        sql, values = compiled(branch.rows.order_by())
        texts.append(_BRANCH.replace("ROWS", sql))
        given += [number, *values, MOST]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(texts), given)
        return list(cursor.fetchall())
