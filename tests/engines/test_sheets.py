"""Sheets are safe to open: text stays text, whatever it begins with; dates are dates, numbers numbers."""

import datetime
import gc
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bihuan.engines.writing import Column, TooManyRows, sheets, write_sheet

COLUMNS = [Column("问题", 40), Column("金额", 12, "number"), Column("日期", 12, "date")]
UNSAFE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+SUM(A1)",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    '=HYPERLINK("http://x")',
    "http://x.cn",
    "{=1}",
]


def written(rows: list[list[object]], columns: list[Column] = COLUMNS, title: str = "问题清单") -> io.BytesIO:
    buffer = io.BytesIO()
    write_sheet(buffer, title=title, columns=columns, rows=rows)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.kind)
@pytest.mark.parametrize("text", UNSAFE)
def test_text_that_looks_like_a_formula_stays_text(text: str, column: Column) -> None:
    buffer = written([[text]], [column])
    cell = openpyxl.load_workbook(buffer).active["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    with zipfile.ZipFile(buffer) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_heading_that_looks_like_a_formula_stays_text() -> None:
    assert openpyxl.load_workbook(written([], [Column("=1+1")])).active["A1"].data_type == "s"


def test_cells_have_their_kinds() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=8))
    at = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=zone)
    rows: list[list[object]] = [
        ["甲", 14.45, datetime.date(2026, 3, 1)],
        ["乙", Decimal("3.5"), at],
        ["", None, "长期"],
        ["丙", float("nan"), None],
        ["丁", 12345678901234567, None],
        ["戊", True, None],
    ]
    sheet = openpyxl.load_workbook(written(rows)).active
    assert [sheet["B2"].value, sheet["B3"].value, sheet["B4"].value] == [14.45, 3.5, None]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (
        datetime.datetime.fromisoformat("2026-03-01"),
        "yyyy-mm-dd",
    )
    assert sheet["C3"].value == datetime.datetime.fromisoformat("2026-03-01T09:30")
    assert [sheet["C4"].value, sheet["B5"].value, sheet["B6"].value, sheet["B7"].value] == [
        "长期",
        "nan",
        "12345678901234567",
        "True",
    ]


def test_the_header_is_frozen_filtered_and_wide_enough() -> None:
    sheet = openpyxl.load_workbook(written([["甲", 1, None], ["乙", 2, None]])).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A2", "A1:C3", "问题清单")
    assert sheet.column_dimensions["A"].width == pytest.approx(40, abs=1)
    assert sheet["A1"].font.bold


def test_control_characters_and_endless_text_do_not_spoil_the_file() -> None:
    sheet = openpyxl.load_workbook(written([["甲\x00\x0b\ud800乙", None, None], ["长" * 40_000, None, None]])).active
    assert sheet["A2"].value == "甲乙"
    assert len(sheet["A3"].value) == 32_767
    assert sheet["A3"].value.endswith("（过长，已截断）")


@pytest.mark.parametrize("title", ["", "[a]:*?/\\", "'", "History", "长" * 60])
def test_any_title_makes_a_sheet(title: str) -> None:
    assert len(openpyxl.load_workbook(written([], title=title)).sheetnames[0]) <= 31


def test_a_sheet_that_would_overflow_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    with pytest.raises(TooManyRows):
        write_sheet(tmp_path / "a.xlsx", title="甲", columns=COLUMNS[:1], rows=[["甲"]] * 3)


def test_a_row_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        written([["甲"]])


def test_nothing_is_collected_while_rows_are_written_and_everything_again_when_they_failed() -> None:
    seen = []

    def failing() -> Iterator[list[object]]:
        seen.append(gc.isenabled())
        yield ["一行", 1, None]
        raise LookupError

    with pytest.raises(LookupError):
        write_sheet(io.BytesIO(), title="问题清单", columns=COLUMNS, rows=failing())
    assert (seen, gc.isenabled()) == ([False], True)
