"""A finding described anew before approval: who leads, who helps, who sees it for that; what the record tells."""

from decimal import Decimal

import pytest

from bihuan.actions.refusals import Refused
from bihuan.models import EventBody, Finding, FindingUnit, Grant
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.rules.access import Actor
from bihuan.rules.typed import Description
from tests.builders import TODAY, build_county
from tests.paths import Path, a_finding

pytestmark = pytest.mark.django_db
PLACES = ("school", "water", "finance", "east")


def drafted() -> Path:
    """A finding confirmed, led by the inspected unit, with people in every other unit that matters here."""
    county = build_county()
    for place in PLACES:
        county.actor("unit_clerk", organization=place)
    return a_finding(county, "drafted")


def describe(path: Path, *, lead: str = "", helping: tuple[str, ...] = (), role: str = "liaison") -> None:
    of = path.county.organizations
    given = Description(
        category="A302", lead_unit=of[lead] if lead else None, helping_units=tuple(of[place] for place in helping)
    )
    path.take(role, "describe", description=given)


def granted(path: Path) -> set[str]:
    """Where those are who were let in."""
    found = set(Grant.objects.filter(thing=path.finding).values_list("post__organization_id", flat=True))
    return {place for place in PLACES if path.county.organizations[place] in found}


def page(path: Path, actor: Actor):
    with acting(actor):
        return finding_page(path.finding, actor=actor, on=TODAY)


def helpers(path: Path) -> list[str]:
    return [unit.name for unit in page(path, path.county.actor("office_clerk")).helping_units]


def told(path: Path) -> tuple[dict, dict]:
    body = EventBody.objects.filter(event__thing_id=path.finding, event__step="describe").latest("event__at")
    return body.before, body.after


@pytest.mark.parametrize("role", ["liaison", "team_leader", "office_clerk", "office_director"])
def test_units_come_and_go_and_sight_follows_and_the_record_tells(role):
    path = drafted()
    describe(path, lead="school", helping=("water", "finance"), role=role)
    row = Finding.objects.get(pk=path.finding)
    assert row.lead_unit_id == path.county.organizations["school"]
    assert helpers(path) == ["县财政局", "县水利局"]
    assert granted(path) == {"school", "water", "finance"}
    before, after = told(path)
    assert (before["lead_unit"], after["lead_unit"]) == ("县教育局", "云溪一中")
    assert (before["helping_units"], after["helping_units"]) == ("", "县财政局、县水利局")
    assert "category" not in after, "what stayed is not told"
    describe(path, helping=("finance", "east"), role=role)
    assert Finding.objects.get(pk=path.finding).lead_unit_id is None
    assert helpers(path) == ["县财政局", "东河镇"]
    assert granted(path) == {"finance", "east"}
    before, after = told(path)
    assert (before["lead_unit"], after["lead_unit"]) == ("云溪一中", "县教育局")
    assert (before["helping_units"], after["helping_units"]) == ("县财政局、县水利局", "县财政局、东河镇")
    describe(path, helping=("water",), role=role)
    assert (helpers(path), granted(path)) == (["县水利局"], {"water"})
    changed = page(path, path.county.actor("office_clerk")).events[0].changed
    assert ("配合单位", "县财政局、东河镇", "县水利局") in [(one.label, one.before, one.after) for one in changed]


def test_who_was_taken_off_sees_nothing_after_the_giving_and_who_stayed_does():
    path = drafted()
    describe(path, lead="school", helping=("water", "finance"))
    describe(path, helping=("finance",))
    path.give()
    clerk = {place: path.county.actor("unit_clerk", organization=place) for place in PLACES}
    assert {place for place, actor in clerk.items() if page(path, actor)} == {"finance"}
    seen = page(path, path.county.actor("unit_clerk"))
    assert [unit.name for unit in seen.helping_units] == ["县财政局"]
    assert helpers(path) == ["县财政局"]
    with acting(clerk["water"]):
        assert not FindingUnit.objects.exists()


def test_a_unit_that_helped_may_lead_and_the_other_way_round():
    path = drafted()
    describe(path, helping=("school",))
    describe(path, lead="school")
    assert (helpers(path), granted(path)) == ([], {"school"})
    describe(path, helping=("school",))
    assert (helpers(path), granted(path)) == (["云溪一中"], {"school"})
    assert Finding.objects.get(pk=path.finding).lead_unit_id is None


def test_a_grant_that_somebody_was_given_by_name_stays():
    path = drafted()
    clerk = path.county.actor("unit_clerk", organization="water")
    describe(path, helping=("water",))
    Grant.objects.filter(post=clerk.post).update(why="县领导批示")
    describe(path)
    assert granted(path) == {"water"}


@pytest.mark.parametrize("lead", ["finance", "committee", "east_1"])
def test_only_the_inspected_unit_or_one_below_it_leads(lead):
    path = drafted()
    with pytest.raises(Refused) as caught:
        describe(path, lead=lead)
    assert (caught.value.objection.code, caught.value.objection.where) == ("lead_unit_elsewhere", "lead_unit")
    assert granted(path) == set()


def test_without_a_description_everything_stays():
    path = drafted()
    whole = Description(
        category="A302", severity="key", amount=Decimal("5.00"), listed=True,
        lead_unit=path.county.organizations["school"], helping_units=(path.county.organizations["water"],),
    )  # fmt: skip
    path.take("liaison", "describe", description=whole)
    path.take("liaison", "describe")
    row = Finding.objects.get(pk=path.finding)
    assert (row.category, row.severity, row.amount, row.listed) == ("A302", "key", Decimal("5.00"), True)
    assert (row.lead_unit_id, helpers(path)) == (path.county.organizations["school"], ["县水利局"])
    assert granted(path) == {"school", "water"}
