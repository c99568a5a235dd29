"""Findings counted by unit and state, as of a day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from bihuan.api.operations import answers
from bihuan.api.requests import Asked
from bihuan.api.shapes import shape_of
from bihuan.queries.statistics import Figures, figures_for

router = Router(tags=["statistics"])


@dataclass(frozen=True)
class _Asked:
    """The day at whose end is counted; today when it stays away."""

    on: date | None = None


Question = shape_of(_Asked, named="StatisticsQuestion")


@router.get("", response=answers(Figures))
def by_state(request: HttpRequest, asked: Annotated[Question, Asked()]) -> Figures:
    """The figures of what the post may see; withdrawn and not yet given findings are left out."""
    return figures_for(request.actor, on=asked.on or request.on)
