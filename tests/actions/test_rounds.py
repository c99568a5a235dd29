"""Rounds and inspections: who plans, who is assigned, recusal, and the stay on site with what the unit may know."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from bihuan.actions import rounds
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Assignment, Event, EventPlace, Inspection, Post, Round
from bihuan.queries.acting import acting
from bihuan.queries.rounds import inspection_page, inspections_for, posts_to_assign, round_page, rounds_for
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES
from tests.builders import NOW, TODAY, County, a_post, acting_as, an_account, build_county

OFFICE = {"office_director", "office_clerk"}
PLANNERS = {"secretary", "leading_group", *OFFICE}
TEAM = {"team_leader", "deputy_leader", "liaison", "team_member"}


@pytest.fixture
def county(db: None) -> County:
    return build_county()


def test_a_round_keeps_its_profile_version_and_its_place(county: County) -> None:
    made = Round.objects.get(pk=county.round)
    root = county.place("committee")
    assert (made.profile, made.profile_version, made.name) == ("county", "1", "2026年第3轮常规巡察")
    assert (made.unit_id, made.unit_lo, made.stage, made.side, made.secrecy) == (root.pk, root.lo, 0, "office", 0)


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"kind": "holiday"}, "kind_unknown", "kind"),
        ({"number": 3}, "number_taken", "number"),
        ({"number": 0}, "number_unfit", "office_word"),
        ({"office_word": "云 溪"}, "number_unfit", "office_word"),
        ({"office_word": "云〔溪"}, "number_unfit", "office_word"),
        ({"profile": "moon"}, "profile_unknown", "profile"),
        ({"ends_on": date(2026, 8, 31)}, "days_reversed", "ends_on"),
        ({"starts_on": date(2020, 1, 1)}, "outside_term", "starts_on"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_at_its_field(
    county: County, changed: dict[str, object], code: str, where: str
) -> None:
    with pytest.raises(Refused) as refused:
        _create(county, "office_clerk", **changed)
    assert (refused.value.objection.code, refused.value.objection.where) == (code, where)


def test_only_the_office_plans(county: County) -> None:
    assert county.round
    planned = set()
    for number, role in enumerate(ROLES, 10):
        by = county.actor(role)
        with acting(by):
            try:
                _create(county, role, number=number)
                planned.add(role)
            except NotYours:
                with pytest.raises(NotYours):
                    _add(county, "water", "team_2", role=role)
    assert planned == OFFICE


def test_planners_see_rounds_and_nobody_else_does(county: County) -> None:
    assert county.round
    seeing = set()
    for by in county.actors():
        with acting(by):
            page = round_page(county.round, by=by)
            assert (page is not None) == (rounds_for(by) is not None)
            if page:
                seeing.add(by.role)
                assert page.may_plan == (by.role in OFFICE)
    assert seeing == PLANNERS


def test_the_team_of_the_day_is_assigned_and_nobody_else(county: County) -> None:
    ended = a_post(
        an_account("已调离"),
        "team_member",
        organization=county.organizations["team_2"],
        ends_on=TODAY - timedelta(days=1),
    )
    head = county.actor("team_leader", organization="team_2")
    made = _add(county, "water", "team_2")
    assigned = set(Assignment.objects.filter(inspection=made).values_list("post_id", flat=True))
    assert assigned == {head.post}
    assert ended.pk not in assigned
    with acting(head):
        assert [row.unit for row in inspections_for(head).rows] == ["县水利局"]
    other = county.actor("team_leader")
    with acting(other):
        assert inspection_page(made, by=other) is None


@pytest.mark.parametrize(
    ("unit", "team", "code"),
    [
        ("discipline", "team_1", "not_inspectable"),
        ("committee", "team_1", "not_inspectable"),
        ("education", "team_1", "there_already"),
        ("water", "office", "not_a_team"),
    ],
)
def test_what_is_not_to_be_inspected_or_no_team_is_refused(county: County, unit: str, team: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        _add(county, unit, team)
    assert refused.value.objection.code == code


@pytest.mark.parametrize(
    ("role", "ends_on", "recused"),
    [
        ("unit_clerk", None, True),
        ("unit_leader", TODAY - timedelta(days=1), True),
        ("unit_head", TODAY.replace(year=TODAY.year - 3), False),
        ("unit_head", TODAY.replace(year=TODAY.year - 3) + timedelta(days=1), True),
        ("township_reviewer", None, False),
    ],
)
def test_who_held_a_unit_post_there_in_three_years_must_recuse(
    county: County, role: str, ends_on: date | None, recused: bool
) -> None:
    person = an_account("周回避")
    a_post(person, "team_member", organization=county.organizations["team_2"])
    a_post(person, role, organization=county.organizations["water"], ends_on=ends_on)
    if not recused:
        assert _add(county, "water", "team_2")
        return
    with pytest.raises(Refused) as refused:
        _add(county, "water", "team_2")
    assert refused.value.objection.code == "must_recuse"
    assert refused.value.objection.values["person"] == "周回避"
    assert not Inspection.objects.filter(unit=county.organizations["water"]).exists()
    assert _add(county, "finance", "team_2")


def test_a_person_is_assigned_and_released_with_what_may_be_seen(county: County) -> None:
    assert county.inspection
    by = county.actor("office_clerk")
    joining = county.actor("team_member", organization="team_2")
    with acting(by):
        assert str(joining.post) in {choice.value for choice in posts_to_assign(county.inspection, on=TODAY)}
        rounds.assign_post(county.inspection, post=joining.post, by=by, at=NOW)
        assert str(joining.post) not in {choice.value for choice in posts_to_assign(county.inspection, on=TODAY)}
    with acting(joining):
        assert inspection_page(county.inspection, by=joining)
    with pytest.raises(Refused, match="已经在本次巡察中"):
        rounds.assign_post(county.inspection, post=joining.post, by=by, at=NOW)
    with pytest.raises(Refused, match="理由"):
        rounds.unassign_post(county.inspection, post=joining.post, by=by, at=NOW, reason=" ")
    with acting(by):
        rounds.unassign_post(county.inspection, post=joining.post, by=by, at=NOW, reason="借调期满")
    with acting(joining):
        assert inspection_page(county.inspection, by=joining) is None
    steps = Event.objects.filter(thing_id=county.inspection).order_by("at", "id").values_list("step", flat=True)
    assert sorted(steps) == ["add", "assign", "release"]


def test_only_the_office_assigns_and_only_whom_it_may(county: County) -> None:
    assert county.inspection
    joining = county.actor("team_member", organization="team_2")
    for role in set(ROLES) - OFFICE:
        with pytest.raises(NotYours):
            rounds.assign_post(county.inspection, post=joining.post, by=county.actor(role), at=NOW)
    for role in ("secretary", "unit_head", "guest", "system_officer"):
        with pytest.raises(Refused) as refused:
            rounds.assign_post(county.inspection, post=county.actor(role).post, by=county.actor("office_clerk"), at=NOW)
        assert refused.value.objection.code == "not_assignable"
    recused = a_post(an_account("周回避"), "team_member", organization=county.organizations["team_2"])
    a_post(recused.account, "unit_clerk", organization=county.organizations["education"], ends_on=TODAY)
    with pytest.raises(Refused) as refused:
        rounds.assign_post(county.inspection, post=recused.pk, by=county.actor("office_clerk"), at=NOW)
    assert refused.value.objection.code == "must_recuse"


def test_the_unit_knows_of_it_from_the_entry_on_but_not_of_the_record(county: County) -> None:
    assert county.inspection
    head, leader = county.actor("unit_head"), county.actor("team_leader")
    with acting(head):
        assert inspection_page(county.inspection, by=head) is None
    with acting(leader):
        rounds.take_step(county.inspection, step="enter", by=leader, at=NOW, on=TODAY)
    with acting(head):
        shown = inspection_page(county.inspection, by=head)
        assert shown
        assert (shown.state.code, shown.arrives_on, shown.events, shown.steps) == ("on_site", TODAY, (), ())
        assert not EventPlace.objects.exists()
    stranger = county.actor("unit_head", organization="water")
    with acting(stranger):
        assert inspection_page(county.inspection, by=stranger) is None


def test_who_enters_and_leaves(county: County) -> None:
    assert county.inspection
    for step, state in (("enter", "on_site"), ("leave", "left")):
        for role in set(ROLES) - OFFICE - {"team_leader"}:
            by = county.actor(role)
            with acting(by), pytest.raises((NotYours, Unknown)):
                rounds.take_step(county.inspection, step=step, by=by, at=NOW, on=TODAY)
        other = county.actor("team_leader", organization="team_2")
        with acting(other), pytest.raises(Unknown):
            rounds.take_step(county.inspection, step=step, by=other, at=NOW, on=TODAY)
        by = county.actor("team_leader")
        with acting(by):
            rounds.take_step(county.inspection, step=step, by=by, at=NOW, on=TODAY)
        assert Inspection.objects.get(pk=county.inspection).state == state


def test_steps_out_of_order_and_impossible_days_are_refused(county: County) -> None:
    assert county.inspection
    by = county.actor("office_clerk")

    def refused(step: str, on: date) -> str:
        with pytest.raises(Refused) as found:
            rounds.take_step(county.inspection, step=step, by=by, at=NOW, on=on)  # type: ignore[arg-type]
        return found.value.objection.code

    assert refused("leave", TODAY) == "wrong_state"
    assert refused("archive", TODAY) == "wrong_state"
    assert refused("feed_back", TODAY) == "unknown_step"
    assert refused("enter", TODAY + timedelta(days=1)) == "day_to_come"
    rounds.take_step(county.inspection, step="enter", by=by, at=NOW, on=TODAY)
    assert refused("leave", TODAY - timedelta(days=1)) == "left_before_arrival"
    with pytest.raises(Overtaken):
        rounds.take_step(county.inspection, step="enter", by=by, at=NOW, on=TODAY, seen=1)


def test_a_page_offers_the_steps_and_says_whose_the_others_are(county: County) -> None:
    assert county.inspection
    for role in (*OFFICE, "team_leader"):
        page = inspection_page(county.inspection, by=county.actor(role))
        assert page
        assert [(step.code, step.objection) for step in page.steps] == [("enter", None)]
    for role in TEAM - {"team_leader"} | {"secretary"}:
        page = inspection_page(county.inspection, by=county.actor(role))
        assert page
        assert [step.objection.values["who"] for step in page.steps if step.objection] == ["巡察办、本次巡察组组长"]


def test_dates_follow_from_the_stay(county: County) -> None:
    assert county.inspection
    by = county.actor("office_clerk")
    rounds.take_step(county.inspection, step="enter", by=by, at=NOW, on=date(2026, 9, 8))
    page = inspection_page(county.inspection, by=by)
    assert page
    dues = {due.label: due for due in page.dues}
    assert dues["驻点"].on == date(2026, 10, 23)
    assert "2026-09-08" in dues["驻点"].basis
    assert "向书记专题会报告" not in dues
    rounds.take_step(county.inspection, step="leave", by=by, at=NOW, on=date(2026, 10, 25))
    left = inspection_page(county.inspection, by=by)
    assert left
    assert {due.label: due for due in left.dues}["向书记专题会报告"].on == date(2026, 11, 25)


def test_one_person_with_two_posts_acts_as_one_of_them(county: County) -> None:
    """Assignment is of the post: the same person acting as another post does not see the inspection."""
    assert county.inspection
    post = Post.objects.get(pk=county.actor("team_member").post)
    other = a_post(post.account, "functional_clerk", organization=county.organizations["finance"])
    as_other = acting_as(other)
    with acting(as_other):
        assert inspection_page(county.inspection, by=as_other) is None
    with acting(acting_as(post)) as as_member:
        assert inspection_page(county.inspection, by=as_member)


def test_an_inspection_of_nothing_is_unknown(county: County) -> None:
    by = county.actor("office_clerk")
    with pytest.raises(Unknown):
        rounds.take_step(new_id(NOW), step="enter", by=by, at=NOW, on=TODAY)
    with pytest.raises(Unknown):
        rounds.add_inspection(
            round_id=new_id(NOW), unit=county.organizations["water"], team=county.organizations["team_1"], by=by, at=NOW
        )


def _create(county: County, role: str, **changed: object) -> UUID:
    given: dict[str, object] = {
        "term": county.term, "office_word": "云溪", "year": 2026, "number": 9, "kind": "regular",
        "starts_on": date(2026, 9, 1), "ends_on": date(2026, 12, 20),
    }  # fmt: skip
    return rounds.create_round(**(given | changed), by=county.actor(role), at=NOW)  # type: ignore[arg-type]


def _add(county: County, unit: str, team: str, *, role: str = "office_clerk") -> UUID:
    assert county.round
    place = county.organizations
    return rounds.add_inspection(
        round_id=county.round, unit=place[unit], team=place[team], by=county.actor(role), at=NOW
    )
