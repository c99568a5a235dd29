"""The tree changes and everything follows: places, business rows, sight; registers keep what stood before."""

import contextlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction

from bihuan.actions import organizations, terms
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Event, EventBody, Organization, Post, RegisterEntry
from bihuan.queries.acting import acting
from bihuan.queries.organizations import register_on
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES
from tests.builders import NOW, TODAY, County, a_clerk, a_post, an_account, build_tree, setter_up
from tests.tree_deeds import WHY, create, end, merge, move, rename


@pytest.fixture
def county(db: None) -> County:
    return build_tree()


def test_the_root_is_made_once_and_only_once(db: None) -> None:
    officer = setter_up()
    root = create(None, "中共云溪县委", "committee", by=officer)
    with pytest.raises(Refused) as refused:
        create(None, "另一个县委", "committee", by=officer)
    assert refused.value.objection.code == "root_exists"
    assert Organization.objects.get().pk == root


def test_only_the_office_and_the_system_officer_change_the_tree(county: County) -> None:
    changing = {role for role in ROLES if _changes_the_tree(county, role)}
    assert changing == {"office_director", "office_clerk", "system_officer"}


def _changes_the_tree(county: County, role: str) -> bool:
    """Whether that role may do each of the five deeds; it may do all or none."""
    actor, parent = county.actor(role), county.organizations["committee"]
    deeds: list[Callable[[], object]] = [
        lambda: create(parent, "县统计局", "department", by=actor),
        lambda: rename(county, "water", "县水务局", by=actor),
        lambda: move(county, "school", "finance", by=actor),
        lambda: merge(county, "room_2", "room_1", by=actor),
        lambda: end(county, "west_1", by=actor),
    ]
    done = 0
    with transaction.atomic():
        with acting(actor):
            for deed in deeds:
                with contextlib.suppress(NotYours):
                    deed()
                    done += 1
        transaction.set_rollback(True)
    assert done in (0, len(deeds))
    return done > 0


def test_every_change_leaves_an_event_with_before_after_and_reason(county: County) -> None:
    officer = county.actor("office_clerk")
    with acting(officer):
        move(county, "school", "finance", by=officer)
        merge(county, "east_1", "west_1", by=officer)
    moved = EventBody.objects.get(event__thing="organization", event__step="move")
    assert moved.before["parent"] == str(county.organizations["education"])
    assert moved.after["parent"] == str(county.organizations["finance"])
    assert moved.reason == WHY
    merged = EventBody.objects.get(event__step="merge")
    assert (merged.before["ended_on"], merged.after["ended_on"]) == ("", TODAY.isoformat())
    assert merged.after["merged_into"] == str(county.organizations["west_1"])
    assert Event.objects.filter(thing="organization", step="create").count() == len(county.organizations)


SENSELESS = {
    "no name": (lambda c, by: create(c.organizations["committee"], " ", "department", by=by), "name_missing", "name"),
    "a name that is there": (
        lambda c, by: create(c.organizations["committee"], "县财政局", "department", by=by), "name_taken", "name",
    ),
    "no class": (
        lambda c, by: create(c.organizations["committee"], "县某局", "guild", by=by), "class_unknown",
        "organization_class",
    ),
    "moving the root": (lambda c, by: move(c, "committee", "east", by=by), "is_root", ""),
    "moving into itself": (lambda c, by: move(c, "east", "east", by=by), "own_branch", "parent"),
    "moving below itself": (lambda c, by: move(c, "east", "east_1", by=by), "own_branch", "parent"),
    "moving nowhere": (lambda c, by: move(c, "east_1", "east", by=by), "unchanged", "parent"),
    "merging below itself": (lambda c, by: merge(c, "east", "east_2", by=by), "own_branch", "into"),
    "ending what has units": (lambda c, by: end(c, "east", by=by), "has_units", ""),
    "ending tomorrow": (lambda c, by: end(c, "east_1", by=by, on=TODAY + timedelta(days=1)), "day_to_come", "on"),
    "ending without reason": (lambda c, by: end(c, "east_1", by=by, reason=" "), "reason_missing", "reason"),
    "a sibling's name": (lambda c, by: rename(c, "east_1", "石桥村", by=by), "name_taken", "name"),
    "its own name": (lambda c, by: rename(c, "east_1", "柳湾村", by=by), "unchanged", "name"),
}  # fmt: skip


@pytest.mark.parametrize("case", SENSELESS)
def test_a_change_that_makes_no_sense_is_refused_at_its_field(county: County, case: str) -> None:
    deed, code, where = SENSELESS[case]
    before = list(Organization.objects.order_by("lo").values())
    with pytest.raises(Refused) as refused:
        deed(county, county.actor("office_clerk"))
    assert (refused.value.objection.code, refused.value.objection.where) == (code, where)
    assert list(Organization.objects.order_by("lo").values()) == before


def test_a_merger_ends_the_posts_and_hands_over_the_units_below(county: County) -> None:
    head = a_post(an_account("某书记"), "unit_head", organization=county.organizations["east"])
    later = a_post(
        an_account("某镇长"), "unit_leader", organization=county.organizations["east"], ends_on=date(2030, 1, 1)
    )
    past = a_post(
        an_account("某老书记"), "unit_head", organization=county.organizations["east"], ends_on=date(2023, 1, 1)
    )
    merge(county, "east", "west", by=county.actor("office_clerk"), on=TODAY - timedelta(days=3))
    east = county.place("east")
    assert (east.ended_on, east.merged_into_id) == (TODAY - timedelta(days=3), county.organizations["west"])
    assert {county.place(key).parent_id for key in ("east_1", "east_2")} == {county.organizations["west"]}
    ends = dict(Post.objects.filter(pk__in=[head.pk, later.pk, past.pk]).values_list("pk", "ends_on"))
    assert ends == {head.pk: TODAY - timedelta(days=3), later.pk: TODAY - timedelta(days=3), past.pk: date(2023, 1, 1)}
    with pytest.raises(Refused):
        move(county, "east", "committee", by=county.actor("office_clerk"))


def test_a_merger_is_refused_when_names_would_clash_below(county: County) -> None:
    by = county.actor("office_clerk")
    create(county.organizations["west"], "柳湾村", "village", by=by)
    with pytest.raises(Refused) as refused, transaction.atomic():
        merge(county, "east", "west", by=by)
    assert refused.value.objection.values["name"] == "柳湾村"
    assert county.place("east").ended_on is None


def test_who_saw_an_old_revision_is_told_who_was_faster(county: County) -> None:
    by, water = county.actor("office_clerk"), county.place("water")
    organizations.rename_organization(water.pk, name="县水务局", by=by, at=NOW, reason=WHY, seen=water.revision)
    with pytest.raises(Overtaken):
        organizations.move_organization(
            water.pk, parent=county.organizations["finance"], by=by, at=NOW, reason=WHY, seen=water.revision
        )
    with pytest.raises(Unknown):
        organizations.move_organization(new_id(NOW), parent=water.pk, by=by, at=NOW, reason=WHY)


def test_the_register_shows_each_name_in_its_time(county: County) -> None:
    by = county.actor("office_clerk")
    term = terms.create_term(name="第十四届", starts_on=date(2021, 9, 1), ends_on=date(2026, 12, 31), by=by, at=NOW)
    tomorrow = NOW + timedelta(days=1)
    organizations.rename_organization(county.organizations["east"], name="东湖街道", by=by, at=tomorrow, reason=WHY)
    new = create(county.organizations["west"], "新桥村", "village", by=by, at=tomorrow)
    end(county, "west_1", by=by, at=tomorrow, on=tomorrow.date())
    today = {row.name: row.parent_name for row in register_on(term, on=TODAY)}
    after = {row.name: row.parent_name for row in register_on(term, on=TODAY + timedelta(days=2))}
    assert today["东河镇"] == "中共云溪县委"
    assert today["柳湾村"] == "东河镇"
    assert "新桥村" not in today
    assert after["柳湾村"] == after["石桥村"] == "东湖街道"
    assert set(after) - set(today) == {"东湖街道", "新桥村"}
    assert set(today) - set(after) == {"东河镇", "松岭村"}
    assert RegisterEntry.objects.get(organization=new).starts_on == tomorrow.date()


def test_two_changes_on_one_day_leave_one_entry(county: County) -> None:
    by = county.actor("office_clerk")
    term = terms.create_term(name="第十四届", starts_on=date(2021, 9, 1), ends_on=date(2026, 12, 31), by=by, at=NOW)
    at = NOW + timedelta(days=1)
    for name in ("县水务局", "县水利和湖泊局"):
        organizations.rename_organization(county.organizations["water"], name=name, by=by, at=at, reason=WHY)
    entries = RegisterEntry.objects.filter(term=term, organization=county.organizations["water"]).order_by("starts_on")
    assert [(entry.name, entry.ends_on) for entry in entries] == [("县水利局", TODAY), ("县水利和湖泊局", None)]


def test_what_is_nowhere_stored_may_not_change_the_tree_either(county: County) -> None:
    with pytest.raises(NotYours):
        move(county, "east_1", "west", by=a_clerk(role="unit_head"))
