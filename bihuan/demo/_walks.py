"""How one finding of the demo is carried out and closed: stretch by stretch, on believable days, by those who may."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from bihuan.actions import findings
from bihuan.demo import _cast
from bihuan.demo._district import Case
from bihuan.demo._papers import paper, word
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.rules.profile import load_profile
from bihuan.rules.typed import CriterionAnswer, EvidenceInput, StepInput

CLOSING = load_profile("county").closing
POINTS = tuple(CLOSING.points)
# What happens once the plan is approved, for each state that comes after.
STRETCHES = {
    "in_progress": ("work",),
    "soon_due": ("work", "ask_for_days", "grant_extension"),
    "near_due": ("work", "ask_for_a_fortnight", "grant_extension"),
    "not_extended": ("work", "ask_extension", "refuse_extension"),
    "extension_asked": ("work", "ask_extension"),
    "basically_done": ("work", "basically"),
    "pending_review": ("work", "ask"),
    "closing_agreed": ("work", "ask", "agree"),
    "long_term_agreed": ("work", "ask_long", "agree"),
    "returned": ("work", "ask", "return_closing"),
    "closed": ("work", "ask", "agree", "close"),
    "reopening_asked": ("work", "ask", "agree", "close", "ask_reopening"),
    "phase_done_long_term": ("work", "ask_long", "agree", "long"),
    "reopened": ("work", "ask", "agree", "close", "ask_reopening", "reopen"),
}


@dataclass
class Walk:
    """One finding on its way; each method is one stretch of it."""

    case: Case
    finding: UUID

    def take(self, account: str, step: str, **typed: Any) -> None:
        """One step by one person."""
        district = self.case.district
        district.do(
            account, findings.take_step, finding=self.finding, step=step, typed=StepInput(**typed),
            on=district.now.date(),
        )  # fmt: skip

    def note(self, account: str, text: str) -> None:
        """A remark for one's own side."""
        self.case.district.do(account, findings.write_note, finding=self.finding, text=text)

    def pick(self, name: str) -> str:
        """One of the sentences for it."""
        return self.case.district.pick(_cast.REASONS[name])

    def work(self) -> None:
        """An entry of progress by the clerk; now and then a remark on either side."""
        day = self.case.at(0.45)
        self.take(self.case.clerk, "report_progress", progress=self.pick("progress"), done_on=day)
        luck = self.case.district.chance.random()
        if luck < 0.12:
            self.note("xunchaban", self.pick("office_note"))
        elif luck > 0.88:
            self.note(self.case.clerk, self.pick("unit_note"))

    def evidence(self) -> tuple[EvidenceInput, ...]:
        """A file for each measure: Word, or a scan."""
        actor, day = self.case.district.actor(self.case.head), self.case.district.now.date()
        with acting(actor):
            page = finding_page(self.finding, actor=actor, on=day)
        given = []
        for row in page.measures if page else ():
            name, content = paper(self.case.district.chance.randint(1, 9999), row.product, row.text, day)
            given.append(EvidenceInput(row.id, name, content, row.product, day))
        return tuple(given)

    def basically(self) -> None:
        """Something remains."""
        self.case.at(0.6)
        self.take(
            self.case.clerk, "report_basically_done", remains=self.pick("remains"),
            remains_by=self.case.district.on + timedelta(days=14),
        )  # fmt: skip

    def ask_for_days(self) -> None:
        """Until the end of the week."""
        self.ask_extension(5)

    def ask_for_a_fortnight(self) -> None:
        """A little longer."""
        self.ask_extension(12)

    def ask_extension(self, days: int = 40) -> None:
        """More time is asked for, until so many days from today."""
        self.case.at(0.86)
        until = self.case.district.on + timedelta(days=days)
        self.take(self.case.head, "request_extension", until=until, reason=self.pick("extension"))

    def grant_extension(self) -> None:
        """And given."""
        self.case.at(0.92)
        self.take("lingdao", "grant_extension", reason="情况属实，同意延期一次。")

    def refuse_extension(self) -> None:
        """Or not."""
        self.case.at(0.92)
        self.take("zhuren", "refuse_extension", reason="清理台账不受外部条件限制，请按原定时限完成。")

    def ask(self, claim: str = "done") -> None:
        """Closing is asked for, each criterion answered."""
        self.case.at(0.7)
        self.take(
            self.case.head, "request_closing", claim=claim, evidence=self.evidence(),
            criteria=tuple(_answer(code) for code in CLOSING.criteria),
        )  # fmt: skip

    def ask_long(self) -> None:
        """Keeping it up is asked for."""
        self.ask("long_term")

    def return_closing(self) -> None:
        """Sent back."""
        self.case.at(0.8)
        self.take("zuzhibu", "return_closing", reason=self.pick("return_closing"))

    def agree(self) -> None:
        """Discipline and organization agree."""
        self.case.at(0.8)
        self.take("jijian", "agree_closing", reason="现场核对与佐证一致。", points=POINTS)
        self.take("zuzhibu", "agree_closing", points=POINTS)

    def close(self) -> None:
        """Closed by the office."""
        self.take("zhuren", "close", reason="三方意见一致，同意销号。", points=POINTS)

    def long(self) -> None:
        """Kept up for long."""
        self.take(
            "zhuren", "accept_long_term", stage_goals="每季度末复查一次并报数，连续四个季度无反弹再议。",
            next_review_on=self.case.district.on + timedelta(days=self.case.district.pick((8, 40))), points=POINTS,
        )  # fmt: skip

    def ask_reopening(self) -> None:
        """Found again by the office."""
        day = self.case.at(0.92)
        letter = EvidenceInput(self.evidence()[0].measure, "回访记录.docx", word("回访记录", "回访时发现同样情形", day))
        self.take(
            "xunchaban", "request_reopening", ground="still_there", reason="回访时群众反映问题仍然存在。",
            evidence=(letter,),
        )  # fmt: skip

    def reopen(self) -> None:
        """Reopened by the office's director."""
        self.take("zhuren", "approve_reopening", reason="情况属实，同意重启。")


def _answer(code: str) -> CriterionAnswer:
    """How the unit meets a criterion, or why it does not apply."""
    applies, text = _cast.CRITERIA[code]
    return CriterionAnswer(code, applies=applies, text=text)


def walk(case: Case, finding: UUID, state: str) -> None:
    """Take one finding, whose plan is approved, to `state`."""
    way = Walk(case, finding)
    for stretch in STRETCHES[state]:
        getattr(way, stretch)()


def help_out(case: Case, finding: UUID, helper: str) -> None:
    """A helping unit tells what it did."""
    way = Walk(case, finding)
    day = case.at(0.96)
    way.take(helper, "report_progress", progress="已派员协助核对账目，核对底稿交牵头单位。", done_on=day)
