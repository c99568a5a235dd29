"""Questions that are kept, text and plan: they say what their querysets say, to everybody, whoever asked before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils import timezone

from bihuan.actions.findings import write_note
from bihuan.models import Assignment, Finding, FindingUnit, Grant, PlanRow, Progress
from bihuan.models._visibility import placed_like
from bihuan.queries import people
from bihuan.queries._questions import Question
from bihuan.queries.acting import acting
from bihuan.queries.findings import around, page, story
from bihuan.rules.access import NOWHERE, Actor, Scope
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES
from tests.builders import NOW, TODAY, build_county
from tests.paths import Path, a_finding

pytestmark = pytest.mark.django_db

ASKED = {
    f"{module.__name__.rpartition('.')[2]}.{name}": question
    for module in (around, page, story)
    for name, question in vars(module).items()
    if isinstance(question, Question)
}
BY_ROW = "around.MEASURES"
# The server makes a plan for everybody after five executions with one for the values at hand.
OFTEN = 8
PLANS = "select sum(generic_plans), sum(custom_plans) from pg_prepared_statements where name like '\\_pg3%'"


@pytest.fixture(scope="module")
def path(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A finding with all that can stand around one, whose unit and office both have written notes; made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = a_finding(build_county(), "reopened")
        for role in ("office_clerk", "unit_head"):
            made.do(role, write_note, finding=made.finding, text="备注")
        made.county.actor("unit_head", organization="finance")
        beside(made)
        yield made
        transaction.set_rollback(True)


def beside(path: Path) -> None:
    """Progress and a unit that helps, which this way does not bring along."""
    finding = Finding.objects.get(pk=path.finding)
    clerk = path.county.actor("unit_clerk")
    place = placed_like(finding) | {"finding": finding}
    FindingUnit.objects.create(id=new_id(NOW), helper_id=path.county.organizations["school"], **place)
    for day in (TODAY, TODAY - timedelta(days=1)):
        Progress.objects.create(
            id=new_id(NOW), text="进展", done_on=day, account_id=clerk.account, post_id=clerk.post, at=NOW, **place
        )


def given(path: Path, name: str) -> dict[str, Any]:
    """What the question is asked with."""
    if name == BY_ROW:
        row = PlanRow.objects.filter(finding=path.finding).order_by("-version").values_list("pk", flat=True).first()
        return {"row": row}
    return {"pk": path.finding} if name == "page.FOUND" else {"finding": path.finding}


def scopes(actor: Actor) -> list[Scope]:
    """The actor's, the same where nothing or everything is asked for by name, and one that reaches nowhere."""
    known = product((True, False), repeat=2)
    named = [replace(actor.scope, has_assignments=mine, has_grants=granted) for mine, granted in known]
    return [*named, *[replace(one, lo=NOWHERE[0], hi=NOWHERE[1]) for one in named]]


def kept(question: Question[Any], scope: Scope | None, values: dict[str, Any]) -> tuple[str, list[Any]] | None:
    found = question.compiled(scope, values)
    said = {name: getattr(scope, name) for name in ("post", "lo", "hi", "stage", "side")} if scope else {}
    return found and (found.text, found.values(said | values))


def plain(queryset: Any) -> tuple[str, list[Any]] | None:
    try:
        text, values = queryset.query.get_compiler("default").as_sql()
    except EmptyResultSet:
        return None
    return text, list(values)


def told(rows: Any) -> list[dict[str, Any]]:
    """Everything that rows say, with what was read along with them."""
    return [_told(row) for row in rows]


def _told(row: Any) -> dict[str, Any]:
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    along = {name: one and vars(one)[one._meta.pk.attname] for name, one in row._state.fields_cache.items()}
    return own | {f"{name} along": pk for name, pk in along.items()}


def everybody(path: Path) -> list[Actor]:
    own = [path.county.actor(role) for role in ROLES]
    return [*own, path.county.actor("unit_head", organization="finance")]


def generic_plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PLANS)
        return (cursor.fetchone() or [0])[0] or 0


@pytest.mark.parametrize("name", ASKED)
def test_what_is_kept_is_what_would_be_compiled_anew(path: Path, name: str) -> None:
    question, values, seen = ASKED[name], given(path, name), set()
    for actor in everybody(path):
        for scope in scopes(actor):
            anew = plain(question.asks(scope, **values))
            assert kept(question, scope, values) == anew
            seen.add(anew and anew[0])
    assert None in seen or name == "page.FOUND" or len(seen) > 1


def test_who_signed_in_is_asked_for_alike(path: Path) -> None:
    for actor in everybody(path):
        for on in (TODAY, TODAY - timedelta(days=900)):
            values = {"account": actor.account, "on": on}
            assert kept(people.HELD, None, values) == plain(people.HELD.asks(**values))
            assert told(people.HELD.rows(**values)) == told(people.HELD.asks(**values))


@pytest.mark.parametrize("name", ASKED)
def test_everybody_gets_the_rows_of_a_fresh_queryset_whoever_asked_before(path: Path, name: str) -> None:
    question, values, found = ASKED[name], given(path, name), {}
    before = generic_plans()
    for _ in range(2):
        for actor in everybody(path):
            with acting(actor):
                rows = told(question.rows(actor.scope, **values))
                assert rows == told(question.asks(actor.scope, **values))
            found[actor.post] = len(rows)
    assert generic_plans() > before
    assert 0 in found.values()
    assert max(found.values()) > 0


@pytest.mark.parametrize("name", ASKED)
def test_a_plan_made_for_one_shows_another_nothing_even_with_the_values_of_the_one(path: Path, name: str) -> None:
    question, values = ASKED[name], given(path, name)
    director = path.county.actor("office_director").scope
    stranger = path.county.actor("unit_head", organization="finance")
    for _ in range(OFTEN):
        # As the owner, whom no policy holds back; then the same text, plan and values as somebody else.
        as_owner = question.rows(director, **values)
        assert as_owner
        with acting(stranger):
            assert question.rows(director, **values) == ()
    with acting(path.county.actor("office_director")):
        assert told(question.rows(director, **values)) == told(as_owner)
        with acting(stranger):
            assert question.rows(director, **values) == ()


def test_a_kept_plan_heeds_what_was_given_and_taken_since(path: Path) -> None:
    stranger = path.county.actor("unit_head", organization="finance")

    def sees() -> bool:
        with acting(stranger):
            return bool(page.FOUND.rows(stranger.scope, pk=path.finding))

    with transaction.atomic():
        assert not any(sees() for _ in range(OFTEN))
        grant = Grant.objects.create(id=new_id(NOW), post_id=stranger.post, thing=path.finding, why="试", until=None)
        assert sees()
        grant.until = timezone.now() - timedelta(days=1)
        grant.save()
        assert not sees()
        Assignment.objects.create(id=new_id(NOW), post_id=stranger.post, inspection_id=path.county.inspection)
        assert sees()
        Finding.objects.filter(pk=path.finding).update(secrecy=2)
        assert not sees()
        transaction.set_rollback(True)


def test_after_a_rollback_and_without_kept_plans_the_answer_is_the_same(path: Path) -> None:
    director = path.county.actor("office_director")

    def rows() -> list[dict[str, Any]]:
        with acting(director):
            return told(around.PROGRESS.rows(director.scope, finding=path.finding))

    first = rows()
    with transaction.atomic():
        rows()
        transaction.set_rollback(True)
    assert rows() == first != []
    keeps = connection.connection.prepare_threshold
    assert keeps is not None
    try:
        connection.connection.prepare_threshold = None
        before = generic_plans()
        assert rows() == first
        assert generic_plans() == before
    finally:
        connection.connection.prepare_threshold = keeps


def test_a_value_that_is_nothing_or_of_a_kind_unknown_is_refused(path: Path) -> None:
    scope = path.county.actor("office_director").scope
    for value in (None, 3.5):
        with pytest.raises(KeyError):
            around.NOTES.rows(scope, finding=value)
    assert around.NOTES.rows(scope, finding=UUID(int=1)) == ()
