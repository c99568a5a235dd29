"""Deeds of the bench: the last one taken back, many drafts put under one category, repairs accepted or left.

Nothing is deleted: what is taken back stays on the record, with the act that took it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.actions import _documents, _step
from bihuan.actions._descriptions import helping_now, take_off
from bihuan.actions._draft_columns import ROW, as_it_was, brought_back
from bihuan.actions._mandate import only_as
from bihuan.actions._step import Act
from bihuan.actions.drafts import CONFIRMS, correct_draft, open_draft, refuse_unless_open
from bihuan.actions.refusals import Refused, Unknown
from bihuan.engines.reading import Item
from bihuan.models import Draft, Event, Feedback, FileContent, Finding, Upload
from bihuan.queries._paper import ACCEPT, LEAVE, decided_places, layout_for, meet, quoted_with, spans_of
from bihuan.queries._scans import pages_of
from bihuan.queries._undoing import UNDO, deeds_to_take_back, not_taken_back
from bihuan.queries.standing import standing_to
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.source_spans import Span
from bihuan.rules.typed import Description, Objection
from bihuan.rules.vocabulary import N_

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Undone:
    """The deed that was taken back, and the drafts that it was done on."""

    step: str
    drafts: tuple[UUID, ...]


def categorize_drafts(
    *, feedback: UUID, drafts: Sequence[tuple[UUID, int | None]], category: str, by: Actor, at: datetime
) -> tuple[UUID, ...]:
    """One category for many drafts of a feedback, each with the revision that the person saw: for all, or for none.

    Confirms nothing. Raises Unknown, Overtaken, NotYours, Refused (none chosen, no category, one that is none).
    """
    bench = _step.lock(Feedback, feedback, by=by, seen=None)
    only_as(CONFIRMS, row=bench, by=by)
    if not 0 < len(drafts) <= MOST_AT_ONCE:
        raise Refused(Objection("drafts_missing", N_("请先选中要定分类的草稿。"), "drafts"))
    if not category:
        raise Refused(Objection("category_wanted", N_("请选择分类。"), "category"))
    for draft, seen in drafts:
        row = Draft.objects.visible_to(by.scope).filter(pk=draft, feedback=bench).first()
        if row is None:
            raise Unknown("draft", draft)
        correct_draft(draft=draft, description=_under(row, category), by=by, at=at, seen=seen)
    return tuple(draft for draft, _seen in drafts)


def _under(row: Draft, category: str) -> Description:
    """The draft's description with this category; everything else of it stays."""
    return Description(
        category=category, severity=row.severity, commonality=row.commonality, amount=row.amount, fix_now=row.fix_now,
        listed=row.listed, key=row.key, lead_unit=row.lead_unit_id, helping_units=tuple(row.helping_units),
    )  # fmt: skip


def decide_repair(
    *, draft: UUID, span: Span, after: str, accept: bool, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """A proposal for a damaged place: accepted, it changes what the draft quotes, never the kept file; or left alone.

    `span` is its place in the document, `after` its words. Raises Unknown, Overtaken, NotYours, Refused (no such
    proposal, decided before, the words of the draft are others by now).
    """
    feedback, row = open_draft(draft, code=ACCEPT if accept else LEAVE, by=by, seen=seen)
    text = _repaired(row, span, after)
    if any(meet(span, place) for place in decided_places(feedback.pk, actor=by)):
        raise Refused(Objection("repair_decided", N_("这一处修复建议已经有人处理过，请刷新页面。")))
    said = {"span": list(span), "repaired": after, "text": text if accept else row.text}
    changes = {"text": text} if accept else {}
    act = Act(by, at, changes=changes, before={"text": row.text} | as_it_was(row, changes), after=said)
    _step.take(row, machine=lifecycle.DRAFT, code=ACCEPT if accept else LEAVE, act=act)


def _repaired(row: Draft, span: Span, after: str) -> str:
    """What the draft quotes with the proposal accepted."""
    upload = Upload.objects.filter(pk=row.upload_id).first() if row.upload_id else None
    layout = layout_for(upload) if upload else None
    source = next((one for one in spans_of(row) if one[0] <= span[0] and span[1] <= one[1]), None)
    wanted = ((one.span, one.after) for one in layout.repairs if not one.applied) if layout else ()
    if layout is None or source is None or (span, after) not in wanted:
        raise Refused(Objection("no_such_repair", N_("没有这一处修复建议，请刷新页面后重选。")))
    text = quoted_with(layout, source, span, after, text=row.text)
    if text is None or not text.strip():
        raise Refused(Objection("repair_elsewhere", N_("这条草稿的文字改过，找不到这一处了，请用“修改”直接改。")))
    return text


def read_again(*, feedback: UUID, by: Actor, at: datetime) -> int:
    """Read the kept document as a feedback, whatever it was taken for; what else it gives becomes drafts.

    Drafts and findings stay as they are. Raises Unknown, NotYours, Refused (no document, nothing new), Unreadable.
    """
    row = _step.lock(Feedback, feedback, by=by, seen=None)
    _step.check(row, machine=lifecycle.FEEDBACK, code="read_again", standing=standing_to(row, by=by), by=by)
    upload = Upload.objects.filter(pk=row.upload_id).first()
    if upload is None:
        raise Refused(Objection("no_document", N_("这份反馈没有文件，不能重读。")))
    content = FileContent.objects.values_list("content", flat=True).get(pk=upload.sha256)
    pages = pages_of(row.pk)
    document = _documents.read(bytes(content), name=upload.name, pages=pages, wanted="feedback")
    drafts = list(Draft.objects.filter(feedback=row))
    known = [span for draft in drafts for span in spans_of(draft)]
    found = [item for item in document.items if not any(meet(one, span) for one in _spans(item) for span in known)]
    if not found or document.text != upload.text:
        raise Refused(Objection("nothing_new", N_("重读了一遍，没有读出新的问题。请手工补录。")))
    _step.take(row, machine=lifecycle.FEEDBACK, code="read_again", act=Act(by, at, after={"items": len(found)}))
    last = max((draft.position for draft in drafts), default=0)
    for position, item in enumerate(found, last + 1):
        _documents.propose(row, upload, position, item, document, by=by, at=at)
    return len(found)


def _spans(item: Item) -> tuple[Span, ...]:
    return (item.finding, *item.more)


def undo_last(*, feedback: UUID, by: Actor, at: datetime) -> Undone:
    """Take back the last deed that this person did on the drafts of the feedback; what was one act goes back as one.

    Raises Unknown, NotYours, Refused (nothing to take back, somebody has gone on since, the feedback is approved).
    """
    row = _step.lock(Feedback, feedback, by=by, seen=None)
    only_as(CONFIRMS, row=row, by=by)
    refuse_unless_open(row)
    mine = deeds_to_take_back(row.pk, actor=by)
    last = mine.order_by("-at", "-id").first()
    if last is None:
        raise Refused(Objection("nothing_to_undo", N_("没有可以撤销的操作：这里只撤销您自己在这份反馈上办的。")))
    deeds = list(mine.filter(at=last.at, step=last.step).select_related("body").order_by("-id"))
    for deed in deeds:
        _take_back(deed, by=by, at=at)
    return Undone(last.step, tuple(deed.thing_id for deed in reversed(deeds)))


def _take_back(deed: Event, *, by: Actor, at: datetime) -> None:
    draft = _step.lock(Draft, deed.thing_id, by=by, seen=None)
    _refuse_if_gone_on(draft, deed)
    columns = brought_back(deed.body.before)
    if columns is None and deed.step in ("correct", "split", "join", "repair"):
        raise Refused(Objection("not_kept", N_("这一步是以前办的，没有留下撤销所需的内容，请直接修改。")))
    after = {"undone": deed.step, **deed.body.before.get(ROW, {})}
    act = Act(by, at, changes=columns or {}, because_of=deed.pk, after=after)
    event = _step.take(draft, machine=lifecycle.DRAFT, code=UNDO, act=act)
    if deed.step == "confirm":
        _take_finding_back(draft, deed, act=Act(by, at, reason="撤销认定", because_of=event))
    elif deed.step == "split":
        _drop_parts(deed, act=Act(by, at, reason="撤销拆分", because_of=event))
    elif deed.step == "join":
        _part_again(deed, by=by, at=at)


def _refuse_if_gone_on(draft: Draft, deed: Event) -> None:
    """A deed is taken back only where nobody has done anything on its draft since."""
    last = not_taken_back().filter(thing_id=draft.pk).exclude(step=UNDO).order_by("-at", "-id").first()
    if last is None or last.pk != deed.pk:
        said = N_("第 %(number)s 条后来又有人办过，不能撤销了，请直接修改。")
        raise Refused(Objection("gone_on", said, values={"number": draft.position}))


def _take_finding_back(draft: Draft, deed: Event, *, act: Act) -> None:
    mine = Finding.objects.visible_to(act.by.scope).select_for_update(no_key=True)
    finding = mine.get(draft=draft)
    last = Event.objects.filter(thing_id=finding.pk).order_by("-at", "-id").first()
    if finding.state != "drafted" or last is None or last.because_of != deed.pk:
        said = N_("问题 %(number)s 认定以后又办过别的，不能撤销认定。请到问题页上办理。")
        raise Refused(Objection("finding_went_on", said, values={"number": finding.number}))
    led_by, helping = finding.lead_unit_id, helping_now(finding)
    changes: dict[str, Any] = {"lead_unit_id": None}
    act = Act(act.by, act.at, reason=act.reason, because_of=act.because_of, changes=changes)
    _step.take(finding, machine=lifecycle.FINDING, code="take_back", act=act)
    take_off(finding, led_by=led_by, helping=helping, stay=())


def _drop_parts(deed: Event, *, act: Act) -> None:
    parts = Event.objects.filter(because_of=deed.pk, step="part").values_list("thing_id", flat=True)
    for part in parts:
        row = _step.lock(Draft, part, by=act.by, seen=None)
        begun = Event.objects.get(thing_id=part, step="part")
        _refuse_if_gone_on(row, begun)
        _step.take(row, machine=lifecycle.DRAFT, code="drop", act=act)


def _part_again(deed: Event, *, by: Actor, at: datetime) -> None:
    """The draft that went into the other one stands alone again."""
    dropped = Event.objects.get(because_of=deed.pk, step="drop")
    row = _step.lock(Draft, dropped.thing_id, by=by, seen=None)
    _refuse_if_gone_on(row, dropped)
    act = Act(by, at, because_of=dropped.pk, after={"undone": "join"})
    _step.take(row, machine=lifecycle.DRAFT, code=UNDO, act=act)
