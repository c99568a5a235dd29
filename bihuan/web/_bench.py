"""The reading bench as templates show it: the document beside its drafts, one of them open, and the receipts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from bihuan.queries.drafts import DraftRow
from bihuan.queries.feedback import FeedbackPage, SignatureRow
from bihuan.rules.source_spans import parts_of
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import ASIDE, N_
from bihuan.web import words
from bihuan.web._bench_likeness import Hint, Like, hints, likes
from bihuan.web._bench_offers import Offer, bulk_of, offers_by_draft
from bihuan.web._bench_paper import paragraphs
from bihuan.web._draft_forms import DraftForm, chips
from bihuan.web._pages import Fact, Link, Refusal, look
from bihuan.web._scan_sheets import sheets, warnings

ALL = "/feedback/"
PROPOSED, CONFIRMED, DROPPED = "proposed", "confirmed", "dropped"
EDIT, SPLIT, JOIN, DROP, KIND, BULK = "edit", "split", "join", "drop", "kind", "categorize"
DEEDS = (EDIT, SPLIT, JOIN, DROP, KIND)
SHORT, FEWEST_PARTS = 30, 2


@dataclass(frozen=True)
class Opened:
    """The draft that is open (None: the one by hand), for which deed, with what was typed and why it was refused.

    `category`: the proposed one that the person took; `picked`: the drafts chosen for one category, by id and revision.
    """

    draft: UUID | None = None
    deed: str = ""
    form: DraftForm | None = None
    text: str = ""
    texts: tuple[str, ...] = ()
    other: str = ""
    category: str = ""
    error: str = ""
    picked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbor:
    """Another open draft, to join with."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Sheet:
    """The open draft's form: which deed, where it goes, what it holds; `is_taken`: with a proposed category."""

    deed: str
    url: str
    seen: int
    form: DraftForm | None = None
    texts: tuple[str, ...] = ()
    others: tuple[Neighbor, ...] = ()
    reason: str = ""
    error: str = ""
    is_taken: bool = False
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Slip:
    """One draft with what may be done to it; `sheet` where it is the one that is open."""

    id: str
    position: int
    level: str
    text: str
    doubts: tuple[str, ...]
    state: str
    state_label: str
    revision: int
    chips: tuple[str, ...]
    is_bare: bool
    confirm_url: str
    open_url: str
    finding_url: str
    number: str
    has_source: bool
    is_typed: bool
    dropped_because: str
    likes: tuple[Like, ...]
    hints: tuple[Hint, ...]
    sheet: Sheet | None
    offers: tuple[Offer, ...] = ()
    next_doubt: str = ""
    repair_url: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look twice."""
        return self.state == PROPOSED and bool(self.doubts or any(offer.is_of_words for offer in self.offers))


@dataclass(frozen=True)
class Receipt:
    """One of the three places of the receipt."""

    role_label: str
    person: str
    signed_on: date | None
    at: datetime | None
    is_signed: bool


@dataclass(frozen=True)
class Tag:
    """A word beside the state."""

    label: str
    is_key: bool = False


def address(feedback: object, *more: object) -> str:
    """The page of a feedback, or a deed on it."""
    return f"{ALL}{feedback}/" + "/".join(str(part) for part in more)


def bench_context(found: FeedbackPage, *, opened: Opened, notice: str = "", lit: UUID | None = None) -> dict[str, Any]:
    """The whole bench; `lit`: the draft that the eye is led to."""
    offers = offers_by_draft(found)
    slips = _with_next_doubts(tuple(_slip(found, row, opened, offers.get(row.id, ())) for row in found.drafts))
    counts = {state: sum(slip.state == state for slip in slips) for state in (PROPOSED, CONFIRMED, DROPPED)}
    by_hand = opened if opened.draft is None and not opened.deed else Opened()
    may = found.may_confirm
    return {
        "title": found.title,
        "crumbs": (Link(gettext("反馈"), ALL), Link(found.title)),
        "state": look(found.state),
        "tags": (Tag(found.unit), Tag(found.audience)),
        "steps": _steps(found, counts[PROPOSED]),
        "refused": tuple(Refusal(step.label, words.say(step.objection)) for step in found.steps if step.objection),
        "url": address(found.id),
        "n_proposed": counts[PROPOSED],
        "n_confirmed": counts[CONFIRMED],
        "n_dropped": counts[DROPPED],
        "ready": [slip for slip in slips if slip.confirm_url and not slip.is_bare],
        "n_bare": sum(slip.is_bare for slip in slips if slip.state == PROPOSED),
        "confirm_all_url": address(found.id, "confirm-all") if may else "",
        "add_url": address(found.id, "drafts", "add") if may else "",
        "typed": by_hand.text,
        "typed_error": by_hand.error,
        "notice": notice,
        "kept": () if any(slip.sheet for slip in slips) else _kept(opened),
        **_document(found),
        "doubtful": [slip for slip in slips if slip.is_doubtful],
        "undo_url": address(found.id, "undo") if found.may_undo else "",
        "again_url": address(found.id, "read-again") if may and found.source else "",
        "bulk": bulk_of(found, opened, url=address(found.id, BULK)) if may and opened.deed == BULK else None,
        "lit": str(lit or ""),
        "drafts": slips,
        "facts": facts(found),
        "receipts": receipts(found.signatures) if found.state.code != "draft" else (),
    }


def _document(found: FeedbackPage) -> dict[str, Any]:
    """The document with its marks, and what has to be known of it first."""
    pages = sheets(found.paper, url=address(found.id))
    return {
        "file_name": found.source_name,
        "file_url": f"/uploads/{found.source}" if found.source else "",
        "paragraphs": paragraphs(found.text, found.drafts, found.paper, sheets=pages),
        "has_repairs": bool(found.paper and found.paper.repairs),
        "warnings": warnings(pages),
    }


def _kept(opened: Opened) -> tuple[str, ...]:
    """What was typed for a draft that has no form any more, so that nothing typed is lost."""
    return tuple(text for text in (opened.text, *opened.texts) if text.strip()) if opened.draft else ()


def _with_next_doubts(slips: tuple[Slip, ...]) -> tuple[Slip, ...]:
    """Each doubtful draft leads to the next one, the last one to the first."""
    ids = [slip.id for slip in slips if slip.is_doubtful]
    follows = dict(zip(ids, ids[1:] + ids[:1], strict=True)) if len(ids) > 1 else {}
    return tuple(replace(slip, next_doubt=follows.get(slip.id, "")) for slip in slips)


def _slip(found: FeedbackPage, row: DraftRow, opened: Opened, offers: tuple[Offer, ...]) -> Slip:
    is_open = found.may_confirm and row.state.code == PROPOSED
    return Slip(
        id=str(row.id),
        position=row.position,
        level=row.level,
        text=row.text,
        doubts=row.doubts,
        state=row.state.code,
        state_label=row.state.label,
        revision=row.revision,
        chips=chips(row.description),
        is_bare=not row.description.category and row.state.code != DROPPED,
        confirm_url=address(found.id, "drafts", row.id, "confirm") if is_open else "",
        open_url=f"{address(found.id)}?draft={row.id}&deed=" if is_open else "",
        finding_url=f"/findings/{row.finding}/" if row.finding else "",
        number=row.number,
        has_source=bool(row.spans),
        is_typed=row.typed_by_hand,
        dropped_because=row.dropped_because,
        likes=likes(row.like),
        hints=hints(row.categories, url=f"{address(found.id)}?draft={row.id}&deed={EDIT}") if is_open else (),
        sheet=_sheet(found, row, opened) if is_open and opened.draft == row.id and opened.deed else None,
        offers=offers if is_open else (),
        repair_url=address(found.id, "drafts", row.id, "repair") if is_open else "",
    )


def _sheet(found: FeedbackPage, row: DraftRow, opened: Opened) -> Sheet:
    url = address(found.id, "drafts", row.id, {EDIT: "correct", KIND: DROP}.get(opened.deed, opened.deed))
    form = opened.form
    taken = opened.category if opened.category in {one.code for one in row.categories} else ""
    if form is None and opened.deed == EDIT and found.choices:
        form = DraftForm.of(row, choices=found.choices, category=taken)
    return Sheet(
        deed=opened.deed, url=url, seen=row.revision, form=form,
        texts=_boxes(opened.texts or parts_of(row.text)) if opened.deed == SPLIT else (),
        others=_neighbors(found, row, opened.other) if opened.deed == JOIN else (),
        reason=opened.text, error=opened.error, is_taken=bool(taken),
        kinds=tuple(ASIDE.items()) if opened.deed == KIND else (),
    )  # fmt: skip


def _boxes(texts: tuple[str, ...]) -> tuple[str, ...]:
    """A box for each part, at least two."""
    return (*texts, *[""] * (FEWEST_PARTS - len(texts)))


def _neighbors(found: FeedbackPage, row: DraftRow, chosen: str) -> tuple[Neighbor, ...]:
    others = [other for other in found.drafts if other.state.code == PROPOSED and other.id != row.id]
    behind = [other.id for other in others if other.position > row.position]
    wanted = chosen.partition(":")[0] or str(behind[0] if behind else "")
    return tuple(Neighbor(f"{other.id}:{other.revision}", _short(other), str(other.id) == wanted) for other in others)


def _short(row: DraftRow) -> str:
    said = gettext("第 %(number)s 条") % {"number": row.position}
    return f"{said}　{row.text[:SHORT]}{'…' if len(row.text) > SHORT else ''}"


def _steps(found: FeedbackPage, n_proposed: int) -> tuple[Link, ...]:
    permitted = [step for step in found.steps if step.objection is None]
    return tuple(
        Link(step.label, address(found.id, step.code), not n_proposed and number == 0)
        for number, step in enumerate(permitted)
    )


def facts(found: FeedbackPage) -> tuple[Fact, ...]:
    """What is known of a feedback: whose, to whom, what was done by whom, from when the clocks run."""
    n_findings = sum(row.finding is not None for row in found.drafts)
    ledger = f"/findings/?inspection={found.inspection}"
    every = (
        (N_("被巡察单位"), found.unit, ""),
        (N_("反馈对象"), words.label(found.audience), ""),
        *((deed.label, f"{deed.actor} {_minute(deed.at)}", "") for deed in found.deeds),
        (N_("已认定"), str(n_findings) if n_findings else "", ledger),
        (N_("起算日（三方签收）"), str(found.received_on or ""), ""),
        (N_("方案报送期限"), _plan_due(found), ""),
        (N_("问题"), gettext("到台账里看") if found.received_on else "", ledger),
        *((other.audience, other.title, address(other.id)) for other in found.others),
    )
    return tuple(Fact(label, value, url) for label, value, url in every if value)


def _minute(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _plan_due(found: FeedbackPage) -> str:
    if found.plan_due_on is None:
        return ""
    notes = [found.plan_due_basis, gettext("暂定") if found.plan_due_provisional else ""]
    said = "；".join(note for note in notes if note)
    return f"{found.plan_due_on}（{said}）" if said else str(found.plan_due_on)


def receipts(signatures: Iterable[SignatureRow]) -> tuple[Receipt, ...]:
    """The three places, signed or open."""
    return tuple(Receipt(row.role, row.person, row.signed_on, row.at, row.is_signed) for row in signatures)


def objection_to(found: FeedbackPage, code: str) -> Objection | None:
    """Why a step of the feedback cannot be taken now; KeyError when it does not lead from here."""
    return {step.code: step.objection for step in found.steps}[code]
