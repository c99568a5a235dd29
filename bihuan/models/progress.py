"""Progress of the unit's work, entry by entry, and the private notes of either side."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.findings import Finding
from bihuan.models.people import Account, Post
from bihuan.models.plans import Measure


class Progress(Placed):
    """What was done about a finding, or about one measure of it, and on which day."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="progress")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="progress")
    text = models.TextField()
    done_on = models.DateField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "progress"
        indexes = [models.Index(fields=["finding", "at"], name="progress_finding")]
        constraints = [
            *placed_constraints("progress"),
            models.CheckConstraint(condition=~Q(text=""), name="progress_text"),
        ]

    def __str__(self) -> str:
        return str(self.done_on)


class Note(Placed):
    """A remark for one's own side: the office's is not the unit's to know, nor the other way round (row L10)."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "note"
        constraints = [
            *placed_constraints("note"),
            models.CheckConstraint(condition=~Q(text=""), name="note_text"),
            models.CheckConstraint(condition=~Q(side="both"), name="note_has_a_side"),
        ]

    def __str__(self) -> str:
        return str(self.id)
