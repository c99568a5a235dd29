"""What a post keeps of the ledger for itself: views and forms under a name, and exports that were asked for."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from bihuan.models.people import Account, Post
from bihuan.rules.access import Scope


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views; visible_to is the gate of every read."""

    def visible_to(self, scope: Scope) -> Self:
        """The post's own, and those that others share by their address."""
        return self.filter(Q(post_id=scope.post) | Q(is_shared=True))


class SavedView(models.Model):
    """A name for an address of the ledger: its filters, order and columns, never its rows."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    asked = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        db_table = "saved_view"
        constraints = [models.UniqueConstraint(fields=["post", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name


class LedgerFormQuerySet(models.QuerySet["LedgerForm"]):
    """Forms; visible_to is the gate of every read."""

    def visible_to(self, scope: Scope) -> Self:
        """The post's own, and those that others share by their address."""
        return self.filter(Q(post_id=scope.post) | Q(is_shared=True))


class LedgerForm(models.Model):
    """Somebody's own empty table, and which column of the ledger fills which of its: never its rows.

    `columns` holds codes of the ledger's columns by the place in the form, counted from 1.
    """

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    sheet = models.CharField(max_length=31)
    head_from = models.SmallIntegerField()
    head_to = models.SmallIntegerField()
    columns = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = LedgerFormQuerySet.as_manager()

    class Meta:
        db_table = "ledger_form"
        constraints = [
            models.UniqueConstraint(fields=["post", "name"], name="ledger_form_name"),
            models.CheckConstraint(condition=Q(head_from__gte=1, head_to__gte=F("head_from")), name="ledger_form_head"),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerExportQuerySet(models.QuerySet["LedgerExport"]):
    """Exports; visible_to is the gate of every read."""

    def visible_to(self, scope: Scope) -> Self:
        """Those that this post asked for; nobody else's."""
        return self.filter(post_id=scope.post)


class LedgerExport(models.Model):
    """A sheet that is written in the background: what was asked, how far it is, and for a time the file."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    on = models.DateField()
    language = models.CharField(max_length=8)
    n_rows = models.IntegerField(null=True)
    n_written = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    has_failed = models.BooleanField(default=False)
    content = models.BinaryField(null=True)
    size = models.IntegerField(default=0)
    until = models.DateTimeField(null=True)

    objects = LedgerExportQuerySet.as_manager()

    class Meta:
        db_table = "ledger_export"
        indexes = [models.Index(fields=["post", "asked_at"], name="ledger_export_post")]
        constraints = [
            models.CheckConstraint(
                condition=Q(content=None) | Q(finished_at__isnull=False, until__isnull=False),
                name="ledger_export_file_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.asked_at)
