"""Limits as values, and the time-limit profiles that come with the product, line by line against the fact book."""

import pytest

from bihuan.rules.profile import packaged_text, parse_time_limits
from bihuan.rules.time_limits import (
    ANCHOR_LABELS,
    CERTAINTY_LABELS,
    EVENT_LABELS,
    UNIT_LABELS,
    Anchor,
    Certainty,
    Direction,
    Limit,
    Roll,
    TimedEvent,
    TimeLimits,
    Unit,
)

NAMES = ("statutory_2017", "central_6m", "county_3m", "soe_manual")


def packaged(name: str) -> TimeLimits:
    file = f"time_limits_{name}.toml"
    return parse_time_limits(packaged_text(file), file=file)


def test_a_limit_needs_an_amount() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Limit(Unit.WORKDAY, 0)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(Unit.NATURAL_DAY, 30), "30日"),
        (Limit(Unit.WORKDAY, 15), "15个工作日"),
        (Limit(Unit.MONTH, 3), "3个月"),
        (Limit(Unit.QUARTER, 1), "1个季度"),
    ],
)
def test_a_limit_reads_as_in_a_paper(limit: Limit, words: str) -> None:
    assert limit.words == words


def test_every_code_has_a_label() -> None:
    assert set(UNIT_LABELS) == set(Unit)
    assert set(CERTAINTY_LABELS) == set(Certainty)
    assert set(EVENT_LABELS) == set(TimedEvent)
    assert set(ANCHOR_LABELS) == set(Anchor)


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_profile_knows_its_own_name_and_where_each_line_comes_from(name: str) -> None:
    limits = packaged(name)
    assert limits.name == name
    assert limits.version
    assert set(limits.label) == {"zh", "en"}
    assert all(line.source and line.wording for line in limits.entries.values())


@pytest.mark.parametrize(
    ("name", "event", "unit", "amount", "certainty"),
    [
        ("statutory_2017", TimedEvent.SUBMIT_REPORT, Unit.MONTH, 2, Certainty.READ),
        ("statutory_2017", TimedEvent.CONCENTRATED_RECTIFICATION, Unit.MONTH, 2, Certainty.READ),
        ("statutory_2017", TimedEvent.ANSWER_TRANSFER, Unit.MONTH, 3, Certainty.READ),
        ("central_6m", TimedEvent.ONSITE_STAY, Unit.MONTH, 2, Certainty.READ),
        ("central_6m", TimedEvent.SUBMIT_PLAN, Unit.NATURAL_DAY, 30, Certainty.MEMORY),
        ("central_6m", TimedEvent.CONCENTRATED_RECTIFICATION, Unit.MONTH, 6, Certainty.MEMORY),
        ("central_6m", TimedEvent.SUBMIT_REPORT, Unit.MONTH, 1, Certainty.MEMORY),
        ("county_3m", TimedEvent.ENTRY_NOTICE, Unit.NATURAL_DAY, 10, Certainty.ONE_PLACE),
        ("county_3m", TimedEvent.SUBMIT_PLAN, Unit.MONTH, 1, Certainty.ONE_PLACE),
        ("county_3m", TimedEvent.CONCENTRATED_RECTIFICATION, Unit.MONTH, 3, Certainty.ONE_PLACE),
        ("county_3m", TimedEvent.SUBMIT_REPORT, Unit.MONTH, 3, Certainty.ONE_PLACE),
        ("county_3m", TimedEvent.FOLLOW_UP_REPORT, Unit.QUARTER, 1, Certainty.ONE_PLACE),
        ("county_3m", TimedEvent.ANSWER_RECOMMENDATION, Unit.NATURAL_DAY, 60, Certainty.DESIGN),
        ("county_3m", TimedEvent.PLAN_REVIEW, Unit.WORKDAY, 10, Certainty.DESIGN),
        ("soe_manual", TimedEvent.ENTRY_NOTICE, Unit.WORKDAY, 10, Certainty.ONE_PLACE),
        ("soe_manual", TimedEvent.SUBMIT_PLAN, Unit.WORKDAY, 15, Certainty.ONE_PLACE),
        ("soe_manual", TimedEvent.DEMOCRATIC_MEETING, Unit.MONTH, 1, Certainty.ONE_PLACE),
    ],
)
def test_the_packaged_amounts(name: str, event: TimedEvent, unit: Unit, amount: int, certainty: Certainty) -> None:
    line = packaged(name).limit_for(event)
    assert line is not None
    assert line.limit is not None
    assert (line.limit.unit, line.limit.amount, line.certainty) == (unit, amount, certainty)


def test_the_notice_of_entry_runs_backward() -> None:
    line = packaged("county_3m").limit_for(TimedEvent.ENTRY_NOTICE)
    assert line is not None
    assert line.direction is Direction.BEFORE
    assert line.limit == Limit(Unit.NATURAL_DAY, 10, Roll.PREVIOUS_WORKDAY)


def test_a_text_that_says_only_promptly_sets_no_number() -> None:
    line = packaged("statutory_2017").limit_for(TimedEvent.GIVE_FEEDBACK)
    assert line is not None
    assert line.limit is None
    assert "及时" in line.wording
    assert line.article == "第二十六条"


def test_a_profile_is_silent_about_what_it_does_not_name() -> None:
    assert packaged("soe_manual").limit_for(TimedEvent.EVALUATION) is None


def test_what_nobody_has_read_is_not_called_read() -> None:
    """Of the 2024 regulation's chapter on rectification no text was read: nothing there may be marked so."""
    read = {line.event for line in packaged("central_6m").entries.values() if line.certainty is Certainty.READ}
    assert read == {TimedEvent.ONSITE_STAY, TimedEvent.DISCLOSURE}
