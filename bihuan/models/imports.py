"""Ledgers from elsewhere: the file as it came, which column is what, its check, its rows with what each would be."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.feedback import Described, described_constraints
from bihuan.models.findings import Finding
from bihuan.models.organizations import Organization
from bihuan.models.people import Account, Post
from bihuan.models.rounds import Inspection, Round
from bihuan.rules.import_columns import NEW, OUTCOMES


class LedgerImport(Placed):
    """A ledger on its way into a round. Its states follow from what happened: sent, checked or refused, applied.

    `columns` holds what a person takes each column for, by its place from 0, remembered for `sender` and head;
    `report` what the last check found. `n_checked` counts the checks; the rows of the last one hold.
    """

    id = models.UUIDField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    sheet = models.CharField(max_length=31, blank=True)
    head_row = models.IntegerField(default=0)
    sender = models.CharField(max_length=120, blank=True)
    head_key = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=dict)
    only = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    n_begun = models.IntegerField(default=0)
    n_checked = models.IntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    said = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_import"
        indexes = [models.Index(fields=["post"], condition=Q(put_away_at=None), name="ledger_import_in_sight")]
        constraints = [
            *placed_constraints("ledger_import"),
            # What its rows point at, with one key for each row in place of three.
            models.UniqueConstraint(fields=["id", "unit", "unit_lo"], name="ledger_import_of_rows"),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(checked_at__isnull=False, fault=""), name="ledger_import_checked_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerImportRow(Placed, Described):
    """One row of the file, its cells parted by tabs, with what it would be; a new one becomes the draft of its own id.

    The finding's text stands in `source` from `text_from` on; of new rows `place` counts those of the same inspection,
    and `above` the letters of their extract before the text. `seen` is the revision of the finding that it tells of,
    `said` what differs: the column, what stands here, what the file says.
    """

    grant_key = "ledger_import_id"

    id = models.UUIDField(primary_key=True)
    # Import, unit and place are one key in the database, see _policies.py; rows are looked for by their import alone.
    ledger_import = models.ForeignKey(
        LedgerImport, on_delete=models.PROTECT, related_name="rows", db_index=False, db_constraint=False
    )
    unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    # What a row tells of was read in the transaction that wrote it; where it becomes a draft, the draft holds the keys.
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    lead_unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    check_number = models.IntegerField()
    position = models.IntegerField()
    sheet = models.CharField(max_length=31)
    row = models.IntegerField()
    source = models.TextField()
    text_from = models.IntegerField()
    text_length = models.IntegerField()
    place = models.IntegerField(default=0)
    above = models.IntegerField(default=0)
    target = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    helping_units = ArrayField(models.UUIDField(), default=list)
    outcome = models.CharField(max_length=16)
    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    seen = models.IntegerField(null=True)
    progress = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    said = models.JSONField(default=list)

    class Meta:
        db_table = "ledger_import_row"
        constraints = [
            *placed_constraints("ledger_import_row"),
            *described_constraints("ledger_import_row"),
            models.UniqueConstraint(
                fields=["ledger_import", "check_number", "position"], name="ledger_import_row_position"
            ),
            models.CheckConstraint(condition=Q(inspection=None), name="ledger_import_row_of_many"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="ledger_import_row_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome=NEW) | Q(finding=None), name="ledger_import_row_new_has_no_finding"
            ),
            models.CheckConstraint(
                condition=Q(finding=None, seen=None) | Q(finding__isnull=False, seen__isnull=False),
                name="ledger_import_row_finding_seen",
            ),
            models.CheckConstraint(
                condition=Q(text_from__gte=0, text_length__gt=0),
                name="ledger_import_row_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
