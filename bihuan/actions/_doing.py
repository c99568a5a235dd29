"""A step of a finding being taken, and what comes of it: the shapes that the effects of steps share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.actions import _step
from bihuan.actions._evidence import keep_evidence
from bihuan.actions._step import Act
from bihuan.models import ClosingRequest, Finding, Plan, PlanRow, Verdict
from bihuan.models._visibility import placed_like
from bihuan.queries.standing import InspectionStanding
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.machines import Machine
from bihuan.rules.typed import StepInput


@dataclass(frozen=True)
class Doing:
    """The locked finding, what was typed, who, when, how the actor stands; `plan`: the version being handed in."""

    finding: Finding
    typed: StepInput
    by: Actor
    at: datetime
    standing: InspectionStanding
    plan: Plan | None = None


@dataclass(frozen=True)
class Effect:
    """The act to take, and what follows from its event."""

    act: Act
    then: Callable[[UUID], None] | None = None


def act_of(doing: Doing, **more: Any) -> Act:
    """The act of a step with the typed reason."""
    return Act(doing.by, doing.at, reason=doing.typed.reason.strip(), **more)


def follow(
    row: Any, machine: Machine, code: str, doing: Doing, event: UUID,
    changes: Mapping[str, Any] | None = None, content_hash: str = "",
) -> None:  # fmt: skip
    """Take a consequence on a row that belongs to the finding, because of the finding's event."""
    act = Act(doing.by, doing.at, because_of=event, changes=changes or {}, content_hash=content_hash)
    _step.take(row, machine=machine, code=code, act=act)


def give_verdict(
    doing: Doing, verdict: str, *, row: PlanRow | None = None, closing_request: ClosingRequest | None = None
) -> None:
    """Keep what one party of a chain decided about exactly this content, with the points it looked at."""
    on = row or closing_request
    points = {"confirmed": list(doing.typed.points), "faults": list(doing.typed.faults)}
    Verdict.objects.create(
        id=new_id(doing.at), finding=doing.finding, plan_row=row, closing_request=closing_request, role=doing.by.role,
        account_id=doing.by.account, post_id=doing.by.post, verdict=verdict, opinion=doing.typed.reason.strip(),
        points={name: codes for name, codes in points.items() if codes}, content_hash=on.content_hash if on else "",
        at=doing.at, **placed_like(doing.finding),
    )  # fmt: skip


def keep_all(doing: Doing) -> list[str]:
    """Keep every file that was handed in with the step; their names."""
    return [
        keep_evidence(doing.finding, item, measure=item.measure, by=doing.by, at=doing.at)
        for item in doing.typed.evidence
    ]
