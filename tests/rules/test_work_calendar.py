"""The work calendar against an independent count that walks one day at a time, over 2015 to 2030."""

import functools
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.time_limits import Anchor, Certainty, Direction, Limit, Roll, TimedEvent, TimeLimit, Unit
from bihuan.rules.work_calendar import WorkCalendar, due_for

KNOWN_FROM, KNOWN_THROUGH = date(2004, 1, 1), date(2026, 12, 31)
FIRST, LAST = date(2015, 1, 1), date(2030, 12, 31)
ONE_DAY = timedelta(days=1)

EXCEPTIONS = {
    **dict.fromkeys(chinese_calendar.holidays, False),
    **dict.fromkeys(chinese_calendar.workdays, True),
}
CHINA = WorkCalendar(EXCEPTIONS, KNOWN_FROM, KNOWN_THROUGH)

days = st.dates(FIRST, LAST)
amounts = st.integers(1, 400)
limits = st.builds(
    Limit, unit=st.sampled_from(Unit), amount=st.integers(1, 60), roll=st.sampled_from([Roll.NONE, Roll.NEXT_WORKDAY])
)
limits_before = st.builds(
    Limit,
    unit=st.sampled_from(Unit),
    amount=st.integers(1, 60),
    roll=st.sampled_from([Roll.NONE, Roll.PREVIOUS_WORKDAY]),
)


@functools.cache
def worked(day: date) -> bool:
    """The oracle: the package where it knows, the plain week elsewhere."""
    return chinese_calendar.is_workday(day) if KNOWN_FROM <= day <= KNOWN_THROUGH else day.isoweekday() <= 5


def walked(start: date, limit: Limit) -> list[date]:
    """The oracle: every day counted, from day 1 to the last, the rolled ones included."""
    path = [start + ONE_DAY]
    if limit.unit in (Unit.NATURAL_DAY, Unit.WORKDAY):
        counted = 0
        while True:
            counted += limit.unit is Unit.NATURAL_DAY or worked(path[-1])
            if counted == limit.amount:
                break
            path.append(path[-1] + ONE_DAY)
    else:
        months_left = limit.amount * (3 if limit.unit is Unit.QUARTER else 1) - (path[-1].day == 1)
        while months_left or (path[-1].day < start.day and (path[-1] + ONE_DAY).day != 1):
            path.append(path[-1] + ONE_DAY)
            months_left -= path[-1].day == 1
    while limit.roll is Roll.NEXT_WORKDAY and not worked(path[-1]):
        path.append(path[-1] + ONE_DAY)
    return path


def test_every_day_from_2015_to_2030_is_worked_or_not_as_the_oracle_says() -> None:
    day = FIRST
    while day <= LAST:
        assert CHINA.is_workday(day) is worked(day), day
        assert CHINA.is_provisional(day) is (day.year > 2026), day
        day += ONE_DAY


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("roll", [Roll.NONE, Roll.NEXT_WORKDAY])
def test_every_start_from_2015_to_2030_ends_where_the_walk_ends(unit: Unit, roll: Roll) -> None:
    limit = Limit(unit, {Unit.NATURAL_DAY: 30, Unit.WORKDAY: 15, Unit.MONTH: 1, Unit.QUARTER: 1}[unit], roll)
    start = FIRST
    while start <= LAST:
        path = walked(start, limit)
        due = CHINA.due(start, limit=limit)
        assert due.on == path[-1], start
        assert due.provisional is any(day > KNOWN_THROUGH for day in path), start
        start += ONE_DAY


@given(start=days, limit=limits)
def test_a_limit_ends_where_the_walk_ends(start: date, limit: Limit) -> None:
    path = walked(start, limit)
    due = CHINA.due(start, limit=limit)
    assert due.on == path[-1]
    assert due.provisional is any(day > KNOWN_THROUGH for day in path)
    assert due.on > start


@given(start=days, amount=amounts)
def test_workdays_added_can_be_counted_again(start: date, amount: int) -> None:
    end = CHINA.add_workdays(start, amount=amount)
    assert CHINA.count_workdays(start, end=end) == amount
    assert CHINA.count_workdays(end, end=start) == -amount
    assert worked(end)


@given(start=days, amount=amounts)
def test_workdays_backward_leave_so_many_worked_days_before_the_start(start: date, amount: int) -> None:
    end = CHINA.add_workdays(start, amount=-amount)
    assert sum(worked(end + n * ONE_DAY) for n in range((start - end).days)) == amount
    assert worked(end)


@given(start=days, end=days)
def test_workdays_are_counted_without_the_first_day_and_with_the_last(start: date, end: date) -> None:
    if end < start:
        start, end = end, start
    expected = sum(worked(start + n * ONE_DAY) for n in range(1, (end - start).days + 1))
    assert CHINA.count_workdays(start, end=end) == expected


@given(start=days, earlier_by=st.integers(0, 60), limit=limits)
def test_who_begins_later_never_ends_earlier(start: date, earlier_by: int, limit: Limit) -> None:
    earlier = CHINA.due(start - earlier_by * ONE_DAY, limit=limit)
    assert earlier.on <= CHINA.due(start, limit=limit).on


@given(start=days, limit=limits)
def test_a_longer_limit_never_ends_earlier(start: date, limit: Limit) -> None:
    longer = Limit(limit.unit, limit.amount + 1, limit.roll)
    assert CHINA.due(start, limit=limit).on <= CHINA.due(start, limit=longer).on


@given(start=days, amount=st.integers(-240, 240))
def test_a_month_keeps_the_day_or_ends_with_the_month(start: date, amount: int) -> None:
    end = CHINA.add_months(start, amount=amount)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == amount
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


@given(start=days, amount=st.integers(-80, 80))
def test_a_quarter_is_three_months(start: date, amount: int) -> None:
    assert CHINA.add_quarters(start, amount=amount) == CHINA.add_months(start, amount=3 * amount)


@given(entry=days, limit=limits_before)
def test_a_deed_due_before_a_day_leaves_the_whole_limit(entry: date, limit: Limit) -> None:
    due = CHINA.due_before(entry, limit=limit)
    assert due.on < entry
    if limit.unit is Unit.WORKDAY:
        assert sum(worked(due.on + n * ONE_DAY) for n in range((entry - due.on).days)) == limit.amount
    elif limit.roll is Roll.PREVIOUS_WORKDAY:
        assert worked(due.on)
    if limit.unit is Unit.NATURAL_DAY and limit.roll is Roll.NONE:
        assert (entry - due.on).days == limit.amount


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 8, 22), 3, date(2026, 11, 22)),
    ],
)
def test_months_by_hand(start: date, amount: int, end: date) -> None:
    assert CHINA.add_months(start, amount=amount) == end


def test_a_holiday_is_skipped_and_a_make_up_day_counted() -> None:
    # National Day 2025 ran from 1 to 8 October; Sunday 28 September and Saturday 11 October were worked.
    due = CHINA.due(date(2025, 9, 27), limit=Limit(Unit.WORKDAY, 6))
    assert due.on == date(2025, 10, 11)
    assert CHINA.is_workday(date(2025, 9, 28))
    assert not CHINA.is_workday(date(2025, 10, 8))


def test_a_month_ending_in_a_holiday_rolls_only_where_the_profile_says_so() -> None:
    start = date(2025, 9, 2)
    assert CHINA.due(start, limit=Limit(Unit.MONTH, 1)).on == date(2025, 10, 2)
    rolled = CHINA.due(start, limit=Limit(Unit.MONTH, 1, Roll.NEXT_WORKDAY))
    assert rolled.on == date(2025, 10, 9)
    assert rolled.basis == "自2025-09-02起1个月（当日不计），2025-10-02为休息日，顺延至2025-10-09"


def test_a_limit_is_provisional_when_only_its_rolling_leaves_the_known_days() -> None:
    narrow = WorkCalendar({date(2026, 12, 31): False}, KNOWN_FROM, KNOWN_THROUGH)
    known = narrow.due(date(2026, 11, 30), limit=Limit(Unit.NATURAL_DAY, 31))
    rolled = narrow.due(date(2026, 11, 30), limit=Limit(Unit.NATURAL_DAY, 31, Roll.NEXT_WORKDAY))
    assert (known.on, known.provisional) == (date(2026, 12, 31), False)
    assert (rolled.on, rolled.provisional) == (date(2027, 1, 1), True)
    assert rolled.basis.endswith("；2027年放假安排未录入，暂按周一至周五为工作日计算")


def test_before_the_known_days_too_a_day_is_provisional() -> None:
    late = WorkCalendar({}, date(2026, 1, 1), KNOWN_THROUGH)
    assert late.due(date(2025, 12, 30), limit=Limit(Unit.WORKDAY, 5)).provisional
    assert not late.due(date(2025, 12, 31), limit=Limit(Unit.WORKDAY, 5)).provisional
    assert late.due_before(date(2026, 1, 3), limit=Limit(Unit.NATURAL_DAY, 10)).provisional


def test_exceptions_outside_the_known_days_are_not_consulted() -> None:
    friday = date(2027, 10, 1)
    assert WorkCalendar({friday: False}, KNOWN_FROM, KNOWN_THROUGH).is_workday(friday)
    assert not WorkCalendar({friday: False}, KNOWN_FROM, friday).is_workday(friday)


def test_a_calendar_does_not_change_with_the_mapping_it_was_made_of() -> None:
    day = date(2026, 5, 4)
    exceptions = {day: False}
    made = WorkCalendar(exceptions, KNOWN_FROM, KNOWN_THROUGH)
    exceptions[day] = True
    assert not made.is_workday(day)


def test_known_days_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="known_from"):
        WorkCalendar({}, KNOWN_THROUGH, KNOWN_FROM)


def test_a_limit_may_not_roll_against_its_direction() -> None:
    with pytest.raises(ValueError, match="may not roll"):
        CHINA.due(FIRST, limit=Limit(Unit.MONTH, 1, Roll.PREVIOUS_WORKDAY))
    with pytest.raises(ValueError, match="may not roll"):
        CHINA.due_before(FIRST, limit=Limit(Unit.MONTH, 1, Roll.NEXT_WORKDAY))


def profile_line(
    limit: Limit | None, *, direction: Direction = Direction.AFTER, article: str | None = None
) -> TimeLimit:
    return TimeLimit(
        event=TimedEvent.SUBMIT_REPORT,
        counted_from=Anchor.FEEDBACK_RECEIVED,
        direction=direction,
        limit=limit,
        wording="及时",
        source="《条例》",
        certainty=Certainty.READ,
        article=article,
        note=None,
    )


def test_a_profile_line_is_due_with_its_anchor_and_article_in_the_basis() -> None:
    line = profile_line(Limit(Unit.MONTH, 2), article="第二十七条")
    due = due_for(line, anchor=date(2026, 3, 2), work_calendar=CHINA)
    assert due is not None
    assert due.on == date(2026, 5, 2)
    assert due.basis == "自收到反馈意见之日（2026-03-02）起2个月（当日不计）；依据《条例》第二十七条"


def test_a_profile_line_may_run_backward() -> None:
    line = profile_line(Limit(Unit.NATURAL_DAY, 10, Roll.PREVIOUS_WORKDAY), direction=Direction.BEFORE)
    due = due_for(line, anchor=date(2026, 3, 11), work_calendar=CHINA)
    assert due is not None
    # 1 March 2026 is a Sunday; Saturday 28 February was worked to make up for the Spring Festival.
    assert due.on == date(2026, 2, 28)
    assert due.basis.endswith("前10日（当日不计），2026-03-01为休息日，提前至2026-02-28")


def test_a_profile_line_without_a_number_is_never_due() -> None:
    assert due_for(profile_line(None), anchor=FIRST, work_calendar=CHINA) is None
