"""Verdicts: what each reviewer of a plan, and each signer of a closing, decided about exactly which content."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.closing import ClosingRequest
from bihuan.models.findings import Finding
from bihuan.models.people import Account, Post
from bihuan.models.plans import PlanRow
from bihuan.rules.vocabulary import VERDICTS


class Verdict(Placed):
    """One verdict per role and content."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="verdicts")
    plan_row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, null=True, related_name="verdicts")
    closing_request = models.ForeignKey(ClosingRequest, on_delete=models.PROTECT, null=True, related_name="verdicts")
    role = models.CharField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8)
    opinion = models.TextField(blank=True)
    points = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "verdict"
        constraints = [
            *placed_constraints("verdict"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="verdict_known"),
            models.CheckConstraint(
                condition=Q(plan_row__isnull=False, closing_request=None)
                | Q(plan_row=None, closing_request__isnull=False),
                name="verdict_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["plan_row", "role"],
                condition=Q(plan_row__isnull=False, verdict="agree"),
                name="verdict_plan_once",
            ),
            models.UniqueConstraint(
                fields=["plan_row", "account"],
                condition=Q(plan_row__isnull=False, verdict="agree"),
                name="verdict_plan_person",
            ),
            models.UniqueConstraint(
                fields=["closing_request", "account", "content_hash"],
                condition=Q(closing_request__isnull=False, verdict="agree"),
                name="verdict_closing_person",
            ),
            models.UniqueConstraint(
                fields=["closing_request", "role", "content_hash"],
                condition=Q(closing_request__isnull=False, verdict="agree"),
                name="verdict_closing_once",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict
