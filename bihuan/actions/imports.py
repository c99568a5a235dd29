"""Ledgers from elsewhere: sent, checked without a row of business written, previewed, applied whole or not at all.

What reads large files in the background is jobs/imports.py (decision 0023).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from bihuan.actions import _documents, _step
from bihuan.actions._import_drafts import put_drafts
from bihuan.actions._import_rows import put_rows
from bihuan.actions._mandate import one_at_a_time
from bihuan.actions._mandate import only as only_roles
from bihuan.actions._record import write_event
from bihuan.actions._uploads import sniff
from bihuan.actions.progress import Entry, report
from bihuan.actions.refusals import Overtaken, Refused, Unknown, Unreadable
from bihuan.engines.reading.ledgers import alike
from bihuan.models import Draft, LedgerImport, LedgerImportRow, Round
from bihuan.models._visibility import placed_like
from bihuan.queries import _import_outcomes
from bihuan.queries._import_known import in_round
from bihuan.queries._import_looks import (
    LONGEST_SHEET,
    Looked,
    NotALedger,
    look_through,
    report_of,
    without_collecting,
)
from bihuan.queries._left_behind import gone
from bihuan.queries._offered import rounds_offered
from bihuan.rules.access import Actor
from bihuan.rules.file_names import own_name
from bihuan.rules.identifiers import first_id_of, new_id
from bihuan.rules.import_columns import CHANGED, CONFLICT, MAY_IMPORT, NEW
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, SECRECY_ORDINARY

# A file up to so many bytes is checked while its person waits.
AT_ONCE = 2 * 2**20
MOST_BEGUN = 3
LONGEST_NAME = 200
_CLOCKS = timedelta(minutes=1)


@dataclass(frozen=True)
class Begun:
    """A ledger that is to be read now, with what a person took its columns for."""

    name: str
    content: bytes
    sheet: str
    head_row: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Applied:
    """What came of it: how many drafts in which feedback, how many findings of which progress was reported."""

    feedback: tuple[UUID, ...]
    drafts: int
    reported: int
    skipped: int


def send(
    *, round_id: UUID, name: str, content: bytes, by: Actor, at: datetime, sender: str = "", only: UUID | None = None,
    sheet: str = "", head_row: int = 0,
) -> UUID:  # fmt: skip
    """Keep a ledger for a round as it came; `only`: the unit of all its rows where no column names one.

    `sheet` and `head_row`: where its head is, when a person says so.

    Raises NotYours, Unknown (round), Unreadable (a type that is not taken, too large).
    """
    only_roles(MAY_IMPORT, by=by)
    if round_id not in {one.id for one in rounds_offered(by)}:
        raise Unknown("round", round_id)
    sniff(content, name=name)
    row = LedgerImport(
        id=new_id(at), round_id=round_id, name=own_name(name)[-LONGEST_NAME:], size=len(content), content=content,
        sha256=hashlib.sha256(content).hexdigest(), account_id=by.account, post_id=by.post, sent_at=at,
        sender=sender.strip()[:120], only_id=only, sheet=sheet[:LONGEST_SHEET], head_row=head_row,
        **_place(round_id, by),
    )  # fmt: skip
    row.save(force_insert=True)
    _record(row, "send", by=by, at=at, after={"file": row.name, "sha256": row.sha256, "size": row.size})
    return row.pk


def _place(round_id: UUID, by: Actor) -> dict[str, object]:
    """Seen by the side that sent it: the office with the round, a unit with itself."""
    if by.scope.side == "unit":
        where = {"unit_id": by.organization, "unit_lo": by.lo, "stage": 1}
    else:
        of = Round.objects.visible_to(by.scope).get(pk=round_id)
        where = {"unit_id": of.unit_id, "unit_lo": of.unit_lo, "stage": 0}
    return {**where, "inspection_id": None, "side": by.scope.side, "secrecy": SECRECY_ORDINARY}


def take_columns(
    ledger_import: UUID, *, columns: Mapping[int, str], by: Actor, at: datetime, sheet: str = "", head_row: int = 0,
    only: UUID | None = None, seen: int | None = None,
) -> None:  # fmt: skip
    """Take each column (by its place from 0) for what a person says, to be checked anew.

    What is said of another head than the one found then is not taken; what its sender left becomes one's own. Raises
    Unknown, Overtaken, Refused (applied already, being checked, one thing in two columns).
    """
    row = _open(ledger_import, by=by, seen=seen)
    is_left = LedgerImport.objects.filter(gone(localdate(at)), pk=row.pk).exists()
    if row.begun_at and row.checked_at is None and not row.fault and not is_left:
        raise Refused(Objection("import_is_checked", N_("正在核对这份台账，请等核对完再改。")))
    taken = {str(place): code for place, code in columns.items() if code}
    if len(set(taken.values())) < len(taken):
        raise Refused(Objection("column_twice", N_("两列选成了同一项，请只留一列。"), "columns"))
    row.columns, row.sheet, row.head_row, row.only_id = taken, sheet[:LONGEST_SHEET], head_row, only
    row.checked_at, row.begun_at, row.n_begun, row.fault, row.said, row.sent_at = None, None, 0, "", "", at
    row.report = {}
    if is_left:
        row.account_id, row.post_id = by.account, by.post
        _record(row, "take_up", by=by, at=at, after={})
    row.save()


def see_to(ledger_import: UUID, *, by: Actor, at: datetime) -> None:
    """Check it at once where it is small; a large one is checked in the background. Raises Unknown."""
    row = _locked(ledger_import, by=by)
    if row.size <= AT_ONCE:
        check(ledger_import, by=by, at=at)
        return
    app.configure_task("check_import").defer(account=str(by.account), post=str(by.post), ledger_import=str(row.pk))


def check(ledger_import: UUID, *, by: Actor, at: datetime) -> None:
    """Read and check it at once. Raises Unknown, Refused (applied already); what is wrong with it stands in it."""
    begun = begin_check(ledger_import, by=by, at=at)
    if begun is None:
        return
    try:
        keep_check(ledger_import, looked=read_begun(begun), by=by, at=at)
    except Unreadable as fault:
        refuse(ledger_import, fault=fault, by=by, at=at)


def begin_check(ledger_import: UUID, *, by: Actor, at: datetime) -> Begun | None:
    """Take up the check, also again after a worker was lost. None when it is at its end already."""
    row = _locked(ledger_import, by=by)
    if row.checked_at or row.applied_at or row.fault:
        return None
    if row.n_begun >= MOST_BEGUN:
        said = N_("读这个文件时程序几次中断，没有读成。请把文件拆小后再上传。")
        _refused(row, Unreadable("broke_off", said))
        return None
    row.begun_at, row.n_begun = at, row.n_begun + 1
    row.save(update_fields=["begun_at", "n_begun"])
    return Begun(row.name, bytes(row.content), row.sheet, row.head_row, dict(row.columns))


def read_begun(begun: Begun) -> Looked:
    """The sheets and the head, outside of any transaction. Raises Unreadable."""
    try:
        return look_through(begun.content, sheet=begun.sheet, row=begun.head_row)
    except NotALedger as fault:
        raise Unreadable(fault.code, fault.reason, file=begun.name) from fault


def keep_check(ledger_import: UUID, *, looked: Looked, by: Actor, at: datetime) -> None:
    """What the check finds, and where nothing is wrong each row with what it would be. Raises Unreadable."""
    row = _locked(ledger_import, by=by)
    if row.checked_at is None and row.applied_at is None:
        with without_collecting():
            _keep(row, looked=looked, by=by, at=at)


def _keep(row: LedgerImport, *, looked: Looked, by: Actor, at: datetime) -> None:
    if row.head_key not in ("", looked.head_key):
        row.columns = {}
    row.head_key = looked.head_key
    chosen = {int(place): code for place, code in (row.columns or _remembered(row, by)).items()}
    known = in_round(by, round_id=row.round_id, on=localdate(at), only=row.only_id)
    try:
        found = looked.checked(known, columns=chosen)
    except NotALedger as fault:
        raise Unreadable(fault.code, fault.reason, file=row.name) from fault
    row.n_checked, row.checked_at, row.fault = row.n_checked + 1, at, found.fault
    row.report = report_of(found, names=looked.sheets)
    if not found.fault and not found.checked.n_faults:
        rows = _import_outcomes.outcomes(found.checked.rows, known=known, layout=found.layout)
        version = known.profile.taxonomy.version
        text_at = found.layout.places["text"]
        row.report["outcomes"] = put_rows(row, rows, text_at=text_at, taxonomy=version, at=at)
    row.save()


def _remembered(row: LedgerImport, by: Actor) -> Mapping[str, str]:
    """What a person took the columns of this head for, when this sender's ledger came before."""
    before = LedgerImport.objects.visible_to(by.scope).filter(sender=row.sender, head_key=row.head_key)
    taken = before.exclude(pk=row.pk).exclude(columns={}).order_by("-sent_at")
    found = taken.values_list("columns", flat=True).first()
    return found or {}


def refuse(ledger_import: UUID, *, fault: Unreadable, by: Actor, at: datetime) -> None:
    """It cannot be read, for this reason."""
    row = _locked(ledger_import, by=by)
    if row.checked_at is None:
        row.checked_at = at
        _refused(row, fault)


def _refused(row: LedgerImport, fault: Unreadable) -> None:
    row.fault, row.said = fault.code, fault.message
    row.save()


def apply(
    ledger_import: UUID, *, by: Actor, at: datetime, on: date, skip_conflicts: bool = False, seen: int | None = None
) -> Applied:
    """New rows become drafts, changed ones progress, all or nothing; what is in conflict is skipped where that is said.

    Raises Unknown, Overtaken (checked anew since, or a finding was changed), Refused (faults, conflicts, nothing new).
    """
    row = _open(ledger_import, by=by, seen=seen)
    counts = row.report.get("outcomes")
    if row.checked_at is None or row.fault or counts is None:
        raise Refused(Objection("import_has_faults", N_("核对还没有通过，不能写入。请先改正文件，再重新上传。")))
    if counts.get(CONFLICT) and not skip_conflicts:
        said = N_("有 %(count)s 行与现有记录冲突，没有写入。请改正文件，或选择跳过这些行。")
        raise Refused(Objection("import_in_conflict", said, "skip", values={"count": counts[CONFLICT]}))
    if not counts.get(NEW) and not counts.get(CHANGED):
        raise Refused(Objection("import_says_nothing", N_("文件里没有可以写入的内容。")))
    # Two ledgers of one round that say the same come one after the other.
    one_at_a_time(f"import {row.round_id}")
    _refuse_what_was_overtaken(row, by=by)
    feedback = put_drafts(row, head=row.name, title=_documents.titled("", name=row.name), by=by, at=at)
    reported = _report(row, by=by, at=at, on=on)
    row.applied_at = at
    row.save(update_fields=["applied_at"])
    done = Applied(tuple(feedback), counts.get(NEW, 0), reported, counts.get(CONFLICT, 0))
    after = {"file": row.name, "sha256": row.sha256, "rows": counts, "feedback": len(feedback)}
    _record(row, "apply", by=by, at=at, after=after)
    return done


def _refuse_what_was_overtaken(row: LedgerImport, *, by: Actor) -> None:
    """Raise Overtaken where what the preview showed is otherwise now, or a new row came by another way."""
    rows = LedgerImportRow.objects.filter(ledger_import=row, check_number=row.n_checked)
    # Rows that are new tell of no finding; a conflict may.
    told = sum(n for code, n in row.report["outcomes"].items() if code != NEW)
    stale = rows.filter(finding__isnull=False).exclude(finding__revision=F("seen"))
    changed = stale.values_list("finding_id", flat=True).first() if told else None
    if changed:
        raise _step.overtaken(changed)
    since = first_id_of((row.checked_at or row.sent_at) - _CLOCKS)
    # Drafts of a ledger have the ids of its rows, which may be older than this one; their feedback is made with them.
    came = Q(pk__gte=since) | Q(feedback__gte=since)
    fresh = Draft.objects.visible_to(by.scope).filter(came, inspection__round_id=row.round_id)
    there = {
        (inspection, alike(text)): key for key, inspection, text in fresh.values_list("pk", "inspection_id", "text")
    }
    if not there:
        return
    new = rows.filter(outcome=NEW, target__in={inspection for inspection, _text in there})
    for target, source, start, length in new.values_list("target_id", "source", "text_from", "text_length"):
        again = there.get((target, alike(source[start : start + length])))
        if again:
            raise _step.overtaken(again)


def _report(row: LedgerImport, *, by: Actor, at: datetime, on: date) -> int:
    rows = LedgerImportRow.objects.filter(ledger_import=row, check_number=row.n_checked, outcome=CHANGED)
    entries = [
        Entry(one.finding_id, one.progress, one.done_on, seen=one.seen)
        for one in rows.order_by("position")
        if one.finding_id
    ]
    if entries:
        report(entries, by=by, at=at, on=on)
    return len(entries)


def put_away(ledger_import: UUID, *, by: Actor, at: datetime) -> None:
    """Take it out of one's sight; rows and file stay with the record. Raises Unknown."""
    row = _locked(ledger_import, by=by)
    if row.put_away_at is None:
        row.put_away_at = at
        row.save(update_fields=["put_away_at"])
        _record(row, "put_away", by=by, at=at, after={})


def _record(row: LedgerImport, step: str, *, by: Actor, at: datetime, after: Mapping[str, object]) -> None:
    write_event(thing="ledger_import", thing_id=row.pk, step=step, by=by, at=at, place=placed_like(row), after=after)


def _locked(ledger_import: UUID, *, by: Actor) -> LedgerImport:
    # Without its bytes, which would be read and written again with every change.
    rows = LedgerImport.objects.visible_to(by.scope).defer("content").select_for_update(no_key=True)
    row = rows.filter(pk=ledger_import).first()
    if row is None:
        raise Unknown("ledger_import", ledger_import)
    only_roles(MAY_IMPORT, by=by)
    return row


def _open(ledger_import: UUID, *, by: Actor, seen: int | None) -> LedgerImport:
    row = _locked(ledger_import, by=by)
    if row.applied_at:
        raise Refused(Objection("import_applied", N_("这份台账已经写入，不能再办。")))
    if seen is not None and seen != row.n_checked:
        raise Overtaken(by=by.person, at=row.checked_at or row.sent_at, step="send", thing="ledger_import")
    return row
