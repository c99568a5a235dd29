"""Coverage of the term that a day lies in, per class of the register: for those who plan rounds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from bihuan.models import Inspection, RegisterEntry, Term
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.terms import ALL_BUT_APART, APART
from bihuan.rules.access import PLANS_ROUNDS, Actor
from bihuan.rules.metrics import rate
from bihuan.rules.vocabulary import N_, ORGANIZATION_CLASSES


@dataclass(frozen=True)
class ClassCoverage:
    """Covered out of the register, for one class or for ALL_BUT_APART; None is no value: nothing to cover."""

    organization_class: str
    label: str
    covered: int
    total: int
    coverage_rate: Decimal | None


@dataclass(frozen=True)
class TermCoverage:
    """A term on a day: a line per class, and the sum without the villages, which are never added to the rest."""

    term: UUID
    term_name: str
    on: date
    lines: tuple[ClassCoverage, ...]
    whole: ClassCoverage


def coverage_on(actor: Actor, *, on: date) -> TermCoverage | None:
    """Coverage of the term of that day; None without a term, and for those whose it is not to know."""
    if actor.role not in PLANS_ROUNDS:
        return None
    term = Term.objects.filter(starts_on__lte=on, ends_on__gte=on).first()
    if term is None:
        return None
    counts = {code: (covered, total) for code, covered, total in _counted(actor, term, on)}
    lines = tuple(
        _line(code, ORGANIZATION_CLASSES[code], *counts[code]) for code in ORGANIZATION_CLASSES if code in counts
    )
    rest = [line for line in lines if line.organization_class != APART]
    whole = _line(
        ALL_BUT_APART, N_("合计（不含村社区）"), sum(line.covered for line in rest), sum(line.total for line in rest)
    )
    return TermCoverage(term.pk, term.name, on, lines, whole)


def _counted(actor: Actor, term: Term, on: date) -> list[tuple[str, int, int]]:
    counting = Q()
    for profile in profiles_in_use():
        kinds = [code for code, kind in profile.kinds.items() if kind.counts_toward_coverage]
        counting |= Q(profile=profile.name, round__kind__in=kinds)
    stays = Inspection.objects.visible_to(actor.scope).filter(counting, round__term=term, leaves_on__lte=on)
    entries = RegisterEntry.objects.filter(term=term, starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    # Looked for among all that was covered, taken out once: asked of each entry it takes five times as long.
    is_covered = Q(organization__in=stays.values("unit"))
    rows = (
        entries.order_by()
        .values("organization_class")
        .annotate(
            covered=Count("organization", distinct=True, filter=is_covered),
            total=Count("organization", distinct=True),
        )
    )
    return [(row["organization_class"], row["covered"], row["total"]) for row in rows]


def _line(code: str, label: str, covered: int, total: int) -> ClassCoverage:
    return ClassCoverage(code, label, covered, total, rate(covered, of=total))
