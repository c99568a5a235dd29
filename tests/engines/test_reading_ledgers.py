"""Rows of ledgers: free column names in any order, several columns of a role, points, persons, states of every kind."""

import pytest

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.shapes import Item
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.tables.cells import persons_of, points_of, progress_of
from bihuan.engines.reading.tables.headers import role_of

HEAD = "青禾县林业局党组巡察整改台账\n（截至2025年6月30日）\n"


def read(rows: str) -> Reading:
    return read_bytes((HEAD + rows).encode(), name="台账.txt")


def only(rows: str) -> tuple[Reading, Item]:
    reading = read(rows)
    [item] = reading.items
    return reading, item


def words(reading: Reading, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [reading.text[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("序号", "number"), ("哪方面", "category"), ("巡察组说的问题", "finding"), ("问题表述", "finding"),
        ("具体表现", "detail"), ("咋改的", "measures"), ("采取的措施", "measures"), ("整改目标", "aside"),
        ("原因分析", "aside"), ("整改前", "before"), ("谁负责", "responsible"), ("牵头单位", "responsible"),
        ("涉及村", "unit"), ("共性/个性", "common"), ("目前进展", "progress"), ("进度", "state"), ("是否完成", "state"),
        ("取得成效", "results"), ("时限", "deadline"), ("备注", "notes"), ("整改任务", "task"), ("天气", None),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(name: str, role: str | None) -> None:
    assert role_of(name) == role


def test_two_header_rows_and_percentages_as_state() -> None:
    rows = "\t反馈意见\t\t整改推进\t\t\n序号\t问题\t具体表现\t措施\t牵头部门\t进度\n"
    rows += "1\t采伐证管理混乱\t3本证没有编号\t（1）清理；（2）编号\t资源股、法规股\t100%\n"
    rows += "2\t护林员空岗\t夜间无人\t排班\t办公室\t70%\n"
    reading = read(rows)
    assert [item.state for item in reading.items] == ["done", "in_progress"]
    assert words(reading, reading.items[0].more) == ["3本证没有编号"]
    assert words(reading, reading.items[0].measures) == ["清理", "编号"]
    assert words(reading, reading.items[0].responsible) == ["资源股", "法规股"]


def test_all_columns_of_a_role_count_and_order_is_free() -> None:
    rows = "责任领导\t时限\t序号\t存在问题\t整改措施\t责任单位\t进展\n"
    rows += "副局长 田永\t3月底\t7\t苗木款拖欠两年\t筹款；付款\t计财股\t已付清，付款12万元\n"
    reading, item = only(rows)
    assert (item.level, words(reading, item.responsible)) == ("7", ["副局长 田永", "计财股"])
    assert words(reading, item.measures) == ["筹款", "付款"]
    assert (item.state, words(reading, item.results)) == ("done", ["付款12万元"])


def test_a_task_is_a_measure_only_where_nothing_else_is() -> None:
    reading, item = only("序号\t问题\t整改任务\t责任人\n1\t苗木款拖欠两年\t筹款付清\t王强\n")
    assert words(reading, item.measures) == ["筹款付清"]
    reading, item = only("序号\t问题\t整改任务\t整改举措\t责任人\n1\t苗木款拖欠两年\t付清\t向上申请\t王强\n")
    assert words(reading, item.measures) == ["向上申请"]


def test_a_table_of_counts_has_no_column_of_findings() -> None:
    reading = read("单位\t反馈问题\t已完成\t责任单位\n林场\t27个\t20个\t办公室\n苗圃\t12个\t12个\t办公室\n")
    assert reading.items == ()


def test_ditto_blank_cells_totals_and_a_header_that_comes_again() -> None:
    head = "类别\t序号\t问题\t措施\t责任人\t完成情况\n"
    rows = (
        head + "财务\t1\t账目不清\t核账\t王强\t已完成\n\t2\t票据缺失\t同上\t—\t未完成\n" + head + "合计\t\t2个\t\t\t\n"
    )
    reading = read(rows)
    assert [words(reading, (item.heading,)) for item in reading.items if item.heading] == [["财务"], ["财务"]]
    assert [words(reading, item.measures) for item in reading.items] == [["核账"], ["核账"]]
    assert [item.state for item in reading.items] == ["done", "not_done"]


def test_ditto_is_no_finding_and_a_bare_number_no_heading() -> None:
    reading = read("序号\t问题\t措施\t责任人\n（一）\t\t\t\n1\t账目不清\t核账\t王强\n2\t同上\t补票\t李敏\n")
    assert [item.heading for item in reading.items] == [None]
    assert words(reading, reading.items[0].measures) == ["核账"]


def test_money_given_back_is_a_result_and_none_is_not() -> None:
    rows = "序号\t问题\t措施\t退缴金额\t进度\n1\t违规发放津贴\t清退\t2.35万元\t100%\n2\t会议记录缺失\t补记\t0元\t80%\n"
    reading = read(rows)
    assert [words(reading, item.results) for item in reading.items] == [["2.35万元"], []]


@pytest.mark.parametrize(
    ("cell", "state", "results"),
    [
        ("已完成。复垦118亩", "done", ["复垦118亩"]),
        ("正在推进，已挖沟1.2公里", "in_progress", ["已挖沟1.2公里"]),
        ("未完成，核查结论待出", "not_done", []),
        ("修好29处，剩余5处正在修", "in_progress", ["修好29处"]),
        ("合同未到期，尚未收回", "not_done", []),
        ("阶段性完成，需长期坚持", "phase_done_long_term", []),
        ("已完成，需长期坚持", "phase_done_long_term", []),
        ("已完成并长期坚持", "done", []),
        ("是，长期坚持", "done", []),
        ("否（还有2户待核销）", "in_progress", []),
        ("基本完成，剩余2户正在办理", "basically_done", []),
        ("未销号", "not_done", []), ("未按期完成", "not_done", []), ("整改不到位", "unstated", ["整改不到位"]),
        ("已申请销号", "in_progress", []), ("100%", "done", []), ("85%", "in_progress", []),
        ("2025年3月", "done", []), ("2025年12月完成", "in_progress", []), ("预计2025年底完成", "in_progress", []),
        ("√", "done", []), ("×", "not_done", []), ("——", "unstated", []),
        ("办妥，2人每月领到", "done", ["2人每月领到"]),
        ("镇里已同意，等拨款", "in_progress", []), ("立行立改", "unstated", []),
    ],
)  # fmt: skip
def test_states_as_cells_tell_them(cell: str, state: str, results: list[str]) -> None:
    told, _, spans = progress_of(mirrored(cell), (0, len(cell)), (2025, 6))
    assert (told, [cell[slice(*span)] for span in spans]) == (state, results)


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("①停用 ②清理 ③谈话", ["停用", "清理", "谈话"]),
        ("1.更换商户；2.每周询价", ["更换商户", "每周询价"]),
        ("1）立案；2）加装", ["立案", "加装"]),
        ("①建立三联单", ["建立三联单"]),
        ("更换巡查员4人，装视频7套。每日抽看。", ["更换巡查员4人，装视频7套", "每日抽看"]),
        ("并账；退回", ["并账", "退回"]),
        ("—", []),
    ],
)
def test_points_of_a_cell(cell: str, points: list[str]) -> None:
    assert [cell[slice(*span)] for span in points_of(mirrored(cell), (0, len(cell)))] == points


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("教务处、各学院", ["教务处", "各学院"]),
        ("总工程师 饶鸣", ["总工程师 饶鸣"]),
        ("王强 李敏", ["王强", "李敏"]),
        ("牵头单位：财政局；配合单位：审计局", ["财政局", "审计局"]),
        ("李敏（牵头）/赵刚", ["李敏", "赵刚"]),
        ("无", []),
    ],
)
def test_persons_of_a_cell(cell: str, persons: list[str]) -> None:
    assert [cell[slice(*span)] for span in persons_of(mirrored(cell), (0, len(cell)))] == persons


def test_lists_of_findings_tasks_and_persons_are_joined_but_two_rows_of_one_list_stay() -> None:
    rows = "一、问题清单\n序号\t反馈问题\t涉及村\n1\t苗木款拖欠两年\t东村\n2\t护林员空岗\t西村\n3\t护林员空岗\t南村\n"
    rows += "二、任务清单\n序号\t反馈问题\t整改措施\t完成时限\n1\t苗木款拖欠两年\t筹款；付清\t3月底\n"
    rows += "三、责任清单\n序号\t反馈问题\t责任人\n1\t苗木款拖欠两年\t王强\n"
    reading = read_bytes(("青禾县林业局党组巡察整改方案\n" + rows).encode(), name="方案.txt")
    assert [words(reading, (item.unit,)) for item in reading.items if item.unit] == [["东村"], ["西村"], ["南村"]]
    first = reading.items[0]
    assert (words(reading, first.measures), words(reading, first.responsible)) == (["筹款", "付清"], ["王强"])
    assert len(reading.items) == 3


def test_a_column_for_both_is_sorted_into_measures_results_and_state() -> None:
    cell = "制定公开制度，每季度检查一次。退回资金1.2万元，取消3户，已完成整改。"
    reading, item = only(f"序号\t问题\t整改措施及成效\t责任人\n1\t低保评议走过场\t{cell}\t王强\n")
    assert words(reading, item.measures) == ["制定公开制度，每季度检查一次"]
    assert words(reading, item.results) == ["退回资金1.2万元，取消3户"]
    assert item.state == "done"
