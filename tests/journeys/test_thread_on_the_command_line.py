"""A finding's way to closed by the command alone, beside the running server: by tokens, and by name in the demo."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.cli.running import run
from tests.journeys.conftest import Place
from tests.journeys.visits import today

HEAD, CLERK, ANOTHER_HEAD = "chengtou", "chengtouban", "shitang"
DISCIPLINE, ORGANIZATION, DIRECTOR = "jijian", "zuzhibu", "zhuren"
TODAY = today()
LATER = TODAY + timedelta(days=30)
OPINION = "责任人只写到科室，请落实到具体的人。"
BACK = ("--reason", OPINION, "--fault", "measures_vague")
WHY = ["--causes", "合同审批没有归口", "--goal", "合同完备率 100%", "--leader", "分管副总"]
CRITERIA = ("answered", "people_and_matters", "money", "rules", "like_cases", "on_site", "masses", "no_new")


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code, its JSON, its words."""

    code: int
    data: Any
    words: str


class Desk:
    """One person at the command line of the demo's home: by token, or by name."""

    def __init__(self, demo: Place, account: str, *, by_name: bool = False) -> None:
        self.home = demo.home
        self.given = {} if by_name else {"BIHUAN_TOKEN": demo.tokens[account]}
        self.named = ("--as", account) if by_name else ()

    def say(self, *arguments: str) -> Said:
        """Run `bihuan finding …`; every answer is JSON, also a refusal, and is never a traceback."""
        done = run(self.home, "finding", *arguments, *self.named, "--json", **self.given)
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr)

    def step(self, number: str, step: str, *options: str) -> tuple[int, str]:
        """Take a step; the exit code, and the state it led to or the reason why not."""
        said = self.say("step", number, step, *options)
        return said.code, said.data["code"] if said.code else said.data["state"]


@pytest.fixture(scope="module")
def number(demo: Place) -> str:
    """A finding whose unit still owes its plan."""
    found = Desk(demo, HEAD).say("list", "--state", "awaiting_plan")
    assert found.code == 0
    return found.data["rows"][0]["number"]


def test_a_finding_goes_to_closed_by_the_command_alone(demo, number, tmp_path):
    head, clerk = Desk(demo, HEAD), Desk(demo, CLERK, by_name=True)
    discipline, organization = Desk(demo, DISCIPLINE), Desk(demo, ORGANIZATION, by_name=True)
    director = Desk(demo, DIRECTOR)
    unit = head.say("show", number).data["unit"]
    plan = [
        f"清理合同台账，补齐审批|{unit}|合约部经理|{LATER}|合同台账",
        f"修订合同办法第四条|{unit}|法务|{LATER}|办法",
    ]
    measures = [word for measure in plan for word in ("--measure", measure)] + WHY
    criteria = tmp_path / "验收标准.json"
    criteria.write_text(json.dumps([{"code": code, "text": "已经做到，见佐证"} for code in CRITERIA]), encoding="utf-8")
    done = ("--claim", "done", "--criteria", str(criteria))
    assert head.step(number, "submit_plan", *measures) == (0, "plan_submitted")
    returned = discipline.step(number, "return_plan", *BACK, "--redo-by", str(LATER))
    assert returned == (0, "plan_returned")
    assert head.step(number, "submit_plan", *measures) == (0, "plan_submitted")
    assert director.step(number, "approve_plan") == (1, "reviewers_pending")
    for reviewer in (discipline, organization):
        assert reviewer.step(number, "agree_plan") == (0, "plan_submitted")
    assert director.step(number, "approve_plan") == (0, "in_progress")

    proof = tmp_path / "合同台账.txt"
    proof.write_text("合同台账", encoding="utf-8")
    handed_in = clerk.step(number, "add_evidence", "--evidence", f"1={proof}|台账已补齐|{TODAY}")
    assert handed_in == (0, "in_progress")
    assert head.step(number, "request_closing", "--claim", "done") == (1, "criterion_missing")
    assert head.step(number, "request_closing", *done) == (1, "evidence_lacking")
    asked = head.step(number, "request_closing", *done, "--evidence", f"2={proof}")
    assert asked == (0, "pending_review")
    for signer in (discipline, organization):
        assert signer.step(number, "agree_closing", "--confirm", "all") == (0, "pending_review")
    assert director.step(number, "close") == (1, "points_missing")
    assert director.step(number, "close", "--confirm", "all") == (0, "closed")

    shown = clerk.say("show", number).data
    assert shown["state"]["code"] == "closed"
    assert [len(measure["evidence"]) for measure in shown["measures"]] == [1, 1]
    assert {event["via"] for event in shown["events"] if event["step"] in ("submit_plan", "close")} == {"命令行"}
    assert number in {row["number"] for row in director.say("list", "--state", "closed").data["rows"]}


def test_what_is_refused_is_1_and_says_why_and_nothing_has_changed(demo):
    head, director = Desk(demo, HEAD), Desk(demo, DIRECTOR)
    waiting = head.say("list", "--state", "awaiting_plan").data["rows"][-1]
    number, revision = waiting["number"], waiting["revision"]
    assert Desk(demo, CLERK).step(number, "submit_plan") == (1, "not_yours")
    assert head.step(number, "submit_plan") == (1, "causes_missing")
    assert head.step(number, "submit_plan", *WHY) == (1, "measures_missing")
    assert (head.step(number, "close"), director.step(number, "close")) == ((1, "not_yours"), (1, "wrong_state"))
    old = ("--reason", "重复", "--seen", str(revision - 1))
    assert director.step(number, "request_withdrawal", *old) == (1, "overtaken")
    assert head.say("show", number).data["revision"] == revision


def test_what_is_not_ones_to_know_is_not_there(demo, number):
    hidden, missing = (Desk(demo, ANOTHER_HEAD).say("show", key) for key in (number, "云溪〔2026〕9-999"))
    assert hidden == missing
    assert (hidden.code, hidden.data["code"]) == (1, "unknown")
    assert Desk(demo, ANOTHER_HEAD).say("list", "--query", number).data["rows"] == []


def test_nobody_acts_without_a_name_and_a_mistake_is_2_or_3(demo, tmp_path):
    wrong = run(demo.home, "finding", "list", "--json", BIHUAN_TOKEN="not a token")
    nobody = run(demo.home, "finding", "list", "--json")
    for refused in (wrong, nobody):
        assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "not_signed_in")
    head = Desk(demo, HEAD)
    at_work = head.say("list", "--state", "in_progress").data["rows"][0]["number"]
    assert head.say("step", at_work, "submit_plan", "--measure", "只有内容").code == 2
    gone = head.say("step", at_work, "add_evidence", "--evidence", f"1={tmp_path / '没有.txt'}")
    assert (gone.code, gone.data["code"]) == (3, "unreadable")
