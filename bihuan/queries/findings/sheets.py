"""The ledger as a sheet: the chosen columns of any rows, with who took it out, when, and by which filter."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import IO

from django.utils import timezone

from bihuan.engines import writing
from bihuan.queries.findings.columns import IN_SHEETS, ORDER, PRINTED, Column, Speech
from bihuan.queries.findings.lines import Line
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import N_

TooManyRows = writing.TooManyRows
TITLE, PRINTED_TITLE = N_("台账"), N_("整改台账")
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
    chosen = [IN_SHEETS[code] for code in columns]
    widths = PRINTED if is_printed(columns) else {}
    heads = [
        writing.Column(say.label(one.label), widths.get(code, one.width), one.kind)
        for code, one in zip(columns, chosen, strict=True)
    ]
    cells = cells_of(columns, say=say)

    def said() -> Iterator[list[object]]:
        for row in rows:
            yield [cell(row) for cell in cells]

    title = say.label(PRINTED_TITLE if widths else TITLE)
    writing.write_sheet(target, title=title, columns=heads, rows=said(), note=note)


def is_printed(columns: Sequence[str]) -> bool:
    """Whether these are the columns of the printed ledger."""
    return tuple(columns) == tuple(PRINTED)


def cells_of(columns: Sequence[str], *, say: Speech) -> list[Callable[[Line], object]]:
    """What makes the cells of a row; the place in the sheet is counted from one, row by row."""
    places = count(1)
    return [(lambda _row: next(places)) if code == ORDER else _cell_of(IN_SHEETS[code], say) for code in columns]


def _cell_of(column: Column, say: Speech) -> Callable[[Line], object]:
    """The cell of a column as it is written hundreds of thousands of times."""
    if column.told == "as read":
        return attrgetter(f"read.{column.reads[0]}")
    if column.told == "of few":
        return _worded_once(column, say)
    return lambda row: column.cell(row, say)


def _worded_once(column: Column, say: Speech) -> Callable[[Line], object]:
    read, known = attrgetter(*(f"read.{name}" for name in column.reads)), dict[object, object]()

    def cell(row: Line) -> object:
        told = read(row)
        if told not in known:
            known[told] = column.cell(row, say)
        return known[told]

    return cell
