"""Reads .csv and .tsv text: the delimiter is the one that gives the most even rows; quotes may hold line ends."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.sheets import Sheet, content_of
from bihuan.engines.reading.shapes import Unreadable

_DELIMITERS = (",", "\t", ";", "|", "，")
_ROWS_TRIED = 200
_FORMULA = re.compile(r'="([^"]*)"')  # how numbers are kept from being made short by a spreadsheet
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(text: str) -> Content:
    """The rows of a text of delimited values as a table. Raises Unreadable."""
    return content_of([sheet_of(text)])


def sheet_of(text: str) -> Sheet:
    """The same as a sheet of cells. Raises Unreadable."""
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else max(_DELIMITERS, key=lambda one: _evenness(text, one))
    sheet = Sheet()
    try:
        for row, cells in enumerate(_rows(text, delimiter)):
            for column, cell in enumerate(cells):
                formula = _FORMULA.fullmatch(cell.strip())
                sheet.put(row, column, formula[1] if formula else cell.replace("\r\n", "\n").replace("\r", "\n"))
    except csv.Error as error:
        reason = "表格文本的引号不配对，分不出单元格。请用 Excel 打开检查，另存为 .xlsx 后再试。"
        raise Unreadable("damaged", reason) from error
    return sheet


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """How many rows have the most usual number of cells, more than one; then that number."""
    head = text[:200_000]
    try:
        counts = Counter(len(row) for row in islice(_rows(head, delimiter), _ROWS_TRIED) if len(row) > 1)
    except csv.Error:
        return 0, 0
    usual = max(counts, key=lambda count: (counts[count], count), default=0)
    return counts[usual], usual
