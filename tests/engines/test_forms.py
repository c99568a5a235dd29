"""Somebody's own empty table: where its head stands, what is refused, and what stays as it was when it is filled."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.styles import Font

from bihuan.engines.writing.filled import fill_form, moved
from bihuan.engines.writing.forms import head_of, opened
from bihuan.engines.writing.packages import MAX_BYTES, NotAForm, loses_pictures
from tests.engines.form_files import a_form, made, with_part

SHEET = "xl/worksheets/sheet1.xml"
KNOWN = {"序号", "反馈问题", "责任领导"}
PLACES = (1, 2, 3, 4, 5, 6)


def rows(n: int):
    return [
        (k, f"问题 {k}", "1. 公示\n2. 核对", date(2027, 1, min(k, 28)), "分管副局长", "已核对") for k in range(1, n + 1)
    ]


def looks(cell) -> str:
    return repr((cell.font, cell.fill, cell.border, cell.alignment, cell.number_format))


def filled(content: bytes, n: int, *, places=PLACES, first: int = 5, values=None):
    done = fill_form(content, sheet="附件1", first=first, places=places, rows=values or rows(n))
    return openpyxl.load_workbook(io.BytesIO(done))


def test_a_head_of_two_rows_is_found_below_the_title_with_the_words_of_both():
    head = head_of(a_form(), knows=KNOWN.__contains__)
    assert (head.sheet, head.top, head.bottom) == ("附件1", 3, 4)
    assert head.columns == (
        (1, "序号"), (2, "反馈问题"), (3, "整改措施及完成时限 整改措施"), (4, "整改措施及完成时限 完成时限"),
        (5, "责任领导"),
        (6, "整改进展情况"), (7, "得分"), (8, "备注"),
    )  # fmt: skip


def test_a_person_can_point_to_the_row_of_the_head():
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.active.append(["序号", "反馈问题", "责任领导"])
    content = made(book)
    assert head_of(content, knows=KNOWN.__contains__).top == 2
    assert [label for _, label in head_of(content, knows=KNOWN.__contains__, row=1).columns] == ["甲", "乙"]
    with pytest.raises(NotAForm, match="no_head"):
        head_of(content, knows=KNOWN.__contains__, row=9)


def test_the_row_whose_words_are_known_is_the_head_though_another_is_wider():
    book = openpyxl.Workbook()
    book.active.append(["填报单位", "县教育局", "填报人", "王某", "日期", "2026 年"])
    book.active.append(["序号", "反馈问题", "责任领导"])
    assert head_of(made(book), knows=KNOWN.__contains__).top == 2


def test_fewer_rows_than_prepared_leave_the_rest_empty_and_all_else_as_it_was():
    before, after = openpyxl.load_workbook(io.BytesIO(a_form(prepared=4))), filled(a_form(prepared=4), 2)
    page, was = after["附件1"], before["附件1"]
    assert [cell.value for cell in page[5]][:6] == [
        1, "问题 1", "1. 公示\n2. 核对", datetime.fromisoformat("2027-01-01"), "分管副局长", "已核对",
    ]  # fmt: skip
    assert page["D5"].number_format == "yyyy-mm-dd"
    assert [page.cell(row, 7).value for row in range(5, 9)] == [f"=LEN(F{row})" for row in range(5, 9)]
    assert [cell.value for cell in page[7]][:6] == [None] * 6
    for name in ("A1", "A2", "A3", "C3", "D4", "A9", "G9", "A10"):
        assert page[name].value == was[name].value
        assert looks(page[name]) == looks(was[name])
    assert {str(area) for area in page.merged_cells.ranges} == {str(area) for area in was.merged_cells.ranges}
    assert page.column_dimensions["B"].width == 41
    assert after["填表说明"]["A1"].value == "一、本表由各单位填报。"


def test_more_rows_than_prepared_move_the_foot_down_and_its_sum_takes_them_in():
    page = filled(a_form(prepared=2), 6)["附件1"]
    assert [page.cell(row, 1).value for row in range(5, 13)] == [
        1,
        2,
        3,
        4,
        5,
        6,
        "合计",
        "填表人：                审核人：",
    ]
    assert page["G11"].value == "=SUM(G5:G10)"
    assert [page.cell(row, 7).value for row in range(5, 11)] == [f"=LEN(F{row})" for row in range(5, 11)]
    areas = {str(area) for area in page.merged_cells.ranges}
    assert "A12:H12" in areas
    assert "A8:H8" not in areas
    assert (page.row_dimensions[12].height, page.row_dimensions[8].height) == (33, None)
    for row in range(5, 11):
        assert (page.cell(row, 2).font.name, page.cell(row, 2).border.left.style) == ("仿宋", "thin"), row
    assert page.print_area.endswith("$A$1:$H$12")


def test_a_form_without_prepared_rows_or_foot_takes_any_number():
    page = filled(a_form(prepared=0, foot=False), 40)["附件1"]
    assert [page.cell(row, 1).value for row in range(5, 45)] == list(range(1, 41))
    page = filled(a_form(prepared=0), 3)["附件1"]
    assert [page.cell(row, 1).value for row in range(5, 9)] == [1, 2, 3, "合计"]


def test_running_numbers_that_were_prepared_are_written_over():
    book = opened(a_form(prepared=3))
    for row in range(5, 8):
        book["附件1"].cell(row, 1, row - 4)
    page = filled(made(book), 2)["附件1"]
    assert [page.cell(row, 1).value for row in range(5, 9)] == [1, 2, 3, "合计"]
    assert page["B6"].value == "问题 2"


def test_prepared_rows_with_cells_joined_across_are_filled_and_made_alike():
    book = opened(a_form(prepared=2))
    for row in (5, 6):
        book["附件1"].merge_cells(start_row=row, end_row=row, start_column=5, end_column=6)
    page = filled(made(book), 4, places=(1, 2, 5), values=[(k, f"问题 {k}", "甲") for k in range(1, 5)])["附件1"]
    assert [page.cell(row, 5).value for row in range(5, 9)] == ["甲"] * 4
    assert {f"E{row}:F{row}" for row in range(5, 9)} <= {str(area) for area in page.merged_cells.ranges}


def test_what_is_filled_in_is_never_a_formula():
    evil = ("=1+1", '=HYPERLINK("http://x","y")', "#N/A", "@SUM(1)", "\x00-1")
    values = [(k, word, None, None, None, None) for k, word in enumerate(evil)]
    page = filled(a_form(), 0, values=values)["附件1"]
    for row, word in enumerate(evil, 5):
        assert (page.cell(row, 2).data_type, page.cell(row, 2).value) == ("s", word.replace("\x00", ""))
        assert page.cell(row, 2).hyperlink is None


def test_a_long_text_gets_the_lines_and_the_height_that_it_needs():
    book = opened(a_form(prepared=1))
    book["附件1"].row_dimensions[5].height = 20
    values = [(1, "党组没有专题研究收费公示。" * 20, None, None, None, None), (2, "短", None, None, None, None)]
    page = filled(made(book), 0, values=values)["附件1"]
    assert page["B5"].alignment.wrap_text
    assert page["B5"].alignment.vertical == "center"
    assert not page["B6"].alignment.wrap_text
    assert page.row_dimensions[5].height >= 13 * 15
    assert page.row_dimensions[6].height == 20


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=SUM(G5:G6)", "=SUM(G5:G10)"),
        ("=$G$6+G$5", "=$G$10+G$5"),
        ("=SUM(其他!G5:G6)", "=SUM(其他!G5:G6)"),
        ('=IF(G6>0,"G6","")', '=IF(G10>0,"G6","")'),
    ],
)
def test_references_move_with_the_rows_they_point_to(formula, after):
    assert moved(formula, since=6, by=4) == after


def merged(area: bytes) -> bytes:
    book = opened(a_form())
    content = made(book)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        said = package.read(SHEET)
    return with_part(content, SHEET, said.replace(b'ref="A1:H1"', b'ref="' + area + b'"'), instead=SHEET)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "wrong_type"),
        ("序号,反馈问题".encode(), "wrong_type"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "locked"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (a_form()[:-60], "damaged"),
        (b"PK\x03\x04" + b"x" * MAX_BYTES, "too_large"),
        (with_part(a_form(), "xl/vbaProject.bin", b"x"), "macros"),
        (with_part(a_form(), "xl/macrosheets/sheet1.xml", b"<x/>"), "macros"),
        (with_part(a_form(), "xl/more.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "damaged"),
        (with_part(a_form(), "xl/more.xml", b" " * (3 * 2**20 + 1)), "too_large"),
        (with_part(a_form(), "xl/media/a.png", b"\0" * (21 * 2**20)), "too_large"),
        (merged(b"A1:XFD1048576"), "too_large"),
        (merged(b"A1&#58;XFD1048576"), "damaged"),
        (made(openpyxl.Workbook()), "no_head"),
    ],
)
def test_what_cannot_be_a_form_is_refused_and_said_why(content, code):
    with pytest.raises(NotAForm, match=code):
        head_of(content, knows=KNOWN.__contains__)


def test_pictures_are_told_of():
    assert not loses_pictures(a_form())
    assert loses_pictures(with_part(a_form(), "xl/media/image1.png", b"x"))


def test_a_form_whose_rows_are_styled_far_to_the_right_is_filled_only_as_wide_as_forms_are():
    """Whole rows with borders are usual; of every cell of five thousand such rows the memory would run out."""
    book = openpyxl.load_workbook(io.BytesIO(a_form(prepared=1)))
    for place in (9, 200):
        book["附件1"].cell(5, place).font = Font(bold=True)
    content = fill_form(made(book), sheet="附件1", first=5, places=[2], rows=[["甲"], ["乙"]])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["附件1"]
    assert [sheet.cell(row, 2).value for row in (5, 6)] == ["甲", "乙"]
    assert [sheet.cell(6, place).font.b for place in (9, 200)] == [True, False]
