"""How many findings there are of each state, counted to the end only while that is quick, in one statement."""

from dataclasses import dataclass

from django.db import connection

from bihuan.models import Finding
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._compiled import compiled

# Up to so many findings every count is exact; beyond, "at least" is all that a page says.
EXACT = 3_000
_TALLY = """
with few as materialized (%(few)s)
select state, count(*) from few group by state union all select '*', %(seen)s
"""
_SEEN = "count(*) from (%(rows)s) seen"


@dataclass(frozen=True)
class Tally:
    """Findings by state, as far as they were counted, and how many are within sight at all."""

    by_state: dict[str, int]
    is_exact: bool
    seen: int
    is_seen_exact: bool

    def of(self, states: tuple[str, ...]) -> int:
        """How many of those counted are in these states."""
        return sum(self.by_state.get(state, 0) for state in states)


def tally_of(found: VisibleQuerySet[Finding], *, visible: VisibleQuerySet[Finding], upto: int = EXACT) -> Tally:
    """Count what was `found` by state, up to so many, and all that is `visible`."""
    few, given = compiled(found.order_by().values("state")[: upto + 1])
    everything, more = compiled(visible.order_by().values("pk")[: EXACT + 1])
    is_all = found is visible
    with connection.cursor() as cursor:
        seen = "count(*) from few" if is_all else _SEEN % {"rows": everything}
        cursor.execute(_TALLY % {"few": few, "seen": seen}, [*given, *(() if is_all else more)])
        numbers = dict(cursor.fetchall())
    total = numbers.pop("*")
    return Tally(numbers, sum(numbers.values()) <= upto, min(total, EXACT), total <= EXACT)
