"""The lists of a plan as a workbook to print: the rows of the page, joined cells, heads on each page, no formula."""

import re
from datetime import datetime
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest

from bihuan.models import Event, EventBody, Plan
from tests.builders import build_county
from tests.paths import Path, a_finding
from tests.web.test_plans import LATER, browser, fill_all, findings_of, hand_in, url, whole
from tests.web.visitors import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
LISTS = {
    "问题清单": ["序号", "问题类别", "反馈原文", "具体表现", "是否共性", "涉及单位", "责任主体", "原因分析"],
    "任务清单": [
        "问题序号", "整改目标", "措施序号", "措施内容", "措施类型", "起止时限", "是否长期坚持", "成果形式",
    ],
    "责任清单": [
        "问题序号", "牵头领导", "措施序号", "责任领导", "牵头部门", "配合部门", "直接责任人", "监督人",
    ],
    "台账": ["序号", "反馈问题", "整改目标", "整改措施", "责任领导", "责任部门", "完成时限"],
}  # fmt: skip


@pytest.fixture
def path() -> Path:
    return a_finding(build_county(), "awaiting_plan")


def book_of(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.content))


def under_heads(sheet):
    return [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]


def page_rows(page: str, name: str):
    """The cells of one list on the page, a list for each of its rows; what the page says of emptiness is nothing."""
    part = page[page.index(f'id="{name}"') :]
    part = part[: part.index("</section>")]
    found = []
    for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL)[1:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        said = [re.sub(r'<span class="is-empty">.*?</span>', "", cell, flags=re.DOTALL) for cell in cells]
        found.append(["".join(unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in said])
    return found


def tight(cell) -> str:
    if isinstance(cell, datetime):
        return str(cell.date())
    return "".join(str(cell or "").split())


def test_each_list_has_its_columns_and_the_rows_of_the_page_and_prints_on_wide_pages(path):
    fill_all(path)
    first = findings_of(path)[0]
    more = ({}, {"text": "追回多收费用", "is_long_term": "on", "product": "退费凭证"}, {"text": "通报"})
    browser(path, "unit_clerk").post(url(first), whole(first, *more, head_leads="on"))
    assert hand_in(path).status_code == 303
    plan = Plan.objects.get()
    office = browser(path, "office_director")
    answer = office.get(f"/plans/{plan.pk}/export")
    assert unquote(answer["Content-Disposition"]).endswith("''县教育局 整改方案 第 1 版.xlsx")
    book = book_of(answer)
    assert {sheet.title: [cell.value for cell in sheet[3]] for sheet in book} == LISTS
    page = text(office.get(f"/plans/{plan.pk}/"))
    assert f'href="/plans/{plan.pk}/export"' in page
    problems = [[tight(cell) for cell in row] for row in under_heads(book["问题清单"])]
    assert problems == [row[:8] for row in page_rows(page, "problems")]
    tasks = [[tight(cell) for cell in row] for row in under_heads(book["任务清单"])]
    shown = [row if len(row) == 8 else ["", "", *row] for row in page_rows(page, "tasks")]
    assert tasks == shown
    assert len(tasks) == len(findings_of(path)) + 2
    duties = [[tight(cell) for cell in row] for row in under_heads(book["责任清单"])]
    shown = [row if len(row) == 7 else ["", "", *row] for row in page_rows(page, "responsibilities")]
    assert [[*row[:3], *row[4:]] for row in duties] == [
        [row[0], row[1].replace("主要负责人领办", "（主要负责人领办）"), *row[2:]] for row in shown
    ]
    assert {row[3] for row in duties} == {""}, "left to be filled in by hand"
    (one, *_), common = under_heads(book["台账"]), under_heads(book["台账"])
    assert one[:5] == ["1", first.text, "收费公示率 100%", "逐校核对收费公示", "分管副局长（主要负责人领办）"]
    assert one[5:] == ["县教育局", datetime.fromisoformat(LATER)]
    assert [row[3] for row in common[:3]] == ["逐校核对收费公示", "追回多收费用", "通报"]
    assert [row[0] for row in common[3:]] == ["2", "3", "4"]


def test_the_sheets_are_ready_for_the_printer(path):
    fill_all(path)
    first = findings_of(path)[0]
    long = "逐校逐项核对收费项目、标准和去向，" * 12
    browser(path, "unit_clerk").post(url(first), whole(first, {}, {"text": "通报"}, goal=long))
    hand_in(path)
    book = book_of(browser(path, "office_director").get(f"/plans/{Plan.objects.get().pk}/export"))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert 110 <= sum(sheet.column_dimensions[letter].width for letter in "ABCDEFG") <= 160
        assert sheet["A1"].value == f"县教育局整改{sheet.title}（云溪〔2026〕3，第 1 版）"
        assert "（巡察办主任）" in sheet["A2"].value or "导出" in sheet["A2"].value
    tasks = book["任务清单"]
    joined = {str(area) for area in tasks.merged_cells.ranges}
    assert {"A4:A5", "B4:B5"} <= joined
    assert not any(area.startswith("C") for area in joined)
    room = sum(tasks.row_dimensions[number].height for number in (4, 5))
    assert room >= len(long) * 2 / 25 * 12, "every line of the joined cell has its place"


def test_what_was_typed_stays_text_and_taking_out_is_on_the_record(path):
    first = findings_of(path)[0]
    evil = '=HYPERLINK("http://x","y")'
    browser(path, "unit_clerk").post(url(first), whole(first, {"text": evil}, {"text": evil}, causes=evil, goal=evil))
    answer = browser(path, "unit_clerk").get(f"/plans/{path.feedback}/export")
    book = book_of(answer)
    typed = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == evil]
    assert len(typed) == 7
    assert {cell.data_type for cell in typed} == {"s"}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert "含起草中、还没有报送的内容。" in book["问题清单"]["A2"].value
    assert browser(path, "unit_clerk").head(f"/plans/{path.feedback}/export").status_code == 200
    event = Event.objects.get(thing="plan_lists")
    assert (event.step, event.via) == ("export", "web")
    assert EventBody.objects.get(event=event).after == {"plan": str(path.feedback), "rows": 4}


def test_a_draft_goes_out_to_nobody_but_the_unit(path):
    first = findings_of(path)[0]
    browser(path, "unit_clerk").post(url(first), whole(first, causes="只给自己人看"))
    draft = Plan.objects.get()

    def said(book):
        return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}

    for role in ("office_director", "team_leader", "discipline_reviewer"):
        other = browser(path, role)
        assert other.get(f"/plans/{draft.pk}/export").status_code == 404
        book = book_of(other.get(f"/plans/{path.feedback}/export"))
        assert "只给自己人看" not in said(book)
        assert "草" not in book["问题清单"]["A2"].value
    assert "只给自己人看" in said(book_of(browser(path, "unit_leader").get(f"/plans/{draft.pk}/export")))
    assert browser(path, "unit_head", "finance").get(f"/plans/{path.feedback}/export").status_code == 404
