"""A ledger from elsewhere: checked without writing, previewed, applied whole or not at all, never over a decision."""

import gc
import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db import connection

from bihuan.actions import _import_rows, drafts, imports, rounds
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.engines.reading.ledgers import checking
from bihuan.models import (
    Draft,
    Event,
    EventBody,
    Feedback,
    Finding,
    LedgerImport,
    LedgerImportRow,
    Organization,
    Progress,
    Upload,
)
from bihuan.queries._import_looks import without_collecting
from bihuan.queries._import_outcomes import STATES
from bihuan.rules.import_columns import CHANGED, CONFLICT, NEW, UNCHANGED
from tests.builders import TODAY, build_county
from tests.engines.ledger_files import ledger, row, saved
from tests.paths import Path, to_awaiting_plan, to_closed, to_drafted, to_in_progress

pytestmark = [pytest.mark.django_db]
UNIT, OTHER, TOWN = "县教育局", "县财政局", "东河镇"


@pytest.fixture
def path() -> Path:
    """A round with two inspections: the schools' and the purse's."""
    county = build_county()
    office = county.actor("office_director")
    given = {"team": county.organizations["team_1"], "by": office, "at": county.at}
    rounds.add_inspection(round_id=county.round, unit=county.organizations["finance"], **given)
    return Path(county)


def send(path: Path, *rows: list[Any], role: str = "office_clerk", checked: bool = True, **more: Any) -> UUID:
    key = path.do(role, imports.send, round_id=path.county.round, name="审计台账.xlsx", content=ledger(rows), **more)
    if checked:
        path.do(role, imports.check, ledger_import=key)
    return key


def apply(path: Path, key: UUID, role: str = "office_clerk", **more: Any) -> imports.Applied:
    return path.do(role, imports.apply, ledger_import=key, on=TODAY, **more)


def outcomes(key: UUID) -> dict[str, int]:
    return LedgerImport.objects.get(pk=key).report["outcomes"]


def rows_of(key: UUID) -> list[LedgerImportRow]:
    last = LedgerImport.objects.get(pk=key).n_checked
    return list(LedgerImportRow.objects.filter(ledger_import=key, check_number=last).order_by("position"))


def as_it_stands(finding: Finding) -> dict[str, str]:
    """Cells of a row that says of a finding what is known."""
    said = {"unit": UNIT, "number": finding.number, "text": finding.text, "category": "A302"}
    return {**said, **dict.fromkeys(("amount", "given", "due", "state"), "")}


def everything() -> list[int]:
    of_business = (Feedback, Draft, Finding, Progress, Upload)
    return [table.objects.count() for table in of_business]


def test_new_rows_become_drafts_for_a_person_to_confirm_with_their_source(path: Path) -> None:
    units = {"lead": "县教育局", "helping": "县水利局"}
    key = send(
        path,
        row(1, unit=UNIT, text=" 课后服务\n收费没有公示\t。", amount=86.5, severity="突出", fix_now="是", **units),
        row(2, unit=OTHER, text="专项资金滞留。", category=""),
        row(3, unit=UNIT, text="食堂采购没有询价。", note="内部备注"),
    )  # fmt: skip
    assert outcomes(key) == {NEW: 3}
    assert everything() == [0] * 5
    done = apply(path, key)
    assert (len(done.feedback), done.drafts, done.reported) == (2, 3, 0)
    first, second = Draft.objects.filter(unit__name=UNIT).order_by("position")
    assert (first.text, first.level, first.amount, first.severity) == (
        "课后服务\n收费没有公示\t。".replace("\t", " "), "第 3 行", 865_000, "prominent",
    )  # fmt: skip
    assert (first.category, first.fix_now, first.state, first.typed_by_hand) == ("B404", True, "proposed", False)
    assert (first.lead_unit_id, first.helping_units) == (None, [path.county.organizations["water"]])
    for draft in (first, second):
        text = draft.upload.text
        assert text[draft.span_start : draft.span_end] == draft.text
        assert draft.pk in {one.pk for one in rows_of(key)}
    assert OTHER not in first.upload.text, "a unit that reads its feedback must not read the rows of another"
    assert "内部备注" not in first.upload.text, "nor what the sender wrote beside its own"
    assert not Finding.objects.exists()
    confirmed = path.do("office_clerk", drafts.confirm_draft, draft=second.pk)
    assert Finding.objects.get(pk=confirmed).text == "食堂采购没有询价。"


def test_the_record_tells_the_file_its_counts_and_each_extract(path: Path) -> None:
    key = send(path, row(1, unit=UNIT))
    apply(path, key)
    kept = LedgerImport.objects.get(pk=key)
    sent, applied = Event.objects.filter(thing="ledger_import").order_by("at")
    assert (sent.step, applied.step) == ("send", "apply")
    after = EventBody.objects.get(event_id=applied.pk).after
    assert after == {"file": "审计台账.xlsx", "sha256": kept.sha256, "rows": {NEW: 1}, "feedback": 1}
    upload = Event.objects.get(thing="feedback", step="upload")
    assert EventBody.objects.get(event_id=upload.pk).after["sha256"] == Upload.objects.get().sha256
    with pytest.raises(Refused, match="已经写入"):
        apply(path, key)


def test_a_fault_keeps_the_whole_file_out_and_all_are_told(path: Path) -> None:
    key = send(
        path, row(1, unit=UNIT), row(2, unit="县教育厅"), row(3, unit=TOWN), row(4, unit=UNIT, given="2025-02-30")
    )
    kept = LedgerImport.objects.get(pk=key)
    assert [(cell, code) for _sheet, cell, code, _was, _near in kept.report["faults"]] == [
        ("B4", "unit_unknown"), ("B5", "unit_elsewhere"), ("L6", "day_impossible"),
    ]  # fmt: skip
    assert kept.report["faults"][0][4][0] == UNIT
    assert "outcomes" not in kept.report
    assert not LedgerImportRow.objects.exists()
    with pytest.raises(Refused, match="核对还没有通过"):
        apply(path, key)
    assert everything() == [0] * 5


def test_the_same_ledger_again_is_unchanged_as_drafts_and_as_findings(path: Path) -> None:
    to_drafted(path)
    rows = [row(1, **(as_it_stands(one) | {"number": ""})) for one in Finding.objects.order_by("number")]
    rows.append(row(50, unit=OTHER, text="账外资金没有入账。"))
    key = send(path, *rows)
    assert outcomes(key) == {UNCHANGED: 4, NEW: 1}
    apply(path, key)
    again = send(path, *rows)
    assert outcomes(again) == {UNCHANGED: 5}
    with pytest.raises(Refused, match="没有可以写入"):
        apply(path, again)


def test_what_a_person_decided_is_never_overwritten(path: Path) -> None:
    to_awaiting_plan(path)
    finding = Finding.objects.get(pk=path.finding)
    before = list(Finding.objects.order_by("pk").values())
    told = as_it_stands(finding)
    for given, column, here, there in (
        ({"state": "已完成"}, "state", STATES[finding.state], "已完成"),
        ({"due": "2027-01-31"}, "due", finding.due_on.isoformat(), "2027-01-31"),
        ({"category": "专项资金滞留、挪用"}, "category", "监管缺位", "专项资金滞留、挪用"),
        ({"text": "另一句话。"}, "text", finding.text, "另一句话。"),
        ({"severity": "突出"}, "severity", "一般", "突出"),
    ):
        key = send(path, row(1, **(told | given)))
        assert outcomes(key) == {CONFLICT: 1}, column
        ((said, ours, theirs),) = rows_of(key)[0].said
        assert (said, theirs) == (column, there)
        assert ours == here
        with pytest.raises(Refused, match="冲突"):
            apply(path, key)
        with pytest.raises(Refused, match="没有可以写入"):
            apply(path, key, skip_conflicts=True)
    assert list(Finding.objects.order_by("pk").values()) == before


def test_conflicts_are_skipped_where_a_person_says_so(path: Path) -> None:
    to_closed(path)
    finding = Finding.objects.get(pk=path.finding)
    key = send(
        path,
        row(
            1,
            unit=UNIT,
            number=finding.number,
            text=finding.text,
            category="A302",
            amount="",
            given="",
            due="",
            state="正在整改",
        ),
        row(2, unit=OTHER),
    )
    assert outcomes(key) == {CONFLICT: 1, NEW: 1}
    done = apply(path, key, skip_conflicts=True)
    assert (done.drafts, done.skipped) == (1, 1)
    assert Finding.objects.get(pk=finding.pk).state == "closed"


def test_two_rows_for_one_finding_and_what_was_dropped_are_conflicts(path: Path) -> None:
    to_drafted(path)
    finding = Finding.objects.get(pk=path.finding)
    told = as_it_stands(finding)
    key = send(path, row(1, **told), row(2, **(told | {"number": ""})))
    assert [(one.outcome, [part for part, *_ in one.said]) for one in rows_of(key)] == [
        (UNCHANGED, []), (CONFLICT, ["twice"]),
    ]  # fmt: skip
    first = send(path, row(3, unit=OTHER, text="工资表没有签字。"))
    apply(path, first)
    draft = Draft.objects.get(text="工资表没有签字。")
    path.do("office_clerk", drafts.drop_draft, draft=draft.pk, reason="已核实不属实")
    key = send(path, row(3, unit=OTHER, text="工资表没有签字"))
    assert [part for part, *_ in rows_of(key)[0].said] == ["dropped"]


def test_a_unit_reports_progress_by_its_ledger_and_adds_no_finding(path: Path) -> None:
    to_in_progress(path)
    finding = Finding.objects.get(pk=path.finding)
    told = as_it_stands(finding)
    said = row(1, **(told | {"state": "正在整改"}), progress="已公示 6 所学校的收费标准。")
    key = send(path, said, role="unit_clerk")
    assert outcomes(key) == {CHANGED: 1}
    done = apply(path, key, role="unit_clerk")
    assert done.reported == 1
    assert Progress.objects.get(finding=finding).text == "已公示 6 所学校的收费标准。"
    assert outcomes(send(path, said, role="unit_clerk")) == {UNCHANGED: 1}
    fresh = send(path, row(2, unit=UNIT, text="新写的一条。"), role="unit_clerk")
    assert [part for part, *_ in rows_of(fresh)[0].said] == ["adds"]
    typed = finding.number.replace("〔", "【").replace("〕", "】 ").replace("-00", "－")
    assert typed != finding.number
    otherwise = row(1, **(told | {"state": "正在整改", "number": typed}), progress="又公示一所。")
    assert outcomes(send(path, otherwise, role="unit_clerk")) == {CHANGED: 1}
    by_office = send(path, row(1, **(told | {"state": "正在整改"}), progress="又公示一所。"))
    assert [part for part, *_ in rows_of(by_office)[0].said] == ["reports"]


def test_what_was_changed_while_the_preview_was_open_stops_everything(path: Path) -> None:
    to_in_progress(path)
    finding = Finding.objects.get(pk=path.finding)
    told = as_it_stands(finding)
    key = send(path, row(1, **told, progress="已公示。"), role="unit_clerk")
    path.take("unit_head", "report_progress", progress="正在逐校核对。")
    with pytest.raises(Overtaken) as overtaken:
        apply(path, key, role="unit_clerk")
    assert overtaken.value.step == "report_progress"
    assert Progress.objects.count() == 1
    new = send(path, row(2, unit=OTHER, text="账外资金没有入账。"))
    other = send(path, row(2, unit=OTHER, text="账外资金没有入账"))
    apply(path, other)
    with pytest.raises(Overtaken):
        apply(path, new)
    assert Draft.objects.filter(unit__name=OTHER).count() == 1


def test_columns_are_corrected_by_a_person_and_remembered_for_the_sender_and_head(path: Path) -> None:
    note = row(1, unit=UNIT, note="备注里才是问题内容")
    key = send(path, note, sender="县审计局")
    columns = {place: code for place, _label, code, *_why in LedgerImport.objects.get(pk=key).report["columns"]}
    wanted = {**columns, 3: "", 15: "text"}
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns=wanted)
    path.do("office_clerk", imports.check, ledger_import=key)
    (kept,) = rows_of(key)
    assert kept.source[kept.text_from : kept.text_from + kept.text_length] == "备注里才是问题内容"
    assert kept.check_number == 2
    with pytest.raises(Refused, match="两列"):
        path.do("office_clerk", imports.take_columns, ledger_import=key, columns={**columns, 15: "text"})
    for sender, place in (("县审计局", 15), ("县财政局", 3)):
        again = send(path, note, sender=sender)
        taken = {code: at for at, _label, code, *_why in LedgerImport.objects.get(pk=again).report["columns"] if code}
        assert taken["text"] == place, sender


def test_an_old_preview_is_not_applied(path: Path) -> None:
    key = send(path, row(1, unit=UNIT))
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={1: "unit", 3: "text"})
    path.do("office_clerk", imports.check, ledger_import=key)
    with pytest.raises(Overtaken):
        apply(path, key, seen=1)
    assert apply(path, key, seen=2).drafts == 1


def test_rows_follow_the_tree_with_their_import(path: Path) -> None:
    key = send(path, row(1, unit=UNIT))
    (one,) = rows_of(key)
    Organization.objects.filter(pk=one.unit_id).update(lo=one.unit_lo - 1)
    assert rows_of(key)[0].unit_lo == LedgerImport.objects.get(pk=key).unit_lo == one.unit_lo - 1


def test_the_collector_of_circles_is_back_after_a_check(path: Path) -> None:
    send(path, row(1, unit=UNIT))
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()


def test_who_may_and_who_sees(path: Path) -> None:
    for role in ("team_member", "discipline_reviewer", "guest", "system_officer"):
        with pytest.raises(NotYours):
            send(path, row(1, unit=UNIT), role=role)
    key = send(path, row(1, unit=UNIT))
    for role in ("unit_clerk", "liaison", "guest"):
        with pytest.raises((Unknown, NotYours)):
            apply(path, key, role=role)
    with pytest.raises(Unreadable):
        path.do("office_clerk", imports.send, round_id=path.county.round, name="x.exe", content=b"MZ\0\0")
    with pytest.raises(Unknown):
        path.do("office_clerk", imports.send, round_id=path.county.term, name="x.csv", content=b"a,b")


def test_what_cannot_be_checked_says_why(path: Path) -> None:
    for content, fault in ((b"a,b\n1,2\n", "no_head"), ("问题,状态\n甲,乙\n".encode(), "no_unit_column")):
        key = path.do("office_clerk", imports.send, round_id=path.county.round, name="t.csv", content=content)
        path.do("office_clerk", imports.check, ledger_import=key)
        assert LedgerImport.objects.get(pk=key).fault == fault
    path.do("office_clerk", imports.take_columns, ledger_import=key, columns={0: "text"},
            only=path.county.organizations["education"])  # fmt: skip
    path.do("office_clerk", imports.check, ledger_import=key)
    assert outcomes(key) == {NEW: 1}


def test_a_file_that_is_too_much_to_check_is_refused_not_broken(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "MAX_CELLS", 1)
    book = openpyxl.load_workbook(io.BytesIO(ledger([row(1, unit=UNIT), row(2), row(3)])))
    book.active.merge_cells("B3:B5")
    given = {"round_id": path.county.round, "name": "台账.xlsx", "content": saved(book)}
    key = path.do("office_clerk", imports.send, **given)
    path.do("office_clerk", imports.check, ledger_import=key)
    assert LedgerImport.objects.get(pk=key).fault == "too_large"


def test_drafts_come_in_few_statements_however_many_rows(path: Path, django_assert_max_num_queries: Any) -> None:
    key = send(path, *[row(at, unit=UNIT) for at in range(300)])
    assert outcomes(key) == {NEW: 300}
    with django_assert_max_num_queries(60):
        apply(path, key)
    assert Draft.objects.count() == 300
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from draft d join upload u on u.id = d.upload_id"
                       " where substr(u.text, d.span_start + 1, d.span_end - d.span_start) = d.text")  # fmt: skip
        assert cursor.fetchone() == (300,)
    assert list(Draft.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 301))


def test_rows_that_go_in_pieces_are_all_there_in_their_order(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(_import_rows, "_PIECE", 3)
    monkeypatch.setattr(checking, "_AT_ONCE", 4)
    key = send(path, *[row(at, unit=UNIT if at % 3 else OTHER) for at in range(20)])
    assert [(one.position, one.row) for one in rows_of(key)] == [(at, at + 2) for at in range(1, 21)]
    apply(path, key)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from draft d join upload u on u.id = d.upload_id"
                       " where substr(u.text, d.span_start + 1, d.span_end - d.span_start) = d.text")  # fmt: skip
        assert cursor.fetchone() == (20,)
    faulty = send(path, *[row(at, unit=UNIT if at != 29 else "没有这个单位") for at in range(20, 40)])
    report = LedgerImport.objects.get(pk=faulty).report
    assert [fault[1] for fault in report["faults"]] == ["B12"]
    assert not rows_of(faulty)


def test_what_breaks_while_the_next_rows_are_written_is_told(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(_import_rows, "_PIECE", 3)
    written = _import_rows._Lines._line

    def breaks(self: Any, key: str, position: int, one: Any) -> str:
        if position > 4:
            raise OverflowError(position)
        return written(self, key, position, one)

    monkeypatch.setattr(_import_rows._Lines, "_line", breaks)
    with pytest.raises(OverflowError):
        send(path, *[row(at, unit=UNIT) for at in range(9)])


def test_a_check_that_was_broken_off_three_times_is_given_up(path: Path) -> None:
    key = send(path, row(1, unit=UNIT), checked=False)
    for _time in range(3):
        assert path.do("office_clerk", imports.begin_check, ledger_import=key)
    assert path.do("office_clerk", imports.begin_check, ledger_import=key) is None
    assert LedgerImport.objects.get(pk=key).fault == "broke_off"
