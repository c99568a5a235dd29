"""Who works on which inspection, and which post was given sight of which thing; read by the policies themselves."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bihuan.models.people import Post


class Assignment(models.Model):
    """A post works on an inspection; read by the policies themselves."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="assignments")
    inspection = models.ForeignKey("bihuan.Inspection", on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        db_table = "assignment"
        constraints = [models.UniqueConstraint(fields=["post", "inspection"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.inspection_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, asked by validity."""

    def valid(self) -> Self:
        """Grants that have not ended, by the database's clock as in the policies."""
        return self.filter(Q(until=None) | Q(until__gte=Now()))


class Grant(models.Model):
    """A post may see one thing, for a reason, until an instant; read by the policies themselves."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grants")
    thing = models.UUIDField()
    why = models.CharField(max_length=200)
    until = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        db_table = "sight_grant"
        constraints = [models.UniqueConstraint(fields=["post", "thing"], name="sight_grant_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.thing}"
