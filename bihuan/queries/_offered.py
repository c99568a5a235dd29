"""The rounds and units that a list offers to be narrowed to, and what lies under a unit in the tree."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from bihuan.models import Inspection, Organization
from bihuan.rules.access import Actor

# Nobody chooses from a longer list; and writing it would take longer than finding the rows.
MOST_UNITS = 200


@dataclass(frozen=True)
class UnitChoice:
    """A unit that was inspected, or above such units, as far as that may be known."""

    id: UUID
    name: str


@dataclass(frozen=True)
class RoundChoice:
    """A round in which one of them was inspected."""

    id: UUID
    name: str


def rounds_offered(actor: Actor) -> tuple[RoundChoice, ...]:
    """The rounds of the inspections within sight, the latest first."""
    seen = Inspection.objects.visible_to(actor.scope).order_by("-year", "-round_number")
    found = seen.values_list("round_id", "office_word", "year", "round_number").distinct()
    return tuple(RoundChoice(key, f"{word}〔{year}〕{number}") for key, word, year, number in found)


def units_offered(actor: Actor) -> tuple[UnitChoice, ...]:
    """The units inspected within sight in the order of the tree; where these are very many, the levels above them."""
    inspected = Inspection.objects.visible_to(actor.scope).filter(unit=OuterRef("pk"))
    units = _few(Q(Exists(inspected)))
    if len(units) <= MOST_UNITS:
        return units
    below = Organization.objects.filter(parent=OuterRef("pk"))
    return _few(Q(Exists(below), lo__range=(actor.scope.lo, actor.scope.hi)))[:MOST_UNITS]


def under(unit: UUID) -> Q:
    """The rows of the unit and of all below it, by their places in the tree."""
    bounds = Organization.objects.filter(pk=unit).values_list("lo", "hi").first()
    return Q(unit_lo__range=bounds) if bounds else Q(pk__in=[])


def _few(wanted: Q) -> tuple[UnitChoice, ...]:
    found = Organization.objects.filter(wanted).order_by("lo").values_list("pk", "name")
    return tuple(UnitChoice(*one) for one in found[: MOST_UNITS + 1])
