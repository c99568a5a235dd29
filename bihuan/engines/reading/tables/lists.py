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


def tied(mirror: str, rows: Sequence[Item], entries: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The rows, each with what lists in words say of it, and the entries that are no row.

    An entry that lists in words made of a whole row of a table, its cells and all, tells of that row.
    """
    told, others = list(rows), []
    for entry in entries:
        begin, end = entry.finding
        row = next((at for at, one in enumerate(rows) if begin <= one.finding[0] and one.finding[1] <= end), None)
        if row is None or "\t" not in mirror[begin:end]:
            others.append(entry)
        else:
            told[row] = _filled(told[row], entry)
    return told, others


def _filled(row: Item, entry: Item) -> Item:
    return replace(
        row, measures=row.measures or entry.measures, results=row.results or entry.results,
        responsible=row.responsible or entry.responsible, deadline=row.deadline or entry.deadline,
    )  # fmt: skip


def _both(one: Item, other: Item) -> Item:
    says = one if one.state != UNSTATED else other
    return replace(
        one, measures=one.measures + other.measures, results=one.results + other.results, more=one.more or other.more,
        responsible=one.responsible + other.responsible, deadline=one.deadline + other.deadline, state=says.state,
        state_span=says.state_span, is_common=other.is_common if one.is_common is None else one.is_common,
    )  # fmt: skip
