"""Somebody's own empty form, an .xlsx of any make: whether it can be taken, and where its head stands.

Nothing is filled in here (filled.py), and what a head means is not known here. openpyxl is large: import this late.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bihuan.engines.writing.packages import NotAForm, refuse_what_is_harmful

# A head stands near the top, and a form is no wider than this.
LOWEST_HEAD, WIDEST, LONGEST_HEAD = 40, 100, 40
JOINT = " "


@dataclass(frozen=True, slots=True)
class FormHead:
    """The head of a form: its sheet, its first and last row, its columns by place (from 1) with their words."""

    sheet: str
    top: int
    bottom: int
    columns: tuple[tuple[int, str], ...]


def opened(content: bytes) -> Workbook:
    """The form as a workbook, after it has been found harmless. NotAForm where it is not."""
    refuse_what_is_harmful(content)
    try:
        return openpyxl.load_workbook(io.BytesIO(content), keep_links=False, keep_vba=False)
    except Exception as fault:  # a damaged file makes openpyxl fail in any way
        raise NotAForm("damaged") from fault


def head_of(content: bytes, *, knows: Callable[[str], bool], row: int = 0, sheet: str = "") -> FormHead:
    """The head of the form: the row with the most words that are known; `row` where a person has pointed to it."""
    book = opened(content)
    sheets = [one for one in book.worksheets if not sheet or one.title == sheet]
    if row:
        heads = [_head_at(one, row) for one in sheets[:1]]
    else:
        heads = [_head_at(one, place) for one in sheets for place in range(1, min(one.max_row, LOWEST_HEAD) + 1)]
    found = [head for head in heads if len({label for _place, label in head.columns}) > (0 if row else 1)]
    if not found:
        raise NotAForm("no_head")
    # Of a head of several rows each row finds the same; the first that is best is taken.
    return max(found, key=lambda head: (_weight(head, knows), -head.top))


def _weight(head: FormHead, knows: Callable[[str], bool]) -> tuple[int, int]:
    words = {label for _place, label in head.columns}
    return sum(map(knows, words)), len(words)


def _head_at(sheet: Worksheet, row: int) -> FormHead:
    """The head that holds this row: merged cells that reach above or below it belong to it."""
    areas = [area for area in sheet.merged_cells.ranges if area.min_row <= row <= area.max_row]
    tall = [area for area in areas if area.min_row < area.max_row]
    top = min([row, *(area.min_row for area in tall)])
    bottom = max([row, *(area.max_row for area in tall)])
    if bottom == row and any(area.min_col < area.max_col for area in areas) and _has_words_below(sheet, row, areas):
        bottom = row + 1
    width = min(sheet.max_column, WIDEST)
    columns = [(place, _label(sheet, top, bottom, place)) for place in range(1, width + 1)]
    return FormHead(sheet.title, top, bottom, tuple(one for one in columns if one[1]))


def _has_words_below(sheet: Worksheet, row: int, areas: Sequence[object]) -> bool:
    """Whether each wide cell of the head is divided by the row below: then that row belongs to the head."""
    wide = [area for area in areas if area.min_col < area.max_col]  # type: ignore[attr-defined]
    many = len({cell.column for cell in sheet[row] if cell.value}) > 1
    return many and all(
        all(isinstance(sheet.cell(row + 1, place).value, str) for place in range(area.min_col, area.max_col + 1))  # type: ignore[attr-defined]
        for area in wide
    )


def _label(sheet: Worksheet, top: int, bottom: int, place: int) -> str:
    said: list[str] = []
    for row in range(top, bottom + 1):
        value = _value(sheet, row, place)
        words = "".join(value.split()) if isinstance(value, str) and not value.startswith("=") else ""
        if words and words not in said:
            said.append(words)
    label = JOINT.join(said)
    return label if len(label) <= LONGEST_HEAD else ""


def _value(sheet: Worksheet, row: int, place: int) -> object:
    """What stands in a cell, or in the merged one that covers it."""
    value = sheet.cell(row, place).value
    if value is not None:
        return value
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= place <= area.max_col:
            return sheet.cell(area.min_row, area.min_col).value
    return None
