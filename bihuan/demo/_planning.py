"""How a unit of the demo plans: rows written by its clerk, handed in by its head as versions, reviewed by three."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from bihuan.actions import plans
from bihuan.demo import _cast
from bihuan.demo._district import Case
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import MeasureInput, StepInput

# Where a finding's plan stays for states that come before the work.
AWAITED, IN_REVIEW, AGREED, SENT_BACK = "awaiting_plan", "plan_submitted", "plan_agreed", "plan_returned"
BEFORE_WORK = (AWAITED, IN_REVIEW, AGREED, SENT_BACK)
# One in so many was sent back once before it was approved.
ONCE_IN = 5
# Of the findings whose plan is awaited, one in so many has a row in writing.
WRITTEN_IN = 2


def plan_all(case: Case, wanted: dict[UUID, str]) -> None:
    """Every finding's plan up to where its wanted state has it."""
    handed_in = [finding for finding, state in wanted.items() if state != AWAITED]
    awaited = [finding for finding, state in wanted.items() if state == AWAITED]
    if handed_in:
        again = [finding for finding in handed_in if wanted[finding] not in BEFORE_WORK][::ONCE_IN]
        case.at(0.14)
        first = _hand_in(case, handed_in)
        if again:
            case.at(0.18)
            _send_back(case, first, again, redo_in=10)
            case.at(0.22)
            _decide(case, _hand_in(case, again), wanted, again)
        case.at(0.26)
        _decide(case, first, wanted, [finding for finding in handed_in if finding not in again])
    case.at(0.8)
    for finding in awaited[::WRITTEN_IN]:
        _fill(case, finding)


def _hand_in(case: Case, chosen: Sequence[UUID]) -> UUID:
    for finding in chosen:
        _fill(case, finding)
    taken = case.district.do(
        case.head, plans.submit_plan, feedback=case.feedback, on=case.district.now.date(), findings=chosen
    )
    plan: UUID = taken.plan
    return plan


def _fill(case: Case, finding: UUID) -> None:
    case.district.do(case.clerk, plans.fill_row, finding=finding, content=_content(case))


def _content(case: Case) -> RowContent:
    chance = case.district.chance
    chosen = chance.sample(_cast.MEASURES, chance.randint(2, 4))
    unit = case.district.organizations[case.unit]
    measures = tuple(
        MeasureInput(
            text, unit, chance.choice(_cast.PERSONS), case.received_on + timedelta(days=chance.randint(35, 88)),
            product, kinds=(kind,), supervisor="纪检委员" if number == 0 else "",
            starts_on=case.received_on + timedelta(days=chance.randint(1, 12)),
        )
        for number, (text, product, kind) in enumerate(chosen)
    )  # fmt: skip
    return RowContent(
        causes=chance.choice(_cast.CAUSES), goal=chance.choice(_cast.GOALS), leader=chance.choice(_cast.LEADERS),
        head_leads=chance.random() < 0.15, measures=measures,
    )  # fmt: skip


def _send_back(case: Case, plan: UUID, chosen: Sequence[UUID], *, redo_in: int) -> None:
    reason, fault = case.district.pick(_cast.PLAN_RETURNS)
    typed = StepInput(reason=reason, faults=(fault,), redo_by=case.district.now.date() + timedelta(days=redo_in))
    _review(case, "jijian", plan, False, typed, chosen)


def _decide(case: Case, plan: UUID, wanted: dict[UUID, str], chosen: Sequence[UUID]) -> None:
    """Each row as far as it is wanted: not looked at, sent back, agreed by two, or approved."""
    back = [finding for finding in chosen if wanted[finding] == SENT_BACK]
    agreed = [finding for finding in chosen if wanted[finding] not in (SENT_BACK, IN_REVIEW)]
    approved = [finding for finding in agreed if wanted[finding] != AGREED]
    if agreed:
        _review(case, "jijian", plan, True, StepInput(), agreed)
        _review(case, "zuzhibu", plan, True, StepInput(reason="措施与问题对应，同意。"), agreed)
    if back:
        days_left = (case.district.on - case.district.now.date()).days
        _send_back(case, plan, back, redo_in=days_left + 5)
    if approved:
        _review(case, "zhuren", plan, True, StepInput(), approved)


def _review(case: Case, who: str, plan: UUID, agrees: bool, typed: StepInput, chosen: Sequence[UUID]) -> Any:
    return case.district.do(
        who, plans.review_plan, plan=plan, agrees=agrees, typed=typed, on=case.district.now.date(), findings=chosen
    )
