"""Narrowing a list to what figures count: how findings stood at the end of a day, by kind, class and top category."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.db import connection
from django.db.models import DateField, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from bihuan.models import DueChange, Finding, StateChange
from bihuan.models._visibility import VisibleQuerySet
from bihuan.rules.lifecycle import FINDING, GIVEN, UNFINISHED
from bihuan.rules.metrics import CYCLES, OVERDUE, STATES

ANY_CYCLE = "cycle"
NONE = "none"
# How findings can have stood: a state, what a metric sums, overdue, or first closed by then, within a span of days.
STOOD: Mapping[str, tuple[str, ...]] = {
    **{state.code: (state.code,) for state in FINDING.states if state.code in GIVEN},
    "given": GIVEN,
    "unfinished": UNFINISHED,
    "not_done": STATES["not_done"],
    OVERDUE: UNFINISHED,
    ANY_CYCLE: (),
    **{cycle.code: () for cycle in CYCLES},
}


def stood(visible: VisibleQuerySet[Finding], *, was: str, on: date) -> VisibleQuerySet[Finding]:
    """The findings that stood so at the end of that day; nothing for what is not in STOOD."""
    if was not in STOOD:
        return visible.none()
    if was == ANY_CYCLE or was in {cycle.code for cycle in CYCLES}:
        return _closed_within(visible, was, on)
    found = _in_states(visible, STOOD[was], on)
    return _past_due(found, on) if was == OVERDUE else found


def of_kind(kind: str) -> Q:
    """Findings of rounds of that kind; `none`: of no known kind."""
    return _of_fact("select inspection_id from inspection_facts() where kind = %s", kind)


def of_class(unit_class: str) -> Q:
    """Findings of units of that class in the register of their term; `none`: of no known class."""
    return _of_fact("select inspection_id from inspection_facts() where unit_class = %s", unit_class)


def _of_fact(asked: str, value: str) -> Q:
    # A round is not everybody's to see, but the kind of the own inspection is: the function tells ids alone.
    if value == NONE:
        return Q(inspection_id=None)
    with connection.cursor() as cursor:
        cursor.execute(asked, [value])
        return Q(inspection_id__in=[row[0] for row in cursor.fetchall()])


def _in_states(visible: VisibleQuerySet[Finding], states: tuple[str, ...], on: date) -> VisibleQuerySet[Finding]:
    """What has not changed since stands as it stood; of the rest the last change by that day tells."""
    midnight = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    changes = StateChange.objects.filter(finding=OuterRef("pk"), on__lte=on).order_by("-at", "-event_id")
    then = Subquery(changes.values("state_to")[:1])
    unchanged = Q(changed_at__lt=midnight, state__in=states)
    known: Any = visible.alias(then=then)
    return cast(VisibleQuerySet[Finding], known.filter(unchanged | Q(changed_at__gte=midnight, then__in=states)))


def _past_due(visible: VisibleQuerySet[Finding], on: date) -> VisibleQuerySet[Finding]:
    moved = DueChange.objects.filter(finding=OuterRef("pk"), on__gt=on).order_by("at").values("due_from")
    due = Coalesce(Subquery(moved[:1]), F("due_on"), output_field=DateField())
    known: Any = visible.alias(due_then=due)
    return cast(VisibleQuerySet[Finding], known.filter(due_then__lt=on))


def _closed_within(visible: VisibleQuerySet[Finding], was: str, on: date) -> VisibleQuerySet[Finding]:
    closings = StateChange.objects.filter(finding=OuterRef("pk"), state_to="closed", on__lte=on).order_by()
    if was == ANY_CYCLE:
        return visible.filter(Exists(closings))
    first = closings.values("finding").annotate(first=Min("on")).values("first")
    found: Any = visible.alias(first_closed_on=Subquery(first))
    least = 0
    for cycle in CYCLES:
        if cycle.code == was:
            break
        least = (cycle.most or 0) + 1
    longer = Q(first_closed_on__gte=F("given_on") + timedelta(days=least)) if least else Q()
    most = Q() if cycle.most is None else Q(first_closed_on__lte=F("given_on") + timedelta(days=cycle.most))
    return cast(VisibleQuerySet[Finding], found.filter(longer, most, first_closed_on__isnull=False))
