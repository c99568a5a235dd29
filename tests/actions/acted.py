"""The same inspection as actions/bulk.py is told of, taken along by actions, deed by deed, to be compared with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bihuan.actions import drafts, feedback, findings, plans, rounds
from bihuan.actions.bulk import REACHES, STRETCHES, Hand, MassFile, MassFinding, MassInspection
from bihuan.models import Draft, Measure
from bihuan.queries.acting import acting
from bihuan.queries.people import actor_for
from bihuan.rules.plan_content import RowContent
from bihuan.rules.profile import load_profile
from bihuan.rules.typed import CriterionAnswer, Description, EvidenceInput, MeasureInput, StepInput

CLOSING = load_profile("county").closing
POINTS = tuple(CLOSING.points)


@dataclass
class Acted:
    """One inspection going its way by actions."""

    content: MassInspection
    files: dict[str, MassFile]
    inspection: UUID = field(init=False)
    feedback: UUID = field(init=False)
    ids: dict[int, UUID] = field(default_factory=dict)

    def do(self, by: Hand, at: datetime, deed: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """That person does something at that instant."""
        actor = actor_for(UUID(by.account), post=UUID(by.post), via="web", on=at.date())
        assert actor is not None
        with acting(actor):
            return deed(*given, by=actor, at=at, **named)

    def run(self) -> None:
        """As far as the inspection has come."""
        content, hands, moments = self.content, self.content.hands, self.content.moments
        reached = REACHES.index(content.reach)
        self.inspection = self.do(
            hands.director, moments["planned"], rounds.add_inspection, round_id=content.round, unit=content.unit,
            team=content.team,
        )  # fmt: skip
        for step, day in (("enter", "arrived"), ("leave", "left"))[:reached]:
            self.do(hands.leader, moments[step], rounds.take_step, self.inspection, step=step, on=content.days[day])
        if reached >= REACHES.index("drafted"):
            self._feed_back(reached)

    def _feed_back(self, reached: int) -> None:
        content, hands, moments = self.content, self.content.hands, self.content.moments
        assert content.file
        self.feedback = self.do(
            hands.liaison, moments["upload"], feedback.upload_feedback, inspection=self.inspection,
            audience="leadership", title=content.title, name=content.file_name, content=content.file.content,
        ).feedback  # fmt: skip
        read = list(Draft.objects.filter(feedback=self.feedback).order_by("position"))
        assert [draft.text for draft in read] == [one.text for one in content.findings]
        for number, (draft, one) in enumerate(zip(read, content.findings, strict=True)):
            described = Description(
                category=one.category, severity=one.severity, commonality=one.commonality, amount=one.amount,
                fix_now=one.fix_now, listed=one.listed, key=one.key,
            )  # fmt: skip
            self.ids[number] = self.do(
                hands.liaison, self.at(one, "confirm"), drafts.confirm_draft, draft=draft.pk, description=described
            )
        self._withdraw()
        if reached >= REACHES.index("approved"):
            self.do(hands.secretary, moments["approve"], feedback.approve, feedback=self.feedback)
        if reached >= REACHES.index("given"):
            self._give()
            self._plan()
            for number, one in enumerate(content.findings):
                for stretch in STRETCHES.get(one.way, ()):
                    getattr(self, f"_{stretch}")(number, one)

    def at(self, one: MassFinding, occasion: str) -> datetime:
        """When the occasion comes for that finding."""
        return self.content.moments[occasion] + timedelta(seconds=one.seconds)

    def take(self, number: int, step: str, by: Hand, at: datetime, **typed: Any) -> None:
        """One step of one finding."""
        self.do(by, at, findings.take_step, finding=self.ids[number], step=step, typed=StepInput(**typed), on=at.date())

    def _withdraw(self) -> None:
        for number, one in enumerate(self.content.findings):
            if one.way == "withdrawn":
                at = self.at(one, "withdraw")
                self.take(number, "request_withdrawal", self.content.hands.officer, at, reason=one.says["withdraw"])
                self.take(number, "withdraw", self.content.hands.leader, at + timedelta(hours=1))

    def _give(self) -> None:
        content, hands, received = self.content, self.content.hands, self.content.days["received"]
        self.do(hands.officer, content.moments["give"], feedback.give, feedback=self.feedback)
        for number, by in enumerate((hands.head, hands.leader, hands.director)):
            at = content.moments["sign"] + timedelta(minutes=4 * number)
            self.do(by, at, feedback.sign, feedback=self.feedback, signed_on=received, on=received)

    def _plan(self) -> None:
        content, hands = self.content, self.content.hands
        found = [number for number, one in enumerate(content.findings) if one.way not in ("withdrawn", "awaiting_plan")]
        awaited = [number for number, one in enumerate(content.findings) if one.way == "awaiting_plan"]
        again = [number for number in found if content.findings[number].again]
        if found:
            first = self._hand_in(found, "fill", "submit")
            if again:
                redo_by = content.moments["send_back"].date() + timedelta(days=10)
                self._send_back(first, again, content.moments["send_back"], redo_by)
                second = self._hand_in(again, "fill_again", "submit_again")
                self._decide(second, again, content.moments["decide_again"])
            self._decide(first, [number for number in found if number not in again], content.moments["decide"])
        for number in awaited[::2]:
            self._fill(number, hands.clerk, "write")

    def _hand_in(self, numbers: list[int], fill: str, submit: str) -> UUID:
        hands, at = self.content.hands, self.content.moments[submit]
        for number in numbers:
            self._fill(number, hands.clerk, fill)
        taken = self.do(
            hands.head, at, plans.submit_plan, feedback=self.feedback, on=at.date(),
            findings=[self.ids[number] for number in numbers],
        )  # fmt: skip
        return taken.plan

    def _fill(self, number: int, by: Hand, occasion: str) -> None:
        one = self.content.findings[number]
        measures = tuple(
            MeasureInput(
                each.text, self.content.unit, each.person, each.due_on, each.product, each.kinds, each.helping,
                each.supervisor, each.starts_on, each.is_long_term,
            )
            for each in one.measures
        )  # fmt: skip
        content = RowContent(one.causes, one.goal, one.leader, one.head_leads, measures)
        self.do(by, self.at(one, occasion), plans.fill_row, finding=self.ids[number], content=content)

    def _decide(self, plan: UUID, numbers: list[int], at: datetime) -> None:
        hands, findings_ = self.content.hands, self.content.findings
        agreed = [number for number in numbers if findings_[number].way not in ("plan_submitted", "plan_returned")]
        back = [number for number in numbers if findings_[number].way == "plan_returned"]
        approved = [number for number in agreed if findings_[number].way != "plan_agreed"]
        if agreed:
            self._review(plan, agreed, True, hands.discipline, at)
            self._review(plan, agreed, True, hands.organization, at + timedelta(seconds=9))
        if back:
            self._send_back(plan, back, at, self.content.days["redo_by"])
        if approved:
            self._review(plan, approved, True, hands.director, at + timedelta(seconds=20))

    def _send_back(self, plan: UUID, numbers: list[int], at: datetime, redo_by: Any) -> None:
        for number in numbers:
            typed = {
                "reason": self.content.findings[number].says["return_plan"], "faults": ("measures_vague",),
                "redo_by": redo_by,
            }  # fmt: skip
            self._review(plan, [number], False, self.content.hands.discipline, at, **typed)

    def _review(self, plan: UUID, numbers: list[int], agrees: bool, by: Hand, at: datetime, **typed: Any) -> None:
        said = self.content.findings[numbers[0]].says.get(f"plan_{by.role}", "")
        self.do(
            by, at, plans.review_plan, plan=plan, agrees=agrees, typed=StepInput(**{"reason": said, **typed}),
            on=at.date(), findings=[self.ids[number] for number in numbers],
        )  # fmt: skip

    def _work(self, number: int, one: MassFinding) -> None:
        at, hands = self.at(one, "work"), self.content.hands
        self.take(number, "report_progress", hands.clerk, at, progress=one.says["progress"], done_on=at.date())
        for name, by in (("office_note", hands.officer), ("unit_note", hands.clerk)):
            if one.says[name]:
                self.do(
                    by, at + timedelta(seconds=90), findings.write_note, finding=self.ids[number], text=one.says[name]
                )

    def _basically(self, number: int, one: MassFinding) -> None:
        typed = {"remains": one.says["remains"], "remains_by": self.content.days["remains_by"]}
        self.take(number, "report_basically_done", self.content.hands.clerk, self.at(one, "basically"), **typed)

    def _ask_extension(self, number: int, one: MassFinding) -> None:
        typed = {"until": self.content.days["until"], "reason": one.says["extension"]}
        self.take(number, "request_extension", self.content.hands.head, self.at(one, "ask_extension"), **typed)

    def _grant_extension(self, number: int, one: MassFinding) -> None:
        at = self.at(one, "decide_extension")
        self.take(number, "grant_extension", self.content.hands.leading, at, reason=one.says["grant"])

    def _refuse_extension(self, number: int, one: MassFinding) -> None:
        at = self.at(one, "decide_extension")
        self.take(number, "refuse_extension", self.content.hands.director, at, reason=one.says["refuse"])

    def _ask(self, number: int, one: MassFinding) -> None:
        at = self.at(one, "ask")
        row = Measure.objects.filter(finding=self.ids[number]).order_by("-row__version").values_list("row", flat=True)
        measures = Measure.objects.filter(row=row[0]).order_by("position")
        files = tuple(
            EvidenceInput(measure.pk, name, self.files[sha256].content, measure.product, at.date())
            for measure, (name, sha256) in zip(measures, one.files, strict=True)
        )
        criteria = tuple(
            CriterionAnswer(code, applies=code in one.says, text=one.says.get(code) or one.says[f"not_{code}"])
            for code in CLOSING.criteria
        )
        claim = "long_term" if one.way == "phase_done_long_term" else "done"
        self.take(
            number, "request_closing", self.content.hands.head, at, claim=claim, evidence=files, criteria=criteria
        )

    def _return_closing(self, number: int, one: MassFinding) -> None:
        at, by = self.at(one, "agree"), self.content.hands.organization
        self.take(number, "return_closing", by, at, reason=one.says["return_closing"])

    def _agree(self, number: int, one: MassFinding) -> None:
        hands, at = self.content.hands, self.at(one, "agree")
        for by, seconds in ((hands.discipline, 0), (hands.organization, 9)):
            reason = one.says.get(f"agree_{by.role}", "")
            self.take(number, "agree_closing", by, at + timedelta(seconds=seconds), reason=reason, points=POINTS)

    def _close(self, number: int, one: MassFinding) -> None:
        at, by = self.at(one, "close"), self.content.hands.director
        self.take(number, "close", by, at, reason=one.says["close"], points=POINTS)

    def _accept(self, number: int, one: MassFinding) -> None:
        typed = {"stage_goals": one.says["stage_goals"], "next_review_on": self.content.days["next_review_on"]}
        self.take(
            number, "accept_long_term", self.content.hands.director, self.at(one, "close"), points=POINTS, **typed
        )

    def _ask_reopening(self, number: int, one: MassFinding) -> None:
        name, sha256 = one.files[0]
        letter = EvidenceInput(None, name, self.files[sha256].content)
        self.take(
            number, "request_reopening", self.content.hands.officer, self.at(one, "ask_reopening"),
            ground="still_there", reason=one.says["reopening"], evidence=(letter,),
        )  # fmt: skip

    def _reopen(self, number: int, one: MassFinding) -> None:
        at = self.at(one, "ask_reopening") + timedelta(minutes=5)
        self.take(number, "approve_reopening", self.content.hands.director, at, reason=one.says["reopen"])
