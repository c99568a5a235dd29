"""Reading flows: summed up to a day from the folded rows, and from the findings that are seen by a grant alone."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Q, Sum, Value
from django.db.models.functions import TruncMonth

from bihuan.models import DueChange, FigureFlow, Finding, StateChange
from bihuan.rules.access import REACH, Actor, Scope
from bihuan.rules.figure_flows import Change, Flow, Moved, flows_of
from bihuan.rules.vocabulary import SECRECY_ORDINARY

# What figures are counted by: the column of the flows.
DIMENSIONS: Mapping[str, str] = {
    "unit": "unit_id", "round": "round_id", "kind": "kind", "class": "unit_class", "category": "category"
}  # fmt: skip
NONE = "none"

Key = UUID | str | None


@dataclass(frozen=True)
class Seen:
    """A finding that is seen by a grant alone: its values in every dimension, and its flows up to the day."""

    values: Mapping[str, Any]
    flows: tuple[Flow, ...]


def totals(
    actor: Actor,
    *,
    on: date,
    by: str,
    narrowed: Mapping[str, Any],
    granted: tuple[Seen, ...],
    units: Collection[int] | None = None,
) -> dict[Key, Counter[str]]:
    """Every figure at the end of that day, for each value of the dimension; for None, where `by` is empty.

    `units`: of these alone, by their place in the tree.
    """
    column = DIMENSIONS.get(by)
    rows = (
        narrowed_flows(actor.scope, narrowed=narrowed)
        .filter(_standing(actor, on=on, by=by, narrowed=narrowed))
        .order_by()
    )
    if units is not None:
        rows = rows.filter(unit_lo__in=sorted(units))
    said = rows.annotate(key=F(column) if column else Value(None, BooleanField()))
    found: dict[Key, Counter[str]] = {}
    for key, figure, total in (
        said.values("key", "figure").annotate(total=Sum("n")).values_list("key", "figure", "total")
    ):
        found.setdefault(key, Counter())[figure] += total
    for one in _fitting(granted, narrowed):
        counts = found.setdefault(one.values[column] if column else None, Counter())
        for flow in one.flows:
            counts[flow.figure] += flow.n
    return {key: counts for key, counts in found.items() if any(counts.values())}


def by_month(
    actor: Actor, *, since: date, on: date, narrowed: Mapping[str, Any], granted: tuple[Seen, ...]
) -> dict[date, Counter[str]]:
    """By how much each figure grew, by the first day of the month, from `since` (a first day) up to that day."""
    this = on.replace(day=1)
    folded = Q(grain="month", starts_on__gte=since, starts_on__lt=this)
    folded |= Q(grain="day", starts_on__gte=this, starts_on__lte=on)
    new = Q(grain="new", starts_on__gte=since, starts_on__lte=on)
    level = _level(actor, by="", narrowed=narrowed)
    rows = narrowed_flows(actor.scope, narrowed=narrowed).filter(_read(level, folded=folded, new=new)).order_by()
    found: dict[date, Counter[str]] = {}
    for row in rows.annotate(month=TruncMonth("starts_on")).values("month", "figure").annotate(total=Sum("n")):
        found.setdefault(row["month"], Counter())[row["figure"]] += row["total"]
    for one in _fitting(granted, narrowed):
        for flow in one.flows:
            if flow.on >= since:
                found.setdefault(flow.on.replace(day=1), Counter())[flow.figure] += flow.n
    return found


def granted_alone(scope: Scope, *, on: date) -> tuple[Seen, ...]:
    """The findings that flows cannot stand for: a grant names single things, a flow is of many."""
    if not scope.has_grants:
        return ()
    rows = list(
        Finding.objects.granted_alone_to(scope).values(
            "pk", "unit_id", "round_id", "inspection_id", "category", "given_on", "due_on"
        )
    )
    if not rows:
        return ()
    facts = _facts({row["inspection_id"] for row in rows})
    ids = [row["pk"] for row in rows]
    changes, moved = _changes(scope, ids), _moved(scope, ids)
    return tuple(
        Seen(
            values={
                "unit_id": row["unit_id"], "round_id": row["round_id"], "category": top_category(row["category"]),
                **dict(zip(("kind", "unit_class"), facts.get(row["inspection_id"], ("", "")), strict=True)),
            },
            flows=tuple(flow for flow in _of(row, changes, moved) if flow.on <= on),
        )
        for row in rows
    )  # fmt: skip


def top_category(code: str) -> str:
    """The first level of a category, as the database function of that name has it."""
    return code[: 2 if code.startswith("V") else 1]


def _of(
    row: Mapping[str, Any], changes: Mapping[UUID, list[Change]], moved: Mapping[UUID, list[Moved]]
) -> Iterator[Flow]:
    return flows_of(
        changes.get(row["pk"], []), moved=moved.get(row["pk"], []), given_on=row["given_on"], due_on=row["due_on"]
    )


def narrowed_flows(scope: Scope, *, narrowed: Mapping[str, Any]) -> Any:
    """The flows that the scope sees, of one value in each of these dimensions."""
    return FigureFlow.objects.visible_to(scope).filter(**{DIMENSIONS[name]: value for name, value in narrowed.items()})


def _level(actor: Actor, *, by: str, narrowed: Mapping[str, Any]) -> str:
    """The level of the rows that say it shortest.

    Where more than a range is seen by assignments, no sum tells it: they name inspections, and a sum has none.
    """
    is_county, asked = REACH[actor.role].range == "county", {*narrowed, by} - {""}
    if actor.scope.has_assignments and not is_county:
        return "each"
    if is_county and "unit" not in asked:
        return "whole"
    return "unit" if asked <= {"unit"} else "each"


def _standing(actor: Actor, *, on: date, by: str, narrowed: Mapping[str, Any]) -> Q:
    level = _level(actor, by=by, narrowed=narrowed)
    return _read(level, folded=folded_until(on), new=Q(grain="new", starts_on__lte=on))


def _read(level: str, *, folded: Q, new: Q) -> Q:
    """Sums, and beside them what no sum holds: what is new, and what is not ordinary, which stand at their own level.

    Each condition names the level at which it holds: then one index answers it.
    """
    if level == "each":
        return Q(folded | new, level="each")
    secret = Q(folded, level="each", secrecy__gt=SECRECY_ORDINARY)
    return Q(folded, level=level) | secret | Q(new, level="each")


def _fitting(granted: tuple[Seen, ...], narrowed: Mapping[str, Any]) -> Iterator[Seen]:
    for one in granted:
        if all(one.values[DIMENSIONS[name]] == value for name, value in narrowed.items()):
            yield one


def folded_until(on: date) -> Q:
    """What has flowed by the end of that day and was folded: years, the months of the year, the days of the month."""
    year, month = on.replace(month=1, day=1), on.replace(day=1)
    return (
        Q(grain="year", starts_on__lt=year)
        | Q(grain="month", starts_on__gte=year, starts_on__lt=month)
        | Q(grain="day", starts_on__gte=month, starts_on__lte=on)
    )


def _facts(inspections: set[UUID | None]) -> dict[UUID, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select inspection_id, kind, unit_class from inspection_facts() where inspection_id = any(%s)",
            [[one for one in inspections if one]],
        )
        return {inspection: (kind, unit_class) for inspection, kind, unit_class in cursor.fetchall()}


def _changes(scope: Scope, findings: list[UUID]) -> dict[UUID, list[Change]]:
    found: dict[UUID, list[Change]] = {}
    rows = StateChange.objects.visible_to(scope).filter(finding_id__in=findings).order_by("at", "event_id")
    for row in rows:
        found.setdefault(row.finding_id, []).append(Change(row.at, row.on, row.state_from, row.state_to))
    return found


def _moved(scope: Scope, findings: list[UUID]) -> dict[UUID, list[Moved]]:
    found: dict[UUID, list[Moved]] = {}
    for row in DueChange.objects.visible_to(scope).filter(finding_id__in=findings).order_by("at"):
        found.setdefault(row.finding_id, []).append(Moved(row.at, row.on, row.due_from, row.due_on))
    return found
