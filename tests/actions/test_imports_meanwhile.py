"""Ledgers from elsewhere that do not come alone: other ledgers, other heads, what few may read, what is no progress."""

from datetime import date, timedelta
from uuid import UUID

import openpyxl
import pytest

from bihuan.actions import drafts, imports
from bihuan.actions.refusals import Overtaken, Refused
from bihuan.models import Draft, Finding, LedgerImport, LedgerImportRow, Progress
from bihuan.queries.imports import import_page
from bihuan.rules.import_columns import CHANGED, CONFLICT, NEW
from tests.actions.test_imports import OTHER, UNIT, apply, as_it_stands, outcomes, path, rows_of, send
from tests.builders import TODAY
from tests.engines.ledger_files import HEAD, row, saved
from tests.paths import Path, to_drafted, to_in_progress

__all__ = ["path"]
pytestmark = [pytest.mark.django_db]


def test_two_ledgers_checked_at_different_times_do_not_bring_in_the_same_twice(path: Path) -> None:
    first = send(path, row(1, unit=OTHER, text="账外资金没有入账。"))
    path.minutes += 30
    second = send(path, row(1, unit=OTHER, text="账外资金没有入账"))
    apply(path, first)
    with pytest.raises(Overtaken):
        apply(path, second)
    assert Draft.objects.filter(unit__name=OTHER).count() == 1


def test_what_few_may_read_does_not_come_into_rows_that_the_office_reads(path: Path) -> None:
    path.upload(audience="head")
    path.do("liaison", drafts.drop_draft, draft=Draft.objects.order_by("position").last().pk, reason="与班子意见重复")
    path.confirm_all()
    finding = Finding.objects.get(pk=path.finding)
    dropped = Draft.objects.get(state="dropped")
    by_words = send(path, row(1, unit=UNIT, text=finding.text, due="2027-01-31"), row(2, unit=UNIT, text=dropped.text))
    assert outcomes(by_words) == {NEW: 2}
    by_number = send(path, row(1, **(as_it_stands(finding) | {"text": "另一句话。"})))
    assert LedgerImport.objects.get(pk=by_number).report["counts"] == {"number_unknown": 1}
    assert not LedgerImportRow.objects.filter(finding__isnull=False).exists()


def test_another_row_for_the_head_has_its_columns_proposed_anew(path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["类别", "问题", "单位"], ["问题类别", "被巡察单位", "反馈问题"], ["", UNIT, "账外资金没有入账。"]):
        book.active.append(cells)
    given = {"round_id": path.county.round, "name": "台账.xlsx", "content": saved(book)}
    key = path.do("office_clerk", imports.send, **given)
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={}, head_row=1)
    path.do("office_clerk", imports.check, ledger_import=key)
    taken = {place: code for place, _label, code, *_why in LedgerImport.objects.get(pk=key).report["columns"]}
    assert taken == {0: "category", 1: "text", 2: "unit"}
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns=taken, head_row=2)
    path.do("office_clerk", imports.check, ledger_import=key)
    assert outcomes(key) == {NEW: 1}


def test_a_preview_that_holds_no_longer_is_not_shown(path: Path) -> None:
    key = send(path, row(1, unit=UNIT))
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={}, head_row=900)
    path.do("office_clerk", imports.check, ledger_import=key)
    page = import_page(key, actor=path.county.actor("office_clerk"), on=TODAY)
    assert page
    assert page.row.preview.fault == "no_head"
    assert not page.row.preview.outcomes
    assert not page.rows


def test_what_cannot_be_reported_is_a_conflict_before_anything_is_applied(path: Path) -> None:
    to_in_progress(path)
    finding = Finding.objects.get(pk=path.finding)
    told = as_it_stands(finding) | {"state": "正在整改"}
    for day, why in ((TODAY + timedelta(days=9), "future"), (date(2020, 1, 2), "early")):
        key = told_on(path, told, str(day), "已公示。")
        assert outcomes(key) == {CONFLICT: 1}, day
        assert rows_of(key)[0].said[0] == [why, "", str(day)]
    key = told_on(path, told, str(TODAY), "已公示。")
    assert outcomes(key) == {CHANGED: 1}
    apply(path, key, role="unit_clerk")
    assert Progress.objects.get().done_on == TODAY


def told_on(path: Path, told: dict[str, str], day: str, progress: str) -> UUID:
    """A ledger of the unit with one finding's progress of that day, checked."""
    book = openpyxl.Workbook()
    book.active.append([*HEAD, "进展日期"])
    book.active.append([*row(1, **told, progress=progress), day])
    given = {"round_id": path.county.round, "name": "台账.xlsx", "content": saved(book)}
    key = path.do("unit_clerk", imports.send, **given)
    path.do("unit_clerk", imports.check, ledger_import=key)
    return key


def test_columns_are_not_taken_while_a_worker_reads_by_the_old_ones(path: Path) -> None:
    key = send(path, row(1, unit=UNIT), checked=False)
    begun = path.do("office_clerk", imports.begin_check, ledger_import=key)
    with pytest.raises(Refused, match="正在核对"):
        path.do("office_clerk", imports.take_columns, ledger_import=key, columns={1: "unit", 3: "text"})
    path.do("office_clerk", imports.keep_check, ledger_import=key, looked=imports.read_begun(begun))
    assert outcomes(key) == {NEW: 1}
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={1: "unit", 3: "text"})


def months(path: Path, *names: str, role: str = "office_clerk") -> UUID:
    """A workbook with a title page and a sheet of each name, all with one head, checked."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请各单位按月填报。"])
    for at, name in enumerate(names):
        sheet = book.create_sheet(name)
        sheet.append(list(HEAD))
        sheet.append(row(at, unit=UNIT))
    given = {"round_id": path.county.round, "name": "台账.xlsx", "content": saved(book)}
    key = path.do(role, imports.send, **given)
    path.do(role, imports.check, ledger_import=key)
    return key


def test_a_person_chooses_one_sheet_of_a_workbook(path: Path) -> None:
    key = months(path, "一月", "二月")
    assert outcomes(key) == {NEW: 2}
    clerk = path.county.actor("office_clerk")
    preview = import_page(key, actor=clerk, on=TODAY).row.preview
    assert (preview.sheets, preview.taken) == (("说明", "一月", "二月"), ("一月", "二月"))
    for sheet, fault, found in (("二月", "", {NEW: 1}), ("说明", "no_head", None), ("", "", {NEW: 2})):
        path.do("office_clerk", imports.take_columns, ledger_import=key, columns={}, sheet=sheet)
        path.do("office_clerk", imports.check, ledger_import=key)
        row_ = import_page(key, actor=clerk, on=TODAY).row
        assert (row_.preview.fault, row_.sheet) == (fault, sheet)
        assert row_.preview.sheets == ("说明", "一月", "二月")
        assert row_.preview.outcomes == (found or {})


@pytest.mark.filterwarnings("ignore:Title is more than")
def test_a_name_of_a_sheet_that_is_longer_than_excel_allows_breaks_nothing(path: Path) -> None:
    long = "二〇二六年县委第三轮巡察反馈问题整改情况汇总台账（截至十一月二十日填报）"
    key = months(path, long, "二月")
    assert [one.sheet for one in rows_of(key)] == [long[:31], "二月"]
    assert import_page(key, actor=path.county.actor("office_clerk"), on=TODAY).row.preview.sheets[1] == long
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={}, sheet=long)
    path.do("office_clerk", imports.check, ledger_import=key)
    assert outcomes(key) == {NEW: 1}


def test_a_new_row_that_is_like_a_finding_of_its_unit_says_so(path: Path) -> None:
    to_drafted(path)
    finding = Finding.objects.get(pk=path.finding)
    nearly = finding.text.replace("2 所学校", "3 所中小学")
    key = send(path, row(1, unit=UNIT, text=nearly), row(2, unit=OTHER, text=nearly), row(3, unit=UNIT, text="甲乙。"))
    clerk = path.county.actor("office_clerk")
    first, second, third = import_page(key, actor=clerk, on=TODAY).rows
    assert first.outcome == NEW
    assert first.like
    assert (first.like.id, first.like.number, first.like.likeness > 0.6) == (finding.pk, finding.number, True)
    assert (second.like, third.like) == (None, None)
    apply(path, key)
    assert import_page(key, actor=clerk, on=TODAY).rows[0].like is None, "the bench shows it now"
