"""The whole chain of one feedback, told once and walked through each door: what is done, by whom, and what it leads to.

A door knows how its users do a deed; the story knows nothing of addresses, options or fields.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from reportlab.pdfgen.canvas import Canvas

from tests.journeys.visits import Visits, first_sign_in, open_account, today

TODAY = today()
SOON, LATER, MUCH_LATER = (TODAY + timedelta(days=days) for days in (10, 40, 120))
SECRETARY, OFFICE, DIRECTOR, DISCIPLINE, ORGANIZATION = "shuji", "xunchaban", "zhuren", "jijian", "zuzhibu"
OPINION = "“完善制度”没有写明修订哪一条、由谁执行，请逐条写实。"
NO_ORIGINAL = "照片看不出公示日期，请补交公示原件。"
CATEGORY = "B402"


@dataclass(frozen=True)
class Cast:
    """Who takes part: accounts of the unit's head and clerk, and of the team's leader and liaison."""

    unit: str
    team: str
    head: str
    clerk: str
    leader: str
    liaison: str


@dataclass(frozen=True)
class DraftSeen:
    """A draft as its reader sees it."""

    id: str
    text: str
    revision: int


class Door(Protocol):
    """One way in; every deed is done as the account `who`, and fails the test when it is refused."""

    def upload(self, who: str, document: Path, *, inspection: str) -> str:
        """A document goes in; the feedback."""

    def drafts(self, who: str, feedback: str) -> list[DraftSeen]:
        """The drafts that nobody has decided yet, in order."""

    def correct(self, who: str, feedback: str, draft: DraftSeen, text: str) -> None:
        """Another wording."""

    def split(self, who: str, feedback: str, draft: DraftSeen, parts: Sequence[str]) -> None:
        """One becomes several."""

    def join(self, who: str, feedback: str, draft: DraftSeen, other: DraftSeen) -> None:
        """Two become one."""

    def drop(self, who: str, feedback: str, draft: DraftSeen, reason: str) -> None:
        """No finding."""

    def confirm(self, who: str, feedback: str, drafts: Sequence[DraftSeen], category: str) -> None:
        """Findings."""

    def act(self, who: str, feedback: str, deed: str) -> None:
        """approve, give or sign."""

    def is_hidden(self, who: str, feedback: str) -> bool:
        """Whether the feedback is not there for this person."""

    def numbers(self, who: str, inspection: str) -> list[str]:
        """The numbers of the inspection's findings, in order."""

    def fill(self, who: str, feedback: str, numbers: Sequence[str], goal: str) -> None:
        """Write the rows of the plan for these findings: two measures each, whole."""

    def submit(self, who: str, feedback: str) -> None:
        """Hand the plan in."""

    def review(self, who: str, feedback: str, *, agrees: bool, rows: Sequence[str] = ()) -> None:
        """Agree to the plan, or return it with OPINION; all rows, or only those."""

    def progress(self, who: str, number: str, text: str) -> None:
        """An entry of progress."""

    def evidence(self, who: str, number: str, measure: int, file: Path) -> None:
        """A file for one measure."""

    def ask_extension(self, who: str, number: str) -> None:
        """Until MUCH_LATER."""

    def decide_extension(self, who: str, number: str, *, grants: bool) -> None:
        """Grant or refuse."""

    def report_basically_done(self, who: str, number: str) -> None:
        """Something remains until SOON."""

    def ask_closing(self, who: str, number: str, claim: str) -> None:
        """With an answer to every criterion; evidence is there already."""

    def decide_closing(self, who: str, number: str, *, agrees: bool, claim: str = "done") -> None:
        """Agree, as the last one too, confirming every point; or return with NO_ORIGINAL."""

    def ask_reopening(self, who: str, number: str, file: Path) -> None:
        """It is still there."""

    def decide_reopening(self, who: str, number: str, *, grants: bool) -> None:
        """Grant or refuse."""

    def state(self, who: str, number: str) -> str:
        """The code of the finding's state."""

    def counts(self, who: str, inspection: str) -> dict[str, int]:
        """How many findings of the inspection stand in each state; none that are nought."""


@dataclass
class Story:
    """The chain as it goes on: each part leaves behind what the next one needs."""

    door: Door
    cast: Cast
    inspection: str
    document: Path
    folder: Path
    n_read: int
    feedback: str = ""
    numbers: list[str] = field(default_factory=list)

    def draft(self) -> None:
        """Read; one corrected, one split, two joined, one dropped, the rest confirmed as they are."""
        door, liaison = self.door, self.cast.liaison
        self.feedback = door.upload(liaison, self.document, inspection=self.inspection)
        drafts = door.drafts(liaison, self.feedback)
        assert len(drafts) == self.n_read
        door.correct(liaison, self.feedback, drafts[0], drafts[0].text + "以原始凭证为准。")
        middle = len(drafts[1].text) // 2
        door.split(liaison, self.feedback, drafts[1], (drafts[1].text[:middle], drafts[1].text[middle:]))
        door.join(liaison, self.feedback, drafts[2], drafts[3])
        door.drop(liaison, self.feedback, drafts[4], "与第一条重复")
        left = door.drafts(liaison, self.feedback)
        assert len(left) == self.n_read + 1 - 1 - 1
        door.confirm(liaison, self.feedback, left, CATEGORY)
        assert door.drafts(liaison, self.feedback) == []

    def give(self) -> None:
        """Approved, given, signed for by three; the unit sees nothing before the last of them."""
        door, cast = self.door, self.cast
        for who, deed in ((SECRETARY, "approve"), (OFFICE, "give"), (cast.leader, "sign"), (DIRECTOR, "sign")):
            assert door.is_hidden(cast.clerk, self.feedback)
            assert door.numbers(cast.clerk, self.inspection) == []
            door.act(who, self.feedback, deed)
        door.act(cast.head, self.feedback, "sign")
        assert not door.is_hidden(cast.clerk, self.feedback)
        self.numbers = door.numbers(cast.clerk, self.inspection)
        assert len(self.numbers) == self.n_read - 1

    def plan(self) -> None:
        """Returned as a whole, then in two rows, then approved by all."""
        door, cast = self.door, self.cast
        door.fill(cast.clerk, self.feedback, self.numbers, "全部清退到位")
        door.submit(cast.head, self.feedback)
        door.review(DISCIPLINE, self.feedback, agrees=False)
        assert door.counts(OFFICE, self.inspection) == {"plan_returned": len(self.numbers)}
        door.fill(cast.clerk, self.feedback, self.numbers, "9 月底前清退 12 笔共 3.2 万元")
        door.submit(cast.head, self.feedback)
        again = self.numbers[:2]
        door.review(ORGANIZATION, self.feedback, agrees=False, rows=again)
        for who in (DISCIPLINE, ORGANIZATION, DIRECTOR):
            door.review(who, self.feedback, agrees=True)
        assert door.counts(OFFICE, self.inspection) == {"plan_returned": 2, "in_progress": len(self.numbers) - 2}
        door.fill(cast.clerk, self.feedback, again, "12 月底前全部到位，凭证齐全")
        door.submit(cast.head, self.feedback)
        for who in (DISCIPLINE, ORGANIZATION, DIRECTOR):
            door.review(who, self.feedback, agrees=True)
        assert door.counts(OFFICE, self.inspection) == {"in_progress": len(self.numbers)}

    def carry_out(self) -> None:
        """Progress, evidence for both measures of four findings, an extension granted, one basically done."""
        door, cast = self.door, self.cast
        for number in self.numbers[:4]:
            door.progress(cast.clerk, number, "已清退 7 笔，共 1.9 万元")
            for measure in (1, 2):
                file = self.folder / f"佐证{measure}.pdf"
                paper(file, f"{number} {measure}")
                door.evidence(cast.clerk, number, measure, file)
        door.ask_extension(cast.head, self.numbers[4])
        door.decide_extension(DIRECTOR, self.numbers[4], grants=True)
        door.report_basically_done(cast.clerk, self.numbers[5])

    def close(self) -> None:
        """One returned and asked for again, one long-term, one closed and reopened, one still under review."""
        door, cast = self.door, self.cast
        first, second, third, fourth = self.numbers[:4]
        door.ask_closing(cast.head, first, "done")
        door.decide_closing(DISCIPLINE, first, agrees=False)
        assert door.state(cast.head, first) == "returned"
        for number, claim in ((first, "done"), (second, "long_term"), (third, "done"), (fourth, "done")):
            door.ask_closing(cast.head, number, claim)
        for number, claim in ((first, "done"), (second, "long_term"), (third, "done")):
            for who in (DISCIPLINE, ORGANIZATION, DIRECTOR):
                door.decide_closing(who, number, agrees=True, claim=claim)
        letter = self.folder / "来信.txt"
        letter.write_text("群众来信摘要", encoding="utf-8")
        door.ask_reopening(DISCIPLINE, third, letter)
        door.decide_reopening(DIRECTOR, third, grants=True)

    def ends(self) -> None:
        """The counts say what was done, to the office and to the unit alike."""
        expected = Counter({"closed": 1, "phase_done_long_term": 1, "reopened": 1, "pending_review": 1,
                            "basically_done": 1, "in_progress": len(self.numbers) - 5})  # fmt: skip
        for who in (OFFICE, self.cast.head):
            assert self.door.counts(who, self.inspection) == dict(expected)

    def tell(self) -> None:
        """From the document to the counts."""
        for part in (self.draft, self.give, self.plan, self.carry_out, self.close, self.ends):
            part()


def new_inspection(visits: Visits, cast: Cast, people: dict[str, tuple[str, str]]) -> str:
    """The unit's people get accounts, the unit is inspected, the team comes and leaves; the inspection's address.

    `people`: account → (person, role in words). All this is office work that comes before the chain.
    """
    officer, office = visits.of("xitong"), visits.of(DIRECTOR)
    for account, (person, role) in people.items():
        once = open_account(officer, person, account, {role: cast.unit})
        first_sign_in(visits, account, once, f"Zi-ji-de-{role}")
    office.open("/rounds/")
    office.page.locator("main tbody a").first.click()
    office.follow("编入巡察对象")
    office.type({"巡察对象": cast.unit, "巡察组": cast.team})
    assert office.press("编入") == 302, office.words
    leader = visits.of(cast.leader)
    leader.open(office.path)
    for step in ("进驻", "撤点"):
        leader.follow(step)
        assert leader.press(step) == 302, leader.words
    return office.path


def token_of(visits: Visits, account: str) -> str:
    """A token that the person draws on the own page."""
    visitor = visits.of(account)
    visitor.open("/password")
    visitor.follow("我的账号和令牌")
    assert visitor.press("发放令牌") == 200, visitor.words
    return visitor.page.locator("output").inner_text()


def n_marked(document: Path) -> int:
    """How many findings a person marked in the document."""
    return int(json.loads(document.with_suffix(".expected.json").read_text(encoding="utf-8"))["count"])


def paper(file: Path, words: str) -> None:
    """A PDF of one page, as a scanner's program would write it."""
    canvas = Canvas(str(file))
    canvas.drawString(72, 760, words.encode("ascii", "replace").decode())
    canvas.save()
