"""Large ledgers are read by calamine in a process of its own: the same rows as cell by cell, whatever is in them."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.formats import calamine_rows, cell_rows
from bihuan.engines.reading.formats.cell_rows import NOT_SAVED, Grid
from bihuan.engines.reading.ledgers import opened
from tests.engines.ledger_files import ledger, row, saved

FORMATS = (
    "General", "@", "0", "0.00", "#,##0.00", "0%", "0.0%", '0"万元"', "yyyy-mm-dd", "yyyy/m/d;@", "[$-804]yyyy-mm-dd",
    'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', "yyyy-mm", "yyyy-mm-dd hh:mm", "h:mm", "m/d", "[h]:mm", "yyyy.mm.dd",
)  # fmt: skip
NUMBERS = (0, 1, 7.0, 0.15, 12.5, -3.25, 46082, 46082.75, 0.1 + 0.2, 2958465, 1.5e-7)


def both(content: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Grid], list[Grid]]:
    """As calamine reads it, and cell by cell; neither may take the other's way."""
    with monkeypatch.context() as patched:
        patched.setattr(cell_rows, "_LARGE", 0)
        patched.setattr(cell_rows, "_cell_by_cell", None)
        quick = opened(content)
    with monkeypatch.context() as patched:
        patched.setattr(cell_rows, "_by_calamine", None)
        return quick, opened(content)


def edited(content: bytes, edit: Callable[[str], str]) -> bytes:
    """The same workbook with its first sheet's XML changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, edit(part.decode()).encode() if name.endswith("sheet1.xml") else part)
    return buffer.getvalue()


def test_numbers_of_every_format_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    for number in NUMBERS:
        # There is no day before the first: calamine tells it as a time, the other as the number.
        book.active.append([number] * (len(FORMATS) if number >= 0 else 8))
    for line in book.active.iter_rows():
        for cell, code in zip(line, FORMATS, strict=False):
            cell.number_format = code
    quick, careful = both(saved(book), monkeypatch)
    assert quick == careful
    assert quick[0].rows[3][1][5:8] == ["15%", "15.0%", "0万元"]
    assert quick[0].rows[6][1][8:14] == ["2026-03-01"] * 3 + ["2026年3月1日", "2026年3月", "2026-03"]


def test_odd_cells_merged_areas_and_hidden_sheets_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C3"], sheet["D3"], sheet["F3"] = "甲", True, "#REF!"
    sheet["F3"].data_type = "e"
    sheet["D5"], sheet["E5"], sheet["A9"] = "=B1*2", date(2026, 3, 1), ArrayFormula("A9", "=SUM(A1:A2)")
    sheet["B7"], sheet["C7"], sheet["B11"] = datetime(2026, 3, 1, 9, 30), time(9, 30), "一\n二\t三_x000D_四"  # noqa: DTZ001
    sheet.merge_cells("C3:C5")
    other = book.create_sheet("旧表")
    other["ZZ2"], other["B1"] = "远", "近"
    other.sheet_state = "veryHidden"
    book.create_sheet("空表")
    quick, careful = both(saved(book), monkeypatch)
    assert quick == careful
    assert [(grid.name, grid.is_hidden) for grid in quick] == [("Sheet", False), ("空表", False), ("旧表", True)]
    rows = dict(quick[0].rows)
    assert rows[3] == ["", "", "甲", "TRUE", "", "#REF!"]
    assert (rows[5][3], rows[5][4], rows[9]) == (NOT_SAVED, "2026-03-01", [NOT_SAVED])
    assert quick[0].merged == [((2, 2), (4, 2))]
    assert (quick[2].rows[0], len(quick[2].rows[1][1])) == ((1, ["", "近"]), 400)


def test_rich_text_readings_and_formulas_with_values_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet, percent = book.add_worksheet("台账"), book.add_format({"num_format": "0%"})
    sheet.write_rich_string(0, 0, "资金", book.add_format({"bold": True}), "管理", "不规范")
    sheet.write_formula(1, 0, "=1/4", percent, 0.25)
    sheet.write_formula(2, 0, '=A1&"。"', None, "有值。")
    sheet.write_formula(3, 0, "=1/0", percent, "#DIV/0!")
    sheet.write(4, 0, "末行")
    book.close()
    quick, careful = both(buffer.getvalue(), monkeypatch)
    assert quick == careful
    assert quick[0].rows == [(1, ["资金管理不规范"]), (2, ["25%"]), (3, ["有值。"]), (4, ["#DIV/0!"]), (5, ["末行"])]


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        (lambda sheet: sheet.replace("</sheetData>", '<!-- <c r="I3" t="e"><v>#REF!</v></c> --></sheetData>'), "1.5"),
        (lambda sheet: sheet.replace('<c r="I3" t="n"><v>1.5', '<c r="I3" t="d"><v>2026-03-01T00:00:00'), "2026-03-01"),
        (lambda sheet: sheet.replace('<c r="I3" t="n"><v>1.5', '<c r="I3" t="e"><v>#SPILL!'), "#SPILL!"),
    ],
)
def test_what_calamine_cannot_tell_is_read_cell_by_cell(
    edit: Callable[[str], str], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_rows, "_LARGE", 0)
    grid = opened(edited(ledger([row(1)]), edit))[0]
    assert dict(grid.rows)[3][8] == shown


@pytest.mark.parametrize("place", ["XFD1048576", "A4000000000"])
def test_a_single_cell_far_away_costs_no_memory(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_rows, "_LARGE", 0)
    far = f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'
    grid = opened(edited(ledger([row(1)]), lambda sheet: sheet.replace("</sheetData>", far)))[0]
    assert [number for number, _cells in grid.rows][:3] == [1, 2, 3]


def test_a_cell_cannot_pass_for_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What parts rows in the answer of the process is no letter that a cell may bring."""
    monkeypatch.setattr(cell_rows, "_LARGE", 0)
    for letter in "_x001E_", "_x001F_", "_x001D_", "_x0000_":
        grid = opened(ledger([row(1, text=f"资金{letter}没有附件"), row(2)]))[0]
        assert [cells[3] for _number, cells in grid.rows[2:]] == ["资金没有附件", row(2)[3]]


def test_a_process_that_takes_too_long_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_rows, "_LARGE", 0)
    monkeypatch.setattr(cell_rows, "SECONDS", 0.2)
    started = []
    begin = subprocess.Popen

    def asleep(command: list[str], **more: Any) -> Any:
        started.append(begin([command[0], "-c", "import time; time.sleep(60)"], **more))
        return started[-1]

    monkeypatch.setattr(cell_rows.subprocess, "Popen", asleep)
    with pytest.raises(Unreadable) as refused:
        opened(ledger([row(1)]))
    assert refused.value.code == "too_large"
    assert started[0].returncode


def test_more_cells_than_memory_holds_are_not_read_by_calamine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calamine_rows, "MAX_AREA", 10)
    with pytest.raises(ValueError, match="台账"):
        list(calamine_rows._pieces(ledger([row(1)]), "台账"))


def test_a_ledger_that_goes_cell_by_cell_holds_a_hundred_thousand_rows_and_then_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert cell_rows.MOST_APART >= 100_001 * 20
    monkeypatch.setattr(cell_rows, "MOST_APART", 30)
    assert len(opened(ledger([]))[0].rows) == 2
    with pytest.raises(Unreadable) as refused:
        opened(ledger([row(number) for number in range(1, 9)]))
    assert (refused.value.code, refused.value.message) == ("too_large", cell_rows.TOO_MANY_APART)
