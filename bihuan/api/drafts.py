"""Drafts of a feedback: corrected, split, joined, dropped, and confirmed as findings."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bihuan.actions import drafts as acts
from bihuan.api.operations import OF_A_DEED, answers
from bihuan.api.requests import Sent
from bihuan.api.shapes import shape_of, value_of
from bihuan.rules.typed import Description

router = Router(tags=["drafts"])


@dataclass(frozen=True)
class Correct:
    """The revision that the person saw; text and description as corrected, what stays away stays as it is."""

    seen: int
    text: str | None = None
    description: Description | None = None


@dataclass(frozen=True)
class Split:
    """The revision that the person saw, and the texts of the parts."""

    seen: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Join:
    """The revision that the person saw; the other draft (the next open one where it stays away) with its revision."""

    seen: int
    other: UUID | None = None
    seen_other: int | None = None


@dataclass(frozen=True)
class Drop:
    """The revision that the person saw, and why the draft is no finding, or what it is instead."""

    seen: int
    reason: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Confirmed:
    """The finding that a draft became."""

    finding: UUID


@dataclass(frozen=True)
class Drafts:
    """The drafts that came of it."""

    drafts: tuple[UUID, ...]


@router.post("/{uuid:draft}/confirm", response=answers(Confirmed, *OF_A_DEED))
def confirm(request: HttpRequest, draft: UUID, typed: Annotated[shape_of(Correct), Sent()]) -> Confirmed:
    """A draft becomes a finding, corrected in the same act where something is given."""
    asked: Correct = value_of(typed)
    finding = acts.confirm_draft(
        draft=draft, text=asked.text, description=asked.description, by=request.actor, at=request.at, seen=asked.seen
    )
    return Confirmed(finding)


@router.post("/{uuid:draft}/correct", response=answers(Drafts, *OF_A_DEED))
def correct(request: HttpRequest, draft: UUID, typed: Annotated[shape_of(Correct), Sent()]) -> Drafts:
    """Keep other words, or another description, on the draft."""
    asked: Correct = value_of(typed)
    acts.correct_draft(
        draft=draft, text=asked.text, description=asked.description, by=request.actor, at=request.at, seen=asked.seen
    )
    return Drafts((draft,))


@router.post("/{uuid:draft}/split", response=answers(Drafts, *OF_A_DEED))
def split(request: HttpRequest, draft: UUID, typed: Annotated[shape_of(Split), Sent()]) -> Drafts:
    """One draft becomes several; the first keeps its place."""
    return Drafts(acts.split_draft(draft=draft, texts=typed.texts, by=request.actor, at=request.at, seen=typed.seen))


@router.post("/{uuid:draft}/join", response=answers(Drafts, *OF_A_DEED))
def join(request: HttpRequest, draft: UUID, typed: Annotated[shape_of(Join), Sent()]) -> Drafts:
    """Take another draft of the same feedback into this one."""
    by, at = request.actor, request.at
    acts.join_draft(draft=draft, other=typed.other, by=by, at=at, seen=typed.seen, seen_other=typed.seen_other)
    return Drafts((draft,))


@router.post("/{uuid:draft}/drop", response=answers(Drafts, *OF_A_DEED))
def drop(request: HttpRequest, draft: UUID, typed: Annotated[shape_of(Drop), Sent()]) -> Drafts:
    """A draft is no finding."""
    by, at = request.actor, request.at
    acts.drop_draft(draft=draft, reason=typed.reason, kind=typed.kind, by=by, at=at, seen=typed.seen)
    return Drafts((draft,))
