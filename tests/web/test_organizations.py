"""Pages of the tree: shown to everybody, changed by those who may; forms keep what was typed and say what is wrong."""

import pytest

from bihuan.models import Organization
from tests.builders import NOW, TODAY, County, an_actor, build_county, build_tree
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> County:
    return build_county()


def test_an_empty_installation_says_what_to_do_and_makes_the_root() -> None:
    browser = visitor(an_actor("system_officer", organization=None))
    assert "请先建立根" in browser.get("/organizations/").content.decode()
    assert 'name="parent"' not in browser.get("/organizations/new").content.decode()
    answer = browser.post("/organizations/new", {"name": "中共云溪县委", "organization_class": "committee"})
    root = Organization.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/organizations/{root.pk}/")
    assert "已建立单位" in browser.get(answer["Location"]).content.decode()


def test_the_tree_shows_every_living_unit_and_a_search_what_is_above(county: County) -> None:
    browser = visitor(county.actor("team_member"))
    whole = browser.get("/organizations/").content.decode()
    assert all(name in whole for name in Organization.objects.values_list("name", flat=True))
    found = browser.get("/organizations/", {"q": "柳湾"}).content.decode()
    assert "柳湾村" in found
    assert "东河镇" in found
    assert "中共云溪县委" in found
    assert "西坪乡" not in found
    assert "没有符合条件" in browser.get("/organizations/", {"q": "没有这个村"}).content.decode()


@pytest.mark.parametrize(("role", "may"), [("office_clerk", True), ("system_officer", True), ("team_leader", False)])
def test_changes_are_offered_to_those_who_may_and_closed_to_others(county: County, role: str, may: bool) -> None:
    browser, own = visitor(county.actor(role)), f"/organizations/{county.organizations['east']}/"
    assert ("调整隶属" in browser.get(own).content.decode()) == may
    for form in ("rename", "move", "merge", "end"):
        assert browser.get(own + form).status_code == (200 if may else 403)
    assert browser.get("/organizations/new").status_code == (200 if may else 403)


def test_posts_are_shown_to_those_who_need_to_know_them(county: County) -> None:
    education, water = (f"/organizations/{county.organizations[key]}/" for key in ("education", "water"))
    county.actor("unit_head", organization="water")
    for role, sees_other in (("office_clerk", True), ("discipline_reviewer", True), ("unit_head", False)):
        browser = visitor(county.actor(role))
        assert "任职" in browser.get(education).content.decode()
        assert ("任职" in browser.get(water).content.decode()) == sees_other


def test_a_rename_and_a_move_are_done_and_told(county: County) -> None:
    browser, own = visitor(county.actor("office_clerk")), f"/organizations/{county.organizations['east']}/"
    answer = browser.post(own + "rename", {"name": "东湖街道", "reason": "撤镇设街道", "seen": 1})
    assert (answer.status_code, county.place("east").name) == (302, "东湖街道")
    assert "东河镇" in browser.get(own).content.decode(), "the register keeps the earlier name"
    parent = str(county.organizations["finance"])
    answer = browser.post(own + "move", {"parent": parent, "reason": "试", "seen": 2})
    assert (answer.status_code, str(county.place("east").parent_id)) == (302, parent)


def test_a_refusal_stands_beside_its_field_and_what_was_typed_is_kept(county: County) -> None:
    browser, own = visitor(county.actor("office_clerk")), f"/organizations/{county.organizations['east']}/"
    answer = browser.post(own + "rename", {"name": "西坪乡", "reason": "写了很久的理由", "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "那里已经有“西坪乡”" in page
    assert "写了很久的理由" in page
    assert 'id="id_name_error"' in page
    assert county.place("east").name == "东河镇"
    empty = browser.post(own + "merge", {"seen": 1})
    assert empty.status_code == 422
    assert "请选择这一项。" in empty.content.decode()
    assert "请填写这一项。" in empty.content.decode()


def test_who_saw_an_old_revision_is_told_so(county: County) -> None:
    browser, own = visitor(county.actor("office_clerk")), f"/organizations/{county.organizations['east']}/"
    browser.post(own + "rename", {"name": "东湖街道", "reason": "改", "seen": 1})
    late = browser.post(own + "rename", {"name": "东城街道", "reason": "改", "seen": 1})
    assert (late.status_code, county.place("east").name) == (409, "东湖街道")


def test_a_merged_unit_says_into_what_and_can_no_longer_be_changed(county: County) -> None:
    browser, own = visitor(county.actor("office_clerk")), f"/organizations/{county.organizations['east_1']}/"
    into = str(county.organizations["east_2"])
    answer = browser.post(own + "merge", {"into": into, "on": TODAY.isoformat(), "reason": "并村", "seen": 1})
    assert answer.status_code == 302
    page = browser.get(own).content.decode()
    assert "已撤销" in page
    assert f"/organizations/{into}/" in page
    assert f"{own}rename" not in page
    assert "柳湾村" not in browser.get("/organizations/").content.decode()
    assert "柳湾村" in browser.get("/organizations/", {"ended": "1"}).content.decode()


def test_what_is_not_there_is_404(county: County) -> None:
    browser = visitor(county.actor("office_clerk"))
    assert browser.get("/organizations/01a1f677-aa80-702b-b09b-cc6b71bc2f9f/").status_code == 404
    assert browser.get("/organizations/x/").status_code == 404


def test_a_tree_without_a_term_has_pages_too() -> None:
    county = build_tree(at=NOW)
    browser = visitor(county.actor("office_clerk"))
    assert browser.get("/terms/").status_code == 200
    assert "请先到“届次”建立本届" in browser.get("/rounds/new").content.decode()
