"""Every operation as every caller: the status, the shape, no cookie; role_table.py says what should come."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from bihuan.api.urls import api
from bihuan.models import Draft, Feedback, Finding, Plan
from bihuan.rules.vocabulary import ROLES
from tests.api.callers import caller, problem
from tests.api.role_table import LINES, Line
from tests.builders import County
from tests.house.page_objects import ELSEWHERE, NOBODY, county_to_visit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def visited(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[dict[str, Any], dict[str, Client]]]:
    """The county's things by name, with their revisions, and a program for every caller."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = county_to_visit()
        things = found.things | {"plan": found.things["handed_in"]}
        yield things | revisions(things), dict(callers(found.county))
        transaction.set_rollback(True)


def callers(county: County) -> Iterator[tuple[str, Client]]:
    yield NOBODY, Client()
    for role in ROLES:
        yield role, caller(county.actor(role))
    for name, (role, where) in ELSEWHERE.items():
        yield name, caller(county.actor(role, organization=where))


def revisions(things: dict[str, str]) -> dict[str, int]:
    kinds = {
        "given": Finding,
        "drafted": Finding,
        "open_feedback": Feedback,
        "given_feedback": Feedback,
        "draft": Draft,
        "plan": Plan,
    }
    return {f"{name}_seen": kind.objects.get(pk=things[name]).revision for name, kind in kinds.items()}


def ask(line: Line, client: Client, things: dict[str, Any]) -> HttpResponse:
    address, method = line.address.format(**things), line.operation.split()[0]
    if line.typed is None:
        return client.generic(method, address)
    typed = {name: things[value[1:-1]] if str(value).startswith("{") else value for name, value in line.typed.items()}
    if line.is_form:
        return client.post(address, typed | {"file": SimpleUploadedFile("a.txt", "一".encode())})
    return client.generic(method, address, json.dumps(typed), content_type="application/json")


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.address} {line.typed}")
def test_every_caller_gets_what_is_theirs(line: Line, visited: Any) -> None:
    things, programs = visited
    got, expected = {}, line.expected()
    for who, client in programs.items():
        with transaction.atomic():
            answer = ask(line, client, things)
            transaction.set_rollback(True)
        got[who] = answer.status_code
        assert not answer.cookies
        if answer.status_code != 200:
            problem(answer, answer.status_code)
    wrong = {who: f"{status} instead of {expected[who]}" for who, status in got.items() if status != expected[who]}
    assert not wrong, line.address


def test_every_operation_stands_in_the_table() -> None:
    declared = {
        f"{method.upper()} {path}"
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert declared == {line.operation for line in LINES}, "say in tests/api/role_table.py who gets what there"
