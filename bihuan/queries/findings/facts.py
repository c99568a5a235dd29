"""What the tables say of a finding at the moment of a step: the facts that rules/needs.py checks."""

from datetime import date
from uuid import UUID

from bihuan.models import ClosingRequest, Evidence, Finding, FindingRequest, Measure, PlanRow, Verdict
from bihuan.queries.standing import InspectionStanding, profile_of
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.needs import StepFacts

EXTENDABLE = FINDING.step("grant_extension").sources


def current_row(finding: Finding) -> PlanRow | None:
    """The row of the last plan version that was handed in for the finding."""
    return PlanRow.objects.filter(finding=finding).exclude(state="draft").order_by("-version").first()


def open_closing(finding: Finding) -> ClosingRequest | None:
    """The closing request that waits for verdicts."""
    return ClosingRequest.objects.filter(finding=finding, state="open").first()


def facts_of(finding: Finding, *, by: Actor, standing: InspectionStanding, on: date) -> StepFacts:
    """The facts of one finding for this actor on that day."""
    row, closing = current_row(finding), open_closing(finding)
    measures = _measures(row)
    agreed = _agreed(finding, row, closing)
    in_review = finding.state == "pending_review"
    asked = {
        request.aim: request.account_id for request in FindingRequest.objects.filter(finding=finding, state="open")
    }
    profile = profile_of(finding)
    return StepFacts(
        today=on,
        given_on=finding.given_on,
        measures=measures,
        measures_with_evidence=frozenset(
            Evidence.objects.filter(measure__in=measures).values_list("measure_id", flat=True)
        ),
        claim=closing.claim if closing else "",
        agreed=frozenset(role for role, _ in agreed),
        agreed_by=frozenset(account for _, account in agreed),
        chain=standing.closing_signers if in_review else standing.plan_reviewers,
        role=by.role,
        account=by.account,
        open_reopening_by=asked.get("reopen"),
        open_withdrawal_by=asked.get("withdraw") if finding.state in ("drafted", "awaiting_plan") else None,
        open_extension_by=asked.get("extend") if finding.state in EXTENDABLE else None,
        due_on=finding.due_on,
        evidence=frozenset(Evidence.objects.filter(finding=finding, request=None).values_list("id", flat=True)),
        criteria=tuple(profile.closing.criteria),
        points=tuple(profile.closing.points),
        categories=profile.taxonomy.lowest,
    )


def _measures(row: PlanRow | None) -> tuple[UUID, ...]:
    if row is None:
        return ()
    return tuple(Measure.objects.filter(row=row).order_by("position").values_list("id", flat=True))


def _agreed(finding: Finding, row: PlanRow | None, closing: ClosingRequest | None) -> frozenset[tuple[str, UUID]]:
    """Roles that agreed to exactly the present content (row C10)."""
    if finding.state == "pending_review" and closing:
        verdicts = Verdict.objects.filter(closing_request=closing, content_hash=closing.content_hash)
    elif finding.state == "plan_submitted" and row:
        verdicts = Verdict.objects.filter(plan_row=row, content_hash=row.content_hash)
    else:
        return frozenset()
    return frozenset(verdicts.filter(verdict="agree").values_list("role", "account_id"))
