"""Which days are worked and on which day a limit ends, in natural days, workdays, months or quarters.

Holidays and make-up days come in as a mapping; where they are kept and who enters them is not decided here.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bihuan.rules.time_limits import ANCHOR_LABELS, Direction, Limit, Roll, TimeLimit, Unit

_ONE_DAY = timedelta(days=1)
_MONTHS_IN_QUARTER = 3
_FIRST_WEEKEND_DAY = 5


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day, how it was reached (in Chinese, to be kept with it), and whether holidays may yet move it."""

    on: date
    basis: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The worked days of a country, known from one day through another.

    exceptions holds the days that differ from Monday to Friday: True for a make-up workday, False for a
    holiday. Outside the known days exceptions are not consulted: Monday to Friday are worked, provisionally.
    """

    exceptions: Mapping[date, bool]
    known_from: date
    known_through: date

    def __post_init__(self) -> None:
        if self.known_from > self.known_through:
            raise ValueError(f"known_from {self.known_from} lies after known_through {self.known_through}")
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def is_provisional(self, day: date) -> bool:
        """True when the holidays around this day have not been entered."""
        return not self.known_from <= day <= self.known_through

    def is_workday(self, day: date) -> bool:
        """True for a worked day; outside the known days simply Monday to Friday."""
        by_weekday = day.weekday() < _FIRST_WEEKEND_DAY
        return by_weekday if self.is_provisional(day) else self.exceptions.get(day, by_weekday)

    def add_natural_days(self, day: date, *, amount: int) -> date:
        """The day this many natural days later, or earlier when negative."""
        return day + timedelta(days=amount)

    def add_workdays(self, day: date, *, amount: int) -> date:
        """The amount-th workday strictly after the day, strictly before it when negative; the day itself for 0."""
        step = _ONE_DAY if amount >= 0 else -_ONE_DAY
        left = abs(amount)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def add_months(self, day: date, *, amount: int) -> date:
        """The same day of a later month, or that month's last day where it has no such day."""
        year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))

    def add_quarters(self, day: date, *, amount: int) -> date:
        """Three months for each quarter."""
        return self.add_months(day, amount=amount * _MONTHS_IN_QUARTER)

    def count_workdays(self, start: date, *, end: date) -> int:
        """Workdays after start up to and including end; negative, the same count, when end lies before start."""
        if end < start:
            return -self.count_workdays(end, end=start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def due(self, start: date, *, limit: Limit) -> DueDate:
        """The last day of a limit that begins on start; the day after start is day 1."""
        return self._ending(start, limit=limit, direction=Direction.AFTER)

    def due_before(self, deadline_of: date, *, limit: Limit) -> DueDate:
        """The last day on which a deed is still the whole limit ahead of a later day (进驻前10日)."""
        return self._ending(deadline_of, limit=limit, direction=Direction.BEFORE)

    def _ending(self, start: date, *, limit: Limit, direction: Direction) -> DueDate:
        sign = 1 if direction is Direction.AFTER else -1
        if limit.roll is (Roll.PREVIOUS_WORKDAY if sign == 1 else Roll.NEXT_WORKDAY):
            raise ValueError(f"a limit {direction} a day may not roll to the {limit.roll}")
        ended = self._moved(start, unit=limit.unit, amount=sign * limit.amount)
        on = self._rolled(ended, roll=limit.roll, step=sign * _ONE_DAY)
        # Days are walked without a gap, so the first and the last counted day tell for all of them.
        unknown = next((d for d in (start + sign * _ONE_DAY, ended, on) if self.is_provisional(d)), None)
        return DueDate(on=on, basis=_basis(start, ended, on, limit, sign, unknown), provisional=unknown is not None)

    def _moved(self, day: date, *, unit: Unit, amount: int) -> date:
        match unit:
            case Unit.NATURAL_DAY:
                return self.add_natural_days(day, amount=amount)
            case Unit.WORKDAY:
                return self.add_workdays(day, amount=amount)
            case Unit.MONTH:
                return self.add_months(day, amount=amount)
            case Unit.QUARTER:
                return self.add_quarters(day, amount=amount)

    def _rolled(self, day: date, *, roll: Roll, step: timedelta) -> date:
        while roll is not Roll.NONE and not self.is_workday(day):
            day += step
        return day


def due_for(time_limit: TimeLimit, *, anchor: date, work_calendar: WorkCalendar) -> DueDate | None:
    """When the deed of a profile line is due, counted from its anchor's day; None where the text sets no number."""
    if time_limit.limit is None:
        return None
    count = work_calendar.due if time_limit.direction is Direction.AFTER else work_calendar.due_before
    due = count(anchor, limit=time_limit.limit)
    basis = due.basis.replace(f"{anchor}", f"{ANCHOR_LABELS[time_limit.counted_from]}（{anchor}）", 1)
    if time_limit.article is not None:
        basis += f"；依据{time_limit.source}{time_limit.article}"
    return DueDate(on=due.on, basis=basis, provisional=due.provisional)


def _basis(start: date, ended: date, on: date, limit: Limit, sign: int, unknown: date | None) -> str:
    if sign == 1:
        said = f"自{start}起{limit.words}（当日不计）"
    else:
        said = f"{start}前{limit.words}（当日不计）"
    if on != ended:
        said += f"，{ended}为休息日，{'顺延' if sign == 1 else '提前'}至{on}"
    if unknown is not None:
        said += f"；{unknown.year}年放假安排未录入，暂按周一至周五为工作日计算"
    return said
