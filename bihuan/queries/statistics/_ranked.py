"""The units of one page of figures, ranked in the database by sums kept for that; few units are ranked elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from bihuan.queries._compiled import compiled
from bihuan.queries.statistics.flows import folded_until, narrowed_flows
from bihuan.queries.statistics.groups import FINDINGS, USUAL
from bihuan.rules.access import REACH, Actor
from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.metrics import SUM_OF_GIVEN
from bihuan.rules.vocabulary import SECRECY_ORDINARY

# Units with equally many findings stand as in the tree.
_ORDER: Mapping[str, str] = {USUAL: "units.lo", FINDINGS: "units.n desc, units.lo"}
_PAGE = """
with units (lo, n) as materialized (%(units)s), whole as (select count(*) as n from units)
select units.lo, whole.n from units, whole order by %(order)s
limit %%s offset (select greatest(least(%%s, (n + %%s - 1) / %%s) - 1, 0) * %%s from whole)
"""


@dataclass(frozen=True)
class RankedUnits:
    """The places in the tree of the units of a page, in their order, and how many units have a line at all."""

    los: tuple[int, ...]
    n: int


def ranked_units(
    actor: Actor, *, on: date, narrowed: Mapping[str, Any], sort: str, page: int, size: int
) -> RankedUnits:
    """That page of the units with something to rectify at the end of the day, the last one for a page beyond it."""
    rows = narrowed_flows(actor.scope, narrowed=narrowed).filter(_given(on, narrowed)).order_by()
    units, given = compiled(rows.values("unit_lo").annotate(n=Sum("n")).filter(n__gt=0).values_list("unit_lo", "n"))
    with connection.cursor() as cursor:
        cursor.execute(_PAGE % {"units": units, "order": _ORDER[sort]}, [*given, size, page, size, size, size])
        found = cursor.fetchall()
    return RankedUnits(tuple(lo for lo, _ in found), found[0][1] if found else 0)


def is_ranked(actor: Actor, *, by: str) -> bool:
    """Whether there may be very many groups: units, for who sees those of the county."""
    return by == "unit" and REACH[actor.role].range == "county"


def _given(on: date, narrowed: Mapping[str, Any]) -> Q:
    """What was given, ever less withdrawn; the sums kept for it know no category."""
    folded, new = folded_until(on), Q(grain="new", starts_on__lte=on)
    each = Q(level="each", figure__in=GIVEN)
    if "category" in narrowed:
        return each & (folded | new)
    summed = Q(folded, level="given", figure=SUM_OF_GIVEN)
    return summed | Q(each, folded, secrecy__gt=SECRECY_ORDINARY) | Q(each, new)
