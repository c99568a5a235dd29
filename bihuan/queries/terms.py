"""Terms, coverage counted on a day over the term's register, and the work calendar.

Coverage counts a stay on site that ended by the day, once per entry; villages stand apart from the rest.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from bihuan.models import CalendarDay, Inspection, RegisterEntry, Round, Term
from bihuan.queries._rounds import RoundRow, rounds_within
from bihuan.queries.organizations import entries_on
from bihuan.queries.standing import profile_named
from bihuan.rules.access import KEEPS_REGISTER, PLANS_ROUNDS, Actor
from bihuan.rules.vocabulary import N_, ORGANIZATION_CLASSES
from bihuan.rules.work_calendar import WorkCalendar

APART = "village"
ALL_BUT_APART = "all_but_villages"


@dataclass(frozen=True)
class TermRow:
    """One term; `covered` and `total` are None where coverage is not the actor's to know."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date
    is_current: bool
    n_rounds: int
    covered: int | None
    total: int | None


@dataclass(frozen=True)
class TermList:
    """All terms, the latest first."""

    rows: tuple[TermRow, ...]
    may_create: bool


@dataclass(frozen=True)
class TermPage:
    """One term with its rounds, as far as the actor may see them."""

    term: TermRow
    rounds: tuple[RoundRow, ...]
    may_plan: bool


@dataclass(frozen=True)
class CoverageLine:
    """Covered out of total for one class, or for ALL_BUT_APART."""

    organization_class: str
    label: str
    covered: int
    total: int

    @property
    def rate(self) -> str:
        """The rate in percent with two digits; a dash when there is nothing to cover."""
        return f"{100 * self.covered / self.total:.2f}%" if self.total else "—"


@dataclass(frozen=True)
class CoverageEntry:
    """One entry of the register: the organization as it stood, and the earliest stay that covers it.

    Without one it waits since its last stay in an earlier term, or since it came into the register.
    """

    organization: UUID
    name: str
    class_label: str
    parent_name: str
    inspection: UUID | None
    inspection_title: str
    covered_on: date | None
    waiting_since: date | None
    days_waiting: int | None


@dataclass(frozen=True)
class Coverage:
    """Coverage of a term on a day: a line per class, the sum without villages, and the entries asked for."""

    term: UUID
    term_name: str
    on: date
    lines: tuple[CoverageLine, ...]
    sums: tuple[CoverageLine, ...]
    entries: tuple[CoverageEntry, ...]


def terms_for(by: Actor, *, on: date) -> TermList:
    """Every term; with coverage for those who plan rounds."""
    rows = tuple(_term_row(term, by=by, on=on) for term in Term.objects.order_by("-starts_on"))
    return TermList(rows, may_create=by.role in KEEPS_REGISTER)


def term_page(term: UUID, *, by: Actor, on: date) -> TermPage | None:
    """One term; None when there is none."""
    row = Term.objects.filter(pk=term).first()
    if row is None:
        return None
    rounds = rounds_within(Round.objects.filter(term=row), by=by)
    return TermPage(_term_row(row, by=by, on=on), rounds, may_plan=by.role in KEEPS_REGISTER)


def coverage_of(
    term: UUID, *, on: date, by: Actor, organization_class: str = "", covered: bool | None = None
) -> Coverage | None:
    """Coverage on that day, with the entries of one class (empty: all; ALL_BUT_APART), covered or not (None: both).

    None when there is no such term or when planning is not the actor's to know.
    """
    row = Term.objects.filter(pk=term).first()
    if row is None or by.role not in PLANS_ROUNDS:
        return None
    entries = list(entries_on(row.pk, on=on))
    stays = _stays(row, on=on, by=by)
    last = _last_before(row, by=by)
    shown = [
        _coverage_entry(entry, stays.get(entry.organization_id), last=last, on=on)
        for entry in entries
        if _fits(entry, organization_class) and covered in (None, entry.organization_id in stays)
    ]
    if covered is False:
        shown.sort(key=lambda entry: entry.waiting_since or on)
    lines = _lines(entries, stays)
    return Coverage(row.pk, row.name, on, lines, _sums(lines), tuple(shown))


def work_calendar() -> WorkCalendar:
    """The calendar as far as holidays have been decreed; later days follow the weekday, provisionally."""
    exceptions = dict(CalendarDay.objects.filter(provisional=False).values_list("day", "is_workday"))
    if not exceptions:
        # Nothing decreed: one known day long past, so that every real day is provisional.
        return WorkCalendar({}, known_from=date.min, known_through=date.min)
    years = {day.year for day in exceptions}
    return WorkCalendar(exceptions, known_from=date(min(years), 1, 1), known_through=date(max(years), 12, 31))


def _term_row(term: Term, *, by: Actor, on: date) -> TermRow:
    covered = total = None
    n_rounds = 0
    if by.role in PLANS_ROUNDS:
        day = min(max(on, term.starts_on), term.ends_on)
        entries, stays = list(entries_on(term.pk, on=day)), _stays(term, on=day, by=by)
        covered, total = sum(entry.organization_id in stays for entry in entries), len(entries)
        n_rounds = Round.objects.visible_to(by.scope).filter(term=term).aggregate(n=Count("pk"))["n"]
    is_current = term.starts_on <= on <= term.ends_on
    return TermRow(term.pk, term.name, term.starts_on, term.ends_on, is_current, n_rounds, covered, total)


def _stays(term: Term, *, on: date, by: Actor) -> dict[UUID, Inspection]:
    """The earliest stay that ended by the day, of each organization, in rounds of kinds that count."""
    found = Inspection.objects.visible_to(by.scope).filter(round__term=term, leaves_on__lte=on)
    stays: dict[UUID, Inspection] = {}
    for inspection in found.select_related("round").order_by("leaves_on", "id"):
        if _counts(inspection):
            stays.setdefault(inspection.unit_id, inspection)
    return stays


def _last_before(term: Term, *, by: Actor) -> dict[UUID, date]:
    """When the last stay of an earlier term ended, for each organization."""
    found = Inspection.objects.visible_to(by.scope).filter(leaves_on__lt=term.starts_on).exclude(round__term=term)
    rows = found.select_related("round").order_by("leaves_on")
    return {row.unit_id: row.leaves_on for row in rows if row.leaves_on and _counts(row)}


def _counts(inspection: Inspection) -> bool:
    kind = profile_named(inspection.profile).kinds.get(inspection.round.kind)
    return kind is not None and kind.counts_toward_coverage


def _lines(entries: list[RegisterEntry], stays: dict[UUID, Inspection]) -> tuple[CoverageLine, ...]:
    return tuple(
        CoverageLine(code, label, sum(entry.organization_id in stays for entry in of_class), len(of_class))
        for code, label in ORGANIZATION_CLASSES.items()
        if (of_class := [entry for entry in entries if entry.organization_class == code])
    )


def _sums(lines: tuple[CoverageLine, ...]) -> tuple[CoverageLine, ...]:
    """All but the villages, which are never added to the rest (domain 4.3: 分列)."""
    rest = [line for line in lines if line.organization_class != APART]
    if not rest:
        return ()
    covered, total = sum(line.covered for line in rest), sum(line.total for line in rest)
    return (CoverageLine(ALL_BUT_APART, N_("合计（不含村社区）"), covered, total),)


def _fits(entry: RegisterEntry, wanted: str) -> bool:
    if wanted == ALL_BUT_APART:
        return entry.organization_class != APART
    return wanted in ("", entry.organization_class)


def _coverage_entry(
    entry: RegisterEntry, stay: Inspection | None, *, last: dict[UUID, date], on: date
) -> CoverageEntry:
    since = None if stay else last.get(entry.organization_id, entry.starts_on)
    return CoverageEntry(
        organization=entry.organization_id,
        name=entry.name,
        class_label=ORGANIZATION_CLASSES[entry.organization_class],
        parent_name=entry.parent_name,
        inspection=stay.pk if stay else None,
        inspection_title=stay.title if stay else "",
        covered_on=stay.leaves_on if stay else None,
        waiting_since=since,
        days_waiting=(on - since).days if since else None,
    )
