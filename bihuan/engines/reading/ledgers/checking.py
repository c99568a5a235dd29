"""A ledger by its layout to rows: every cell that is wrong is told at once, with its place and what would be right.

Works column by column on distinct words. Notes, sums and repeated heads are left out and counted, never guessed at.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.engines.reading.formats.cell_rows import Grid
from bihuan.engines.reading.ledgers.shapes import Fault, Known, Layout, LedgerRow, alike, place_name
from bihuan.engines.reading.ledgers.values import Reader, Wrong, error_in, readers

MOST_FAULTS = 2_000
_NEAR_LENGTH = 200
_NOTE = re.compile(
    r"\s*(?:[(（【]?(?:备注|注|说明|填表|填报|制表|审核|负责人|联系人|单位盖章|盖章|附[:：件])|合\s*计|小\s*计|总\s*计|共计)"
)
_TEXTS = frozenset({"text", "progress"})


@dataclass(slots=True)
class Checked:
    """What the check found: rows without a fault, the first faults in their order, how many of each kind."""

    rows: list[LedgerRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    n_rows: int = 0
    n_left_out: int = 0

    @property
    def n_faults(self) -> int:
        """How many cells are wrong, also those that are not kept."""
        return sum(self.counts.values())

    def add(self, fault: Fault) -> None:
        """One more; beyond MOST_FAULTS it is only counted."""
        self.counts[fault.code] = self.counts.get(fault.code, 0) + 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def check(grids: Sequence[Grid], *, layout: Layout, known: Known) -> Checked:
    """Every row of the sheets of the layout, with all faults."""
    checked = Checked()
    checker = _Checker(layout, known, checked)
    by_name = {grid.name: grid for grid in grids}
    for sheet, bottom in layout.sheets:
        grid = by_name[sheet]
        _fill_down(grid, bottom)
        for number, cells in grid.rows:
            if number > bottom:
                checker.take(sheet, number, cells)
    return checked


def _fill_down(grid: Grid, bottom: int) -> None:
    """What stands in a cell that reaches down stands in every row that it reaches."""
    tall = [area for area in grid.merged if area[1][0] > area[0][0] >= bottom]
    if not tall:
        return
    rows = dict(grid.rows)
    for (top, left), (last, _right) in tall:
        above = rows.get(top + 1, [])
        words = above[left] if left < len(above) else ""
        for number in range(top + 2, last + 2) if words else ():
            cells = rows.get(number)
            if cells is not None:
                cells.extend([""] * (left + 1 - len(cells)))
                cells[left] = cells[left] or words


class _Checker:
    """Takes row after row; remembers what each distinct cell says, and which findings were told already."""

    def __init__(self, layout: Layout, known: Known, checked: Checked) -> None:
        self.known = known
        self.checked = checked
        self.head = {column.place: "".join(column.label.split()) for column in layout.columns}
        self.places = layout.places
        self.has_sheets = len(layout.sheets) > 1
        self.of_number = {alike(number): unit for number, unit in known.numbers.items()}
        self.only = next((unit for unit in known.units.values() if unit.key == known.only), None)
        self.by_key = {unit.key: unit for unit in known.units.values()}
        every: dict[str, Reader] = readers(known, label_of_amount=layout.label_of("amount"))
        self.columns = [(code, place, every[code], dict[str, Any]()) for code, place in self.places.items()]
        self.texts: dict[tuple[str, str], str] = {}
        self.numbers: dict[str, str] = {}

    def take(self, sheet: str, number: int, cells: list[str]) -> None:
        """One row of the file: understood, left out, or told as wrong."""
        said = {code: cells[place].strip() if place < len(cells) else "" for code, place, _read, _seen in self.columns}
        if self._is_left_out(said, cells):
            self.checked.n_left_out += 1
            return
        self.checked.n_rows += 1
        row = LedgerRow(sheet, number, cells)
        before = self.checked.n_faults
        values = dict(self._values(sheet, number, said))
        if self.checked.n_faults > before:
            return
        self._fill(row, values)
        for code, wrong in self._together(row):
            self._tell(sheet, number, code, wrong, said.get(code, ""))
        if self.checked.n_faults == before:
            self.checked.rows.append(row)

    def _is_left_out(self, said: dict[str, str], cells: Sequence[str]) -> bool:
        """Nothing in any column that counts, a note or a sum, or the head once more."""
        if said.get("text"):
            return said["text"] == self.head.get(self.places.get("text", -1))
        filled = [words for words in said.values() if words]
        first = next((words for words in cells if words.strip()), "")
        return not filled or bool(_NOTE.match(first))

    def _values(self, sheet: str, number: int, said: dict[str, str]) -> Iterator[tuple[str, Any]]:
        for code, _place, read, seen in self.columns:
            words = said[code]
            if code in _TEXTS:
                value = error_in(words) or (read(words) if words or code == "text" else "")
            elif words in seen:
                value = seen[words]
            else:
                value = seen[words] = self._read(code, read, words)
            if type(value) is Wrong:
                self._tell(sheet, number, code, value, words)
            else:
                yield code, value

    @staticmethod
    def _read(code: str, read: Reader, words: str) -> Any:
        if not words:
            return Wrong("unit_missing") if code == "unit" else None
        return error_in(words) or read(words)

    def _fill(self, row: LedgerRow, values: dict[str, Any]) -> None:
        for code, value in values.items():
            if value is None:
                continue
            if code in ("unit", "lead"):
                setattr(row, code, value.key)
            elif code == "helping":
                row.helping = tuple(unit.key for unit in value)
            else:
                setattr(row, code, value)
        if "unit" not in values and self.only:
            row.unit = self.only.key
        row.alike = alike(row.text)

    def _together(self, row: LedgerRow) -> Iterator[tuple[str, Wrong]]:
        """What is wrong between the cells of a row, and between rows."""
        yield from self._named_again(row)
        if row.due and row.given and row.due < row.given:
            yield "due", Wrong("due_before_given")
        unit, lead = self.by_key.get(row.unit), self.by_key.get(row.lead)
        if unit and lead and not unit.lo <= lead.lo <= unit.hi:
            yield "lead", Wrong("lead_elsewhere", (unit.name,))

    def _named_again(self, row: LedgerRow) -> Iterator[tuple[str, Wrong]]:
        if row.number:
            of = self.of_number.get(alike(row.number))
            if of is None:
                yield "number", Wrong("number_unknown")
            elif of != row.unit:
                other = self.by_key.get(of)
                yield "number", Wrong("number_elsewhere", (other.name,) if other else ())
            earlier = self.numbers.setdefault(alike(row.number), self._cell("number", row))
            if earlier != self._cell("number", row):
                yield "number", Wrong("number_twice", (earlier,))
        else:
            earlier = self.texts.setdefault((row.unit, row.alike), self._cell("text", row))
            if earlier != self._cell("text", row):
                yield "text", Wrong("row_twice", (earlier,))

    def _cell(self, code: str, row: LedgerRow) -> str:
        place = f"{place_name(self.places[code])}{row.row}"
        return f"{row.sheet}!{place}" if self.has_sheets else place

    def _tell(self, sheet: str, number: int, code: str, wrong: Wrong, words: str) -> None:
        place = self.places.get(code, self.places.get("text", 0))
        self.checked.add(Fault(sheet, number, place, wrong.code, words[:_NEAR_LENGTH], wrong.near))
