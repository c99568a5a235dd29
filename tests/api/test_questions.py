"""Questions of the API that cannot be read, and keys that lead nowhere."""

import pytest

from bihuan.rules.access import Actor
from tests.api.callers import caller, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "where"),
    [("state=gone", "state"), ("page=one", "page"), ("overdue=maybe", "overdue"), ("unit=7", "unit"),
     ("stat=closed", "stat")],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_malformed_and_says_which(asked: str, where: str, clerk: Actor):
    program = caller(clerk)
    assert problem(program.get(f"/api/findings?{asked}"), 400)["where"] == where


@pytest.mark.parametrize(
    "key", ["01900000-0000-7000-8000-000000000000", "云溪〔2026〕9-999", "..", "%00", "😀", "a%0Ab"]
)
def test_what_is_not_there_is_unknown(key: str, clerk: Actor):
    program = caller(clerk)
    assert problem(program.get(f"/api/findings/{key}"), 404)["code"] == "unknown"
