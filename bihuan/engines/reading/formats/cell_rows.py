"""Sheets as rows of shown cells with their numbers, for ledgers of many rows: nothing is joined or left out.

Large workbooks are read by calamine, in a process of its own within limits; what it cannot tell is looked up in the
sheet: numbers shown otherwise than they are stored, formulas without a value. The rest goes cell by cell.
"""

import codecs
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE
from threading import Thread, Timer

from bihuan.engines.reading.formats import calamine_rows
from bihuan.engines.reading.formats.calamine_rows import CELL, ROW, SECONDS, SHEET
from bihuan.engines.reading.formats.cell_formats import is_plain, is_plain_day, shown
from bihuan.engines.reading.formats.sheets import Place, Sheet
from bihuan.engines.reading.formats.streams import stream
from bihuan.engines.reading.formats.workbook import (
    MAX_MERGED,
    Outline,
    SheetReader,
    formats_of,
    place_of,
    strings_of,
)
from bihuan.engines.reading.shapes import Unreadable

MAX_CELLS = 5_000_000
TOO_MANY = "表格里的单元格超过 500 万个，读不完。请分成几份后再试。"
TOO_SLOW = "文件太复杂，没能在规定时间内读完。请分成几份后再试。"
# Of a sheet that goes cell by cell: a ledger of a hundred thousand rows and twenty columns, and its head.
MOST_APART = 2_500_000
TOO_MANY_APART = "表格里的单元格超过 250 万个，读不完。请分成几份后再试。"
NOT_SAVED = "#公式没有结果"  # a formula whose value the file does not hold
# Smaller sheets are read cell by cell before another process has begun.
_LARGE = 2 * 2**20
_WIDEST = 400
_MANY, _BEGINNING, _SHARED, _PIECE = 20, 2**16, 50_000, 2**20
_FORMATTED = rb' s="(%s)"(?: t="n")?(?: [cv]m="\d+")*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
_ERROR = re.compile(rb' t="e"(?: [cv]m="\d+")*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNSAVED = re.compile(rb"<f[^>]*(?:/>|>[^<]*</f>)(?:<v/>|<v></v>)?</c>")
_PLACED = re.compile(rb'r="([A-Z]{1,3}\d{1,7})"')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')

Source = tuple[str, str, bool]  # name, part, whether hidden


@dataclass(slots=True)
class Grid:
    """A sheet: its filled rows in their order, each with its number from 1 and its cells from column A; merged areas.

    A cell inside a merged area is empty but for the first; places of merged areas are counted from 0.
    """

    name: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    is_hidden: bool = False


def grids_of_workbook(archive: zipfile.ZipFile, content: bytes) -> list[Grid]:
    """Every sheet of a workbook already opened and measured. Raises Unreadable."""
    outline = Outline(archive)
    sources = [one for one in outline.sheets if one[1] in archive.NameToInfo]
    if not sources:
        raise Unreadable("damaged", "Excel 文件里找不到工作表。请用 Excel 打开并另存后再试。")
    formats = formats_of(archive)
    if sum(archive.getinfo(path).file_size for _name, path, _hidden in sources) > _LARGE and not outline.from_1904:
        try:
            return _by_calamine(archive, content, sources, formats)
        except _Odd:
            pass
    strings = strings_of(archive)
    return [_cell_by_cell(archive, one, strings, formats, from_1904=outline.from_1904) for one in sources]


def _cell_by_cell(
    archive: zipfile.ZipFile, source: Source, strings: list[str], formats: list[str], *, from_1904: bool
) -> Grid:
    name, path, is_hidden = source
    sheet = Sheet(name=name, is_hidden=is_hidden, most=(MOST_APART, TOO_MANY_APART))
    reader = SheetReader(sheet, strings, formats, from_1904=from_1904)
    stream(archive, path, start=reader.start, end=reader.end, text=reader.text)
    return grid_of_sheet(sheet)


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


class _Odd(Exception):
    """The workbook is for the reader that takes XML apart."""


def _by_calamine(
    archive: zipfile.ZipFile, content: bytes, sources: Sequence[Source], formats: Sequence[str]
) -> list[Grid]:
    """The sheets as calamine reads them, corrected; while it reads they are looked through here. Raises _Odd."""
    names = [name for name, _path, _hidden in sources]
    if len(set(names)) < len(names):
        raise _Odd
    begun, grids = time.monotonic(), []
    command = [sys.executable, "-I", str(Path(calamine_rows.__file__))]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}) as process:
        clock = Timer(SECONDS, process.kill)
        feeding = Thread(target=_feed, args=(process, json.dumps(names).encode() + b"\n" + content))
        try:
            clock.start()
            feeding.start()
            seen = [_look(archive.read(path), formats) for _name, path, _hidden in sources]
            lines = _lines(process)
            for (name, _path, is_hidden), (merged, said) in zip(sources, seen, strict=True):
                grids.append(Grid(name, list(_rows(lines, said)), merged, is_hidden))
        finally:
            clock.cancel()
            if len(grids) < len(sources):
                process.kill()
            feeding.join()
    if time.monotonic() - begun >= SECONDS:
        raise Unreadable("too_large", TOO_SLOW)
    if process.returncode:
        raise _Odd
    return grids


def _feed(process: subprocess.Popen[bytes], given: bytes) -> None:
    """Hand it the workbook; one that ended before says so by how it ended."""
    with suppress(OSError):
        if process.stdin:
            process.stdin.write(given)
            process.stdin.close()


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What it answers, row by row, as it comes."""
    decoder, rest = codecs.getincrementaldecoder("utf-8")(), ""
    while piece := process.stdout.read(_PIECE) if process.stdout else b"":
        *lines, rest = (rest + decoder.decode(piece)).split(ROW)
        yield from lines


def _rows(lines: Iterator[str], said: dict[int, dict[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The filled rows of a sheet with their numbers, no empty cells at their end; `said`: what is shown otherwise."""
    # The same words are one text in memory.
    shared: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line == SHEET:
            return
        cells = [shared.setdefault(words, words) for words in line.rstrip(CELL).split(CELL)]
        if len(shared) > _SHARED:
            shared.clear()
        for column, words in said.get(number, {}).items() if said else ():
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = words
        if cells[-1]:
            yield number, cells if len(cells) <= _WIDEST else cells[:_WIDEST]


def _look(sheet: bytes, formats: Sequence[str]) -> tuple[list[tuple[Place, Place]], dict[int, dict[int, str]]]:
    """The merged areas, and by row and column what calamine does not tell. Raises _Odd."""
    # What the expressions do not know: comments and the like, other quotes, a style before the name of a cell.
    if b"<sheetData" not in sheet or b"<!" in sheet or b"='" in sheet[:_BEGINNING]:
        raise _Odd
    said: dict[int, dict[int, str]] = {}
    if shapes := _shapes(sheet, formats):
        if b"<c s=" in sheet:
            raise _Odd
        for found in re.finditer(_FORMATTED % b"|".join(shapes), sheet):
            row, column = _place_before(sheet, found.start(), just=True)
            said.setdefault(row, {})[column] = shown(found[2].decode(), formats[int(found[1])])
    for found in _ERROR.finditer(sheet) if b' t="e"' in sheet else ():
        row, column = _place_before(sheet, found.start())
        said.setdefault(row, {})[column] = found[1].decode()
    for found in _UNSAVED.finditer(sheet) if b"<f" in sheet else ():
        head = sheet[sheet.rfind(b"<c ", 0, found.start()) : found.start()]
        if b' t="str"' not in head:
            row, column = _place_before(head, len(head))
            said.setdefault(row, {})[column] = NOT_SAVED
    return _merged(sheet), said


def _shapes(sheet: bytes, formats: Sequence[str]) -> list[bytes]:
    """The styles that are used here and show a number otherwise than calamine tells it."""
    shapes = [b"%d" % at for at, code in enumerate(formats) if not is_plain(code) and not is_plain_day(code)]
    if len(shapes) > _MANY:
        used = set(re.findall(rb' s="(\d{1,5})"', sheet))
        return [one for one in shapes if one in used]
    return [one for one in shapes if b' s="%s"' % one in sheet]


def _place_before(sheet: bytes, end: int, *, just: bool = False) -> tuple[int, int]:
    """The row from 1 and the column from 0 of the cell whose name stands before, or `just` before."""
    found = list(_PLACED.finditer(sheet, max(0, end - 60), end))
    place = place_of(found[-1][1].decode()) if found and (not just or found[-1].end() == end) else None
    if place is None:
        raise _Odd
    return place[0] + 1, place[1]


def _merged(sheet: bytes) -> list[tuple[Place, Place]]:
    areas = []
    for found in _MERGE.findall(sheet, max(0, sheet.rfind(b"<mergeCells")))[:MAX_MERGED]:
        first, last = (place_of(one.decode()) for one in found)
        if first and last:
            areas.append((first, last))
    return areas
