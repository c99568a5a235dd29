"""The ledger: filters, counts that lead to their rows, pages, columns, views, and exports of the same rows."""

import json
import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection

from bihuan.actions.ledger import forget_old_exports
from bihuan.jobs.ledger import write_ledger_export
from bihuan.models import Event, EventBody, LedgerExport
from tests.builders import NOW, build_county
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


def codes(page):
    return re.findall(r'<td class="is-code">(.*?)</td>', page)


def address_of(page, label):
    """Where the pager leads under that label."""
    found = re.search(rf'href="([^"]*)">{label}</a>', page)
    return unescape(found[1]) if found else ""


def drafted(content=None):
    path = Path(build_county())
    path.upload(**({"content": content.encode()} if content else {}))
    path.confirm_all()
    return path, visitor(path.county.actor("office_clerk"))


def test_the_ledger_turns_by_its_edges_to_the_end_and_back_and_keeps_its_filters(monkeypatch):
    monkeypatch.setattr("bihuan.queries.findings.lists.PAGE_SIZE", 3)
    _, browser = drafted()
    first = text(browser.get("/findings/?state=drafted&sort=-number"))
    assert "第 1 / 2 页" in first
    assert not address_of(first, "上一页")
    onward = address_of(first, "下一页")
    assert onward.startswith("/findings/?state=drafted&sort=-number&page=2&after=")
    second = text(browser.get(onward))
    assert "第 2 / 2 页" in second
    assert not address_of(second, "下一页")
    everything = codes(first) + codes(second)
    assert everything == sorted(everything, reverse=True)
    assert len(set(everything)) == 4
    assert codes(text(browser.get(address_of(second, "上一页")))) == codes(first)
    assert codes(text(browser.get(address_of(first, "末页")))) == codes(second)
    assert codes(text(browser.get("/findings/?state=drafted&sort=-number&page=2"))) == codes(second)
    assert codes(text(browser.get("/findings/?sort=-number&after=nonsense"))) == codes(first)


def test_every_head_sorts_both_ways_and_says_which():
    _, browser = drafted()
    page = text(browser.get("/findings/?sort=due"))
    assert re.search(r'aria-sort="ascending">\s*<a href="/findings/\?sort=-due">时限', page)
    turned = text(browser.get("/findings/?sort=-due"))
    assert re.search(r'aria-sort="descending">\s*<a href="/findings/\?sort=due">时限', turned)
    assert 'href="/findings/">编号' in page


def test_the_columns_are_those_that_were_chosen():
    _, browser = drafted()
    page = text(browser.get("/findings/?cols=state&cols=title&cols=nonsense&cols=opened"))
    assert re.findall(r"<th scope=\"col\"[^>]*>\s*(?:<a[^>]*>)?([^<\s]+)", page) == ["问题", "状态", "已过天数"]
    assert "cols=title,state,opened" in unescape(page)
    again = text(browser.get("/findings/?cols=title,state,opened"))
    assert page.count('<td class="is-state">') == again.count('<td class="is-state">') == 4


def test_a_search_that_cannot_be_answered_says_why():
    _, browser = drafted()
    short = text(browser.get("/findings/?q=营"))
    assert "请输入两个字以上再搜" in short
    assert codes(short) == []
    blank = text(browser.get("/findings/?q=%20%20"))
    assert "请输入要搜的字" in blank
    assert len(codes(blank)) == 4
    assert "没有符合条件的内容" in text(browser.get("/findings/?q=%25_"))


def test_a_view_opens_for_others_with_what_they_may_see():
    path, browser = drafted()
    answer = browser.post("/findings/views/", {"name": " 待 送达 ", "asked": "state=drafted&sort=-due&cols=title,due"})
    assert answer["Location"] == "/findings/?state=drafted&sort=-due&cols=title,due"
    browser.cookies["django_language"] = "en"
    browser.post("/findings/views/", {"name": "two", "asked": "state=drafted&overdue=1"})
    assert "；" not in text(browser.get("/findings/views/"))
    browser.cookies["django_language"] = "zh-hans"
    own = text(browser.get("/findings/views/"))
    (mine,) = re.findall(r'href="(/findings/views/[0-9a-f-]{36})">待 送达<', own)
    assert browser.get(mine)["Location"] == answer["Location"]
    stranger = visitor(path.county.actor("unit_head"))
    assert stranger.get(mine).status_code == 404, "not shared"
    browser.post("/findings/views/", {"name": "待 送达", "asked": "state=drafted", "is_shared": "1"})
    assert stranger.get(mine)["Location"] == "/findings/?state=drafted"
    assert codes(text(stranger.get(stranger.get(mine)["Location"]))) == []
    assert mine not in text(stranger.get("/findings/views/"))
    assert stranger.post(f"{mine}/remove").status_code == 404
    assert browser.post(f"{mine}/remove")["Location"] == "/findings/views/"
    assert browser.get(mine).status_code == 404
    refused = browser.post("/findings/views/", {"name": "", "asked": "state=drafted"})
    assert refused.status_code == 422
    assert "请给视图起一个名字" in text(refused)


def sheet_of(answer):
    return list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows())


def test_the_export_has_the_rows_the_order_and_the_columns_of_the_page_and_no_formula():
    content = "反馈意见\n\n一、发现的主要问题\n1.=cmd|'/c calc'!A1。\n2.党组全年未专题研究党风廉政建设。\n"
    path, browser = drafted(content)
    answer = browser.get("/findings/export?q=cmd&cols=title,number,due")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=UTF-8''台账 2026-11-21.xlsx"
    note, heads, row = sheet_of(answer)
    assert [cell.value for cell in heads] == ["编号", "问题", "时限"]
    assert "搜索：cmd" in note[0].value
    assert "共 1 条" in note[0].value
    assert row[1].data_type == "s"
    assert row[1].value.startswith("=cmd")
    backwards = [row[0].value for row in sheet_of(browser.get("/findings/export?sort=-number"))[2:]]
    assert len(backwards) == 2
    assert backwards == sorted(backwards, reverse=True)
    assert len(sheet_of(visitor(path.county.actor("unit_head")).get("/findings/export"))) == 2
    assert browser.head("/findings/export").status_code == 200
    taken = Event.objects.filter(thing="ledger_export", step="export")
    said = [body.after for body in EventBody.objects.filter(event__in=taken)]
    assert sorted(one["rows"] for one in said) == [0, 1, 2]
    assert {"asked": "q=cmd&cols=number,title,due", "rows": 1} in said


def test_a_long_export_is_written_in_the_background_and_found_again(monkeypatch):
    monkeypatch.setattr("bihuan.web._ledger_exports.AT_ONCE", 2)
    path, browser = drafted()
    answer = browser.get("/findings/export?sort=-number&cols=number,title")
    assert answer["Location"] == "/findings/exports/?sort=-number&cols=number,title"
    asking = text(browser.get(answer["Location"]))
    assert "开始导出" in asking
    assert browser.post("/findings/exports/", {"asked": "sort=-number&cols=number,title"}).status_code == 303
    waiting = text(browser.get("/findings/exports/"))
    assert "排队中" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    (job,) = jobs()
    assert set(job) == {"account", "post", "export"}
    write_ledger_export(**job)
    done = text(browser.get("/findings/exports/"))
    assert "已写好" in done
    assert "4 / 4" in done
    rows = sheet_of(browser.get(f"/findings/exports/{job['export']}"))
    assert [row[0].value for row in rows[2:]] == sorted((row[0].value for row in rows[2:]), reverse=True)
    assert len(rows) == 6
    for role in ("office_director", "unit_head", "system_officer"):
        assert visitor(path.county.actor(role)).get(f"/findings/exports/{job['export']}").status_code == 404
    write_ledger_export(**job)
    LedgerExport.objects.update(until=NOW)
    assert browser.get(f"/findings/exports/{job['export']}").status_code == 404
    assert forget_old_exports() == 1
    assert LedgerExport.objects.get().content is None
    assert "已过期" in text(browser.get("/findings/exports/"))


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'write_ledger_export'")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
