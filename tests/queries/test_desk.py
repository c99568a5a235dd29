"""The desk in every role, empty; what officers do not see; the menu and its counts; the story of a thing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.models import Event, EventBody, EventPlace, Feedback, Finding, Inspection, Plan, Round
from bihuan.queries import desk, record
from bihuan.queries.acting import acting
from bihuan.queries.desk import MenuCounts
from bihuan.queries.findings import changes
from bihuan.rules.vocabulary import OFFICERS, ROLES
from tests.builders import TODAY, County, build_county, build_tree
from tests.paths import Path, to_plan_submitted
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """Made once, in a transaction around those of the tests; the stranger is there before any of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = build_county()
        found.actor("unit_head", organization="finance")
        yield found
        transaction.set_rollback(True)


# The first in the file: it wants a county without a round, which the others share.
def test_an_empty_desk_is_friendly_and_says_what_comes_next() -> None:
    tree = build_tree()
    for role in ROLES:
        page = visitor(tree.actor(role)).get("/").content.decode()
        assert f"{ROLES[role]}，现在没有等您办的事" in page, role
        assert "都办完了" in page, role
        assert "empty-box" in page, role


@pytest.mark.parametrize("role", ROLES)
def test_a_menu_offers_what_the_role_may_open(county: County, role: str) -> None:
    page = visitor(county.actor(role)).get("/").content.decode()
    menu = page[page.index('class="menu"') : page.index("</nav>")]
    assert 'aria-current="page"' in menu
    business = ("/findings/", "/statistics/")
    officers = {"system_officer": "/people/", "security_officer": "/people/grants/", "audit_officer": "/record/"}
    for address in business:
        assert (f'href="{address}"' in menu) == (role not in OFFICERS)
    for officer, address in officers.items():
        assert (f'href="{address}"' in menu) == (role == officer)


@pytest.mark.parametrize("role", OFFICERS)
def test_officers_see_no_business_data(county: County, role: str) -> None:
    assert Inspection.objects.exists()
    assert EventPlace.objects.exists()
    with acting(county.actor(role)) as actor:
        for table in (Round, Inspection, Feedback, Finding, EventPlace, EventBody):
            assert not table.objects.exists(), table
        assert Event.objects.exists() == (role == "audit_officer")
        assert desk.desk_for(actor, on=TODAY) == desk.NOTHING
        assert desk.menu_counts(actor, on=TODAY) == MenuCounts()


def test_the_menu_counts_take_one_query_for_any_role(county: County) -> None:
    for role in ROLES:
        with acting(county.actor(role)) as actor, CaptureQueriesContext(connection) as queries:
            desk.menu_counts(actor, on=TODAY)
        assert len(queries) == (0 if role in OFFICERS else 1), role


def test_a_story_is_told_to_whoever_may_see_its_place(county: County) -> None:
    director, stranger = county.actor("office_director"), county.actor("unit_head")
    with acting(director):
        story = record.timeline_of(county.inspection, by=director)
    assert [(row.step_label, row.thing) for row in story]
    assert story[0].actor == "巡察办主任"
    assert story[0].post == "县委巡察办 巡察办主任"
    with acting(stranger):
        assert record.timeline_of(county.inspection, by=stranger) == ()


def test_what_others_did_lately_is_on_the_desk(county: County) -> None:
    with acting(county.actor("secretary")) as secretary:
        assert county.inspection in {thing.id for thing in changes.changes_for(secretary, on=TODAY)}
    with acting(county.actor("office_director")) as director:
        assert county.inspection not in {thing.id for thing in changes.changes_for(director, on=TODAY)}


def test_only_the_auditor_gets_headers(county: County) -> None:
    for role in ROLES:
        with acting(county.actor(role)) as actor:
            found = record.headers_for(actor)
        assert (found is not None) == (role == "audit_officer")


def test_what_waits_is_on_the_desk_of_whose_turn_it_is_with_its_link_and_count(county: County) -> None:
    path = Path(county)
    to_plan_submitted(path)
    reviewer = visitor(county.actor("discipline_reviewer")).get("/").content.decode()
    assert "现在没有等您办的事" not in reviewer
    assert f'href="/plans/{Plan.objects.get(feedback=path.feedback).pk}/"' in reviewer
    assert "方案待审" in reviewer
    assert "请审核整改方案" in reviewer
    assert "报送方案" in reviewer
    clerk = visitor(county.actor("unit_head", organization="finance")).get("/").content.decode()
    assert str(path.finding) not in clerk


def test_overdue_findings_are_counted_beside_the_ledger(county: County) -> None:
    path = Path(county)
    to_plan_submitted(path)
    due_on = Finding.objects.get(pk=path.finding).due_on
    others = Finding.objects.exclude(pk=path.finding).filter(due_on__lte=due_on).count()
    with acting(county.actor("office_director")) as director:
        assert desk.menu_counts(director, on=due_on).overdue == 0
        assert desk.menu_counts(director, on=due_on + timedelta(days=1)).overdue == 1 + others
    with acting(county.actor("unit_head", organization="finance")) as stranger:
        assert desk.menu_counts(stranger, on=due_on + timedelta(days=1)).overdue == 0
