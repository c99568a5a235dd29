"""Drafts of a feedback: corrected, split, joined, dropped, added by hand, and confirmed as findings.

Every act locks the feedback first and its draft then, so that two people on one bench wait for each other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from bihuan.actions import _step
from bihuan.actions._descriptions import COLUMNS, described_as, helpers_of, lead_of, let_in, told
from bihuan.actions._draft_columns import as_it_was
from bihuan.actions._mandate import only_as
from bihuan.actions._numbers import inspection_of, next_number
from bihuan.actions._sight import grant_to_readers_of_heads_part
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import Draft, Feedback, Finding, Upload
from bihuan.models._visibility import placed_like
from bihuan.queries.standing import profile_of, standing_to
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.needs import described
from bihuan.rules.source_spans import Span, spans_of_parts, united
from bihuan.rules.typed import Description, Objection
from bihuan.rules.vocabulary import ASIDE, N_

CONFIRMS = lifecycle.DRAFT.step("confirm").who
LONGEST_TEXT = 20_000
MOST_PARTS = 50
INHERITED = (*COLUMNS, "taxonomy_version", "lead_unit_id")
CARRIED = (
    *("level", "heading", "text", "span_start", "span_end", "more_spans", "typed_by_hand", "upload_id"),
    *INHERITED,
)


def add_draft_by_hand(*, feedback: UUID, text: str, by: Actor, at: datetime) -> UUID:
    """A finding that the engine did not read: typed by a person and marked so. Raises Unknown, NotYours, Refused."""
    row = _step.lock(Feedback, feedback, by=by, seen=None)
    only_as(CONFIRMS, row=row, by=by)
    refuse_unless_open(row)
    words = _words(text)
    last = Draft.objects.filter(feedback=row).order_by("-position").values_list("position", flat=True).first() or 0
    draft = Draft(id=new_id(at), feedback=row, position=last + 1, text=words, typed_by_hand=True, **placed_like(row))
    _step.begin(draft, machine=lifecycle.DRAFT, code="type", act=Act(by, at, after={"text": words}))
    return draft.pk


def correct_draft(
    *, draft: UUID, text: str | None = None, description: Description | None = None, by: Actor, at: datetime,
    seen: int | None = None,
) -> None:  # fmt: skip
    """Keep other words, or what the finding is beside them, on the draft; what is None stays as it is.

    Raises Unknown, Overtaken, NotYours, Refused (no text, an unknown category, a unit that may not).
    """
    _feedback, row = open_draft(draft, code="correct", by=by, seen=seen)
    changes = _changes(row, text=text, description=description)
    if changes:
        before = told(row, changes) | as_it_was(row, changes)
        act = Act(by, at, changes=changes, before=before, after=told(changes, changes))
        _step.take(row, machine=lifecycle.DRAFT, code="correct", act=act)


def confirm_draft(
    *, draft: UUID, text: str | None = None, description: Description | None = None, by: Actor, at: datetime,
    seen: int | None = None,
) -> UUID:  # fmt: skip
    """A draft becomes a finding, corrected in the same act where something is given; returns the finding's id.

    Raises Unknown, Overtaken, NotYours, Refused.
    """
    feedback, row = open_draft(draft, code="confirm", by=by, seen=seen)
    changes = _changes(row, text=text, description=description)
    before = told(row, changes) | as_it_was(row, changes)
    after = told(changes, changes) | {"text": changes.get("text", row.text)}
    act = Act(by, at, changes=changes, before=before, after=after)
    event = _step.take(row, machine=lifecycle.DRAFT, code="confirm", act=act)
    return _found(feedback, row, by=by, at=at, because_of=event)


def confirm_drafts(*, drafts: Sequence[tuple[UUID, int | None]], by: Actor, at: datetime) -> tuple[UUID, ...]:
    """Many at once, each with the revision that the person saw: all become findings, or none does.

    Raises as confirm_draft, and Refused where one has no category: what nobody has looked at is not swept along.
    """
    rows = Draft.objects.visible_to(by.scope).filter(pk__in=[draft for draft, _seen in drafts])
    first = rows.first()
    if first:
        only_as(lifecycle.DRAFT.step("confirm").who, row=first, by=by)
    found = rows.filter(category="")
    bare = found.filter(state="proposed").count()
    if bare:
        said = N_("有 %(count)s 条草稿没有分类，一条都没有认定。请先给这些草稿选好分类。")
        raise Refused(Objection("category_missing", said, "category", values={"count": bare}))
    return tuple(confirm_draft(draft=draft, by=by, at=at, seen=seen) for draft, seen in drafts)


def split_draft(
    *, draft: UUID, texts: Sequence[str], by: Actor, at: datetime, seen: int | None = None
) -> tuple[UUID, ...]:
    """One draft becomes several: the first keeps its place, the others follow right behind; all their ids.

    Each has its own part of the source where its words stand there verbatim, else the whole. The amount stays with the
    first. Raises Unknown, Overtaken, NotYours, Refused (fewer than two parts, an empty one).
    """
    feedback, row = open_draft(draft, code="split", by=by, seen=seen)
    parts = _parts(texts)
    spans = _spans_of_parts(row, parts)
    behind = Draft.objects.filter(feedback=feedback, position__gt=row.position)
    behind.update(position=F("position") + len(parts) - 1)
    changes = {"text": parts[0], **_source(spans[0])}
    event = _step.take(
        row, machine=lifecycle.DRAFT, code="split",
        act=Act(by, at, changes=changes, before={"text": row.text} | as_it_was(row, changes), after={"texts": parts}),
    )  # fmt: skip
    made = [
        _part(row, number, words, place, act=Act(by, at, because_of=event, after={"text": words}))
        for number, (words, place) in enumerate(zip(parts[1:], spans[1:], strict=True), 1)
    ]
    return (row.pk, *made)


def _parts(texts: Sequence[str]) -> list[str]:
    if not 1 < len(texts) <= MOST_PARTS:
        said = N_("拆分要有两条以上、五十条以下，请核对分隔。")
        raise Refused(Objection("parts_wrong", said, "texts"))
    return [_words(text, where="texts") for text in texts]


def _spans_of_parts(row: Draft, parts: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
    if row.span_start is None or row.upload_id is None:
        return ((),) * len(parts)
    document = Upload.objects.values_list("text", flat=True).get(pk=row.upload_id)
    return spans_of_parts(document, spans=_spans(row), parts=parts)


def _part(row: Draft, number: int, words: str, place: tuple[Span, ...], *, act: Act) -> UUID:
    inherited = {name: getattr(row, name) for name in INHERITED if name != "amount"}
    part = Draft(
        id=new_id(act.at), feedback_id=row.feedback_id, upload_id=row.upload_id, position=row.position + number,
        level=row.level, heading=row.heading, text=words, typed_by_hand=row.typed_by_hand,
        helping_units=row.helping_units, **_source(place), **inherited, **placed_like(row),
    )  # fmt: skip
    _step.begin(part, machine=lifecycle.DRAFT, code="part", act=act)
    return part.pk


def join_draft(
    *, draft: UUID, other: UUID | None = None, by: Actor, at: datetime, seen: int | None = None,
    seen_other: int | None = None,
) -> None:  # fmt: skip
    """Take another draft of the same feedback, the next open one where none is named, into this one.

    This one keeps its description and has the text, the sources, the doubts and the helping units of both; the other is
    dropped. Raises Unknown, Overtaken, NotYours, Refused (nothing to join with).
    """
    feedback, row = open_draft(draft, code="join", by=by, seen=seen)
    joined = _step.lock(Draft, other or _next_open(row), by=by, seen=seen_other)
    if joined.pk == row.pk or joined.feedback_id != feedback.pk:
        raise Refused(Objection("join_elsewhere", N_("只能与同一份反馈意见里的另一条合并，请重新选择。"), "other"))
    _step.check(
        joined, machine=lifecycle.DRAFT, code="drop", standing=standing_to(joined, by=by), by=by, seen=seen_other
    )
    words = _words(f"{row.text}\n{joined.text}")
    changes = {
        "text": words,
        "typed_by_hand": row.typed_by_hand and joined.typed_by_hand,
        "upload_id": row.upload_id or joined.upload_id,
        "doubts": list(dict.fromkeys([*row.doubts, *joined.doubts])),
        "helping_units": list(dict.fromkeys([*row.helping_units, *joined.helping_units])),
        **_source(united((*_spans(row), *_spans(joined)))),
    }
    event = _step.take(
        row, machine=lifecycle.DRAFT, code="join",
        act=Act(by, at, changes=changes, before={"text": row.text} | as_it_was(row, changes), after={"text": words}),
    )  # fmt: skip
    reason = f"并入第 {row.position} 条"
    _step.take(joined, machine=lifecycle.DRAFT, code="drop", act=Act(by, at, reason=reason, because_of=event))


def _next_open(row: Draft) -> UUID:
    after = Draft.objects.filter(feedback_id=row.feedback_id, state="proposed", position__gt=row.position)
    found = after.order_by("position").values_list("pk", flat=True).first()
    if found is None:
        raise Refused(Objection("nothing_to_join", N_("后面没有待认定的草稿，不能合并；请选要合并的那一条。"), "other"))
    return found


def drop_draft(
    *, draft: UUID, reason: str = "", kind: str = "", by: Actor, at: datetime, seen: int | None = None
) -> None:
    """A draft that is no finding; `kind` of ASIDE says what it is instead, and is reason enough.

    Raises Unknown, Overtaken, NotYours, Refused (no reason, no such kind).
    """
    _feedback, row = open_draft(draft, code="drop", by=by, seen=seen)
    if kind and kind not in ASIDE:
        raise Refused(Objection("kind_unknown", N_("没有这个类型，请重新选择。"), "kind"))
    said = "：".join(words for words in (ASIDE.get(kind, ""), reason.strip()) if words)
    if not said:
        raise Refused(Objection("reason_missing", N_("请填写去掉的理由。"), "reason"))
    after = {"kind": kind} if kind else {}
    _step.take(row, machine=lifecycle.DRAFT, code="drop", act=Act(by, at, reason=said, after=after))


def open_draft(draft: UUID, *, code: str, by: Actor, seen: int | None) -> tuple[Feedback, Draft]:
    """The feedback and the draft, locked, if the step may be taken. Raises Unknown, Overtaken, NotYours, Refused."""
    of = Draft.objects.visible_to(by.scope).filter(pk=draft).values_list("feedback_id", flat=True).first()
    if of is None:
        raise Unknown("draft", draft)
    feedback = _step.lock(Feedback, of, by=by, seen=None)
    row = _step.lock(Draft, draft, by=by, seen=seen)
    _step.check(row, machine=lifecycle.DRAFT, code=code, standing=standing_to(row, by=by), by=by, seen=seen)
    refuse_unless_open(feedback)
    return feedback, row


def refuse_unless_open(feedback: Feedback) -> None:
    """Raises Refused once the feedback is approved: no finding comes or goes any more."""
    if feedback.state != "draft":
        raise Refused(Objection("feedback_approved", N_("反馈已经审批，不能再增减问题。")))


def _words(text: str, *, where: str = "text") -> str:
    words = text.replace("\0", "").strip()
    if not words:
        raise Refused(Objection("text_missing", N_("请填写问题内容。"), where))
    if len(words) > LONGEST_TEXT:
        said = N_("问题内容有 %(length)s 字，最多 %(most)s 字，请精简或拆分。")
        raise Refused(Objection("text_too_long", said, where, values={"length": len(words), "most": LONGEST_TEXT}))
    return words


def _changes(row: Draft, *, text: str | None, description: Description | None) -> dict[str, Any]:
    """The columns that become other than they are."""
    wanted: dict[str, Any] = {}
    if text is not None and text.strip() != row.text:
        wanted["text"] = _words(text)
    if description is not None:
        taxonomy = profile_of(row).taxonomy
        objection = described(description, categories=taxonomy.lowest)
        if objection:
            raise Refused(objection)
        wanted |= described_as(description, version=taxonomy.version)
        wanted |= {"lead_unit_id": lead_of(row, description), "helping_units": helpers_of(row, description)}
    return {name: value for name, value in wanted.items() if value != getattr(row, name)}


def _spans(row: Draft) -> tuple[Span, ...]:
    if row.span_start is None or row.span_end is None:
        return ()
    return ((row.span_start, row.span_end), *((start, end) for start, end in row.more_spans))


def _source(spans: Sequence[Span]) -> dict[str, Any]:
    if not spans:
        return {"span_start": None, "span_end": None, "more_spans": []}
    (start, end), *more = spans
    return {"span_start": start, "span_end": end, "more_spans": [list(span) for span in more]}


def _found(feedback: Feedback, draft: Draft, *, by: Actor, at: datetime, because_of: UUID) -> UUID:
    before = Finding.objects.visible_to(by.scope).select_for_update(no_key=True).filter(draft=draft).first()
    if before is not None:
        return _found_again(before, draft, by=by, at=at, because_of=because_of)
    inspection = inspection_of(feedback)
    finding = Finding(
        id=new_id(at), number=next_number(inspection), feedback=feedback, draft=draft, round_id=inspection.round_id,
        changed_at=at, **{name: getattr(draft, name) for name in CARRIED}, **placed_like(feedback),
    )  # fmt: skip
    if finding.secrecy:
        grant_to_readers_of_heads_part(finding.pk, unit=finding.unit_id, at=at)
    _step.begin(
        finding, machine=lifecycle.FINDING, code="confirm",
        act=Act(by, at, after={"number": finding.number, "level": draft.level}, because_of=because_of),
    )  # fmt: skip
    let_in(finding, helpers=draft.helping_units, at=at)
    return finding.pk


def _found_again(finding: Finding, draft: Draft, *, by: Actor, at: datetime, because_of: UUID) -> UUID:
    """The confirmation was taken back on the bench: the finding comes again, with its number, as the draft now is."""
    changes = {name: getattr(draft, name) for name in CARRIED}
    act = Act(by, at, changes=changes, after={"number": finding.number, "text": draft.text}, because_of=because_of)
    _step.take(finding, machine=lifecycle.FINDING, code="confirm_again", act=act)
    let_in(finding, helpers=draft.helping_units, at=at)
    return finding.pk
