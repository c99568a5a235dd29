"""The ledger as a sheet: the chosen columns of any rows, with who took it out, when, and by which filter."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils import timezone

from bihuan.engines import writing
from bihuan.queries.findings.columns import COLUMNS, Speech
from bihuan.queries.findings.lines import Line
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import N_

TooManyRows = writing.TooManyRows
TITLE = N_("台账")
NOTE = N_("%(who)s 于 %(when)s 导出，共 %(n)s 条。条件：%(what)s")
EVERYTHING = N_("看得到的全部")


def note_of(actor: Actor, *, at: datetime, n: int, what: str, say: Speech) -> str:
    """The line above the header: who took it out, when, how many rows, by which filter."""
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    who = f"{actor.person}（{actor.label}）"
    return say.label(NOTE) % {"who": who, "when": when, "n": n, "what": what or say.label(EVERYTHING)}


def write_ledger(
    target: str | Path | IO[bytes], *, rows: Iterable[Line], columns: Sequence[str], say: Speech, note: str = ""
) -> None:
    """Write the rows with these columns. What was typed stays text, days are days. TooManyRows when they do not fit."""
    chosen = [COLUMNS[code] for code in columns]
    heads = [writing.Column(say.label(one.label), one.width, one.kind) for one in chosen]
    cells = [one.cell for one in chosen]

    def said() -> Iterator[list[object]]:
        for row in rows:
            yield [cell(row, say) for cell in cells]

    writing.write_sheet(target, title=say.label(TITLE), columns=heads, rows=said(), note=note)
