"""Joins what several tables say of one finding: a plan has a list of findings, one of tasks, one of persons."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.items.states import UNSTATED
from bihuan.engines.reading.shapes import Item

_MOSTLY = 0.4


def mostly_tables(text: str, tables: Sequence[Table]) -> bool:
    """The tables are the document; what stands around them only explains them."""
    return sum(len(text[slice(*table.span)].strip()) for table in tables) >= _MOSTLY * len(text.strip())


def joined(text: str, items: Sequence[Item], tables: Sequence[Table]) -> list[Item]:
    """The items, one for each finding; within one table a finding told twice (of two villages) stays two."""
    first: dict[str, int] = {}
    kept: list[Item] = []
    origins: list[int] = []
    begins = sorted(table.span[0] for table in tables)
    for item in items:
        origin = bisect_right(begins, item.finding[0])
        at = first.setdefault(re.sub(r"\s", "", text[slice(*item.finding)]), len(kept))
        if at < len(kept) and origins[at] != origin:
            kept[at] = _both(kept[at], item)
        else:
            kept.append(item)
            origins.append(origin)
    return kept


def _both(one: Item, other: Item) -> Item:
    says = one if one.state != UNSTATED else other
    return replace(
        one, measures=one.measures + other.measures, results=one.results + other.results, more=one.more or other.more,
        responsible=one.responsible + other.responsible, deadline=one.deadline + other.deadline, state=says.state,
        state_span=says.state_span, is_common=other.is_common if one.is_common is None else one.is_common,
    )  # fmt: skip
