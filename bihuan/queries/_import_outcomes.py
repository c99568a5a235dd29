"""What a row of a ledger would be: a new draft, progress of a finding, nothing new, or in conflict with a decision.

A conflict is shown with both values and never applied; what the file calls done closes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from bihuan.engines.reading.ledgers import Layout, LedgerRow, alike
from bihuan.queries._import_known import REPORTS, InRound, Place, Stands
from bihuan.rules.import_columns import AGREEING, CHANGED, CONFLICT, NEW, UNCHANGED
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import COMMONALITIES, N_, SEVERITIES

STATES = {state.code: state.label for state in FINDING.states}
DESCRIBED = ("category", "severity", "commonality", "amount")
# Conflicts that are no difference of a column.
TWICE, DROPPED, ADDS, REPORTED, FUTURE, EARLY = "twice", "dropped", "adds", "reports", "future", "early"
WHY = {
    TWICE: N_("文件里另有一行说的是同一个问题"),
    DROPPED: N_("这一条已有人认定不是问题"),
    ADDS: N_("您的职务不能新增问题，请交巡察办"),
    REPORTED: N_("现在不能由您填报进展，请由责任单位在整改期间填报"),
    FUTURE: N_("进展日期在今天之后，请改正"),
    EARLY: N_("进展日期早于签收反馈之日，请改正"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A column (or a code of WHY) in which the file says something else: what stands here, what stands there."""

    column: str
    here: str
    there: str


class Outcome(NamedTuple):
    """What the row would be, for which inspection; the finding that it tells of, and what is different."""

    row: LedgerRow
    code: str
    inspection: UUID
    finding: Stands | None = None
    differences: tuple[Difference, ...] = ()


def outcomes(rows: Sequence[LedgerRow], *, known: InRound, layout: Layout) -> Iterator[Outcome]:
    """Each row in its order."""
    told: set[UUID] = set()
    places = {key: known.places[UUID(key)] for key in {row.unit for row in rows}}
    heard = {text for _unit, text in known.by_text} | {text for _unit, text in known.drafted}
    for row in rows:
        place = places[row.unit]
        if not row.number and row.alike not in heard:
            yield _unheard_of(row, place, "")
            continue
        finding = known.by_number.get(row.number) if row.number else known.by_text.get((place.unit, row.alike))
        if finding is None:
            yield _unheard_of(row, place, known.drafted.get((place.unit, row.alike), ""))
            continue
        differences = tuple(_differences(row, finding, layout, known))
        if finding.id in told:
            differences = (Difference(TWICE, finding.number, row.text), *differences)
        told.add(finding.id)
        yield _of_finding(row, place, finding, differences, known)


def _unheard_of(row: LedgerRow, place: Place, draft: str) -> Outcome:
    if draft == "dropped":
        return Outcome(row, CONFLICT, place.inspection, None, (Difference(DROPPED, "", row.text),))
    if draft:
        return Outcome(row, UNCHANGED, place.inspection)
    if not place.adds:
        return Outcome(row, CONFLICT, place.inspection, None, (Difference(ADDS, "", row.text),))
    return Outcome(row, NEW, place.inspection)


def _of_finding(
    row: LedgerRow, place: Place, finding: Stands, differences: tuple[Difference, ...], known: InRound
) -> Outcome:
    says_more = bool(row.progress) and alike(row.progress) not in known.reported[finding.id]
    if says_more:
        differences = (*differences, *_refused(row, place, finding, known))
    if differences:
        return Outcome(row, CONFLICT, place.inspection, finding, differences)
    if says_more:
        return Outcome(row, CHANGED, place.inspection, finding, (Difference("progress", "", row.progress),))
    return Outcome(row, UNCHANGED, place.inspection, finding)


def _refused(row: LedgerRow, place: Place, finding: Stands, known: InRound) -> Iterator[Difference]:
    """Why the step would not take this progress."""
    if not (place.reports and finding.state in REPORTS.sources):
        yield Difference(REPORTED, "", row.progress)
    elif row.progress_on and row.progress_on > known.on:
        yield Difference(FUTURE, "", row.progress_on.isoformat())
    elif row.progress_on and finding.given and row.progress_on < finding.given:
        yield Difference(EARLY, "", row.progress_on.isoformat())


def _differences(row: LedgerRow, finding: Stands, layout: Layout, known: InRound) -> Iterator[Difference]:
    """Where the file contradicts what a person decided; what it does not say contradicts nothing."""
    places = layout.places

    def there(code: str) -> str:
        return row.cells[places[code]].strip()

    if row.alike != alike(finding.text):
        yield Difference("text", finding.text, row.text)
    for code in DESCRIBED:
        said, stands = getattr(row, code), getattr(finding, code)
        if said and said != stands:
            yield Difference(code, _shown(code, stands, known), there(code))
    if row.lead and row.lead != str(finding.lead or finding.unit):
        yield Difference("lead", _unit_name(finding.lead or finding.unit, known), there("lead"))
    if row.due and finding.due and row.due != finding.due:
        yield Difference("due", finding.due.isoformat(), there("due"))
    if row.state and not _agrees(row.state, finding.state):
        yield Difference("state", STATES[finding.state], there("state"))


def _agrees(said: str, state: str) -> bool:
    return state in AGREEING[said] if said in AGREEING else state != "closed"


def _shown(code: str, value: str | Decimal | date | None, known: InRound) -> str:
    if code == "category" and value in known.profile.taxonomy.categories:
        return known.profile.taxonomy.categories[str(value)].label["zh"]
    return SEVERITIES.get(str(value), COMMONALITIES.get(str(value), str(value or "")))


def _unit_name(unit: UUID, known: InRound) -> str:
    return next((one.name for one in known.known.units.values() if one.key == str(unit)), "")
