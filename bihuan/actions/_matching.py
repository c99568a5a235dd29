"""A later document laid beside the ledger, and what a person takes over from it; each by the step that is its own.

Words come from the kept document, never from the form; what a person wrote stays, however the form was filled in.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from bihuan.actions import _step
from bihuan.actions._mandate import one_at_a_time
from bihuan.actions._record import write_event
from bihuan.actions._uploads import keep_upload
from bihuan.actions.findings import take_step
from bihuan.actions.plans import fill_row
from bihuan.actions.refusals import NotYours, Refused, Unknown, Unreadable
from bihuan.engines import reading
from bihuan.models import Finding, PlanRow, Upload
from bihuan.models._visibility import placed_like
from bihuan.queries.plans.matching import content_of, feedback_of
from bihuan.queries.plans.said import ReadNoLonger, SaidItem, document_of
from bihuan.rules.access import WRITES_NOTES, Actor
from bihuan.rules.file_names import own_name
from bihuan.rules.plan_content import RowContent
from bihuan.rules.plan_matching import FIELDS, MEASURES, OPEN, PROGRESS, parts_of_plan, progress_part, taken_over
from bihuan.rules.typed import Objection, StepInput
from bihuan.rules.vocabulary import N_

PLANNED = (*FIELDS, MEASURES)


@dataclass(frozen=True)
class Accepted:
    """Parts of one item taken over for a finding, with the revisions that the person saw: the row's, the finding's."""

    finding: UUID
    item: int
    parts: tuple[str, ...]
    seen_row: int
    seen: int


def lay_beside(*, feedback: UUID, name: str, content: bytes, by: Actor, at: datetime) -> UUID:
    """Keep a plan, report or notice beside a feedback, for one's own side alone; the same file twice is one.

    Raises Unknown, NotYours (who was let in to read alone), Unreadable, Refused (nothing of that kind is in it).
    """
    row = feedback_of(feedback, actor=by)
    if row is None:
        raise Unknown("feedback", feedback)
    if by.role not in WRITES_NOTES:
        raise NotYours(Objection("not_yours", N_("临时授权人员只能查看，不能上传文件。")))
    document = _read(content, name=name)
    if not document.items:
        said = N_("没有从文件里读出整改事项，请核对是不是方案、报告、通报或台账。")
        raise Refused(Objection("nothing_to_match", said, "file"))
    sha256 = hashlib.sha256(content).hexdigest()
    one_at_a_time(f"beside {feedback} {by.scope.side} {sha256}")
    kept = Upload.objects.visible_to(by.scope).filter(thing_id=feedback, sha256=sha256, side=by.scope.side).first()
    if kept is not None:
        return kept.pk
    upload = keep_upload(row, thing=row.pk, name=name, content=content, by=by, at=at, side=by.scope.side)
    after = {"file": own_name(name), "sha256": sha256, "items": len(document.items), "kind": document.kind}
    place = placed_like(row) | {"side": by.scope.side}
    write_event(
        thing="upload", thing_id=upload.pk, step="match", by=by, at=at, place=place, after=after, belongs_to=row.pk
    )
    return upload.pk


def _read(content: bytes, *, name: str) -> reading.Reading:
    try:
        return reading.read_bytes(content, name=name)
    except reading.Unreadable as fault:
        raise Unreadable(fault.code, fault.reason, file=name, ending=fault.ending) from fault


def accept(accepted: Sequence[Accepted], *, feedback: UUID, document: UUID, by: Actor, at: datetime, on: date) -> int:
    """Take over what was chosen, all or nothing; how many findings it concerns.

    Raises Unknown, Overtaken (a row or finding was changed since), NotYours, Refused (saying which finding), Unreadable
    (what reads such a document is gone).
    """
    try:
        found = document_of(document, feedback=feedback, actor=by)
    except ReadNoLonger as fault:
        raise Unreadable(fault.code, fault.reason, file=fault.name) from fault
    if found is None:
        raise Unknown("upload", document)
    chosen = [one for one in accepted if one.parts]
    if not chosen:
        raise Refused(Objection("nothing_chosen", N_("请至少勾选一项要采纳的内容。")))
    items = {item.position: item for item in found.items}
    for one in sorted(chosen, key=lambda one: one.finding):
        row = _step.lock(Finding, one.finding, by=by, seen=None)
        if row.feedback_id != feedback or one.item not in items:
            raise Unknown("finding", one.finding)
        try:
            _accept(one, row, items[one.item], source=found.name, by=by, at=at, on=on)
        except Refused as refused:
            values = {**refused.objection.values, "finding": row.number}
            raise Refused(replace(refused.objection, values=values)) from refused
    return len(chosen)


def _accept(one: Accepted, row: Finding, item: SaidItem, *, source: str, by: Actor, at: datetime, on: date) -> None:
    planned = set(one.parts) & set(PLANNED)
    if planned:
        _fill(one, row, item, planned, by=by, at=at)
    if PROGRESS in one.parts:
        (part, *_) = progress_part(item.results, source=source, before=()) or (None,)
        if part is None:
            raise Refused(_nothing_open())
        typed = StepInput(progress=part.said)
        take_step(finding=row.pk, step="report_progress", typed=typed, by=by, at=at, on=on, seen=one.seen)


def _fill(one: Accepted, row: Finding, item: SaidItem, planned: set[str], *, by: Actor, at: datetime) -> None:
    """The draft row with what is still empty filled; fill_row says whose it is, and whether the row was changed."""
    draft = PlanRow.objects.filter(finding=row, state="draft").first()
    now = content_of(draft) if draft else RowContent()
    said = item.content()
    filled = taken_over(said, now=now, parts=planned)
    is_old = (draft.revision if draft else 0) != one.seen_row
    open_parts = {part.code for part in parts_of_plan(said, now=now) if part.standing == OPEN}
    if not is_old and not planned <= open_parts:
        raise Refused(_nothing_open())
    fill_row(finding=row.pk, content=filled, by=by, at=at, seen=one.seen_row)


def _nothing_open() -> Objection:
    return Objection("not_open", N_("勾选的内容已经有人填写，或文件里没有，没有改动。请刷新页面后重选。"))
