"""Feedback: the list, the document with its drafts, upload, approval, giving and the receipt signatures."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from ninja import File, Form, Router, UploadedFile

from bihuan.actions import bench, drafts
from bihuan.actions import feedback as acts
from bihuan.actions.refusals import Unknown
from bihuan.api.operations import OF_A_DEED, OF_A_THING, answers
from bihuan.api.requests import Seen, Sent
from bihuan.api.shapes import shape_of, value_of
from bihuan.queries.feedback import FeedbackPage, FeedbackRow, feedback_for, feedback_page

router = Router(tags=["feedback"])


@dataclass(frozen=True)
class FeedbackList:
    """Every feedback that the post may see, the latest first."""

    rows: tuple[FeedbackRow, ...]
    total: int


@dataclass(frozen=True)
class Upload:
    """For which inspection, to whom (leadership or head), under what title; without one the file's name stands."""

    inspection: UUID
    audience: str
    title: str = ""


@dataclass(frozen=True)
class Uploaded:
    """The feedback, how many drafts were read of its document, and what to do now."""

    feedback: UUID
    drafts: int
    message: str


@dataclass(frozen=True)
class Typed:
    """A finding that was not read, typed by hand."""

    text: str


@dataclass(frozen=True)
class Added:
    """The new draft."""

    draft: UUID


@dataclass(frozen=True)
class Chosen:
    """A draft, and the revision that the person saw."""

    draft: UUID
    seen: int


@dataclass(frozen=True)
class Categorize:
    """The drafts, and the one category for all of them."""

    drafts: tuple[Chosen, ...]
    category: str


@dataclass(frozen=True)
class Categorized:
    """The drafts that have the category now."""

    drafts: tuple[UUID, ...]


@dataclass(frozen=True)
class Sign:
    """The revision that the person saw, and the day of the signature; today when it stays away."""

    seen: int
    signed_on: date | None = None


@router.get("", response=answers(FeedbackList))
def index(request: HttpRequest) -> FeedbackList:
    """Every feedback that the post may see."""
    rows = feedback_for(request.actor)
    return FeedbackList(rows, len(rows))


@router.post("", response=answers(Uploaded, *OF_A_DEED))
def upload(
    request: HttpRequest, typed: Annotated[shape_of(Upload), Form()], file: Annotated[UploadedFile, File()]
) -> Uploaded:
    """A document goes in and is read into drafts; one without findings is kept too, with a message."""
    done = acts.upload_feedback(
        inspection=typed.inspection, audience=typed.audience, title=typed.title, name=file.name, content=file.read(),
        by=request.actor, at=request.at,
    )  # fmt: skip
    return Uploaded(done.feedback, done.drafts, _how_many(done.drafts))


def _how_many(n: int) -> str:
    if n:
        return ngettext("读出 %(n)s 条，请对照原文逐条认定。", "读出 %(n)s 条，请对照原文逐条认定。", n) % {"n": n}
    return gettext("文件已保存，没有读出问题。请核对是不是传错了文件，或者手工补录。")


@router.get("/{uuid:feedback}", response=answers(FeedbackPage, *OF_A_THING))
def one(request: HttpRequest, feedback: UUID) -> FeedbackPage:
    """One feedback with its document, drafts, signatures and steps."""
    found = feedback_page(feedback, actor=request.actor, with_hints=True)
    if found is None:
        raise Unknown("feedback", feedback)
    return found


@router.post("/{uuid:feedback}/drafts", response=answers(Added, *OF_A_DEED))
def add_draft(request: HttpRequest, feedback: UUID, typed: Annotated[shape_of(Typed), Sent()]) -> Added:
    """A finding that was not read, typed by hand and marked so."""
    return Added(drafts.add_draft_by_hand(feedback=feedback, text=typed.text, by=request.actor, at=request.at))


@router.post("/{uuid:feedback}/undo", response=answers(bench.Undone, *OF_A_DEED))
def undo(request: HttpRequest, feedback: UUID) -> bench.Undone:
    """Take back the last deed that this person did on the drafts."""
    return bench.undo_last(feedback=feedback, by=request.actor, at=request.at)


@router.post("/{uuid:feedback}/categorize", response=answers(Categorized, *OF_A_DEED))
def categorize(request: HttpRequest, feedback: UUID, typed: Annotated[shape_of(Categorize), Sent()]) -> Categorized:
    """One category for many drafts, for all of them or for none; confirms nothing."""
    asked: Categorize = value_of(typed)
    chosen = [(one.draft, one.seen) for one in asked.drafts]
    done = bench.categorize_drafts(
        feedback=feedback, drafts=chosen, category=asked.category, by=request.actor, at=request.at
    )
    return Categorized(done)


@router.post("/{uuid:feedback}/read-again", response=answers(Uploaded, *OF_A_DEED))
def read_again(request: HttpRequest, feedback: UUID) -> Uploaded:
    """Read the document as a feedback, whatever it was taken for; only what is new becomes drafts."""
    found = bench.read_again(feedback=feedback, by=request.actor, at=request.at)
    return Uploaded(feedback, found, _how_many(found))


@router.post("/{uuid:feedback}/approve", response=answers(FeedbackPage, *OF_A_DEED))
def approve(request: HttpRequest, feedback: UUID, typed: Annotated[shape_of(Seen), Sent()]) -> FeedbackPage:
    """Secretary or leading group approve; answers the feedback as it then stands."""
    acts.approve(feedback=feedback, by=request.actor, at=request.at, seen=typed.seen)
    return one(request, feedback)


@router.post("/{uuid:feedback}/give", response=answers(FeedbackPage, *OF_A_DEED))
def give(request: HttpRequest, feedback: UUID, typed: Annotated[shape_of(Seen), Sent()]) -> FeedbackPage:
    """The office hands the feedback over; answers it as it then stands."""
    acts.give(feedback=feedback, by=request.actor, at=request.at, seen=typed.seen)
    return one(request, feedback)


@router.post("/{uuid:feedback}/sign", response=answers(FeedbackPage, *OF_A_DEED))
def sign(request: HttpRequest, feedback: UUID, typed: Annotated[shape_of(Sign), Sent()]) -> FeedbackPage:
    """One of the three receipt signatures; the third gives the findings and starts the clocks."""
    acts.sign(
        feedback=feedback, signed_on=typed.signed_on, by=request.actor, at=request.at, on=request.on, seen=typed.seen
    )
    return one(request, feedback)
