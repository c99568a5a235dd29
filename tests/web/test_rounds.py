"""Pages of terms, rounds and inspections: who sees them, the forms, the steps, and figures that lead to their rows."""

import re
from datetime import date

import pytest

from bihuan.models import Assignment, Inspection, Round, Term
from bihuan.rules.vocabulary import ROLES
from tests.builders import TODAY, County, build_county, build_tree
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db

PLANNERS = {"secretary", "leading_group", "office_director", "office_clerk"}
COUNTY_READERS = {*PLANNERS, "discipline_reviewer", "organization_reviewer"}
TEAM = {"team_leader", "deputy_leader", "liaison", "team_member"}


@pytest.fixture
def county(db: None) -> County:
    return build_county()


def test_from_an_empty_county_to_an_inspection_on_site_through_pages_alone() -> None:
    county = build_tree()
    leader = county.actor("team_leader")
    office = visitor(county.actor("office_clerk"))
    answer = office.post("/terms/new", {"name": "第十四届", "starts_on": "2021-09-01", "ends_on": "2031-12-31"})
    term = Term.objects.get()
    assert answer["Location"] == f"/terms/{term.pk}/"
    answer = office.post(
        "/rounds/new",
        {
            "term": str(term.pk), "kind": "village", "office_word": "云溪", "year": 2026, "number": 1,
            "starts_on": "2026-09-01", "ends_on": "2026-12-20", "profile": "county",
        },
    )  # fmt: skip
    of_round = Round.objects.get()
    assert answer["Location"] == f"/rounds/{of_round.pk}"
    answer = office.post(
        f"/rounds/{of_round.pk}/inspections/new",
        {"unit": str(county.organizations["east_1"]), "team": str(county.organizations["team_1"])},
    )
    inspection = Inspection.objects.get()
    own = f"/inspections/{inspection.pk}"
    assert answer["Location"] == own
    team = visitor(leader)
    assert "柳湾村" in team.get("/rounds/", follow=True).content.decode()
    assert "进驻" in team.get(own).content.decode()
    answer = team.post(f"{own}/steps/enter", {"on": "2026-09-08", "seen": 1})
    inspection.refresh_from_db()
    assert (answer.status_code, inspection.state, inspection.arrives_on) == (302, "on_site", date(2026, 9, 8))
    assert "2026-10-23" in team.get(own).content.decode(), "the end of the stay follows from the profile"


def test_who_sees_which_pages(county: County) -> None:
    of_round, inspection, coverage = (
        f"/rounds/{county.round}", f"/inspections/{county.inspection}", f"/terms/{county.term}/coverage",
    )  # fmt: skip
    for role in ROLES:
        browser = visitor(county.actor(role))
        assert (browser.get(of_round).status_code == 200) == (role in PLANNERS), role
        assert (browser.get(coverage).status_code == 200) == (role in PLANNERS), role
        assert (browser.get(inspection).status_code == 200) == (role in COUNTY_READERS | TEAM), role
        assert browser.get("/terms/").status_code == browser.get(f"/terms/{county.term}/").status_code == 200
        assert browser.get("/inspections/").status_code == 200
        assert browser.get("/rounds/new").status_code == (200 if role.startswith("office_") else 403)
        assert browser.get("/terms/new").status_code == (200 if role.startswith("office_") else 403)


def test_a_refused_round_keeps_what_was_typed(county: County) -> None:
    browser = visitor(county.actor("office_clerk"))
    typed = {
        "term": str(county.term), "kind": "regular", "office_word": "云溪", "year": 2026, "number": 3,
        "starts_on": "2026-09-01", "ends_on": "2026-12-20", "profile": "county", "name": "我起的名字",
    }  # fmt: skip
    answer = browser.post("/rounds/new", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2026年第3轮已经有了" in page
    assert "我起的名字" in page
    assert 'value="2026-09-01"' in page
    wrong_day = browser.post("/rounds/new", typed | {"starts_on": "九月", "number": 4}).content.decode()
    assert "日期请写成 2026-11-22 的样子。" in wrong_day
    assert Round.objects.count() == 1


def test_a_step_that_is_not_offered_leads_back_and_a_late_one_is_told_who_was_faster(county: County) -> None:
    own, browser = f"/inspections/{county.inspection}", visitor(county.actor("team_leader"))
    assert browser.get(f"{own}/steps/leave")["Location"] == own
    assert browser.post(f"{own}/steps/leave", {"on": TODAY.isoformat(), "seen": 1}).status_code == 422
    future = browser.post(f"{own}/steps/enter", {"on": "2099-01-01", "seen": 1, "reason": "写错日期"})
    assert future.status_code == 422
    assert "日期还没有到" in future.content.decode()
    assert "写错日期" in future.content.decode()
    assert browser.post(f"{own}/steps/enter", {"on": TODAY.isoformat(), "seen": 1}).status_code == 302
    assert browser.post(f"{own}/steps/enter", {"on": TODAY.isoformat(), "seen": 1}).status_code == 409
    member = visitor(county.actor("team_member"))
    assert member.post(f"{own}/steps/leave", {"on": TODAY.isoformat(), "seen": 2}).status_code == 403


def test_refused_steps_are_shown_with_their_reason(county: County) -> None:
    page = visitor(county.actor("team_member")).get(f"/inspections/{county.inspection}").content.decode()
    assert "这一步由巡察办、本次巡察组组长办理。" in page


def test_people_are_assigned_and_released_through_pages(county: County) -> None:
    own, browser = f"/inspections/{county.inspection}", visitor(county.actor("office_clerk"))
    joining = county.actor("team_member", organization="team_2")
    answer = browser.post(f"{own}/assign", {"post": str(joining.post)})
    assert answer.status_code == 302
    assert f"{own}/release/{joining.post}" in browser.get(own).content.decode()
    assert browser.post(f"{own}/release/{joining.post}", {"reason": ""}).status_code == 422
    assert browser.post(f"{own}/release/{joining.post}", {"reason": "借调期满"}).status_code == 302
    assert not Assignment.objects.filter(post=joining.post).exists()
    assert browser.get(f"{own}/release/{joining.post}").status_code == 404
    assert visitor(county.actor("team_leader")).get(f"{own}/assign").status_code == 403


def test_every_figure_of_coverage_leads_to_as_many_rows(county: County) -> None:
    team, own = visitor(county.actor("team_leader")), f"/inspections/{county.inspection}"
    team.post(f"{own}/steps/enter", {"on": "2026-09-08", "seen": 1})
    team.post(f"{own}/steps/leave", {"on": "2026-10-25", "seen": 2})
    browser = visitor(county.actor("secretary"))
    page = browser.get(f"/terms/{county.term}/coverage", {"on": "2026-10-25"}).content.decode()
    figures = re.findall(r'<a href="(/terms/[^"#]+)#entries">(\d+)</a>', page)
    assert len(figures) == 18
    for address, figure in figures:
        rows = browser.get(address.replace("&amp;", "&")).content.decode()
        assert rows.count("/organizations/0") == int(figure), address
    assert ">33.33%<" in page
    assert ">0.00%<" in page
    earlier = browser.get(f"/terms/{county.term}/coverage", {"on": "2026-10-24"}).content.decode()
    assert "33.33%" not in earlier


def test_inspections_are_searched_and_narrowed_by_state(county: County) -> None:
    browser = visitor(county.actor("office_clerk"))
    assert "县教育局" in browser.get("/inspections/", {"q": "教育", "state": "planned"}).content.decode()
    assert "没有符合条件" in browser.get("/inspections/", {"q": "水利"}).content.decode()
    assert "没有符合条件" in browser.get("/inspections/", {"state": "left"}).content.decode()
