"""Findings, the units that share them, what became of their state day by day, and requests about them."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from bihuan.models._visibility import Placed, VisibleQuerySet, placed_constraints
from bihuan.models.feedback import Described, Draft, Feedback, Upload, described_constraints
from bihuan.models.organizations import Organization
from bihuan.models.people import Account, Post
from bihuan.models.record import Event
from bihuan.rules.lifecycle import FINDING, REQUEST
from bihuan.rules.vocabulary import REQUEST_AIMS

FINDING_STATES = [state.code for state in FINDING.states]


class Finding(Placed, Described):
    """One matter to be put right. `unit` is the lead unit; its state is assigned in actions/_step.py alone."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=80, unique=True)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="findings")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, null=True, related_name="finding")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    round_id = models.UUIDField()
    level = models.CharField(max_length=60, blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField()
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    more_spans = models.JSONField(default=list)
    typed_by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=24, default="drafted")
    given_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    due_basis = models.CharField(max_length=200, blank=True)
    due_provisional = models.BooleanField(default=False)
    redo_by = models.DateField(null=True)
    remains = models.TextField(blank=True)
    remains_by = models.DateField(null=True)
    stage_goals = models.TextField(blank=True)
    next_review_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "finding"
        indexes = [
            models.Index(fields=["unit_lo", "state"], name="finding_place_state"),
            models.Index(fields=["inspection", "state"], name="finding_inspection_state"),
            models.Index(fields=["due_on"], name="finding_due"),
            models.Index(fields=["state", "due_on", "number"], name="finding_state_due"),
        ]
        constraints = [
            *placed_constraints("finding"),
            *described_constraints("finding"),
            models.CheckConstraint(condition=Q(state__in=FINDING_STATES), name="finding_state"),
            models.CheckConstraint(
                condition=Q(typed_by_hand=True) | Q(span_start__gte=0, span_end__gt=F("span_start")),
                name="finding_has_source",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("drafted", "withdrawn"))
                | Q(stage=1, given_on__isnull=False, due_on__isnull=False),
                name="finding_given_has_t0",
            ),
            models.CheckConstraint(
                condition=~Q(state="drafted") | Q(stage=0) | Q(given_on__isnull=False), name="finding_unseen_before"
            ),
            models.CheckConstraint(
                condition=~Q(state="phase_done_long_term") | Q(next_review_on__isnull=False),
                name="finding_long_term_reviewed",
            ),
            models.CheckConstraint(
                condition=~Q(state="plan_returned") | Q(redo_by__isnull=False), name="finding_redo_by"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class FindingUnitQuerySet(VisibleQuerySet["FindingUnit"]):
    """Units beside findings, those that help told from those that were taken off."""

    def helping(self) -> Self:
        """The units that help."""
        return self.filter(side="both")


class FindingUnit(Placed):
    """A unit that helps to put a finding right; the lead unit stands on the finding itself.

    Nobody deletes a business row: a unit taken off before the finding is given stays on the side of the office alone.
    """

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="helpers")
    helper = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    objects = FindingUnitQuerySet.as_manager()

    class Meta:
        db_table = "finding_unit"
        constraints = [
            *placed_constraints("finding_unit"),
            models.UniqueConstraint(fields=["finding", "helper"], name="finding_unit_once"),
        ]

    def __str__(self) -> str:
        return str(self.helper_id)


class StateChange(Placed):
    """One change of a finding's state: any figure for any past day is counted from these rows."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="changes")
    state_from = models.CharField(max_length=24, blank=True)
    state_to = models.CharField(max_length=24)
    on = models.DateField()
    at = models.DateTimeField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "state_change"
        indexes = [models.Index(fields=["finding", "at"], name="state_change_finding")]
        constraints = [
            *placed_constraints("state_change"),
            models.CheckConstraint(condition=Q(state_to__in=FINDING_STATES), name="state_change_to"),
        ]

    def __str__(self) -> str:
        return f"{self.state_from} {self.state_to}"


class FindingRequest(Placed):
    """A request to reopen, to withdraw or to extend, decided by a second person; `until`: the new due date."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="requests")
    aim = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="open")
    reason = models.TextField(blank=True)
    ground = models.CharField(max_length=32, blank=True)
    merged_into = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "finding_request"
        constraints = [
            *placed_constraints("finding_request"),
            models.CheckConstraint(condition=Q(aim__in=REQUEST_AIMS), name="finding_request_aim"),
            models.CheckConstraint(condition=~Q(aim="extend") | Q(until__isnull=False), name="finding_request_until"),
            models.CheckConstraint(
                condition=Q(state__in=[state.code for state in REQUEST.states]), name="finding_request_state"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("account")), name="finding_request_second_person"
            ),
            models.UniqueConstraint(
                fields=["finding", "aim"], condition=Q(state="open"), name="finding_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.aim
