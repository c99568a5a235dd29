"""Reads an old .xls by xlrd, in the process that apart.py starts for it: values as shown, merged areas, hidden rows.

Macros are not looked at; a formula counts by the value saved with it.
"""

import io
from typing import Any

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.archives import LOCKED
from bihuan.engines.reading.formats.cell_formats import BUILT_IN, shown
from bihuan.engines.reading.formats.sheets import Sheet, content_of
from bihuan.engines.reading.formats.workbook import MAX_MERGED, MAX_SHEETS, WRONG_VALUE
from bihuan.engines.reading.shapes import Unreadable

_DAMAGED = "Excel 文件损坏或没有下载完整，打不开。请重新取得文件，或用 Excel 打开并另存后再试。"


def read_old_workbook(content: bytes) -> Content:
    """The text of an .xls. Raises Unreadable."""
    return content_of(sheets_of(content))


def sheets_of(content: bytes) -> list[Sheet]:
    """Its sheets of cells. Raises Unreadable."""
    import xlrd  # type: ignore[import-untyped]

    try:
        book = xlrd.open_workbook(file_contents=content, logfile=_Deaf(), formatting_info=True, ragged_rows=True)
        return [_sheet(book, book.sheet_by_index(index)) for index in range(min(book.nsheets, MAX_SHEETS))]
    except Exception as error:  # xlrd meets broken bytes with whatever they lead to
        is_locked = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower()
        raise Unreadable("locked" if is_locked else "damaged", LOCKED if is_locked else _DAMAGED) from error


class _Deaf(io.StringIO):
    """Where xlrd's remarks about odd files go; they may be endless."""

    def write(self, words: str, /) -> int:
        return len(words)


def _sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(name=source.name, is_hidden=source.visibility != 0)
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            text, doubt = _shown(book, source.cell(row, column))
            sheet.put(row, column, text)
            if doubt:
                sheet.doubt(row, column, doubt)
    for top, below, left, behind in source.merged_cells[:MAX_MERGED]:
        sheet.merged.append(((top, left), (below - 1, behind - 1)))
    sheet.hidden_rows |= {row for row, about in source.rowinfo_map.items() if about.hidden}
    return sheet


def _shown(book: Any, cell: Any) -> tuple[str, str]:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value).replace("\r\n", "\n").replace("\r", "\n"), ""
    if cell.ctype in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return shown(repr(cell.value), _format(book, cell.xf_index), from_1904=book.datemode == 1), ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return ("TRUE" if cell.value else "FALSE"), ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A"), WRONG_VALUE
    return "", ""


def _format(book: Any, style: int | None) -> str:
    if style is None or not 0 <= style < len(book.xf_list):
        return ""
    key = book.xf_list[style].format_key
    return BUILT_IN.get(key) or getattr(book.format_map.get(key), "format_str", "") or ""
