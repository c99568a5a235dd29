"""Rows of rounds and inspections, for every page that lists some."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from bihuan.models import Finding, Inspection, Round
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries.looks import StateLook, look
from bihuan.queries.standing import profile_named
from bihuan.rules.access import PLANS_ROUNDS, Actor
from bihuan.rules.lifecycle import INSPECTION


@dataclass(frozen=True)
class RoundRow:
    """One round in a list."""

    id: UUID
    name: str
    kind_label: str
    n_inspections: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class InspectionRow:
    """One inspection in a list; `n_findings` counts those the actor may see."""

    id: UUID
    unit: str
    team: str
    number: str
    state: StateLook
    arrives_on: date | None
    leaves_on: date | None
    n_findings: int


def rounds_within(rounds: VisibleQuerySet[Round], *, by: Actor) -> tuple[RoundRow, ...]:
    """Those of the rounds that the actor may see, the latest first; none for who does not plan rounds."""
    if by.role not in PLANS_ROUNDS:
        return ()
    found = rounds.visible_to(by.scope).annotate(n_inspections=Count("inspections")).order_by("-year", "-number")
    return tuple(
        RoundRow(row.pk, row.name, kind_label(row), row.n_inspections, row.starts_on, row.ends_on) for row in found
    )


def inspections_within(inspections: QuerySet[Inspection], *, by: Actor) -> tuple[InspectionRow, ...]:
    """Those rows, which the caller has narrowed to what the actor may see, with their findings counted."""
    rows = list(inspections.select_related("unit", "team").order_by("-year", "-round_number", "unit_lo"))
    found = Finding.objects.visible_to(by.scope).filter(inspection__in=rows).exclude(state="withdrawn")
    counts = dict(found.order_by().values_list("inspection").annotate(n=Count("pk")))
    return tuple(
        InspectionRow(
            row.pk,
            row.unit.name,
            row.team.name,
            f"{row.office_word}〔{row.year}〕{row.round_number}",
            look_of(row.state),
            row.arrives_on,
            row.leaves_on,
            counts.get(row.pk, 0),
        )
        for row in rows
    )


def kind_label(row: Round) -> str:
    """The round's kind in Chinese, as its profile calls it."""
    return profile_named(row.profile).kinds[row.kind].label["zh"]


def look_of(state: str) -> StateLook:
    """The words, shape and tone of an inspection's state."""
    return look(state, machine=INSPECTION)
