"""The lights of rules/lights.py as conditions on findings, so that lists and counts agree with each row's."""

from datetime import date, timedelta

from django.db.models import Q

from bihuan.queries.findings.profiles import profiles_in_use, under
from bihuan.rules.lifecycle import UNFINISHED
from bihuan.rules.lights import LightDays

SHOWN = ("overdue", "soon", "near")


def lit(light: str, *, on: date) -> Q:
    """The findings whose light is that one (overdue, soon, near) on that day."""
    if light == "overdue":
        return Q(state__in=UNFINISHED, due_on__lt=on)
    found = Q(pk__in=[])
    for profile in profiles_in_use():
        found |= under(profile) & Q(state__in=UNFINISHED, due_on__range=_range(light, profile.lights, on))
    return found


def _range(light: str, days: LightDays, on: date) -> tuple[date, date]:
    soon, near = on + timedelta(days=days.soon), on + timedelta(days=days.near)
    return (on, soon) if light == "soon" else (soon + timedelta(days=1), near)
