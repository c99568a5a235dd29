"""Everything about one finding on one page, in at most a dozen statements; every read starts at visible_to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from bihuan.models import Assignment, Feedback, Finding, FindingUnit, Inspection, Organization, Upload
from bihuan.queries._draft_choices import UnitName
from bihuan.queries._questions import Question
from bihuan.queries.findings import around
from bihuan.queries.findings.around import Around
from bihuan.queries.findings.facts import Found, facts_from
from bihuan.queries.findings.parts import (
    AskedRow,
    CategoryStep,
    ClosingRow,
    EventRow,
    MeasureRow,
    NoteRow,
    PlanOfFinding,
    ProgressRow,
    StepChoice,
    StepRefused,
    VerdictRow,
    category_path,
)
from bihuan.queries.findings.story import story_of
from bihuan.queries.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import InspectionStanding, profile_named
from bihuan.rules import needs
from bihuan.rules.access import WRITES_NOTES, Actor, Scope, stands_as
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.lights import Light, light_of
from bihuan.rules.machines import Step
from bihuan.rules.objections import not_yours
from bihuan.rules.profile import Profile
from bihuan.rules.typed import Objection, StepFacts
from bihuan.rules.vocabulary import COMMONALITIES, MARKS, SEVERITIES

UNKNOWN_PROFILE = "county"


@dataclass(frozen=True)
class FindingPage:
    """One finding as the actor may see it."""

    id: UUID
    number: str
    title: str
    text: str
    level: str
    heading: str
    unit: str
    unit_id: UUID
    lead_unit: UnitName | None
    helping_units: tuple[UnitName, ...]
    inspection: UUID | None
    inspection_title: str
    feedback: UUID
    feedback_title: str
    draft: UUID | None
    source_name: str
    typed_by_hand: bool
    category: tuple[CategoryStep, ...]
    taxonomy_version: str
    severity: str
    severity_label: str
    commonality: str
    commonality_label: str
    amount: Decimal | None
    marks: tuple[str, ...]
    state: StateLook
    revision: int
    given_on: date | None
    due_on: date | None
    due_basis: str
    due_provisional: bool
    light: Light
    is_overdue: bool
    redo_by: date | None
    remains: str
    remains_by: date | None
    stage_goals: str
    next_review_on: date | None
    merged_into: UUID | None
    merged_into_number: str
    head_leads: bool
    plan_version: int
    plan: PlanOfFinding | None
    earlier_plans: tuple[PlanOfFinding, ...]
    measures: tuple[MeasureRow, ...]
    progress: tuple[ProgressRow, ...]
    verdicts: tuple[VerdictRow, ...]
    closings: tuple[ClosingRow, ...]
    asked: tuple[AskedRow, ...]
    decided: tuple[AskedRow, ...]
    notes: tuple[NoteRow, ...]
    events: tuple[EventRow, ...]
    permitted: tuple[StepChoice, ...]
    refused: tuple[StepRefused, ...]
    may_note: bool
    changed_at: datetime


def finding_page(finding: UUID | str, *, actor: Actor, on: date) -> FindingPage | None:
    """The page of a finding by id or human number, or None when it is not there or not the actor's to know."""
    row = _found(finding, actor)
    if row is None:
        return None
    helpers = _helping(row, actor)
    helping = tuple(UnitName(unit.pk, unit.name) for unit in helpers)
    profile = profile_named(row.profile or UNKNOWN_PROFILE)
    seen = around.read(row, actor=actor)
    standing = _standing(row, helpers, profile)
    found = Found(
        seen.row, seen.measure_ids, seen.closing, seen.evidence, seen.verdicts, seen.requests, profile,
        row.feedback_state or "",
    )  # fmt: skip
    facts = facts_from(found, finding=row, by=actor, standing=standing, on=on)
    permitted, refused = _steps(row.state, stands_as(actor, thing=standing), facts)
    said = (
        _own(row, profile, on)
        | _plans(seen)
        | {
            "helping_units": helping,
            "measures": around.measures(seen, finding=row, days=profile.lights, on=on),
            "progress": around.progress(seen),
            "verdicts": around.verdicts(seen, profile=profile),
            "closings": around.closings(seen, finding=row, profile=profile),
            "asked": around.asked(seen, finding=row, is_open=True),
            "decided": around.asked(seen, finding=row, is_open=False),
            "notes": around.notes(seen) if actor.role in WRITES_NOTES else (),
            "events": story_of(row, actor=actor),
            "permitted": permitted,
            "refused": refused,
            "may_note": actor.role in WRITES_NOTES,
        }
    )
    return FindingPage(**said)


def _found(finding: UUID | str, actor: Actor) -> Any:
    """The row with what belongs to it by one key each; what the actor may not see of these stays empty."""
    found = FOUND.rows(actor.scope, **{"number" if isinstance(finding, str) else "pk": finding})
    return found[0] if found else None


def _asked_for(scope: Scope, **key: Any) -> QuerySet[Finding]:
    inspection = Inspection.objects.visible_to(scope).filter(pk=OuterRef("inspection_id"))
    source = Upload.objects.visible_to(scope).filter(pk=OuterRef("upload_id"))
    feedback = Feedback.objects.visible_to(scope).filter(pk=OuterRef("feedback_id"))
    merged = Finding.objects.visible_to(scope).filter(pk=OuterRef("merged_into_id"))
    mine = Assignment.objects.filter(inspection_id=OuterRef("inspection_id"), post_id=scope.post)
    rows = Finding.objects.visible_to(scope).select_related("unit", "lead_unit").annotate(
        profile=Subquery(inspection.values("profile")), inspection_title=Subquery(inspection.values("title")),
        source_name=Subquery(source.values("name")), feedback_title=Subquery(feedback.values("title")),
        feedback_state=Subquery(feedback.values("state")),
        merged_into_number=Subquery(merged.values("number")), is_assigned=Exists(mine),
    )  # fmt: skip
    return rows.filter(**key)


def _helping(row: Finding, actor: Actor) -> tuple[Organization, ...]:
    return tuple(one.helper for one in HELPING.rows(actor.scope, finding=row.pk))


def _helpers_of(scope: Scope, *, finding: UUID) -> QuerySet[FindingUnit]:
    found = FindingUnit.objects.visible_to(scope).helping().filter(finding=finding)
    return found.select_related("helper").order_by("helper__lo")


FOUND, HELPING = Question(_asked_for), Question(_helpers_of)


def _standing(row: Any, helping: tuple[Organization, ...], profile: Profile) -> InspectionStanding:
    at_work = (*helping, row.lead_unit) if row.lead_unit else helping
    return InspectionStanding(
        unit=row.unit_id, unit_lo=row.unit_lo, is_assigned=row.is_assigned, plan_reviewers=profile.plan_reviewers,
        closing_signers=profile.closing_signers, helping_units=frozenset(unit.pk for unit in at_work),
        helping_los=frozenset(unit.lo for unit in at_work),
    )  # fmt: skip


SAME = (
    "number", "text", "level", "heading", "unit_id", "typed_by_hand", "taxonomy_version", "severity", "commonality",
    "amount", "revision", "given_on", "due_on", "due_basis", "due_provisional", "redo_by", "remains", "remains_by",
    "stage_goals", "next_review_on", "changed_at",
)  # fmt: skip


def _own(row: Any, profile: Profile, on: date) -> dict[str, Any]:
    """What the finding itself says."""
    return {name: getattr(row, name) for name in SAME} | {
        "id": row.pk,
        "title": title_of(row.text),
        "unit": row.unit.name,
        "lead_unit": UnitName(row.lead_unit_id, row.lead_unit.name) if row.lead_unit else None,
        "inspection": row.inspection_id,
        "inspection_title": row.inspection_title or "",
        "feedback": row.feedback_id,
        "feedback_title": row.feedback_title or "",
        "draft": row.draft_id,
        "source_name": row.source_name or "",
        "category": category_path(row.category, taxonomy=profile.taxonomy),
        "severity_label": SEVERITIES[row.severity],
        "commonality_label": COMMONALITIES[row.commonality],
        "marks": tuple(code for code in MARKS if getattr(row, code)),
        "state": look(row.state),
        "light": light_of(row.state, due_on=row.due_on, on=on, days=profile.lights),
        "is_overdue": is_overdue(row.state, due_on=row.due_on, on=on),
        "merged_into": row.merged_into_id,
        "merged_into_number": row.merged_into_number or "",
    }


def _plans(seen: Around) -> dict[str, Any]:
    """The version in force and those before it."""
    versions = around.versions(seen)
    current = versions[0] if versions else None
    return {
        "plan": current,
        "plan_version": current.version if current else 0,
        "head_leads": bool(current and current.head_leads),
        "earlier_plans": versions[1:],
    }


def _steps(
    state: str, relations: frozenset[str], facts: StepFacts
) -> tuple[tuple[StepChoice, ...], tuple[StepRefused, ...]]:
    """The steps that leave the finding's state: those the actor may take, and the others with their reason."""
    permitted, refused = [], []
    for step in FINDING.steps_from(state):
        if step.consequence:
            continue
        objection = _objection(step, relations) or needs.standing_objection(step.needs, facts=facts)
        if objection:
            refused.append(StepRefused(step.code, step.label, objection))
        else:
            permitted.append(StepChoice(step.code, step.label))
    return tuple(permitted), tuple(refused)


def _objection(step: Step, relations: frozenset[str]) -> Objection | None:
    return None if set(step.who) & relations else not_yours(step.who)
