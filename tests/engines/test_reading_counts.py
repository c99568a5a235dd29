"""Figures as officials write them: scales, vagueness, ranges, broken lines; placeholders and phrases are none."""

import pytest

from bihuan.engines.reading import read_bytes

Wanted = list[tuple[str, str, str | None]]


def figures(text: str) -> Wanted:
    return [(figure.number, figure.unit, figure.approx) for figure in read_bytes(text.encode(), name="a.txt").figures]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("扶持8个项目、2个小区、三个晚上", [("8", "个", None), ("2", "个", None), ("3", "个", None)]),
        ("召开两次会议，三名单位职工参加", [("2", "次", None), ("3", "名", None)]),
        ("学院党委三次研究，只剩一间，满意度不足一成", [("3", "次", None), ("1", "间", None), ("1", "成", None)]),
        ("给予党纪处分一人，约谈2人", [("1", "人", None), ("2", "人", None)]),
        ("账号19个、编成4个小组、完成14件", [("19", "个", None), ("4", "个", None), ("14", "件", None)]),
        ("占总数15.2%，低于平均数6.6个百分点", [("15.2", "%", None), ("6.6", "个百分点", None)]),
        ("卷烟6瓶、灭火器9具", [("6", "瓶", None), ("9", "具", None)]),
        ("路灯48盏、档案120卷", [("48", "盏", None), ("120", "卷", None)]),
        ("11大项21小项118条任务", [("11", "大项", None), ("21", "小项", None), ("118", "条", None)]),
        ("错误率千分之三点五，覆盖率百分之百", [("3.5", "‰", None), ("100", "%", None)]),
    ],
)
def test_counts_of_many_units(text: str, wanted: Wanted) -> None:
    assert figures(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("两千三百六十一元", [("2361", "元", None)]),
        ("三亿五千万元", [("350000000", "元", None)]),
        ("3亿2000万元", [("320000000", "元", None)]),
        ("1万2千元", [("12000", "元", None)]),
        ("人民币伍万陆仟元", [("56000", "元", None)]),
        ("860万美元、1.7亿元、3.2万亿元", [("860", "万美元", None), ("1.7", "亿元", None), ("3.2", "万亿元", None)]),
        ("2.3万余人次，400多斤", [("2.3", "万人次", "余"), ("400", "斤", "多")]),
        ("近百户群众，百余名党员", [("100", "户", "近"), ("100", "名", "余")]),
        ("约三点五万元，将近六成", [("3.5", "万元", "约"), ("6", "成", "近")]),
        ("共26.4万。", [("26.4", "万", None)]),
        ("１２．５％，１，２０３，０００元", [("12.5", "%", None), ("1203000", "元", None)]),
        ("党员1 236名，资金3,450万元", [("1236", "名", None), ("3450", "万元", None)]),
        ("收缴零元，0起", [("0", "元", None), ("0", "起", None)]),
    ],
)
def test_scales_words_and_vagueness(text: str, wanted: Wanted) -> None:
    assert figures(text) == wanted


@pytest.mark.parametrize("text", ["节约14万元", "最近3次", "附近3户", "预约35人", "签约58家"])
def test_words_that_end_like_about_are_not_vague(text: str) -> None:
    [(_, _, approx)] = figures(text)
    assert approx is None


@pytest.mark.parametrize("text", ["3—5个村", "3至5个村", "三至五个村"])
def test_a_range_gives_its_upper_end(text: str) -> None:
    assert figures(text) == [("5", "个", None)]


@pytest.mark.parametrize(
    "text",
    [
        "x万元、XX户、**元、3X户、20XX年xx村",
        "上百万元、几十名、数百万元、十几个、三五个、七八十人",
        "二次供水、新校区二期、第3批、第一至四项、〔2024〕3号、3号楼",
        "四个意识、三会一课、“三家陪标”、“四个再”、四套班子、八项规定、五花八门、零件、十分满意、三分之二",
        "2024年3月5日8:30，电话010-12345678",
        "12项目、2名单、3条例、4件套、5支部",
        "一名干部说，一个人干",
        "七十多岁的老人",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert figures(text) == []


def test_cells_do_not_run_into_each_other() -> None:
    text = "序号\t性质\t问题\n4\t个性\t账目不清\n5\t名老中医\t收费混乱\n"
    assert figures("县委巡察整改台账\n" + text) == []


def test_a_figure_broken_by_the_end_of_a_line_is_read_and_a_list_number_is_not_joined() -> None:
    assert figures("全年发放当年考核奖励资金共计5.2\n万元，没有依据。") == [("5.2", "万元", None)]
    assert figures("本年度共有如下各项问题合计3\n1.个人账目不清") == []


def test_half_width_stops_before_a_figure_are_no_decimal_points() -> None:
    assert figures("已停掉补贴.9.6万元交回,返工.2个合格") == [("9.6", "万元", None), ("2", "个", None)]
