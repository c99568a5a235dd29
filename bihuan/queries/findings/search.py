"""Findings whose text or number holds what was typed, as plain text; what a word is too short or too common for.

The index is reached by findings_with (decision 0012). A word that more findings hold than are worth naming one by
one is looked for while a list is walked in its own order: there it soon finds a page.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from bihuan.queries._arrays import one_of

SHORTEST = 2
LONGEST = 200
# More findings than these are not named one by one; so many are counted exactly too (tallies.EXACT).
NAMED = 3_000


def typed(query: str) -> str:
    """What was typed, as it is searched for: without the spaces around it and no longer than a line."""
    return query.replace("\0", "").strip()[:LONGEST]


def is_too_short(query: str) -> bool:
    """Whether it was a single character, which nearly every finding holds."""
    return 0 < len(typed(query)) < SHORTEST


@dataclass(frozen=True)
class Word:
    """What was looked for as a condition, and whether more findings hold it than are named one by one."""

    condition: Q
    is_common: bool = False


def holding(query: str) -> Word:
    """The findings that hold it; of a single character none, and the page says why."""
    wanted = typed(query)
    if len(wanted) < SHORTEST:
        return Word(Q(pk__in=[]))
    with connection.cursor() as cursor:
        cursor.execute("select findings_with(%s, %s)", [wanted, NAMED + 1])
        found = [row[0] for row in cursor.fetchall()]
    if len(found) <= NAMED:
        return Word(Q(one_of(found)))
    return Word(Q(text__contains=wanted) | Q(number__contains=wanted), is_common=True)
