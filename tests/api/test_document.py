"""The OpenAPI document: open to all, complete, and true, as Schemathesis finds by calling every operation."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel
from requests import Request
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from bihuan.api.urls import api
from tests.api.callers import PROBLEM, token_of
from tests.house.page_objects import Visited, county_to_visit

pytestmark = pytest.mark.django_db
URL = "/api/openapi.json"
TRUE = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
QUICK = settings(
    max_examples=4, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_the_document_is_open_and_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get(URL)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["info"]["title"] == "Bihuan"
    assert not answer.cookies
    assert Client().get("/api/docs").status_code == 404


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, found in api.get_openapi_schema(path_prefix="api/")["paths"].items():
        for method, operation in found.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_declares_its_security_its_refusals_and_what_it_is() -> None:
    document = Client().get(URL).json()
    assert document["components"]["securitySchemes"] == {"Token": {"type": "http", "scheme": "bearer"}}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == PROBLEM
    ids = []
    for name, operation in operations():
        ids.append(operation["operationId"])
        assert operation["security"] == [{"Token": []}], name
        assert operation["description"], name
        refusals = {status for status in operation["responses"] if status != 200}
        assert refusals >= {400, 403, 500} | ({404} if "{" in name else set()), name
        assert "X-Acting-Post" in {parameter["name"] for parameter in operation["parameters"]}, name
        if "requestBody" in operation:
            assert refusals >= {409, 413, 415, 422}, name
    assert len(set(ids)) == len(ids)


def test_every_step_declares_that_it_wants_the_revision_seen() -> None:
    schemas = Client().get(URL).json()["components"]["schemas"]
    for name in ("FindingStep", "Seen", "Sign", "Correct", "Split", "Join", "Drop", "Submit", "PlanReview"):
        assert "seen" in schemas[name]["required"], name


def shapes_in(hint: Any, found: set[type]) -> set[type]:
    """Every dataclass and every model that a type is made of, itself included."""
    for part in get_args(hint):
        shapes_in(part, found)
    if isinstance(hint, type) and hint not in found and (is_dataclass(hint) or issubclass(hint, BaseModel)):
        found.add(hint)
        for inner in get_type_hints(hint).values():
            shapes_in(inner, found)
    return found


def test_every_name_in_the_document_means_one_shape() -> None:
    found: set[type] = set()
    for _, router in api._routers:
        for path in router.path_operations.values():
            for operation in path.operations:
                for answer in operation.response_models.values():
                    shapes_in(answer.__annotations__["response"], found)
    assert len(found) > 50
    names = Counter(shape.__name__ for shape in found)
    assert {shape for shape in found if names[shape.__name__] > 1} == set()


@pytest.fixture(scope="module")
def visited(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Visited, dict[str, str]]]:
    """A county with something in it, and the headers of one who may do much."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = county_to_visit()
        director = found.county.actor("office_director")
        yield found, {"Authorization": f"Bearer {token_of(director)}", "X-Acting-Post": str(director.post)}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def declared() -> Any:
    """The document as Schemathesis reads it, once for all operations."""
    return schemathesis.openapi.from_dict(without_headers(Client().get(URL).json()))


def cases() -> Iterator[tuple[str, GenerationMode]]:
    """Every operation with what it takes; and, where something is asked of it, with what it does not."""
    for name, operation in operations():
        yield name, GenerationMode.POSITIVE
        if "requestBody" in operation or any(one["in"] == "query" for one in operation["parameters"]):
            yield name, GenerationMode.NEGATIVE


def without_headers(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what the door reads: tokens and posts are tried in test_door.py."""
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["security"]
            operation["parameters"] = [one for one in operation["parameters"] if one["in"] != "header"]
    return document


def called(case: Any, headers: dict[str, str]) -> Response:
    """The answer of Django's own client to a case of Schemathesis, in the test's transaction."""
    wanted = Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    sent = {name: value for name, value in wanted.headers.items() if name.lower() != "content-length"} | headers
    client = Client(raise_request_exception=False)
    kind = sent.pop("Content-Type", "")
    with transaction.atomic():
        came = client.generic(wanted.method, wanted.path_url, wanted.body or b"", content_type=kind, headers=sent)
        transaction.set_rollback(True)
    came_with = {name.lower(): [value] for name, value in came.items()}
    return Response(came.status_code, came_with, came.content, wanted, 0.0, verify=False)


@pytest.mark.parametrize(("operation", "mode"), list(cases()))
def test_what_the_document_says_is_what_comes(
    operation: str, mode: GenerationMode, visited: Any, declared: Any
) -> None:
    found, headers = visited
    method, path = operation.split()
    names = {
        "finding": found.things["given"],
        "feedback": found.things["open_feedback"],
        "draft": found.things["draft"],
    }
    known = {name: thing for name, thing in names.items() if f"{{{name}}}" in path}

    @given(case=declared[path][method].as_strategy(generation_mode=mode))
    @QUICK
    def true(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update(known)
        case.validate_response(called(case, headers), checks=TRUE)

    true()
