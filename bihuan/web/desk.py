"""The desk: the first page after signing in."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from bihuan.queries import desk as queries
from bihuan.queries.findings.waiting import WaitingRow
from bihuan.queries.record import TimelineRow
from bihuan.rules.acts import thing_label
from bihuan.rules.vocabulary import OFFICERS
from bihuan.web import words

ADDRESSES = {
    "finding": "/findings/{}/",
    "feedback": "/feedback/{}/",
    "inspection": "/inspections/{}",
    "round": "/rounds/{}",
}


@dataclass(frozen=True)
class Todo:
    """One thing to do, as the desk shows it."""

    state_label: str
    state_shape: str
    state_tone: str
    title: str
    unit: str
    url: str
    due_on: date | None
    due_label: str
    is_overdue: bool


@dataclass(frozen=True)
class Happened:
    """One act lately, as a timeline shows it."""

    at: datetime
    actor: str
    post: str
    via: str
    step_label: str
    reason: str
    tone: str
    title: str
    url: str


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the actor, and what happened lately."""
    found = queries.desk_for(request.actor, on=request.on, at=request.at)
    page = {
        "today": request.on,
        "todos": [_todo(row, request.on) for row in found.waiting],
        "n_todos": found.n_waiting,
        "todos_url": "/findings/" if found.n_waiting > len(found.waiting) else "",
        "recents": [_happened(row) for row in found.recent],
        "sees_business": request.actor.role not in OFFICERS,
    }
    return render(request, "desk.html", {"page": page})


def address_of(thing: str, thing_id: object) -> str:
    """The page of a thing; empty for a kind without a page of its own."""
    return ADDRESSES.get(thing, "").format(thing_id)


def _todo(row: WaitingRow, on: date) -> Todo:
    due = words.due(row.due_on, on=on)
    title = f"{row.title}：{words.label(row.why)}" if row.why else row.title
    return Todo(
        state_label=row.state.label,
        state_shape=row.state.shape,
        state_tone=row.state.tone,
        title=title,
        unit=row.unit,
        url=address_of(row.thing, row.id),
        due_on=row.due_on,
        due_label=due.label,
        is_overdue=row.is_overdue or due.is_overdue,
    )


def _happened(row: TimelineRow) -> Happened:
    return Happened(
        at=row.at,
        actor=row.actor,
        post=row.post,
        via=row.via_label,
        step_label=row.step_label,
        reason=row.reason,
        tone=row.tone,
        title=row.title or words.label(thing_label(row.thing)),
        url=address_of(row.thing, row.thing_id),
    )


urlpatterns = [path("", desk, name="desk")]
