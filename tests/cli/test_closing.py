"""Closing and reopening by the command alone: asked for with answers, weighed by the signers, reopened by a second."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from bihuan.cli.accounts import hash_of
from bihuan.models import Account, Finding
from tests.builders import TODAY, build_county
from tests.cli.running import forked
from tests.copies import apart, committing
from tests.paths import CRITERIA, POINTS, to_in_progress
from tests.paths import Path as Walk

LATER = max(datetime.now().astimezone().date(), TODAY) + timedelta(days=60)
ROLES = ("unit_head", "discipline_reviewer", "organization_reviewer", "office_director", "office_clerk")
OPINION = "照片看不出公示日期，请补公示原件。"


class Town:
    """A committed county with two findings at work, and its people at the command line."""

    def __init__(self, home, dsn: str, numbers: list[str]) -> None:
        self.home, self.dsn, self.numbers = home, dsn, numbers

    def say(self, role: str, *arguments: str):
        """Run a command as that role."""
        said = forked(self.home, *arguments, BIHUAN_DSN=self.dsn, BIHUAN_TOKEN=f"token of {role}")
        assert "Traceback" not in said.stderr, said.stderr
        return said

    def ask(self, role: str, *arguments: str):
        """Run a command with --json; its exit code and what it answered."""
        said = self.say(role, *arguments, "--json")
        return said.returncode, json.loads(said.stdout)


@transaction.atomic
def _build() -> list[str]:
    at = (datetime.now(UTC) - timedelta(days=1)).replace(hour=1, minute=0)
    county = build_county(at=at)
    for role in ROLES:
        Account.objects.filter(pk=county.actor(role).account).update(token_hash=hash_of(f"token of {role}"))
    walk = Walk(county)
    to_in_progress(walk)
    first = walk.finding
    walk.finding = Finding.objects.exclude(pk=first).order_by("number").first().pk
    walk.approve_plan()
    return [Finding.objects.get(pk=pk).number for pk in (first, walk.finding)]


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Built once; the tests follow one another along the lifecycle."""
    with django_db_blocker.unblock(), committing("cli_closing") as name:
        numbers = apart(_build)
        given = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
        dsn = make_conninfo("", dbname=name, **{key: value for key, value in given.items() if value})
        yield Town(tmp_path_factory.mktemp("home"), dsn, numbers)


@pytest.fixture
def files(tmp_path) -> list[str]:
    """Evidence for both measures, as options."""
    proof = tmp_path / "公示.txt"
    proof.write_text("公示记录", encoding="utf-8")
    return ["--evidence", f"1={proof}|已公示", "--evidence", f"2={proof}"]


def met(*, without: str = "") -> list[str]:
    """An answer to each criterion, one left out; as options."""
    return [word for one in CRITERIA if one.code != without for word in ("--met", f"{one.code}={one.text}")]


def test_a_criterion_without_an_answer_is_refused_and_named(town, files):
    code, said = town.ask("unit_head", "closing", "request", town.numbers[0], *met(without="money"), *files)
    assert (code, said["code"], said["where"]) == (1, "criterion_missing", "criteria.money")


def test_a_closing_is_asked_for_weighed_and_sent_back(town, files):
    more = ["--not-applicable", "money=本问题不涉及钱款"]
    code, taken = town.ask("unit_head", "closing", "request", town.numbers[0], *met(without="money"), *more, *files)
    assert (code, taken["state"]) == (0, "pending_review")
    code, listed = town.ask("discipline_reviewer", "closing", "list", "--box", "mine")
    assert [row["number"] for row in listed["rows"]] == [town.numbers[0]]
    assert town.ask("office_director", "closing", "list", "--box", "mine")[1]["rows"] == []
    code, shown = town.ask("discipline_reviewer", "closing", "show", town.numbers[0])
    money = next(one for one in shown["answers"] if one["code"] == "money")
    assert (money["applies"], money["text"], shown["claim"]) == (False, "本问题不涉及钱款", "done")
    code, said = town.ask("discipline_reviewer", "closing", "decide", town.numbers[0], "agree", "--confirm", POINTS[0])
    assert (code, said["code"]) == (1, "points_missing")
    revision = str(shown["finding"]["revision"])
    back = ("decide", town.numbers[0], "return", "--reason", OPINION, "--seen", revision)
    assert town.ask("discipline_reviewer", "closing", *back)[1]["state"] == "returned"
    code, said = town.ask("organization_reviewer", "closing", *back)
    assert (code, said["code"]) == (1, "overtaken")


def test_it_is_asked_for_again_from_a_file_and_closed(town, tmp_path):
    shown = town.ask("unit_head", "finding", "show", town.numbers[0])[1]
    proof = shown["measures"][0]["evidence"][0]["id"]
    answers = [{"code": one.code, "text": one.text, "evidence": [proof]} for one in CRITERIA]
    file = tmp_path / "标准.json"
    file.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    asked = town.ask("unit_head", "closing", "request", town.numbers[0], "--criteria", str(file))
    assert asked[1]["state"] == "pending_review"
    waits = town.ask("office_director", "closing", "decide", town.numbers[0], "agree", "--confirm", "all")
    assert (waits[0], waits[1]["code"]) == (1, "signers_pending")
    for role, state in (
        ("discipline_reviewer", "pending_review"), ("organization_reviewer", "pending_review"),
        ("office_director", "closed"),
    ):  # fmt: skip
        code, taken = town.ask(role, "closing", "decide", town.numbers[0], "agree", "--confirm", "all")
        assert (code, taken["state"]) == (0, state), role
    words = town.say("unit_head", "closing", "show", town.numbers[0]).stdout
    assert "已同意" in words
    assert CRITERIA[0].text in words


def test_what_is_kept_up_for_long_has_goals_and_a_day(town, files):
    asked = town.ask("unit_head", "closing", "request", town.numbers[1], "--claim", "long_term", *files)
    assert asked[1]["state"] == "pending_review"
    agree = ("closing", "decide", town.numbers[1], "agree", "--confirm", "all")
    for role in ("discipline_reviewer", "organization_reviewer"):
        assert town.ask(role, *agree)[0] == 0
    assert town.ask("office_director", *agree)[1]["code"] == "stage_goals_missing"
    goals = ("--stage-goals", "每季首月报数", "--next-review-on", str(LATER))
    assert town.ask("office_director", *agree, *goals)[1]["state"] == "phase_done_long_term"


def test_a_closed_finding_is_reopened_by_a_second_person(town, tmp_path):
    letter = tmp_path / "来信.txt"
    letter.write_text("来信摘要", encoding="utf-8")
    ask = ("reopening", "request", town.numbers[0], "--ground", "still_there", "--reason", "群众来信反映仍在收费")
    assert town.ask("office_director", *ask)[1]["code"] == "evidence_missing"
    assert town.ask("office_director", *ask, "--file", f"{letter}|来信摘要")[0] == 0
    assert town.ask("office_director", "reopening", "decide", town.numbers[0], "grant")[1]["code"] == "same_person"
    refuse = ("reopening", "decide", town.numbers[0], "refuse", "--reason", OPINION)
    assert town.ask("discipline_reviewer", *refuse)[1]["code"] == "not_yours"


def test_a_wrong_word_stops_the_command_before_anything_is_done(town, tmp_path):
    for wrong, code in (
        (("closing", "decide", town.numbers[0], "perhaps"), 2),
        (("closing", "list", "--box", "nowhere"), 2),
        (("closing", "request", town.numbers[0], "--met", "只有文字"), 2),
        (("closing", "request", town.numbers[0], "--met", "money=是", "--cite", "money=不是编号"), 2),
        (("closing", "request", town.numbers[0], "--cite", "money=01900000-0000-7000-8000-000000000000"), 2),
        (("closing", "request", town.numbers[0], "--criteria", f"{tmp_path}/没有.json"), 3),
        (("reopening", "decide", town.numbers[0], "perhaps"), 2),
    ):
        said = town.say("unit_head", *wrong)
        assert (said.returncode, said.stdout) == (code, ""), wrong
        assert "请" in said.stderr, wrong


def test_what_is_not_ones_to_know_says_no_more(town):
    nobody = town.say("unit_head", "closing", "show", "XX-9999", "--json")
    assert (nobody.returncode, json.loads(nobody.stdout)["code"]) == (1, "unknown")
