"""The desk: what waits for a person, what is near its date, what changed; and the fixed query of the menu's counts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from bihuan.models import Finding
from bihuan.queries import _desk_lines
from bihuan.queries._desk_lines import WaitingRow, WaitsCount
from bihuan.queries._waiting_feedback import feedback_waiting
from bihuan.queries.findings.changes import ChangedThing, changed_findings, changes_for
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.queries.findings.waiting import waiting_in
from bihuan.rules.access import Actor
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import OFFICERS

ON_A_PAGE = 50


@dataclass(frozen=True)
class LightCount:
    """How many findings within sight have that light, overdue first."""

    light: str
    label: str
    n: int


@dataclass(frozen=True)
class DeskPage:
    """One page of what waits, the most urgent first, with its figures; what is near or past its date; what changed."""

    waiting: tuple[WaitingRow, ...]
    n_waiting: int
    page: int
    pages: int
    counts: tuple[WaitsCount, ...]
    lights: tuple[LightCount, ...]
    changes: tuple[ChangedThing, ...]
    n_changed: int


@dataclass(frozen=True)
class MenuCounts:
    """Figures beside the menu: things to do, of them plans, closings and feedback; and findings past their date."""

    waiting: int = 0
    plans: int = 0
    closings: int = 0
    feedback: int = 0
    overdue: int = 0


NOTHING = DeskPage((), 0, 1, 1, (), (), (), 0)


def desk_for(actor: Actor, *, on: date, page: int = 1) -> DeskPage:
    """The desk of one post on one day; officers see no business."""
    if actor.role in OFFICERS:
        return NOTHING
    lines = _desk_lines.lines_for(actor, on=on, page=page, size=ON_A_PAGE)
    visible = Finding.objects.visible_to(actor.scope)
    figures = visible.aggregate(
        **{light: Count("pk", filter=lit(light, on=on)) for light in SHOWN},
        changed=Count("pk", filter=Q(pk__in=changed_findings(actor, on=on))),
    )
    return DeskPage(
        waiting=lines.rows,
        n_waiting=lines.total,
        page=lines.page,
        pages=lines.pages,
        counts=lines.counts,
        lights=tuple(LightCount(light, LIGHTS[light].label, figures[light]) for light in SHOWN),
        changes=changes_for(actor, on=on),
        n_changed=figures["changed"],
    )


def menu_counts(actor: Actor, *, on: date) -> MenuCounts:
    """The menu's figures, in one query; officers have none, since they see no business."""
    if actor.role in OFFICERS:
        return MenuCounts()
    visible = Finding.objects.visible_to(actor.scope)
    plans, closings = (visible.filter(waiting_in(actor, waits=part, on=on)) for part in ("plan", "closing"))
    counts = [
        *[_counted(rows, "waiting", of=of) for rows, of in _desk_lines.countable(actor, on=on)],
        _counted(plans, "plans"),
        _counted(closings, "closings"),
        _counted(feedback_waiting(actor), "feedback"),
        _counted(visible.filter(lit("overdue", on=on)), "overdue"),
    ]
    found = dict.fromkeys(MenuCounts.__annotations__, 0)
    for name, n in counts[0].union(*counts[1:], all=True):
        found[name] += n
    return MenuCounts(**found)


def _counted(rows: QuerySet[Any], name: str, *, of: str = "pk") -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = rows.order_by().values_list(Value(name)).annotate(n=Count(of, distinct=of != "pk"))
    return counted
