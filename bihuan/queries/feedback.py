"""Feedback as a list and as the reading bench: document, drafts with their spans, signatures, permitted steps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bihuan.engines.reading.formats.converting import converter
from bihuan.engines.reading.scans import is_installed
from bihuan.models import Draft, EventPlace, Feedback, FileContent, Finding, Inspection, Signature, Upload
from bihuan.queries._draft_choices import DraftChoices, draft_choices
from bihuan.queries._paper import Paper, paper_of
from bihuan.queries._undoing import deeds_to_take_back
from bihuan.queries._unsigned import open_feedback
from bihuan.queries._waiting_feedback import feedback_waiting
from bihuan.queries.drafts import DraftRow, draft_rows
from bihuan.queries.looks import StateLook, look
from bihuan.queries.standing import InspectionStanding, profile_of, standing_to
from bihuan.rules.access import Actor, stands_as
from bihuan.rules.acts import act_label
from bihuan.rules.lifecycle import DRAFT, FEEDBACK
from bihuan.rules.machines import Step
from bihuan.rules.objections import not_yours
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import AUDIENCES, N_, RECEIPT_ROLES, ROLES

KINDS = (".docx", ".pdf", ".ofd", ".xlsx", ".xls", ".csv", ".html", ".txt")
OLD_KINDS = (".doc", ".wps")  # where this machine has LibreOffice
PICTURE_KINDS = (".png", ".jpg")  # where it has what recognizes them


@dataclass(frozen=True)
class FeedbackRow:
    """One feedback in the list."""

    id: UUID
    title: str
    unit: str
    audience: str
    state: StateLook
    received_on: date | None
    drafts: int
    findings: int


@dataclass(frozen=True)
class SignatureRow:
    """One place of the receipt: who signs, who has signed, when; or that it is still open."""

    role: str
    person: str
    signed_on: date | None
    at: datetime | None
    is_signed: bool


@dataclass(frozen=True)
class DeedRow:
    """Uploading, approving or giving: what, by whom as what post, when."""

    step: str
    label: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class OtherFeedback:
    """Another feedback of the same inspection: the one to the head beside that to the leadership."""

    id: UUID
    title: str
    audience: str
    state: StateLook


@dataclass(frozen=True)
class FeedbackStep:
    """A step of the feedback: permitted, or refused with the objection."""

    code: str
    label: str
    objection: Objection | None


@dataclass(frozen=True)
class FeedbackPage:
    """The reading bench. `text` is empty where the document is not the actor's to read.

    `may_undo`: a deed of the actor's own on its drafts can be taken back.
    """

    id: UUID
    title: str
    unit: str
    unit_id: UUID
    inspection: UUID | None
    audience: str
    state: StateLook
    revision: int
    received_on: date | None
    source_name: str
    source: UUID | None
    text: str
    drafts: tuple[DraftRow, ...]
    signatures: tuple[SignatureRow, ...]
    steps: tuple[FeedbackStep, ...]
    may_confirm: bool
    may_undo: bool
    deeds: tuple[DeedRow, ...]
    others: tuple[OtherFeedback, ...]
    plan_due_on: date | None
    plan_due_basis: str
    plan_due_provisional: bool
    choices: DraftChoices | None
    paper: Paper | None = None


@dataclass(frozen=True)
class InspectionChoice:
    """An inspection to which a feedback may be uploaded."""

    id: UUID
    title: str
    unit: str


@dataclass(frozen=True)
class StoredFile:
    """A file's bytes with its name and type."""

    name: str
    media_type: str
    content: bytes


def readable_kinds() -> tuple[str, ...]:
    """The endings of the files that can be read here, pictures by recognition in the background."""
    return (*read_at_once(), *(PICTURE_KINDS if is_installed() else ()))


def read_at_once() -> tuple[str, ...]:
    """Those that are read while a person waits."""
    return (*KINDS, *(OLD_KINDS if converter() else ()))


def feedback_for(actor: Actor, *, waits: str = "") -> tuple[FeedbackRow, ...]:
    """Every feedback the actor may see, the latest first; `waits`: that waits for the actor in that kind, or in any."""
    found = (
        (feedback_waiting(actor, kind=waits) if waits else open_feedback(actor))
        .select_related("unit")
        .annotate(
            n_drafts=_count(Draft.objects.filter(state="proposed")),
            n_findings=_count(Finding.objects.exclude(state="withdrawn")),
        )
    )
    return tuple(
        FeedbackRow(
            row.pk,
            row.title,
            row.unit.name,
            AUDIENCES[row.audience],
            look(row.state, machine=FEEDBACK),
            row.received_on,
            row.n_drafts,
            row.n_findings,
        )
        for row in found.order_by("-id")
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of the rows belong to the outer feedback: a look-up for each, no join of two lists."""
    mine = rows.filter(feedback=OuterRef("pk")).order_by().values("feedback").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(mine), 0)


def inspections_to_feed_back(actor: Actor) -> tuple[InspectionChoice, ...]:
    """The inspections for which this actor may upload a feedback."""
    may = {"office_director", "office_clerk", "team_leader", "liaison"}
    if actor.role not in may:
        return ()
    found = Inspection.objects.visible_to(actor.scope).exclude(state="archived").order_by("-id")
    return tuple(InspectionChoice(row.pk, row.title, row.unit.name) for row in found.select_related("unit"))


def feedback_page(
    feedback: UUID, *, actor: Actor, with_choices: bool = False, with_hints: bool = False, with_paper: bool = False
) -> FeedbackPage | None:
    """One feedback, or None when it is not there or not the actor's to know.

    `with_choices`: what can be chosen for a draft too, for who may confirm; `with_hints`: hints beside open drafts;
    `with_paper`: the document as it looks, with the repairs that wait.
    """
    mine = Exists(deeds_to_take_back(feedback, actor=actor))
    row = open_feedback(actor).select_related("unit").annotate(has_deeds=mine).filter(pk=feedback).first()
    if row is None:
        return None
    chosen = profile_of(row)
    standing = standing_to(row, by=actor, profile=chosen.name)
    uploads = Upload.objects.visible_to(actor.scope).all()
    upload = uploads.filter(pk=row.upload_id).first() if row.upload_id else None
    may_confirm = row.state == "draft" and bool(set(DRAFT.step("confirm").who) & stands_as(actor, thing=standing))
    return FeedbackPage(
        id=row.pk, title=row.title, unit=row.unit.name, unit_id=row.unit_id, inspection=row.inspection_id,
        audience=AUDIENCES[row.audience], state=look(row.state, machine=FEEDBACK), revision=row.revision,
        received_on=row.received_on, source_name=upload.name if upload else "", source=upload.pk if upload else None,
        text=upload.text if upload else "",
        drafts=draft_rows(row, taxonomy=chosen.taxonomy, actor=actor, with_hints=with_hints),
        signatures=_signatures(row), steps=_steps(row, actor, standing), may_confirm=may_confirm,
        may_undo=may_confirm and row.has_deeds,
        deeds=_deeds(row, actor), others=_others(row, actor), plan_due_on=row.plan_due_on,
        plan_due_basis=row.plan_due_basis, plan_due_provisional=row.plan_due_provisional,
        choices=draft_choices(row, taxonomy=chosen.taxonomy) if with_choices and may_confirm else None,
        paper=_paper(row, upload, may_confirm, actor) if with_paper and upload else None,
    )  # fmt: skip


def _paper(row: Feedback, upload: Upload, may_confirm: bool, actor: Actor) -> Paper:
    """What waits is for those who may decide on it."""
    drafts = Draft.objects.visible_to(actor.scope).filter(feedback=row, state="proposed") if may_confirm else ()
    return paper_of(upload, drafts=drafts, feedback=row.pk, actor=actor)


def stored_file(upload: UUID, *, actor: Actor) -> StoredFile | None:
    """The bytes of an uploaded file, or None when it is not the actor's to read."""
    row = Upload.objects.visible_to(actor.scope).filter(pk=upload).first()
    return _stored(row) if row else None


def _stored(row: Upload) -> StoredFile:
    content = FileContent.objects.values_list("content", flat=True).get(pk=row.sha256)
    return StoredFile(row.name, row.media_type, bytes(content))


def _deeds(row: Feedback, actor: Actor) -> tuple[DeedRow, ...]:
    mine = EventPlace.objects.visible_to(actor.scope).filter(
        event__thing_id=row.pk, event__step__in=("upload", "approve", "give")
    )
    found = mine.values_list("event__step", "event__actor", "event__at").order_by("event__at")
    return tuple(DeedRow(step, act_label(step, thing="feedback"), actor_, at) for step, actor_, at in found)


def _others(row: Feedback, actor: Actor) -> tuple[OtherFeedback, ...]:
    if row.inspection_id is None:
        return ()
    found = open_feedback(actor).filter(inspection_id=row.inspection_id).exclude(pk=row.pk)
    return tuple(
        OtherFeedback(other.pk, other.title, AUDIENCES[other.audience], look(other.state, machine=FEEDBACK))
        for other in found.order_by("id")
    )


def _signatures(row: Feedback) -> tuple[SignatureRow, ...]:
    marks = Signature.objects.filter(feedback=row).select_related("account")
    # Before the approval nobody signs, and the bench is opened again and again.
    signed = {mark.role: mark for mark in marks} if row.state != "draft" else {}
    return tuple(
        SignatureRow(ROLES[role], mark.account.person, mark.signed_on, mark.at, True)
        if (mark := signed.get(role))
        else SignatureRow(ROLES[role], "", None, None, False)
        for role in RECEIPT_ROLES
    )


def _steps(row: Feedback, actor: Actor, standing: InspectionStanding) -> tuple[FeedbackStep, ...]:
    relations = stands_as(actor, thing=standing)
    return tuple(
        FeedbackStep(step.code, step.label, _objection(row, step, relations, actor))
        for step in FEEDBACK.steps_from(row.state)
        if step.code != "read_again"
    )


def _objection(row: Feedback, step: Step, relations: frozenset[str], actor: Actor) -> Objection | None:
    if not set(step.who) & relations:
        return not_yours(step.who)
    if step.code == "approve" and Draft.objects.filter(feedback=row, state="proposed").exists():
        return Objection("drafts_open", N_("还有草稿没有认定或去掉，请先处理完。"))
    if step.code == "approve" and (bare := _without_category(row)):
        said = N_("还有 %(count)s 条问题没有分类，请先补上第三级分类再审批。")
        return Objection("categories_missing", said, values={"count": bare})
    if step.code == "sign" and Signature.objects.filter(feedback=row, role=actor.role).exists():
        return Objection("already_signed", N_("您已经签收。"))
    return None


def _without_category(row: Feedback) -> int:
    return Finding.objects.filter(feedback=row, state="drafted", category="").count()
