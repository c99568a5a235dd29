"""Paths of the lifecycle: a finding in any state, reached by the actions that people take, never by setting a field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from bihuan.actions import drafts, feedback, findings, rounds
from bihuan.models import Draft, Finding, Inspection, Measure
from bihuan.queries.acting import acting
from bihuan.rules.profile import load_profile
from bihuan.rules.typed import CriterionAnswer, Description, EvidenceInput, MeasureInput, StepInput
from tests.builders import TODAY, County

TEXT = """关于巡察县教育局党组的反馈意见

一、贯彻落实党中央决策部署有差距
（一）落实“双减”政策不到位
1.课后服务监管缺位。抽查 6 所学校，有 2 所学校课后服务收费未公示。
2.校外培训机构治理不彻底。3 家机构无证办学超过一年未查处。
二、全面从严治党责任压得不实
（一）主体责任落实不力
1.党组全年未专题研究党风廉政建设。
2.营养餐采购化整为零，拆成 5 笔，共 86.5 万元。
"""
# A later document on the same matter: its first item is the document's, the second stands nowhere there.
REPORT = """中共县教育局党组关于巡察整改进展情况的报告

一、贯彻落实党中央决策部署有差距
1.针对“课后服务监管缺位”问题。
整改情况：已对6所学校逐校核对，2所学校的收费已全部公示。已完成。
2.针对“食堂从业人员健康证过期”问题。
整改情况：已全部重新办理。已完成。
"""
NOW_STEP = timedelta(minutes=1)
COUNTY_PROFILE = load_profile("county")
DESCRIPTION = Description(category="A302")
CRITERIA = tuple(CriterionAnswer(code, text=f"已经做到，见佐证（{code}）") for code in COUNTY_PROFILE.closing.criteria)
POINTS = tuple(COUNTY_PROFILE.closing.points)


@dataclass
class Path:
    """A county walking one finding along its lifecycle; every act is taken by the post that may, as bihuan_app."""

    county: County
    minutes: int = 0
    feedback: UUID | None = None
    finding: UUID | None = None

    def at(self) -> Any:
        """The next minute: acts on one thing are in order."""
        self.minutes += 1
        return self.county.at + self.minutes * NOW_STEP

    def do(self, role: str, deed: Callable[..., Any], **given: Any) -> Any:
        """Run an action as that role."""
        actor = self.county.actor(role)
        with acting(actor):
            return deed(by=actor, at=self.at(), **given)

    def take(self, role: str, step: str, *, on: date = TODAY, seen: int | None = None, **typed: Any) -> Any:
        """Take a step of the finding as that role."""
        assert self.finding is not None
        return self.do(
            role, findings.take_step, finding=self.finding, step=step, typed=StepInput(**typed), on=on, seen=seen
        )

    def upload(
        self, *, audience: str = "leadership", content: bytes = TEXT.encode(), name: str = "反馈意见.txt"
    ) -> UUID:
        """A feedback document goes in, by the liaison."""
        done = self.do(
            "liaison", feedback.upload_feedback, inspection=self.county.inspection, audience=audience,
            title="关于巡察县教育局党组的反馈意见", name=name, content=content,
        )  # fmt: skip
        self.feedback = done.feedback
        return done.feedback

    def confirm_all(self) -> list[UUID]:
        """Every draft becomes a finding, with a category."""
        proposed = list(Draft.objects.filter(feedback_id=self.feedback, state="proposed").order_by("position"))
        made = [self.do("liaison", drafts.confirm_draft, draft=draft.pk, description=DESCRIPTION) for draft in proposed]
        self.finding = made[0]
        return made

    def leave(self) -> None:
        """The team arrives and leaves again, unless it has."""
        actor = self.county.actor("team_leader")
        if Inspection.objects.get(pk=self.county.inspection).state != "planned":
            return
        for step in ("enter", "leave"):
            with acting(actor):
                rounds.take_step(
                    self.county.inspection, step=step, by=actor, at=self.at(), on=timezone.localdate(self.county.at)
                )

    def give(
        self, *, signed_on: date | None = None, order: Iterable[str] = ("unit_head", "team_leader", "office_director")
    ) -> None:
        """Approve, give, and sign three times, on the day of the giving where no other is said."""
        self.leave()
        self.do("secretary", feedback.approve, feedback=self.feedback)
        self.do("office_clerk", feedback.give, feedback=self.feedback)
        # A county in which much has happened has come to another day.
        today = timezone.localdate(self.county.at + self.minutes * NOW_STEP)
        for role in order:
            self.do(role, feedback.sign, feedback=self.feedback, signed_on=signed_on or today, on=today)

    def measures(self, count: int = 2) -> tuple[MeasureInput, ...]:
        """Complete measures of the inspected unit."""
        unit = Finding.objects.get(pk=self.finding).unit_id
        return tuple(
            MeasureInput(
                f"第 {number} 项：逐校核对收费公示并整改到位",
                unit,
                "分管副局长",
                TODAY + timedelta(days=30),
                "公示照片",
            )
            for number in range(1, count + 1)
        )

    def evidence(self) -> tuple[EvidenceInput, ...]:
        """One file for each measure of the present plan version."""
        row = Measure.objects.filter(finding_id=self.finding).order_by("-row__version").values_list("row", flat=True)[0]
        return tuple(
            EvidenceInput(
                measure.pk, f"佐证{measure.position}.txt", f"公示记录 {measure.position}".encode(), "已公示", TODAY
            )
            for measure in Measure.objects.filter(row=row).order_by("position")
        )

    def content(self, count: int = 2) -> dict[str, Any]:
        """A whole row of a plan, as the step's typed fields."""
        return {
            "causes": "党组没有专题研究收费公示，监管责任没有压到科室",
            "goal": "6 所学校收费公示率达到 100%",
            "leader": "分管副局长",
            "measures": self.measures(count),
        }

    def submit_plan(self, count: int = 2) -> None:
        """The unit's head hands in a row for the finding."""
        self.take("unit_head", "submit_plan", **self.content(count))

    def approve_plan(self) -> None:
        """Submit and approve by the whole chain."""
        self.submit_plan()
        self.take("discipline_reviewer", "agree_plan")
        self.take("organization_reviewer", "agree_plan")
        self.take("office_director", "approve_plan")

    def request_closing(self, claim: str = "done") -> None:
        """The unit's head asks, with evidence for each measure."""
        self.take("unit_head", "request_closing", claim=claim, evidence=self.evidence(), criteria=CRITERIA)

    def agree_closing(self) -> None:
        """All but the last signer agree."""
        self.take("discipline_reviewer", "agree_closing", points=POINTS)
        self.take("organization_reviewer", "agree_closing", points=POINTS)

    def state(self) -> str:
        """The finding's state now."""
        return Finding.objects.get(pk=self.finding).state


def to_drafted(path: Path) -> None:
    """Uploaded and confirmed."""
    path.upload()
    path.confirm_all()


def to_awaiting_plan(path: Path) -> None:
    """Given by the third signature."""
    to_drafted(path)
    path.give()


def to_plan_submitted(path: Path) -> None:
    """A plan is in."""
    to_awaiting_plan(path)
    path.submit_plan()


def to_plan_returned(path: Path) -> None:
    """The plan is back."""
    to_plan_submitted(path)
    path.take(
        "discipline_reviewer",
        "return_plan",
        reason="措施没有写明由谁公示、何时公示。",
        redo_by=TODAY + timedelta(days=7),
        faults=("measures_vague",),
    )


def to_in_progress(path: Path) -> None:
    """The plan is approved."""
    to_awaiting_plan(path)
    path.approve_plan()


def to_basically_done(path: Path) -> None:
    """Something remains."""
    to_in_progress(path)
    path.take(
        "unit_clerk", "report_basically_done", remains="还有一所学校未公示", remains_by=TODAY + timedelta(days=10)
    )


def to_pending_review(path: Path) -> None:
    """Closing is asked for."""
    to_in_progress(path)
    path.request_closing()


def to_returned(path: Path) -> None:
    """Closing is sent back."""
    to_pending_review(path)
    path.take("organization_reviewer", "return_closing", reason="照片看不出公示日期，请补公示原件。")


def to_closed(path: Path) -> None:
    """All have agreed."""
    to_pending_review(path)
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)


def to_long_term(path: Path) -> None:
    """Kept up for long."""
    to_in_progress(path)
    path.request_closing("long_term")
    path.agree_closing()
    path.take(
        "office_director", "accept_long_term", stage_goals="每学期末抽查一次",
        next_review_on=TODAY + timedelta(days=90), points=POINTS,
    )  # fmt: skip


def to_reopened(path: Path) -> None:
    """Found again after closing."""
    to_closed(path)
    measure = path.evidence()[0].measure
    path.take(
        "discipline_reviewer", "request_reopening", ground="still_there", reason="群众来信反映仍在收费",
        evidence=(EvidenceInput(measure, "来信.txt", "来信摘要".encode()),),
    )  # fmt: skip
    path.take("office_director", "approve_reopening")


def to_withdrawn(path: Path) -> None:
    """Withdrawn by the office and a second person."""
    to_drafted(path)
    path.take("office_clerk", "request_withdrawal", reason="与另一条重复")
    path.take("team_leader", "withdraw")


PATHS: dict[str, Callable[[Path], None]] = {
    "drafted": to_drafted,
    "awaiting_plan": to_awaiting_plan,
    "plan_submitted": to_plan_submitted,
    "plan_returned": to_plan_returned,
    "in_progress": to_in_progress,
    "basically_done": to_basically_done,
    "pending_review": to_pending_review,
    "returned": to_returned,
    "closed": to_closed,
    "phase_done_long_term": to_long_term,
    "reopened": to_reopened,
    "withdrawn": to_withdrawn,
}


def a_finding(county: County, state: str) -> Path:
    """A path that has brought its finding to `state`."""
    path = Path(county)
    PATHS[state](path)
    return path
