"""The ten metrics as of a day, for what a post may see: in groups, in sum, month by month, and how long it took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from bihuan.models import Organization
from bihuan.queries.looks import StateLook, look
from bihuan.queries.statistics._ranked import is_ranked, ranked_units
from bihuan.queries.statistics.covered import TermCoverage, coverage_on
from bihuan.queries.statistics.flows import NONE, Key, Seen, by_month, granted_alone, totals
from bihuan.queries.statistics.groups import FINDINGS, USUAL, GroupChoices, Name, choices_of, names_of, rank_of
from bihuan.rules.access import REACH, Actor
from bihuan.rules.lifecycle import FINDING, GIVEN
from bihuan.rules.metrics import CYCLE_DAYS, CYCLES, OVERDUE, STATES, average, rate

MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """What is counted and by what; empty values narrow nothing, `none` wants what has no such value.

    `by` is one of DIMENSIONS; `unit_class` a class of the register, `category` a top one; `sort` the order of the
    groups, one of SORTS.
    """

    by: str = "unit"
    round: UUID | None = None
    kind: str = ""
    unit_class: str = ""
    category: str = ""
    unit: UUID | None = None
    sort: str = USUAL


@dataclass(frozen=True)
class Counts:
    """The metrics that are counted from findings. None is no value: there is nothing to divide by."""

    findings: int
    to_rectify: int
    done: int
    basically_done: int
    long_term: int
    not_done: int
    completion_rate: Decimal | None
    overdue: int
    first_closings: int
    cycle_days_in_all: int
    cycle_days: Decimal | None


@dataclass(frozen=True)
class Group:
    """One line: a value of the dimension, its counts by state in the order of `Figures.states`, and its metrics."""

    key: str
    label: str
    names: Mapping[str, str]
    states: tuple[int, ...]
    counts: Counts


@dataclass(frozen=True)
class Month:
    """How things stood at the end of a month, or at the cut-off day in the last one."""

    on: date
    to_rectify: int
    done: int
    overdue: int
    completion_rate: Decimal | None


@dataclass(frozen=True)
class Span:
    """How many findings took so long to be closed for the first time."""

    code: str
    label: str
    n: int


MANY_UNITS = 300
PAGE_SIZE = 100
# Beyond any last page.
FARTHEST = 10**6


@dataclass(frozen=True)
class Figures:
    """The figures as of a day. Rates are Decimals in percent with two places, None of nothing.

    `groups`: those of the page, or all where no page was asked for; there are `n_groups`. The sums are of all.
    """

    on: date
    asked: Asked
    states: tuple[StateLook, ...]
    groups: tuple[Group, ...]
    sums: tuple[int, ...]
    counts: Counts
    months: tuple[Month, ...]
    cycles: tuple[Span, ...]
    coverage: TermCoverage | None
    choices: GroupChoices
    n_groups: int = 0
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class _Counted:
    """What was counted: every figure in sum, the groups that are wanted in their order, and how many there are."""

    whole: Counter[str]
    groups: Mapping[Key, Counter[str]]
    names: Mapping[Key, Name]
    n_groups: int


def usual_dimension(actor: Actor) -> str:
    """By what a page counts when nobody says: by unit, but by class of unit where there are very many units."""
    if REACH[actor.role].range != "county":
        return "unit"
    many = Organization.objects.order_by()[MANY_UNITS : MANY_UNITS + 1].exists()
    return "class" if many else "unit"


def figures_for(actor: Actor, *, on: date, asked: Asked = Asked(), page: int | None = None) -> Figures:
    """Count what the actor may see, as it stood at the end of that day. Withdrawn and not yet given are left out.

    `page`: which hundred of the groups in their order are wanted, all of them without; beyond the last the last.
    """
    granted = granted_alone(actor.scope, on=on)
    narrowed = _narrowed(asked)
    page = None if page is None else max(1, min(page, FARTHEST))
    is_by_page = page is not None and not granted and is_ranked(actor, by=asked.by)
    count = _counted_by_page if is_by_page else _counted_in_all
    counted = count(actor, on=on, asked=asked, narrowed=narrowed, granted=granted, page=page)
    whole = counted.whole
    used = tuple(state for state in FINDING.states if state.code in GIVEN and whole[state.code])
    codes = tuple(state.code for state in used)
    pages = 1 if page is None else max(1, -(-counted.n_groups // PAGE_SIZE))
    months = by_month(actor, since=_first_month(on), on=on, narrowed=narrowed, granted=granted)
    return Figures(
        on=on,
        asked=asked,
        states=tuple(look(code) for code in codes),
        groups=tuple(_group(key, counts, codes, counted.names) for key, counts in counted.groups.items()),
        n_groups=counted.n_groups,
        page=min(page or 1, pages),
        pages=pages,
        sums=tuple(whole[code] for code in codes),
        counts=_counts(whole),
        months=_months(whole, months, on),
        cycles=tuple(Span(cycle.code, cycle.label, whole[cycle.code]) for cycle in CYCLES),
        coverage=coverage_on(actor, on=on),
        choices=choices_of(actor),
    )


def _counted_in_all(
    actor: Actor, *, on: date, asked: Asked, narrowed: Mapping[str, Any], granted: tuple[Seen, ...], page: int | None
) -> _Counted:
    """Every group is counted, also for one page: where there are few, or where the rows have to be gone through."""
    found = totals(actor, on=on, by=asked.by, narrowed=narrowed, granted=granted)
    names = names_of(actor, by=asked.by, keys=set(found))
    keys = sorted(found, key=rank_of(names))
    if asked.sort == FINDINGS:
        keys.sort(key=lambda key: -_given(found[key]))
    if page is not None:
        last = max(1, -(-len(keys) // PAGE_SIZE))
        keys = keys[(min(page, last) - 1) * PAGE_SIZE :][:PAGE_SIZE]
    whole: Counter[str] = Counter()
    for counts in found.values():
        whole.update(counts)
    return _Counted(whole, {key: found[key] for key in keys}, names, len(found))


def _counted_by_page(
    actor: Actor, *, on: date, asked: Asked, narrowed: Mapping[str, Any], granted: tuple[Seen, ...], page: int | None
) -> _Counted:
    """The units are ranked by the database, and only those of the page are counted figure by figure."""
    ranked = ranked_units(actor, on=on, narrowed=narrowed, sort=asked.sort, page=page or 1, size=PAGE_SIZE)
    sums = totals(actor, on=on, by="", narrowed=narrowed, granted=granted)
    found = totals(actor, on=on, by=asked.by, narrowed=narrowed, granted=granted, units=ranked.los) if ranked.n else {}
    names = names_of(actor, by=asked.by, keys=set(found))
    place = {lo: at for at, lo in enumerate(ranked.los)}
    keys = sorted(found, key=lambda key: place[names[key].rank])
    return _Counted(sums.get(None, Counter()), {key: found[key] for key in keys}, names, ranked.n)


def _given(counts: Mapping[str, int]) -> int:
    return sum(counts.get(code, 0) for code in GIVEN)


def _narrowed(asked: Asked) -> dict[str, Any]:
    given = {
        "unit": asked.unit, "round": asked.round, "kind": asked.kind, "class": asked.unit_class,
        "category": asked.category,
    }  # fmt: skip
    return {name: "" if value == NONE else value for name, value in given.items() if value}


def _group(key: Key, counts: Counter[str], codes: tuple[str, ...], names: Mapping[Key, Name]) -> Group:
    name = names[key]
    return Group(str(key or NONE), name.label, name.names, tuple(counts[code] for code in codes), _counts(counts))


def _counts(counts: Mapping[str, int]) -> Counts:
    sums = {name: sum(counts.get(code, 0) for code in codes) for name, codes in STATES.items()}
    closings = sum(counts.get(cycle.code, 0) for cycle in CYCLES)
    days = counts.get(CYCLE_DAYS, 0)
    return Counts(
        **sums,
        completion_rate=rate(sums["done"], of=sums["to_rectify"]),
        overdue=counts.get(OVERDUE, 0),
        first_closings=closings,
        cycle_days_in_all=days,
        cycle_days=average(days, of=closings),
    )


def _first_month(on: date) -> date:
    back = on.year * 12 + on.month - MONTHS
    return date(back // 12, back % 12 + 1, 1)


def _months(whole: Counter[str], grown: Mapping[date, Counter[str]], on: date) -> tuple[Month, ...]:
    """From the day back: what stood at the end of a month is what stood a month later less what grew in it."""
    standing, month, end, found = dict(whole), on.replace(day=1), on, []
    for _ in range(MONTHS):
        counts = _counts(standing)
        found.append(Month(end, counts.to_rectify, counts.done, counts.overdue, counts.completion_rate))
        for figure, n in grown.get(month, {}).items():
            standing[figure] = standing.get(figure, 0) - n
        end = date.fromordinal(month.toordinal() - 1)
        month = end.replace(day=1)
    return tuple(reversed(found))
