"""Somebody's own empty table through the pages: handed in, matched, corrected, shared, filled with what one may see."""

import re
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.models import Event, EventBody, Finding, LedgerForm
from tests.builders import build_county
from tests.engines.form_files import a_form, with_part
from tests.paths import Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]


@pytest.fixture
def path() -> Path:
    path = a_finding(build_county(), "in_progress")
    path.take("unit_clerk", "report_progress", progress="=已核对 6 所学校")
    return path


def hand_in(browser, content: bytes = b"", *, name: str = "县委整改统计表.xlsx", asked: str = ""):
    file = SimpleUploadedFile(name, content or a_form())
    return browser.post(f"/findings/forms/{asked}", {"file": file})


def chosen(page: str) -> dict[str, str]:
    """What is chosen for each head, by the words of the page."""
    found = {}
    for row in re.findall(r"<tr>\s*<td class=\"is-title\"><label.*?</tr>", page, re.DOTALL):
        head = unescape(re.search(r"<label[^>]*>(.*?)</label>", row)[1])
        found[head] = (re.search(r'<option value="(\w*)" selected', row) or ["", "?"])[1]
    return found


def form_of(answer):
    assert answer.status_code == 200, answer.status_code
    return openpyxl.load_workbook(BytesIO(answer.content))["附件1"]


def matched(browser, *, asked: str = "", **codes: str) -> str:
    """Hand a form in and say what fills its columns; the address at which it is filled."""
    address = hand_in(browser, asked=asked)["Location"]
    codes = {"c1": "order", "c2": "title", "c3": "measures", "c4": "due", "c5": "unit", "c6": "progress"} | codes
    said = {f"column-{place[1:]}": code for place, code in codes.items()}
    saved = browser.post(address, {"name": "整改统计", **said})
    assert saved.status_code == 303
    page = text(browser.get(saved["Location"]))
    return unescape(re.search(r'href="([^"]*/fill[^"]*)"', page)[1])


def test_the_columns_of_a_form_are_proposed_with_a_reason_and_corrected(path):
    office = visitor(path.county.actor("office_clerk"))
    ledger = text(office.get("/findings/?sort=-number"))
    assert 'href="/findings/forms/?sort=-number"' in ledger
    address = hand_in(office, asked="?sort=-number")["Location"]
    page = text(office.get(address))
    assert chosen(page) == {
        "序号": "order", "反馈问题": "title", "整改措施及完成时限 整改措施": "measures",
        "整改措施及完成时限 完成时限": "due", "责任领导": "leader", "整改进展情况": "progress", "得分": "", "备注": "",
    }  # fmt: skip
    assert "列名里有“进展情况”" in page
    assert page.count("请核对") == 3
    assert page.count("列名一样") == 2, "序号 and 责任领导 are what the ledger calls them too"
    assert "“反馈问题”是这一列的另一种说法" in page
    form = LedgerForm.objects.get()
    assert (form.name, form.sheet, form.head_from, form.head_to) == ("县委整改统计表", "附件1", 3, 4)
    office.post(address, {"name": "整改统计", "column-2": "title", "column-5": "unit", "column-8": "nonsense"})
    page = text(office.get(address))
    assert (chosen(page)["责任领导"], chosen(page)["备注"], chosen(page)["序号"]) == ("unit", "", "")
    assert LedgerForm.objects.get().columns == {"2": "title", "5": "unit"}


def test_a_form_is_filled_with_the_rows_of_the_filter_in_their_order(path):
    office = visitor(path.county.actor("office_clerk"))
    fill_url = matched(office, asked="?sort=-number")
    assert fill_url.endswith("/fill?sort=-number")
    sheet = form_of(office.get(fill_url))
    numbers = list(Finding.objects.order_by("-number"))
    assert [sheet.cell(row, 1).value for row in range(5, 10)] == [1, 2, 3, 4, "合计"]
    assert [sheet.cell(row, 2).value for row in range(5, 9)] == [one.text for one in numbers]
    assert [sheet.cell(row, 5).value for row in range(5, 9)] == ["县教育局"] * 4
    at = 5 + [one.pk for one in numbers].index(path.finding)
    assert sheet.cell(at, 3).value.startswith("1. 第 1 项：逐校核对收费公示")
    assert sheet.cell(at, 4).value.date() == Finding.objects.get(pk=path.finding).due_on
    assert (sheet.cell(at, 6).data_type, sheet.cell(at, 6).value) == ("s", "=已核对 6 所学校")
    assert sheet["G9"].value == "=SUM(G5:G8)"
    assert office.head(fill_url).status_code == 200
    event = Event.objects.get(thing="ledger_export")
    assert EventBody.objects.get(event=event).after == {"asked": "sort=-number", "rows": 4, "form": "整改统计"}
    one = form_of(office.get(fill_url.replace("sort=-number", "state=in_progress")))
    assert one["B5"].value == Finding.objects.get(pk=path.finding).text
    assert one["B6"].value is None


def test_the_rows_in_a_form_are_those_that_one_may_see_and_a_shared_form_is_everybodys_to_fill(path):
    office, other = (visitor(path.county.actor(role)) for role in ("office_clerk", "unit_head"))
    stranger = visitor(path.county.actor("unit_head", organization="finance"))
    address = hand_in(office)["Location"]
    assert other.get(address).status_code == other.get(f"{address}fill").status_code == 404
    assert address not in text(other.get("/findings/forms/"))
    codes = {"column-2": "title", "column-6": "progress"}
    office.post(address, {"name": "统计", "is_shared": "1", **codes})
    assert f"http://testserver{address}" in text(office.get("/findings/forms/"))
    assert len(form_of(other.get(f"{address}fill"))["B"]) >= 8
    assert form_of(stranger.get(f"{address}fill"))["B5"].value is None
    shown = text(other.get(address))
    assert "<select" not in shown
    assert "填这张表" in shown
    assert other.post(address, {"name": "改", **codes}).status_code == 404
    assert other.post(f"{address}remove").status_code == 404
    assert office.post(f"{address}remove").status_code == 303
    assert office.get(address).status_code == 404


def test_a_person_points_to_the_head_and_the_columns_are_proposed_anew(path):
    book = openpyxl.Workbook()
    book.active.title = "附件1"
    book.active.append(["序号", "反馈问题", "时限"])
    book.active.append(["编号", "问题", None])
    written = BytesIO()
    book.save(written)
    office = visitor(path.county.actor("office_clerk"))
    address = hand_in(office, written.getvalue())["Location"]
    assert chosen(text(office.get(address))) == {"序号": "order", "反馈问题": "title", "时限": "due"}
    page = text(office.get(f"{address}?row=2"))
    assert chosen(page) == {"编号": "number", "问题": "title"}
    office.post(address, {"name": "表", "row": "2", "column-1": "number", "column-2": "title"})
    form = LedgerForm.objects.get()
    assert (form.head_from, form.head_to, form.columns) == (2, 2, {"1": "number", "2": "title"})
    assert form_of(office.get(f"{address}fill"))["A3"].value == Finding.objects.order_by("number")[0].number
    assert office.get(f"{address}?row=99")["Location"] == address
    assert "没有找到表头" in text(office.get(address))


def test_what_cannot_be_filled_is_said_in_a_sentence(path, monkeypatch):
    office = visitor(path.county.actor("office_clerk"))
    for content, sentence in (
        (b"x", "这不是 .xlsx 表格"),
        (with_part(a_form(), "xl/vbaProject.bin", b"x"), "表样里有宏"),
        (a_form()[:-60], "可能已经损坏"),
    ):
        answer = hand_in(office, content)
        assert answer.status_code == 422
        assert sentence in text(answer)
    assert "请选择一个空表" in text(office.post("/findings/forms/"))
    assert not LedgerForm.objects.exists()
    address = hand_in(office)["Location"]
    assert hand_in(office)["Location"] != address
    assert sorted(LedgerForm.objects.values_list("name", flat=True)) == ["县委整改统计表", "县委整改统计表 2"]
    refused = office.post(address, {"name": "县委整改统计表 2", "column-2": "title"})
    assert refused.status_code == 422
    assert "已经有一张表样叫这个名字" in text(refused)
    assert "请给表样起一个名字" in text(office.post(address, {"name": " "}))
    office.post(address, {"name": "没有列"})
    assert office.get(f"{address}fill")["Location"] == address
    assert "还没有对好列" in text(office.get(address))
    office.post(address, {"name": "有列", "column-2": "title"})
    monkeypatch.setattr("bihuan.queries.findings.forms.MOST_ROWS", 3)
    answer = office.get(f"{address}fill")
    assert answer.status_code == 422
    assert "请缩小范围再填" in text(answer)
    monkeypatch.setattr("bihuan.actions.ledger.MOST_FORMS", 2)
    assert "已经存了三十张表样" in text(hand_in(office))


def test_a_form_with_pictures_says_that_they_do_not_come_back(path):
    office = visitor(path.county.actor("office_clerk"))
    address = hand_in(office, with_part(a_form(), "xl/media/image1.png", b"x"))["Location"]
    assert "填好的表里不会有它们" in text(office.get(address))
