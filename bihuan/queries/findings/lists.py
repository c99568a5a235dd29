"""Findings as lists with counts; every read starts at visible_to. Labels are Chinese, translated at the door."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from bihuan.models import Finding
from bihuan.queries._arrays import one_of
from bihuan.queries._offered import RoundChoice, UnitChoice, rounds_offered, units_offered
from bihuan.queries.findings import ordering
from bihuan.queries.findings.columns import IN_SHEETS
from bihuan.queries.findings.lines import FindingRow, Line, whole
from bihuan.queries.findings.narrowing import FindingFilters, in_state, narrowed, states_of
from bihuan.queries.findings.ordering import Turn, edge_of, leaf_of, sorted_by
from bihuan.queries.findings.planned import NOTHING, beside_of
from bihuan.queries.findings.search import is_too_short
from bihuan.queries.findings.tallies import EXACT, tally_of
from bihuan.queries.looks import StateLook, look
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import MARKS

PAGE_SIZE = 50
# So many at once: what they hang on is read for all of them together.
PIECE = 10_000
READ = (
    "id", "number", "text", "category", "state", "due_on", "given_on", "revision", *MARKS,
    "unit__name", "lead_unit__name", "inspection__profile", "inspection__year", "inspection__round_number",
    "inspection__office_word",
)  # fmt: skip


@dataclass(frozen=True)
class StateCount:
    """How many findings are in a state."""

    state: StateLook
    n: int


@dataclass(frozen=True)
class FindingList:
    """One page of the list with the counts of the same filter without its state.

    Where counting to the end would take long, `total`, `matched` and `pages` are the least that there are, and nothing
    is counted by state. `next` and
    `previous` are the edges of this page, for `after` and `before`; empty at the ends.
    """

    rows: tuple[FindingRow, ...]
    counts: tuple[StateCount, ...]
    units: tuple[UnitChoice, ...]
    total: int
    matched: int
    page: int
    pages: int
    filters: FindingFilters = field(default_factory=FindingFilters)
    rounds: tuple[RoundChoice, ...] = ()
    sort: str = ordering.USUAL
    next: str = ""
    previous: str = ""
    total_is_least: bool = False
    matched_is_least: bool = False
    too_short: bool = False


FIRST = Turn()


def findings_for(
    actor: Actor, *, filters: FindingFilters, on: date, page: int = 1, turn: Turn | None = None
) -> FindingList:
    """One page of findings, with counts by state that use the same filter without the state.

    `turn` says the order and where to stand; without it `page` pages from the first, by number.
    """
    turn = turn or Turn(page=page)
    visible = Finding.objects.visible_to(actor.scope)
    found = narrowed(visible, filters=filters, actor=actor, on=on)
    tally = tally_of(found.rows, visible=visible, upto=PAGE_SIZE if found.by_common_word else EXACT)
    matched = tally.of(states_of(filters.state) if filters.state else tuple(tally.by_state))
    pages = max(1, -(-matched // PAGE_SIZE))
    if tally.is_exact:
        turn = replace(turn, page=min(turn.page, pages))
    chosen = in_state(found.rows, code=filters.state)
    exact = matched if tally.is_exact else None
    few = visible if tally.is_seen_exact else None
    leaf = leaf_of(chosen, turn=turn, size=PAGE_SIZE, matched=exact, few=few, read=(*READ, "edge"))
    return FindingList(
        rows=tuple(whole(row, on=on) for row in leaf.rows),
        counts=tuple(
            StateCount(look(state.code), tally.by_state[state.code])
            for state in FINDING.states
            if tally.is_exact and state.code in tally.by_state
        ),
        units=units_offered(actor),
        rounds=rounds_offered(actor),
        total=tally.seen,
        matched=matched,
        page=pages if turn.last and tally.is_exact else max(1, turn.page),
        pages=pages,
        filters=filters,
        sort=turn.sort if turn.sort in ordering.SORTS else ordering.USUAL,
        next=edge_of(leaf.rows[-1]) if leaf.has_after and leaf.rows else "",
        previous=edge_of(leaf.rows[0]) if leaf.has_before and leaf.rows else "",
        total_is_least=not tally.is_seen_exact,
        matched_is_least=not tally.is_exact,
        too_short=is_too_short(filters.query),
    )


def all_findings_for(
    actor: Actor, *, filters: FindingFilters, on: date, sort: str = ordering.USUAL
) -> Iterator[FindingRow]:
    """Every row of the filter, for the export; the same gate, filter and order as the list."""
    chosen = narrowed(Finding.objects.visible_to(actor.scope), filters=filters, actor=actor, on=on)
    for row in sorted_by(in_state(chosen.rows, code=filters.state), sort=sort).values_list(*READ, named=True):
        yield whole(row, on=on)


def ids_for(
    actor: Actor, *, filters: FindingFilters, on: date, sort: str = ordering.USUAL, most: int | None = None
) -> list[UUID]:
    """The ids of every row of the filter in its order, or the first: what an export holds on to from the start."""
    chosen = narrowed(Finding.objects.visible_to(actor.scope), filters=filters, actor=actor, on=on)
    return list(sorted_by(in_state(chosen.rows, code=filters.state), sort=sort).values_list("pk", flat=True)[:most])


def lines_of(ids: Sequence[UUID], *, actor: Actor, on: date, columns: Sequence[str]) -> list[Line]:
    """These findings in this order, with what these columns say; without those that the actor no longer sees."""
    named = dict.fromkeys(name for code in columns for name in IN_SHEETS[code].reads)
    seen = Finding.objects.visible_to(actor.scope).filter(one_of(ids))
    found = {row.id: row for row in seen.values_list("id", *named, named=True)}
    sources = {IN_SHEETS[code].beside for code in columns} - {""}
    if not sources:
        return [Line(found[one], on) for one in ids if one in found]
    beside = beside_of(list(found), actor=actor, sources=sources)
    return [Line(found[one], on, beside.get(one, NOTHING)) for one in ids if one in found]


def lines_in_pieces(
    ids: Sequence[UUID], *, actor: Actor, on: date, columns: Sequence[str],
    around: Callable[[int], AbstractContextManager[object]] = nullcontext,
) -> Iterator[Line]:  # fmt: skip
    """The same, read piece by piece; each is read inside of `around`, which is told how many are done with it."""
    for first in range(0, max(1, len(ids)), PIECE):
        with around(min(first + PIECE, len(ids))):
            rows = lines_of(ids[first : first + PIECE], actor=actor, on=on, columns=columns)
        yield from rows
