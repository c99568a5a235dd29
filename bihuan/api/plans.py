"""Plans: list, one plan, two versions compared; rows written, a version handed in, reviewed row by row or at once."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bihuan.actions import plans as acts
from bihuan.actions.plans import PlanTaken, RowFilled
from bihuan.actions.refusals import Unknown
from bihuan.api.operations import OF_A_DEED, OF_A_THING, answers
from bihuan.api.requests import Asked, Sent
from bihuan.api.shapes import shape_of, value_of
from bihuan.queries.plans import comparison
from bihuan.queries.plans.comparison import PlanComparison
from bihuan.queries.plans.lists import PlanList, plans_for
from bihuan.queries.plans.page import PlanPage, plan_page
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import StepInput

router = Router(tags=["plans"])


@dataclass(frozen=True)
class RowSeen:
    """The revision of the draft row that the person saw; 0 where there was none yet."""

    seen: int | None = None


@dataclass(frozen=True)
class Submit:
    """The feedback that the plan answers, the plan's revision that the person saw; `findings`: only their rows."""

    feedback: UUID
    seen: int
    findings: tuple[UUID, ...] | None = None


@dataclass(frozen=True)
class Review:
    """The plan's revision that the person saw, the verdict; `findings`: only their rows, all where it stays away."""

    seen: int
    agrees: bool
    findings: tuple[UUID, ...] | None = None


Row = shape_of(RowContent, named="PlanRow", more=RowSeen)
Verdict = shape_of(StepInput, named="PlanReview", more=Review)


@dataclass(frozen=True)
class _With:
    """The version to compare with, and the only finding to look at."""

    before: UUID
    finding: UUID | None = None


@router.get("", response=answers(PlanList))
def index(request: HttpRequest) -> PlanList:
    """Every plan that the post may see: one line for each received feedback."""
    return plans_for(request.actor, on=request.on)


@router.get("/{uuid:plan}", response=answers(PlanPage, *OF_A_THING))
def one(request: HttpRequest, plan: UUID) -> PlanPage:
    """A plan as it stands now (by the feedback's id), or one version as it was handed in (by the version's id)."""
    found = plan_page(plan, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("plan", plan)
    return found


@router.get("/{uuid:plan}/compare", response=answers(PlanComparison, *OF_A_THING))
def compare(
    request: HttpRequest, plan: UUID, asked: Annotated[shape_of(_With, named="PlanCompareWith"), Asked()]
) -> PlanComparison:
    """One version with another, word by word: what is the same, gone, added."""
    found = comparison.compare(before=asked.before, after=plan, actor=request.actor, finding=asked.finding)
    if found is None:
        raise Unknown("plan", plan)
    return found


@router.post("/rows/{uuid:finding}", response=answers(RowFilled, *OF_A_DEED))
def fill_row(request: HttpRequest, finding: UUID, typed: Annotated[Row, Sent()]) -> RowFilled:
    """Write what the unit's draft says of one finding; incomplete rows are kept as they are."""
    return acts.fill_row(finding=finding, content=value_of(typed), by=request.actor, at=request.at, seen=typed.seen)


@router.post("/submit", response=answers(PlanTaken, *OF_A_DEED))
def submit(request: HttpRequest, typed: Annotated[shape_of(Submit), Sent()]) -> PlanTaken:
    """Hand the draft version in, all or nothing."""
    return acts.submit_plan(
        feedback=typed.feedback,
        findings=typed.findings,
        by=request.actor,
        at=request.at,
        on=request.on,
        seen=typed.seen,
    )


@router.post("/{uuid:plan}/review", response=answers(PlanTaken, *OF_A_DEED))
def review(request: HttpRequest, plan: UUID, typed: Annotated[Verdict, Sent()]) -> PlanTaken:
    """One party's verdict on all the rows that are its to decide now, or on those named."""
    return acts.review_plan(
        plan=plan, agrees=typed.agrees, typed=value_of(typed), findings=typed.findings, by=request.actor,
        at=request.at, on=request.on, seen=typed.seen,
    )  # fmt: skip
