"""Plans of a feedback, version by version: rows, one a finding, frozen when handed in, and their measures."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.feedback import Feedback
from bihuan.models.findings import Finding
from bihuan.models.organizations import Organization
from bihuan.rules.lifecycle import PLAN, PLAN_ROW
from bihuan.rules.machines import Machine
from bihuan.rules.vocabulary import MEASURE_KINDS


def _written_apart(table: str, machine: Machine) -> list[models.CheckConstraint]:
    """A known state; and a draft is the unit's own, until it is handed in and both sides read it."""
    handed_in = ~Q(state="draft") & Q(submitted_at__isnull=False, side="both")
    return [
        models.CheckConstraint(condition=Q(state__in=[state.code for state in machine.states]), name=f"{table}_state"),
        models.CheckConstraint(condition=Q(state="draft", side="unit") | handed_in, name=f"{table}_unseen_before"),
    ]


class Plan(Placed):
    """One version of the plan that answers a feedback: a draft of the unit's own until it is handed in."""

    grant_key = "feedback_id"

    id = models.UUIDField(primary_key=True)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="plans")
    version = models.SmallIntegerField()
    state = models.CharField(max_length=16, default="draft")
    content_hash = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "plan"
        constraints = [
            *placed_constraints("plan"),
            models.UniqueConstraint(fields=["feedback", "version"], name="plan_version"),
            models.UniqueConstraint(fields=["feedback"], condition=Q(state="draft"), name="plan_one_draft"),
            *_written_apart("plan", PLAN),
        ]

    def __str__(self) -> str:
        return str(self.version)


class PlanRow(Placed):
    """What a plan version says of one finding; `typed` holds the measures until they are frozen as rows."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rows")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="plan_rows")
    version = models.SmallIntegerField()
    causes = models.TextField(blank=True)
    goal = models.TextField(blank=True)
    leader = models.CharField(max_length=60, blank=True)
    head_leads = models.BooleanField(default=False)
    typed = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="draft")
    content_hash = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "plan_row"
        constraints = [
            *placed_constraints("plan_row"),
            models.UniqueConstraint(fields=["finding", "version"], name="plan_row_version"),
            models.UniqueConstraint(fields=["finding"], condition=Q(state="draft"), name="plan_row_one_draft"),
            *_written_apart("plan_row", PLAN_ROW),
        ]

    def __str__(self) -> str:
        return str(self.version)


class Measure(Placed):
    """One measure of a plan row: what, by which unit and person, from when until when, with which product."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="measures")
    position = models.SmallIntegerField()
    text = models.TextField()
    kinds = ArrayField(models.CharField(max_length=24), default=list)
    responsible_unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    helping = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=60)
    supervisor = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField(null=True)
    due_on = models.DateField()
    is_long_term = models.BooleanField(default=False)
    product = models.CharField(max_length=200)

    class Meta:
        db_table = "measure"
        constraints = [
            *placed_constraints("measure"),
            models.UniqueConstraint(fields=["row", "position"], name="measure_position"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(person="") & ~Q(product=""), name="measure_complete"),
            models.CheckConstraint(condition=Q(kinds__contained_by=list(MEASURE_KINDS)), name="measure_kinds"),
            models.CheckConstraint(condition=Q(starts_on=None) | Q(starts_on__lte=F("due_on")), name="measure_period"),
        ]

    def __str__(self) -> str:
        return str(self.position)
