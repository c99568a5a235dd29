"""The ledger: filters, counts that lead to their rows, pages, and the export of the same rows."""

import re
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest

from tests.builders import build_county
from tests.paths import Path
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]


def test_the_ledger_counts_by_state_and_each_figure_leads_to_its_rows():
    county = build_county()
    path = Path(county)
    path.upload()
    made = path.confirm_all()
    path.give()
    path.approve_plan()
    browser = visitor(county.actor("office_clerk"))
    page = text(browser.get("/findings/"))
    found = dict(re.findall(r'href="(/findings/\?state=\w+)"[^>]*>.*?<b>(\d+)</b>', page))
    assert found == {"/findings/?state=awaiting_plan": "3", "/findings/?state=in_progress": "1"}
    for address, n in found.items():
        assert text(browser.get(address)).count('<td class="is-code">') == int(n)
    assert len(made) == 4
    assert text(browser.get("/findings/?q=营养餐")).count('<td class="is-code">') == 1
    assert text(browser.get("/findings/?overdue=1")).count('<td class="is-code">') == 0
    assert text(browser.get(f"/findings/?unit={county.organizations['finance']}")).count('<td class="is-code">') == 0
    for odd in ("?state=nonsense", "?unit=nonsense", "?page=999", "?page=-1", "?q=%00"):
        assert browser.get(f"/findings/{odd}").status_code == 200


def test_the_ledger_pages_and_keeps_its_filters(monkeypatch):
    monkeypatch.setattr("bihuan.queries.findings.lists.PAGE_SIZE", 3)
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    browser = visitor(path.county.actor("office_clerk"))
    page = text(browser.get("/findings/?state=drafted"))
    assert page.count('<td class="is-code">') == 3
    assert 'href="/findings/?state=drafted&amp;page=2"' in page
    assert text(browser.get("/findings/?state=drafted&page=2")).count('<td class="is-code">') == 1


def test_the_export_has_the_rows_of_the_filter_and_no_formula():
    path = Path(build_county())
    content = "反馈意见\n\n一、发现的主要问题\n1.=cmd|'/c calc'!A1。\n2.党组全年未专题研究党风廉政建设。\n"
    path.upload(content=content.encode())
    path.confirm_all()
    browser = visitor(path.county.actor("office_clerk"))
    answer = browser.get("/findings/export?q=cmd")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=UTF-8''台账 2026-11-21.xlsx"
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in rows[0]][:3] == ["编号", "问题", "责任单位"]
    assert len(rows) == 2
    assert rows[1][1].data_type == "s"
    assert rows[1][1].value.startswith("=cmd")
    assert len(list(openpyxl.load_workbook(BytesIO(browser.get("/findings/export").content)).active.iter_rows())) == 3
    nothing = visitor(path.county.actor("unit_head")).get("/findings/export")
    assert len(list(openpyxl.load_workbook(BytesIO(nothing.content)).active.iter_rows())) == 1
