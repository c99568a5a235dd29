"""Files on their way, feedback, its three receipt signatures, uploaded files, and the drafts read from a document."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.organizations import Organization
from bihuan.models.people import Account, Post
from bihuan.rules.lifecycle import DRAFT, FEEDBACK
from bihuan.rules.vocabulary import AUDIENCES, COMMONALITIES, RECEIPT_ROLES, SEVERITIES


class FileContent(models.Model):
    """The bytes of files, one copy for each content; seen through the uploads that have this hash."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()

    class Meta:
        db_table = "file_content"

    def __str__(self) -> str:
        return self.sha256


class Described(models.Model):
    """What a finding is beside its text: category, weight, marks, money. A draft holds it until it is confirmed."""

    category = models.CharField(max_length=16, blank=True)
    taxonomy_version = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=16, default="ordinary")
    lead_unit = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    commonality = models.CharField(max_length=16, default="individual")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    fix_now = models.BooleanField(default=False)
    listed = models.BooleanField(default=False)
    key = models.BooleanField(default=False)

    class Meta:
        abstract = True


def described_constraints(table: str) -> list[models.CheckConstraint]:
    """The facts that hold for the description of a draft or finding."""
    return [
        models.CheckConstraint(condition=Q(severity__in=SEVERITIES), name=f"{table}_severity"),
        models.CheckConstraint(condition=Q(commonality__in=COMMONALITIES), name=f"{table}_commonality"),
        models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name=f"{table}_amount"),
        models.CheckConstraint(condition=Q(category="") | ~Q(taxonomy_version=""), name=f"{table}_taxonomy"),
    ]


class Upload(Placed):
    """A file as it came: name, hash, sniffed type. Never changed. `thing_id`: the feedback or finding it is for."""

    grant_key = "thing_id"

    id = models.UUIDField(primary_key=True)
    thing_id = models.UUIDField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "upload"
        indexes = [models.Index(fields=["thing_id"], name="upload_thing")]
        constraints = [
            *placed_constraints("upload"),
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class Intake(Placed):
    """A file on its way: sent, not yet read; afterwards the feedback that came of it, or why none did.

    `thing_id`: the feedback that is to come, known beforehand; `same_as`: that of the same bytes, here before.
    `n_pages`: how many pages of it need recognition, 0 for what has text.
    """

    grant_key = "thing_id"

    id = models.UUIDField(primary_key=True)
    thing_id = models.UUIDField()
    audience = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    n_begun = models.IntegerField(default=0)
    n_done = models.IntegerField(default=0)
    n_all = models.IntegerField(default=0)
    n_pages = models.IntegerField(default=0)
    n_recognized = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    feedback = models.ForeignKey("bihuan.Feedback", on_delete=models.PROTECT, null=True, related_name="+")
    same_as = models.UUIDField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    said = models.TextField(blank=True)
    ending = models.CharField(max_length=20, blank=True)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake"
        indexes = [models.Index(fields=["post"], condition=Q(put_away_at=None), name="intake_in_sight")]
        constraints = [
            *placed_constraints("intake"),
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="intake_audience"),
            models.CheckConstraint(
                condition=Q(finished_at=None, feedback=None, fault="")
                | Q(finished_at__isnull=False, feedback__isnull=False, fault="")
                | (Q(finished_at__isnull=False, feedback=None) & ~Q(fault="")),
                name="intake_one_end",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(content__isnull=False), name="intake_waits_with_content"
            ),
            models.CheckConstraint(condition=Q(feedback=None) | Q(content=None), name="intake_read_holds_none"),
            models.CheckConstraint(
                condition=Q(put_away_at=None) | Q(finished_at__isnull=False, content=None), name="intake_put_away_ended"
            ),
            models.CheckConstraint(
                condition=Q(n_recognized__gte=0, n_recognized__lte=F("n_pages")), name="intake_recognized_of_pages"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScanPage(Placed):
    """A page of a scan as it was recognized, from the file's way on; `thing_id`: the feedback, come or to come.

    `found`: lines, rules and places of doubt as the reading engine tells them; none where it is to be recognized anew.
    """

    grant_key = "thing_id"

    id = models.UUIDField(primary_key=True)
    thing_id = models.UUIDField()
    number = models.IntegerField()
    found = models.JSONField(null=True)

    class Meta:
        db_table = "scan_page"
        constraints = [
            *placed_constraints("scan_page"),
            models.UniqueConstraint(fields=["thing_id", "number"], name="scan_page_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scan_page_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Feedback(Placed):
    """The feedback opinion to the leadership, or apart to its head; received_on is T0."""

    id = models.UUIDField(primary_key=True)
    audience = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, default="draft")
    received_on = models.DateField(null=True)
    plan_due_on = models.DateField(null=True)
    plan_due_basis = models.CharField(max_length=200, blank=True)
    plan_due_provisional = models.BooleanField(default=False)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "feedback"
        indexes = [models.Index(fields=["unit_lo"], name="feedback_lo")]
        constraints = [
            *placed_constraints("feedback"),
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="feedback_audience"),
            models.CheckConstraint(
                condition=Q(state__in=[state.code for state in FEEDBACK.states]), name="feedback_state"
            ),
            models.CheckConstraint(condition=Q(received_on=None) | Q(state="given"), name="feedback_t0_when_given"),
            models.CheckConstraint(condition=Q(stage=0) | Q(state="given"), name="feedback_unseen_before"),
            models.UniqueConstraint(fields=["id", "unit", "unit_lo", "inspection"], name="feedback_of_drafts"),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(Placed):
    """One of the three receipt signatures, bound to the hash of what was signed."""

    grant_key = "feedback_id"

    id = models.UUIDField(primary_key=True)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        db_table = "signature"
        constraints = [
            *placed_constraints("signature"),
            models.UniqueConstraint(fields=["feedback", "role"], name="signature_once"),
            models.UniqueConstraint(fields=["feedback", "account"], name="signature_one_person"),
            models.CheckConstraint(condition=Q(role__in=RECEIPT_ROLES), name="signature_role"),
        ]

    def __str__(self) -> str:
        return self.role


class Draft(Placed, Described):
    """A finding as the reading engine proposes it, tied to the sentence it came from; `more_spans`: further pieces."""

    grant_key = "feedback_id"

    id = models.UUIDField(primary_key=True)
    # Feedback, unit, place and inspection are one key in the database, see _policies.py.
    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    inspection = models.ForeignKey("bihuan.Inspection", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="drafts", db_constraint=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.IntegerField()
    level = models.CharField(max_length=60, blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField()
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    more_spans = models.JSONField(default=list)
    helping_units = ArrayField(models.UUIDField(), default=list)
    typed_by_hand = models.BooleanField(default=False)
    doubts = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="proposed")
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "draft"
        ordering = ()
        constraints = [
            *placed_constraints("draft"),
            *described_constraints("draft"),
            models.UniqueConstraint(
                fields=["feedback", "position"], name="draft_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(state__in=[state.code for state in DRAFT.states]), name="draft_state"),
            models.CheckConstraint(
                condition=Q(typed_by_hand=True) | Q(span_start__gte=0, span_end__gt=F("span_start")),
                name="draft_has_source",
            ),
        ]

    def __str__(self) -> str:
        return self.level
