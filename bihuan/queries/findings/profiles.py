"""Which profile stands behind a finding, as a condition: chains and lights are data of its inspection's profile."""

from django.db.models import Q

from bihuan.models import Inspection
from bihuan.queries.standing import ROUND_PROFILES, profile_named
from bihuan.rules.profile import Profile


def profiles_in_use() -> tuple[Profile, ...]:
    """Every profile that a round can have, the usual one first."""
    return tuple(map(profile_named, ROUND_PROFILES))


def under(profile: Profile) -> Q:
    """Findings of inspections under that profile; an inspection that is not seen counts as of the usual one."""
    others = ROUND_PROFILES[1:]
    if profile.name in others:
        return Q(inspection_id__in=Inspection.objects.filter(profile=profile.name).values("id"))
    return ~Q(inspection_id__in=Inspection.objects.filter(profile__in=others).values("id")) if others else Q()
