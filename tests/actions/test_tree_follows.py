"""Whatever is done to the tree, at once or one after another: rows and sight follow, figures of earlier days stay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event as Signal
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.actions import organizations, rounds, terms
from bihuan.actions.refusals import Refused
from bihuan.models import EventPlace, Inspection, Organization, Term
from bihuan.queries.acting import acting
from bihuan.queries.organizations import RegisterRow, register_on
from bihuan.rules.access import Actor
from bihuan.rules.organization_tree import number_tree
from tests.builders import NOW, TODAY, County, build_county, build_tree
from tests.copies import committing, on_own_connection
from tests.tree_deeds import WHY, assert_the_tree_holds, create, merge, move

UNITS = ("education", "water", "east", "east_1", "west_2", "enterprise")


@pytest.fixture
def county(db: None) -> County:
    return build_tree()


@pytest.mark.parametrize("deed", ["create", "move"])
def test_a_full_tree_is_numbered_anew_and_rows_follow(county: County, deed: str) -> None:
    _leave_no_gap()
    inspected = _inspect(county, ("school",))
    by = county.actor("office_clerk")
    with acting(by):
        if deed == "create":
            create(county.organizations["east"], "新桥村", "village", by=by)
        else:
            move(county, "education", "finance", by=by)
    assert_the_tree_holds()
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
        assert_the_tree_holds()
        _assert_rows_follow()
        _assert_sight_follows(county, township.organization, at)
        for day, rows in figures.items():
            assert _counted(register_on(term, on=day)) == _counted(rows)
    return done


def _done(kind: str, one: int, other: int, name: str, *, by: Actor, at: datetime) -> bool:
    living = list(Organization.objects.filter(ended_on=None).order_by("id").values_list("pk", flat=True))
    first, second = living[one % len(living)], living[other % len(living)]
    try:
        with acting(by):
            if kind == "create":
                create(first, name, "village", by=by, at=at)
            elif kind == "rename":
                organizations.rename_organization(first, name=name, by=by, at=at, reason=WHY)
            elif kind == "move":
                organizations.move_organization(first, parent=second, by=by, at=at, reason=WHY)
            else:
                organizations.merge_organizations(first, into=second, on=at.date(), by=by, at=at, reason=WHY)
    except Refused:
        return False
    return True


def _counted(rows: tuple[RegisterRow, ...]) -> list[tuple[object, ...]]:
    """What figures count; the day an entry ends may become known later."""
    return sorted((row.organization.hex, row.name, row.organization_class, row.parent_name) for row in rows)


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
            move(county, "east", "west", by=by)
            moved.set()
            # Long enough for the other to begin; it must wait for this transaction to end.
            assert not Signal().wait(0.5)

    def second(county: County) -> None:
        by = county.actor("office_director")
        assert moved.wait(10)
        try:
            with acting(by):
                move(county, "west", "east", by=by)
        except Refused as refused:
            results.append(refused.objection.code)

    with django_db_blocker.unblock(), committing("moves"):
        county = build_tree()
        county.actor("office_clerk"), county.actor("office_director")
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(on_own_connection(lambda deed=deed: deed(county))) for deed in (first, second)]
            for one in running:
                one.result(timeout=30)
        assert_the_tree_holds()
    assert results == ["own_branch"]


def test_moves_and_mergers_leave_the_figures_of_earlier_days_alone(db: None) -> None:
    county = build_county()
    assert county.term
    before = register_on(county.term, on=TODAY)
    by, at = county.actor("office_clerk"), NOW + timedelta(days=10)
    move(county, "east_1", "west", by=by, at=at)
    merge(county, "east", "west", by=by, at=at, on=at.date())
    assert _counted(register_on(county.term, on=TODAY)) == _counted(before)
    after = {row.name: row.parent_name for row in register_on(county.term, on=at.date() + timedelta(days=1))}
    assert set(after) == {row.name for row in before} - {"东河镇"}
    assert after["柳湾村"] == after["石桥村"] == "西坪乡"


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


def _some_term(by: Actor) -> UUID:
    found = Term.objects.first()
    if found:
        return found.pk
    return terms.create_term(name="某届", starts_on=date(2021, 9, 1), ends_on=date(2030, 12, 31), by=by, at=NOW)
