"""Ledgers of any layout: the head found, columns proposed with a reason, every fault told by its cell at once."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.formats import apart
from bihuan.engines.reading.ledgers import FAULTS, Checked, NoHead, alike, check, layout_of, opened
from bihuan.engines.reading.ledgers.values import Wrong, readers
from bihuan.rules.form_words import HOLDS, SAME
from bihuan.rules.import_columns import TARGETS, import_words
from bihuan.rules.numbering import finding_number, parse_finding_number
from tests.engines.ledger_files import HEAD, KNOWN, UNITS, ledger, row, saved
from tests.engines.sheet_files import merged, rows, workbook_file

WORDS = import_words()
# What is planted, in which column, and what must be told: the code, and what would be right where it can be known.
PLANTED = (
    ({"unit": ""}, "B", "unit_missing", ()),
    ({"unit": "云溪县水利厅"}, "B", "unit_unknown", (UNITS[0],)),
    ({"unit": "财政局"}, "B", "unit_unknown", (UNITS[1],)),
    ({"unit": UNITS[3]}, "B", "unit_elsewhere", ()),
    ({"text": ""}, "D", "text_missing", ()),
    ({"text": "……"}, "D", "text_missing", ()),
    ({"text": "长" * 20_001}, "D", "text_too_long", ()),
    ({"category": "招投标问题"}, "E", "category_unknown", ("招标投标问题",)),
    ({"category": "专项资金滞留挪用了"}, "E", "category_unknown", ("专项资金滞留、挪用",)),
    ({"category": "权力运行和资金管理廉洁风险"}, "E", "category_too_wide", ()),
    ({"severity": "特别严重"}, "F", "severity_unknown", ()),
    ({"commonality": "普遍"}, "G", "commonality_unknown", ()),
    ({"fix_now": "也许"}, "H", "mark_unknown", ("是", "否")),
    ({"amount": "三万多"}, "I", "amount_unreadable", ()),
    ({"amount": -2}, "I", "amount_negative", ("2",)),
    ({"amount": "9" * 16}, "I", "amount_too_large", ()),
    ({"lead": "水利站"}, "J", "lead_unknown", ()),
    ({"unit": UNITS[0], "lead": UNITS[2]}, "J", "lead_elsewhere", (UNITS[0],)),
    ({"helping": f"{UNITS[3]}、林业站"}, "K", "helping_unknown", ()),
    ({"given": "三月初"}, "L", "day_unreadable", ()),
    ({"given": "2025-02-30"}, "L", "day_impossible", ("2025-02-28",)),
    ({"given": "2026-13-01"}, "L", "day_impossible", ()),
    ({"due": "2025年2月30日"}, "M", "day_impossible", ("2025-02-28",)),
    ({"due": "2026-01-01"}, "M", "due_before_given", ()),
    ({"state": "差不多"}, "N", "state_unknown", ()),
    ({"unit": UNITS[0], "number": "云溪〔2026〕9-999"}, "C", "number_unknown", ()),
    ({"unit": UNITS[0], "number": "云溪〔2026〕3-002"}, "C", "number_elsewhere", (UNITS[1],)),
    ({"text": "=#REF!"}, "D", "cell_error", ()),
    ({"amount": "=B1*2"}, "I", "cell_not_saved", ()),
)


def checked(content: bytes, **more: str) -> Checked:
    grids = opened(content)
    known = KNOWN if not more else type(KNOWN)(KNOWN.units, KNOWN.categories, KNOWN.wide, KNOWN.numbers, more["only"])
    return check(grids, layout=layout_of(grids, words=WORDS), known=known)


def test_every_planted_fault_is_told_by_its_cell_at_once_with_what_would_be_right() -> None:
    rows = [row(number) for number in range(1, 200)]
    places = {}
    for at, (cells, column, code, near) in enumerate(PLANTED):
        number = 5 + at * 6
        rows[number] = row(number + 1, **cells)
        places[f"{column}{number + 3}"] = (code, near)
    found = checked(with_errors(ledger(rows)))
    told = {fault.cell: (fault.code, fault.near) for fault in found.faults}
    assert {cell: code for cell, (code, _near) in told.items()} == {cell: code for cell, (code, _) in places.items()}
    assert {cell: near for cell, (_code, near) in told.items() if places[cell][1]} == {
        cell: near for cell, (_code, near) in places.items() if near
    }
    assert [fault.was for fault in found.faults if fault.code == "cell_not_saved"] == [""]
    assert found.n_faults == len(PLANTED) == 29
    assert len(found.counts) >= 20
    assert len(found.rows) == 199 - len(PLANTED)


def with_errors(content: bytes) -> bytes:
    """The same, with formulas of errors as Excel saves them: the error beside the formula."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for line in book.active.iter_rows():
        for cell in line:
            if cell.value == "=#REF!":
                cell.value, cell.data_type = "#REF!", "e"
    return saved(book)


def test_a_row_that_was_there_before_names_the_first_one() -> None:
    rows = [row(1), row(2), row(4, unit=UNITS[1], text="第1项： 专项资金支出没有附件")]
    (fault,) = checked(ledger(rows)).faults
    assert (fault.cell, fault.code, fault.near) == ("D5", "row_twice", ("D3",))
    same = {"unit": UNITS[0], "number": "云溪〔2026〕3-001"}
    (fault,) = checked(ledger([row(1, **same), row(2, **same)])).faults
    assert (fault.cell, fault.code, fault.near) == ("C4", "number_twice", ("C3",))


WIDE = {ord("0") + at: ord("0") + 0xFEE0 + at for at in range(10)}
WRITTEN = st.tuples(
    st.sampled_from(["〔〕", "[]", "\uff3b\uff3d", "()", "\uff08\uff09", "【】", "{}", "﹝﹞", "  ", "--"]),
    st.sampled_from(["-", "\uff0d", "—", " - ", "‐", " "]),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from(["", " ", "\u3000"]),
)
NUMBERS = tuple(
    finding_number(office_word="云溪", year=2026, round_number=at, sequence=number)
    for at in (3, 31)
    for number in (1, 2, 11, 100, 1001)
)


@given(st.sampled_from(NUMBERS), WRITTEN)
def test_a_number_is_its_finding_however_it_is_written(number: str, written: Any) -> None:
    (opening, closing), dash, n_zeros, is_wide, space = written
    parts = parse_finding_number(number)
    assert parts
    zeros = "0" * min(n_zeros, 6 - len(str(parts.sequence)))
    typed = f"云溪{opening}2026{closing}{space}{parts.round_number}{dash}{zeros}{parts.sequence}"
    read = readers(replace(KNOWN, numbers=dict.fromkeys(NUMBERS, "u1")), label_of_amount="")["number"]
    assert read(typed.translate(WIDE) if is_wide else typed) == number


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("云溪〔2026〕311-001", ()),
        ("云溪〔2026〕3-1002", ()),
        ("云溪20263001", ()),
        ("云溪〔2026〕3-001、002", ()),
        ("清河〔2026〕3-001", ("云溪〔2026〕3-001",)),
        ("3-1", ("云溪〔2026〕3-001",)),
        ("1", ("云溪〔2026〕3-001", "云溪〔2026〕31-001")),
    ],
)
def test_a_number_that_may_be_another_is_none_and_what_was_perhaps_meant_is_said(
    typed: str, near: tuple[str, ...]
) -> None:
    read = readers(replace(KNOWN, numbers=dict.fromkeys(NUMBERS, "u1")), label_of_amount="")["number"]
    assert read(typed) == Wrong("number_unknown", near)


def test_two_numbers_that_are_written_alike_are_neither() -> None:
    both = {"ab〔2026〕3-001": "u1", "AB〔2026〕3-001": "u2"}
    read = readers(replace(KNOWN, numbers=both), label_of_amount="")["number"]
    assert read("AB〔2026〕3-001") == "AB〔2026〕3-001"
    assert isinstance(read("Ab[2026]3-1"), Wrong)


def test_rows_of_one_finding_are_told_though_its_number_is_written_otherwise() -> None:
    first, second = (
        {"unit": UNITS[0], "number": "云溪(2026)3-1"},
        {"unit": UNITS[0], "number": "云溪【２０２６】３－０１"},
    )
    (fault,) = checked(ledger([row(1, **first), row(2, **second)])).faults
    assert (fault.cell, fault.code, fault.near) == ("C4", "number_twice", ("C3",))
    assert [one.number for one in checked(ledger([row(1, **first)])).rows] == ["云溪〔2026〕3-001"]


def test_a_clean_row_is_understood() -> None:
    given = row(
        1, unit="云溪县 财政局", category="B401", severity="突出", commonality="共性问题", fix_now="√", amount="12.5",
        helping=f"{UNITS[3]}、{UNITS[0]}", given="2026年3月1日", due="2026年9月底", state="基本完成",
        progress="已清退。",
    )  # fmt: skip
    (found,) = checked(ledger([given])).rows
    assert (found.unit, found.category, found.severity, found.commonality) == ("u2", "B401", "prominent", "common")
    assert (found.fix_now, found.amount, found.helping) == (True, Decimal("125000.00"), ("u4", "u1"))
    assert (found.given, found.due, found.state) == (date(2026, 3, 1), date(2026, 9, 30), "basically_done")
    assert (found.row, found.progress) == (3, "已清退。")
    assert found.cells[:2] == ["1", "云溪县 财政局"]


def test_each_column_is_proposed_with_its_reason_and_none_twice() -> None:
    layout = layout_of(opened(ledger([row(1)])), words=WORDS)
    found = {column.label: (column.code, column.why) for column in layout.columns}
    assert found["反馈问题"] == ("text", SAME)
    assert found["涉及金额（万元）"] == ("amount", SAME)
    assert found["备注"] == ("", "")
    codes = [column.code for column in layout.columns if column.code]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(TARGETS)
    book = openpyxl.Workbook()
    book.active.append(["单位名称", "审计发现的主要问题", "目前整改进展"])
    (_unit, text, progress) = layout_of(opened(saved(book)), words=WORDS).columns
    assert (text.code, progress.code, progress.why) == ("text", "progress", HOLDS)


def test_a_head_of_two_rows_under_titles_with_notes_sums_and_merged_units() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["附件2"])
    sheet.append(["巡察反馈问题整改情况台账"])
    sheet.append(["序号", "被巡察单位", "问题情况", None, "整改情况", None])
    sheet.append([None, None, "具体问题", "问题类别", "整改状态", "整改进展"])
    for number in range(3):
        sheet.append([number + 1, UNITS[0] if number == 0 else None, f"问题{number}没有整改", "B404", "正在整改", ""])
    sheet.append(["合计", None, None, "3条", None, None])
    sheet.append(["填表人：赵某"])
    for area in ("A2:F2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "B5:B7"):
        sheet.merge_cells(area)
    found = checked(saved(book))
    assert [(one.unit, one.row, one.text) for one in found.rows] == [
        ("u1", number + 5, f"问题{number}没有整改") for number in range(3)
    ]
    assert (found.n_faults, found.n_left_out, found.n_rows) == (0, 2, 3)


def test_sheets_with_the_same_head_belong_to_one_ledger_and_hidden_ones_do_not() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ledger([row(1)])))
    for name, number in (("续表", 2), ("旧表", 3)):
        sheet = book.create_sheet(name)
        sheet.append(list(HEAD))
        sheet.append(row(number))
    book["旧表"].sheet_state = "hidden"
    grids = opened(saved(book))
    layout = layout_of(grids, words=WORDS)
    assert layout.sheets == (("台账", 2), ("续表", 1))
    assert [one.sheet for one in check(grids, layout=layout, known=KNOWN).rows] == ["台账", "续表"]


def test_a_person_points_to_another_row_and_without_a_head_it_is_said() -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.active.append(["某某", "没有整改"])
    grids = opened(saved(book))
    with pytest.raises(NoHead):
        layout_of(grids, words=WORDS)
    assert [column.label for column in layout_of(grids, words=WORDS, row=1).columns] == ["甲", "乙"]


def test_delimited_text_reads_the_same() -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEAD, row(1), row(2, unit="水利所")])
    for encoding in ("utf-8-sig", "gb18030"):
        found = checked(buffer.getvalue().encode(encoding))
        assert [fault.cell for fault in found.faults] == ["B3"]
        assert found.rows[0].text == "第1项：专项资金支出没有附件。"


def test_an_old_workbook_reads_with_its_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of its own answers, without that process."""
    monkeypatch.setattr(apart, "_answer", lambda _reader, content: json.loads(json.dumps(apart._old_grids(content))))
    sample = Path(__file__).parents[1] / "samples/formats/ledger.xls"
    (grid,) = opened(sample.read_bytes())
    assert (grid.name, grid.rows[1][0], grid.rows[1][1][:2]) == ("台账", 2, ["序号", "反馈问题"])
    assert all(len(area) == 2 for area in grid.merged)


def test_one_unit_for_the_whole_ledger_where_there_is_no_such_column() -> None:
    book = openpyxl.Workbook()
    book.active.append(["反馈问题", "整改状态"])
    book.active.append(["资金没有附件", "正在整改"])
    assert [one.unit for one in checked(saved(book), only="u3").rows] == ["u3"]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("第1项： 资金（专项）没有附件。", "第1项资金专项没有附件"),
        ("Ａｂ１，㎡ ㈠", "ab1m2一"),
        ("e\u0301，é", "éé"),
        ("a_b-c…", "abc"),
        ("。", ""),
    ],
)
def test_what_is_alike_is_so_whatever_its_width_case_and_marks(text: str, letters: str) -> None:
    assert alike(text) == letters


@pytest.mark.parametrize("mark", ["秘密", "机密★10年", "绝密级", "密级：秘密", "（机密★）"])
def test_a_ledger_that_is_marked_secret_is_refused_whole(mark: str) -> None:
    with pytest.raises(Unreadable) as refused:
        opened(ledger([row(1), row(2, note=mark)]))
    assert refused.value.code == "secret"
    assert "P4" in refused.value.message


def test_a_finding_about_secrets_is_no_secret() -> None:
    assert checked(ledger([row(1, text="涉密文件管理不规范，机密文件未登记。")])).n_faults == 0


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.4", b"\x89PNG\r\n"])
def test_what_is_no_ledger_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable):
        opened(content)


def test_a_sheet_written_in_an_unusual_way_reads_the_same_as_a_usual_one() -> None:
    usual = (
        '<c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="C1" s="0"><v>1.5</v></c><c r="D1" t="e"><v>#REF!</v></c>'
    )
    odd = usual.replace('r="A1" t="inlineStr"', 't="inlineStr" r="A1"').replace("<is><t>甲", "<is><t>&#x7532;")
    rows = [
        opened(workbook_file(f'<sheetData><row r="1">{cells}</row><row r="3"/></sheetData>'))[0].rows
        for cells in (usual, odd, usual.replace("</c>", " </c>"))
    ]
    assert rows[0] == rows[1] == rows[2] == [(1, ["甲", "", "1.5", "#REF!"])]


def test_areas_that_cover_each_other_without_end_are_refused_in_no_time() -> None:
    head = rows(("被巡察单位", "反馈问题"), *[(UNITS[0], f"问题{number}没有整改") for number in range(2_000)])
    grids = opened(workbook_file(head + merged(*["A2:B1048576"] * 60_000)))
    with pytest.raises(Unreadable) as refused:
        check(grids, layout=layout_of(grids, words=WORDS), known=KNOWN)
    assert refused.value.code == "too_large"


def test_every_fault_has_a_sentence_that_says_what_would_be_right() -> None:
    assert {code for _cells, _column, code, _near in PLANTED} | {"row_twice", "number_twice"} == set(FAULTS)
    assert all(words.endswith("。") for words in FAULTS.values())
