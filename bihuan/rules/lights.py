"""How near a time limit is, as a light: none, far, near, soon, overdue. Computed for a day, never stored.

The days are data of a profile. Basis: 各地预警三色做法（蓝、黄、红）; overdue is said of what is unfinished alone.
"""

from dataclasses import dataclass
from datetime import date

from bihuan.rules.lifecycle import UNFINISHED
from bihuan.rules.time_limits import Certainty
from bihuan.rules.vocabulary import N_


@dataclass(frozen=True, slots=True)
class LightDays:
    """From how many days before the limit a light is near (蓝) and soon (黄)."""

    near: int
    soon: int
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Light:
    """One light: code, Chinese word, shape and tone; cinnabar is the tone of overdue alone."""

    code: str
    label: str
    shape: str
    tone: str


LIGHTS = {
    light.code: light
    for light in (
        Light("none", "", "", ""),
        Light("far", N_("时限未近"), "○", "far"),
        Light("near", N_("临近时限"), "◔", "near"),
        Light("soon", N_("即将到期"), "◑", "soon"),
        Light("overdue", N_("逾期"), "▲", "overdue"),
    )
}


def light_of(state: str, *, due_on: date | None, on: date, days: LightDays) -> Light:
    """The light of a finding in that state on that day; none without a limit, and none once nothing is left to do."""
    if due_on is None or state not in UNFINISHED:
        return LIGHTS["none"]
    left = (due_on - on).days
    if left < 0:
        return LIGHTS["overdue"]
    if left <= days.soon:
        return LIGHTS["soon"]
    return LIGHTS["near"] if left <= days.near else LIGHTS["far"]
