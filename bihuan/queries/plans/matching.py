"""A later document beside the ledger: each of its items with the finding it speaks of, and what is left on either side.

The engine proposes, a person's own pairs go before. Nothing is stored: it is worked out anew at each look.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from bihuan.engines.similarity import Pair, Told, one_to_one
from bihuan.models import Draft, Feedback, Finding, PlanRow, Progress, Upload
from bihuan.queries.looks import StateLook, look, title_of
from bihuan.queries.plans.parts import PlanRowView
from bihuan.queries.plans.rows import Reader, views
from bihuan.queries.plans.said import CLAIMS, Document, SaidItem, document_of
from bihuan.queries.standing import profile_of, standing_to
from bihuan.rules.access import WRITES_NOTES, Actor
from bihuan.rules.lifecycle import FINDING, GIVEN, UNFINISHED
from bihuan.rules.plan_content import RowContent, read
from bihuan.rules.plan_matching import Part, parts_of_plan, progress_part

LETTERS = 500
WITH_PLANS = ("plan", "ledger")
TO_PLAN = ("awaiting_plan", "plan_submitted", "plan_returned")


@dataclass(frozen=True)
class ByHand:
    """What a person said of the pairs: items that have none, and items with the finding that is theirs."""

    apart: Collection[int] = ()
    joined: Mapping[int, UUID] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class LedgerRow:
    """One finding of the ledger with its revisions; `row_revision` 0: nothing is in writing."""

    id: UUID
    number: str
    title: str
    text: str
    state: StateLook
    revision: int
    plan: PlanRowView
    row_revision: int


@dataclass(frozen=True)
class Why:
    """Why two belong together: likeness, the words both have and where they stand, the same number, or a person."""

    likeness: float
    shared: tuple[tuple[str, str], ...]
    marks: tuple[tuple[int, int], ...]
    same_number: bool
    by_hand: bool


@dataclass(frozen=True)
class MatchedPair:
    """A finding and the item that speaks of it; `claim`: what the document says is reached, as the step would claim it.

    `may_claim`: this post may ask for closing now; that it is asked by its own step, with evidence, stays so.
    """

    row: LedgerRow
    item: SaidItem
    why: Why
    parts: tuple[Part, ...]
    claim: str
    may_claim: bool


@dataclass(frozen=True)
class LaidBeside:
    """A later document that is kept: its id, name, day, and who laid it."""

    id: UUID
    name: str
    at: datetime
    person: str


@dataclass(frozen=True)
class Matching:
    """The whole: pairs in the order of the ledger, what the document does not name, what no finding is like.

    `past`: findings that it does not name and need not, being beyond what it is about.
    """

    feedback: UUID
    title: str
    unit: str
    document: Document
    names_another_unit: bool
    pairs: tuple[MatchedPair, ...]
    unnamed: tuple[LedgerRow, ...]
    past: tuple[LedgerRow, ...]
    beyond: tuple[SaidItem, ...]
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True)
class MatchingStart:
    """Where a document is laid beside the ledger: the plan's feedback, and what was laid there before."""

    feedback: UUID
    title: str
    unit: str
    may_lay: bool
    before: tuple[LaidBeside, ...]


def matching_start(feedback: UUID, *, actor: Actor) -> MatchingStart | None:
    """Where a document is laid beside; None when the feedback is not the actor's to know, or not received."""
    row = feedback_of(feedback, actor=actor)
    if row is None:
        return None
    drafts = Draft.objects.filter(feedback=row).exclude(upload=None).values("upload")
    kept = Upload.objects.visible_to(actor.scope).filter(thing_id=row.pk).exclude(pk__in=drafts)
    before = tuple(
        LaidBeside(one.pk, one.name, one.uploaded_at, one.uploaded_by.person)
        for one in kept.select_related("uploaded_by").order_by("-uploaded_at")
        if one.pk != row.upload_id
    )
    return MatchingStart(row.pk, row.title, row.unit.name, actor.role in WRITES_NOTES, before)


def feedback_of(feedback: UUID, *, actor: Actor) -> Feedback | None:
    """The feedback, once it was received."""
    visible = Feedback.objects.visible_to(actor.scope).exclude(received_on=None)
    return visible.select_related("unit").filter(pk=feedback).first()


def matching(
    feedback: UUID, *, document: UUID | Document, actor: Actor, on: date, by_hand: ByHand | None = None
) -> Matching | None:
    """A kept document, or one that was just read, beside the ledger; None when either is not the actor's to know.

    Raises ReadNoLonger.
    """
    found = feedback_of(feedback, actor=actor)
    read_ = document_of(document, feedback=feedback, actor=actor) if isinstance(document, UUID) else document
    if found is None or read_ is None:
        return None
    reader = Reader(actor, standing_to(found, by=actor), profile_of(found), on)
    findings = list(
        Finding.objects.visible_to(actor.scope)
        .filter(feedback=found, state__in=GIVEN).select_related("unit", "lead_unit").order_by("number")
    )  # fmt: skip
    rows = _ledger_rows(findings, reader)
    pairs = _pairs(read_.items, rows, _levels(found, actor), by_hand or ByHand())
    return _laid_out(found, read_, pairs, findings=findings, rows=rows, reader=reader)


def _ledger_rows(findings: Sequence[Finding], reader: Reader) -> tuple[LedgerRow, ...]:
    """Each finding with the row of its plan that is in writing, else the one handed in last."""
    newest: dict[UUID, PlanRow] = {}
    visible = PlanRow.objects.visible_to(reader.actor.scope).filter(finding__in=findings)
    for row in visible.order_by("version"):
        newest[row.finding_id] = row
    shown = views([(finding, newest.get(finding.pk)) for finding in findings], reader=reader)
    return tuple(
        LedgerRow(
            finding.pk, finding.number, title_of(finding.text), finding.text, look(finding.state), finding.revision,
            view, view.revision if view.state.code == "draft" else 0,
        )
        for finding, view in zip(findings, shown, strict=True)
    )  # fmt: skip


def _levels(feedback: Feedback, actor: Actor) -> dict[UUID, str]:
    """Under which number each finding stood in the feedback, for who may see its drafts."""
    seen = Draft.objects.visible_to(actor.scope).filter(feedback=feedback, finding__isnull=False)
    return dict(seen.values_list("finding__pk", "level"))


def _pairs(
    items: Sequence[SaidItem], rows: Sequence[LedgerRow], levels: Mapping[UUID, str], by_hand: ByHand
) -> dict[int, tuple[int, Why]]:
    """For each row, by its place, the item that is its pair: said by a person, numbered so, or found by the engine."""
    found = _found(items, rows, levels)
    places = {row.id: place for place, row in enumerate(rows)}
    joined = {item: places[row] for item, row in by_hand.joined.items() if row in places and item <= len(items)}
    kept = {
        row: (item, why)
        for row, (item, why) in found.items()
        if item + 1 not in by_hand.apart and item + 1 not in joined and row not in joined.values()
    }
    return kept | {row: (item - 1, Why(0.0, (), (), False, True)) for item, row in joined.items()}


def _found(
    items: Sequence[SaidItem], rows: Sequence[LedgerRow], levels: Mapping[UUID, str]
) -> dict[int, tuple[int, Why]]:
    cited = _cited(items, rows)
    open_items = [at for at in range(len(items)) if at not in cited.values()]
    open_rows = [at for at in range(len(rows)) if at not in cited]
    pairs = one_to_one(
        [Told(items[at].words[:LETTERS], items[at].level) for at in open_items],
        among=[Told(rows[at].text[:LETTERS], levels.get(rows[at].id, "")) for at in open_rows],
    )
    told = {open_rows[pair.other]: (open_items[pair.one], _why(pair)) for pair in pairs}
    return told | {row: (item, Why(1.0, (), (), True, False)) for row, item in cited.items()}


def _cited(items: Sequence[SaidItem], rows: Sequence[LedgerRow]) -> dict[int, int]:
    """Rows whose own number stands in one item, which names no other."""
    holders = defaultdict(list)
    for place, item in enumerate(items):
        named = [at for at, row in enumerate(rows) if row.number in item.around]
        if len(named) == 1:
            holders[named[0]].append(place)
    return {row: places[0] for row, places in holders.items() if len(places) == 1}


def _why(pair: Pair) -> Why:
    shared = tuple((one.mine, one.theirs) for one in pair.shared)
    return Why(round(pair.likeness, 2), shared, pair.spans, pair.same_number, False)


def _laid_out(
    feedback: Feedback, document: Document, pairs: Mapping[int, tuple[int, Why]], *, findings: Sequence[Finding],
    rows: Sequence[LedgerRow], reader: Reader,
) -> Matching:  # fmt: skip
    told = _told_before([findings[at] for at in pairs], reader.actor)
    drafts = _drafts([findings[at] for at in pairs], reader.actor)
    paired = tuple(
        _pair(
            rows[at], document, document.items[pairs[at][0]], pairs[at][1], draft=drafts.get(rows[at].id),
            told=told.get(rows[at].id, frozenset()), reader=reader,
        )
        for at in sorted(pairs)
    )  # fmt: skip
    taken = {item for item, _why in pairs.values()}
    left = [row for at, row in enumerate(rows) if at not in pairs]
    return Matching(
        feedback=feedback.pk, title=feedback.title, unit=feedback.unit.name, document=document,
        names_another_unit=bool(document.unit) and feedback.unit.name not in document.unit, pairs=paired,
        unnamed=tuple(row for row in left if not _is_past(row, document)),
        past=tuple(row for row in left if _is_past(row, document)),
        beyond=tuple(item for at, item in enumerate(document.items) if at not in taken), rows=tuple(rows),
    )  # fmt: skip


def _is_past(row: LedgerRow, document: Document) -> bool:
    """A plan is about what is planned for, anything later about what is not finished."""
    wanted = TO_PLAN if document.kind == "plan" else UNFINISHED
    return row.state.code not in wanted


def _told_before(findings: Sequence[Finding], actor: Actor) -> dict[UUID, frozenset[str]]:
    """What was reported of each already: the same words are not taken over twice."""
    found = defaultdict(set)
    seen = Progress.objects.visible_to(actor.scope).filter(finding__in=findings)
    for finding, text in seen.values_list("finding", "text"):
        found[finding].add(text)
    return {finding: frozenset(texts) for finding, texts in found.items()}


def _drafts(findings: Sequence[Finding], actor: Actor) -> dict[UUID, RowContent]:
    seen = PlanRow.objects.visible_to(actor.scope).filter(finding__in=findings, state="draft")
    return {row.finding_id: content_of(row) for row in seen}


def content_of(row: PlanRow) -> RowContent:
    """What a draft row says."""
    return RowContent(row.causes, row.goal, row.leader, row.head_leads, read(row.typed))


def _pair(
    row: LedgerRow, document: Document, item: SaidItem, why: Why, *, draft: RowContent | None, told: frozenset[str],
    reader: Reader,
) -> MatchedPair:  # fmt: skip
    parts: tuple[Part, ...] = ()
    if document.kind in WITH_PLANS and row.plan.may_fill:
        parts = parts_of_plan(item.content(), now=draft or RowContent())
    state, step = row.state.code, FINDING.step("report_progress")
    if state in step.sources and reader.relations & set(step.who):
        parts = progress_part(item.results, source=document.name, before=told)
    closing = FINDING.step("request_closing")
    may_claim = state in closing.sources and bool(reader.relations & set(closing.who))
    return MatchedPair(row, item, why, parts, CLAIMS.get(item.state, ""), may_claim)
