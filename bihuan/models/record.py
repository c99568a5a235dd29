"""The record: an event for every act, insert-only for every role in use (decision 0006).

Headers, bodies and places lie apart: the auditor reads headers only, bodies can be purged by policy while the proof
stays, and the place follows the tree. The tree of proofs is built over the headers later.
"""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.people import Account, Post
from bihuan.rules.vocabulary import VIAS


class Event(models.Model):
    """The header of one act: who, as what post, via what, which step of which thing, when, digest of the body."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    via = models.CharField(max_length=8)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=250)
    thing = models.CharField(max_length=24)
    thing_id = models.UUIDField()
    step = models.CharField(max_length=40)
    state_from = models.CharField(max_length=24, blank=True)
    state_to = models.CharField(max_length=24, blank=True)
    because_of = models.UUIDField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    body_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "event"
        indexes = [
            models.Index(fields=["thing_id", "at"], name="event_thing"),
            models.Index(fields=["at"], name="event_at"),
        ]
        constraints = [models.CheckConstraint(condition=Q(via__in=VIAS), name="event_via")]

    def __str__(self) -> str:
        return f"{self.thing} {self.step}"


class EventBody(models.Model):
    """What the act said: reason, before and after, with the salt of its digest."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="body")
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)

    class Meta:
        db_table = "event_body"

    def __str__(self) -> str:
        return str(self.event_id)


class EventPlace(Placed):
    """Who may see the event; not part of what is proved, since the tree may be renumbered."""

    grant_key = "thing_id"

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="place")
    thing_id = models.UUIDField()

    class Meta:
        db_table = "event_place"
        constraints = placed_constraints("event_place")
        indexes = [
            models.Index(fields=["unit_lo"], name="event_place_lo"),
            models.Index(fields=["thing_id"], name="event_place_thing"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)
