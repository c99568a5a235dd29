"""Writes one table as an .xlsx sheet that is safe to open: text stays text, never a formula or a link."""

import datetime
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_575  # one row of the sheet is the header
MAX_CELL = 32_767
CUT = "……（过长，已截断）"

_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEADER = {"bold": True, "bg_color": "#E6F0F0", "border": 1, "border_color": "#B8C4C4", "valign": "vcenter"}
_NOTE = {"font_color": "#5A6663"}
_A4 = 9
# Sheets count days from here, and a 29 February 1900 among them, the sixtieth, that never was.
_DAY_ZERO, _NEVER_WAS = datetime.date(1899, 12, 30).toordinal(), 60
_CELL = {"valign": "top", "border": 1, "border_color": "#D8DEDE"}


class TooManyRows(Exception):
    """A sheet holds 1,048,575 rows and no more; nothing usable was written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and what its cells are."""

    label: str
    width: int = 16
    kind: Literal["text", "number", "date"] = "text"


def write_sheet(
    path_or_buffer: str | Path | IO[bytes], *, title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]],
    note: str = "",
) -> None:  # fmt: skip
    """Write the rows under a styled, frozen, filtered header; raises TooManyRows when they do not fit.

    `note` stands in a line of its own above the header; on paper both are repeated on every page.
    """
    target = str(path_or_buffer) if isinstance(path_or_buffer, Path) else path_or_buffer
    options: dict[str, object] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"strings_to_numbers": False, "remove_timezone": True}
    workbook = xlsxwriter.Workbook(target, options)
    try:
        workbook.set_properties({"title": title})
        sheet = workbook.add_worksheet(_sheet_name(title))
        formats = {kind: workbook.add_format(_CELL | more) for kind, more in _BY_KIND.items()}
        top = 1 if note else 0
        if note:
            sheet.write_string(0, 0, _safe(note), workbook.add_format(_NOTE))
        _write_header(sheet, columns, workbook.add_format(_HEADER), top=top)
        last = top
        for last, row in enumerate(rows, start=top + 1):
            if last > MAX_ROWS:
                raise TooManyRows(f"一张表最多 {MAX_ROWS} 行。请缩小范围，分几次导出。")
            for position, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if type(cell) is str and cell:  # nearly every cell; the same as below, without the call
                    sheet.write_string(last, position, _safe(cell), formats["text"])
                else:
                    _write_cell(sheet, last, position, column, cell, formats)
        if columns:
            sheet.autofilter(top, 0, last, len(columns) - 1)
    finally:
        workbook.close()


_BY_KIND: dict[str, dict[str, object]] = {
    "text": {"text_wrap": True},
    "number": {},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}


def _sheet_name(title: str) -> str:
    name = _FORBIDDEN_IN_NAME.sub(" ", title).strip(" '")[:31].strip(" '")
    return name if name and name.lower() != "history" else "表1"


def _write_header(sheet: Worksheet, columns: Sequence[Column], style: Format, *, top: int) -> None:
    sheet.freeze_panes(top + 1, 0)
    sheet.set_row(top, 24)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, top)
    sheet.set_footer("&C&P / &N")
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(top, position, _safe(column.label), style)


def _write_cell(
    sheet: Worksheet, row: int, position: int, column: Column, cell: object, formats: dict[str, Format]
) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, position, None, formats["text"])
    elif column.kind == "number" and _is_number(cell):
        sheet.write_number(row, position, cell, formats["number"])
    elif column.kind == "date" and isinstance(cell, datetime.datetime):
        sheet.write_datetime(row, position, cell, formats["instant"])
    elif column.kind == "date" and isinstance(cell, datetime.date):
        _write_day(sheet, row, position, cell, formats["date"])
    else:
        sheet.write_string(row, position, _safe(str(cell)), formats["text"])


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


def _safe(text: str) -> str:
    text = text if text.isprintable() else _CONTROL.sub("", text)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(CUT)] + CUT
