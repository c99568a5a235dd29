"""Need to know, asked three ways: rules.access, visible_to run as owner, and the rows that the application role gets.

Every role x unit x assignment x grant x stage x side x secrecy, and random scopes over random places; lists,
counts, the export and the page give the same answer.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.actions.ledger import FormGiven, ask_export, change_form, keep_form, save_view
from bihuan.models import Assignment, Event, EventBody, Feedback, Finding, LedgerExport, LedgerForm, SavedView
from bihuan.queries.acting import acting, reaching
from bihuan.queries.feedback import feedback_for, feedback_page
from bihuan.queries.findings.lists import FindingFilters, all_findings_for, findings_for
from bihuan.queries.findings.page import finding_page
from bihuan.queries.people import AT_THE_DOOR, WITHOUT_POST
from bihuan.rules.access import NOWHERE, Actor, Place, Scope, Sight, may_open_view, may_see
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES, SIDES
from tests.builders import NOW, TODAY, County, build_county
from tests.house.places import (
    EXPIRED,
    GRANTED,
    OPEN_ENDED,
    TABLES,
    UNGRANTED,
    VALID,
    Case,
    a_case,
    another_inspection,
    grant,
    insert,
)

pytestmark = pytest.mark.django_db

# Own, below and elsewhere for the unit's posts; own and elsewhere for the township's reviewer.
UNITS = ("education", "school", "east")
# Lists of these are turned page by page; of the others the first page and the export are compared.
TURNED = ("secretary", "unit_head", "team_member")
EVERY_FINDING = FindingFilters()


def all_cases(county: County) -> list[Case]:
    """One case for each place and grant."""
    finance = county.place("finance")
    mine, other = county.inspection, another_inspection(county.inspection, unit=finance.pk, unit_lo=finance.lo)
    places = {key: county.place(key) for key in UNITS}
    return [
        a_case(Place(places[unit].lo, inspection, stage, side, secrecy), unit=places[unit].pk, grant=given)
        for unit, inspection, stage, side, secrecy, given in product(
            UNITS, (mine, other, None), (0, 1), SIDES, (0, 1, 2), (UNGRANTED, GRANTED, OPEN_ENDED, EXPIRED)
        )
    ]


def assign_everybody(county: County, actors: list[Actor]) -> None:
    there = set(Assignment.objects.filter(inspection_id=county.inspection).values_list("post_id", flat=True))
    missing = [actor.post for actor in actors if actor.post not in there]
    Assignment.objects.bulk_create(
        Assignment(id=new_id(NOW), post_id=post, inspection_id=county.inspection) for post in missing
    )


@pytest.fixture(scope="module")
def crowded(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[County, list[Actor], list[Case]]]:
    """A county with all cases; every role has its post, is assigned to the first inspection, and holds the grants.

    Made once, in a transaction around those of the tests.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        county = build_county()
        actors, cases = county.actors(), all_cases(county)
        assign_everybody(county, actors)
        insert(cases, account=actors[0].account, post=actors[0].post, round_id=county.round)
        grant(cases, posts=[actor.post for actor in actors])
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        yield county, actors, cases
        transaction.set_rollback(True)


def seen_as_role(scope: Scope, table: str, column: str) -> set[UUID]:
    """What the application role gets, by SQL that knows nothing of scopes."""
    with reaching(scope), connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table}")
        return {row[0] for row in cursor.fetchall()}


def by_the_rule(scope: Scope, cases: list[Case], model: type[Model], sight: Sight) -> set[UUID]:
    there = [case for case in cases if case.has(model)]
    return {case.ids(model) for case in there if may_see(scope, place=case.place, thing=case.key(model), sight=sight)}


def three_answers(scope: Scope, cases: list[Case], model: type[Model], sight: Sight) -> list[set[UUID]]:
    """The three answers, over the rows of the cases."""
    ours = {case.ids(model) for case in cases if case.has(model)}
    by_queryset = set(model._default_manager.visible_to(scope).values_list("pk", flat=True))  # type: ignore[attr-defined]
    by_policy = seen_as_role(scope, model._meta.db_table, model._meta.pk.column)
    return [by_the_rule(scope, cases, model, sight), by_queryset & ours, by_policy & ours]


def differences(answers: list[set[UUID]], cases: list[Case], model: type[Model]) -> str:
    """The places of which the three do not say the same."""
    doubted = set.union(*answers) - set.intersection(*answers)
    return "\n".join(
        f"{case.grant} {case.place}: rule, queryset, policy say {[case.ids(model) in answer for answer in answers]}"
        for case in cases
        if case.ids(model) in doubted
    )


def sight_of(county: County, cases: list[Case]) -> Sight:
    things = {thing for case in cases if case.grant in VALID for thing in (case.feedback, case.finding)}
    return Sight(frozenset({county.inspection}), frozenset(things))


def test_the_three_answers_are_one_for_every_role_and_place(crowded: Any) -> None:
    county, actors, cases = crowded
    assert {actor.role for actor in actors} == set(ROLES)
    for actor in actors:
        for model in TABLES:
            answers = three_answers(actor.scope, cases, model, sight_of(county, cases))
            assert not differences(answers, cases, model), f"{actor.role} {model.__name__}"
            assert 0 < len(answers[0]) < len(cases)


def test_the_three_answers_are_one_without_assignment_and_grant(crowded: Any) -> None:
    county, _, cases = crowded
    for role in ROLES:
        stranger = replace(county.actor(role).scope, post=new_id(NOW))
        spared = replace(stranger, has_assignments=False, has_grants=False)
        for model in TABLES:
            answers = three_answers(stranger, cases, model, Sight())
            assert not differences(answers, cases, model), f"{role} {model.__name__}"
            assert three_answers(spared, cases, model, Sight()) == answers


def test_headers_follow_their_place_and_the_auditor_reads_headers_alone(crowded: Any) -> None:
    _, actors, _ = crowded
    everything = set(Event.objects.values_list("pk", flat=True))
    for actor in actors:
        placed = seen_as_role(actor.scope, "event_place", "event_id")
        headers, bodies = seen_as_role(actor.scope, "event", "id"), seen_as_role(actor.scope, "event_body", "event_id")
        assert bodies == placed, actor.role
        assert headers == (everything if actor.role == "audit_officer" else placed), actor.role
    assert EventBody.objects.count() == len(everything)


@pytest.mark.parametrize(
    "table", [*(model._meta.db_table for model in TABLES), "event", "event_body", "inspection", "round"]
)
def test_without_a_scope_there_is_nothing(crowded: Any, table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        assert cursor.fetchone()[0] > 0
        cursor.execute("set local role bihuan_app")
        cursor.execute(f"select count(*) from {table}")
        assert cursor.fetchone() == (0,)
        transaction.set_rollback(True)
    assert not seen_as_role(WITHOUT_POST, table, "1")
    if table != "event":
        assert not seen_as_role(AT_THE_DOOR, table, "1"), "before sign-in the record's headers are all there is"


def test_officers_see_no_business(crowded: Any) -> None:
    county, _, _ = crowded
    for role in ("system_officer", "security_officer", "audit_officer"):
        officer = replace(county.actor(role).scope, post=new_id(NOW))
        for model in TABLES:
            assert not seen_as_role(officer, model._meta.db_table, model._meta.pk.column), role


def test_what_is_seen_is_listed_counted_exported_and_opened(crowded: Any) -> None:
    county, actors, cases = crowded
    ours = {case.finding for case in cases}
    for actor in actors:
        expected = by_the_rule(actor.scope, cases, Finding, sight_of(county, cases))
        with acting(actor):
            first = findings_for(actor, filters=EVERY_FINDING, on=TODAY)
            turned = range(2, first.pages + 1) if actor.role in TURNED else ()
            rest = [findings_for(actor, filters=EVERY_FINDING, on=TODAY, page=n) for n in turned]
            exported = [row.id for row in all_findings_for(actor, filters=EVERY_FINDING, on=TODAY)]
        listed = [row.id for page in (first, *rest) for row in page.rows]
        assert set(exported) == expected, actor.role
        assert len(exported) == first.total == first.matched == sum(count.n for count in first.counts)
        assert listed == exported[: len(listed)]
        assert rest == [] or len(listed) == len(exported)
        with acting(actor):
            for finding in (*sorted(expected)[::97], *sorted(ours - expected)[::97]):
                assert (finding_page(finding, actor=actor, on=TODAY) is not None) == (finding in expected), actor.role


def test_each_count_by_state_leads_to_as_many_rows(crowded: Any) -> None:
    _, actors, _ = crowded
    for actor in actors[::4]:
        with acting(actor):
            for count in findings_for(actor, filters=EVERY_FINDING, on=TODAY).counts:
                narrowed = FindingFilters(state=count.state.code)
                rows = list(all_findings_for(actor, filters=narrowed, on=TODAY))
                assert len(rows) == count.n == findings_for(actor, filters=narrowed, on=TODAY).matched
                assert {row.state.code for row in rows} == {count.state.code}


def test_feedback_is_listed_and_opened_alike(crowded: Any) -> None:
    county, actors, cases = crowded
    for actor in actors:
        expected = by_the_rule(actor.scope, cases, Feedback, sight_of(county, cases))
        with acting(actor):
            assert {row.id for row in feedback_for(actor)} == expected
            for case in cases[::211]:
                assert (feedback_page(case.feedback, actor=actor) is not None) == (case.feedback in expected)


def test_views_and_exports_are_the_posts_own_and_a_shared_view_is_everybodys(crowded: Any) -> None:
    _, actors, _ = crowded
    views: dict[UUID, tuple[UUID, bool]] = {}
    for actor in actors[:4]:
        for name, is_shared in (("own", False), ("shared", True)):
            with acting(actor):
                view = save_view(name=name, asked="", is_shared=is_shared, by=actor, at=NOW)
            views[view] = (actor.post, is_shared)
        with acting(actor):
            ask_export(asked="", language="en", by=actor, at=NOW, on=TODAY)
    for actor in actors:
        rule = {
            one for one, (owner, shared) in views.items() if may_open_view(actor.scope, owner=owner, is_shared=shared)
        }
        by_queryset = set(SavedView.objects.visible_to(actor.scope).values_list("pk", flat=True))
        assert rule == by_queryset == seen_as_role(actor.scope, "saved_view", "id"), actor.role
        exports = set(LedgerExport.objects.filter(post_id=actor.post).values_list("pk", flat=True))
        asked = set(LedgerExport.objects.visible_to(actor.scope).values_list("pk", flat=True))
        assert exports == asked == seen_as_role(actor.scope, "ledger_export", "id"), actor.role
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("update saved_view set name = name || '!'")
            assert cursor.rowcount == sum(owner == actor.post for owner, _ in views.values())
    assert not seen_as_role(WITHOUT_POST, "ledger_export", "1")


def test_forms_are_the_posts_own_and_a_shared_form_is_everybodys_to_read(crowded: Any) -> None:
    _, actors, _ = crowded
    kept: dict[UUID, tuple[UUID, bool]] = {}
    for actor in actors[:4]:
        for is_shared in (False, True):
            with acting(actor):
                form = keep_form(FormGiven("表", "表.xlsx", b"x", "一", 1, 1, {1: "title"}), by=actor, at=NOW)
                change_form(
                    form,
                    name=f"表{is_shared}",
                    columns={1: "title"},
                    head=(1, 1),
                    is_shared=is_shared,
                    by=actor,
                    at=NOW,
                )
            kept[form] = (actor.post, is_shared)
    for actor in actors:
        rule = {
            one for one, (owner, shared) in kept.items() if may_open_view(actor.scope, owner=owner, is_shared=shared)
        }
        by_queryset = set(LedgerForm.objects.visible_to(actor.scope).values_list("pk", flat=True))
        assert rule == by_queryset == seen_as_role(actor.scope, "ledger_form", "id"), actor.role
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("update ledger_form set file_name = file_name || '!'")
            assert cursor.rowcount == sum(owner == actor.post for owner, _ in kept.values())


def test_the_three_answers_are_one_at_the_edges_of_a_range(crowded: Any) -> None:
    county, _, cases = crowded
    few, lo = cases[::7], county.place("school").lo
    edges = (*NOWHERE, lo - 1, lo, lo + 1)
    for bounds in product(edges, edges):
        for stage, side in product((0, 1), ("office", "unit")):
            scope = Scope(new_id(NOW), *bounds, stage, side)
            answers = three_answers(scope, few, Finding, Sight())
            assert not differences(answers, few, Finding), bounds


# Random scopes: the bounds lie on, beside and far from the places.
def scopes(los: list[int], post: UUID) -> st.SearchStrategy[Scope]:
    bounds = sorted({bound + by for bound in los for by in (-1, 0, 1)} | set(NOWHERE))
    return st.builds(
        Scope,
        post=st.just(post),
        lo=st.sampled_from(bounds),
        hi=st.sampled_from(bounds),
        stage=st.sampled_from((0, 1)),
        side=st.sampled_from(("office", "unit")),
    )


def test_the_three_answers_are_one_for_random_scopes_and_places(crowded: Any) -> None:
    county, _, _ = crowded
    actor = county.actor("team_leader")
    units = [county.place(key) for key in UNITS]
    places = st.tuples(
        st.sampled_from(units),
        st.sampled_from((county.inspection, None)),
        st.sampled_from((0, 1)),
        st.sampled_from(SIDES),
        st.sampled_from((0, 1, 2)),
        st.sampled_from((UNGRANTED, GRANTED, OPEN_ENDED, EXPIRED)),
    )

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(places, min_size=1, max_size=8), scopes([unit.lo for unit in units], actor.post), st.booleans())
    def agree(drawn: list[Any], scope: Scope, is_assigned: bool) -> None:
        cases = [
            a_case(Place(unit.lo, inspection, *rest), unit=unit.pk, grant=given)
            for unit, inspection, *rest, given in drawn
        ]
        with transaction.atomic():
            if not is_assigned:
                Assignment.objects.filter(post_id=actor.post).delete()
            insert(cases, account=actor.account, post=actor.post, round_id=county.round)
            grant(cases, posts=[actor.post])
            assigned = frozenset({county.inspection}) if is_assigned else frozenset()
            sight = replace(sight_of(county, cases), inspections=assigned)
            for model in TABLES:
                answers = three_answers(scope, cases, model, sight)
                assert not differences(answers, cases, model)
            transaction.set_rollback(True)

    agree()
