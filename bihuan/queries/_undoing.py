"""Deeds on the drafts of a feedback that were not taken back, and those of them that one person can still take back."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from bihuan.models import Event, EventPlace
from bihuan.rules.access import Actor

UNDO = "undo"
CAN_GO_BACK = ("confirm", "correct", "split", "join", "drop", "repair", "leave")


def not_taken_back() -> QuerySet[Event]:
    """Every act that nobody has taken back since."""
    return Event.objects.filter(~Exists(Event.objects.filter(step=UNDO, because_of=OuterRef("pk"))))


def deeds_standing(feedback: UUID, *, actor: Actor) -> QuerySet[Event]:
    """What was done on the feedback and its drafts, and stands."""
    places = EventPlace.objects.visible_to(actor.scope).filter(thing_id=feedback)
    return not_taken_back().filter(pk__in=places.values("event_id"))


def deeds_to_take_back(feedback: UUID, *, actor: Actor) -> QuerySet[Event]:
    """This person's own deeds on its drafts, whatever the post; what followed from another deed goes back with that."""
    standing = deeds_standing(feedback, actor=actor)
    return standing.filter(thing="draft", step__in=CAN_GO_BACK, because_of=None, account_id=actor.account)
