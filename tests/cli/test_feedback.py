"""Feedback by the command alone: documents in, drafts mended and confirmed, approved, given, signed to T0; refusals."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from bihuan.cli.accounts import hash_of
from bihuan.models import Account, Event, Finding
from tests.builders import build_county
from tests.cli.running import forked, run
from tests.copies import apart, committing
from tests.paths import TEXT
from tests.paths import Path as Walk

ROLES = ("liaison", "team_leader", "secretary", "office_clerk", "office_director", "unit_head", "unit_clerk")


class Town:
    """A committed county whose team has left the unit, and its people at the command line."""

    def __init__(self, home: Path, dsn: str) -> None:
        self.home, self.dsn, self.feedback = home, dsn, ""

    def say(self, role: str, *arguments: str):
        """Run a command as that role."""
        return forked(self.home, "feedback", *arguments, BIHUAN_DSN=self.dsn, BIHUAN_TOKEN=f"token of {role}")

    def ask(self, role: str, *arguments: str):
        """Its exit code and what it answered as JSON."""
        said = self.say(role, *arguments, "--json")
        assert "Traceback" not in said.stderr, said.stderr
        return said.returncode, json.loads(said.stdout)

    def drafts(self) -> list[dict]:
        """The drafts as the liaison lists them."""
        return self.ask("liaison", "drafts", self.feedback)[1]


@transaction.atomic
def _build() -> None:
    at = (datetime.now(UTC) - timedelta(days=1)).replace(hour=1, minute=0)
    county = build_county(at=at)
    for role in ROLES:
        Account.objects.filter(pk=county.actor(role).account).update(token_hash=hash_of(f"token of {role}"))
    Walk(county).leave()


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """Built once; the tests follow one another from the upload to T0."""
    with django_db_blocker.unblock(), committing("feedback") as name:
        apart(_build)
        given = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
        dsn = make_conninfo("", dbname=name, **{key: value for key, value in given.items() if value})
        yield Town(tmp_path_factory.mktemp("home"), dsn)


def test_several_documents_go_in_at_once_and_a_bad_one_stops_no_other(town, tmp_path):
    folder = tmp_path / "目录 一"
    folder.mkdir()
    names = {
        "反馈😀.txt": TEXT.encode(), "会议通知.txt": "会议通知\n\n请于周五到会。\n".encode(), "空.txt": b"",
        "改名.docx": b"%PDF-1.4 x",
    }  # fmt: skip
    for name, content in names.items():
        (folder / name).write_bytes(content)
    files = [str(folder / name) for name in (*names, "没有.txt")]
    said = town.say("liaison", "upload", *files, "--json")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert (said.returncode, len(lines)) == (3, 5)
    assert [(line.get("file"), line.get("drafts")) for line in lines[:2]] == [("反馈😀.txt", 4), ("会议通知.txt", 0)]
    assert "没有读出问题" in lines[1]["message"]
    assert [line["code"] for line in lines[2:]] == ["empty_file", "wrong_type", "unreadable"]
    town.feedback = lines[0]["feedback"]
    again = town.ask("liaison", "upload", files[0])
    assert (again[0], again[1]["code"]) == (1, "uploaded_before")
    assert town.ask("secretary", "upload", files[0])[1]["code"] == "not_yours"
    assert town.ask("liaison", "upload", files[0], "--inspection", "别处")[1]["code"] == "inspection_unclear"
    assert town.say("liaison", "upload", files[0], "--audience", "all").returncode == 2


def test_drafts_are_listed_for_people_and_for_programs(town):
    rows = town.drafts()
    assert [(row["position"], row["state"]["code"]) for row in rows] == [(n, "proposed") for n in (1, 2, 3, 4)]
    table = town.say("liaison", "drafts", town.feedback).stdout
    assert "课后服务监管缺位" in table
    assert town.say("liaison", "drafts", town.feedback, "--state", "no").returncode == 2
    listed = town.ask("liaison", "list")[1]
    assert town.feedback in {row["id"] for row in listed}


def test_a_draft_is_corrected_piece_by_piece(town):
    options = ("--category", "A302", "--amount", "865,000.50", "--mark", "fix_now", "--helping-unit", "县水利局")
    assert town.ask("liaison", "correct", town.feedback, "1", *options)[0] == 0
    assert town.ask("liaison", "correct", town.feedback, "1", "--severity", "key", "--seen", "2")[0] == 0
    said = town.drafts()[0]["description"]
    assert (said["category"], said["severity"], said["amount"], said["fix_now"]) == ("A302", "key", "865000.50", True)
    assert [unit["name"] for unit in said["helping_units"]] == ["县水利局"]
    assert town.ask("liaison", "correct", town.feedback, "1", "--mark", "none", "--helping-unit", "none")[0] == 0
    said = town.drafts()[0]["description"]
    assert (said["fix_now"], said["helping_units"], said["category"]) == (False, [], "A302")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--category", "A3"), 1, "category_unknown"),
        (("--severity", "bad"), 1, "severity_unknown"),
        (("--amount", "-1"), 1, "amount_wrong"),
        (("--text", " "), 1, "text_missing"),
        (("--text", "长" * 30_000), 1, "text_too_long"),
        (("--lead-unit", "县水利局"), 1, "lead_unit_elsewhere"),
        (("--lead-unit", "没有这个局"), 1, "organization_unknown"),
        (("--seen", "1", "--text", "改"), 1, "overtaken"),
        (("--amount", "很多"), 2, "malformed"),
        (("--mark", "red"), 2, "malformed"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_a_code(town, options, code, says):
    found, said = town.ask("liaison", "correct", town.feedback, "1", *options)
    assert (found, said["code"]) == (code, says)
    assert said["message"]


def test_a_draft_is_split_joined_and_dropped(town):
    parts = ("--part", "课后服务监管缺位。", "--part", "有 2 所学校课后服务收费未公示。")
    code, made = town.ask("liaison", "split", town.feedback, "1", *parts)
    assert (code, len(made["drafts"])) == (0, 2)
    assert town.ask("liaison", "split", town.feedback, "1", "--part", "一")[1]["code"] == "parts_wrong"
    assert town.ask("liaison", "join", town.feedback, "1", "--with", "2")[0] == 0
    rows = town.drafts()
    assert rows[0]["text"] == "课后服务监管缺位。\n有 2 所学校课后服务收费未公示。"
    assert (rows[1]["state"]["code"], rows[1]["dropped_because"]) == ("dropped", "并入第 1 条")
    assert town.ask("liaison", "drop", town.feedback, "3")[1]["code"] == "reason_missing"
    assert town.ask("liaison", "drop", town.feedback, "3", "--reason", "重复")[0] == 0
    assert town.ask("liaison", "drop", town.feedback, "99", "--reason", "重复")[1]["code"] == "unknown"
    assert town.ask("liaison", "add", town.feedback, "--text", "食堂账目不公开。")[0] == 0


def test_all_with_a_category_are_confirmed_and_the_others_are_named(town):
    assert town.ask("secretary", "confirm", town.feedback, "1")[1]["code"] == "not_yours"
    assert town.say("liaison", "confirm", town.feedback).returncode == 2
    said = town.say("liaison", "confirm", town.feedback, "--all", "--json")
    assert len(json.loads(said.stdout)["findings"]) == 1
    assert "3 条没有分类" in said.stderr
    assert town.ask("liaison", "confirm", town.feedback, "1")[1]["code"] == "wrong_state"
    none = town.ask("liaison", "confirm", town.feedback, "4", "1", "--category", "B401")
    assert (none[0], apart(Finding.objects.count)) == (1, 1), "all or none"
    code, made = town.ask("liaison", "confirm", town.feedback, "4", "5", "6", "--category", "B401")
    assert (code, len(made["findings"])) == (0, 3)


def test_a_finding_is_described_piece_by_piece_until_the_approval(town):
    number = next(row["number"] for row in town.drafts() if row["number"])

    def ask(*options: str):
        told = {"BIHUAN_DSN": town.dsn, "BIHUAN_TOKEN": "token of liaison"}
        said = forked(town.home, "finding", *options, "--json", **told)
        assert "Traceback" not in said.stderr, said.stderr
        return said.returncode, json.loads(said.stdout)

    def stands() -> tuple:
        said = ask("show", number)[1]
        lead = said["lead_unit"]["name"] if said["lead_unit"] else None
        return lead, [unit["name"] for unit in said["helping_units"]], said["severity"], said["category"][-1]["code"]

    before = stands()
    units = ("--lead-unit", "云溪一中", "--helping-unit", "县水利局", "--helping-unit", "县财政局")
    assert ask("describe", number, *units)[0] == 0
    assert stands() == ("云溪一中", ["县财政局", "县水利局"], *before[2:])
    assert ask("describe", number, "--helping-unit", "县水利局", "--severity", "key")[0] == 0
    assert stands() == ("云溪一中", ["县水利局"], "key", before[3])
    assert ask("describe", number, "--lead-unit", "县教育局", "--helping-unit", "none")[0] == 0
    assert stands() == (None, [], "key", before[3])
    code, said = ask("describe", number, "--lead-unit", "县水利局")
    assert (code, said["code"]) == (1, "lead_unit_elsewhere")
    assert ask("describe", number, "--amount", "很多")[0] == 2
    assert stands() == (None, [], "key", before[3])


def test_approved_given_and_signed_by_three_the_clocks_start(town):
    assert town.ask("liaison", "approve", town.feedback)[1]["code"] == "not_yours"
    assert town.ask("unit_clerk", "show", town.feedback)[1]["code"] == "unknown"
    assert town.ask("secretary", "approve", town.feedback)[1]["state"]["code"] == "approved"
    assert town.ask("office_clerk", "give", town.feedback, "--seen", "1")[1]["code"] == "overtaken"
    assert town.ask("office_clerk", "give", town.feedback)[1]["state"]["code"] == "given"
    assert town.ask("team_leader", "sign", town.feedback, "--signed-on", "2020-01-01")[1]["code"] == (
        "signed_before_given"
    )
    for role in ("team_leader", "office_director"):
        assert town.ask(role, "sign", town.feedback)[1]["received_on"] is None
    assert town.ask("unit_clerk", "drafts", town.feedback)[1]["code"] == "unknown", (
        "nobody but the head, who is to sign"
    )
    assert town.ask("unit_head", "drafts", town.feedback) == (0, [])
    assert town.ask("team_leader", "sign", town.feedback)[1]["code"] == "overtaken"
    signed = town.say("unit_head", "sign", town.feedback)
    assert signed.returncode == 0
    assert "开始计时" in signed.stderr
    shown = town.say("unit_head", "show", town.feedback).stdout
    assert "方案报送期限：" in shown
    assert apart(lambda: set(Finding.objects.values_list("state", flat=True))) == {"awaiting_plan"}
    steps = apart(lambda: set(Event.objects.filter(via="cli").values_list("step", flat=True)))
    assert {"upload", "read", "correct", "split", "part", "join", "drop", "type", "confirm"} <= steps
    assert {"approve", "give", "sign"} <= steps


def test_words_in_english_and_no_feedback_of_that_name(town):
    said = run(town.home, "--lang", "en", "feedback", "show", "nonsense", BIHUAN_DSN=town.dsn,
               BIHUAN_TOKEN="token of liaison")  # fmt: skip
    assert said.returncode == 1
    assert not any("一" <= letter <= "鿿" for letter in said.stderr), said.stderr
