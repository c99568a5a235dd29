"""Progress of several findings at once, as a clerk reports it: all or nothing. One alone goes through findings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from bihuan.actions.findings import StepTaken, take_step
from bihuan.actions.refusals import Refused
from bihuan.rules.access import Actor
from bihuan.rules.typed import Objection, StepInput
from bihuan.rules.vocabulary import N_


@dataclass(frozen=True)
class Entry:
    """What was done about one finding, and the revision that the person saw."""

    finding: UUID
    text: str
    done_on: date | None = None
    measure: UUID | None = None
    seen: int | None = None


def report(entries: Sequence[Entry], *, by: Actor, at: datetime, on: date) -> tuple[StepTaken, ...]:
    """Report them all, in the order of their findings so that two who report at once do not wait for each other.

    Raises what findings.take_step raises; of a Refused, `where` says which entry, counted from 1.
    """
    if not entries:
        raise Refused(Objection("progress_missing", N_("请至少填写一条进展。"), "entries"))
    numbered = sorted(enumerate(entries, 1), key=lambda one: (one[1].finding, one[0]))
    return tuple(_report(entry, number, by=by, at=at, on=on) for number, entry in numbered)


def _report(entry: Entry, number: int, *, by: Actor, at: datetime, on: date) -> StepTaken:
    typed = StepInput(progress=entry.text, done_on=entry.done_on, measure=entry.measure)
    try:
        return take_step(
            finding=entry.finding, step="report_progress", typed=typed, by=by, at=at, on=on, seen=entry.seen
        )
    except Refused as refused:
        objection = refused.objection
        raise Refused(replace(objection, where=f"entries.{number}.{objection.where}")) from refused
