"""The record as it may be read: headers for the audit officer, the story of a thing for whoever may see its place."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.models import Event, EventPlace
from bihuan.rules.access import READS_RECORD, Actor
from bihuan.rules.acts import THINGS, act_label, thing_label
from bihuan.rules.lifecycle import MACHINES
from bihuan.rules.vocabulary import VIAS

ON_A_PAGE = 50


@dataclass(frozen=True)
class HeaderRow:
    """One act without its content: when, who, as what, through which door, what to which kind of thing."""

    id: UUID
    at: datetime
    actor: str
    post: str
    via_label: str
    thing_label: str
    thing_number: str
    step_label: str


@dataclass(frozen=True)
class RecordPage:
    """A page of headers; `total` counts the whole record, `matched` what fits the filters."""

    rows: tuple[HeaderRow, ...]
    total: int
    matched: int
    number: int
    pages: int


@dataclass(frozen=True)
class TimelineRow:
    """One act on a thing with what was said; `via_label` is empty for the web, the ordinary way."""

    at: datetime
    actor: str
    post: str
    via_label: str
    step_label: str
    reason: str
    tone: str
    thing: str
    thing_id: UUID


def things_on_record() -> tuple[tuple[str, str], ...]:
    """Kinds of things as a filter offers them: code and label."""
    labels = {code: machine.label for code, machine in MACHINES.items()} | THINGS
    return tuple(labels.items())


def headers_for(actor: Actor, *, day: date | None = None, thing: str = "", number: int = 1) -> RecordPage | None:
    """Headers, newest first, for whoever reads the record; None for all others."""
    if actor.role not in READS_RECORD:
        return None
    found = Event.objects.order_by("-at", "-id")
    total = found.count()
    if day:
        start = timezone.make_aware(datetime.combine(day, time.min))
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if thing:
        found = found.filter(thing=thing)
    matched = found.count()
    pages = max(1, -(-matched // ON_A_PAGE))
    number = min(max(1, number), pages)
    rows = tuple(_header(event) for event in found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
    return RecordPage(rows, total, matched, number, pages)


def timeline_of(thing: UUID, *, by: Actor) -> tuple[TimelineRow, ...]:
    """What happened to a thing, newest first, as far as the actor may see it."""
    return tuple(line_of(place) for place in _seen(by).filter(event__thing_id=thing))


def _seen(actor: Actor) -> QuerySet[EventPlace]:
    places = EventPlace.objects.visible_to(actor.scope).select_related("event__body")
    return places.order_by("-event__at", "-event_id")


def line_of(place: EventPlace) -> TimelineRow:
    """One act as a line of a story; the place comes with its event and body."""
    event = place.event
    person, post = _who(event.actor)
    return TimelineRow(
        at=event.at,
        actor=person,
        post=post,
        via_label="" if event.via == "web" else VIAS[event.via],
        step_label=act_label(event.step, thing=event.thing),
        reason=event.body.reason,
        tone=_tone(event),
        thing=event.thing,
        thing_id=event.thing_id,
    )


def _header(event: Event) -> HeaderRow:
    person, post = _who(event.actor)
    return HeaderRow(
        id=event.id,
        at=event.at,
        actor=person,
        post=post,
        via_label=VIAS[event.via],
        thing_label=thing_label(event.thing),
        thing_number=str(event.thing_id)[-8:],
        step_label=act_label(event.step, thing=event.thing),
    )


def _who(actor: str) -> tuple[str, str]:
    """The person and the post of `姓名（职务）`; without a post, the person alone."""
    person, _, post = actor.partition("（")
    return person, post.removesuffix("）").strip()


def _tone(event: Event) -> str:
    machine = MACHINES.get(event.thing)
    if machine is None or event.state_to in ("", event.state_from):
        return ""
    tone = machine.state(event.state_to).tone
    return tone if tone in ("back", "done") else ""
