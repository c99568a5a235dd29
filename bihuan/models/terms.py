"""Terms (届) with their register of organizations, the work calendar, and counters for human numbers."""

from django.db import models
from django.db.models import F, Q

from bihuan.models.organizations import Organization


class Term(models.Model):
    """One term of the Party committee: coverage is counted within it."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        db_table = "term"
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_period")]

    def __str__(self) -> str:
        return self.name


class RegisterEntry(models.Model):
    """An organization as it stood in one term: what coverage and every figure count, whatever becomes of the tree."""

    id = models.UUIDField(primary_key=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="entries")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="entries")
    name = models.CharField(max_length=120)
    organization_class = models.CharField(max_length=32)
    parent_name = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        db_table = "register_entry"
        # In the order in which coverage counts classes and, within them, different organizations.
        indexes = [
            models.Index(
                fields=["term", "organization_class", "organization"], include=["starts_on", "ends_on"],
                name="register_entry_class",
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["term", "organization", "starts_on"], name="register_entry_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="register_entry_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up workday. Provisional until decreed."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        db_table = "calendar_day"

    def __str__(self) -> str:
        return str(self.day)


class Counter(models.Model):
    """The last number taken in a series; numbers are taken once, never twice."""

    series = models.CharField(max_length=80, primary_key=True)
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "counter"

    def __str__(self) -> str:
        return f"{self.series} {self.last}"
