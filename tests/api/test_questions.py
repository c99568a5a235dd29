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


FORMS = {
    "statistics?on": (
        ["2026-11-22"],
        ["-4.7e-262", "0", "1", "20261122", "2026-11-22T00:00:00", "2026-02-30", "%202026-11-22", "２０２６-11-22", ""],
    ),
    "statistics?page": (["1", "0", "-7", "9" * 40], ["1.0", "01", "x", ""]),
    "statistics?sort": (["usual", "findings"], ["number", "-findings"]),
    "findings?page": (["1", "0", "-7", "9" * 40], ["1.0", "%201", "1e0", "%2B1", "01", "1_0", "１", ""]),
    "findings?overdue": (["true", "false"], ["1", "on", "yes", "TRUE", "%20true", ""]),
    "findings?unit": (
        ["01900000-0000-7000-8000-000000000000", "01900000-0000-7000-8000-00000000000A"],
        ["01900000000070008000000000000000", "{01900000-0000-7000-8000-000000000000}", "0", ""],
    ),
}


@pytest.mark.parametrize(
    ("asked", "status"),
    [(f"{name}={value}", status) for name, both in FORMS.items() for status, some in zip((200, 400), both, strict=True)
     for value in some],
)  # fmt: skip
def test_a_question_is_written_in_one_form_only(asked: str, status: int, clerk: Actor):
    answer = caller(clerk).get(f"/api/{asked}")
    assert answer.status_code == status, answer.content.decode()


@pytest.mark.parametrize(
    "key", ["01900000-0000-7000-8000-000000000000", "云溪〔2026〕9-999", "..", "%00", "😀", "a%0Ab"]
)
def test_what_is_not_there_is_unknown(key: str, clerk: Actor):
    program = caller(clerk)
    assert problem(program.get(f"/api/findings/{key}"), 404)["code"] == "unknown"
