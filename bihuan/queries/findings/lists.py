"""Findings as lists with counts; every read starts at visible_to. Labels are Chinese, translated at the door."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bihuan.models import Finding
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._arrays import one_of
from bihuan.queries._offered import RoundChoice, UnitChoice, rounds_offered, units_offered
from bihuan.queries.findings import ordering
from bihuan.queries.findings.narrowing import FindingFilters, in_state, narrowed, states_of
from bihuan.queries.findings.ordering import Turn, edge_of, leaf_of, sorted_by
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.findings.search import is_too_short
from bihuan.queries.findings.tallies import EXACT, tally_of
from bihuan.queries.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING, UNFINISHED
from bihuan.rules.lights import Light, light_of
from bihuan.rules.profile import Profile
from bihuan.rules.vocabulary import MARKS

PAGE_SIZE = 50
PIECE = 2_000
READ = (
    "id", "number", "text", "category", "state", "due_on", "given_on", "revision", *MARKS,
    "unit__name", "lead_unit__name", "inspection__profile", "inspection__year", "inspection__round_number",
    "inspection__office_word",
)  # fmt: skip


@dataclass(frozen=True)
class FindingRow:
    """One line of the list."""

    id: UUID
    number: str
    title: str
    text: str
    unit: str
    category: str
    state: StateLook
    due_on: date | None
    light: Light
    is_overdue: bool
    days_left: int | None
    revision: int
    category_label: Mapping[str, str]
    lead_unit: str
    round: str
    given_on: date | None
    days_open: int | None
    marks: tuple[str, ...]


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
        rows=tuple(_row(row, on) for row in leaf.rows),
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
    for row in _read(sorted_by(in_state(chosen.rows, code=filters.state), sort=sort)):
        yield _row(row, on)


def ids_for(
    actor: Actor, *, filters: FindingFilters, on: date, sort: str = ordering.USUAL, most: int | None = None
) -> list[UUID]:
    """The ids of every row of the filter in its order, or the first: what an export holds on to from the start."""
    chosen = narrowed(Finding.objects.visible_to(actor.scope), filters=filters, actor=actor, on=on)
    return list(sorted_by(in_state(chosen.rows, code=filters.state), sort=sort).values_list("pk", flat=True)[:most])


def rows_of(ids: list[UUID], *, actor: Actor, on: date) -> list[FindingRow]:
    """These findings in this order; without those that the actor no longer sees."""
    found = {row.id: row for row in _read(Finding.objects.visible_to(actor.scope).filter(one_of(ids)))}
    return [_row(found[one], on) for one in ids if one in found]


def rows_in_pieces(ids: list[UUID], *, actor: Actor, on: date) -> Iterator[FindingRow]:
    """The same, read piece by piece."""
    for first in range(0, len(ids), PIECE):
        yield from rows_of(ids[first : first + PIECE], actor=actor, on=on)


def _read(found: VisibleQuerySet[Finding]) -> QuerySet[Finding, Any]:
    """As plain rows: making a thing of each would cost a long sheet more than writing it."""
    return found.values_list(*READ, named=True)


def _row(row: Any, on: date) -> FindingRow:
    state, due_on, given_on = row.state, row.due_on, row.given_on
    light, late, days_left = _timing(row.inspection__profile, state, due_on, on)
    return FindingRow(
        id=row.id,
        number=row.number,
        title=title_of(row.text),
        text=row.text,
        unit=row.unit__name,
        category=row.category,
        state=_LOOKS[state],
        due_on=due_on,
        light=light,
        is_overdue=late,
        days_left=days_left,
        revision=row.revision,
        category_label=_category_label(row.inspection__profile, row.category),
        lead_unit=row.lead_unit__name or row.unit__name,
        round=_round_name(row) if row.inspection__profile else "",
        given_on=given_on,
        days_open=(on - given_on).days if given_on and state in UNFINISHED else None,
        marks=tuple(mark for mark in MARKS if getattr(row, mark)),
    )


# Thousands of rows share a state and a due date, and a category: a long sheet asks once for each.
@lru_cache(maxsize=4096)
def _timing(profile: str, state: str, due_on: date | None, on: date) -> tuple[Light, bool, int | None]:
    days = _profile(profile).lights
    days_left = (due_on - on).days if due_on else None
    return light_of(state, due_on=due_on, on=on, days=days), is_overdue(state, due_on=due_on, on=on), days_left


@lru_cache(maxsize=4096)
def _category_label(profile: str, code: str) -> Mapping[str, str]:
    category = _profile(profile).taxonomy.categories.get(code)
    return dict(category.label) if category else {}


def _profile(name: str) -> Profile:
    return profile_named(name) if name else profiles_in_use()[0]


_LOOKS = {state.code: look(state.code) for state in FINDING.states}


def _round_name(row: Any) -> str:
    return f"{row.inspection__office_word}〔{row.inspection__year}〕{row.inspection__round_number}"
