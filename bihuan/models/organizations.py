"""Organizations as a tree with integer ranges (row P1); the register per term is in terms.py."""

from django.db import models
from django.db.models import F, Q

from bihuan.rules.vocabulary import ORGANIZATION_CLASSES


class Organization(models.Model):
    """One organization of today's tree; lo..hi encloses the ranges of all below it."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    organization_class = models.CharField(max_length=32)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    lo = models.IntegerField()
    hi = models.IntegerField()
    ended_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "organization"
        constraints = [
            models.UniqueConstraint(fields=["id", "lo"], name="organization_place"),
            models.UniqueConstraint(fields=["lo"], name="organization_lo", deferrable=models.Deferrable.DEFERRED),
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(ended_on=None), name="organization_name_under_parent"
            ),
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="organization_range"),
            models.CheckConstraint(
                condition=Q(organization_class__in=ORGANIZATION_CLASSES), name="organization_class_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(ended_on__isnull=False), name="organization_merged_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.name
