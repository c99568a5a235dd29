"""One request for closing with all that is signed for: the finding, its plan row, answers, checks, every verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from bihuan.models import ClosingRequest
from bihuan.queries.closing.checks import SystemCheck, checks_of
from bihuan.queries.closing.lists import USUAL_PROFILE, in_order, mine, with_profile
from bihuan.queries.closing.signers import SHORT, Given, Signer, given_on, signers_of, verdicts_on
from bihuan.queries.findings.page import FindingPage, finding_page
from bihuan.queries.findings.parts import AnswerRow, StepChoice, StepRefused
from bihuan.queries.looks import StateLook, look
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import CLOSING_REQUEST
from bihuan.rules.vocabulary import CLAIMS

# Steps of a finding that this page is about; the others stand on the finding's own page.
STEPS = (
    "agree_closing", "close", "accept_long_term", "return_closing", "withdraw_closing", "add_evidence",
    "request_reopening", "approve_reopening", "refuse_reopening", "lapse", "request_closing",
)  # fmt: skip
AGREEING = ("agree_closing", "close", "accept_long_term")


@dataclass(frozen=True)
class ReviewPoint:
    """One thing that a signer looks at before agreeing."""

    code: str
    label: dict[str, str]


@dataclass(frozen=True)
class Neighbors:
    """The requests before and after this one in one's own queue, and where it stands there (0: not in it)."""

    before: UUID | None = None
    after: UUID | None = None
    place: int = 0
    count: int = 0


@dataclass(frozen=True)
class PastRequest:
    """Another request about the same finding, with the verdicts on it."""

    id: UUID
    claim: str
    claim_label: str
    state: StateLook
    person: str
    at: datetime
    verdicts: tuple[Given, ...]


@dataclass(frozen=True)
class ClosingPage:
    """One request as the actor may see it. `agree_step`: the step that agreeing is for this actor now, if any."""

    id: UUID
    finding: FindingPage
    claim: str
    claim_label: str
    state: StateLook
    person: str
    at: datetime
    days: int
    content_hash: str
    answers: tuple[AnswerRow, ...]
    checks: tuple[SystemCheck, ...]
    points: tuple[ReviewPoint, ...]
    signers: tuple[Signer, ...]
    verdicts: tuple[Given, ...]
    others: tuple[PastRequest, ...]
    is_latest: bool
    agree_step: str
    asks_points: bool
    permitted: tuple[StepChoice, ...]
    refused: tuple[StepRefused, ...]
    neighbors: Neighbors


def closing_page(request: UUID, *, actor: Actor, on: date) -> ClosingPage | None:
    """The page of a request, or None when it is not there or not the actor's to know."""
    visible = ClosingRequest.objects.visible_to(actor.scope)
    row: Any = with_profile(visible, actor=actor).annotate(person=F("account__person")).filter(pk=request).first()
    finding = finding_page(row.finding_id, actor=actor, on=on) if row else None
    if row is None or finding is None:
        return None
    rows: Sequence[Any] = tuple(
        visible.filter(finding=row.finding_id).annotate(person=F("account__person")).order_by("-at", "-id")
    )
    verdicts = tuple(verdicts_on(rows, actor=actor))
    profile = profile_named(row.profile or USUAL_PROFILE)
    answers = next((one.answers for one in finding.closings if one.id == row.pk), ())
    is_latest = rows[0].pk == row.pk
    permitted = tuple(step for step in finding.permitted if is_latest and step.code in STEPS)
    return ClosingPage(
        id=row.pk, finding=finding, claim=row.claim, claim_label=CLAIMS[row.claim],
        state=look(row.state, machine=CLOSING_REQUEST), person=row.person, at=row.at,
        days=max(0, (on - timezone.localdate(row.at)).days),
        content_hash=row.content_hash[:SHORT], answers=answers,
        checks=checks_of(finding, answers=answers, claim=row.claim, asked_on=timezone.localdate(row.at)),
        points=tuple(ReviewPoint(point.code, dict(point.label)) for point in profile.closing.points.values()),
        signers=signers_of(row, verdicts=verdicts, profile=profile),
        verdicts=given_on(row, verdicts=verdicts, profile=profile),
        others=tuple(
            PastRequest(
                other.pk, other.claim, CLAIMS[other.claim], look(other.state, machine=CLOSING_REQUEST), other.person,
                other.at, given_on(other, verdicts=verdicts, profile=profile),
            )
            for other in rows
            if other.pk != row.pk
        ),
        is_latest=is_latest, permitted=permitted,
        agree_step=next((step.code for step in permitted if step.code in AGREEING), ""),
        asks_points=actor.role != "unit_head",
        refused=tuple(step for step in finding.refused if is_latest and step.code in STEPS),
        neighbors=_neighbors(row.pk, visible.filter(mine(actor, on=on))),
    )  # fmt: skip


def latest_closing(finding: UUID | str, *, actor: Actor) -> UUID | None:
    """The last request about a finding, by the finding's id or human number."""
    key = {"finding__number": finding} if isinstance(finding, str) else {"finding_id": finding}
    found = ClosingRequest.objects.visible_to(actor.scope).filter(**key).order_by("-at", "-id")
    return found.values_list("pk", flat=True).first()


def _neighbors(request: UUID, queue: Any) -> Neighbors:
    """The queue is short: what waits for one person."""
    keys = list(in_order(queue, box="mine").values_list("pk", flat=True))
    if request not in keys:
        return Neighbors(after=keys[0] if keys else None, count=len(keys))
    at = keys.index(request)
    before = keys[at - 1] if at else None
    return Neighbors(before, keys[at + 1] if at + 1 < len(keys) else None, at + 1, len(keys))
