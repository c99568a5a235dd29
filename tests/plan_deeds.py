"""Deeds on a plan as tests take them: rows filled in, a version handed in, reviewed and sent back by each party."""

from dataclasses import replace
from datetime import timedelta

from bihuan.actions import plans
from bihuan.models import Finding, Plan
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import StepInput
from tests.builders import TODAY
from tests.paths import Path

REVIEWERS = ("discipline_reviewer", "organization_reviewer", "office_director")
LATER = TODAY + timedelta(days=7)
OPINION = "措施没有写明由谁公示、何时公示。"


def findings_of(path: Path) -> list:
    return list(Finding.objects.filter(feedback_id=path.feedback).order_by("number"))


def content(path: Path, **changed) -> RowContent:
    return replace(RowContent(**path.content()), **changed)


def fill(path: Path, finding=None, *, role: str = "unit_clerk", seen: int | None = None, **changed):
    return path.do(
        role,
        plans.fill_row,
        finding=finding.pk if finding else path.finding,
        content=content(path, **changed),
        seen=seen,
    )


def fill_all(path: Path) -> None:
    for finding in findings_of(path):
        fill(path, finding)


def hand_in(path: Path, *chosen, role: str = "unit_head", seen: int | None = None):
    only = [one.pk for one in chosen] or None
    return path.do(role, plans.submit_plan, feedback=path.feedback, on=TODAY, findings=only, seen=seen)


def review(path: Path, role: str, *chosen, plan=None, seen: int | None = None, agrees: bool = True, **typed):
    only = [finding.pk for finding in chosen] or None
    return path.do(
        role, plans.review_plan, plan=plan or latest(path).pk, agrees=agrees, typed=StepInput(**typed), on=TODAY,
        findings=only, seen=seen,
    )  # fmt: skip


def send_back(path: Path, role: str, *chosen, **typed):
    whole = {"faults": ("measures_vague",), "reason": OPINION, "redo_by": LATER} | typed
    return review(path, role, *chosen, agrees=False, **whole)


def latest(path: Path) -> Plan:
    return Plan.objects.filter(feedback_id=path.feedback).exclude(state="draft").latest("version")


def states(path: Path) -> list[str]:
    return [finding.state for finding in findings_of(path)]
