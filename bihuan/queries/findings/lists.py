"""Findings as lists with counts; every read starts at visible_to. Labels are Chinese, translated at the door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from bihuan.models import Finding, Inspection, Organization
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries.findings.narrowing import FindingFilters, narrowed, states_of
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.lights import Light, light_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class FindingRow:
    """One line of the list."""

    id: UUID
    number: str
    title: str
    text: str
    unit: str
    category: str
    state: StateLook
    due_on: date | None
    light: Light
    is_overdue: bool
    days_left: int | None
    revision: int


@dataclass(frozen=True)
class StateCount:
    """How many findings are in a state."""

    state: StateLook
    n: int


@dataclass(frozen=True)
class UnitChoice:
    """A unit that leads at least one visible finding."""

    id: UUID
    name: str


@dataclass(frozen=True)
class FindingList:
    """One page of the list with the counts of the same filter without its state."""

    rows: tuple[FindingRow, ...]
    counts: tuple[StateCount, ...]
    units: tuple[UnitChoice, ...]
    total: int
    matched: int
    page: int
    pages: int
    filters: FindingFilters = field(default_factory=FindingFilters)


def findings_for(actor: Actor, *, filters: FindingFilters, on: date, page: int = 1) -> FindingList:
    """One page of findings, newest number last, with counts by state that use the same filter without the state."""
    visible = Finding.objects.visible_to(actor.scope)
    found = narrowed(visible, filters=filters, actor=actor, on=on)
    counts = dict(found.order_by().values_list("state").annotate(n=Count("id")))
    chosen = _in_state(found, filters)
    matched = sum(n for state, n in counts.items() if not filters.state or state in states_of(filters.state))
    pages = max(1, -(-matched // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = tuple(_rows(chosen.order_by("number")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], on))
    return FindingList(
        rows=rows,
        counts=tuple(
            StateCount(look(state.code), counts[state.code]) for state in FINDING.states if state.code in counts
        ),
        units=_units(visible),
        total=visible.count(),
        matched=matched,
        page=page,
        pages=pages,
        filters=filters,
    )


def all_findings_for(actor: Actor, *, filters: FindingFilters, on: date) -> Iterator[FindingRow]:
    """Every row of the filter, for the export; the same gate and the same filter as the list."""
    chosen = narrowed(Finding.objects.visible_to(actor.scope), filters=filters, actor=actor, on=on)
    yield from _rows(_in_state(chosen, filters).order_by("number"), on)


def _in_state(rows: VisibleQuerySet[Finding], filters: FindingFilters) -> VisibleQuerySet[Finding]:
    return rows.filter(state__in=states_of(filters.state)) if filters.state else rows


def _rows(found: VisibleQuerySet[Finding], on: date) -> Iterator[FindingRow]:
    usual = profiles_in_use()[0].name
    profile = Inspection.objects.filter(pk=OuterRef("inspection_id")).values("profile")
    for row in found.select_related("unit").annotate(profile=Subquery(profile)):
        days = profile_named(row.profile or usual).lights
        yield FindingRow(
            id=row.pk,
            number=row.number,
            title=title_of(row.text),
            text=row.text,
            unit=row.unit.name,
            category=row.category,
            state=look(row.state),
            due_on=row.due_on,
            light=light_of(row.state, due_on=row.due_on, on=on, days=days),
            is_overdue=is_overdue(row.state, due_on=row.due_on, on=on),
            days_left=(row.due_on - on).days if row.due_on else None,
            revision=row.revision,
        )


def _units(visible: VisibleQuerySet[Finding]) -> tuple[UnitChoice, ...]:
    ids = visible.order_by().values("unit_id").distinct()
    return tuple(UnitChoice(unit.pk, unit.name) for unit in Organization.objects.filter(pk__in=ids).order_by("lo"))
