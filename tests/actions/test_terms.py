"""Terms with their register, coverage counted once per entry, and the work calendar from the decreed days."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from chinese_calendar import is_workday

from bihuan.actions import organizations, rounds, terms
from bihuan.actions.refusals import NotYours, Refused, Unknown
from bihuan.models import CalendarDay, Event, RegisterEntry
from bihuan.queries.acting import acting
from bihuan.queries.terms import ALL_BUT_APART, coverage_of, term_page, terms_for, work_calendar
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES, ROLES
from tests.builders import NOW, TODAY, TREE, County, build_county, build_tree

STARTS, ENDS = date(2021, 9, 1), date(2026, 12, 31)
PLANNERS = {"secretary", "leading_group", "office_director", "office_clerk"}


@pytest.fixture
def county(db: None) -> County:
    return build_county()


def test_a_term_begins_with_every_inspectable_organization_on_its_register(db: None) -> None:
    county = build_tree()
    by = county.actor("office_clerk")
    with acting(by):
        term = terms.create_term(name="第十四届", starts_on=STARTS, ends_on=ENDS, by=by, at=NOW)
    expected = {name for name, organization_class, _ in TREE.values() if organization_class in INSPECTABLE_CLASSES}
    entries = RegisterEntry.objects.filter(term=term)
    assert {entry.name for entry in entries} == expected
    assert {(entry.starts_on, entry.ends_on) for entry in entries} == {(STARTS, None)}
    assert terms.register_term(term, at=NOW, by=by) == 0
    assert entries.count() == len(expected)


def test_only_the_office_makes_terms(db: None) -> None:
    county, made = build_tree(), set()
    for number, role in enumerate(ROLES):
        by = county.actor(role)
        day = date(1990 + number, 1, 1)
        with acting(by):
            try:
                terms.create_term(name=f"第{number}届", starts_on=day, ends_on=day + timedelta(days=300), by=by, at=NOW)
                made.add(role)
            except NotYours:
                with pytest.raises(NotYours):
                    terms.register_term(new_id(NOW), at=NOW, by=by)
    assert made == {"office_director", "office_clerk"}


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on", "code"),
    [
        ("  ", date(2030, 1, 1), date(2034, 1, 1), "name_missing"),
        ("第十四届", date(2030, 1, 1), date(2034, 1, 1), "name_taken"),
        ("第十五届", date(2030, 1, 1), date(2030, 1, 1), "days_reversed"),
        ("第十五届", ENDS, date(2031, 1, 1), "days_taken"),
        ("第十三届", date(2016, 1, 1), STARTS, "days_taken"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(
    county: County, name: str, starts_on: date, ends_on: date, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        terms.create_term(name=name, starts_on=starts_on, ends_on=ends_on, by=county.actor("office_clerk"), at=NOW)
    assert refused.value.objection.code == code


def test_a_register_of_no_term_is_unknown(county: County) -> None:
    with pytest.raises(Unknown):
        terms.register_term(new_id(NOW), at=NOW, by=county.actor("office_clerk"))


def test_coverage_counts_stays_that_ended_once_per_entry_in_rounds_that_count(county: County) -> None:
    _stay(county, county.inspection, arrives=date(2026, 9, 8), leaves=date(2026, 10, 25))
    again = _round(county, 4, "regular")
    _stay(county, _add(county, again, "education"), arrives=date(2026, 11, 1), leaves=date(2026, 11, 10))
    mobile = _round(county, 5, "mobile")
    _stay(county, _add(county, mobile, "water"), arrives=date(2026, 11, 1), leaves=date(2026, 11, 10))
    _stay(county, _add(county, again, "finance"), arrives=date(2026, 11, 1), leaves=None)
    assert _figures(county, date(2026, 10, 24))["department"] == (0, 3)
    assert _figures(county, date(2026, 10, 25))["department"] == (1, 3)
    assert _figures(county, TODAY) == {
        "department": (1, 3), "township": (0, 2), "village": (0, 4), "enterprise": (0, 1), "school": (0, 1),
        ALL_BUT_APART: (1, 7),
    }  # fmt: skip


def test_who_waits_for_an_inspection_stands_in_order_of_waiting(county: County) -> None:
    office, earlier = county.actor("office_clerk"), date(2019, 5, 31)
    before = terms.create_term(
        name="第十三届", starts_on=date(2016, 9, 1), ends_on=date(2021, 8, 31), by=office, at=NOW
    )  # fmt: skip
    past = rounds.create_round(
        term=before, office_word="云溪", year=2019, number=1, kind="regular", starts_on=date(2019, 1, 1),
        ends_on=date(2019, 6, 30), by=office, at=NOW,
    )  # fmt: skip
    _stay(county, _add(county, past, "water"), arrives=date(2019, 4, 1), leaves=earlier)
    found = coverage_of(county.term, on=TODAY, by=office, organization_class="department", covered=False)
    assert found is not None
    assert [(entry.name, entry.waiting_since) for entry in found.entries[:1]] == [(TREE["water"][0], earlier)]
    assert found.entries[0].days_waiting == (TODAY - earlier).days
    assert {entry.waiting_since for entry in found.entries[1:]} == {date(2021, 9, 1)}


def test_mergers_change_no_figure_of_an_earlier_day(county: County) -> None:
    village = _round(county, 4, "village")
    for key in ("east_1", "west_1"):
        _stay(county, _add(county, village, key), arrives=date(2026, 9, 8), leaves=date(2026, 10, 25))
    before = [_figures(county, day) for day in (date(2026, 10, 24), TODAY - timedelta(days=1), TODAY)]
    by, place, at = county.actor("office_clerk"), county.organizations, NOW + timedelta(days=2)
    organizations.merge_organizations(place["east_1"], into=place["east_2"], on=TODAY, by=by, at=at, reason="撤并")
    organizations.move_organization(place["west_2"], parent=place["east"], by=by, at=at, reason="撤并")
    assert [_figures(county, day) for day in (date(2026, 10, 24), TODAY - timedelta(days=1), TODAY)] == before
    assert before[-1]["village"] == (2, 4)
    assert _figures(county, TODAY + timedelta(days=3))["village"] == (1, 3)


def test_the_numbers_of_coverage_are_those_of_its_rows(county: County) -> None:
    _stay(county, county.inspection, arrives=date(2026, 9, 8), leaves=date(2026, 10, 25))
    by = county.actor("office_clerk")
    assert county.term
    whole = coverage_of(county.term, on=TODAY, by=by)
    assert whole
    for line in (*whole.lines, *whole.sums):
        for covered, expected in ((None, line.total), (True, line.covered), (False, line.total - line.covered)):
            narrowed = coverage_of(
                county.term, on=TODAY, by=by, organization_class=line.organization_class, covered=covered
            )
            assert narrowed
            assert len(narrowed.entries) == expected
    assert {line.organization_class: line.rate for line in whole.lines}["department"] == "33.33%"


def test_coverage_is_for_those_who_plan_rounds(county: County) -> None:
    assert county.term
    for by in county.actors():
        with acting(by):
            shown = coverage_of(county.term, on=TODAY, by=by)
            row, page = terms_for(by, on=TODAY).rows[0], term_page(county.term, by=by, on=TODAY)
        assert page
        assert (shown is not None, row.covered is not None, bool(page.rounds)) == (by.role in PLANNERS,) * 3


def test_the_calendar_is_filled_once_and_agrees_with_the_decrees_day_by_day(db: None) -> None:
    assert work_calendar().is_provisional(date(2024, 10, 1))
    assert terms.fill_calendar(at=NOW) > 400
    event = Event.objects.get(thing="calendar_day")
    assert (event.via, event.account_id, event.step) == ("job", None, "add")
    assert terms.fill_calendar(at=NOW) == 0
    assert Event.objects.filter(thing="calendar_day").count() == 1
    calendar = work_calendar()
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert calendar.is_workday(day) == is_workday(day), day
        day += timedelta(days=1)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))


def test_a_decree_replaces_what_was_entered_provisionally(db: None) -> None:
    CalendarDay.objects.create(day=date(2026, 10, 1), is_workday=True, name="暂定", provisional=True)
    terms.fill_calendar(at=NOW)
    day = CalendarDay.objects.get(day=date(2026, 10, 1))
    assert (day.is_workday, day.name, day.provisional) == (False, "国庆节", False)


def test_only_the_office_and_the_system_officer_fill_the_calendar(db: None) -> None:
    county = build_tree()
    for role in ("secretary", "unit_head", "audit_officer", "security_officer"):
        with pytest.raises(NotYours):
            terms.fill_calendar(at=NOW, by=county.actor(role))
    assert terms.fill_calendar(at=NOW, by=county.actor("system_officer")) > 0


def _figures(county: County, on: date) -> dict[str, tuple[int, int]]:
    assert county.term
    found = coverage_of(county.term, on=on, by=county.actor("office_clerk"))
    assert found
    return {line.organization_class: (line.covered, line.total) for line in (*found.lines, *found.sums)}


def _round(county: County, number: int, kind: str) -> UUID:
    assert county.term
    return rounds.create_round(
        term=county.term, office_word="云溪", year=2026, number=number, kind=kind, starts_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 20), by=county.actor("office_clerk"), at=NOW,
    )  # fmt: skip


def _add(county: County, round_id: UUID, key: str) -> UUID:
    place = county.organizations
    by = county.actor("office_clerk")
    return rounds.add_inspection(round_id=round_id, unit=place[key], team=place["team_1"], by=by, at=NOW)


def _stay(county: County, inspection: UUID | None, *, arrives: date, leaves: date | None) -> None:
    assert inspection
    by = county.actor("office_clerk")
    rounds.take_step(inspection, step="enter", by=by, at=NOW, on=arrives)
    if leaves:
        rounds.take_step(inspection, step="leave", by=by, at=NOW, on=leaves)
