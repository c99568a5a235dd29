"""The desk: the first page after signing in. What waits, what is near its date, what changed; figures are links."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from bihuan.queries import desk as queries
from bihuan.queries._desk_lines import WaitingRow, WaitsCount
from bihuan.queries.desk import DeskPage, LightCount
from bihuan.queries.findings.changes import ChangedThing
from bihuan.queries.record import TimelineRow
from bihuan.rules.acts import thing_label
from bihuan.rules.vocabulary import OFFICERS
from bihuan.web import _pages, words

ADDRESSES = {
    "finding": "/findings/{}/",
    "feedback": "/feedback/{}/",
    "plan": "/plans/{}/",
    "inspection": "/inspections/{}",
    "round": "/rounds/{}",
}
LISTS = {"finding": "/findings/", "feedback": "/feedback/"}
INTAKES, IMPORTS = "/feedback/intakes/", "/imports/"


@dataclass(frozen=True)
class Todo:
    """One thing to do, as the desk shows it; `n_label` and `n_url` where a line stands for several findings."""

    state_label: str
    state_shape: str
    state_tone: str
    title: str
    why: str
    unit: str
    url: str
    due_on: date | None
    due_label: str
    is_overdue: bool
    n_label: str = ""
    n_url: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that leads to its rows; `is_least`: there are more of them than were counted."""

    label: str
    n: int
    url: str
    is_late: bool = False
    is_least: bool = False


@dataclass(frozen=True)
class Act:
    """One act of somebody else."""

    at: datetime
    actor: str
    post: str
    via: str
    step_label: str
    reason: str


@dataclass(frozen=True)
class Changed:
    """One thing that changed, with its last acts, and whether there are earlier ones."""

    title: str
    url: str
    tone: str
    acts: tuple[Act, ...]
    more: bool


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the actor, what is near its date, what changed in the last days."""
    found = queries.desk_for(
        request.actor, on=request.on, page=_pages.page_number(request), counted=request.menu_counts
    )
    page = {
        "today": request.on,
        "todos": [_todo(row, request.on) for row in found.waiting],
        "n_todos": found.n_waiting,
        "is_least": found.waiting_is_least,
        "n_left": max(0, found.n_waiting - found.page * queries.ON_A_PAGE),
        "pager": _pages.pager_of(request, number=found.page, pages=found.pages),
        "counts": [_count(count) for count in found.counts],
        "sees_business": request.actor.role not in OFFICERS,
        **_around(found),
    }
    return render(request, "desk.html", {"page": page})


def _around(found: DeskPage) -> dict[str, Any]:
    """What stands beside the list."""
    return {
        "lights": [_light(light) for light in found.lights],
        "changes": [_changed(thing) for thing in found.changes],
        "n_changed": found.n_changed,
        "changed_is_least": found.changed_is_least,
        "changed_url": _list("finding", changed="1"),
        "intakes": _intakes(found),
        "imports": _imports(found.sent.imports),
    }


def _intakes(found: DeskPage) -> dict[str, Any] | None:
    """The files that one sent and that are still read, or not looked at."""
    n, unread, left = found.sent.intakes.every, found.sent.intakes.unread, found.sent.intakes.left
    if not n:
        return None
    said = ngettext("来件 %(n)s 个", "来件 %(n)s 个", n) % {"n": n}
    rest = [
        *([ngettext("%(n)s 个还在读", "%(n)s 个还在读", unread) % {"n": unread}] if unread else []),
        *([ngettext("%(n)s 个没有人接着读", "%(n)s 个没有人接着读", left) % {"n": left}] if left else []),
    ]
    return {"label": said, "url": INTAKES, "rest": gettext("，").join(rest) or gettext("都有结果了")}


def _imports(n: int) -> _pages.Link | None:
    """The ledgers that one sent and that are not brought in yet."""
    said = ngettext("导入台账 %(n)s 份还没有写入", "导入台账 %(n)s 份还没有写入", n) % {"n": n}
    return _pages.Link(said, IMPORTS) if n else None


def address_of(thing: str, thing_id: object) -> str:
    """The page of a thing; empty for a kind without a page of its own."""
    return ADDRESSES.get(thing, "").format(thing_id)


def _list(thing: str, **narrowed: str) -> str:
    return f"{LISTS[thing]}?{urlencode(narrowed)}"


def _todo(row: WaitingRow, on: date) -> Todo:
    due = words.due(row.due_on, on=on)
    rows_url = _rows_url(row) if row.thing == "plan" else ""
    version = gettext("（第 %(n)s 版）") % {"n": row.version} if row.version else ""
    return Todo(
        state_label=row.state.label,
        state_shape=row.state.shape,
        state_tone=row.state.tone,
        title=f"{row.title}{version}",
        why=words.label(row.why),
        unit=row.unit,
        url=address_of(row.thing, row.id) or rows_url,
        due_on=row.due_on,
        due_label=due.label,
        is_overdue=row.is_overdue or due.is_overdue,
        n_label=ngettext("%(n)s 条问题", "%(n)s 条问题", row.n) % {"n": row.n} if rows_url else "",
        n_url=rows_url,
    )


def _rows_url(row: WaitingRow) -> str:
    """The findings that a line of a plan stands for."""
    mark = {"plan": str(row.plan)} if row.plan else {"feedback": str(row.feedback)}
    return _list("finding", waits=row.kind, **mark)


def _count(count: WaitsCount) -> Figure:
    return Figure(count.label, count.n, _list(count.thing, waits=count.kind), is_least=count.is_least)


def _light(light: LightCount) -> Figure:
    is_late = light.light == "overdue" and light.n > 0
    return Figure(light.label, light.n, _list("finding", light=light.light), is_late, light.is_least)


def _changed(thing: ChangedThing) -> Changed:
    return Changed(
        title=thing.title or words.label(thing_label(thing.thing)),
        url=address_of(thing.thing, thing.id),
        tone=thing.acts[0].tone,
        acts=tuple(_act(act) for act in thing.acts),
        more=thing.more,
    )


def _act(row: TimelineRow) -> Act:
    return Act(row.at, row.actor, row.post, row.via_label, row.step_label, row.reason)


urlpatterns = [path("", desk, name="desk")]
