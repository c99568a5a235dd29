"""Reads an .xlsx or .xlsm by streaming its parts: values as they are shown, merged areas, hidden rows and sheets.

A formula counts by the value saved with it; nothing is calculated, no macro runs, no link is followed.
"""
# calamine and openpyxl are not used: the one allocates every cell between the first and the last, the other loads
# all styles; a single cell at XFD1048576 must not cost memory.

import re
import zipfile

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.cell_formats import BUILT_IN, shown
from bihuan.engines.reading.formats.sheets import MAX_CELLS, TOO_MANY, Place, Sheet, content_of
from bihuan.engines.reading.formats.streams import Attributes, stream
from bihuan.engines.reading.shapes import Unreadable

WORKBOOK = "xl/workbook.xml"
NO_VALUE = "单元格里是公式，文件没有存它的计算结果。请在 Excel 里打开并保存后再读，或人工填写。"
WRONG_VALUE = "单元格里的公式出错。请核对原表。"
MAX_SHEETS = 200
MAX_MERGED = 100_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_YES = {"1", "true"}


def read_workbook(archive: zipfile.ZipFile) -> Content:
    """The text of a workbook already opened and measured. Raises Unreadable."""
    outline = Outline(archive)
    strings, formats = strings_of(archive), formats_of(archive)
    sheets, n_cells = [], 0
    for name, path, is_hidden in outline.sheets:
        sheet = Sheet(name=name, is_hidden=is_hidden, n_cells=n_cells)
        reader = SheetReader(sheet, strings, formats, from_1904=outline.from_1904)
        if stream(archive, path, start=reader.start, end=reader.end, text=reader.text):
            sheets.append(sheet)
            n_cells = sheet.n_cells
    if not sheets:
        raise Unreadable("damaged", "Excel 文件里找不到工作表。请用 Excel 打开并另存后再试。")
    return content_of(sheets)


class Outline:
    """The sheets of a workbook in their order: name, part, whether hidden; and the first day of its calendar."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.from_1904 = False
        self._named: list[tuple[str, str, bool]] = []
        self._targets: dict[str, str] = {}
        stream(archive, "xl/_rels/workbook.xml.rels", start=self._relation, end=lambda _: None)
        stream(archive, WORKBOOK, start=self._sheet, end=lambda _: None)
        known = [(name, self._targets[key], hidden) for name, key, hidden in self._named if key in self._targets]
        parts = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
        self.sheets = (known or [("", part, False) for part in parts])[:MAX_SHEETS]

    def _relation(self, tag: str, attributes: Attributes) -> None:
        is_outside = attributes.get("TargetMode") == "External"
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet") and not is_outside:
            target = attributes.get("Target", "")
            self._targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def _sheet(self, tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state") in {"hidden", "veryHidden"}
            self._named.append((attributes.get("name", ""), key, hidden))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in _YES


def strings_of(archive: zipfile.ZipFile) -> list[str]:
    """The shared strings; readings above the letters are left out."""
    reader = _StringReader()
    stream(archive, "xl/sharedStrings.xml", start=reader.start, end=reader.end, text=reader.text)
    return reader.found


class _StringReader:
    """Takes the callbacks of the shared strings."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.inside = {"t": False, "rPh": False}

    def start(self, tag: str, _: Attributes) -> None:
        if tag in self.inside:
            self.inside[tag] = True

    def end(self, tag: str) -> None:
        if tag in self.inside:
            self.inside[tag] = False
        elif tag == "si":
            self.found.append(unescaped("".join(self.pieces)))
            self.pieces.clear()
            if len(self.found) > MAX_CELLS:
                raise Unreadable("too_large", TOO_MANY)

    def text(self, words: str) -> None:
        if self.inside["t"] and not self.inside["rPh"]:
            self.pieces.append(words)


def formats_of(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style."""
    own: dict[str, str] = {}
    styles: list[str] = []
    in_cells = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal in_cells
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            in_cells = True
        elif tag == "xf" and in_cells and len(styles) < MAX_CELLS:
            styles.append(attributes.get("numFmtId", ""))

    def end(tag: str) -> None:
        nonlocal in_cells
        if tag == "cellXfs":
            in_cells = False

    stream(archive, "xl/styles.xml", start=start, end=end)
    return [own.get(key, BUILT_IN.get(int(key), "") if key.isascii() and key.isdigit() else "") for key in styles]


class SheetReader:
    """Takes the callbacks of one sheet and fills its cells."""

    def __init__(self, sheet: Sheet, strings: list[str], formats: list[str], *, from_1904: bool) -> None:
        self.sheet = sheet
        self.strings = strings
        self.formats = formats
        self.from_1904 = from_1904
        self.row = -1
        self.column = -1
        self.cell: Attributes = {}
        self.is_formula = False
        self.taking = False
        self.skipping = False
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in {"v", "t"}:
            self.taking = not self.skipping
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "f":
            self.is_formula = True
        elif tag == "rPh":
            self.skipping = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag == "c":
            if self.pieces or self.is_formula:
                self._end_cell()
        elif tag in {"v", "t"}:
            self.taking = False
        elif tag == "rPh":
            self.skipping = False

    def text(self, words: str) -> None:
        if self.taking:
            self.pieces.append(words)

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self.row = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 8 else self.row + 1
        self.column = -1
        if attributes.get("hidden") in _YES:
            self.sheet.hidden_rows.add(self.row)

    def _begin_cell(self, attributes: Attributes) -> None:
        place = place_of(attributes.get("r", ""))
        if place:
            self.row, self.column = place
        else:
            self.column += 1
        self.cell = attributes
        self.is_formula = False
        self.pieces.clear()

    def _end_cell(self) -> None:
        if not (0 <= self.row < _LAST_ROW and 0 <= self.column < _LAST_COLUMN):
            return
        text = self._shown("".join(self.pieces))
        if text.strip():
            self.sheet.put(self.row, self.column, text)
            if self.cell.get("t") == "e":
                self.sheet.doubt(self.row, self.column, WRONG_VALUE)
        elif self.is_formula and self.cell.get("t") != "str":
            self.sheet.doubt(self.row, self.column, NO_VALUE)
        self.pieces.clear()

    def _shown(self, stored: str) -> str:
        kind = self.cell.get("t", "n")
        if kind == "s":
            return self.strings[int(stored)] if stored.isascii() and stored.isdigit() and _is_in(stored, self) else ""
        if kind in {"inlineStr", "str"}:
            return unescaped(stored)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(stored, stored)
        if kind == "d":
            return stored.removesuffix("T00:00:00")
        return shown(stored, self._format(), from_1904=self.from_1904) if kind == "n" else stored

    def _format(self) -> str:
        style = self.cell.get("s", "")
        known = style.isascii() and style.isdigit() and len(style) < 8 and int(style) < len(self.formats)
        return self.formats[int(style)] if known else ""

    def _merge(self, area: str) -> None:
        first, _, last = area.partition(":")
        begin, end = place_of(first), place_of(last or first)
        if begin and end and len(self.sheet.merged) < MAX_MERGED:
            self.sheet.merged.append((begin, end))


def _is_in(stored: str, reader: SheetReader) -> bool:
    return len(stored) < 9 and int(stored) < len(reader.strings)


def place_of(name: str) -> Place | None:
    found = _PLACE.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2]) - 1
    return (row, column - 1) if row < _LAST_ROW and column <= _LAST_COLUMN and row >= 0 else None


def unescaped(text: str) -> str:
    """The text with its escaped characters (_x000D_) as characters, line ends as line feeds."""
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    if code in {9, 10, 13}:
        return chr(code)
    return "" if code < 0x20 or 0xD800 <= code < 0xE000 or code >= 0xFFFE else chr(code)
