"""Verdicts: what each reviewer of a plan, and each signer of a closing, decided about exactly which content."""

from django.db import models
from django.db.models import Q

from bihuan.models._visibility import Placed, placed_constraints
from bihuan.models.closing import ClosingRequest
from bihuan.models.findings import Finding
from bihuan.models.people import Account, Post
from bihuan.models.plans import Plan
from bihuan.rules.vocabulary import VERDICTS


class Verdict(Placed):
    """One verdict per role and content."""

    grant_key = "finding_id"

    id = models.UUIDField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="verdicts")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="verdicts")
    closing_request = models.ForeignKey(ClosingRequest, on_delete=models.PROTECT, null=True, related_name="verdicts")
    role = models.CharField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8)
    opinion = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "verdict"
        constraints = [
            *placed_constraints("verdict"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="verdict_known"),
            models.CheckConstraint(
                condition=Q(plan__isnull=False, closing_request=None) | Q(plan=None, closing_request__isnull=False),
                name="verdict_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["plan", "role"], condition=Q(plan__isnull=False, verdict="agree"), name="verdict_plan_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "account"], condition=Q(plan__isnull=False, verdict="agree"), name="verdict_plan_person"
            ),
            models.UniqueConstraint(
                fields=["closing_request", "account"],
                condition=Q(closing_request__isnull=False, verdict="agree"),
                name="verdict_closing_person",
            ),
            models.UniqueConstraint(
                fields=["closing_request", "role"],
                condition=Q(closing_request__isnull=False, verdict="agree"),
                name="verdict_closing_once",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict
