"""The orders of a list of findings, and how a page is found again by its edges, not by counting rows to it.

Every order ends with the number, so that no two rows tie; each walks along an index of models/_orders.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Expression,
    F,
    Func,
    IntegerField,
    Value,
)

from bihuan.models import Finding
from bihuan.models._orders import BY_LIFECYCLE, LAST_IF_NONE
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._arrays import among
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import N_

PARTED = "~"
USUAL = "number"


def _said(sql: str, column: str, kind: Any) -> Func:
    return Func(F(column), template=sql.format("%(expressions)s"), output_field=kind)


RANK = _said(BY_LIFECYCLE, "state", IntegerField())
RANKS = {state.code: rank for rank, state in enumerate(FINDING.states)}


@dataclass(frozen=True)
class Order:
    """One order: its words, what it sorts by, how the edge of a page is read; `turned`: small values come last."""

    label: str
    by: Any
    kind: Any
    read: Callable[[str], Any]
    turned: bool = False


ORDERS: Mapping[str, Order] = {
    "number": Order(N_("编号"), F("number"), CharField(), str),
    "unit": Order(N_("责任单位"), F("unit_lo"), IntegerField(), int),
    "category": Order(N_("类别"), F("category"), CharField(), str),
    "state": Order(N_("状态"), RANK, IntegerField(), int),
    "due": Order(N_("时限"), _said(LAST_IF_NONE, "due_on", DateField()), DateField(), date.fromisoformat),
    "opened": Order(
        N_("已过天数"), _said(LAST_IF_NONE, "given_on", DateField()), DateField(), date.fromisoformat, turned=True
    ),
}
# What an address may say: each order, and with a minus the other way round.
SORTS = tuple(f"{sign}{code}" for code in ORDERS for sign in ("", "-"))


@dataclass(frozen=True)
class Turn:
    """Where in a list to stand: behind one edge, before another, at its end, or at a page counted from the first."""

    sort: str = USUAL
    page: int = 1
    after: str = ""
    before: str = ""
    last: bool = False


@dataclass(frozen=True)
class Leaf:
    """The rows of one page in their order, and whether there are any before and behind them."""

    rows: tuple[Any, ...]
    has_before: bool
    has_after: bool


class _Beyond(Func):
    """Both columns as one value, compared with the edge: the index is entered there."""

    def __init__(self, by: Any, *, sign: str, edge: tuple[Any, str], kind: Any) -> None:
        self.sign = sign
        super().__init__(by, F("number"), Value(edge[0], kind), Value(edge[1]), output_field=BooleanField())

    conditional = True

    def as_sql(self, compiler: Any, *_given: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """(by, number) > (edge, edge's number)."""
        said = [compiler.compile(part) for part in self.source_expressions]
        by, number, edge, edge_number = (sql for sql, _ in said)
        return f"({by}, {number}) {self.sign} ({edge}, {edge_number})", tuple(
            value for _, values in said for value in values
        )


def sort_of(sort: str) -> tuple[Order, bool]:
    """The order that a code names, and whether the index is walked from its end; the usual one for an unknown code."""
    code = sort.removeprefix("-")
    order = ORDERS.get(code, ORDERS[USUAL])
    return order, (sort.startswith("-") and code in ORDERS) != order.turned


def edge_of(row: Any) -> str:
    """What a page's address says of its first or last row."""
    return f"{row.edge}{PARTED}{row.number}"


def sorted_by(rows: VisibleQuerySet[Finding], *, sort: str, backwards: bool = False) -> VisibleQuerySet[Finding]:
    """The rows in that order, each with its own place in it."""
    order, descends = sort_of(sort)
    by = order.by.desc() if descends != backwards else order.by.asc()
    number = F("number").desc() if descends != backwards else F("number").asc()
    by_number = order is ORDERS[USUAL]
    placed: Any = rows.annotate(edge=order.by).order_by(*((number,) if by_number else (by, number)))
    return cast(VisibleQuerySet[Finding], placed)


def leaf_of(
    rows: VisibleQuerySet[Finding],
    *,
    turn: Turn,
    size: int,
    matched: int | None,
    few: VisibleQuerySet[Finding] | None,
    read: Sequence[str],
) -> Leaf:
    """The page to which was turned; `matched`: how many rows there are, where that was counted to the end.

    `few`: all that the reader sees, where that is known to be little. `read`: the columns that a row is to have.
    """
    for edge, backwards in ((turn.after, False), (turn.before, True)):
        beyond = _beyond(turn.sort, edge, backwards=backwards) if edge else None
        if beyond is not None:
            found = _first(rows.filter(beyond), turn.sort, size + 1, backwards=backwards, few=few, read=read)
            ahead = Leaf(tuple(found[:size]), has_before=True, has_after=len(found) > size)
            return _backwards(found, size, has_after=True) if backwards else ahead
    if turn.last:
        rest = size if matched is None else matched % size or size
        return _backwards(_first(rows, turn.sort, rest + 1, backwards=True, few=few, read=read), rest, has_after=False)
    skipped = (max(1, turn.page) - 1) * size
    found = _first(rows, turn.sort, skipped + size + 1, few=few, read=read, skipped=skipped)
    return Leaf(tuple(found[:size]), has_before=skipped > 0, has_after=len(found) > size)


def _first(
    rows: VisibleQuerySet[Finding],
    sort: str,
    n: int,
    *,
    backwards: bool = False,
    few: VisibleQuerySet[Finding] | None,
    read: Sequence[str],
    skipped: int = 0,
) -> list[Any]:
    """The first rows in that order.

    Who sees little has it taken out first and then sorted: walking along an index would pass by a million rows of
    others. Who sees much finds them soon by walking. What belongs to a row is joined to the rows of the page alone.
    """
    if few is not None:
        rows = rows.filter(among(few))
    page = sorted_by(rows, sort=sort, backwards=backwards).values("pk")[skipped:n]
    chosen = Finding.objects.filter(pk__in=page)  # within sight already, as `rows` are
    return list(sorted_by(chosen, sort=sort, backwards=backwards).values_list(*read, named=True))


def _backwards(found: list[Any], size: int, *, has_after: bool) -> Leaf:
    return Leaf(tuple(reversed(found[:size])), has_before=len(found) > size, has_after=has_after)


def _beyond(sort: str, edge: str, *, backwards: bool) -> Expression | None:
    """What lies beyond an edge; None for an edge that nobody of ours has written."""
    order, descends = sort_of(sort)
    said, parted, number = edge.rpartition(PARTED)
    try:
        value = order.read(said)
    except ValueError:
        return None
    if not parted:
        return None
    return _Beyond(order.by, sign="<" if descends != backwards else ">", edge=(value, number), kind=order.kind)
