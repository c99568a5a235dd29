"""The reading bench as templates show it: the document in paragraphs with its marks, the drafts, the receipts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from bihuan.queries.feedback import DraftRow, FeedbackPage, SignatureRow
from bihuan.rules.needs import Objection
from bihuan.rules.vocabulary import N_
from bihuan.web import words
from bihuan.web._pages import Fact, Link, Look

ALL = "/feedback/"
PROPOSED, CONFIRMED, DROPPED = "proposed", "confirmed", "dropped"
TITLE_LEVEL, HEADING_LEVEL, TEXT_LEVEL = 2, 3, 0
MARKER_LENGTH = 8


@dataclass(frozen=True)
class Piece:
    """A run of text; with a draft it is marked, `is_first` where the mark begins."""

    text: str
    draft_id: str = ""
    is_first: bool = False
    before: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One line of the document: 0 for text, 2 to 4 for headings."""

    level: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Slip:
    """One draft with what may be done to it; `typed` is what a refused form held."""

    id: str
    level: str
    text: str
    doubts: tuple[str, ...]
    state: str
    state_label: str
    revision: int
    confirm_url: str
    drop_url: str
    finding_url: str
    number: str
    is_typed: bool
    typed: str
    error: str


@dataclass(frozen=True)
class Receipt:
    """One of the three places of the receipt."""

    role_label: str
    person: str
    signed_on: date | None
    at: datetime | None
    is_signed: bool


@dataclass(frozen=True)
class Refusal:
    """A step that cannot be taken, and why."""

    label: str
    reason: str


@dataclass(frozen=True)
class Tag:
    """A word beside the state."""

    label: str
    is_key: bool = False


@dataclass(frozen=True)
class Kept:
    """What was typed in a form of the bench that was refused, for which draft (None: by hand), and why."""

    draft: UUID | None = None
    text: str = ""
    reason: str = ""


def address(feedback: object, *more: object) -> str:
    """The page of a feedback, or a deed on it."""
    return f"{ALL}{feedback}/" + "/".join(str(part) for part in more)


def bench_context(found: FeedbackPage, *, kept: Kept, notice: str = "") -> dict[str, Any]:
    """The whole bench."""
    drafts = tuple(_draft(found, row, kept) for row in found.drafts)
    counts = {state: sum(draft.state == state for draft in drafts) for state in (PROPOSED, CONFIRMED, DROPPED)}
    may = found.may_confirm
    return {
        "title": found.title,
        "crumbs": (Link(gettext("反馈"), ALL), Link(found.title)),
        "state": Look(found.state.label, found.state.shape, found.state.tone),
        "tags": (Tag(found.unit), Tag(found.audience)),
        "steps": _steps(found, counts[PROPOSED]),
        "refused": tuple(Refusal(step.label, words.say(step.objection)) for step in found.steps if step.objection),
        "url": address(found.id),
        "file_name": found.source_name,
        "file_url": f"/uploads/{found.source}" if found.source else "",
        "n_proposed": counts[PROPOSED],
        "n_confirmed": counts[CONFIRMED],
        "n_dropped": counts[DROPPED],
        "confirm_all_url": address(found.id, "confirm-all") if may else "",
        "add_url": address(found.id, "drafts", "add") if may else "",
        "typed": kept.text if kept.draft is None else "",
        "typed_error": kept.reason if kept.draft is None else "",
        "notice": notice,
        "paragraphs": paragraphs(found.text, found.drafts),
        "drafts": drafts,
        "facts": facts(found),
        "receipts": receipts(found.signatures) if found.state.code != "draft" else (),
    }


def _draft(found: FeedbackPage, row: DraftRow, kept: Kept) -> Slip:
    is_open = found.may_confirm and row.state.code == PROPOSED
    is_kept = kept.draft == row.id
    return Slip(
        id=str(row.id),
        level=row.level,
        text=row.text,
        doubts=row.doubts,
        state=row.state.code,
        state_label=row.state.label,
        revision=row.revision,
        confirm_url=address(found.id, "drafts", row.id, "confirm") if is_open else "",
        drop_url=address(found.id, "drafts", row.id, "drop") if is_open else "",
        finding_url=f"/findings/{row.finding}/" if row.finding else "",
        number=row.number,
        is_typed=row.typed_by_hand,
        typed=kept.text if is_kept else row.text,
        error=kept.reason if is_kept else "",
    )


def _steps(found: FeedbackPage, n_proposed: int) -> tuple[Link, ...]:
    permitted = [step for step in found.steps if step.objection is None]
    return tuple(
        Link(step.label, address(found.id, step.code), not n_proposed and number == 0)
        for number, step in enumerate(permitted)
    )


def facts(found: FeedbackPage) -> tuple[Fact, ...]:
    """What is known of a feedback."""
    n_findings = sum(row.finding is not None for row in found.drafts)
    every = (
        (N_("被巡察单位"), found.unit, ""),
        (N_("反馈对象"), words.label(found.audience), ""),
        (N_("已认定"), str(n_findings) if n_findings else "", f"/findings/?inspection={found.inspection}"),
        (N_("签收日期"), str(found.received_on or ""), ""),
        (N_("问题"), gettext("到台账里看") if found.received_on else "", f"/findings/?inspection={found.inspection}"),
    )
    return tuple(Fact(label, value, url) for label, value, url in every if value)


def receipts(signatures: Iterable[SignatureRow]) -> tuple[Receipt, ...]:
    """The three places, signed or open."""
    return tuple(Receipt(row.role, row.person, row.signed_on, row.at, row.is_signed) for row in signatures)


def objection_to(found: FeedbackPage, code: str) -> Objection | None:
    """Why a step of the feedback cannot be taken now; KeyError when it does not lead from here."""
    return {step.code: step.objection for step in found.steps}[code]


def paragraphs(text: str, drafts: Iterable[DraftRow]) -> tuple[Paragraph, ...]:
    """The text line by line, each with its marks cut out; a mark over several lines is marked in each."""
    rows = sorted((row for row in drafts if row.start is not None and row.end is not None), key=lambda row: row.start)
    headings = frozenset(row.heading.strip() for row in rows if row.heading)
    found, offset = [], 0
    for line in text.split("\n"):
        within = [row for row in rows if row.start < offset + len(line) and row.end > offset]
        if line.strip():
            level = _level(line.strip(), headings, is_first=not found) if not within else TEXT_LEVEL
            found.append(Paragraph(level, tuple(_pieces(line, offset, within))))
        offset += len(line) + 1
    return tuple(found)


def _level(line: str, headings: frozenset[str], *, is_first: bool) -> int:
    if is_first:
        return TITLE_LEVEL
    is_heading = any(line.endswith(heading) and len(line) <= len(heading) + MARKER_LENGTH for heading in headings)
    return HEADING_LEVEL if is_heading else TEXT_LEVEL


def _pieces(line: str, offset: int, rows: Iterable[DraftRow]) -> Iterator[Piece]:
    at = 0
    for row in rows:
        start, end = max(row.start - offset, at), min(row.end - offset, len(line))
        if start >= end:
            continue
        if start > at:
            yield Piece(line[at:start])
        yield Piece(line[start:end], str(row.id), row.start >= offset)
        at = end
    if at < len(line):
        yield Piece(line[at:])
