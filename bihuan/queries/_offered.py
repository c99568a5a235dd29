"""The rounds and units that a list offers to be narrowed to, and what lies under a unit in the tree."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from bihuan.models import Inspection, Organization
from bihuan.queries._compiled import compiled
from bihuan.rules.access import REACH, Actor

# Nobody chooses from a longer list; and writing it would take longer than finding the rows.
MOST_UNITS = 200
_ROUND = ("round_id", "office_word", "year", "round_number")
_ONE_BY_ONE = """
with recursive seen (round_id, word, year, number) as (
  (%(first)s) union all select beyond.* from seen cross join lateral (%(following)s) beyond
)
select round_id, word, year, number from seen order by year desc, number desc
"""


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
    return tuple(RoundChoice(key, f"{word}〔{year}〕{number}") for key, word, year, number in rounds_seen(actor))


def rounds_seen(actor: Actor) -> list[tuple[UUID, str, int, int]]:
    """Each of these rounds with word, year and number, the latest first.

    Who sees the whole county finds one inspection of each round at once; others have all theirs looked through.
    """
    seen = Inspection.objects.visible_to(actor.scope)
    if REACH[actor.role].range != "county":
        return list(seen.order_by("-year", "-round_number").values_list(*_ROUND).distinct())
    beyond = RawSQL('"inspection"."round_id" > seen.round_id', [], output_field=BooleanField())
    first, given = compiled(seen.order_by("round_id").values_list(*_ROUND)[:1])
    following, more = compiled(seen.filter(beyond).order_by("round_id").values_list(*_ROUND)[:1])
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE % {"first": first, "following": following}, [*given, *more])
        return list(cursor.fetchall())


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
