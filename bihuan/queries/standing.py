"""The facts of an inspection that decide how an actor stands to it and to everything that belongs to it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from bihuan.models import Assignment, Finding, FindingUnit, Inspection, Post
from bihuan.rules import profile as profiles
from bihuan.rules.access import Actor
from bihuan.rules.profile import Profile
from bihuan.rules.recusal import must_recuse

# The profiles that a round can have, the usual one first.
ROUND_PROFILES = ("county",)
NOBODY: Mapping[UUID, int] = MappingProxyType({})


@dataclass(frozen=True)
class InspectionStanding:
    """What rules.access.stands_as asks: the unit and its place, the acting post's assignment, the two chains."""

    unit: UUID
    unit_lo: int
    is_assigned: bool
    plan_reviewers: tuple[str, ...]
    closing_signers: tuple[str, ...]
    helping_units: frozenset[UUID] = field(default_factory=frozenset)
    helping_los: frozenset[int] = field(default_factory=frozenset)


def standing_of(
    inspection_id: UUID, *, unit_id: UUID, unit_lo: int, profile: str, actor: Actor,
    helping: Mapping[UUID, int] = NOBODY,
) -> InspectionStanding:  # fmt: skip
    """How things stand between the actor and an inspection of that unit under that profile; one query."""
    chosen = profile_named(profile)
    return InspectionStanding(
        unit=unit_id,
        unit_lo=unit_lo,
        is_assigned=Assignment.objects.filter(inspection_id=inspection_id, post_id=actor.post).exists(),
        plan_reviewers=chosen.plan_reviewers,
        closing_signers=chosen.closing_signers,
        helping_units=frozenset(helping),
        helping_los=frozenset(helping.values()),
    )


def standing_to(row: Any, *, by: Actor, profile: str = "") -> InspectionStanding:
    """How the actor stands to a placed row: by its inspection and unit. Unseen inspections count as of the county.

    `profile`: that of the inspection, where the caller knows it already.
    """
    found = profile or (
        Inspection.objects.visible_to(by.scope).filter(pk=row.inspection_id).values_list("profile", flat=True).first()
    )
    return standing_of(
        row.inspection_id, unit_id=row.unit_id, unit_lo=row.unit_lo, profile=found or "county", actor=by,
        helping=_helping(row) if isinstance(row, Finding) else NOBODY,
    )  # fmt: skip


def _helping(row: Finding) -> Mapping[UUID, int]:
    """The units that help, and the one that leads in place of the inspected one, each with its place in the tree."""
    helping = dict(FindingUnit.objects.helping().filter(finding=row).values_list("helper_id", "helper__lo"))
    return helping | ({row.lead_unit.pk: row.lead_unit.lo} if row.lead_unit else {})


def recused(*, accounts: Collection[UUID], units: Collection[UUID], on: date) -> frozenset[tuple[UUID, UUID]]:
    """Of these accounts and units the pairs in which the person must recuse: the one place that asks (回避)."""
    held: dict[tuple[UUID, UUID], list[tuple[str, date | None]]] = defaultdict(list)
    there = Post.objects.filter(account__in=accounts, organization__in=units, starts_on__lte=on)
    for account, unit, role, ended in there.values_list("account_id", "organization_id", "role", "ends_on"):
        held[account, unit].append((role, ended))
    return frozenset(pair for pair, posts in held.items() if must_recuse(posts, on=on))


def profile_of(row: Any) -> Profile:
    """The profile that the inspection of a placed row began with."""
    found = Inspection.objects.filter(pk=row.inspection_id).values_list("profile", flat=True).first()
    return profile_named(found or "county")


@lru_cache(maxsize=32)
def profile_named(name: str) -> Profile:
    """The packaged profile of that name, parsed once. ProfileInvalid when there is none."""
    return profiles.load_profile(name)
