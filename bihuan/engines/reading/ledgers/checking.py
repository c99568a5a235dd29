"""A ledger by its layout to rows: every cell that is wrong is told at once, with its place and what would be right.

Works column by column on distinct words. Notes, sums and repeated heads are left out and counted, never guessed at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice, repeat
from typing import Any

from bihuan.engines.reading.formats.cell_rows import MAX_CELLS, TOO_MANY, Grid
from bihuan.engines.reading.ledgers.shapes import Fault, Known, Layout, LedgerRow, Unit, alike, place_name
from bihuan.engines.reading.ledgers.values import Reader, Wrong, error_in, readers
from bihuan.engines.reading.shapes import Unreadable

MOST_FAULTS = 2_000
_NEAR_LENGTH = 200
_NOTE = re.compile(
    r"\s*(?:[(（【]?(?:备注|注|说明|填表|填报|制表|审核|负责人|联系人|单位盖章|盖章|附[:：件])|合\s*计|小\s*计|总\s*计|共计)"
)
_TEXTS = frozenset({"text", "progress"})
# What cells give to a row, in the order of its fields, and what stands there where they say nothing.
_GIVEN: dict[str, Any] = {one.name: one.default for one in fields(LedgerRow)[3:-1]}
_AT_ONCE = 5_000


@dataclass(slots=True)
class Checked:
    """What the check found: rows without a fault, the first faults in their order, how many of each kind."""

    rows: list[LedgerRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    n_rows: int = 0
    n_left_out: int = 0
    n_faults: int = 0

    def add(self, fault: Fault) -> None:
        """One more; beyond MOST_FAULTS it is only counted."""
        self.n_faults += 1
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
        rows = (one for one in grid.rows if one[0] > bottom)
        while some := list(islice(rows, _AT_ONCE)):
            checker.take(sheet, some)
    return checked


def _fill_down(grid: Grid, bottom: int) -> None:
    """What stands in a cell that reaches down stands in every row that it reaches."""
    tall = [area for area in grid.merged if area[1][0] > area[0][0] >= bottom]
    if not tall:
        return
    rows = dict(grid.rows)
    lowest = grid.rows[-1][0] if grid.rows else 0
    if sum(min(last, lowest) - top for (top, _left), (last, _right) in tall) > MAX_CELLS:
        raise Unreadable("too_large", TOO_MANY)
    for (top, left), (last, _right) in tall:
        above = rows.get(top + 1, [])
        words = above[left] if left < len(above) else ""
        for number in range(top + 2, min(last + 1, lowest) + 1) if words else ():
            cells = rows.get(number)
            if cells is not None:
                cells.extend([""] * (left + 1 - len(cells)))
                cells[left] = cells[left] or words


class _Column(dict[str, Any]):
    """What each distinct cell of a column says; it is understood once. Long texts are hardly ever the same twice."""

    def __init__(self, code: str, place: int, read: Reader) -> None:
        super().__init__()
        self.code = code
        self.has_wrong = False
        self._place = place
        self._reader = read

    def __missing__(self, words: str) -> Any:
        self[words] = value = self._read(words)
        return value

    def of(self, rows: Iterable[Sequence[str]]) -> list[Any]:
        """What they say here."""
        at, said = self._place, self._read if self.code in _TEXTS else self.__getitem__
        return [said(cells[at] if at < len(cells) else "") for cells in rows]

    def _read(self, words: str) -> Any:
        """Units by their keys; where the words say nothing, what then stands in a row."""
        value, words = _GIVEN[self.code], words.strip()
        if words or self.code == "text":
            value = error_in(words) or self._reader(words)
        elif self.code == "unit":
            value = Wrong("unit_missing")
        if isinstance(value, Wrong):
            self.has_wrong = True
        elif isinstance(value, Unit):
            return value.key
        elif self.code == "helping" and value:
            return tuple(unit.key for unit in value)
        return _GIVEN[self.code] if value is None else value


class _Checker:
    """Takes some thousand rows after others; remembers which findings were told already."""

    def __init__(self, layout: Layout, known: Known, checked: Checked) -> None:
        self.known = known
        self.checked = checked
        self.head = {column.place: "".join(column.label.split()) for column in layout.columns}
        self.places = layout.places
        self.has_sheets = len(layout.sheets) > 1
        self.by_key = {unit.key: unit for unit in known.units.values()}
        every: dict[str, Reader] = readers(known, label_of_amount=layout.label_of("amount"))
        self.columns = {code: _Column(code, place, every[code]) for code, place in self.places.items()}
        only = next((unit.key for unit in known.units.values() if unit.key == known.only), "")
        self.unsaid = {**_GIVEN, "unit": only}
        self.texts: dict[tuple[str, str], LedgerRow] = {}
        self.numbers: dict[str, LedgerRow] = {}

    def take(self, sheet: str, rows: Sequence[tuple[int, list[str]]]) -> None:
        """Rows of the file: each understood, left out, or told as wrong."""
        taken = [one for one in rows if not self._is_left_out(one[1])]
        self.checked.n_rows += len(taken)
        self.checked.n_left_out += len(rows) - len(taken)
        numbers, cells = [one[0] for one in taken], [one[1] for one in taken]
        columns = self.columns
        said = [columns[code].of(cells) if code in columns else repeat(self.unsaid[code]) for code in _GIVEN]
        suspect = [code for code, column in columns.items() if column.has_wrong]
        for row in map(LedgerRow, repeat(sheet), numbers, cells, *said):
            if suspect and (wrongs := [(code, one) for code in suspect if type(one := getattr(row, code)) is Wrong]):
                self._tell(row, wrongs)
                continue
            row.alike = alike(row.text)
            if wrongs := self._together(row):
                self._tell(row, wrongs)
            else:
                self.checked.rows.append(row)

    def _words(self, cells: Sequence[str], code: str) -> str:
        place = self.places.get(code, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _is_left_out(self, cells: Sequence[str]) -> bool:
        """Nothing in any column that counts, a note or a sum, or the head once more."""
        place = self.places["text"]
        text = cells[place].strip() if place < len(cells) else ""
        if text:
            return text == self.head.get(place)
        is_empty = not any(self._words(cells, code) for code in self.places)
        return is_empty or bool(_NOTE.match(next((words for words in cells if words.strip()), "")))

    def _together(self, row: LedgerRow) -> list[tuple[str, Wrong]]:
        """What is wrong between the cells of a row, and between rows."""
        wrongs: list[tuple[str, Wrong]] = []
        if row.number:
            wrongs.extend(self._numbered(row))
        elif (earlier := self.texts.setdefault((row.unit, row.alike), row)) is not row:
            wrongs.append(("text", Wrong("row_twice", (self._cell("text", earlier),))))
        if row.due and row.given and row.due < row.given:
            wrongs.append(("due", Wrong("due_before_given")))
        if row.lead:
            unit, lead = self.by_key.get(row.unit), self.by_key.get(row.lead)
            if unit and lead and not unit.lo <= lead.lo <= unit.hi:
                wrongs.append(("lead", Wrong("lead_elsewhere", (unit.name,))))
        return wrongs

    def _numbered(self, row: LedgerRow) -> Iterator[tuple[str, Wrong]]:
        of = self.known.numbers[row.number]
        if of != row.unit:
            other = self.by_key.get(of)
            yield "number", Wrong("number_elsewhere", (other.name,) if other else ())
        earlier = self.numbers.setdefault(row.number, row)
        if earlier is not row:
            yield "number", Wrong("number_twice", (self._cell("number", earlier),))

    def _cell(self, code: str, row: LedgerRow) -> str:
        place = f"{place_name(self.places[code])}{row.row}"
        return f"{row.sheet}!{place}" if self.has_sheets else place

    def _tell(self, row: LedgerRow, wrongs: Iterable[tuple[str, Wrong]]) -> None:
        for code, wrong in wrongs:
            place = self.places.get(code, self.places.get("text", 0))
            # The mark for a result that was never saved stands in no file.
            was = "" if wrong.code == "cell_not_saved" else self._words(row.cells, code)[:_NEAR_LENGTH]
            self.checked.add(Fault(row.sheet, row.row, place, wrong.code, was, wrong.near))
