"""Evidence: a file that proves a measure, or the ground of a reopening."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.feedback import Upload
from bihuan.models.findings import Finding, FindingRequest
from bihuan.models.people import Account
from bihuan.models.plans import Measure


class Evidence(Placed):
    """One file: for a measure, or for a reopening request; what it proves and the day it stands for."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="evidence")
    request = models.ForeignKey(FindingRequest, on_delete=models.PROTECT, null=True, related_name="evidence")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    proves = models.CharField(max_length=200, blank=True)
    dated = models.DateField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "evidence"
        constraints = [
            *placed_constraints("evidence"),
            models.CheckConstraint(
                condition=Q(measure__isnull=False, request=None) | Q(measure=None, request__isnull=False),
                name="evidence_for_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
