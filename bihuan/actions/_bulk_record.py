"""The record of what is loaded in bulk: events as actions/_record.py writes them, changes of state as _step.py does."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.actions._bulk_content import Hand
from bihuan.actions._bulk_rows import NULL, Formatted, Lines, formatted, plain
from bihuan.actions._record import canonical
from bihuan.rules.identifiers import new_id_text, new_salt

NOTHING, EMPTY = "{}", '""'


def said(**values: Any) -> str:
    """What an act says before or after, as canonical JSON."""
    return canonical(values)


@dataclass
class Record:
    """Writes events to the rows. `whole`: of everything; otherwise of what carries figures and visibility alone."""

    rows: Lines
    zone: ZoneInfo
    whole: bool = True

    def event(
        self, thing: str, thing_id: str, step: str, *, at: datetime, by: Hand, place: Formatted | None = None,
        belongs_to: str = "", state_from: str = "", state_to: str = "", reason: str = "", before: str = NOTHING,
        after: str = NOTHING, because_of: str | None = None, content_hash: str = "",
    ) -> str:  # fmt: skip
        """Header, body and, for business things, place; the event's id."""
        event, salt = new_id_text(at), new_salt()
        body = f'{{"after":{after},"before":{before},"reason":{canonical(reason) if reason else EMPTY}}}'
        digest = hashlib.sha256((salt + body).encode()).hexdigest()
        line = self.rows.put_line
        line(
            "event",
            f"{event}\t{at.isoformat()}\tweb\t{by.account}\t{by.post}\t{plain(by.words)}\t{thing}\t{thing_id}\t{step}\t"
            f"{state_from}\t{state_to}\t{because_of or NULL}\t{content_hash}\t{digest}",
        )
        line("event_body", f"{event}\t{plain(reason)}\t{plain(before)}\t{plain(after)}\t{salt}")
        if place is not None:
            line("event_place", f"{event}\t{belongs_to or thing_id}\t{place}")
        return event

    def change(
        self, finding: str, state_from: str, state_to: str, *, at: datetime, event: str, place: Formatted
    ) -> None:
        """A finding's state from one to another, on the day that it is there."""
        self.rows.put_line(
            "state_change",
            f"{new_id_text(at)}\t{finding}\t{state_from}\t{state_to}\t{self.day(at)}\t{at.isoformat()}\t{event}\t{place}",
        )

    def day(self, at: datetime) -> date:
        """The day of an instant where this installation is."""
        return at.date() if at.tzinfo is self.zone else at.astimezone(self.zone).date()


def places(unit: str, unit_lo: int, inspection: str, secrecy: int = 0) -> Mapping[tuple[int, str], Formatted]:
    """The place of every row of an inspection, by stage and side."""
    return {
        (stage, side): formatted(unit, unit_lo, inspection, stage, side, secrecy)
        for stage in (0, 1)
        for side in ("both", "office", "unit")
    }
