"""What columns hold: strange names, none, ticks, boxes, two rows of names, units in names; tables of other things."""

import pytest

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.tables.cells import days_of, persons_of, points_of, progress_of
from bihuan.engines.reading.tables.columns import role_of, state_named
from bihuan.engines.reading.tables.looks import is_day, is_name, is_number, is_persons, is_state

HEAD = "柏岭县粮食局党组巡察整改台账\n（截至2025年6月30日）\n"


def read(rows: str, head: str = HEAD) -> Reading:
    return read_bytes((head + rows).encode(), name="台账.txt")


def words(reading: Reading, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [reading.text[slice(*span)] for span in spans]


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("病灶", "finding"), ("症结", "finding"), ("督办事项", "finding"), ("巡察指出", "finding"),
        ("原意见", "finding"),
        ("组里点到的", "finding"), ("药方", "measures"), ("对策", "measures"), ("怎么干", "measures"),
        ("谁来治", "responsible"),
        ("谁弄", "responsible"), ("挂帅领导", "responsible"), ("包案领导", "responsible"), ("疗程", "deadline"),
        ("啥时候", "deadline"), ("限期", "deadline"), ("干到何时", "deadline"), ("疗效", "progress"),
        ("近况", "progress"),
        ("整改后", "progress"), ("干成没有", "state"), ("改没改", "state"), ("三方联审意见", "state"),
        ("验收结论", "state"),
        ("验收人", "aside"), ("问题来源", "aside"), ("问题数", "aside"), ("整改要达到", "aside"),
        ("措施序号", "aside"),
        ("是否主要负责人任内", "aside"), ("责任追究情况", "aside"), ("怎么弄的、弄成啥样", "both"),
        ("销号编号", "number"),
        ("督办要求", "task"), ("整改事项", "task"), ("退缴金额", "recovered"), ("天气", None), ("完成", None),
    ],
)  # fmt: skip
def test_columns_are_known_by_the_names_of_many_offices(name: str, role: str | None) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("holds", "yes", "no"),
    [
        (is_day, "2025年3月底", "3月底前完成整改"), (is_day, "立行立改", "立案"), (is_day, "7日内", "7个"),
        (is_day, "2025.3.6", "3.6万元"), (is_persons, "副局长 田野", "追缴入库"),
        (is_persons, "财务科、审计科", "财务混乱"),
        (is_persons, "王强、李敏", "已完成"), (is_name, "王强", "审计"), (is_name, "冷小栓", "王办"),
        (is_state, "已完成，退回3万元", "退回3万元"), (is_state, "85%", "85户"), (is_number, "第3单", "3个月"),
        (is_number, "A201-1", "A股"), (is_number, "补一", "补课"),
    ],
)  # fmt: skip
def test_what_cells_look_like(holds, yes: str, no: str) -> None:  # type: ignore[no-untyped-def]
    assert (holds(yes), holds(no)) == (True, False)


def test_a_column_with_a_strange_name_is_known_by_its_cells() -> None:
    rows = "序\t毛病在哪\t动静\t掌舵\t到啥火候\t钟点\n"
    rows += "1\t储备粮轮换不及时，账实不符\t清仓查库\t副局长 田野\t已完成\t3月底\n"
    rows += "2\t收购款拖欠农户两个月\t先垫付后清算\t财务科\t正在推进\t2025年9月\n"
    reading = read(rows)
    assert findings(reading) == ["储备粮轮换不及时，账实不符", "收购款拖欠农户两个月"]
    assert [words(reading, item.responsible) for item in reading.items] == [["副局长 田野"], ["财务科"]]
    assert [words(reading, item.deadline) for item in reading.items] == [["3月底"], ["2025年9月"]]
    assert [item.state for item in reading.items] == ["done", "in_progress"]
    assert words(reading, reading.items[0].measures) == ["清仓查库"]


def test_a_finding_without_a_telling_name_is_the_column_that_says_what_is_wrong() -> None:
    rows = "序号\t内容摘录\t办法\t牵头\t完成\n"
    rows += "1\t仓库出租没有公开招租，少收租金\t重新招租\t资产科\t2025年6月\n"
    rows += "2\t党支部两年没有换届，缺少组织委员\t按期换届\t机关党委\t立行立改\n"
    reading = read(rows)
    assert findings(reading) == ["仓库出租没有公开招租，少收租金", "党支部两年没有换届，缺少组织委员"]
    assert [words(reading, item.deadline) for item in reading.items] == [["2025年6月"], ["立行立改"]]


def test_tasks_are_the_findings_rewritten_where_measures_stand_beside_them() -> None:
    rows = "序号\t整改任务\t具体措施\t责任人\n1\t进一步规范储备粮轮换管理\t按月盘点\t王强\n"
    rows += "2\t着力解决收购款拖欠问题\t先垫付\t李敏\n"
    assert findings(read(rows)) == ["进一步规范储备粮轮换管理", "着力解决收购款拖欠问题"]


def test_ticks_tell_the_state_that_their_column_is_called_by() -> None:
    rows = "问题\t完成情况\t\t\t责任人\n\t已完成\t正在整改\t未启动\t\n"
    rows += "仓房漏雨无人维修\t√\t\t\t王强\n账实不符多年未处理\t\t√\t\t李敏\n借调人员超期不还\t\t\t√\t赵刚\n"
    reading = read(rows)
    assert [item.state for item in reading.items] == ["done", "in_progress", "not_done"]
    assert [words(reading, (item.state_span,)) for item in reading.items if item.state_span] == [["√"]] * 3


def test_columns_of_counts_are_no_ticks() -> None:
    reading = read("单位\t反馈问题\t已完成\t未启动\n粮库\t27\t20\t7\n质检站\t12\t12\t0\n")
    assert reading.items == ()
    assert (state_named("已完成"), state_named("未启动"), state_named("备注")) == ("done", "not_done", None)


@pytest.mark.parametrize(
    ("cell", "state", "where"),
    [
        ("☑正在整改 □已完成 □未启动", "in_progress", "正在整改"), ("□正在整改 ☑已完成 □未启动", "done", "已完成"),
        ("不同意销号，退回", "not_done", "不同意销号"), ("暂不销号，余款到账后复核", "in_progress", "暂不销号"),
        ("不同意。5辆未处置，继续整改", "in_progress", "继续整改"), ("评估完成，正在挂牌", "in_progress", "正在挂牌"),
        ("痊愈", "done", "痊愈"), ("好转，需长期调养", "phase_done_long_term", "需长期调养"),
        ("没", "not_done", "没"),
        ("一半", "in_progress", "一半"), ("长期弄", "phase_done_long_term", "长期弄"),
        ("完成工程量65%", "in_progress", "完成工程量65%"),
        ("绿灯", "done", "绿灯"), ("差3人", "in_progress", "差3人"),
        ("整改过半：增设车位96个", "in_progress", "整改过半"),
    ],
)  # fmt: skip
def test_states_in_the_words_of_many_offices(cell: str, state: str, where: str) -> None:
    told, place, _ = progress_of(mirrored(cell), (0, len(cell)), (2025, 6))
    assert (told, place and cell[slice(*place)]) == (state, where)


@pytest.mark.parametrize(
    ("cell", "persons"),
    [
        ("消费科 阳子涵", ["消费科 阳子涵"]), ("财务科 审计科", ["财务科", "审计科"]),
        ("王强 李敏", ["王强", "李敏"]),
        ("财政局牵头，审计局配合", ["财政局", "审计局"]), ("李敏（主抓）、赵刚", ["李敏", "赵刚"]), ("未定", []),
    ],
)  # fmt: skip
def test_persons_and_their_offices(cell: str, persons: list[str]) -> None:
    assert [cell[slice(*span)] for span in persons_of(mirrored(cell), (0, len(cell)))] == persons


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2025年9月底，长期坚持", ["2025年9月底", "长期坚持"]), ("立行立改，长期坚持", ["立行立改，长期坚持"]),
        ("3月底。", ["3月底"]),
    ],
)  # fmt: skip
def test_days_of_a_cell(cell: str, days: list[str]) -> None:
    assert [cell[slice(*span)] for span in days_of(mirrored(cell), (0, len(cell)))] == days


def test_strokes_part_measures_but_not_words() -> None:
    cell = "取消收费并拆除围挡/合同到期不再续签"
    assert [cell[slice(*one)] for one in points_of(mirrored(cell), (0, len(cell)))] == [
        "取消收费并拆除围挡", "合同到期不再续签",
    ]  # fmt: skip
    assert len(points_of(mirrored("核对A/B两本账"), (0, 8))) == 1


def test_the_unit_in_the_name_of_a_column_belongs_to_its_bare_numbers() -> None:
    rows = "序号\t问题\t涉及金额（万元）\t整改措施\t退缴金额（元）\n1\t工程款超付\t14.45\t追回\t144,500\n"
    rows += "2\t会议费漏记\t3.2万元\t补记\t0\n"
    reading = read(rows)
    told = [[(one.number, one.unit, one.meaning) for one in item.figures] for item in reading.items]
    assert told == [[("14.45", "万元", "涉及金额"), ("144500", "元", "退缴金额")], [("0", "元", "退缴金额")]]
    assert [words(reading, item.results) for item in reading.items] == [["144,500"], []]


def test_a_lower_name_that_says_little_is_read_with_the_wider_one_above() -> None:
    rows = "序号\t反馈问题\t整改情况\t\t责任单位\n\t\t整改进度\t具体情况\t\n"
    rows += "1\t异地备案手续繁琐，群众反映多\t100%\t取消证明4项\t经办科\n"
    rows += "2\t货款结算不及时，拖欠三个月\t80%\t结清货款2130万元\t价格科\n"
    reading = read(rows)
    assert [item.more for item in reading.items] == [(), ()]
    assert [words(reading, item.results) for item in reading.items] == [["取消证明4项"], ["结清货款2130万元"]]


@pytest.mark.parametrize(
    "rows",
    [
        "序号\t重点任务\t责任单位\t完成时限\n1\t赴外招商12次以上\t商务局\t12月底\n2\t创建示范村10个\t农业农村局\t11月底\n",
        "项目\t上年预算\t本年申报\t测算依据\n驻点保障\t96\t88\t每组3.6万元\n交通补助\t20\t18\t每村2400元\n",
        "时间\t地点\t内容\t主持人\n8:30\t三楼会议室\t反馈会\t王强\n14:00\t二楼\t个别谈话\t李敏\n",
        "姓名\t职务\t电话\n王强\t组长\t0000-1\n李敏\t副组长\t0000-2\n",
    ],
    ids=["tasks", "budget", "schedule", "names"],
)
def test_tables_of_other_things_give_nothing(rows: str) -> None:
    assert read(rows).items == ()


@pytest.mark.parametrize(
    "title", ["县审计局审计查出问题整改台账\n", "安全生产隐患整改台账\n", "消防检查问题整改清单\n"]
)
def test_ledgers_of_other_inspections_give_nothing(title: str) -> None:
    rows = "序号\t问题\t整改措施\t责任人\t完成情况\n1\t多计工程款56万元\t收回\t王强\t已完成\n"
    rows += "2\t消防通道堵塞\t清理\t李敏\t已完成\n"
    reading = read(rows, head=title)
    assert (reading.kind, reading.items) == ("other", ())
