"""The desk: what waits for the post, what is near or past its date, what changed."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from bihuan.api.operations import answers
from bihuan.api.requests import Asked, Paging
from bihuan.api.shapes import shape_of
from bihuan.queries.desk import DeskPage, desk_for

router = Router(tags=["desk"])


@router.get("", response=answers(DeskPage))
def desk(request: HttpRequest, asked: Annotated[shape_of(Paging), Asked()]) -> DeskPage:
    """One page of what waits for the post, the most urgent first."""
    return desk_for(request.actor, on=request.on, page=asked.page)
