"""Findings: the list, one finding, and its steps."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bihuan.actions import findings as acts
from bihuan.actions.findings import StepTaken
from bihuan.actions.refusals import Unknown
from bihuan.api.operations import OF_A_DEED, OF_A_THING, answers, with_files
from bihuan.api.requests import Asked, Paging, Seen, Sent
from bihuan.api.shapes import shape_of, value_of
from bihuan.queries.findings import lists, page
from bihuan.queries.findings.lists import FindingList
from bihuan.queries.findings.narrowing import GROUPS, WITHIN, FindingFilters
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.ordering import SORTS, USUAL, Turn
from bihuan.queries.findings.page import FindingPage
from bihuan.queries.findings.stood import STOOD
from bihuan.queries.findings.waiting import WAITS
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.typed import StepInput
from bihuan.rules.vocabulary import MARKS

router = Router(tags=["findings"])

CHOICES = (
    ("state", (*(state.code for state in FINDING.states), *GROUPS)),
    ("light", tuple(SHOWN)),
    ("waits", tuple(WAITS)),
    ("mark", tuple(MARKS)),
    ("was", tuple(STOOD)),
    ("due", WITHIN),
    ("sort", SORTS),
)


@dataclass(frozen=True)
class Turning(Paging):
    """Which page, in which order: by its number, or behind or before the edge that an answer gave, or the last."""

    sort: str = USUAL
    after: str = ""
    before: str = ""
    last: bool = False


@dataclass(frozen=True)
class Note:
    """A remark."""

    text: str


@dataclass(frozen=True)
class Noted:
    """The remark as kept."""

    note: UUID


Question = shape_of(FindingFilters, named="FindingQuestion", more=Turning, choices=CHOICES)
Step = shape_of(StepInput, named="FindingStep", more=Seen)


@router.get("", response=answers(FindingList))
def index(request: HttpRequest, asked: Annotated[Question, Asked()]) -> FindingList:
    """One page of the findings that the post may see, with counts by state."""
    turn = Turn(asked.sort or USUAL, asked.page, asked.after, asked.before, asked.last)
    return lists.findings_for(request.actor, filters=value_of(asked), on=request.on, turn=turn)


@router.get("/{finding}", response=answers(FindingPage, *OF_A_THING))
def one(request: HttpRequest, finding: str) -> FindingPage:
    """One finding by id or number, with the steps that the post may take and why not the others."""
    found = page.finding_page(_id_or_number(finding), actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("finding", finding)
    return found


@router.post("/{finding}/steps/{step}", response=answers(StepTaken, *OF_A_DEED), openapi_extra=with_files(Step))
def step(request: HttpRequest, finding: str, step: str, typed: Annotated[Step, Sent()]) -> StepTaken:
    """Take one step. Each step reads the fields that it needs; the finding says which steps are open."""
    key = _id_or_number(finding)
    return acts.take_step(
        finding=key if isinstance(key, UUID) else one(request, finding).id,
        step=step, typed=value_of(typed, request.FILES), by=request.actor, at=request.at, on=request.on,
        seen=typed.seen,
    )  # fmt: skip


@router.post("/{uuid:finding}/notes", response=answers(Noted, *OF_A_DEED))
def write_note(request: HttpRequest, finding: UUID, typed: Annotated[shape_of(Note), Sent()]) -> Noted:
    """A remark that only one's own side reads; the finding itself does not change."""
    return Noted(acts.write_note(finding=finding, text=typed.text, by=request.actor, at=request.at))


def _id_or_number(key: str) -> UUID | str:
    try:
        return UUID(key)
    except ValueError:
        return key
