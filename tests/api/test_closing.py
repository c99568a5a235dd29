"""Closings by the API: what waits for a signer, one request, and its verdicts as steps of the finding."""

import pytest

from bihuan.models import ClosingRequest, Finding
from tests.api.callers import caller, problem, sent
from tests.builders import build_county
from tests.paths import POINTS, a_finding

pytestmark = pytest.mark.django_db


def test_a_request_is_listed_read_and_signed():
    path = a_finding(build_county(), "pending_review")
    program = caller(path.county.actor("discipline_reviewer"))
    listed = program.get("/api/closing?box=mine").json()
    request = str(ClosingRequest.objects.get().pk)
    assert [row["id"] for row in listed["rows"]] == [request]
    assert {count["code"]: count["n"] for count in listed["counts"]}["mine"] == 1
    page = program.get(f"/api/closing/{request}").json()
    assert page["agree_step"] == "agree_closing"
    assert [point["code"] for point in page["points"]] == list(POINTS)
    assert len(page["answers"]) == 8
    step = f"/api/findings/{page['finding']['id']}/steps/{page['agree_step']}"
    assert problem(sent(program, step, seen=page["finding"]["revision"]), 422)["code"] == "points_missing"
    assert sent(program, step, seen=page["finding"]["revision"], points=list(POINTS)).status_code == 200
    signers = program.get(f"/api/closing/{request}").json()["signers"]
    assert [one["stands"] for one in signers] == ["agreed", "missing", "missing"]
    assert program.get("/api/closing?box=mine").json()["rows"] == []


def test_a_request_that_is_not_ones_to_know_is_404_and_a_wrong_box_400():
    path = a_finding(build_county(), "pending_review")
    request = ClosingRequest.objects.get(finding=Finding.objects.get(pk=path.finding)).pk
    stranger = caller(path.county.actor("unit_head", organization="finance"))
    problem(stranger.get(f"/api/closing/{request}"), 404)
    problem(stranger.get("/api/closing?box=nowhere"), 400)
