"""Rows of many kinds, counted in one statement and only so far: beyond, "at least" is all that is said.

Every kind is a branch of its own that ends when it has found enough: an OR would make the database read it all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bihuan.queries._compiled import compiled

# Nobody works through more than this: what there is beyond is not counted.
MOST = 300
_COUNTED = "select %s, count(*), count(distinct line) from (ROWS) few (line)"


@dataclass(frozen=True)
class Tally:
    """How many rows there are, how many different ones, and whether there may be more of them."""

    n: int = 0
    different: int = 0
    is_least: bool = False


def counted(kinds: Sequence[QuerySet[Any, Any]]) -> list[Tally]:
    """Count the rows of each kind, which have one column; in the order of the kinds. A slice is counted to its end."""
    if not kinds:
        return []
    few = [rows if rows.query.is_sliced else rows.order_by()[:MOST] for rows in kinds]
    texts, given = [], list[Any]()
    for number, rows in enumerate(few):
        sql, values = compiled(rows)
        texts.append(_COUNTED.replace("ROWS", sql))
        given += [number, *values]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(texts), given)
        found = {number: (n, different) for number, n, different in cursor.fetchall()}
    return [Tally(*found[number], found[number][0] == rows.query.high_mark) for number, rows in enumerate(few)]
