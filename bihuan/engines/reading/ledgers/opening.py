"""Opens a ledger by its content, .xlsx, .xls or .csv, as sheets of rows; what is marked secret is refused whole.

What the rows say is not looked at here.
"""

import re

from bihuan.engines.reading.formats.apart import grids_apart
from bihuan.engines.reading.formats.archives import check_readable
from bihuan.engines.reading.formats.archives import opened as archive_opened
from bihuan.engines.reading.formats.cell_rows import Grid, grid_of_sheet, grids_of_workbook
from bihuan.engines.reading.formats.containers import MAX_BYTES, OVER_LIMIT, refuse_known
from bihuan.engines.reading.formats.delimited import sheet_of
from bihuan.engines.reading.formats.plain import decoded
from bihuan.engines.reading.formats.workbook import WORKBOOK
from bihuan.engines.reading.ledgers.shapes import place_name
from bihuan.engines.reading.shapes import Unreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_NOT_A_LEDGER = "只收 Excel（.xlsx、.xls）和 .csv 的台账。请另存为 .xlsx 后再试。"
_EMPTY = "文件是空的，一个字节也没有。请检查是否选错了文件。"
_BLANK = "表格里没有文字。请检查是否选错了文件。"
_CLASSIFIED = "文件标有密级（{cell}：{words}）。本系统不得处理涉密文件，请立即按保密规定另行处理。"
_MARKED = re.compile(r"(?:密级[:：]?)?\s*(?:绝\s*密|机\s*密|秘\s*密)\s*(?:级|件)?\s*(?:[★☆*].*)?")
_STARRED = re.compile(r"(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆]")


def opened(content: bytes) -> list[Grid]:
    """The sheets of a ledger, those that are not hidden first. Raises Unreadable with what is wrong and what to do."""
    if not content:
        raise Unreadable("empty_file", _EMPTY)
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", OVER_LIMIT)
    grids = sorted(_grids(content), key=lambda one: one.is_hidden)
    if not any(grid.rows for grid in grids):
        raise Unreadable("empty_file", _BLANK)
    for grid in grids:
        _refuse_secret(grid)
    return grids


def _grids(content: bytes) -> list[Grid]:
    refuse_known(content)
    if content.startswith(_OLE):
        return grids_apart(content)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"%PDF-", b"<")):
        raise Unreadable("wrong_type", _NOT_A_LEDGER)
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return [grid_of_sheet(sheet_of(decoded(content)))]
    with archive_opened(content) as archive:
        if WORKBOOK not in archive.NameToInfo:
            raise Unreadable("wrong_type", _NOT_A_LEDGER)
        check_readable(archive)
        return grids_of_workbook(archive, content)


def _refuse_secret(grid: Grid) -> None:
    """A cell that is nothing but a mark of secrecy, or holds one with its star, wherever it stands."""
    for number, cells in grid.rows:
        if "密" not in "\t".join(cells):
            continue
        for column, words in enumerate(cells):
            if "密" in words and (_MARKED.fullmatch(words.strip()) or _STARRED.search(words)):
                cell = f"{place_name(column)}{number}"
                raise Unreadable("secret", _CLASSIFIED.format(cell=cell, words=words.strip()[:20]))
