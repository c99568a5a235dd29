"""The ten metrics as of a day, by unit, round, kind, class or top category, and what each of them means."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from bihuan.api.operations import answers
from bihuan.api.requests import Asked
from bihuan.api.shapes import shape_of
from bihuan.queries.statistics import figures
from bihuan.queries.statistics.figures import Figures
from bihuan.queries.statistics.flows import DIMENSIONS
from bihuan.queries.statistics.groups import SORTS, USUAL
from bihuan.rules.metrics import Metric, metrics

router = Router(tags=["statistics"])


@dataclass(frozen=True)
class _Turning:
    """The day at whose end is counted, today when it stays away or is yet to come; and which hundred of the groups."""

    on: date | None = None
    page: int | None = None


@dataclass(frozen=True)
class Register:
    """The metrics in their order."""

    metrics: tuple[Metric, ...]


Question = shape_of(
    figures.Asked, named="StatisticsQuestion", more=_Turning,
    choices=(("by", tuple(DIMENSIONS)), ("sort", tuple(SORTS))),
)  # fmt: skip


@router.get("", response=answers(Figures))
def by_state(request: HttpRequest, asked: Annotated[Question, Asked()]) -> Figures:
    """The figures of what the post may see; withdrawn and not yet given findings are left out.

    Every group where no page is asked for; the sums are of all groups in any case.
    """
    chosen = figures.Asked(
        by=asked.by or "unit", round=asked.round, kind=asked.kind, unit_class=asked.unit_class,
        category=asked.category, unit=asked.unit, sort=asked.sort or USUAL,
    )  # fmt: skip
    on = min(asked.on or request.on, request.on)
    return figures.figures_for(request.actor, on=on, asked=chosen, page=asked.page)


@router.get("/metrics", response=answers(Register))
def register(request: HttpRequest) -> Register:
    """What each metric counts, by what it is divided, until when, and who may see it, in both languages."""
    return Register(metrics())
