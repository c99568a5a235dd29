"""What changed within an actor's sight in the last days: things, the latest first, each with what others did to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from bihuan.models import EventPlace, Feedback, Finding, Inspection
from bihuan.queries._arrays import among
from bihuan.queries._unsigned import open_feedback
from bihuan.queries.looks import title_of
from bihuan.queries.record import TimelineRow, line_of
from bihuan.rules.access import REACH, Actor
from bihuan.rules.identifiers import first_id_of
from bihuan.rules.vocabulary import UNIT_ROLES

CHANGED_DAYS = 7
THINGS_SHOWN = 12
ACTS_SHOWN = 3
ACTS_READ = 500
# Some of the last are one's own, or of things that are told with their finding.
READ_FOR_EACH = 4
# Plans, closing requests and the like move with their finding, whose own event says it already.
TITLED = ("finding", "feedback", "inspection")


@dataclass(frozen=True)
class ChangedThing:
    """One thing that others changed lately: what it is, and their last acts, the latest first; `more`: earlier ones."""

    thing: str
    id: UUID
    title: str
    acts: tuple[TimelineRow, ...]
    more: bool


def changed_places(actor: Actor, *, on: date) -> QuerySet[EventPlace]:
    """The acts of others in the last seven days that the actor may know of."""
    places = EventPlace.objects.visible_to(actor.scope).filter(event__at__gte=_since(on))
    return places.exclude(event__account_id=actor.account)


def _since(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on - timedelta(days=CHANGED_DAYS), time.min))


def changed_findings(actor: Actor, *, on: date) -> QuerySet[EventPlace, Any]:
    """The ids of the findings that others changed in the last seven days."""
    return changed_places(actor, on=on).filter(event__thing="finding").values("thing_id")


def last_changed(actor: Actor, *, on: date, most: int) -> QuerySet[EventPlace, Any]:
    """The same, of so many acts at most."""
    return _lately(changed_places(actor, on=on), actor, on, ("finding",), most).values("thing_id")[:most]


def _lately(
    places: QuerySet[EventPlace], actor: Actor, on: date, things: tuple[str, ...], most: int
) -> QuerySet[EventPlace]:
    """The acts on such things; for a post that reads beyond its own unit the last ones alone, looked up first.

    They are found by the places of the record, whose ids stand in the order of time: a place says itself who sees it.
    """
    found = places.filter(event__thing__in=things)
    if REACH[actor.role].range == "none" or actor.role in UNIT_ROLES:
        return found
    last = EventPlace.objects.visible_to(actor.scope).filter(event_id__gte=first_id_of(_since(on)))
    return found.filter(among(last.order_by("-event_id")[: most * READ_FOR_EACH]))


def changes_for(actor: Actor, *, on: date) -> tuple[ChangedThing, ...]:
    """The things that changed last, at most twelve, each with its last three acts.

    Who reads beyond one unit is shown those of the last 500 acts.
    """
    unsigned = Feedback.objects.visible_to(actor.scope).exclude(pk__in=open_feedback(actor).values("pk"))
    told = changed_places(actor, on=on).exclude(thing_id__in=unsigned.values("pk"))
    places = _lately(told, actor, on, TITLED, ACTS_READ)
    latest = places.order_by().values("thing_id").annotate(last=Max("event__at")).order_by("-last", "-thing_id")
    things = [row["thing_id"] for row in latest[:THINGS_SHOWN]]
    acts: dict[UUID, list[EventPlace]] = {thing: [] for thing in things}
    for place in _acts_of(told, things):
        acts[place.thing_id].append(place)
    titles = _titles(actor, things)
    return tuple(
        ChangedThing(
            found[0].event.thing, thing, titles.get(thing, ""), tuple(map(line_of, found[:ACTS_SHOWN])),
            len(found) > ACTS_SHOWN,
        )
        for thing, found in acts.items()
        if found
    )  # fmt: skip


def _acts_of(places: QuerySet[EventPlace], things: Iterable[UUID]) -> QuerySet[EventPlace]:
    """One act more of each thing than is shown, so that it can be said that there are more."""
    nth = Window(RowNumber(), partition_by=F("thing_id"), order_by=[F("event__at").desc(), F("event_id").desc()])
    ranked = places.filter(thing_id__in=list(things)).annotate(nth=nth).filter(nth__lte=ACTS_SHOWN + 1)
    return ranked.select_related("event__body").order_by("thing_id", "nth")


def _titles(actor: Actor, things: list[UUID]) -> dict[UUID, str]:
    findings = Finding.objects.visible_to(actor.scope).filter(pk__in=things).values_list("pk", "number", "text")
    titles = {pk: f"{number} {title_of(text)}" for pk, number, text in findings}
    for model in (Feedback, Inspection):
        titles |= dict(model.objects.visible_to(actor.scope).filter(pk__in=things).values_list("pk", "title"))
    return titles
