"""Everything about one finding on one page: text and source, measures with evidence, verdicts, steps, time line."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.models import EventPlace, Evidence, Finding, Measure, Upload, Verdict
from bihuan.queries.findings.asked import AskedRow, asked_about
from bihuan.queries.findings.facts import current_row, facts_of
from bihuan.queries.findings.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import InspectionStanding, standing_to
from bihuan.rules import needs
from bihuan.rules.access import RELATIONS, Actor, stands_as
from bihuan.rules.lifecycle import FINDING, Step, step_label
from bihuan.rules.needs import Objection
from bihuan.rules.vocabulary import N_, ROLES, VERDICTS, VIAS


@dataclass(frozen=True)
class StepChoice:
    """A step that the actor may take now."""

    code: str
    label: str


@dataclass(frozen=True)
class StepRefused:
    """A step that leaves this state but is not to be taken now, or not by this actor, with the reason."""

    code: str
    label: str
    objection: Objection


@dataclass(frozen=True)
class EvidenceRow:
    """One file: what it proves and the day it stands for."""

    id: UUID
    name: str
    proves: str
    dated: date | None
    sha256: str
    size: int


@dataclass(frozen=True)
class MeasureRow:
    """One measure of the present plan version, with its evidence."""

    id: UUID
    position: int
    text: str
    unit: str
    unit_id: UUID
    person: str
    due_on: date
    product: str
    is_overdue: bool
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class VerdictRow:
    """What one signer decided about which thing."""

    about: str
    role: str
    person: str
    verdict: str
    opinion: str
    at: datetime


@dataclass(frozen=True)
class EventRow:
    """One act on the time line: when, who as what post, via what, which step, why."""

    id: UUID
    at: datetime
    actor: str
    via: str
    step: str
    label: str
    reason: str
    state_to: StateLook | None


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
    inspection: UUID | None
    feedback: UUID
    source_name: str
    typed_by_hand: bool
    state: StateLook
    revision: int
    given_on: date | None
    due_on: date | None
    due_basis: str
    due_provisional: bool
    is_overdue: bool
    redo_by: date | None
    remains: str
    remains_by: date | None
    stage_goals: str
    next_review_on: date | None
    merged_into: UUID | None
    plan_version: int
    measures: tuple[MeasureRow, ...]
    verdicts: tuple[VerdictRow, ...]
    events: tuple[EventRow, ...]
    permitted: tuple[StepChoice, ...]
    refused: tuple[StepRefused, ...]
    asked: tuple[AskedRow, ...]


def finding_page(finding: UUID | str, *, actor: Actor, on: date) -> FindingPage | None:
    """The page of a finding by id or human number, or None when it is not there or not the actor's to know."""
    key = {"number": finding} if isinstance(finding, str) else {"pk": finding}
    row = Finding.objects.visible_to(actor.scope).select_related("unit").filter(**key).first()
    if row is None:
        return None
    standing = standing_to(row, by=actor)
    permitted, refused = steps_of(row, actor=actor, standing=standing, on=on)
    plan_row = current_row(row)
    sources = Upload.objects.visible_to(actor.scope).filter(thing_id=row.feedback_id)
    source = sources.values_list("name", flat=True).first()
    return FindingPage(
        id=row.pk, number=row.number, title=title_of(row.text), text=row.text, level=row.level, heading=row.heading,
        unit=row.unit.name, unit_id=row.unit_id, inspection=row.inspection_id, feedback=row.feedback_id,
        source_name=source or "", typed_by_hand=row.typed_by_hand, state=look(row.state), revision=row.revision,
        given_on=row.given_on, due_on=row.due_on, due_basis=row.due_basis, due_provisional=row.due_provisional,
        is_overdue=is_overdue(row.state, due_on=row.due_on, on=on), redo_by=row.redo_by, remains=row.remains,
        remains_by=row.remains_by, stage_goals=row.stage_goals, next_review_on=row.next_review_on,
        merged_into=row.merged_into_id, plan_version=plan_row.version if plan_row else 0,
        measures=_measures(row, plan_row.pk, on) if plan_row else (), verdicts=_verdicts(row, actor),
        events=_events(row, actor), permitted=permitted, refused=refused, asked=asked_about(row, actor=actor),
    )  # fmt: skip


def steps_of(
    row: Finding, *, actor: Actor, standing: InspectionStanding, on: date
) -> tuple[tuple[StepChoice, ...], tuple[StepRefused, ...]]:
    """The steps that leave the finding's state: those the actor may take, and the others with their reason."""
    relations = stands_as(actor, thing=standing)
    facts = facts_of(row, by=actor, standing=standing, on=on)
    permitted, refused = [], []
    for step in FINDING.steps_from(row.state):
        if step.consequence:
            continue
        objection = _objection(step, relations) or needs.standing_objection(step.needs, facts=facts)
        if objection:
            refused.append(StepRefused(step.code, step.label, objection))
        else:
            permitted.append(StepChoice(step.code, step.label))
    return tuple(permitted), tuple(refused)


def _objection(step: Step, relations: frozenset[str]) -> Objection | None:
    if set(step.who) & relations:
        return None
    return Objection(
        "not_yours", N_("这一步由%(who)s办理。"), values={"who": "、".join(RELATIONS[name] for name in step.who)}
    )


def _measures(row: Finding, plan_row: UUID, on: date) -> tuple[MeasureRow, ...]:
    files: dict[UUID, list[EvidenceRow]] = {}
    found = Evidence.objects.filter(finding=row, measure__isnull=False).select_related("upload").order_by("at", "id")
    for item in found.defer("upload__text"):
        row_of = EvidenceRow(item.pk, item.upload.name, item.proves, item.dated, item.upload.sha256, item.upload.size)
        files.setdefault(item.measure_id or item.pk, []).append(row_of)
    done = row.state in ("closed", "phase_done_long_term")
    return tuple(
        MeasureRow(
            id=measure.pk, position=measure.position, text=measure.text, unit=measure.responsible_unit.name,
            unit_id=measure.responsible_unit_id, person=measure.person, due_on=measure.due_on, product=measure.product,
            is_overdue=measure.due_on < on and not done and measure.pk not in files,
            evidence=tuple(files.get(measure.pk, ())),
        )
        for measure in Measure.objects.filter(row=plan_row).select_related("responsible_unit").order_by("position")
    )  # fmt: skip


def _verdicts(row: Finding, actor: Actor) -> tuple[VerdictRow, ...]:
    found = Verdict.objects.visible_to(actor.scope).filter(finding=row).select_related("account")
    return tuple(
        VerdictRow(
            about=N_("方案") if verdict.plan_row_id else N_("销号"),
            role=ROLES[verdict.role],
            person=verdict.account.person,
            verdict=VERDICTS[verdict.verdict],
            opinion=verdict.opinion,
            at=verdict.at,
        )
        for verdict in found.order_by("at", "id")
    )


def _events(row: Finding, actor: Actor) -> tuple[EventRow, ...]:
    places = EventPlace.objects.visible_to(actor.scope).filter(event__thing_id=row.pk).select_related("event__body")
    return tuple(
        EventRow(
            id=place.event_id,
            at=place.event.at,
            actor=place.event.actor,
            via=VIAS[place.event.via],
            step=place.event.step,
            label=step_label("finding", code=place.event.step),
            reason=place.event.body.reason,
            state_to=look(place.event.state_to) if place.event.state_to != place.event.state_from else None,
        )
        for place in places.order_by("-event__at", "-event_id")
    )
