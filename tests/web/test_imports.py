"""A ledger through the real gate: faults by their cells, columns corrected, the preview, the deed, the conflict."""

import io
import json
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from bihuan.actions import imports
from bihuan.jobs.imports import check_import
from bihuan.models import Draft, Feedback, Finding, LedgerImport, Post
from tests.builders import TODAY, build_county
from tests.engines.ledger_files import ledger, row, saved
from tests.paths import Path, to_awaiting_plan
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
LIST = "/imports/"
UNIT = "县教育局"


@pytest.fixture
def path() -> Path:
    return Path(build_county())


def upload(path: Path, *rows: list[Any], role: str = "office_clerk", name: str = "台账.xlsx", **typed: str) -> str:
    """Where the upload leads to."""
    file = SimpleUploadedFile(name, ledger(rows))
    whole = {"round": str(path.county.round), "sender": "县审计局", "file": file} | typed
    sent = visitor(path.county.actor(role)).post(LIST, whole)
    assert sent.status_code == 303, text(sent)
    return str(sent["Location"])


def page(path: Path, address: str, role: str = "office_clerk") -> str:
    return text(visitor(path.county.actor(role)).get(address))


def press(path: Path, address: str, role: str = "office_clerk", **typed: str) -> Any:
    return visitor(path.county.actor(role)).post(address, typed)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_faults_are_shown_by_their_cells_and_nothing_is_offered_to_be_applied(path: Path) -> None:
    address = upload(path, row(1, unit=UNIT), row(2, unit="县教育厅"), row(3, unit=UNIT, given="2025-02-30"))
    shown = page(path, address)
    assert "核对 3 行，2 处要改。" in shown
    assert "B4 县教育厅 没有这个单位，请写本轮被巡察单位的全称。 县教育局" in words(shown)
    assert "L5 2025-02-30 没有这一天，请核对年月日。 2025-02-28" in words(shown)
    assert "全部写入" not in shown
    assert press(path, f"{address}apply").status_code == 422
    assert not Draft.objects.exists()
    assert "2 处要改" in page(path, LIST)
    assert "导入台账 1 份还没有写入" in page(path, "/")


def test_a_clean_ledger_is_previewed_and_applied_and_leads_to_the_bench(path: Path) -> None:
    address = upload(path, *[row(at, unit=UNIT) for at in range(60)])
    shown = page(path, address)
    assert "新增 60" in shown
    assert shown.count("第 3 项") == 0
    assert "第 1 / 2 页" in shown
    assert "第59项" in page(path, f"{address}?outcome=new&page=2")
    done = press(path, f"{address}apply", seen="1")
    assert (done.status_code, done["Location"]) == (303, address)
    after = page(path, address)
    assert "已写入" in after
    assert "全部写入" not in after
    feedback = Feedback.objects.get()
    assert f'href="/feedback/{feedback.pk}/"' in after
    assert "60 条草稿，等您认定" in after
    assert "还没有写入" not in page(path, "/")
    assert "第59项" in page(path, f"/feedback/{feedback.pk}/")
    assert press(path, f"{address}apply").status_code == 422


def test_a_conflict_is_shown_with_both_values_and_only_skipped_when_ticked(path: Path) -> None:
    to_awaiting_plan(path)
    finding = Finding.objects.get(pk=path.finding)
    told = {"unit": UNIT, "number": finding.number, "text": finding.text, "category": "A302", "amount": ""}
    address = upload(path, row(1, **told, due="2027-01-31", state="", given=""), row(2, unit=UNIT))
    shown = words(page(path, address))
    assert f"整改时限：现为“{finding.due_on}”，文件写“2027-01-31”" in shown
    refused = press(path, f"{address}apply", seen="1")
    assert (refused.status_code, "有 1 行与现有记录冲突" in text(refused)) == (422, True)
    assert press(path, f"{address}apply", seen="1", skip="1").status_code == 303
    assert Finding.objects.get(pk=path.finding).due_on == finding.due_on
    assert Draft.objects.filter(state="proposed").count() == 1


def test_what_was_changed_while_the_preview_was_open_is_409_and_says_what(path: Path) -> None:
    to_awaiting_plan(path)
    finding = Finding.objects.get(pk=path.finding)
    told = {"unit": UNIT, "number": finding.number, "text": finding.text, "category": "A302", "amount": ""}
    address = upload(path, row(1, **told, due="", state="", given=""), row(2, unit=UNIT))
    assert "没有变化 1" in page(path, address)
    path.take("office_director", "mark", reason="群众反映强烈", key=True)
    stopped = press(path, f"{address}apply", seen="1")
    assert stopped.status_code == 409
    assert "调整标记" in text(stopped)
    assert not Draft.objects.filter(state="proposed").exists()
    assert press(path, f"{address}columns", seen="1", **_chosen(page(path, address))).status_code == 303
    assert press(path, f"{address}apply", seen="2").status_code == 303


def _chosen(html: str) -> dict[str, str]:
    """What the form of columns would send."""
    found = re.findall(r'<select class="form-column" id="[^"]*" name="([^"]*)">(.*?)</select>', html, re.DOTALL)
    return {name: re.search(r'value="([^"]*)" selected', options)[1] for name, options in found}


def test_columns_are_shown_with_their_reason_and_corrected(path: Path) -> None:
    address = upload(path, row(1, unit=UNIT, note="备注里才是问题"))
    shown = page(path, address)
    assert "反馈问题 " in words(shown)
    assert "列名一样" in shown
    chosen = _chosen(shown)
    assert chosen["column-3"] == "text"
    assert (
        press(path, f"{address}columns", seen="1", **(chosen | {"column-3": "", "column-15": "text"})).status_code
        == 303
    )
    again = page(path, address)
    assert "备注里才是问题" in again
    assert "由人选定" in again
    twice = press(path, f"{address}columns", seen="2", **(chosen | {"column-15": "text"}))
    assert (twice.status_code, "两列选成了同一项" in text(twice)) == (422, True)


def test_a_large_ledger_is_checked_in_the_background_and_found_again(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 10)
    address = upload(path, row(1, unit=UNIT))
    waiting = page(path, address)
    assert "排队中" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    assert "全部写入" not in waiting
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'check_import'")
        ((args,),) = cursor.fetchall()
    job = args if isinstance(args, dict) else json.loads(args)
    check_import(**job)
    check_import(**job)
    assert "可以写入" in page(path, LIST)
    assert LedgerImport.objects.get().n_checked == 1
    assert "全部写入" in page(path, address)


def test_what_is_no_ledger_is_refused_on_the_form(path: Path) -> None:
    client = visitor(path.county.actor("office_clerk"))
    whole = {"round": str(path.county.round)}
    for name, content, status in (("x.exe", b"MZ\0\0", 415), ("", b"", 422)):
        file = {"file": SimpleUploadedFile(name, content)} if name else {}
        assert client.post(LIST, whole | file).status_code == status
    assert client.post(LIST, {"file": SimpleUploadedFile("a.csv", b"a,b")}).status_code == 422
    secret = upload(path, row(1, unit=UNIT, note="机密★"))
    assert "标有密级" in page(path, secret)
    without = client.post(LIST, whole | {"file": SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode())})
    assert "没有找到表头" in page(path, without["Location"])


def test_it_is_put_away_and_linked_from_the_ledger(path: Path) -> None:
    address = upload(path, row(1, unit=UNIT))
    assert 'href="/imports/"' in page(path, "/findings/")
    assert 'href="/imports/"' not in page(path, "/findings/", role="team_member")
    assert press(path, f"{address}put-away").status_code == 303
    assert "台账.xlsx" not in page(path, LIST)


def test_a_sheet_of_the_workbook_is_chosen_and_what_was_typed_is_kept_where_it_is_refused(path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ledger([row(1, unit=UNIT)])))
    other = book.copy_worksheet(book["台账"])
    other.title, other["D3"] = "补充", "账外资金没有入账。"
    file = SimpleUploadedFile("台账.xlsx", saved(book))
    client = visitor(path.county.actor("office_clerk"))
    address = client.post(LIST, {"round": str(path.county.round), "file": file})["Location"]
    shown = page(path, address)
    assert "新增 2" in shown
    assert re.search(r'<select id="import-sheet".*?</select>', shown, re.DOTALL)
    assert "补充 3" in words(shown), "a row of which sheet it is"
    chosen = _chosen(shown)
    refused = press(path, f"{address}columns", seen="1", sheet="补充", row="2", **(chosen | {"column-15": "text"}))
    kept = text(refused)
    assert (refused.status_code, "两列选成了同一项" in kept) == (422, True)
    assert _chosen(kept)["column-15"] == "text"
    assert '<option value="补充" selected>' in kept
    assert re.search(r'name="row"[^>]* value="2"', kept)
    assert press(path, f"{address}columns", seen="1", sheet="补充", **chosen).status_code == 303
    again = page(path, address)
    assert "新增 1" in again
    assert "账外资金没有入账。" in again
    assert press(path, f"{address}columns", seen="2", sheet="没有的", **{"column-²": "text"}).status_code == 303
    assert "新增 2" in page(path, address)


def test_a_fault_names_its_sheet_where_several_are_read_and_the_page_belongs_to_the_ledger(path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ledger([row(1, unit=UNIT)])))
    book.copy_worksheet(book["台账"]).title = "补充"
    file = SimpleUploadedFile("台账.xlsx", saved(book))
    client = visitor(path.county.actor("office_clerk"))
    address = client.post(LIST, {"round": str(path.county.round), "file": file})["Location"]
    shown = page(path, address)
    assert "补充!D3" in shown
    assert re.search(r'<a[^>]*href="/findings/"[^>]*aria-current', shown)


def test_a_ledger_that_a_post_that_ended_left_unchecked_is_taken_up(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 10)
    address = upload(path, row(1, unit=UNIT))
    assert "台账.xlsx" not in page(path, LIST, role="office_director")
    Post.objects.filter(pk=path.county.actor("office_clerk").post).update(ends_on=TODAY)
    listed = words(page(path, LIST, role="office_director"))
    who = path.county.actor("office_clerk").person
    assert re.search(rf"台账.xlsx {who} · 县审计局 .* 没有人接着核对 收起", listed), listed
    assert "排队中" not in page(path, address, role="office_director")
    assert "导入台账 1 份还没有写入" in page(path, "/", role="office_director")
    assert "送来的人已经不在任" in page(path, address, role="office_director")
    assert press(path, f"{address}columns", role="office_director", seen="0").status_code == 303
    assert "排队中" in page(path, address, role="office_director")
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'check_import' order by id desc limit 1")
        ((args,),) = cursor.fetchall()
    check_import(**(args if isinstance(args, dict) else json.loads(args)))
    assert "可以写入" in page(path, LIST, role="office_director")


def test_a_cell_further_up_is_pointed_at_and_the_page_promises_what_the_rows_become(path: Path) -> None:
    shown = words(page(path, upload(path, row(1, unit=UNIT), row(2, unit=UNIT, text="第1项：专项资金支出没有附件。"))))
    assert re.search(r"D4 第1项.* 见 D3 ", shown)
    shown = words(page(path, upload(path, row(1, unit=UNIT))))
    assert ("新增的行成为草稿" in shown, "成为填报的进展" in shown) == (True, False)


@pytest.mark.parametrize("role", ["unit_clerk", "unit_head"])
def test_a_unit_sees_the_ledger_that_it_sent_though_it_sees_no_round(path: Path, role: str) -> None:
    to_awaiting_plan(path)
    given = Finding.objects.get(pk=path.finding)
    address = upload(path, row(1, unit=UNIT, number=given.number, text=given.text), role=role)
    shown = page(path, address, role=role)
    assert "全部写入" in shown or "没有可以写入的" in shown, words(shown)
    assert f"轮次 {given.number.rpartition('-')[0]} " in words(shown)
    assert "台账.xlsx" in page(path, LIST, role=role)
    other = "unit_clerk" if role == "unit_head" else "unit_head"
    assert "台账.xlsx" not in page(path, LIST, role=other)
