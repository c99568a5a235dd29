"""Writes lists that are printed: a workbook of sheets whose rows stand in groups, what a group shares in one cell.

Heights are reckoned here: no program fits a row to the words of cells that are joined.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bihuan.engines.writing.cells import BY_KIND, Column, safe, write_cell
from bihuan.engines.writing.sheets import sheet_name

Row = Sequence[object]
FONT = "宋体"
_A4, _LINE, _PADDING, _HIGHEST = 9, 14.5, 5.0, 409.0
_TITLE = {"font_name": FONT, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
_NOTE = {"font_name": FONT, "valign": "vcenter", "text_wrap": True}
_HEAD = {"font_name": FONT, "font_size": 10, "bold": True, "border": 1, "align": "center", "valign": "vcenter"}
_CELL = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter"}
_TOP, _NOTED, _HEADED, _FIRST = range(4)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column; `is_shared`: the group says it once, in its first row."""

    label: str
    width: int
    kind: str = "text"
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One list: the name of its sheet, the title line, the line below it, and its rows in groups."""

    name: str
    title: str
    note: str
    columns: Sequence[ListColumn]
    groups: Sequence[Sequence[Row]]


def write_lists(target: str | Path | IO[bytes], *, title: str, sheets: Sequence[ListSheet]) -> None:
    """Write one sheet for each list: landscape A4, one page wide, its heads on every page."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    try:
        workbook.set_properties({"title": title})
        for one in sheets:
            _write_list(workbook, one)
    finally:
        workbook.close()


def _write_list(workbook: Workbook, one: ListSheet) -> None:
    sheet = workbook.add_worksheet(sheet_name(one.name))
    formats = {kind: workbook.add_format(_CELL | more | {"text_wrap": True}) for kind, more in BY_KIND.items()}
    _write_head(workbook, sheet, one)
    row = _FIRST
    for group in one.groups:
        _write_group(sheet, row, group, one.columns, formats)
        row += len(group)
    sheet.print_area(0, 0, row - 1, len(one.columns) - 1)


def _write_head(workbook: Workbook, sheet: Worksheet, one: ListSheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADED)
    sheet.freeze_panes(_FIRST, 0)
    sheet.set_footer("&C&P / &N")
    last, width = len(one.columns) - 1, sum(column.width for column in one.columns)
    for place, text, style, size, line in ((_TOP, one.title, _TITLE, 16, 24.0), (_NOTED, one.note, _NOTE, 9, 13.0)):
        written = workbook.add_format(style | {"font_size": size})
        if last:
            sheet.merge_range(place, 0, place, last, "", written)
        sheet.write_string(place, 0, safe(text), written)
        sheet.set_row(place, line * lines_of(text, width=width * 10 // size) + _PADDING)
    head = workbook.add_format(_HEAD | {"text_wrap": True})
    for place, column in enumerate(one.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(_HEADED, place, safe(column.label), head)
    sheet.set_row(_HEADED, max(lines_of(one_.label, width=one_.width) for one_ in one.columns) * _LINE + _PADDING)


def _write_group(
    sheet: Worksheet, first: int, group: Sequence[Row], columns: Sequence[ListColumn], formats: Mapping[str, Format]
) -> None:
    for place, column in enumerate(columns):
        cell = Column(column.label, column.width, "date" if column.kind == "date" else "text")
        if column.is_shared and len(group) > 1:
            sheet.merge_range(first, place, first + len(group) - 1, place, "", formats["text"])
            write_cell(sheet, first, place, cell, group[0][place], dict(formats))
            continue
        for down, row in enumerate(group):
            write_cell(sheet, first + down, place, cell, row[place], dict(formats))
    for down, height in enumerate(heights_of(group, columns=columns)):
        sheet.set_row(first + down, height)


def heights_of(group: Sequence[Row], *, columns: Sequence[ListColumn]) -> list[float]:
    """The height of each row in points, so that every word of the group can be read, the shared ones too."""
    own = [place for place, column in enumerate(columns) if not column.is_shared or len(group) == 1]
    needed = [max([1, *(_lines(row[place], columns[place]) for place in own)]) for row in group]
    shared = max([1, *(_lines(group[0][place], columns[place]) for place in range(len(columns)))])
    short = shared - sum(needed)
    if short > 0:
        share, rest = divmod(short, len(needed))
        needed = [n + share + (place < rest) for place, n in enumerate(needed)]
    return [min(_HIGHEST, n * _LINE + _PADDING) for n in needed]


def _lines(cell: object, column: ListColumn) -> int:
    return 1 if cell is None else lines_of(str(cell), width=column.width)


def lines_of(text: str, *, width: int) -> int:
    """How many lines the words take in a column of that many half-width letters; a little more rather than less."""
    room = max(1, width - 1)
    return sum(max(1, math.ceil(_letters(line) / (room - room % 2 or 1))) for line in text.split("\n"))


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)
