"""The tree changes and everything follows: places, business rows, sight; registers keep what stood before."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event as Signal
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.actions import organizations, rounds, terms
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Event, EventBody, EventPlace, Inspection, Organization, Post, RegisterEntry, Term
from bihuan.queries.acting import acting
from bihuan.queries.organizations import register_on
from bihuan.rules.identifiers import new_id
from bihuan.rules.organization_tree import is_well_nested, number_tree
from bihuan.rules.vocabulary import ROLES
from tests.builders import NOW, TODAY, County, a_clerk, a_post, an_account, build_county, build_tree, setter_up
from tests.copies import committing, on_own_connection

WHY = "机构改革方案"
UNITS = ("education", "water", "east", "east_1", "west_2", "enterprise")


@pytest.fixture
def county(db: None) -> County:
    return build_tree()


def test_the_root_is_made_once_and_only_once(db: None) -> None:
    officer = setter_up()
    root = _create(None, "中共云溪县委", "committee", by=officer)
    with pytest.raises(Refused) as refused:
        _create(None, "另一个县委", "committee", by=officer)
    assert refused.value.objection.code == "root_exists"
    assert Organization.objects.get().pk == root


def test_only_the_office_and_the_system_officer_change_the_tree(county: County) -> None:
    changing = {role for role in ROLES if _changes_the_tree(county, role)}
    assert changing == {"office_director", "office_clerk", "system_officer"}


def _changes_the_tree(county: County, role: str) -> bool:
    """Whether that role may do each of the five deeds; it may do all or none."""
    actor, parent = county.actor(role), county.organizations["committee"]
    deeds: list[Callable[[], object]] = [
        lambda: _create(parent, "县统计局", "department", by=actor),
        lambda: _rename(county, "water", "县水务局", by=actor),
        lambda: _move(county, "school", "finance", by=actor),
        lambda: _merge(county, "room_2", "room_1", by=actor),
        lambda: _end(county, "west_1", by=actor),
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
        _move(county, "school", "finance", by=officer)
        _merge(county, "east_1", "west_1", by=officer)
    moved = EventBody.objects.get(event__thing="organization", event__step="move")
    assert moved.before["parent"] == str(county.organizations["education"])
    assert moved.after["parent"] == str(county.organizations["finance"])
    assert moved.reason == WHY
    merged = EventBody.objects.get(event__step="merge")
    assert (merged.before["ended_on"], merged.after["ended_on"]) == ("", TODAY.isoformat())
    assert merged.after["merged_into"] == str(county.organizations["west_1"])
    assert Event.objects.filter(thing="organization", step="create").count() == len(county.organizations)


SENSELESS = {
    "no name": (lambda c, by: _create(c.organizations["committee"], " ", "department", by=by), "name_missing", "name"),
    "a name that is there": (
        lambda c, by: _create(c.organizations["committee"], "县财政局", "department", by=by), "name_taken", "name",
    ),
    "no class": (
        lambda c, by: _create(c.organizations["committee"], "县某局", "guild", by=by), "class_unknown",
        "organization_class",
    ),
    "moving the root": (lambda c, by: _move(c, "committee", "east", by=by), "is_root", ""),
    "moving into itself": (lambda c, by: _move(c, "east", "east", by=by), "own_branch", "parent"),
    "moving below itself": (lambda c, by: _move(c, "east", "east_1", by=by), "own_branch", "parent"),
    "moving nowhere": (lambda c, by: _move(c, "east_1", "east", by=by), "unchanged", "parent"),
    "merging below itself": (lambda c, by: _merge(c, "east", "east_2", by=by), "own_branch", "into"),
    "ending what has units": (lambda c, by: _end(c, "east", by=by), "has_units", ""),
    "ending tomorrow": (lambda c, by: _end(c, "east_1", by=by, on=TODAY + timedelta(days=1)), "day_to_come", "on"),
    "ending without reason": (lambda c, by: _end(c, "east_1", by=by, reason=" "), "reason_missing", "reason"),
    "a sibling's name": (lambda c, by: _rename(c, "east_1", "石桥村", by=by), "name_taken", "name"),
    "its own name": (lambda c, by: _rename(c, "east_1", "柳湾村", by=by), "unchanged", "name"),
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
    _merge(county, "east", "west", by=county.actor("office_clerk"), on=TODAY - timedelta(days=3))
    east = county.place("east")
    assert (east.ended_on, east.merged_into_id) == (TODAY - timedelta(days=3), county.organizations["west"])
    assert {county.place(key).parent_id for key in ("east_1", "east_2")} == {county.organizations["west"]}
    ends = dict(Post.objects.filter(pk__in=[head.pk, later.pk, past.pk]).values_list("pk", "ends_on"))
    assert ends == {head.pk: TODAY - timedelta(days=3), later.pk: TODAY - timedelta(days=3), past.pk: date(2023, 1, 1)}
    with pytest.raises(Refused):
        _move(county, "east", "committee", by=county.actor("office_clerk"))


def test_a_merger_is_refused_when_names_would_clash_below(county: County) -> None:
    by = county.actor("office_clerk")
    _create(county.organizations["west"], "柳湾村", "village", by=by)
    with pytest.raises(Refused) as refused, transaction.atomic():
        _merge(county, "east", "west", by=by)
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
    new = _create(county.organizations["west"], "新桥村", "village", by=by, at=tomorrow)
    _end(county, "west_1", by=by, at=tomorrow, on=tomorrow.date())
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


@pytest.mark.parametrize("deed", ["create", "move"])
def test_a_full_tree_is_numbered_anew_and_rows_follow(county: County, deed: str) -> None:
    _leave_no_gap()
    inspected = _inspect(county, ("school",))
    by = county.actor("office_clerk")
    with acting(by):
        if deed == "create":
            _create(county.organizations["east"], "新桥村", "village", by=by)
        else:
            _move(county, "education", "finance", by=by)
    _assert_the_tree_holds()
    school = county.place("school")
    assert Inspection.objects.get(pk=inspected["school"]).unit_lo == school.lo
    assert school.hi - school.lo > 1


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["create", "move", "move", "merge", "rename"]),
        st.integers(0, 999),
        st.integers(0, 999),
        st.booleans(),
    ),
    max_size=14,
)


def test_whatever_is_done_to_the_tree_rows_and_sight_follow_and_past_figures_stay(db: None) -> None:
    tried: set[str] = set()

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(operations=OPERATIONS, is_full=st.booleans())
    def holds(operations: list[tuple[str, int, int, bool]], is_full: bool) -> None:
        with transaction.atomic():
            tried.update(_live_through(operations, is_full=is_full))
            transaction.set_rollback(True)

    holds()
    assert {"create", "move", "merge", "rename"} <= tried


def _live_through(operations: list[tuple[str, int, int, bool]], *, is_full: bool) -> set[str]:
    county = build_tree()
    if is_full:
        _leave_no_gap()
    by, done = county.actor("office_clerk"), set()
    term = terms.create_term(name="第十四届", starts_on=date(2021, 9, 1), ends_on=date(2030, 12, 31), by=by, at=NOW)
    _inspect(county, UNITS)
    township = county.actor("unit_head", organization="east")
    at, figures = NOW, {}
    for number, (kind, one, other, next_day) in enumerate(operations):
        at += timedelta(days=1 if next_day else 0, minutes=1)
        figures = {day: rows for day, rows in figures.items() if day < at.date()}
        if _done(kind, one, other, f"某单位{number}", by=by, at=at):
            done.add(kind)
        figures[at.date()] = register_on(term, on=at.date())
        _assert_the_tree_holds()
        _assert_rows_follow()
        _assert_sight_follows(county, township.organization, at)
        for day, rows in figures.items():
            assert _counted(register_on(term, on=day)) == _counted(rows)
    return done


def _done(kind: str, one: int, other: int, name: str, *, by, at: datetime) -> bool:  # type: ignore[no-untyped-def]
    living = list(Organization.objects.filter(ended_on=None).order_by("id").values_list("pk", flat=True))
    first, second = living[one % len(living)], living[other % len(living)]
    try:
        with acting(by):
            if kind == "create":
                _create(first, name, "village", by=by, at=at)
            elif kind == "rename":
                organizations.rename_organization(first, name=name, by=by, at=at, reason=WHY)
            elif kind == "move":
                organizations.move_organization(first, parent=second, by=by, at=at, reason=WHY)
            else:
                organizations.merge_organizations(first, into=second, on=at.date(), by=by, at=at, reason=WHY)
    except Refused:
        return False
    return True


def _counted(rows) -> list[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    """What figures count; the day an entry ends may become known later."""
    return sorted((row.organization.hex, row.name, row.organization_class, row.parent_name) for row in rows)


def _assert_the_tree_holds() -> None:
    rows = Organization.objects.all()
    ranges = {row.pk: (row.lo, row.hi) for row in rows}
    assert is_well_nested(ranges, parents={row.pk: row.parent_id for row in rows})


def _assert_rows_follow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    for model in (Inspection, EventPlace):
        assert model.objects.exists()
        assert all(row.unit_lo == row.unit.lo for row in model.objects.select_related("unit"))


def _assert_sight_follows(county: County, township: UUID, at: datetime) -> None:
    head = county.actor("unit_head", organization="east") if _is_living(township) else None
    if head is None:
        return
    parents = dict(Organization.objects.values_list("pk", "parent_id"))
    below = {unit for unit in parents if township in _chain(unit, parents)}
    due = set(Inspection.objects.filter(unit__in=below).values_list("pk", flat=True))
    with acting(head):
        assert set(Inspection.objects.values_list("pk", flat=True)) == due


def _is_living(organization: UUID) -> bool:
    return Organization.objects.filter(pk=organization, ended_on=None).exists()


def _chain(unit: UUID | None, parents: dict[UUID, UUID | None]) -> set[UUID]:
    chain = set()
    while unit is not None:
        chain.add(unit)
        unit = parents[unit]
    return chain


@pytest.mark.usefixtures("django_db_setup")
def test_the_second_of_two_moves_sees_the_first(django_db_blocker) -> None:  # type: ignore[no-untyped-def]
    moved, results = Signal(), []

    def first(county: County) -> None:
        by = county.actor("office_clerk")
        with acting(by):
            _move(county, "east", "west", by=by)
            moved.set()
            # Long enough for the other to begin; it must wait for this transaction to end.
            assert not Signal().wait(0.5)

    def second(county: County) -> None:
        by = county.actor("office_director")
        assert moved.wait(10)
        try:
            with acting(by):
                _move(county, "west", "east", by=by)
        except Refused as refused:
            results.append(refused.objection.code)

    with django_db_blocker.unblock(), committing("moves"):
        county = build_tree()
        county.actor("office_clerk"), county.actor("office_director")
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(on_own_connection(lambda deed=deed: deed(county))) for deed in (first, second)]
            for one in running:
                one.result(timeout=30)
        _assert_the_tree_holds()
    assert results == ["own_branch"]


def test_what_is_nowhere_stored_may_not_change_the_tree_either(county: County) -> None:
    with pytest.raises(NotYours):
        _move(county, "east_1", "west", by=a_clerk(role="unit_head"))


def test_moves_and_mergers_leave_the_figures_of_earlier_days_alone(db: None) -> None:
    county = build_county()
    assert county.term
    before = register_on(county.term, on=TODAY)
    by, at = county.actor("office_clerk"), NOW + timedelta(days=10)
    _move(county, "east_1", "west", by=by, at=at)
    _merge(county, "east", "west", by=by, at=at, on=at.date())
    assert _counted(register_on(county.term, on=TODAY)) == _counted(before)
    after = {row.name: row.parent_name for row in register_on(county.term, on=at.date() + timedelta(days=1))}
    assert set(after) == {row.name for row in before} - {"东河镇"}
    assert after["柳湾村"] == after["石桥村"] == "西坪乡"


def _create(parent: UUID | None, name: str, organization_class: str, *, by, at: datetime = NOW) -> UUID:  # type: ignore[no-untyped-def]
    return organizations.create_organization(
        name=name, organization_class=organization_class, parent=parent, by=by, at=at
    )


def _move(county: County, key: str, parent: str, *, by, at: datetime = NOW) -> None:  # type: ignore[no-untyped-def]
    place = county.organizations
    organizations.move_organization(place[key], parent=place[parent], by=by, at=at, reason=WHY)


def _rename(county: County, key: str, name: str, *, by, at: datetime = NOW) -> None:  # type: ignore[no-untyped-def]
    organizations.rename_organization(county.organizations[key], name=name, by=by, at=at, reason=WHY)


def _merge(county: County, key: str, into: str, *, by, at: datetime = NOW, on: date = TODAY) -> None:  # type: ignore[no-untyped-def]
    place = county.organizations
    organizations.merge_organizations(place[key], into=place[into], on=on, by=by, at=at, reason=WHY)


def _end(  # type: ignore[no-untyped-def]
    county: County, key: str, *, by, at: datetime = NOW, on: date = TODAY, reason: str = WHY
) -> None:
    organizations.end_organization(county.organizations[key], on=on, by=by, at=at, reason=reason)


def _leave_no_gap() -> None:
    """Number the tree as tightly as it goes, as thousands of changes would."""
    rows = list(Organization.objects.order_by("lo"))
    order = {row.pk: number for number, row in enumerate(rows)}
    ranges = number_tree({row.pk: row.parent_id for row in rows}, order=order.__getitem__, within=(1, len(rows)))
    for row in rows:
        row.lo, row.hi = ranges[row.pk]
    Organization.objects.bulk_update(rows, ["lo", "hi"])


def _inspect(county: County, units: tuple[str, ...]) -> dict[str, UUID]:
    """A round with inspections that have begun, so that the units may know of them."""
    by = county.actor("office_director")
    term = county.term or _some_term(by)
    of_round = rounds.create_round(
        term=term, office_word="云溪", year=2026, number=1, kind="regular",
        starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30), by=by, at=NOW,
    )  # fmt: skip
    made = {}
    for key in units:
        made[key] = rounds.add_inspection(
            round_id=of_round, unit=county.organizations[key], team=county.organizations["team_1"], by=by, at=NOW
        )
        rounds.take_step(made[key], step="enter", by=by, at=NOW, on=TODAY)
    return made


def _some_term(by) -> UUID:  # type: ignore[no-untyped-def]
    found = Term.objects.first()
    if found:
        return found.pk
    return terms.create_term(name="某届", starts_on=date(2021, 9, 1), ends_on=date(2030, 12, 31), by=by, at=NOW)
