"""Sheets as rows of shown cells with their numbers, for ledgers of many rows: nothing is joined or left out.

What spreadsheets write row by row is taken by expressions, a tenth of the work; anything else goes the usual way.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from bihuan.engines.reading.formats.cell_formats import shown
from bihuan.engines.reading.formats.sheets import Place, Sheet
from bihuan.engines.reading.formats.streams import stream
from bihuan.engines.reading.formats.workbook import (
    MAX_MERGED,
    Outline,
    SheetReader,
    formats_of,
    place_of,
    strings_of,
    unescaped,
)
from bihuan.engines.reading.shapes import Unreadable

MAX_CELLS = 5_000_000
TOO_MANY = "表格里的单元格超过 500 万个，读不完。请分成几份后再试。"
NOT_SAVED = "#公式没有结果"  # a formula whose value the file does not hold
_WIDEST = 400
_PIECE = 2**20
_LONGEST_ROW = 2**24
_DAMAGED = "文件内容损坏，读不出来。请用 Excel 打开并另存后再试。"
_ROW = re.compile(r'<row (?:[^>]*? )?r="(\d{1,7})"[^>]*>')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(\w+)")?'
    r"(?:/>|>(?:<f[^>]*/>|(<f)[^>]*>[^<]*</f>)?(?:<v>([^<]*)</v>|<v/>|<is><t[^>]*>([^<]*)</t></is>)?</c>)"
)
_STRING = re.compile(r"<si><t(?: [^>]*)?>([^<]*)</t></si>|<si><t/></si>")
_MERGE = re.compile(r'<mergeCell ref="([^":]+):([^"]+)"')
_LETTERS = [chr(65 + one) for one in range(26)]
_NAMES = [*_LETTERS, *(one + two for one in _LETTERS for two in _LETTERS)]
_COLUMNS = {name: number for number, name in enumerate(_NAMES[:_WIDEST])}


@dataclass(slots=True)
class Grid:
    """A sheet: its filled rows in their order, each with its number from 1 and its cells from column A; merged areas.

    A cell inside a merged area is empty but for the first; places of merged areas are counted from 0.
    """

    name: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    is_hidden: bool = False


def grids_of_workbook(archive: zipfile.ZipFile) -> list[Grid]:
    """Every sheet of a workbook already opened and measured. Raises Unreadable."""
    outline = Outline(archive)
    reader = _Reader(_strings(archive), formats_of(archive), from_1904=outline.from_1904)
    grids = [
        reader.grid(archive, path, name=name, is_hidden=is_hidden)
        for name, path, is_hidden in outline.sheets
        if path in archive.NameToInfo
    ]
    if not grids:
        raise Unreadable("damaged", "Excel 文件里找不到工作表。请用 Excel 打开并另存后再试。")
    return grids


def grid_of_sheet(sheet: Sheet) -> Grid:
    """The rows of a sheet that was read cell by cell."""
    grid = Grid(sheet.name, merged=list(sheet.merged), is_hidden=sheet.is_hidden)
    for number in sorted(sheet.rows):
        filled = sheet.rows[number]
        cells = [""] * (min(max(filled), _WIDEST - 1) + 1)
        for column, text in filled.items():
            if column < _WIDEST:
                cells[column] = text or (NOT_SAVED if (number, column) in sheet.doubts else "")
        grid.rows.append((number + 1, cells))
    return grid


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared strings, by expressions where all of them are plain."""
    if "xl/sharedStrings.xml" not in archive.NameToInfo:
        return []
    text = _decoded(archive.read("xl/sharedStrings.xml"))
    found = _STRING.findall(text)
    if len(found) != text.count("<si>") or "<!DOCTYPE" in text or text.count("<si ") or text.count("<si/>"):
        return strings_of(archive)
    return [_said(one) for one in found]


def _said(raw: str) -> str:
    return unescaped(unescape(raw) if "&" in raw else raw) if "&" in raw or "_x" in raw or "\r" in raw else raw


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("damaged", _DAMAGED) from error


class _Reader:
    """Takes sheets of one workbook; keeps what it has worked out of numbers and formats."""

    def __init__(self, strings: list[str], formats: list[str], *, from_1904: bool) -> None:
        self.strings = strings
        self.formats = formats
        self.from_1904 = from_1904
        self.n_cells = 0
        self._numbers: dict[tuple[str, str], str] = {}

    def grid(self, archive: zipfile.ZipFile, path: str, *, name: str, is_hidden: bool) -> Grid:
        """One sheet, quickly where it is written as usual, else cell by cell."""
        grid = Grid(name, is_hidden=is_hidden)
        try:
            self._quickly(archive, path, grid)
        except (_Unusual, IndexError):
            grid.rows.clear()
            return self._cell_by_cell(archive, path, grid)
        return grid

    def _cell_by_cell(self, archive: zipfile.ZipFile, path: str, grid: Grid) -> Grid:
        sheet = Sheet(name=grid.name, is_hidden=grid.is_hidden)
        reader = SheetReader(sheet, self.strings, self.formats, from_1904=self.from_1904)
        stream(archive, path, start=reader.start, end=reader.end, text=reader.text)
        return grid_of_sheet(sheet)

    def _quickly(self, archive: zipfile.ZipFile, path: str, grid: Grid) -> None:
        tail = ""
        last = 0
        for part in _parts(archive, path):
            if (end := part.find("</sheetData>")) >= 0 or part.startswith("<sheetData/>"):
                tail = part[end:] if end >= 0 else part
                break
            # Rows without a cell may stand before it; what is no cell is left to whoever reads everything.
            begun = _ROW.match(part, part.rfind("<row "))
            if begun is None or "<!" in part:
                raise _Unusual
            number = int(begun[1])
            if number <= last:
                raise _Unusual
            last = number
            cells = self._cells(part, begun.end())
            if any(cells):
                grid.rows.append((number, cells))
        for first, second in _MERGE.findall(tail)[:MAX_MERGED]:
            area = place_of(first), place_of(second)
            if area[0] and area[1]:
                grid.merged.append((area[0], area[1]))

    def _cells(self, part: str, start: int) -> list[str]:
        found = _CELL.findall(part, start)
        if len(found) != part.count("<c ", start):
            raise _Unusual
        self.n_cells += len(found)
        if self.n_cells > MAX_CELLS:
            raise Unreadable("too_large", TOO_MANY)
        cells: list[str] = []
        strings, columns, numbers = self.strings, _COLUMNS, self._numbers
        for name, style, kind, formula, value, inline in found:
            column = columns.get(name)
            if column is None:
                break
            if column != len(cells):
                _fill_up(cells, column)
            if kind == "s" and value.isdecimal():
                cells.append(strings[int(value)])
            elif not kind and value:
                said = numbers.get((value, style))
                cells.append(self._number(value, style) if said is None else said)
            else:
                cells.append(self._other(kind, value or inline, is_formula=bool(formula)))
        return cells

    def _number(self, value: str, style: str) -> str:
        code = self.formats[int(style)] if style and int(style) < len(self.formats) else ""
        said = shown(value, code, from_1904=self.from_1904)
        if len(self._numbers) < 100_000:
            self._numbers[value, style] = said
        return said

    def _other(self, kind: str, value: str, *, is_formula: bool) -> str:
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "d":
            return value.removesuffix("T00:00:00")
        if not value and is_formula and kind != "str":
            return NOT_SAVED
        return _said(value)


def _fill_up(cells: list[str], column: int) -> None:
    """Empty cells up to this column, where some were left out."""
    if column < len(cells):
        raise _Unusual
    cells.extend([""] * (column - len(cells)))


class _Unusual(Exception):
    """The sheet is not written as spreadsheets usually do it."""


def _parts(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    """The text of a sheet row by row; then what follows the rows."""
    rest, is_begun = b"", False
    with archive.open(path) as source:
        while piece := source.read(_PIECE):
            rest += piece
            if len(rest) > _LONGEST_ROW:
                raise _Unusual
            if not is_begun:
                if b"<sheetData" not in rest:
                    continue
                if b"<!DOCTYPE" in rest or not rest.lstrip(b"\xef\xbb\xbf").startswith((b"<?xml", b"<worksheet")):
                    raise _Unusual
                rest, is_begun = rest[rest.index(b"<sheetData") :].removeprefix(b"<sheetData>"), True
            *rows, rest = rest.split(b"</row>")
            yield from map(_decoded, rows)
    if not is_begun:
        raise _Unusual
    yield _decoded(rest).lstrip()
