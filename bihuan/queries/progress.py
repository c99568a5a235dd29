"""Findings in work with what was last done about each: a unit reports here, the others see who has fallen silent."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from bihuan.models import Finding, FindingUnit, Inspection, Progress
from bihuan.queries._offered import UnitChoice, under, units_offered
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import WORKED_ON
from bihuan.rules.lights import Light, light_of
from bihuan.rules.vocabulary import UNIT_ROLES

PAGE_SIZE = 50
QUIET_DAYS = (7, 15, 30)
LONGEST_QUIET = 3660
UNKNOWN_PROFILE = "county"


@dataclass(frozen=True)
class ProgressFilters:
    """What the list is narrowed to: `light` one of overdue, soon, near; `quiet`: no progress for so many days."""

    unit: UUID | None = None
    light: str = ""
    quiet: int = 0


@dataclass(frozen=True)
class ProgressLine:
    """One finding in work, and its last entry; `quiet_days` since that entry, or since the receipt."""

    id: UUID
    number: str
    title: str
    unit: str
    lead_unit: str
    state: StateLook
    due_on: date | None
    light: Light
    last_on: date | None
    last_text: str
    last_person: str
    quiet_days: int
    revision: int
    may_report: bool


@dataclass(frozen=True)
class ProgressList:
    """One page of the list; `lights` and `quiet` count the unit's rows, whatever else is filtered."""

    rows: tuple[ProgressLine, ...]
    lights: dict[str, int]
    quiet: dict[int, int]
    units: tuple[UnitChoice, ...]
    everything: int
    matched: int
    page: int
    pages: int
    filters: ProgressFilters = field(default_factory=ProgressFilters)


def progress_for(actor: Actor, *, filters: ProgressFilters, on: date, page: int = 1) -> ProgressList:
    """Findings in work that the actor may see, the nearest limit first."""
    visible = _with_last(actor)
    of_unit = visible.filter(under(filters.unit)) if filters.unit else visible
    counts = of_unit.order_by().aggregate(
        everything=Count("pk"),
        **{light: Count("pk", filter=lit(light, on=on)) for light in SHOWN},
        **{f"quiet_{days}": Count("pk", filter=_quiet(days, on)) for days in QUIET_DAYS},
    )
    chosen = of_unit.filter(_chosen(filters, on))
    matched = chosen.count()
    pages = max(1, -(-matched // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = chosen.order_by("due_on", "number")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return ProgressList(
        rows=tuple(_line(row, actor, on) for row in rows),
        lights={light: counts[light] for light in SHOWN},
        quiet={days: counts[f"quiet_{days}"] for days in QUIET_DAYS},
        units=units_offered(actor),
        everything=counts["everything"],
        matched=matched,
        page=page,
        pages=pages,
        filters=filters,
    )


def _with_last(actor: Actor) -> Any:
    scope = actor.scope
    last = Progress.objects.visible_to(scope).filter(finding=OuterRef("pk")).order_by("-done_on", "-at", "-id")[:1]
    inspection = Inspection.objects.visible_to(scope).filter(pk=OuterRef("inspection_id"))
    helping = FindingUnit.objects.helping().filter(finding=OuterRef("pk"), helper_id=actor.organization)
    found = Finding.objects.visible_to(scope).filter(state__in=WORKED_ON).select_related("unit", "lead_unit")
    return found.annotate(
        last_on=Subquery(last.values("done_on")), last_text=Subquery(last.values("text")),
        last_person=Subquery(last.values("account__person")), profile=Subquery(inspection.values("profile")),
        is_helped=Exists(helping),
    )  # fmt: skip


def _quiet(days: int, on: date) -> Q:
    return Q(last_on__lte=on - timedelta(days=days)) | Q(last_on=None, given_on__lte=on - timedelta(days=days))


def _chosen(filters: ProgressFilters, on: date) -> Q:
    chosen = Q()
    if filters.light:
        chosen &= lit(filters.light, on=on)
    if filters.quiet > 0:
        chosen &= _quiet(min(filters.quiet, LONGEST_QUIET), on)
    return chosen


def _line(row: Any, actor: Actor, on: date) -> ProgressLine:
    days = profile_named(row.profile or UNKNOWN_PROFILE).lights
    is_own = row.is_helped or actor.organization in (row.unit_id, row.lead_unit_id)
    return ProgressLine(
        id=row.pk, number=row.number, title=title_of(row.text), unit=row.unit.name,
        lead_unit=row.lead_unit.name if row.lead_unit else "", state=look(row.state), due_on=row.due_on,
        light=light_of(row.state, due_on=row.due_on, on=on, days=days), last_on=row.last_on,
        last_text=row.last_text or "", last_person=row.last_person or "",
        quiet_days=(on - (row.last_on or row.given_on or on)).days, revision=row.revision,
        may_report=actor.role in UNIT_ROLES and is_own,
    )  # fmt: skip
