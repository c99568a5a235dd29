"""Closing requests: the unit's claim that a finding is done, or is to be kept up for long."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.findings import Finding
from bihuan.models.people import Account
from bihuan.rules.lifecycle import CLOSING_REQUEST
from bihuan.rules.vocabulary import CLAIMS


class ClosingRequest(Placed):
    """One request; its content hash binds the verdicts to exactly what was shown (row C10)."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="closing_requests")
    claim = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="open")
    criteria = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "closing_request"
        constraints = [
            *placed_constraints("closing_request"),
            models.CheckConstraint(condition=Q(claim__in=CLAIMS), name="closing_request_claim"),
            models.CheckConstraint(
                condition=Q(state__in=[state.code for state in CLOSING_REQUEST.states]), name="closing_request_state"
            ),
            models.UniqueConstraint(fields=["finding"], condition=Q(state="open"), name="closing_request_one_open"),
        ]

    def __str__(self) -> str:
        return self.claim
