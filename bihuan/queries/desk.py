"""The desk: what waits for a person, what is near its date, what changed; and the fixed query of the menu's counts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from bihuan.models import Finding
from bihuan.queries import _desk_lines
from bihuan.queries._desk_lines import WaitingRow, WaitsCount
from bihuan.queries._menu_counts import MenuCounts, menu_counts
from bihuan.queries.findings.changes import ChangedThing, changed_findings, changes_for
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.rules.access import Actor
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import OFFICERS

__all__ = ["DeskPage", "MenuCounts", "desk_for", "menu_counts"]

ON_A_PAGE = 50


@dataclass(frozen=True)
class LightCount:
    """How many findings within sight have that light, overdue first."""

    light: str
    label: str
    n: int


@dataclass(frozen=True)
class DeskPage:
    """One page of what waits, the most urgent first, with its figures; what is near or past its date; what changed."""

    waiting: tuple[WaitingRow, ...]
    n_waiting: int
    page: int
    pages: int
    counts: tuple[WaitsCount, ...]
    lights: tuple[LightCount, ...]
    changes: tuple[ChangedThing, ...]
    n_changed: int


NOTHING = DeskPage((), 0, 1, 1, (), (), (), 0)


def desk_for(actor: Actor, *, on: date, page: int = 1) -> DeskPage:
    """The desk of one post on one day; officers see no business."""
    if actor.role in OFFICERS:
        return NOTHING
    lines = _desk_lines.lines_for(actor, on=on, page=page, size=ON_A_PAGE)
    visible = Finding.objects.visible_to(actor.scope)
    figures = visible.aggregate(
        **{light: Count("pk", filter=lit(light, on=on)) for light in SHOWN},
        changed=Count("pk", filter=Q(pk__in=changed_findings(actor, on=on))),
    )
    return DeskPage(
        waiting=lines.rows,
        n_waiting=lines.total,
        page=lines.page,
        pages=lines.pages,
        counts=lines.counts,
        lights=tuple(LightCount(light, LIGHTS[light].label, figures[light]) for light in SHOWN),
        changes=changes_for(actor, on=on),
        n_changed=figures["changed"],
    )
