"""Who may not inspect a unit because of posts held there; kinship and shares need what people declare, not here.

Basis: 中国共产党巡视工作条例 (2024) 第十二条（任职回避）; the number of years is this software's own (decision 0003).
"""

from collections.abc import Iterable
from datetime import date

from bihuan.rules.vocabulary import UNIT_ROLES

RECUSAL_YEARS = 3


def must_recuse(held: Iterable[tuple[str, date | None]], *, on: date) -> bool:
    """True when one of the posts (role, last day) held in the unit is a unit post that ended under three years ago."""
    return any(
        role in UNIT_ROLES and (ended is None or _years_later(ended, years=RECUSAL_YEARS) > on) for role, ended in held
    )


def _years_later(day: date, *, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
