"""A plan by the command alone: filled from options and from a file, handed in, returned, compared, approved."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from bihuan.cli.accounts import hash_of
from bihuan.models import Account, Finding
from tests.builders import TODAY, build_county
from tests.cli.running import forked
from tests.copies import apart, committing
from tests.paths import Path as Walk
from tests.paths import to_awaiting_plan

LATER = max(datetime.now().astimezone().date(), TODAY) + timedelta(days=30)
ROLES = ("unit_head", "unit_clerk", "discipline_reviewer", "organization_reviewer", "office_director", "team_leader")
MEASURE = f"逐校公示收费|县教育局|基教股股长|{LATER}|公示照片|kinds=institution,like_cases|helping=县财政局|long_term"
OPINION = "措施没有写明由谁公示、何时公示。"


class Town:
    """A committed county with four given findings, and its people at the command line."""

    def __init__(self, home, dsn: str, feedback: str, numbers: list[str]) -> None:
        self.home, self.dsn, self.feedback, self.numbers = home, dsn, feedback, numbers

    def say(self, role: str, *arguments: str):
        """Run a command as that role."""
        said = forked(self.home, *arguments, BIHUAN_DSN=self.dsn, BIHUAN_TOKEN=f"token of {role}")
        assert "Traceback" not in said.stderr, said.stderr
        return said

    def ask(self, role: str, *arguments: str):
        """The exit code and what a plan command answered as JSON."""
        said = self.say(role, "plan", *arguments, "--json")
        return said.returncode, json.loads(said.stdout)


@transaction.atomic
def _build() -> tuple[str, list[str]]:
    at = (datetime.now(UTC) - timedelta(days=1)).replace(hour=1, minute=0)
    county = build_county(at=at)
    for role in ROLES:
        Account.objects.filter(pk=county.actor(role).account).update(token_hash=hash_of(f"token of {role}"))
    walk = Walk(county)
    to_awaiting_plan(walk)
    return str(walk.feedback), sorted(Finding.objects.values_list("number", flat=True))


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Built once; the tests follow one another."""
    with django_db_blocker.unblock(), committing("plans") as name:
        feedback, numbers = apart(_build)
        given = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
        dsn = make_conninfo("", dbname=name, **{key: value for key, value in given.items() if value})
        yield Town(tmp_path_factory.mktemp("home"), dsn, feedback, numbers)


def _row(number: str, **changed) -> dict:
    measure = {
        "text": "印发公示制度",
        "unit": "县教育局",
        "person": "基教股股长",
        "due_on": str(LATER),
        "product": "制度",
    }
    whole = {"finding": number, "causes": "监管缺位", "goal": "公示率 100%", "leader": "局长", "head_leads": True}
    return whole | {"measures": [measure]} | changed


def _file(tmp_path, content: object) -> str:
    path = tmp_path / "plan.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_one_row_is_filled_by_options_and_seen_guards_it(town):
    first = town.numbers[0]
    told = ("--causes", "监管缺位", "--goal", "公示率 90%", "--leader", "分管副局长", "--measure", MEASURE)
    code, done = town.ask("unit_clerk", "fill", first, *told, "--seen", "0")
    assert (code, done["version"], done["revision"]) == (0, 1, 1)
    code, refused = town.ask("unit_clerk", "fill", first, *told, "--seen", "0")
    assert (code, refused["code"], refused["where"]) == (1, "overtaken", "seen")
    said = town.say("unit_clerk", "plan", "show", town.feedback)
    assert all(words in said.stdout for words in ("公示率 90%", "县教育局", "建章立制", "任务有漏项", town.numbers[3]))
    assert town.say("office_director", "plan", "show", town.feedback).stdout.find("公示率 90%") == -1


def test_gaps_are_refused_by_name_and_a_whole_plan_comes_from_a_file(town, tmp_path):
    code, refused = town.ask("unit_head", "submit", town.feedback)
    assert (code, refused["code"]) == (1, "plan_gaps")
    assert town.numbers[3] in refused["message"]
    rows = [_row(number) for number in town.numbers[1:]]
    rows[2]["goal"] = ""
    code, done = town.ask("unit_clerk", "fill", "--from", _file(tmp_path, rows))
    assert (code, len(done)) == (0, 3)
    code, refused = town.ask("unit_head", "submit", town.feedback)
    assert (code, refused["code"]) == (1, "goal_missing")
    assert refused["message"].startswith(f"{town.numbers[3]}：")
    assert town.ask("unit_clerk", "fill", "--from", _file(tmp_path, _row(town.numbers[3])))[0] == 0
    code, done = town.ask("unit_head", "submit", town.feedback)
    assert (code, done["version"], done["state"], len(done["steps"])) == (0, 1, "submitted", 4)


def test_a_file_is_all_or_nothing_and_says_where_it_is_wrong(town, tmp_path):
    for content, code, words in (
        ("{", 3, "不是 UTF-8 的 JSON"),
        ([{"finding": town.numbers[0], "cause": "写错了名"}], 2, "不对的地方：1"),
        ([_row(town.numbers[0], measures=[{"text": 5}])], 2, "1.measures.1.text"),
        ([_row(town.numbers[0], causes="\0")], 2, "1.causes"),
        ([_row(town.numbers[0], measures=[{"text": "甲", "due_on": "明天"}])], 2, "不是日期"),
        ([_row(town.numbers[0], measures=[{"text": "甲", "unit": "县某局"}])], 1, "县某局"),
        ([], 2, "--from"),
    ):
        said = town.say("unit_clerk", "plan", "fill", "--from", _file(tmp_path, content))
        assert (said.returncode, words in said.stderr) == (code, True), said.stderr
    assert town.say("unit_clerk", "plan", "fill").returncode == 2
    assert town.say("unit_clerk", "plan", "fill", "--from", str(tmp_path / "nichts.json")).returncode == 3
    assert town.say("unit_clerk", "plan", "show", "kein-plan").returncode == 1


def test_a_version_is_returned_compared_and_approved(town):
    back = ("--return", "--fault", "measures_vague", "--reason", OPINION, "--redo-by", str(LATER))
    first = town.numbers[0]
    assert town.say("discipline_reviewer", "plan", "review", town.feedback).returncode == 2
    assert town.ask("team_leader", "review", town.feedback, "--agree")[1]["code"] == "not_yours"
    assert town.ask("discipline_reviewer", "review", town.feedback, *back[:3])[1]["code"] == "opinion_too_short"
    code, done = town.ask("discipline_reviewer", "review", town.feedback, *back, "--only", first)
    assert (code, [step["state"] for step in done["steps"]]) == (0, ["plan_returned"])
    told = ("--causes", "监管缺位", "--goal", "公示率 100%", "--leader", "分管副局长", "--measure", MEASURE)
    assert town.ask("unit_clerk", "fill", first, *told)[0] == 0
    assert town.ask("unit_head", "submit", town.feedback, "--only", first)[1]["version"] == 2
    shown = town.ask("unit_head", "show", town.feedback)[1]
    two, one = (version["id"] for version in shown["versions"])
    assert town.ask("discipline_reviewer", "review", town.feedback, "--agree")[0] == 2
    for version in (one, two):
        for role in ("discipline_reviewer", "organization_reviewer", "office_director"):
            code, done = town.ask(role, "review", version, "--agree")
            assert code == 0, done
    assert {row["finding_state"]["code"] for row in town.ask("unit_head", "show", town.feedback)[1]["rows"]} == {
        "in_progress"
    }
    said = town.say("office_director", "plan", "compare", one, two)
    assert "公示率 [-90-]{+100+}%" in said.stdout
    code, compared = town.ask("office_director", "compare", one, two, "--finding", first)
    assert (code, compared["changed"]) == (0, 1)


def test_the_list_counts_what_stands_and_strangers_see_nothing(town):
    code, listed = town.ask("team_leader", "list")
    assert (code, listed["total"], listed["rows"][0]["approved"], listed["rows"][0]["waiting"]) == (0, 1, 4, 0)
    assert "县教育局" in town.say("office_director", "plan", "list").stdout


def test_a_later_document_is_matched_with_the_ledger_and_nothing_is_kept(town, tmp_path):
    report = tmp_path / "进展报告.txt"
    report.write_text(
        "中共县教育局党组关于巡察整改进展情况的报告\n\n一、整改情况\n"
        "1.针对“课后服务监管缺位”问题。\n整改情况：2所学校的收费已全部公示。已完成。\n"
        "2.针对“食堂从业人员健康证过期”问题。\n整改情况：已全部重新办理。已完成。\n",
        encoding="utf-8",
    )
    code, found = town.ask("unit_clerk", "match", str(report), "--feedback", town.feedback)
    assert (code, found["kind"], len(found["not_in_document"])) == (0, "notice", 3)
    (pair,) = found["pairs"]
    assert pair["number"] == town.numbers[0]
    assert (pair["said"]["state"], [part["standing"] for part in pair["parts"]]) == ("done", ["open"])
    assert "课后服务监管缺位" in [shared["ledger"] for shared in pair["shared"]]
    assert [item["text"] for item in found["not_in_ledger"]] == ["食堂从业人员健康证过期"]
    said = town.say("office_director", "plan", "match", str(report), "--feedback", town.feedback)
    assert "台账里没有：2" in said.stdout
    assert f"文件里没有：{town.numbers[1]}" in said.stdout
    assert town.ask("office_director", "match", str(report), "--feedback", town.feedback)[1]["pairs"][0]["parts"] == []
    assert town.ask("unit_clerk", "match", str(tmp_path / "没有.txt"), "--feedback", town.feedback)[0] == 3
    assert town.ask("unit_clerk", "match", str(report), "--feedback", "01900000-0000-7000-8000-000000000000")[0] == 1
    report.write_text("明天开会。", encoding="utf-8")
    assert town.ask("unit_clerk", "match", str(report), "--feedback", town.feedback)[1]["pairs"] == []


def test_the_words_are_english_where_english_is_asked_for(town):
    said = forked(
        town.home, "--lang", "en", "plan", "review", town.feedback, BIHUAN_DSN=town.dsn,
        BIHUAN_TOKEN="token of discipline_reviewer",
    )  # fmt: skip
    assert "either --agree or --return" in said.stderr


def test_the_lists_are_written_to_print(town, tmp_path):
    sheet = tmp_path / "plan.xlsx"
    said = town.say("unit_head", "plan", "show", town.feedback, "--xlsx", str(sheet))
    assert (said.returncode, said.stdout.strip()) == (0, str(sheet)), said.stderr
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单", "台账"]
    numbers = [row[0] for row in book["问题清单"].iter_rows(min_row=4, values_only=True)]
    assert [number for number in numbers if number] == town.numbers
    code, answer = town.ask("unit_head", "show", town.feedback, "--xlsx", str(sheet))
    assert (code, answer) == (0, {"file": str(sheet), "rows": len(town.numbers)})
    assert town.say("unit_head", "plan", "show", town.feedback, "--xlsx", str(tmp_path / "no" / "x")).returncode == 3
