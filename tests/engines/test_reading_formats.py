"""The same document reads the same from every format: Word, PDF, web page, sheets, delimited and plain text."""

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.reading import Reading, Unreadable, read_bytes, read_file
from bihuan.engines.reading.formats.cell_formats import shown
from bihuan.engines.reading.formats.containers import read_container
from bihuan.engines.reading.formats.printed_lines import Line, Page, PrintedCell, PrintedTable, content_of
from bihuan.engines.reading.formats.sheets import HIDDEN_ROW, HIDDEN_SHEET
from bihuan.engines.reading.formats.workbook import NO_VALUE, WRONG_VALUE
from bihuan.engines.reading.pipeline import TURNED
from tests.engines.pdf_files import printed, ruled, scanned
from tests.engines.sheet_files import cell, merged, rows, workbook_file
from tests.engines.word_files import paragraph, word_file
from tests.samples.make_formats import FINDINGS, OPENING, TITLE, UNIT

SAMPLES = Path(__file__).parents[1] / "samples" / "formats"
PARAGRAPHS = (TITLE, UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS)
TEXT = "\n".join(PARAGRAPHS)
TRADITIONAL = (
    "關於巡察柳河縣水利站黨支部的反饋意見\n現將有關情況反饋如下。\n一、存在問題\n1.食堂採購不詢價，問題長期沒有解決。"
)


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


def grid(content: bytes, ending: str) -> list[list[list[str]]]:
    """The cells of every table, as the reader of the container hands them on."""
    found = read_container(content, ending=ending)
    return [[[found.text[slice(*cell)] for cell in row] for row in table.rows] for table in found.tables]


def refused(content: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_bytes(content, name=name)
    return caught.value


@pytest.mark.parametrize("name", ["feedback.docx", "feedback.pdf", "feedback.html"])
def test_one_document_has_the_same_findings_in_every_format(name: str) -> None:
    reading = read_file(SAMPLES / name)
    assert reading.kind == "feedback"
    assert findings(reading) == [line[2:] for line in FINDINGS]
    assert [line for line in reading.text.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


# Plain text


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_reads_from_every_encoding(encoding: str, ends: str) -> None:
    text = TEXT.replace("\n", ends)
    reading = read_bytes(text.encode(encoding), name="反馈意见.txt")
    assert reading.text == text
    assert len(reading.items) == 3


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "cp950", "utf-16-be", "gb18030"])
def test_traditional_text_reads_from_every_encoding(encoding: str) -> None:
    assert read_bytes(TRADITIONAL.encode(encoding), name="a.txt").text == TRADITIONAL


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_decides_the_order_of_bytes(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read_bytes(mark + TEXT.encode(encoding), name="a.txt").text == TEXT


# Delimited text


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_delimited_text_is_a_table(delimiter: str, encoding: str) -> None:
    lines = ["序号,反馈问题,整改措施,整改情况", '1,"账目混乱，\n涉及3户。",补账。,已完成', "2,会议不实。,,正在整改"]
    content = "\r\n".join(line.replace(",", delimiter) for line in lines).encode(encoding)
    assert grid(content, ".csv") == [
        [
            ["序号", "反馈问题", "整改措施", "整改情况"],
            ["1", "账目混乱，\n涉及3户。", "补账。", "已完成"],
            ["2", "会议不实。", "", "正在整改"],
        ]
    ]


def test_the_text_of_delimited_text_joins_cells_by_tabs() -> None:
    reading = read_bytes("序号,反馈问题\n1,账目混乱。\n".encode(), name="整改台账.CSV")
    assert reading.text == "序号\t反馈问题\n1\t账目混乱。"
    assert read_bytes(b"a,b\n1,2\n", name="a.txt").text == "a,b\n1,2\n"


def test_a_number_kept_as_a_formula_is_its_words() -> None:
    assert grid('="001",甲\n="002",乙'.encode(), ".csv") == [[["001", "甲"], ["002", "乙"]]]


# Excel


def ledger() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["柳河县水利站整改台账"])
    sheet.merge_cells("A1:F1")
    sheet.append(["填报单位：水利站"])
    sheet.append(["序号", "类别", "反馈问题", "金额", "完成时限", "整改情况"])
    sheet.append([1, "财务", "工程款超付。", 14.45, datetime.date(2026, 6, 30), "已完成"])
    sheet.append([2, None, "挂账不清。", 0.6, None, "正在整改"])
    sheet.merge_cells("B4:B5")
    sheet["D4"].number_format, sheet["D5"].number_format = '0.00"万元"', "0.0%"
    sheet["E4"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A7"] = "注：每月报送。"
    sheet.merge_cells("A7:F7")
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_ledger_reads_as_it_is_seen() -> None:
    reading = read_bytes(saved(ledger()), name="台账.xlsx")
    assert reading.text == "\n".join(
        [
            "柳河县水利站整改台账",
            "填报单位：水利站",
            "序号\t类别\t反馈问题\t金额\t完成时限\t整改情况",
            "1\t财务\t工程款超付。\t14.45万元\t2026年6月30日\t已完成",
            "2\t\t挂账不清。\t60.0%\t\t正在整改",
            "注：每月报送。",
        ]
    )
    assert grid(saved(ledger()), ".xlsx")[0][2][:2] == ["2", "财务"]
    assert (reading.kind, findings(reading)) == ("ledger", ["工程款超付。", "挂账不清。"])
    assert [item.state for item in reading.items] == ["done", "in_progress"]


def test_an_old_ledger_reads_like_a_new_one() -> None:
    reading = read_file(SAMPLES / "ledger.xls")
    assert findings(reading) == ["食堂采购不询价，涉及14.45万元。", "值班记录靠事后补。"]
    assert [reading.text[slice(*span)] for item in reading.items for span in item.deadline] == [
        "2026年6月30日", "2026年6月30日", "长期坚持",
    ]  # fmt: skip
    assert [item.state for item in reading.items] == ["in_progress", "basically_done"]
    assert [item.doubts for item in reading.items] == [(), (HIDDEN_ROW,)]
    assert reading.text.startswith("柳河县水利站整改台账\n序号\t")
    assert reading.text.endswith("\n注：每月五日前报送。")


def test_locked_ledgers_are_told_as_locked() -> None:
    old = (SAMPLES / "ledger.xls").read_bytes()
    assert old.count(b"\x5c\x00\x70\x00") == 1
    assert refused(old.replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"), "台账.xls").code == "locked"
    assert refused((SAMPLES.parent / "refused" / "locked.docx").read_bytes(), "台账.xlsx").code == "locked"


@pytest.mark.parametrize(
    ("content", "folder", "name"),
    [(workbook_file(rows(("甲", "乙"))), "xl", "台账.xlsm"), (word_file(paragraph("甲")), "word", "意见.docm")],
)
def test_macros_are_left_alone_and_the_text_is_read(content: bytes, folder: str, name: str) -> None:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(f"{folder}/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert read_bytes(made.getvalue(), name=name).text.startswith("甲")


def test_links_to_the_outside_are_not_followed() -> None:
    sheet = workbook_file(rows(("甲",)))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b"<Relationship ", b'<Relationship TargetMode="External" '))
    assert read_bytes(made.getvalue(), name="台账.xlsx").text == "甲"
    outside = made.getvalue().replace(b"worksheets/s1.xml", b"elsewhere/s1.xml.")
    assert refused(outside, "台账.xlsx").code in {"damaged", "empty_file"}


def test_text_that_turns_the_direction_of_writing_is_kept_and_doubted() -> None:
    text = (
        "关于巡察的反馈意见\n现将情况反馈如下。\n一、存在的问题\n1.账目\u202e混乱\u202c，\u200b长期不清。\n2.会议不实。"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert reading.text == text
    assert [TURNED in item.doubts for item in reading.items] == [True, False]


def test_a_formula_counts_by_its_saved_value_and_is_doubted_without_one() -> None:
    book = ledger()
    book.active["D5"] = "=D4*2"
    reading = read_bytes(saved(book), name="a.xlsx")
    assert [item.doubts for item in reading.items] == [(), (NO_VALUE,)]
    values = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A2</f><v>二</v></c>'
    values += '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    content = workbook_file(f'<sheetData><row r="1">{cell("A1", "甲")}</row><row r="2">{values}</row></sheetData>')
    found = read_container(content, ending=".xlsx")
    assert found.text == "甲\n2\t二\t#DIV/0!"
    assert [doubt.words for doubt in found.doubts] == [WRONG_VALUE]


def test_what_is_hidden_is_read_and_doubted() -> None:
    book = ledger()
    book.active.row_dimensions[5].hidden = True
    old = book.create_sheet("旧表", 0)
    old.append(["反馈问题", "整改情况"])
    old.append(["旧问题没有解决。", "已完成"])
    old.sheet_state = "hidden"
    reading = read_bytes(saved(book), name="a.xlsx")
    assert findings(reading) == ["工程款超付。", "挂账不清。", "旧问题没有解决。"]
    assert [item.doubts for item in reading.items] == [(), (HIDDEN_ROW,), (HIDDEN_SHEET,)]


def test_several_sheets_and_several_tables_of_a_sheet_stand_one_after_the_other() -> None:
    one = rows(("问题", "措施"), ("甲一。", "改。"), ("",), ("第二批",), ("问题", "措施"), ("乙一。", "改。"))
    two = rows(("措施", "", "问题"), ("改。", "", "丙一。"), first=3)
    content = workbook_file(one, two)
    assert (
        read_container(content).text
        == "问题\t措施\n甲一。\t改。\n第二批\n问题\t措施\n乙一。\t改。\n措施\t问题\n改。\t丙一。"
    )
    assert [table[1] for table in grid(content, ".xlsx")] == [
        ["甲一。", "改。"],
        ["乙一。", "改。"],
        ["改。", "丙一。"],
    ]


def test_an_empty_row_inside_a_table_does_not_part_it() -> None:
    content = workbook_file(rows(("序号", "问题", "措施"), ("1", "甲一。", "改。"), ("",), ("2", "乙一。", "再改。")))
    assert [len(table) for table in grid(content, ".xlsx")] == [3]


def test_a_header_of_two_rows_shows_merged_words_below() -> None:
    lines = (("序号", "问题", "", "措施"), ("", "类别", "具体", ""), ("1", "财务", "超付。", "追回。"))
    content = workbook_file(rows(*lines) + merged("A1:A2", "B1:C1", "D1:D2"))
    assert grid(content, ".xlsx")[0][:2] == [["序号", "问题", "", "措施"], ["序号", "类别", "具体", "措施"]]


def test_shared_strings_lose_readings_above_and_keep_line_ends() -> None:
    strings = '<sst><si><t>甲_x000D_\n乙</t><rPh sb="0" eb="1"><t>jia</t></rPh></si>'
    strings += "<si><r><t>丙</t></r><r><t>丁</t></r></si></sst>"
    sheet = '<sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>7</v></c></row></sheetData>'
    assert read_container(workbook_file(sheet, sharedStrings=strings)).text == "甲\n乙\t丙丁"


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ("14.45", "", "14.45"), ("3", "General", "3"), ("0.1", "", "0.1"), ("1E-7", "", "0.0000001"),
        ("0.30000000000000004", "", "0.3"), ("12345678901", "", "12345678901"), ("1234.5", "#,##0.00", "1234.50"),
        ("7", "000", "007"), ("0.6", "0%", "60%"), ("0.605", "0.0%", "60.5%"), ("14.5", '0.0"万元"', "14.5万元"),
        ("45838", "yyyy-mm-dd", "2025-06-30"), ("45838", 'yyyy"年"m"月"', "2025年6月"),
        ("61", "yyyy/m/d", "1900-03-01"),
        ("45838.5", "yyyy/m/d h:mm", "2025-06-30 12:00"), ("0.5", "h:mm", "12:00"), ("-3", "0.0;[Red]-0.0", "-3.0"),
        ("45838", '[$-804]m"月"d"日";@', "2025年6月30日"), ("99999999", "yyyy-mm-dd", "99999999"), ("甲", "0", "甲"),
        ("1e999999", "0", "1e999999"), ("nan", "0.00", "nan"), ("45838", "@", "45838"), ("2.50", "0.##", "2.5"),
    ],
)  # fmt: skip
def test_a_number_is_shown_by_its_format(value: str, code: str, said: str) -> None:
    assert shown(value, code) == said


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='0#?.,%E+-yYmdhs年月日"\\[]_*;@ G', max_size=20), st.floats().map(repr) | st.text(max_size=8))
def test_any_format_shows_any_number_somehow(code: str, value: str) -> None:
    assert isinstance(shown(value, code), str)


# PDF


def test_printed_lines_become_the_paragraphs_they_were() -> None:
    paragraphs = [f"|{TITLE}", UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS * 8]
    reading = read_bytes(printed(paragraphs, head="中共柳河县委巡察办文件"), name="反馈意见.pdf")
    assert reading.text.split("\n") == [line.lstrip("|") for line in paragraphs]
    assert len(reading.items) == 24


def test_the_number_of_a_single_page_is_left_out() -> None:
    paragraphs = [TITLE, UNIT, OPENING]
    assert read_bytes(printed(paragraphs), name="a.pdf").text.split("\n") == paragraphs


def test_a_ruled_table_is_a_table_over_both_pages() -> None:
    lines = [("序号", "反馈问题", "整改措施")]
    lines += [(str(number), f"第{number}项登记不全，没有一次留下比价记录。", "补登。") for number in range(1, 41)]
    content = ruled(lines, widths=(40, 160, 100), joined={(1, 2)})
    found = grid(content, ".pdf")
    assert len(found) == 1
    assert found[0][0] == list(lines[0])
    assert [row[0] for row in found[0][1:]] == ["1", "1", *map(str, range(3, 41))]
    assert {row[2] for row in found[0][1:]} == {"补登。"}
    assert found[0][40][1] == lines[40][1]


def test_a_row_cut_by_the_end_of_a_page_is_one_row() -> None:
    def page(*lines: tuple[str, str]) -> Page:
        cells = tuple(
            PrintedCell(
                row, column, 1, 1, 200.0, (Line(words, 80, 190, 700 - 20 * row, 712 - 20 * row),) if words else ()
            )
            for row, line in enumerate(lines)
            for column, words in enumerate(line)
        )
        return Page((), (PrintedTable((80, 120, 200), len(lines), 100, 720, cells),), 595, 842)

    found = content_of([page(("1", "账目清楚。"), ("2", "登记")), page(("", "不全。"), ("3", "会议不实。"))])
    assert found.text == "1\t账目清楚。\n2\t登记不全。\n3\t会议不实。"
    assert len(found.tables[0].rows) == 3


def test_a_scan_is_told_as_one_and_a_page_that_is_a_picture_is_doubted() -> None:
    assert refused(scanned(), "扫描件.pdf").code == "needs_ocr"
    reading = read_bytes(scanned(words="云溪县巡察反馈意见如下共三页"), name="a.pdf")
    assert reading.text == "云溪县巡察反馈意见如下共三页"


def test_a_locked_pdf_is_told_as_locked() -> None:
    assert refused(printed([TITLE], password="yunxi"), "a.pdf").code == "locked"


# Web pages

PAGE = f"""<!DOCTYPE html><html><head><meta charset="CODE"><title>柳河县</title><style>p {{}}</style></head><body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/x">巡察</a></div><script>alert("甲")</script>
<h1>{TITLE}</h1><!-- 审核：张三 --><p>{UNIT}<p>{OPENING}<div>一、巡察发现的主要<b>问题</b></div>
<ol><li>食堂采购不询价。<li>值班记录<br>靠事后补。</ol><p style="display:none">看不见</p>
<table><tr><th>问题</th><th>措施</th><th>金额</th></tr><tr><td rowspan="2">甲</td><td>改&nbsp;。</td><td>1</td></tr>
<tr><td colspan=2>再改。</td></tr></table><p><a href="/y">上一篇：某地动员会</a></p><footer>版权所有</footer>"""


@pytest.mark.parametrize(("said", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gb18030")])
def test_a_page_gives_what_is_shown_in_it(said: str, encoding: str) -> None:
    content = PAGE.replace("CODE", said).encode(encoding)
    found = read_container(content, ending=".html")
    expected = f"{TITLE}\n{UNIT}\n{OPENING}\n一、巡察发现的主要问题\n1.食堂采购不询价。\n2.值班记录\n靠事后补。\n"
    assert found.text == f"{expected}问题\t措施\t金额\n甲\t改\u00a0。\t1\n\t再改。\t"
    assert grid(content, ".htm") == [[["问题", "措施", "金额"], ["甲", "改\u00a0。", "1"], ["甲", "再改。", ""]]]


def test_a_page_laid_out_by_tables_gives_its_paragraphs() -> None:
    content = f"<html><body><table><tr><td>左栏<td><table><tr><td><p>{OPENING}<p>{UNIT}</table></table>".encode()
    found = read_container(content)
    assert (found.text, found.tables) == (f"左栏\n{OPENING}\n{UNIT}", ())


def test_a_page_saved_under_the_name_of_a_sheet_is_read() -> None:
    content = "<html><table><tr><td>反馈问题<td>整改措施<tr><td>账目混乱。<td>补账。</table></html>".encode()
    assert read_bytes(content, name="整改台账.xls").text == "反馈问题\t整改措施\n账目混乱。\t补账。"
