"""The desk over a county in mixed states: figures are their lists, what waits can be done, what can be done waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.models import Finding, Inspection
from bihuan.queries import _bounded, _desk_lines, desk
from bihuan.queries._waiting_feedback import FEEDBACK_KINDS
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_for, feedback_page
from bihuan.queries.findings import profiles
from bihuan.queries.findings.lists import findings_for
from bihuan.queries.findings.narrowing import FindingFilters
from bihuan.queries.findings.page import finding_page
from bihuan.queries.findings.waiting import KINDS, WAITS, WORKED_ON, conditions_for
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import UNFINISHED
from bihuan.rules.profile import load_profile, packaged_text, parse_signer_chains
from bihuan.rules.vocabulary import OFFICERS, ROLES
from tests.builders import NOW, TODAY
from tests.mixed import Mixed, build_mixed
from tests.web.visitors import text, visitor

pytestmark = pytest.mark.django_db

CEILING = 15
BUSINESS = tuple(role for role in ROLES if role not in OFFICERS)
SEATS = [*[(role, None) for role in BUSINESS], ("unit_head", "finance"), ("unit_clerk", "finance")]
# The day on which what is asked is neither long past nor far off.
LATER = TODAY + timedelta(days=88)

# For each way of waiting, the steps that answer it; filling in a row is a step of the row, open to the whole unit.
ANSWERED_BY = {
    "redo_plan": {"submit_plan", "fill"},
    "fill_plan": {"submit_plan", "fill"},
    "submit_plan": {"submit_plan"},
    "review_plan": {"agree_plan", "approve_plan", "return_plan"},
    "sign_closing": {"agree_closing", "close", "accept_long_term", "return_closing", "countersign_closing"},
    "decide_extension": {"grant_extension", "refuse_extension"},
    "decide_reopening": {"approve_reopening", "refuse_reopening"},
    "decide_withdrawal": {"withdraw", "keep"},
    "carry_out": {"report_progress", "add_evidence", "report_basically_done", "resume", "request_closing"},
    "help_out": {"report_progress", "add_evidence"},
    "review_long_term": {"report_progress", "add_evidence", "request_closing", "lapse"},
}
# Steps that are open without being asked for: why nobody waits for them.
AT_WILL = {
    "describe": "before approval, if there is something to add",
    "mark": "if the office changes its mind",
    "return_plan": "a party that has agreed, or that waits for the others, may still send the plan back",
    "return_closing": "the same of a closing",
    "report_progress": "at rest, or under review, if there is something to tell",
    "add_evidence": "the same of a file",
    "request_closing": "of a long-term item whose review is far off",
    "withdraw_closing": "if the unit changes its mind",
    "lapse": "of a long-term item, before its review comes near",
    "request_extension": "if the unit cannot keep the date",
    "request_reopening": "if something is found",
    "request_withdrawal": "if a finding turns out to be none",
}


@pytest.fixture(scope="module")
def mixed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Mixed]:
    """Made once, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = build_mixed()
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        yield found
        transaction.set_rollback(True)


def narrowed_by(url: str) -> dict[str, Any]:
    """What an address of the ledger narrows to."""
    asked: dict[str, Any] = dict(parse_qsl(urlsplit(url).query))
    return {name: value == "1" if name == "changed" else value for name, value in asked.items()}


def rows_of(actor: Actor, *, on: Any = TODAY, **narrowed: Any) -> int:
    """How many findings the ledger lists under those filters."""
    return findings_for(actor, filters=FindingFilters(**narrowed), on=on).matched


@pytest.mark.parametrize(("role", "seat"), SEATS)
@pytest.mark.parametrize("on", [TODAY, LATER])
def test_every_figure_is_the_length_of_its_list(mixed: Mixed, role: str, seat: str | None, on: Any) -> None:
    with acting(mixed.county.actor(role, organization=seat)) as actor:
        page = desk.desk_for(actor, on=on)
        for count in page.counts:
            if count.thing == "feedback":
                assert len(feedback_for(actor, waits=count.kind)) == count.n, count
            else:
                assert rows_of(actor, on=on, waits=count.kind) == count.n, count
        for light in page.lights:
            assert rows_of(actor, on=on, light=light.light) == light.n, light
        assert rows_of(actor, on=on, changed=True) == page.n_changed
        groups = [row for row in page.waiting if row.thing == "plan"]
        for row in groups:
            mark = {"plan": row.plan} if row.plan else {"feedback": row.feedback}
            assert rows_of(actor, on=on, waits=row.kind, **mark) == row.n, row
        menu = desk.menu_counts(actor, on=on)
        assert menu.waiting == page.n_waiting
        assert menu.plans == rows_of(actor, on=on, waits="plan") == sum(row.n for row in groups)
        assert menu.closings == rows_of(actor, on=on, waits="closing")
        assert menu.feedback == len(feedback_for(actor, waits="any"))
        assert menu.overdue == rows_of(actor, on=on, light="overdue")
        listed = rows_of(actor, on=on, waits="any")
        singles = [row for row in page.waiting if row.thing == "finding"]
        assert listed == sum(row.n for row in groups) + len(singles) + max(0, page.n_waiting - len(page.waiting))


def test_the_county_makes_every_way_of_waiting_and_every_light_appear(mixed: Mixed) -> None:
    kinds, lights = set(), set()
    for on in (TODAY, LATER, LATER + timedelta(days=30)):
        for role, seat in SEATS:
            if kinds == {*KINDS, *FEEDBACK_KINDS} and lights >= {"soon", "overdue"}:
                return
            with acting(mixed.county.actor(role, organization=seat)) as actor:
                page = desk.desk_for(actor, on=on)
                kinds |= {count.kind for count in page.counts}
                lights |= {light.light for light in page.lights if light.n}
    assert kinds == {*KINDS, *FEEDBACK_KINDS}
    assert lights >= {"soon", "overdue"}


def permitted(finding: UUID, actor: Actor) -> set[str]:
    """What the finding's own page offers."""
    page = finding_page(finding, actor=actor, on=TODAY)
    return {choice.code for choice in page.permitted} if page else set()


@pytest.mark.parametrize(("role", "seat"), SEATS)
def test_what_waits_can_be_done_and_what_can_be_done_waits(mixed: Mixed, role: str, seat: str | None) -> None:
    chosen = {path.finding for path in mixed.paths.values() if path.finding}
    with acting(mixed.county.actor(role, organization=seat)) as actor:
        visible = Finding.objects.visible_to(actor.scope)
        waits: dict[UUID, list[str]] = {}
        for code, condition in conditions_for(actor, on=TODAY).items():
            for finding in visible.filter(condition).values_list("pk", flat=True):
                waits.setdefault(finding, []).append(code)
        for finding in chosen & set(visible.values_list("pk", flat=True)):
            state, kinds = Finding.objects.get(pk=finding).state, waits.get(finding, [])
            open_steps = permitted(finding, actor)
            if role.startswith("unit_") and seat is None and state in ("awaiting_plan", "plan_returned"):
                open_steps.add("fill")
            assert len(kinds) <= 1, (state, kinds)
            answers = set().union(*[ANSWERED_BY[kind] for kind in kinds])
            assert not kinds or answers & open_steps, (state, kinds, open_steps)
            assert kinds or "report_progress" not in open_steps or state not in WORKED_ON, state
            unasked = open_steps - answers - set(AT_WILL)
            assert unasked <= {"fill"}, (state, kinds, unasked)
            assert not (unasked == {"fill"} and role == "unit_head" and kinds != ["submit_plan"]), (state, kinds)


@pytest.mark.parametrize(("role", "seat"), SEATS)
def test_feedback_that_waits_can_be_acted_upon_and_the_other_way_round(
    mixed: Mixed, role: str, seat: str | None
) -> None:
    answers = {"approve": "approve_feedback", "give": "give_feedback", "sign": "sign_feedback"}
    with acting(mixed.county.actor(role, organization=seat)) as actor:
        rows = [row for row in desk.desk_for(actor, on=TODAY).waiting if row.thing == "feedback"]
        waits = {row.id: row.kind for row in rows}
        for row in feedback_for(actor):
            page = feedback_page(row.id, actor=actor)
            assert page
            open_steps = {answers[step.code] for step in page.steps if step.objection is None}
            drafts = {"confirm_drafts"} if page.may_confirm and row.drafts else set()
            expected = open_steps | drafts if row.findings else drafts
            assert {waits[row.id]} if row.id in waits else set() == expected, (row.title, waits.get(row.id), expected)


@pytest.mark.parametrize(("role", "seat"), SEATS)
def test_a_desk_takes_few_statements_and_the_menu_one(mixed: Mixed, role: str, seat: str | None) -> None:
    with acting(mixed.county.actor(role, organization=seat)) as actor:
        with CaptureQueriesContext(connection) as queries:
            desk.desk_for(actor, on=LATER)
        assert len(queries) <= CEILING, [query["sql"][:160] for query in queries.captured_queries]
        with CaptureQueriesContext(connection) as queries:
            desk.menu_counts(actor, on=LATER)
        assert len(queries) == 1


def test_beyond_what_anybody_works_through_the_menu_says_at_least(
    mixed: Mixed, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = LATER + timedelta(days=400)
    with acting(mixed.county.actor("office_director")) as actor:
        whole = desk.menu_counts(actor, on=late)
        assert whole.at_least == frozenset()
        assert whole.overdue > 2
        monkeypatch.setattr(_bounded, "MOST", 2)
        menu = desk.menu_counts(actor, on=late)
        for figure in ("waiting", "plans", "closings", "feedback", "overdue"):
            assert getattr(menu, figure) <= getattr(whole, figure), figure
            assert figure in menu.at_least or getattr(menu, figure) == getattr(whole, figure), figure
    assert menu.overdue == 2
    assert "overdue" in menu.at_least


@pytest.mark.parametrize("role", ["office_director", "unit_head", "discipline_reviewer"])
def test_pages_of_a_long_desk_hold_every_line_once_in_order(
    mixed: Mixed, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(mixed.county.actor(role)) as actor:
        whole = desk.desk_for(actor, on=TODAY).waiting
        monkeypatch.setattr("bihuan.queries.desk.ON_A_PAGE", 3)
        pages = [desk.desk_for(actor, on=TODAY, page=n + 1) for n in range(-(-len(whole) // 3))]
    assert len(whole) > 3
    assert pages[0].pages == len(pages)
    assert [(row.kind, row.id) for page in pages for row in page.waiting] == [(row.kind, row.id) for row in whole]
    dates = [row.due_on or TODAY + timedelta(days=_desk_lines.UNDATED_DAYS) for row in whole]
    assert dates == sorted(dates)


def test_what_is_behind_the_first_page_is_said_with_a_link(mixed: Mixed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.queries.desk.ON_A_PAGE", 3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=8))
    director = mixed.county.actor("office_director")
    browser = visitor(director)
    with acting(director) as actor:
        total = desk.desk_for(actor, on=TODAY).n_waiting
    page = text(browser.get("/"))
    assert f"今天有 {total} 件事等您办" in page
    assert f'<a href="/?page=2">还有 {total - 3} 件</a>' in page
    assert page.count('<td class="is-title">') == 3
    assert "回到前面的" in text(browser.get("/?page=2"))


@pytest.mark.parametrize("role", ["office_director", "unit_head", "discipline_reviewer", "liaison"])
def test_every_number_on_the_page_leads_to_as_many_rows(
    mixed: Mixed, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import re

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=8))
    monkeypatch.setattr("bihuan.queries.findings.lists.PAGE_SIZE", 1000)
    browser = visitor(mixed.county.actor(role))
    page = text(browser.get("/"))
    found = re.findall(r'href="(/(?:findings|feedback)/\?[^"]+)"[^>]*>(?:<[^>]+>|[^<\d])*(\d+)', page)
    assert len(found) > 3, page
    for address, n in found:
        listed = text(browser.get(address.replace("&amp;", "&")))
        assert listed.count('<td class="is-title">') == int(n), address


def test_own_acts_are_no_news_and_those_of_others_are(mixed: Mixed) -> None:
    with acting(mixed.county.actor("discipline_reviewer")) as actor:
        page = desk.desk_for(actor, on=TODAY)
        assert page.changes
        assert len(page.changes) == 12
        assert {act.actor for thing in page.changes for act in thing.acts} - {"纪检监察审核人"}
        assert not [act for thing in page.changes for act in thing.acts if act.actor == "纪检监察审核人"]
        assert all(1 <= len(thing.acts) <= 3 for thing in page.changes)
        assert page.n_changed
        later = desk.desk_for(actor, on=TODAY + timedelta(days=9))
        assert (later.changes, later.n_changed) == ((), 0)


def test_what_a_unit_may_not_know_is_no_news_to_it(mixed: Mixed) -> None:
    hidden = {mixed.paths[name].finding for name in ("drafted", "approved", "signed once", "withdrawn")}
    with acting(mixed.county.actor("unit_head")) as actor:
        page = desk.desk_for(actor, on=TODAY)
        assert page.changes
        assert not hidden & {thing.id for thing in page.changes}


def test_the_chain_is_that_of_the_profile_of_the_inspection(mixed: Mixed, monkeypatch: pytest.MonkeyPatch) -> None:
    chains = parse_signer_chains(packaged_text("signer_chains.toml"), file="signer_chains.toml")
    county = load_profile("county")
    with_team = replace(county, name="with_team", signer_chain=chains["joint_review_with_team"])
    known = {"county": county, "with_team": with_team}
    monkeypatch.setattr("bihuan.rules.profile.load_profile", known.__getitem__)
    monkeypatch.setattr(profiles, "ROUND_PROFILES", tuple(known))

    def waiting(role: str) -> int:
        with acting(mixed.county.actor(role)) as actor:
            return rows_of(actor, waits="closing")

    before = {role: waiting(role) for role in ("team_leader", "office_director")}
    Inspection.objects.filter(pk=mixed.county.inspection).update(profile="with_team")
    after = {role: waiting(role) for role in ("team_leader", "office_director")}
    assert (before["team_leader"], after["office_director"]) == (0, 0)
    assert before["office_director"] > 0
    assert after["team_leader"] > 0
    with acting(mixed.county.actor("team_leader")) as actor:
        assert "agree_closing" in permitted(mixed.paths["pending_review"].finding, actor)


def test_filters_narrow_to_what_they_say(mixed: Mixed) -> None:
    helped = mixed.paths["helped by finance"]
    with acting(mixed.county.actor("office_director")) as actor:

        def numbers(**narrowed: Any) -> set[UUID]:
            return {row.id for row in findings_for(actor, filters=FindingFilters(**narrowed), on=TODAY).rows}

        finance = mixed.county.organizations["finance"]
        assert numbers(helping=finance) == numbers(mark="key") == {helped.finding}
        assert numbers(feedback=helped.feedback) >= {helped.finding}
        assert {row.state.code for row in findings_for(
            actor, filters=FindingFilters(state="unfinished"), on=TODAY).counts} >= set(UNFINISHED)  # fmt: skip
        assert numbers(light="nonsense") == numbers(waits="nonsense") == numbers(mark="nonsense") == set()
    assert len(WAITS) == len(set(WAITS))
