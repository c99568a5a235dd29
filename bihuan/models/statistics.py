"""What figures are counted from: flows into and out of states by day, folded; and how due dates were moved.

Both are written by the triggers of _statistics.py alone, never by the product's own role.
"""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.findings import Finding
from bihuan.models.organizations import Organization
from bihuan.models.rounds import Inspection

GRAINS = ("new", "day", "month", "year")
LEVELS = ("each", "unit", "given", "whole")


class FigureFlow(Placed):
    """How much a figure grew in a day, month or year (decision 0013); `new` is a day that is not yet folded.

    `level`: of each inspection, or folded further: of a unit in all, how many were given to a unit, or of the whole
    tree, which stands at its root. `category` is the top one, `figure` a state or one of rules/metrics.py. The place
    follows the unit by the composite key, so that the two references need no check of their own.
    """

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    round_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=32, blank=True)
    unit_class = models.CharField(max_length=32, blank=True)
    category = models.CharField(max_length=16, blank=True)
    figure = models.CharField(max_length=24)
    level = models.CharField(max_length=8, default="each")
    grain = models.CharField(max_length=8)
    starts_on = models.DateField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "figure_flow"
        indexes = [
            models.Index(fields=["level", "unit_lo", "grain", "starts_on"], name="figure_flow_read"),
            models.Index(fields=["level", "grain", "starts_on"], name="figure_flow_day"),
            models.Index(fields=["grain"], name="figure_flow_secret", condition=Q(level="each", secrecy__gt=0)),
            models.Index(fields=["id"], name="figure_flow_nothing", condition=Q(n=0)),
        ]
        constraints = [
            *placed_constraints("figure_flow"),
            models.CheckConstraint(condition=Q(grain__in=GRAINS), name="figure_flow_grain"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="figure_flow_level"),
            models.CheckConstraint(condition=Q(level="each") | Q(secrecy=0), name="figure_flow_summed_is_ordinary"),
            models.UniqueConstraint(
                fields=[
                    "unit", "inspection", "round_id", "kind", "unit_class", "stage", "side", "secrecy", "category",
                    "figure", "level", "grain", "starts_on",
                ],
                condition=~Q(grain="new"), nulls_distinct=False, name="figure_flow_folded_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.figure} {self.starts_on} {self.n:+}"


class DueChange(Placed):
    """A due date was moved: overdue on a past day is counted with the date that was due then."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="due_changes")
    due_from = models.DateField()
    due_on = models.DateField()
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        db_table = "due_change"
        indexes = [models.Index(fields=["finding", "at"], name="due_change_finding")]
        constraints = placed_constraints("due_change")

    def __str__(self) -> str:
        return f"{self.due_from} {self.due_on}"
