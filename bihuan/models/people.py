"""Accounts and the posts they hold for a time."""

from django.db import models
from django.db.models import F, Q

from bihuan.models.organizations import Organization
from bihuan.rules.vocabulary import ROLES


class Account(models.Model):
    """A person who signs in. Only what that needs: a name, an account, a password hash, a token hash."""

    id = models.UUIDField(primary_key=True)
    person = models.CharField(max_length=40)
    name = models.CharField(max_length=40, unique=True)
    password = models.CharField(max_length=200)
    password_changed_at = models.DateTimeField()
    must_change_password = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, blank=True)
    is_open = models.BooleanField(default=True)
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "account"
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="account_token"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role in an organization, held by one account from a day to a day."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        db_table = "post"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="post_role_known"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="post_period"),
            models.UniqueConstraint(
                fields=["account", "role", "organization", "starts_on"], name="post_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"
