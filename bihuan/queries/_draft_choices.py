"""What can be chosen for a draft or a finding: categories of the taxonomy, units that lead or help."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from bihuan.models import Feedback, Organization
from bihuan.queries.standing import profile_of
from bihuan.rules.profile import Taxonomy
from bihuan.rules.vocabulary import SECRECY_ORDINARY

VILLAGES = ("village", "township")
# Those who inspect do not help to put right what they found.
INSPECTING = ("leading_group", "inspection_office", "inspection_team", "discipline_room")


@dataclass(frozen=True)
class UnitName:
    """A unit that leads or helps."""

    id: UUID
    name: str


@dataclass(frozen=True)
class CategoryChoice:
    """One class of the lowest level, with the class above it; `labels` and `above` by language."""

    code: str
    labels: Mapping[str, str]
    above_code: str
    above: Mapping[str, str]


@dataclass(frozen=True)
class DraftChoices:
    """What can be chosen for a draft. `lead_units`: the inspected unit first; none on the head's own part."""

    categories: tuple[CategoryChoice, ...]
    lead_units: tuple[UnitName, ...]
    helping_units: tuple[UnitName, ...]


def names_of(rows: QuerySet[Organization]) -> dict[UUID, UnitName]:
    """Their names by id, in the order of the tree."""
    return {pk: UnitName(pk, name) for pk, name in rows.order_by("lo").values_list("pk", "name")}


def draft_choices(feedback: Feedback, *, taxonomy: Taxonomy | None = None) -> DraftChoices:
    """What can be chosen for the drafts of this feedback; classes for villages only where there are villages."""
    unit = feedback.unit
    chosen = taxonomy or profile_of(feedback).taxonomy
    categories = _categories(chosen, with_villages=unit.organization_class in VILLAGES)
    if feedback.secrecy != SECRECY_ORDINARY:
        return DraftChoices(categories, (), ())
    living = (
        Organization.objects.filter(ended_on=None).order_by("lo").values_list("pk", "name", "lo", "organization_class")
    )
    every = [(UnitName(pk, name), lo, kind) for pk, name, lo, kind in living]
    below = tuple(one for one, lo, _kind in every if unit.lo <= lo <= unit.hi)
    helping = tuple(one for one, _lo, kind in every if one.id != unit.pk and kind not in INSPECTING)
    return DraftChoices(categories, below, helping)


def _categories(taxonomy: Taxonomy, *, with_villages: bool) -> tuple[CategoryChoice, ...]:
    lowest = taxonomy.lowest
    paths = [taxonomy.path(code) for code in taxonomy.categories if code in lowest]
    return tuple(
        CategoryChoice(path[-1].code, dict(path[-1].label), path[-2].code, dict(path[-2].label))
        for path in paths
        if with_villages or not any(category.overlay for category in path)
    )
