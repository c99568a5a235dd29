"""What the tables say of a finding at the moment of a step: the facts that rules/needs.py checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bihuan.models import ClosingRequest, Evidence, Feedback, Finding, FindingRequest, Measure, PlanRow, Verdict
from bihuan.queries.standing import InspectionStanding, profile_of
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import may_wait
from bihuan.rules.profile import Profile
from bihuan.rules.time_limits import TimedEvent
from bihuan.rules.typed import StepFacts


@dataclass(frozen=True)
class Found:
    """The rows around a finding that facts are made of, however they were read."""

    row: PlanRow | None
    measures: Sequence[UUID]
    closing: ClosingRequest | None
    evidence: Sequence[Evidence]
    verdicts: Sequence[Verdict]
    requests: Sequence[FindingRequest]
    profile: Profile
    feedback_state: str


def current_row(finding: Finding) -> PlanRow | None:
    """The row of the last plan version that was handed in for the finding."""
    return PlanRow.objects.filter(finding=finding).exclude(state="draft").order_by("-version").first()


def open_closing(finding: Finding) -> ClosingRequest | None:
    """The closing request that waits for verdicts."""
    return ClosingRequest.objects.filter(finding=finding, state="open").first()


def facts_of(finding: Finding, *, by: Actor, standing: InspectionStanding, on: date) -> StepFacts:
    """The facts of one finding for this actor on that day, read anew."""
    row = current_row(finding)
    found = Found(
        row=row,
        measures=tuple(Measure.objects.filter(row=row).order_by("position").values_list("id", flat=True)),
        closing=open_closing(finding),
        evidence=tuple(Evidence.objects.filter(finding=finding)),
        verdicts=tuple(Verdict.objects.filter(finding=finding)),
        requests=tuple(FindingRequest.objects.filter(finding=finding, state="open")),
        profile=profile_of(finding),
        feedback_state=_feedback_state(finding),
    )
    return facts_from(found, finding=finding, by=by, standing=standing, on=on)


def _feedback_state(finding: Finding) -> str:
    """Only what is not given yet asks for it; a unit that helps may not see the feedback at all."""
    found = Feedback.objects.filter(pk=finding.feedback_id) if finding.state == "drafted" else Feedback.objects.none()
    return found.values_list("state", flat=True).first() or ""


def facts_from(found: Found, *, finding: Finding, by: Actor, standing: InspectionStanding, on: date) -> StepFacts:
    """The facts that follow from rows already read."""
    agreed = _agreed(found, finding.state)
    asked = {
        request.aim: request.account_id
        for request in found.requests
        if request.state == "open" and may_wait(request.aim, state=finding.state)
    }
    limit = found.profile.time_limits.limit_for(TimedEvent.EXTENSION)
    proved = frozenset(item.measure_id for item in found.evidence if item.measure_id)
    return StepFacts(
        today=on,
        given_on=finding.given_on,
        measures=tuple(found.measures),
        measures_with_evidence=proved & frozenset(found.measures),
        claim=found.closing.claim if found.closing else "",
        agreed=frozenset(role for role, _ in agreed),
        agreed_by=frozenset(account for _, account in agreed),
        chain=standing.closing_signers if finding.state == "pending_review" else standing.plan_reviewers,
        role=by.role,
        account=by.account,
        open_reopening_by=asked.get("reopen"),
        open_withdrawal_by=asked.get("withdraw"),
        open_extension_by=asked.get("extend"),
        due_on=finding.due_on,
        longest_extension=limit.limit if limit else None,
        evidence=frozenset(item.pk for item in found.evidence if item.measure_id in found.measures),
        criteria=tuple(found.profile.closing.criteria),
        points=() if by.role == "unit_head" else tuple(found.profile.closing.points),
        categories=found.profile.taxonomy.lowest,
        is_on_its_way=finding.state == "drafted" and found.feedback_state in ("approved", "given"),
    )


def _agreed(found: Found, state: str) -> frozenset[tuple[str, UUID]]:
    """Roles that agreed to exactly the present content (row C10)."""
    if state == "pending_review" and found.closing:
        about, content_hash = ("closing_request_id", found.closing.pk), found.closing.content_hash
    elif state == "plan_submitted" and found.row:
        about, content_hash = ("plan_row_id", found.row.pk), found.row.content_hash
    else:
        return frozenset()
    return frozenset(
        (verdict.role, verdict.account_id)
        for verdict in found.verdicts
        if getattr(verdict, about[0]) == about[1]
        and verdict.content_hash == content_hash
        and verdict.verdict == "agree"
    )
