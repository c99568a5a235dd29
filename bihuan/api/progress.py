"""Progress: findings in work with what was last done about each; reporting is a step of the finding."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from bihuan.api.operations import answers
from bihuan.api.requests import Asked, Paging
from bihuan.api.shapes import shape_of, value_of
from bihuan.queries import progress as queries
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.progress import ProgressFilters, ProgressList

router = Router(tags=["progress"])
Question = shape_of(ProgressFilters, named="ProgressQuestion", more=Paging, choices=(("light", tuple(SHOWN)),))


@router.get("", response=answers(ProgressList))
def index(request: HttpRequest, asked: Annotated[Question, Asked()]) -> ProgressList:
    """One page of the findings in work that the post may see, with the last entry of each."""
    return queries.progress_for(request.actor, filters=value_of(asked), on=request.on, page=asked.page)
