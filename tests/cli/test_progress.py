"""Carrying out by the command alone: progress, evidence, extension, notes and marks; exit codes and sentences."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from bihuan.cli.accounts import hash_of
from bihuan.models import Account, Finding
from tests.builders import TODAY, build_county
from tests.cli.test_closing import Town
from tests.copies import apart, committing
from tests.paths import Path as Walk
from tests.paths import to_in_progress

LATER = max(datetime.now().astimezone().date(), TODAY) + timedelta(days=400)
ROLES = ("unit_head", "unit_clerk", "office_director", "office_clerk", "leading_group")


@transaction.atomic
def _build() -> list[str]:
    county = build_county(at=(datetime.now(UTC) - timedelta(days=1)).replace(hour=1, minute=0))
    for role in ROLES:
        Account.objects.filter(pk=county.actor(role).account).update(token_hash=hash_of(f"token of {role}"))
    walk = Walk(county)
    to_in_progress(walk)
    return [Finding.objects.get(pk=walk.finding).number]


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Built once; the tests follow one another."""
    with django_db_blocker.unblock(), committing("cli_progress") as name:
        numbers = apart(_build)
        given = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
        dsn = make_conninfo("", dbname=name, **{key: value for key, value in given.items() if value})
        yield Town(tmp_path_factory.mktemp("home"), dsn, numbers)


def test_progress_is_added_and_listed_and_shown(town):
    [number] = town.numbers
    code, taken = town.ask("unit_clerk", "progress", "add", number, "已公示 4 所", "--measure", "2")
    assert (code, taken["state"], taken["number"]) == (0, "in_progress", number)
    late = town.ask("unit_clerk", "progress", "add", number, "晚了", "--seen", str(taken["revision"] - 1))
    assert (late[0], late[1]["code"]) == (1, "overtaken")
    code, listed = town.ask("office_clerk", "progress", "list")
    assert (code, [row["last_text"] for row in listed["rows"]]) == (0, ["已公示 4 所"])
    assert town.ask("office_clerk", "progress", "list", "--light", "overdue")[1]["rows"] == []
    shown = town.say("office_clerk", "finding", "show", number).stdout
    assert "措施 2 已公示 4 所" in shown
    assert number in town.say("office_clerk", "progress", "list").stdout


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("progress", "add", "{}", " "), 1, "progress_missing"),
        (("progress", "add", "{}", "做了", "--done-on", str(LATER)), 1, "done_on_future"),
        (("progress", "add", "{}", "做了", "--measure", "9"), 2, "malformed"),
        (("progress", "add", "没有", "做了"), 1, "unknown"),
        (("evidence", "add", "{}"), 1, "evidence_missing"),
        (("evidence", "add", "{}", "--evidence", "1=/没有/这个文件"), 3, "unreadable"),
        (("extension", "request", "{}", "--until", str(LATER)), 1, "not_yours"),
        (("extension", "decide", "{}", "grant"), 1, "not_yours"),
        (("finding", "mark", "{}", "--mark", "key"), 1, "not_yours"),
        (("finding", "note", "{}", " "), 1, "note_missing"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code(town, words, exit_code, code):
    asked = [word.format(town.numbers[0]) for word in words]
    found, answer = town.ask("unit_clerk", *asked)
    assert (found, answer["code"]) == (exit_code, code)
    assert answer["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("extension", "decide", "{}", "perhaps"),
        ("finding", "mark", "{}", "--mark", "red"),
        ("progress", "list", "--quiet", "8"),
    ],
)
def test_a_word_that_is_not_known_is_a_mistake_of_usage(town, words):
    said = town.say("office_clerk", *[word.format(town.numbers[0]) for word in words])
    assert (said.returncode, said.stdout) == (2, "")
    assert "请写" in said.stderr


def test_evidence_is_handed_in_with_what_it_proves(town, tmp_path):
    proof = tmp_path / "公示.txt"
    proof.write_text("公示记录", encoding="utf-8")
    assert town.ask("unit_clerk", "evidence", "add", town.numbers[0], "--evidence", f"1={proof}|已公示|{TODAY}")[0] == 0
    shown = json.loads(town.say("unit_head", "finding", "show", town.numbers[0], "--json").stdout)
    (kept,) = shown["measures"][0]["evidence"]
    assert (kept["name"], kept["proves"], kept["dated"]) == ("公示.txt", "已公示", str(TODAY))


def test_an_extension_is_asked_for_refused_asked_again_and_granted_by_another(town):
    [number] = town.numbers
    asked = ("extension", "request", number, "--until", str(LATER), "--reason", "采购流程未走完")
    assert town.ask("unit_head", *asked)[0] == 0
    assert town.ask("unit_head", *asked)[1]["code"] == "extension_open"
    why = "采购可以先行，请抓紧整改。"
    assert town.ask("office_director", "extension", "decide", number, "refuse", "--reason", why)[0] == 0
    assert town.ask("unit_head", *asked)[0] == 0
    assert town.ask("leading_group", "extension", "decide", number, "grant")[0] == 0
    shown = json.loads(town.say("unit_clerk", "finding", "show", number, "--json").stdout)
    assert shown["due_on"] == str(LATER)
    assert [one["state"]["code"] for one in shown["decided"]] == ["refused", "granted"]


def test_notes_stay_on_their_side_and_marks_are_those_named(town):
    [number] = town.numbers
    assert town.ask("unit_clerk", "finding", "note", number, "等财政局回函")[0] == 0
    assert "等财政局回函" in town.say("unit_head", "finding", "show", number).stdout
    assert "等财政局回函" not in town.say("office_clerk", "finding", "show", number, "--json").stdout
    marked = ("finding", "mark", number, "--mark", "key", "--mark", "listed", "--reason", "群众反映集中")
    assert town.ask("office_clerk", *marked)[0] == 0
    assert town.ask("office_clerk", "finding", "show", number)[1]["marks"] == ["listed", "key"]
    assert town.ask("office_clerk", "finding", "mark", number, "--reason", "摘牌")[0] == 0
    assert town.ask("office_clerk", "finding", "show", number)[1]["marks"] == []
