"""What every business row carries, and the one form of visibility as a queryset filter (decision 0004)."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from bihuan.models.teams import Assignment, Grant
from bihuan.rules.access import Scope
from bihuan.rules.vocabulary import SECRECY_HEAD, SECRECY_NAMED, SECRECY_ORDINARY, SIDES

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows with a place; visible_to is the gate of every read."""

    def visible_to(self, scope: Scope) -> Self:
        """The rows that a post with this scope may see: by range, by assignment, or by grant."""
        key = self.model.grant_key  # type: ignore[attr-defined]
        mine = Assignment.objects.filter(post_id=scope.post).values("inspection_id")
        granted = Grant.objects.valid().filter(post_id=scope.post).values("thing")
        open_to = Q(stage__gte=scope.stage) & Q(side__in=("both", scope.side))
        by_range = Q(unit_lo__range=(scope.lo, scope.hi)) & open_to & Q(secrecy=SECRECY_ORDINARY)
        by_assignment = Q(inspection_id__in=mine) & open_to & Q(secrecy__lte=SECRECY_HEAD)
        by_grant = Q(**{f"{key}__in": granted}) & open_to & Q(secrecy__lte=SECRECY_NAMED)
        reach = by_range if scope.lo <= scope.hi else Q(pk__in=[])
        reach = reach | by_assignment if scope.has_assignments else reach
        return self.filter(reach | by_grant if scope.has_grants else reach)

    def granted_alone_to(self, scope: Scope) -> Self:
        """Of what visible_to gives, the rows that are seen by a grant only, neither by range nor by assignment."""
        mine = Assignment.objects.filter(post_id=scope.post).values("inspection_id")
        granted = Grant.objects.valid().filter(post_id=scope.post).values("thing")
        otherwise = Q(unit_lo__range=(scope.lo, scope.hi), secrecy=SECRECY_ORDINARY) | Q(
            inspection_id__in=mine, secrecy__lte=SECRECY_HEAD
        )
        key = self.model.grant_key  # type: ignore[attr-defined]
        return self.visible_to(scope).filter(**{f"{key}__in": granted}).exclude(otherwise)


class Placed(models.Model):
    """A business row: the unit it concerns, its inspection, and who may see it.

    unit_lo follows the unit when the tree is renumbered: a composite foreign key with ON UPDATE CASCADE, see
    _policies.py. `grant_key` names the column that grant rows point at.
    """

    grant_key = "id"

    unit = models.ForeignKey("bihuan.Organization", on_delete=models.PROTECT, related_name="+")
    unit_lo = models.IntegerField()
    inspection = models.ForeignKey("bihuan.Inspection", on_delete=models.PROTECT, related_name="+", null=True)
    stage = models.SmallIntegerField(default=0)
    side = models.CharField(max_length=8, default="both")
    secrecy = models.SmallIntegerField(default=SECRECY_ORDINARY)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True


def placed_constraints(table: str) -> list[models.CheckConstraint]:
    """The facts that hold for the place of every business row."""
    return [
        models.CheckConstraint(condition=Q(stage__in=(0, 1)), name=f"{table}_stage"),
        models.CheckConstraint(condition=Q(side__in=SIDES), name=f"{table}_side"),
        models.CheckConstraint(condition=Q(secrecy__range=(SECRECY_ORDINARY, SECRECY_NAMED)), name=f"{table}_secrecy"),
    ]


def placed_like(row: Any) -> dict[str, Any]:
    """The place of `row` as keyword arguments, for a row that belongs to it."""
    return {
        "unit_id": row.unit_id,
        "unit_lo": row.unit_lo,
        "inspection_id": row.inspection_id,
        "stage": row.stage,
        "side": row.side,
        "secrecy": row.secrecy,
    }
