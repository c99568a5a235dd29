"""Rounds (轮次) and the inspections in them: one unit, one team, one stay."""

from django.db import models
from django.db.models import F, Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.organizations import Organization
from bihuan.models.terms import Term
from bihuan.rules.lifecycle import INSPECTION


class Round(Placed):
    """A round of one kind, with the profile version its cases keep."""

    id = models.UUIDField(primary_key=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=60)
    office_word = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=32)
    profile = models.CharField(max_length=40)
    profile_version = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "round"
        constraints = [
            *placed_constraints("round"),
            models.UniqueConstraint(fields=["office_word", "year", "number"], name="round_number"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_period"),
        ]

    def __str__(self) -> str:
        return self.name


class Inspection(Placed):
    """One unit inspected in one round. `inspection` is the row's own id, so that assignment reaches it."""

    id = models.UUIDField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="inspections")
    title = models.CharField(max_length=200)
    team = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    office_word = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    round_number = models.SmallIntegerField()
    profile = models.CharField(max_length=40)
    state = models.CharField(max_length=24, default="planned")
    arrives_on = models.DateField(null=True)
    leaves_on = models.DateField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "inspection"
        indexes = [models.Index(fields=["unit_lo"], name="inspection_lo")]
        constraints = [
            *placed_constraints("inspection"),
            models.UniqueConstraint(fields=["round", "unit"], name="inspection_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.code for state in INSPECTION.states]), name="inspection_state"
            ),
            models.CheckConstraint(
                condition=Q(leaves_on=None) | Q(leaves_on__gte=F("arrives_on")), name="inspection_stay"
            ),
            models.CheckConstraint(condition=Q(inspection_id=F("id")), name="inspection_is_itself"),
        ]

    def __str__(self) -> str:
        return self.title
