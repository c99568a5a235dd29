"""The desk: what waits for a person, what happened lately; and the fixed query of the menu's counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from bihuan.models import Feedback, Finding
from bihuan.queries.findings.waiting import WaitingRow, waiting_for
from bihuan.queries.record import TimelineRow, recent_for
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import UNFINISHED
from bihuan.rules.vocabulary import OFFICERS

SHOWN = 50


@dataclass(frozen=True)
class DeskPage:
    """What waits, the most urgent first, and what happened lately."""

    waiting: tuple[WaitingRow, ...]
    n_waiting: int
    recent: tuple[TimelineRow, ...]


@dataclass(frozen=True)
class MenuCounts:
    """Figures beside the menu: findings past their date, feedback not yet received by all."""

    overdue: int = 0
    feedback: int = 0


def desk_for(actor: Actor, *, on: date, at: datetime) -> DeskPage:
    """The desk of one post on one day."""
    waiting = waiting_for(actor, on=on)
    recent = () if actor.role in OFFICERS else recent_for(actor, at=at)
    return DeskPage(waiting[:SHOWN], len(waiting), recent)


def menu_counts(actor: Actor, *, on: date) -> MenuCounts:
    """The menu's figures, in one query; officers have none, since they see no business."""
    if actor.role in OFFICERS:
        return MenuCounts()
    late = Finding.objects.visible_to(actor.scope).filter(state__in=UNFINISHED, due_on__lt=on)
    pending = Feedback.objects.visible_to(actor.scope).filter(received_on=None)
    counts = _counted(late, "overdue").union(_counted(pending, "feedback"), all=True)
    return MenuCounts(**dict(counts))


def _counted(rows: QuerySet[Any], name: str) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = rows.order_by().values_list(Value(name)).annotate(n=Count("pk"))
    return counted
