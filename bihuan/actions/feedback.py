"""Feedback: a document read into drafts, approval, giving, three receipt signatures; drafts stand in drafts.py.

The third signature is T0: it gives every finding and starts the clocks (domain: 三方签收; decision 0005).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bihuan.actions import _documents, _step
from bihuan.actions._numbers import inspection_of
from bihuan.actions._record import digest
from bihuan.actions._sight import grant_to_unit_head
from bihuan.actions._step import Act
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unreadable
from bihuan.engines.reading import Reading
from bihuan.models import Draft, Event, Feedback, Finding, Signature
from bihuan.models._visibility import placed_like
from bihuan.queries.standing import profile_named, standing_to
from bihuan.queries.terms import work_calendar
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.time_limits import TimedEvent, TimeLimits
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, RECEIPT_ROLES
from bihuan.rules.work_calendar import due_for


class ToRecognize(Exception):
    """The document has pages that are pictures, which can be recognized in the background: intakes.send."""


@dataclass(frozen=True)
class UploadedFeedback:
    """What came of an upload: the feedback, and how many drafts the document gave."""

    feedback: UUID
    drafts: int


def upload_feedback(
    *, inspection: UUID, audience: str, title: str, name: str, content: bytes, by: Actor, at: datetime,
    waits: bool = False,
) -> UploadedFeedback:  # fmt: skip
    """Keep the document, and what the engine read of it, as drafts beside their source sentences.

    `waits`: where pages can be recognized, which nobody waits for, keep nothing and raise ToRecognize.
    Raises Unknown (inspection), NotYours, Refused (audience, the same file twice), Unreadable (the engine's reason).
    """
    place = _documents.inspection_open_to(inspection, audience=audience, by=by)
    sha256 = hashlib.sha256(content).hexdigest()
    if _documents.the_same(sha256, inspection=inspection, by=by, at=at):
        raise Refused(Objection("uploaded_before", N_("这个文件已经上传过，请到反馈列表里打开。"), "file"))
    document = _read(content, name=name, waits=waits)
    made = _documents.keep(
        place, document, thing=new_id(at), audience=audience, title=title, name=name, content=content, sha256=sha256,
        by=by, at=at,
    )  # fmt: skip
    return UploadedFeedback(made, len(document.items))


def _read(content: bytes, *, name: str, waits: bool) -> Reading:
    try:
        document = _documents.read(content, name=name, pages={})
    except Unreadable as fault:
        if waits and _documents.needs_recognition(fault, content=content):
            raise ToRecognize from fault
        raise
    if waits and _documents.needs_recognition(document, content=content):
        raise ToRecognize
    return document


def approve(*, feedback: UUID, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Secretary or leading group approve the feedback (条例: 经派出党组织同意后反馈)."""
    row = _step.lock(Feedback, feedback, by=by, seen=seen)
    _step.check(row, machine=lifecycle.FEEDBACK, code="approve", standing=standing_to(row, by=by), by=by, seen=seen)
    if Draft.objects.filter(feedback=row, state="proposed").exists():
        raise Refused(Objection("drafts_open", N_("还有草稿没有认定或去掉，请先处理完。")))
    if not Finding.objects.filter(feedback=row, state="drafted").exists():
        raise Refused(Objection("no_findings", N_("还没有认定任何问题，不能审批。")))
    bare = Finding.objects.filter(feedback=row, state="drafted", category="").count()
    if bare:
        said = N_("还有 %(count)s 条问题没有分类，请先补上第三级分类再审批。")
        raise Refused(Objection("categories_missing", said, values={"count": bare}))
    _step.take(row, machine=lifecycle.FEEDBACK, code="approve", act=Act(by, at, content_hash=feedback_hash(row)))


def give(*, feedback: UUID, by: Actor, at: datetime, seen: int | None = None) -> None:
    """The office hands the feedback over; from now on the unit's head can sign for it, and sees nothing else yet."""
    row = _step.lock(Feedback, feedback, by=by, seen=seen)
    _step.check(row, machine=lifecycle.FEEDBACK, code="give", standing=standing_to(row, by=by), by=by, seen=seen)
    if inspection_of(row).state not in ("left", "fed_back"):
        raise Refused(Objection("still_on_site", N_("巡察组还没有撤点，不能反馈。请先在巡察对象页办理进驻和撤点。")))
    if row.secrecy:
        for thing in (row.pk, *Finding.objects.filter(feedback=row, state="drafted").values_list("pk", flat=True)):
            grant_to_unit_head(thing, unit=row.unit_id, at=at)
    _step.take(row, machine=lifecycle.FEEDBACK, code="give", act=Act(by, at, changes={"stage": 1}))


def feedback_hash(row: Feedback) -> str:
    """What is signed for: the title and every finding's number and text, in order of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute("select feedback_digest(%s)", [row.pk])
        (findings,) = cursor.fetchone()
    return digest({"feedback": str(row.pk), "title": row.title, "audience": row.audience, "findings": findings})


def sign(*, feedback: UUID, signed_on: date | None, by: Actor, at: datetime, on: date, seen: int | None = None) -> None:
    """One of the three receipt signatures; the third gives the findings. Raises Unknown, NotYours, Refused."""
    row = _step.lock(Feedback, feedback, by=by, seen=seen)
    _step.check(row, machine=lifecycle.FEEDBACK, code="sign", standing=standing_to(row, by=by), by=by, seen=seen)
    _refuse_signature(row, signed_on, by=by, on=on)
    content_hash = feedback_hash(row)
    signature = Signature(
        id=new_id(at), feedback=row, role=by.role, account_id=by.account, post_id=by.post,
        signed_on=signed_on or on, at=at, content_hash=content_hash, **placed_like(row),
    )  # fmt: skip
    signature.save(force_insert=True)
    event = _step.take(
        row, machine=lifecycle.FEEDBACK, code="sign",
        act=Act(by, at, content_hash=content_hash, after={"role": by.role, "signed_on": str(signature.signed_on)}),
    )  # fmt: skip
    signed = list(Signature.objects.filter(feedback=row))
    if {mark.role for mark in signed} == set(RECEIPT_ROLES):
        if len({mark.content_hash for mark in signed}) > 1:
            raise Refused(Objection("content_changed", N_("反馈内容在签收期间有改动，请巡察办核对后重新反馈。")))
        _give_findings(row, by=by, at=at, because_of=event)


def _refuse_signature(row: Feedback, signed_on: date | None, *, by: Actor, on: date) -> None:
    marks = list(Signature.objects.filter(feedback=row))
    for mark in marks:
        if mark.role == by.role:
            raise Overtaken(by=mark.account.person, at=mark.at, step="sign")
        if mark.account_id == by.account:
            raise NotYours(Objection("signed_for_another", N_("您已经以另一职务签收，不能代签。")))
    given_on = timezone.localdate(Event.objects.filter(thing_id=row.pk, step="give").values_list("at", flat=True)[0])
    if signed_on and signed_on < given_on:
        raise Refused(Objection("signed_before_given", N_("签收日期早于反馈日期，请改正。"), "signed_on"))
    if signed_on and signed_on > on:
        raise Refused(Objection("signed_on_future", N_("签收日期在今天之后，请改正。"), "signed_on"))


def _give_findings(row: Feedback, *, by: Actor, at: datetime, because_of: UUID) -> None:
    """T0: the database opens the rows to the unit, then each finding is given with its due date."""
    with connection.cursor() as cursor:
        cursor.execute("select open_feedback(%s)", [row.pk])
        (received_on,) = cursor.fetchone()
    inspection = inspection_of(row)
    limits = profile_named(inspection.profile).time_limits
    line = limits.entries[TimedEvent.CONCENTRATED_RECTIFICATION]
    due = due_for(line, anchor=received_on, work_calendar=work_calendar())
    if due is None:
        raise Refused(Objection("no_time_limit", N_("时限方案没有写明集中整改期，请先补上再签收。")))
    _date_the_plan(row, limits, received_on)
    changes = {"due_on": due.on, "due_basis": due.basis, "due_provisional": due.provisional}
    for finding in Finding.objects.filter(feedback=row, state="drafted").order_by("number").select_for_update():
        _step.take(
            finding, machine=lifecycle.FINDING, code="give",
            act=Act(by, at, changes=changes, because_of=because_of, after={"received_on": str(received_on)}),
        )  # fmt: skip
    if inspection.state == "left":
        _step.take(inspection, machine=lifecycle.INSPECTION, code="feed_back", act=Act(by, at, because_of=because_of))


def _date_the_plan(row: Feedback, limits: TimeLimits, received_on: date) -> None:
    line = limits.limit_for(TimedEvent.SUBMIT_PLAN)
    due = due_for(line, anchor=received_on, work_calendar=work_calendar()) if line else None
    if due:
        Feedback.objects.filter(pk=row.pk).update(
            plan_due_on=due.on, plan_due_basis=due.basis[:200], plan_due_provisional=due.provisional
        )
