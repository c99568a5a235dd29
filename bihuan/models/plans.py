"""Plans, frozen version by version, and their measures."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.findings import Finding
from bihuan.models.organizations import Organization
from bihuan.rules.lifecycle import PLAN


class Plan(Placed):
    """One submitted version of the plan for a finding; its content hash is what reviewers agree to."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="plans")
    version = models.SmallIntegerField()
    state = models.CharField(max_length=16, default="submitted")
    content_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "plan"
        constraints = [
            *placed_constraints("plan"),
            models.UniqueConstraint(fields=["finding", "version"], name="plan_version"),
            models.CheckConstraint(condition=Q(state__in=[state.code for state in PLAN.states]), name="plan_state"),
        ]

    def __str__(self) -> str:
        return str(self.version)


class Measure(Placed):
    """One measure of a plan version: what, by which unit and person, until when, with which product."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    position = models.SmallIntegerField()
    text = models.TextField()
    responsible_unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=60)
    due_on = models.DateField()
    product = models.CharField(max_length=200)

    class Meta:
        db_table = "measure"
        constraints = [
            *placed_constraints("measure"),
            models.UniqueConstraint(fields=["plan", "position"], name="measure_position"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(person="") & ~Q(product=""), name="measure_complete"),
        ]

    def __str__(self) -> str:
        return str(self.position)
