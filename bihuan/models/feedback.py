"""Feedback, its three receipt signatures, uploaded files, and the drafts read from a document."""

from django.db import models
from django.db.models import F, Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.people import Account, Post
from bihuan.rules.lifecycle import DRAFT, FEEDBACK
from bihuan.rules.vocabulary import AUDIENCES, RECEIPT_ROLES


class Upload(Placed):
    """A file as it came: content, hash, sniffed type. Never changed. `thing_id`: the feedback or finding it is for."""

    grant_key = "thing_id"

    id = models.UUIDField(primary_key=True)
    thing_id = models.UUIDField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    text = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "upload"
        indexes = [models.Index(fields=["thing_id"], name="upload_thing")]
        constraints = [
            *placed_constraints("upload"),
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class Feedback(Placed):
    """The feedback opinion to the leadership, or apart to its head; received_on is T0."""

    id = models.UUIDField(primary_key=True)
    audience = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, default="draft")
    received_on = models.DateField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "feedback"
        constraints = [
            *placed_constraints("feedback"),
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="feedback_audience"),
            models.CheckConstraint(
                condition=Q(state__in=[state.code for state in FEEDBACK.states]), name="feedback_state"
            ),
            models.CheckConstraint(condition=Q(received_on=None) | Q(state="given"), name="feedback_t0_when_given"),
            models.CheckConstraint(condition=Q(stage=0) | Q(state="given"), name="feedback_unseen_before"),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(Placed):
    """One of the three receipt signatures, bound to the hash of what was signed."""

    grant_key = "feedback_id"

    id = models.UUIDField(primary_key=True)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        db_table = "signature"
        constraints = [
            *placed_constraints("signature"),
            models.UniqueConstraint(fields=["feedback", "role"], name="signature_once"),
            models.UniqueConstraint(fields=["feedback", "account"], name="signature_one_person"),
            models.CheckConstraint(condition=Q(role__in=RECEIPT_ROLES), name="signature_role"),
        ]

    def __str__(self) -> str:
        return self.role


class Draft(Placed):
    """A finding as the reading engine proposes it, tied to the sentence it came from."""

    grant_key = "feedback_id"

    id = models.UUIDField(primary_key=True)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="drafts")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.IntegerField()
    level = models.CharField(max_length=60, blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField()
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    typed_by_hand = models.BooleanField(default=False)
    doubts = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="proposed")
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "draft"
        ordering = ()
        constraints = [
            *placed_constraints("draft"),
            models.UniqueConstraint(fields=["feedback", "position"], name="draft_position"),
            models.CheckConstraint(condition=Q(state__in=[state.code for state in DRAFT.states]), name="draft_state"),
            models.CheckConstraint(
                condition=Q(typed_by_hand=True) | Q(span_start__gte=0, span_end__gt=F("span_start")),
                name="draft_has_source",
            ),
        ]

    def __str__(self) -> str:
        return self.level
