"""Ledgers from elsewhere, as who sent them sees them: columns, faults by their cells, and what each row would be."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from bihuan.engines.reading.ledgers import FAULTS
from bihuan.models import Draft, Feedback, Inspection, LedgerImport, LedgerImportRow
from bihuan.queries._import_known import in_round
from bihuan.queries._import_looks import (
    CHOSEN,
    LONGEST_SHEET,
    NO_HEAD,
    NO_TEXT,
    WITHOUT,
    NotALedger,
    look_through,
    report_of,
)
from bihuan.queries._import_outcomes import WHY, Difference, outcomes
from bihuan.queries._left_behind import in_hands_of, whether_left
from bihuan.queries._likeness import LikeFinding, most_like
from bihuan.queries._offered import UnitChoice, rounds_offered
from bihuan.rules.access import Actor
from bihuan.rules.import_columns import CHANGED, NEW

__all__ = [
    "APPLIED",
    "CHOSEN",
    "FAULTS",
    "FAULTY",
    "LONGEST_SHEET",
    "NOTHING",
    "NO_HEAD",
    "NO_TEXT",
    "READING",
    "READY",
    "REFUSED",
    "RUNNING",
    "TWICE",
    "WAITING",
    "WHY",
    "WITHOUT",
    "Choices",
    "Difference",
    "FaultRow",
    "ImportPage",
    "ImportRow",
    "NotALedger",
    "Preview",
    "PreviewRow",
    "choices_for",
    "import_page",
    "imports_of",
    "previewed",
    "rounds_for",
    "units_of",
]  # fmt: skip

PAGE = 50
UNAPPLIED = Q(applied_at=None)
WAITING, READING, REFUSED, FAULTY = "waiting", "reading", "refused", "faulty"
READY, NOTHING, APPLIED = "ready", "nothing", "applied"
RUNNING = (WAITING, READING)
# Faults by which a cell further up is near, and not what was meant.
TWICE = ("row_twice", "number_twice")


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file: its place from 0, its words, what it is taken for, why, and by which word."""

    place: int
    label: str
    code: str
    why: str
    word: str


@dataclass(frozen=True)
class FaultRow:
    """What is wrong with one cell: a code of engines.reading.ledgers.FAULTS, what stands there, what was meant."""

    sheet: str
    cell: str
    code: str
    was: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a check found, by a code of _import_looks.WITHOUT where none could be made; `outcomes` are counts.

    `sheets` are those of the workbook, `taken` those of them that were read.
    """

    columns: tuple[ColumnRow, ...]
    n_rows: int
    n_left_out: int
    n_faults: int
    counts: Mapping[str, int]
    faults: tuple[FaultRow, ...]
    outcomes: Mapping[str, int]
    sheets: tuple[str, ...]
    taken: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class ImportRow:
    """One ledger on its way; `said`: why it was refused, `left_by`: who sent it, where nobody holds that post now."""

    id: UUID
    name: str
    sender: str
    round: str
    round_id: UUID
    size: int
    sent_at: datetime
    state: str
    said: str
    preview: Preview
    n_checked: int
    sheet: str
    head_row: int
    only: UUID | None
    left_by: str


@dataclass(frozen=True)
class PreviewRow:
    """One row of the file with what it would be; `number` of the finding that it tells of, `draft` that it became.

    `like`: a finding of the unit that a new row resembles, without saying the same.
    """

    sheet: str
    row: int
    unit: str
    text: str
    outcome: str
    number: str
    finding: UUID | None
    draft: UUID | None
    differences: tuple[Difference, ...]
    like: LikeFinding | None


@dataclass(frozen=True)
class Made:
    """A feedback that an import made, and how many drafts are in it."""

    id: UUID
    title: str
    unit: str
    drafts: int


@dataclass(frozen=True)
class Choices:
    """The sheets of the workbook, and the units of the round."""

    sheets: tuple[str, ...]
    units: tuple[UnitChoice, ...]


@dataclass(frozen=True)
class ImportPage:
    """A ledger with one page of its rows, the units that it may be for, and the feedback it became."""

    row: ImportRow
    rows: tuple[PreviewRow, ...]
    number: int
    n_pages: int
    units: tuple[UnitChoice, ...]
    made: tuple[Made, ...]


def previewed(
    content: bytes, *, round_id: UUID, actor: Actor, on: date, only: UUID | None = None, sheet: str = "", row: int = 0
) -> Preview:
    """A ledger checked against the round, without a word written. Raises NotALedger."""
    looked = look_through(content, sheet=sheet, row=row)
    known = in_round(actor, round_id=round_id, on=on, only=only)
    found = looked.checked(known)
    counts: Counter[str] = Counter()
    if not found.fault and not found.checked.n_faults:
        counts.update(one.code for one in outcomes(found.checked.rows, known=known, layout=found.layout))
    return _preview(report_of(found, names=looked.sheets) | {"outcomes": counts}, found.fault)


def imports_of(actor: Actor, *, on: date) -> tuple[ImportRow, ...]:
    """What the post sent and has not put away, the latest first; and what those left unapplied who went."""
    mine = in_hands_of(actor, on=on, unfinished=UNAPPLIED)
    return tuple(map(_row, _known(actor, on).filter(mine, put_away_at=None).order_by("-sent_at")))


def import_page(
    ledger_import: UUID, *, actor: Actor, on: date, outcome: str = "", number: int = 1
) -> ImportPage | None:
    """A ledger of one's own side, with the rows that have this outcome; None when not yours to know."""
    row = _known(actor, on).filter(pk=ledger_import).first()
    if row is None:
        return None
    rows = LedgerImportRow.objects.visible_to(actor.scope).filter(ledger_import=row, check_number=row.n_checked)
    chosen = rows.filter(outcome=outcome) if outcome else rows
    counts = row.report.get("outcomes", {})
    total = counts.get(outcome, 0) if outcome else sum(counts.values())
    n_pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), n_pages)
    shown = _shown(chosen, number, is_applied=row.applied_at is not None, actor=actor) if counts else ()
    return ImportPage(_row(row), shown, number, n_pages, units_of(row.round_id, actor=actor), _made(row, actor))


def choices_for(ledger_import: UUID, *, actor: Actor) -> Choices | None:
    """Between what a person may choose for it; None when not yours to know."""
    found = LedgerImport.objects.visible_to(actor.scope).filter(pk=ledger_import)
    row = found.values_list("round_id", "report").first()
    return Choices(tuple(row[1].get("names", ())), units_of(row[0], actor=actor)) if row else None


def units_of(round_id: UUID, *, actor: Actor) -> tuple[UnitChoice, ...]:
    """The units inspected in a round, as far as they are seen."""
    found = Inspection.objects.visible_to(actor.scope).filter(round_id=round_id)
    return tuple(UnitChoice(*one) for one in found.order_by("unit_lo").values_list("unit_id", "unit__name"))


def rounds_for(actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """The rounds that a ledger may be for, the latest first."""
    return tuple((one.id, one.name) for one in rounds_offered(actor))


def _known(actor: Actor, on: date) -> QuerySet[Any]:
    """With the number of the round as its inspections have it: a unit sees these, and not the round."""
    inspections = Inspection.objects.visible_to(actor.scope).filter(round=OuterRef("round"))
    told = Concat("office_word", Value("〔"), "year", Value("〕"), "round_number", output_field=CharField())
    found = LedgerImport.objects.visible_to(actor.scope).defer("content").select_related("account")
    return found.annotate(is_left=whether_left(on), round_said=Subquery(inspections.values_list(told)[:1]))


def _row(row: Any) -> ImportRow:
    return ImportRow(
        row.pk, row.name, row.sender, row.round_said or "", row.round_id, row.size, row.sent_at, _state(row), row.said,
        _preview(row.report, row.fault), row.n_checked, row.sheet, row.head_row, row.only_id,
        row.account.person if row.is_left else "",
    )  # fmt: skip


def _state(row: LedgerImport) -> str:
    if row.applied_at:
        return APPLIED
    if row.fault:
        return REFUSED
    if row.checked_at is None:
        return READING if row.begun_at else WAITING
    outcomes = row.report.get("outcomes", {})
    if row.report.get("n_faults"):
        return FAULTY
    return READY if outcomes.get(NEW) or outcomes.get(CHANGED) else NOTHING


def _preview(report: Mapping[str, Any], fault: str) -> Preview:
    usual: dict[str, Any] = {"columns": [], "faults": [], "counts": {}, "outcomes": {}, "names": [], "sheets": []}
    said = {**usual, **report}
    return Preview(
        columns=tuple(ColumnRow(*one) for one in said["columns"]),
        n_rows=said.get("n_rows", 0),
        n_left_out=said.get("n_left_out", 0),
        n_faults=said.get("n_faults", 0),
        counts=said["counts"],
        faults=tuple(FaultRow(sheet, cell, code, was, tuple(near)) for sheet, cell, code, was, near in said["faults"]),
        outcomes=said["outcomes"],
        sheets=tuple(said["names"]),
        taken=tuple(name for name, _bottom in said["sheets"]),
        fault=fault,
    )


def _shown(rows: QuerySet[LedgerImportRow], number: int, *, is_applied: bool, actor: Actor) -> tuple[PreviewRow, ...]:
    ordered = rows.order_by("position").select_related("target__unit", "finding")
    page = list(ordered[(number - 1) * PAGE : number * PAGE])
    texts = {one.pk: one.source[one.text_from : one.text_from + one.text_length] for one in page}
    # Applied it is a draft, which the bench shows beside what it is like.
    new = [one for one in page if one.outcome == NEW and not is_applied]
    like = most_like({one.pk: (one.target.unit_id, texts[one.pk]) for one in new}, actor=actor)
    return tuple(
        PreviewRow(
            one.sheet, one.row, one.target.unit.name, texts[one.pk],
            one.outcome, one.finding.number if one.finding else "", one.finding_id,
            one.pk if is_applied and one.outcome == NEW else None, tuple(Difference(*each) for each in one.said),
            like.get(one.pk),
        )
        for one in page
    )  # fmt: skip


def _made(row: LedgerImport, actor: Actor) -> tuple[Made, ...]:
    if row.applied_at is None:
        return ()
    first = LedgerImportRow.objects.filter(ledger_import=row, check_number=row.n_checked, outcome=NEW).order_by(
        "target_id", "position"
    )
    drafts = Draft.objects.visible_to(actor.scope).filter(pk__in=first.distinct("target_id").values("pk"))
    found = Feedback.objects.visible_to(actor.scope).filter(pk__in=drafts.values("feedback")).order_by("unit_lo")
    counts = Counter(Draft.objects.filter(feedback__in=found).values_list("feedback_id", flat=True))
    return tuple(Made(one.pk, one.title, one.unit.name, counts[one.pk]) for one in found.select_related("unit"))
