"""Findings counted by state, from their changes of state up to a cut-off day, so that any past day can be counted."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count

from bihuan.models import Organization, StateChange
from bihuan.queries.looks import StateLook, look
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING, GIVEN


@dataclass(frozen=True)
class UnitCounts:
    """One unit's findings by state, in the order of `Figures.states`, and their sum."""

    unit: UUID
    name: str
    cells: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Figures:
    """The figures as of a day. The rate is a Decimal in percent with two places, None of nothing to rectify."""

    on: date
    states: tuple[StateLook, ...]
    units: tuple[UnitCounts, ...]
    sums: tuple[int, ...]
    to_rectify: int
    done: int
    basically_done: int
    long_term: int
    not_done: int
    completion_rate: Decimal | None


def figures_for(actor: Actor, *, on: date) -> Figures:
    """Count what the actor may see, as it stood at the end of that day. Withdrawn and not yet given are left out."""
    counts = _counts(actor, on)
    used = [state for state in FINDING.states if state.code in GIVEN and any(code == state.code for _, code in counts)]
    units = {unit for unit, code in counts if code in GIVEN}
    rows = tuple(
        _unit_row(row.pk, row.name, tuple(counts.get((row.pk, state.code), 0) for state in used))
        for row in Organization.objects.filter(pk__in=units).order_by("lo")
    )
    sums = tuple(sum(row.cells[n] for row in rows) for n in range(len(used)))
    by_state = {state.code: n for state, n in zip(used, sums, strict=True)}
    to_rectify, done = sum(sums), by_state.get("closed", 0)
    basically, long_term = by_state.get("basically_done", 0), by_state.get("phase_done_long_term", 0)
    return Figures(
        on=on, states=tuple(look(state.code) for state in used), units=rows, sums=sums, to_rectify=to_rectify,
        done=done, basically_done=basically, long_term=long_term, not_done=to_rectify - done - basically - long_term,
        completion_rate=rate(done, of=to_rectify),
    )  # fmt: skip


def rate(part: int, *, of: int) -> Decimal | None:
    """`part` of `of` in percent, rounded half up to two places; None of nothing."""
    if not of:
        return None
    return (Decimal(100 * part) / of).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _counts(actor: Actor, on: date) -> dict[tuple[UUID, str], int]:
    visible = StateChange.objects.visible_to(actor.scope).filter(on__lte=on)
    last = visible.order_by("finding_id", "-at", "-event_id").distinct("finding_id")
    counted = StateChange.objects.filter(pk__in=last.values("pk")).order_by().values("unit_id", "state_to")
    return {(row["unit_id"], row["state_to"]): row["n"] for row in counted.annotate(n=Count("pk"))}


def _unit_row(unit: UUID, name: str, cells: tuple[int, ...]) -> UnitCounts:
    return UnitCounts(unit, name, cells, sum(cells))
