"""The desk: what waits for a person, what is near its date, what changed; and the fixed query of the menu's counts."""

from dataclasses import dataclass
from datetime import date

from bihuan.models import Finding
from bihuan.queries import _bounded, _desk_lines
from bihuan.queries._desk_lines import WaitingRow, WaitsCount
from bihuan.queries._menu_counts import MenuCounts, menu_counts
from bihuan.queries._sent_files import NOTHING_SENT, SentFiles, sent_files
from bihuan.queries.findings.changes import ChangedThing, changes_for, last_changed
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.rules.access import Actor
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import OFFICERS

__all__ = ["DeskPage", "MenuCounts", "desk_for", "menu_counts"]

ON_A_PAGE = 50


@dataclass(frozen=True)
class LightCount:
    """How many findings within sight have that light, overdue first; `is_least`: there are more than were counted."""

    light: str
    label: str
    n: int
    is_least: bool = False


@dataclass(frozen=True)
class DeskPage:
    """One page of what waits, the most urgent first, with its figures; what is near or past its date; what changed.

    Figures end where nobody counts on: `waiting_is_least`, `changed_is_least` and their own marks say so.
    """

    waiting: tuple[WaitingRow, ...]
    n_waiting: int
    page: int
    pages: int
    counts: tuple[WaitsCount, ...]
    lights: tuple[LightCount, ...]
    changes: tuple[ChangedThing, ...]
    n_changed: int
    waiting_is_least: bool = False
    changed_is_least: bool = False
    sent: SentFiles = NOTHING_SENT


NOTHING = DeskPage((), 0, 1, 1, (), (), (), 0)


def desk_for(actor: Actor, *, on: date, page: int = 1, counted: MenuCounts | None = None) -> DeskPage:
    """The desk of one post on one day; officers see no business. `counted`: the menu's figures, where already known."""
    if actor.role in OFFICERS:
        return NOTHING
    counted = counted or menu_counts(actor, on=on)
    lines = _desk_lines.lines_for(actor, on=on, page=page, size=ON_A_PAGE, counted=counted)
    visible = Finding.objects.visible_to(actor.scope)
    lit_up = [visible.filter(lit(light, on=on)).values("pk") for light in SHOWN]
    *lights, changed = _bounded.counted([*lit_up, last_changed(actor, on=on, most=_bounded.MOST)])
    return DeskPage(
        waiting=lines.rows,
        n_waiting=counted.waiting,
        page=lines.page,
        pages=lines.pages,
        counts=lines.counts,
        lights=tuple(
            LightCount(light, LIGHTS[light].label, found.n, found.is_least)
            for light, found in zip(SHOWN, lights, strict=True)
        ),
        changes=changes_for(actor, on=on),
        n_changed=changed.different,
        waiting_is_least="waiting" in counted.at_least,
        changed_is_least=changed.is_least,
        sent=sent_files(actor, on=on),
    )
