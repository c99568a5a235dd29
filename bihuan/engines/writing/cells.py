"""One cell of a sheet that is safe to open: text stays text, never a formula or a link; days and numbers as such."""

import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MAX_CELL = 32_767
CUT = "……（过长，已截断）"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Sheets count days from here, and a 29 February 1900 among them, the sixtieth, that never was.
_DAY_ZERO, _NEVER_WAS = datetime.date(1899, 12, 30).toordinal(), 60
BY_KIND: dict[str, dict[str, object]] = {
    "text": {"text_wrap": True},
    "number": {},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and what its cells are."""

    label: str
    width: int = 16
    kind: Literal["text", "number", "date"] = "text"


def write_cell(
    sheet: Worksheet, row: int, position: int, column: Column, cell: object, formats: dict[str, Format]
) -> None:
    """Write what is in the cell as what its column says it is; anything else as text. `formats` by kind."""
    if cell is None or cell == "":
        sheet.write_blank(row, position, None, formats["text"])
    elif column.kind == "number" and _is_number(cell):
        sheet.write_number(row, position, cell, formats["number"])
    elif column.kind == "date" and isinstance(cell, datetime.datetime):
        sheet.write_datetime(row, position, cell, formats["instant"])
    elif column.kind == "date" and isinstance(cell, datetime.date):
        _write_day(sheet, row, position, cell, formats["date"])
    else:
        sheet.write_string(row, position, safe(str(cell)), formats["text"])


def _write_day(sheet: Worksheet, row: int, position: int, day: datetime.date, style: Format) -> None:
    """A day by its number in a sheet, which xlsxwriter would find out each time anew by subtracting clocks."""
    number = day.toordinal() - _DAY_ZERO
    if number > _NEVER_WAS:
        sheet.write_number(row, position, number, style)
    else:
        sheet.write_datetime(row, position, day, style)


def _is_number(cell: object) -> bool:
    """Numbers a sheet can hold; longer whole numbers stay text, or their last digits would be lost."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return False
    return math.isfinite(cell) and abs(float(cell)) < 10**15


def safe(text: str) -> str:
    """The text without what no file may hold, cut to what a cell holds."""
    text = text if text.isprintable() else _CONTROL.sub("", text)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(CUT)] + CUT
