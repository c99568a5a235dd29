"""A finding goes from given to closed by the command alone, through five posts; refusals are sentences and codes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from bihuan.cli.accounts import hash_of
from bihuan.models import Account, Event, Finding
from tests.builders import TODAY, build_county
from tests.cli.running import forked
from tests.copies import apart, committing
from tests.paths import CRITERIA, to_awaiting_plan
from tests.paths import Path as Walk

LATER = max(datetime.now().astimezone().date(), TODAY) + timedelta(days=30)
ROLES = ("unit_head", "discipline_reviewer", "organization_reviewer", "office_director", "unit_clerk", "system_officer")


class Town:
    """A committed county with one given finding, and its people at the command line."""

    def __init__(self, home, dsn: str, number: str) -> None:
        self.home, self.dsn, self.number = home, dsn, number

    def say(self, role: str, *arguments: str):
        """Run a command as that role."""
        return forked(self.home, *arguments, BIHUAN_DSN=self.dsn, BIHUAN_TOKEN=f"token of {role}")

    def step(self, role: str, step: str, *options: str):
        """Take a step and return what the command answered as JSON."""
        said = self.say(role, "finding", "step", self.number, step, *options, "--json")
        assert "Traceback" not in said.stderr, said.stderr
        return said.returncode, json.loads(said.stdout)


@transaction.atomic
def _build() -> str:
    # Nine in the morning there, so that no minute of the walk falls on another day.
    at = (datetime.now(UTC) - timedelta(days=1)).replace(hour=1, minute=0)
    county = build_county(at=at)
    for role in ROLES:
        Account.objects.filter(pk=county.actor(role).account).update(token_hash=hash_of(f"token of {role}"))
    walk = Walk(county)
    to_awaiting_plan(walk)
    return Finding.objects.get(pk=walk.finding).number


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Built once; the tests follow one another along the lifecycle."""
    with django_db_blocker.unblock(), committing("cli") as name:
        number = apart(_build)
        given = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
        dsn = make_conninfo("", dbname=name, **{key: value for key, value in given.items() if value})
        yield Town(tmp_path_factory.mktemp("home"), dsn, number)


def test_a_finding_goes_to_closed_by_the_command_alone(town, tmp_path):
    measures = [f"第 {n} 项：逐校公示收费|县教育局|分管副局长|{LATER}|公示照片" for n in (1, 2)]
    told = ["--causes", "监管缺位", "--goal", "公示率达到 100%", "--leader", "分管副局长"]
    told += [word for measure in measures for word in ("--measure", measure)]
    assert town.step("unit_head", "submit_plan", *told)[1]["state"] == "plan_submitted"
    for role in ("discipline_reviewer", "organization_reviewer"):
        assert town.step(role, "agree_plan")[0] == 0
    assert town.step("office_director", "approve_plan")[1]["state"] == "in_progress"
    proof = tmp_path / "公示.txt"
    proof.write_text("公示记录", encoding="utf-8")
    files = ("--evidence", f"1={proof}|已公示|{TODAY}", "--evidence", f"2={proof}")
    answers = tmp_path / "标准.json"
    answers.write_text(json.dumps([{"code": one.code, "text": one.text} for one in CRITERIA]), encoding="utf-8")
    asked = ("--claim", "done", "--criteria", str(answers), *files)
    assert town.step("unit_head", "request_closing", *asked)[1]["state"] == "pending_review"
    for role in ("discipline_reviewer", "organization_reviewer"):
        assert town.step(role, "agree_closing", "--confirm", "all")[0] == 0
    code, taken = town.step("office_director", "close", "--confirm", "all")
    assert (code, taken["state"], taken["number"]) == (0, "closed", town.number)
    assert apart(lambda: list(Event.objects.filter(via="cli").values_list("step", flat=True).distinct())) != []
    shown = json.loads(town.say("unit_head", "finding", "show", town.number, "--json").stdout)
    assert (shown["state"]["code"], len(shown["measures"])) == ("closed", 2)
    assert shown["measures"][0]["evidence"][0]["proves"] == "已公示"


def test_what_is_refused_is_1_with_a_sentence_and_a_code(town):
    code, said = town.step("unit_clerk", "close")
    assert (code, said["code"]) == (1, "not_yours")
    assert set(said) == {"code", "message", "article", "where"}
    code, said = town.step("office_director", "no_such_step")
    assert (code, said["code"], said["where"]) == (1, "unknown_step", "step")
    code, said = town.step("office_director", "close", "--seen", "1")
    assert (code, said["code"]) == (1, "overtaken")
    assert "巡察办主任" in said["message"]


def test_a_refusal_without_json_is_words_alone(town):
    said = town.say("unit_clerk", "finding", "step", town.number, "close")
    assert (said.returncode, said.stdout) == (1, "")
    assert "办理" in said.stderr


def test_what_is_not_ones_to_know_is_1_and_says_no_more(town):
    nobody = town.say("unit_head", "finding", "show", "XX-9999", "--json")
    hidden = town.say("system_officer", "finding", "show", town.number, "--json")
    assert (nobody.returncode, hidden.returncode) == (1, 1)
    assert json.loads(nobody.stdout) == json.loads(hidden.stdout)


def test_an_option_that_cannot_be_understood_stops_the_command_before_anything_is_done(town, tmp_path):
    for options, code in ((["--measure", "只有内容"], 2), (["--evidence", f"1={tmp_path}/没有.txt"], 3)):
        said = town.say("unit_head", "finding", "step", town.number, "close", *options)
        assert (said.returncode, said.stdout) == (code, ""), options
        assert "请" in said.stderr
        assert "Traceback" not in said.stderr


def test_lists_show_what_the_post_may_see(town):
    of_unit = json.loads(town.say("unit_head", "finding", "list", "--json").stdout)
    of_officer = json.loads(town.say("system_officer", "finding", "list", "--json").stdout)
    assert town.number in {row["number"] for row in of_unit["rows"]}
    assert (of_officer["rows"], of_officer["total"]) == ([], 0)


def test_the_tree_and_the_people_are_listed_for_those_who_may(town):
    tree = town.say("unit_clerk", "organization", "tree")
    assert tree.stdout.splitlines()[0].startswith("中共云溪县委")
    assert "　县教育局" in tree.stdout
    people = town.say("system_officer", "people", "list", "--json")
    assert json.loads(people.stdout)["total"] > len(ROLES)
    assert town.say("unit_clerk", "people", "list").returncode == 1


def _said(town: Town, role: str, *words: str):
    answer = town.say(role, *words, "--json")
    assert "Traceback" not in answer.stderr, answer.stderr
    return answer.returncode, json.loads(answer.stdout or "{}")


def test_the_tree_is_changed_by_those_who_may(town):
    day = str(datetime.now(UTC).date())
    add = ("organization", "add", "县林业局", "--class", "department", "--under", "中共云溪县委")
    assert _said(town, "unit_head", *add)[0] == 1
    code, made = _said(town, "office_director", *add)
    assert code == 0
    for words in (
        ("rename", "县林业局", "县自然资源局"),
        ("move", made["organization"], "--under", "县财政局"),
    ):
        assert _said(town, "office_director", "organization", *words, "--reason", "机构改革")[0] == 0
    assert "　　县自然资源局（" in town.say("unit_clerk", "organization", "tree").stdout
    merge = ("merge", "县自然资源局", "--into", "县财政局", "--on", day, "--reason", "合并")
    assert _said(town, "office_director", "organization", *merge)[0] == 0
    assert "县自然资源局" not in town.say("unit_clerk", "organization", "tree").stdout


def test_people_are_changed_by_those_who_may(town):
    day = str(datetime.now(UTC).date())
    code, opened = _said(town, "system_officer", "people", "add", "林木森", "linmusen")
    assert (code, bool(opened["password"])) == (0, True)
    give = ("unit_clerk", "--in", "县财政局", "--from", day)
    code, given = _said(town, "system_officer", "people", "give-post", "linmusen", *give)
    assert code == 0
    assert _said(town, "system_officer", "people", "end-post", given["post"], "--on", day)[0] == 0
    assert _said(town, "office_director", "people", "add", "某人", "mouren")[0] == 1
    code, refusal = _said(town, "system_officer", "people", "give-post", "nobody", *give)
    assert (code, refusal["code"]) == (1, "account_unknown")
    nowhere = ("organization", "rename", "没有这个局", "某局")
    assert _said(town, "office_director", *nowhere)[1]["code"] == "organization_unknown"


def test_the_statistics_are_counted_as_on_the_page(town: Town):
    said = town.say("office_director", "statistics", "--by", "category", "--json")
    found = json.loads(said.stdout)
    counts = found["counts"]
    assert counts["to_rectify"] == sum(group["counts"]["to_rectify"] for group in found["groups"]) == sum(found["sums"])
    assert counts["to_rectify"] == Finding.objects.exclude(state__in=("drafted", "withdrawn")).count() > 0
    table = town.say("office_director", "statistics", "--kind", "regular")
    assert table.returncode == 0, table.stderr
    assert [table.stdout.splitlines()[0].split()[0], table.stdout.splitlines()[-1].split()[0]] == ["分组", "合计"]
    assert "÷" in table.stderr
    before = json.loads(town.say("office_director", "statistics", "--on", "2001-01-01", "--json").stdout)
    assert (before["counts"]["to_rectify"], before["counts"]["completion_rate"], before["groups"]) == (0, None, [])
    by_number = json.loads(
        town.say("office_director", "statistics", "--sort", "findings", "--page", "1", "--json").stdout
    )
    numbers = [group["counts"]["to_rectify"] for group in by_number["groups"]]
    assert (numbers, by_number["n_groups"]) == (sorted(numbers, reverse=True), len(numbers))
    assert (by_number["page"], by_number["pages"], by_number["counts"]) == (1, 1, counts)
    for wrong in (("--by", "color"), ("--sort", "color"), ("--round", "没有"), ("--unit", "没有")):
        refused = town.say("office_director", "statistics", *wrong)
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
