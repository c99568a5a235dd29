"""Tables in plain text: tabs, bars, blanks, one cell to a line; broken cells, sections, notes, no header at all."""

import pytest

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.tables.pasted import pasted_tables

TITLE = "云岭县水务局党组巡察整改台账\n"


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="台账.txt")


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


def words(reading: Reading, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [reading.text[slice(*span)] for span in spans]


def test_a_cell_of_several_lines_in_quotes_is_one_cell() -> None:
    text = (
        TITLE
        + '序号\t问题\t整改措施\t责任人\n1\t渠道漏水无人管\t"1.查漏；\n2.修补"\t王强\n2\t水费账目不清\t核账\t李敏\n'
    )
    reading = read(text)
    assert findings(reading) == ["渠道漏水无人管", "水费账目不清"]
    assert words(reading, reading.items[0].measures) == ["查漏", "修补"]
    assert words(reading, reading.items[0].responsible) == ["王强"]


def test_a_row_with_breaks_inside_goes_on_until_it_is_as_wide_as_the_header() -> None:
    text = (
        TITLE + "序号\t问题\t整改措施\t责任人\n1\t渠道漏水无人管\t1.查漏；\n2.修补\t王强\n2\t水费账目不清\t核账\t李敏\n"
    )
    reading = read(text)
    assert [words(reading, item.measures) for item in reading.items] == [["查漏", "修补"], ["核账"]]


def test_a_row_may_break_in_more_than_one_cell() -> None:
    text = (
        TITLE + "序号\t问题\t整改措施\t责任人\n1\t渠道漏水，\n无人管\t1.查漏；\n2.修补\t王强\n2\t账目不清\t核账\t李敏\n"
    )
    reading = read(text)
    assert findings(reading) == ["渠道漏水，\n无人管", "账目不清"]
    assert [words(reading, item.responsible) for item in reading.items] == [["王强"], ["李敏"]]


def test_a_short_row_does_not_swallow_the_note_below() -> None:
    text = (
        TITLE
        + "序号\t问题\t整改措施\t完成情况\n1\t渠道漏水\t查漏\t已完成\n2\t账目不清\t核账\n注：第2项进度慢\n下月重点\n"
    )
    reading = read(text)
    assert findings(reading) == ["渠道漏水", "账目不清"]
    assert reading.items[1].state == "unstated"


def test_section_lines_between_rows_are_levels() -> None:
    text = (
        TITLE
        + "序号\t问题\t措施\t时限\n一、工程方面\n1\t渠道漏水\t查漏\t3月底\n二、财务方面\n2\t账目不清\t核账\t4月底\n"
    )
    reading = read(text)
    assert [item.level for item in reading.items] == ["一、1", "二、2"]
    assert [words(reading, (item.heading,))[0] for item in reading.items if item.heading] == ["工程方面", "财务方面"]


@pytest.mark.parametrize(
    "table",
    [
        "| 序号 | 问题 | 整改措施 | 责任人 |\n| --- | --- | --- | --- |\n"
        "| 1 | 渠道漏水 | 查漏 | 王强 |\n| 2 | 账目不清 | 核账 | 李敏 |\n",
        "序号│问题│整改措施│责任人\n────┼──────┼──────┼────\n1│渠道漏水│查漏│王强\n2│账目不清│核账│李敏\n",
        "序号   问题       整改措施   责任人\n1      渠道漏水   查漏       王强\n2      账目不清   核账       李敏\n",
    ],
    ids=["bars", "drawn", "blanks"],
)
def test_drawn_tables_are_tables(table: str) -> None:
    reading = read(TITLE + table + "以上情况属实。\n")
    assert (reading.kind, findings(reading)) == ("ledger", ["渠道漏水", "账目不清"])
    assert [words(reading, item.responsible) for item in reading.items] == [["王强"], ["李敏"]]


def test_one_cell_to_a_line_with_blank_lines_between_rows_and_for_empty_cells() -> None:
    head = "云岭县水务局党组巡察整改情况公示\n\n反馈问题\n整改措施\n责任科室\n是否完成\n\n"
    reading = read(head + "渠道漏水\n查漏\n工程科\n是\n\n账目不清\n核账\n\n否\n\n备注：公示期七天\n")
    assert findings(reading) == ["渠道漏水", "账目不清"]
    assert [item.state for item in reading.items] == ["done", "not_done"]
    assert words(reading, reading.items[1].responsible) == []


def test_one_cell_to_a_line_without_blank_lines() -> None:
    head = "云岭县水务局党组巡察整改情况公示\n反馈问题\n整改措施\n责任科室\n是否完成\n"
    reading = read(head + "渠道漏水\n查漏\n工程科\n是\n账目不清\n核账\n财务科\n否\n")
    assert findings(reading) == ["渠道漏水", "账目不清"]


def test_a_ledger_without_a_header_is_known_by_its_cells() -> None:
    rows = [
        "1.\t河道清淤资金挪作他用，涉及两个村\t退回资金；重新清淤\t站长周平\t5月底\t已完成，退回3万元",
        "2.\t用水户名册多年没有更新过\t逐户登记\t副站长\t年底\t正在推进",
        "3.\t值班记录由同一个人补写\t重新排班\t办公室\t立行立改\t已完成",
    ]
    reading = read("青石水管站党支部\n巡察整改清单\n" + "\n".join(rows) + "\n")
    assert [item.level for item in reading.items] == ["1.", "2.", "3."]
    assert [item.state for item in reading.items] == ["done", "in_progress", "done"]
    assert words(reading, reading.items[0].measures) == ["退回资金", "重新清淤"]
    assert words(reading, reading.items[0].deadline) == ["5月底"]


def test_prose_with_bars_or_gaps_is_no_table() -> None:
    assert (
        pasted_tables(
            mirrored("来源：网站 | 日期：3月 | 字号：大\n首页 | 党建 | 正文\n甲    乙    丙\n丁    戊    己\n")
        )
        == ()
    )
