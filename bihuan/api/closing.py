"""Closings: the list of requests, and one request with what is signed for. Deeds are steps of the finding."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bihuan.actions.refusals import Unknown
from bihuan.api.operations import OF_A_THING, answers
from bihuan.api.requests import Asked
from bihuan.api.shapes import shape_of
from bihuan.queries.closing import lists, page
from bihuan.queries.closing.lists import BOXES, ClosingFilters, ClosingList
from bihuan.queries.closing.page import ClosingPage
from bihuan.rules.vocabulary import CLAIMS

router = Router(tags=["closing"])


@dataclass(frozen=True)
class _Asked:
    """What the list is narrowed to, and which page of it."""

    box: Literal[("", *BOXES)] = ""  # type: ignore[valid-type]
    unit: UUID | None = None
    round: UUID | None = None
    claim: Literal[("", *CLAIMS)] = ""  # type: ignore[valid-type]
    query: str = ""
    page: int = 1


Question = shape_of(_Asked, named="ClosingQuestion")


@router.get("", response=answers(ClosingList))
def index(request: HttpRequest, asked: Annotated[Question, Asked()]) -> ClosingList:
    """One page of the requests that the post may see; `box` mine: those that wait for its signature."""
    narrowed = asked.model_dump(exclude={"page"})
    return lists.closings_for(request.actor, filters=ClosingFilters(**narrowed), on=request.on, page=asked.page)


@router.get("/{closing}", response=answers(ClosingPage, *OF_A_THING))
def one(request: HttpRequest, closing: UUID) -> ClosingPage:
    """One request: the finding, the unit's answers, what the system checked, and where each signer stands."""
    found = page.closing_page(closing, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("closing_request", closing)
    return found
