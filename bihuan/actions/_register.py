"""The register of a term follows the tree from the day of each change on; what stood before stays as it was.

Entries run from a day through a day, both included: figures of an earlier day never change (row P1).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from bihuan.models import Organization, RegisterEntry, Term
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES

_ONE_DAY = timedelta(days=1)


def enter_all(term: Term, *, at: datetime) -> int:
    """Entries, from the term's first day, for every inspectable organization that has none; how many were made."""
    present = set(RegisterEntry.objects.filter(term=term).values_list("organization_id", flat=True))
    rows = Organization.objects.filter(organization_class__in=INSPECTABLE_CLASSES, ended_on=None).exclude(
        pk__in=present
    )
    made = [_entry(term, row, term.starts_on, at) for row in rows.select_related("parent").order_by("lo")]
    RegisterEntry.objects.bulk_create(made)
    return len(made)


def follow(organizations: Iterable[UUID], *, at: datetime) -> None:
    """Let the registers of this and later terms show these organizations as they now stand, from the day of `at` on."""
    day = timezone.localdate(at)
    rows = list(Organization.objects.filter(pk__in=list(organizations)).select_related("parent"))
    for term in Term.objects.filter(ends_on__gte=day, entries__isnull=False).distinct():
        entries = RegisterEntry.objects.filter(term=term, organization__in=rows)
        last = {entry.organization_id: entry for entry in entries.order_by("starts_on")}
        for row in rows:
            _follow(term, row, last.get(row.pk), max(day, term.starts_on), at)


def _follow(term: Term, row: Organization, entry: RegisterEntry | None, day: date, at: datetime) -> None:
    stands = row.ended_on is None and row.organization_class in INSPECTABLE_CLASSES
    if entry is not None and entry.ends_on is None:
        if stands and _shown(entry) == _now(row):
            return
        if not stands or entry.starts_on < day:
            # The last day of an ended organization counts; a renamed one is under its new name from the day on.
            entry.ends_on = max(day if not stands else day - _ONE_DAY, entry.starts_on)
            entry.save(update_fields=["ends_on"])
        else:
            entry.name, entry.organization_class, entry.parent_name = _now(row)
            entry.save(update_fields=["name", "organization_class", "parent_name"])
            return
    if stands:
        _entry(term, row, day, at).save(force_insert=True)


def _entry(term: Term, row: Organization, day: date, at: datetime) -> RegisterEntry:
    name, organization_class, parent_name = _now(row)
    return RegisterEntry(
        id=new_id(at),
        term=term,
        organization=row,
        name=name,
        organization_class=organization_class,
        parent_name=parent_name,
        starts_on=day,
    )


def _shown(entry: RegisterEntry) -> tuple[str, str, str]:
    return entry.name, entry.organization_class, entry.parent_name


def _now(row: Organization) -> tuple[str, str, str]:
    return row.name, row.organization_class, row.parent.name if row.parent else ""
