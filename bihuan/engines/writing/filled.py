"""Somebody's own form filled in below its head: styles, widths, titles, merged cells and formulas stay as they are.

What is filled in is text, a number or a day, never a formula. Where prepared rows do not suffice, what stands below
them moves down, and the references of formulas move along.
"""

import datetime
import io
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bihuan.engines.writing.cells import safe
from bihuan.engines.writing.forms import WIDEST, opened
from bihuan.engines.writing.lists import lines_of
from bihuan.engines.writing.packages import NotAForm

_DAY = "yyyy-mm-dd"
_LINE, _HIGHEST, _USUAL_WIDTH = 15.0, 409.0, 8.43
_ROW = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)")
_NUMERAL = re.compile(r"\d{1,6}")


def fill_form(
    content: bytes, *, sheet: str, first: int, places: Sequence[int], rows: Sequence[Sequence[object]]
) -> bytes:
    """The form with these rows from `first` on; each row's cells go to the columns `places`, counted from 1.

    NotAForm where the file cannot be opened or has no such sheet.
    """
    book = opened(content)
    if sheet not in book.sheetnames:
        raise NotAForm("no_head")
    page = book[sheet]
    free = _free_rows(page, first, places, most=len(rows))
    if free is not None and free < len(rows):
        _make_room(page, first, free, len(rows) - free)
    pattern = _Pattern(page, first)
    for down, row in enumerate(rows):
        pattern.lay(first + down)
        for place, value in zip(places, row, strict=True):
            _put(page, first + down, place, value)
        _heighten(page, first + down, places)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _free_rows(page: Worksheet, first: int, places: Sequence[int], *, most: int) -> int | None:
    """How many prepared rows stand empty below the head before something else comes; None: nothing comes."""
    for row in range(first, min(page.max_row, first + most) + 1):
        if not _is_free(page, row, places):
            return row - first
    return None if first + most >= page.max_row else most


def _is_free(page: Worksheet, row: int, places: Sequence[int]) -> bool:
    """Whether a row waits to be filled in: nothing in it but formulas elsewhere and running numbers."""
    for place in range(1, min(page.max_column, WIDEST) + 1):
        cell = page.cell(row, place)
        if isinstance(cell, MergedCell):
            if not _is_joined_in_its_row(page, row, place):
                return False
            continue
        said = str(cell.value if cell.value is not None else "").strip()
        is_formula = cell.data_type == "f" and place not in places
        if said and not is_formula and not (place <= min(places) and _NUMERAL.fullmatch(said)):
            return False
    return True


def _is_joined_in_its_row(page: Worksheet, row: int, place: int) -> bool:
    return any(
        area.min_row == row == area.max_row and area.min_col <= place <= area.max_col
        for area in page.merged_cells.ranges
    )


def _make_room(page: Worksheet, first: int, free: int, more: int) -> None:
    """Move what stands below the prepared rows down; a sum over them takes the new ones in."""
    at = first + free
    grows_from = at - 1 if free else at
    areas = [copy(area) for area in page.merged_cells.ranges if area.min_row >= at]
    for area in areas:
        page.unmerge_cells(str(area))
    print_area = page.print_area
    page.insert_rows(at, more)
    for area in areas:
        area.shift(row_shift=more)
        page.merge_cells(str(area))
    _move_heights(page, at, more)
    every = (cell for cells in page.iter_rows(min_row=at + more) for cell in cells)
    for cell in every:
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell.value = moved(cell.value, since=grows_from, by=more)
    if print_area:
        page.print_area = _ROW.sub(_mover(grows_from, more), print_area.split("!")[-1])


def _move_heights(page: Worksheet, at: int, more: int) -> None:
    heights = {row: page.row_dimensions[row].height for row in list(page.row_dimensions) if row >= at}
    for row in heights:
        page.row_dimensions[row].height = None
    for row, height in heights.items():
        page.row_dimensions[row + more].height = height


def moved(formula: str, *, since: int, by: int) -> str:
    """The formula after rows were put in: what pointed to row `since` or below in this sheet points lower."""
    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and "!" not in token.value:
            token.value = _ROW.sub(_mover(since, by), token.value)
    return str(tokens.render())


def _mover(since: int, by: int) -> Callable[[re.Match[str]], str]:
    def put(found: re.Match[str]) -> str:
        row = int(found[2])
        return f"{found[1]}{row + by if row >= since else row}"

    return put


class _Pattern:
    """How a row of the form looks: the styles and formulas of the first prepared one, for those that are added."""

    def __init__(self, page: Worksheet, first: int) -> None:
        self.page, self.first = page, first
        cells = [page.cell(first, place) for place in range(1, min(page.max_column, WIDEST) + 1)]
        # Styles are taken whole: the library's public way, piece by piece, takes a second for a few hundred rows.
        self.styles = {cell.column: copy(cell._style) for cell in cells if cell.has_style}  # noqa: SLF001
        self.formulas: Mapping[int, str] = {
            cell.column: cell.value for cell in cells if cell.data_type == "f" and isinstance(cell.value, str)
        }
        self.height = page.row_dimensions[first].height
        every = page.merged_cells.ranges
        self.joined = [(area.min_col, area.max_col) for area in every if area.min_row == first == area.max_row]
        self.has_joined = {(area.min_row, area.min_col) for area in every}

    def lay(self, row: int) -> None:
        """Make a row look like the first, unless it has a look of its own."""
        if row == self.first:
            return
        if self.height and not self.page.row_dimensions[row].height:
            self.page.row_dimensions[row].height = self.height
        for left, right in self.joined:
            if (row, left) not in self.has_joined:
                self.page.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)
        for place, style in self.styles.items():
            cell = self.page.cell(row, place)
            if not cell.has_style:
                cell._style = copy(style)  # noqa: SLF001
        self._lay_formulas(row)

    def _lay_formulas(self, row: int) -> None:
        for place, formula in self.formulas.items():
            cell = self.page.cell(row, place)
            if cell.value is None and not isinstance(cell, MergedCell):
                origin = f"{get_column_letter(place)}{self.first}"
                cell.value = Translator(formula, origin=origin).translate_formula(cell.coordinate)


def _put(page: Worksheet, row: int, place: int, value: object) -> None:
    cell = page.cell(row, place)
    if isinstance(cell, MergedCell):
        return
    if isinstance(value, datetime.date):
        cell.value = value
        if cell.number_format == "General" or not cell.is_date:
            cell.number_format = _DAY
    elif isinstance(value, int) and not isinstance(value, bool):
        cell.value = value
    else:
        _put_text(page, cell, safe("" if value is None else str(value)))


def _put_text(page: Worksheet, cell: Cell, text: str) -> None:
    cell.value = text or None
    if not text:
        return
    cell.data_type = "s"  # what begins with = was taken for a formula
    if not cell.alignment.wrap_text and lines_of(text, width=_width(page, cell.column)) > 1:
        alignment: Alignment = copy(cell.alignment)
        alignment.wrap_text = True
        cell.alignment = alignment


def _heighten(page: Worksheet, row: int, places: Sequence[int]) -> None:
    """A row whose height is fixed grows where its words need more lines."""
    dimension = page.row_dimensions[row]
    if not dimension.height:
        return
    said = {place: page.cell(row, place).value for place in places}
    lines = [lines_of(value, width=_width(page, place)) for place, value in said.items() if isinstance(value, str)]
    dimension.height = max(dimension.height, min(_HIGHEST, max([1, *lines]) * _LINE))


def _width(page: Worksheet, place: int) -> int:
    """How wide a column is; one entry may stand for several neighbors."""
    for dimension in page.column_dimensions.values():
        if (dimension.min or 0) <= place <= (dimension.max or 0) and dimension.width:
            return max(2, int(dimension.width))
    return int(_USUAL_WIDTH)
