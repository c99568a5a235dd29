"""A ledger looked through without a word written: its head, its columns, and what a check of its rows finds."""

import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.formats.cell_rows import Grid
from bihuan.engines.reading.ledgers import Checked, Column, Layout, NoHead, check, layout_of, opened
from bihuan.queries._import_known import InRound
from bihuan.rules.import_columns import import_words
from bihuan.rules.vocabulary import N_

NO_HEAD, NO_TEXT, NO_UNIT = "no_head", "no_text_column", "no_unit_column"
WITHOUT = {
    NO_HEAD: N_("没有找到表头。请写明表头在第几行，或检查是否选错了文件。"),
    NO_TEXT: N_("还没有选定哪一列是问题内容，请选好后再核对。"),
    NO_UNIT: N_("还没有选定哪一列是被巡察单位，请选好；整份台账只有一个单位的，请选那个单位。"),
}
CHOSEN = "chosen"
# Of longer names of sheets, which Excel does not make, so much is kept.
LONGEST_SHEET = 31
NONE = Layout((), ())


class NotALedger(Exception):
    """The bytes are no ledger: a code, and what is wrong and what to do."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Found:
    """The layout as it was taken, what the check found, or why it could not be made."""

    layout: Layout
    checked: Checked
    fault: str = ""


@dataclass(frozen=True)
class Looked:
    """The sheets of a ledger, and its columns as they are proposed."""

    grids: Sequence[Grid]
    layout: Layout

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that a person may choose among."""
        return [grid.name for grid in self.grids if grid.rows and not grid.is_hidden]

    @property
    def head_key(self) -> str:
        """Tells one head from another."""
        labels = "\n".join(f"{column.place} {column.label}" for column in self.layout.columns)
        return hashlib.sha256(labels.encode()).hexdigest()

    def checked(self, known: InRound, *, columns: Mapping[int, str] | None = None) -> Found:
        """All that is wrong with its rows; `columns`: what a person takes each for, by its place. Raises NotALedger."""
        if self.layout is NONE:
            return Found(NONE, Checked(), NO_HEAD)
        layout = replace(self.layout, columns=_taken(self.layout.columns, columns)) if columns else self.layout
        if "text" not in layout.places:
            return Found(layout, Checked(), NO_TEXT)
        if "unit" not in layout.places and known.only is None:
            if len(known.places) != 1:
                return Found(layout, Checked(), NO_UNIT)
            known.only = next(iter(known.places))
        try:
            return Found(layout, check(self.grids, layout=layout, known=known.known))
        except Unreadable as fault:
            raise NotALedger(fault.code, fault.message) from fault


def _taken(columns: Sequence[Column], codes: Mapping[int, str]) -> tuple[Column, ...]:
    return tuple(
        column
        if codes.get(column.place, "") == column.code
        else replace(column, code=codes.get(column.place, ""), why=CHOSEN, word="")
        for column in columns
    )


@contextmanager
def without_collecting() -> Iterator[None]:
    """While millions of cells are taken up that hold no circles, nobody looks for any: a fifth less work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def look_through(content: bytes, *, sheet: str = "", row: int = 0) -> Looked:
    """The ledger opened, its head found, or taken where a person says. Raises NotALedger.

    `sheet`: this one alone is read; of several with one head all are, where none is said.
    """
    try:
        with without_collecting():
            grids = opened(content)
    except Unreadable as fault:
        raise NotALedger(fault.code, fault.message) from fault
    chosen = next((grid.name for grid in grids if grid.name[:LONGEST_SHEET] == sheet[:LONGEST_SHEET]), sheet)
    try:
        layout = layout_of(grids, words=import_words(), sheet=chosen if sheet else "", row=row)
    except NoHead:
        return Looked(grids, NONE)
    return Looked(grids, replace(layout, sheets=layout.sheets[:1]) if sheet else layout)


def report_of(found: Found, *, names: Sequence[str]) -> dict[str, Any]:
    """The same as it is kept with the import, without its rows; `names`: those of the workbook's sheets."""
    checked = found.checked
    return {
        "names": list(names),
        "sheets": [list(one) for one in found.layout.sheets],
        "columns": [[one.place, one.label, one.code, one.why, one.word] for one in found.layout.columns],
        "n_rows": checked.n_rows,
        "n_left_out": checked.n_left_out,
        "n_faults": checked.n_faults,
        "counts": checked.counts,
        "faults": [[one.sheet, one.cell, one.code, one.was, list(one.near)] for one in checked.faults],
    }
