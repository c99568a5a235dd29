"""What one finding adds to the figures, day by day, from its changes of state and of its due date.

The same arithmetic as the triggers in models/_statistics.py (decision 0013); a test compares both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.rules.lifecycle import GIVEN, UNFINISHED
from bihuan.rules.metrics import CYCLE_DAYS, OVERDUE, cycle_of

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of state."""

    at: datetime
    on: date
    state_from: str
    state_to: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A due date that was moved."""

    at: datetime
    on: date
    due_from: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Flow:
    """By how much a figure grows on a day."""

    figure: str
    on: date
    n: int


def flows_of(
    changes: Sequence[Change], *, moved: Sequence[Moved], given_on: date | None, due_on: date | None
) -> Iterator[Flow]:
    """The flows of one finding; changes and moves in the order in which they happened."""
    closed = False
    for change in changes:
        if change.state_from in GIVEN:
            yield Flow(change.state_from, change.on, -1)
        if change.state_to in GIVEN:
            yield Flow(change.state_to, change.on, 1)
        due = next((one.due_from for one in moved if one.at > change.at), due_on)
        if (change.state_from in UNFINISHED) != (change.state_to in UNFINISHED) and due:
            yield Flow(OVERDUE, max(change.on, due + _ONE_DAY), 1 if change.state_to in UNFINISHED else -1)
        if change.state_to == "closed" and not closed and given_on:
            closed = True
            days = (change.on - given_on).days
            yield from (Flow(CYCLE_DAYS, change.on, days), Flow(cycle_of(days).code, change.on, 1))
    for one in moved:
        before = [change.state_to for change in changes if change.at <= one.at]
        if before and before[-1] in UNFINISHED:
            yield Flow(OVERDUE, max(one.on, one.due_from + _ONE_DAY), -1)
            yield Flow(OVERDUE, max(one.on, one.due_on + _ONE_DAY), 1)
