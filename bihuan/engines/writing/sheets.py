"""Writes one table as an .xlsx sheet that is safe to open: text stays text, never a formula or a link."""

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bihuan.engines.writing.cells import BY_KIND, Column, safe, write_cell

MAX_ROWS = 1_048_575  # one row of the sheet is the header

_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HEADER = {"bold": True, "bg_color": "#E6F0F0", "border": 1, "border_color": "#B8C4C4", "valign": "vcenter"}
_NOTE = {"font_color": "#5A6663"}
_A4 = 9
_CELL = {"valign": "top", "border": 1, "border_color": "#D8DEDE"}


class TooManyRows(Exception):
    """A sheet holds 1,048,575 rows and no more; nothing usable was written."""


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
        sheet = workbook.add_worksheet(sheet_name(title))
        formats = {kind: workbook.add_format(_CELL | more) for kind, more in BY_KIND.items()}
        top = 1 if note else 0
        if note:
            sheet.write_string(0, 0, safe(note), workbook.add_format(_NOTE))
        _write_header(sheet, columns, workbook.add_format(_HEADER), top=top)
        last = top
        with _nothing_collected():
            for last, row in enumerate(rows, start=top + 1):
                if last > MAX_ROWS:
                    raise TooManyRows(f"一张表最多 {MAX_ROWS} 行。请缩小范围，分几次导出。")
                _write_row(sheet, last, columns, row, formats)
        if columns:
            sheet.autofilter(top, 0, last, len(columns) - 1)
    finally:
        workbook.close()


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Rows hold nothing that holds them: looking for such rings again and again is a fifth of writing a long sheet."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def sheet_name(title: str) -> str:
    """The title as a name that every program takes for a sheet."""
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
        sheet.write_string(top, position, safe(column.label), style)


def _write_row(
    sheet: Worksheet, number: int, columns: Sequence[Column], row: Sequence[object], formats: dict[str, Format]
) -> None:
    for position, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if type(cell) is str and cell:  # nearly every cell; the same as below, without the call
            sheet.write_string(number, position, safe(cell), formats["text"])
        else:
            write_cell(sheet, number, position, column, cell, formats)
