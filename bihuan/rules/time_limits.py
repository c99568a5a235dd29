"""How long each deed may take: units, limits and the set of limits a place has chosen.

The numbers are data in bihuan/profiles/; the counting of days is work_calendar's. Nothing here knows a place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from bihuan.rules.vocabulary import N_


class Unit(StrEnum):
    """What a limit is counted in."""

    NATURAL_DAY = "natural_day"
    WORKDAY = "workday"
    MONTH = "month"
    QUARTER = "quarter"


class Roll(StrEnum):
    """What happens when the last day is a rest day."""

    NONE = "none"
    NEXT_WORKDAY = "next_workday"
    PREVIOUS_WORKDAY = "previous_workday"


class Direction(StrEnum):
    """Whether the limit runs after the day it is counted from, or must be kept before it."""

    AFTER = "after"
    BEFORE = "before"


class Certainty(StrEnum):
    """How well a limit is known: a text read, one place's practice, second hand, from memory, our own design."""

    READ = "H"
    ONE_PLACE = "M"
    SECOND_HAND = "L"
    MEMORY = "MEM"
    DESIGN = "D"


class TimedEvent(StrEnum):
    """The deeds a profile may set a limit for."""

    ENTRY_NOTICE = "entry_notice"
    ONSITE_STAY = "onsite_stay"
    REPORT_TO_SECRETARY = "report_to_secretary"
    GIVE_FEEDBACK = "give_feedback"
    SUBMIT_PLAN = "submit_plan"
    PLAN_REVIEW = "plan_review"
    DEMOCRATIC_MEETING = "democratic_meeting"
    CONCENTRATED_RECTIFICATION = "concentrated_rectification"
    EXTENSION = "extension"
    SUBMIT_REPORT = "submit_report"
    SUBMIT_HEAD_REPORT = "submit_head_report"
    FOLLOW_UP_REPORT = "follow_up_report"
    TRANSFER_CLUES = "transfer_clues"
    ANSWER_TRANSFER = "answer_transfer"
    CLOSING_REVIEW = "closing_review"
    DISCLOSURE = "disclosure"
    EVALUATION = "evaluation"
    ANSWER_RECOMMENDATION = "answer_recommendation"
    AUDIT_RECTIFICATION_REPORT = "audit_rectification_report"
    HANDOVER = "handover"


class Anchor(StrEnum):
    """The day a limit is counted from; feedback_received is T0, the day the feedback was signed for."""

    FEEDBACK_RECEIVED = "feedback_received"
    ENTRY = "entry"
    ONSITE_ENDED = "onsite_ended"
    REPORTED_TO_SECRETARY = "reported_to_secretary"
    PLAN_SUBMITTED = "plan_submitted"
    PRESENT_DUE_DATE = "present_due_date"
    RECTIFICATION_PERIOD_ENDED = "rectification_period_ended"
    LAST_REPORT = "last_report"
    TRANSFER_RECEIVED = "transfer_received"
    CLOSING_REQUESTED = "closing_requested"
    RECOMMENDATION_RECEIVED = "recommendation_received"
    AUDIT_REPORT_RECEIVED = "audit_report_received"
    NEW_HEAD_IN_POST = "new_head_in_post"


UNIT_LABELS: Mapping[Unit, str] = MappingProxyType(
    {Unit.NATURAL_DAY: N_("日"), Unit.WORKDAY: N_("个工作日"), Unit.MONTH: N_("个月"), Unit.QUARTER: N_("个季度")}
)

CERTAINTY_LABELS: Mapping[Certainty, str] = MappingProxyType(
    {
        Certainty.READ: N_("读过原文"),
        Certainty.ONE_PLACE: N_("一地做法，未核原件"),
        Certainty.SECOND_HAND: N_("转述"),
        Certainty.MEMORY: N_("凭记忆，未查实"),
        Certainty.DESIGN: N_("本软件的建议"),
    }
)

EVENT_LABELS: Mapping[TimedEvent, str] = MappingProxyType(
    {
        TimedEvent.ENTRY_NOTICE: N_("印发进驻通知"),
        TimedEvent.ONSITE_STAY: N_("驻点"),
        TimedEvent.REPORT_TO_SECRETARY: N_("向书记专题会报告"),
        TimedEvent.GIVE_FEEDBACK: N_("反馈"),
        TimedEvent.SUBMIT_PLAN: N_("报送整改方案"),
        TimedEvent.PLAN_REVIEW: N_("审核整改方案"),
        TimedEvent.DEMOCRATIC_MEETING: N_("召开专题民主生活会"),
        TimedEvent.CONCENTRATED_RECTIFICATION: N_("集中整改"),
        TimedEvent.EXTENSION: N_("一次延期"),
        TimedEvent.SUBMIT_REPORT: N_("报送整改情况报告"),
        TimedEvent.SUBMIT_HEAD_REPORT: N_("报送主要负责人组织落实整改情况报告"),
        TimedEvent.FOLLOW_UP_REPORT: N_("续报整改情况"),
        TimedEvent.TRANSFER_CLUES: N_("移交问题线索"),
        TimedEvent.ANSWER_TRANSFER: N_("回告移交事项办理情况"),
        TimedEvent.CLOSING_REVIEW: N_("审核销号申请"),
        TimedEvent.DISCLOSURE: N_("公开整改情况"),
        TimedEvent.EVALUATION: N_("评估整改成效"),
        TimedEvent.ANSWER_RECOMMENDATION: N_("回复巡察建议书"),
        TimedEvent.AUDIT_RECTIFICATION_REPORT: N_("报送审计整改报告"),
        TimedEvent.HANDOVER: N_("交接整改事项"),
    }
)

ANCHOR_LABELS: Mapping[Anchor, str] = MappingProxyType(
    {
        Anchor.FEEDBACK_RECEIVED: N_("收到反馈意见之日"),
        Anchor.ENTRY: N_("进驻之日"),
        Anchor.ONSITE_ENDED: N_("驻点结束之日"),
        Anchor.REPORTED_TO_SECRETARY: N_("向书记专题会报告之日"),
        Anchor.PLAN_SUBMITTED: N_("报送整改方案之日"),
        Anchor.PRESENT_DUE_DATE: N_("现在的时限；已经过期的，申请之日"),
        Anchor.RECTIFICATION_PERIOD_ENDED: N_("集中整改期满之日"),
        Anchor.LAST_REPORT: N_("上次报告之日"),
        Anchor.TRANSFER_RECEIVED: N_("收到移交事项之日"),
        Anchor.CLOSING_REQUESTED: N_("申请销号之日"),
        Anchor.RECOMMENDATION_RECEIVED: N_("收到建议书之日"),
        Anchor.AUDIT_REPORT_RECEIVED: N_("收到审计报告之日"),
        Anchor.NEW_HEAD_IN_POST: N_("新任主要负责人到任之日"),
    }
)


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time and what to do when it ends on a rest day."""

    unit: Unit
    amount: int
    roll: Roll = Roll.NONE

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a limit needs an amount of at least 1, not {self.amount}")

    @property
    def words(self) -> str:
        """The limit as a paper says it: 15个工作日, 3个月."""
        return f"{self.amount}{UNIT_LABELS[self.unit]}"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One line of a profile: which deed, how long from which day, and where we know it from.

    limit is None where the text sets no number; wording then carries its own words (及时).
    """

    event: TimedEvent
    counted_from: Anchor
    direction: Direction
    limit: Limit | None
    wording: str
    source: str
    certainty: Certainty
    article: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Every limit of one profile version. An event it does not name has no limit there."""

    name: str
    version: str
    effective_from: date
    label: Mapping[str, str]
    entries: Mapping[TimedEvent, TimeLimit]

    def limit_for(self, event: TimedEvent) -> TimeLimit | None:
        """The line for this deed, or None when the profile is silent."""
        return self.entries.get(event)
