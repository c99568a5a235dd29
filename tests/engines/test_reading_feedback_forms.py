"""Feedback documents in other offices' forms: other numbers, attachments, talks, and what sticks to a finding."""

import pytest

from bihuan.engines.reading import Item, Reading, read_bytes
from bihuan.engines.reading.structure import sections

HEAD = "县委第七巡察组关于巡察县档案馆党支部的反馈意见\n\n县档案馆党支部：\n现将巡察情况反馈如下。\n"


def read(text: str) -> Reading:
    reading = read_bytes((HEAD + text).encode(), name="x.txt")
    assert reading.kind == "feedback"
    return reading


def found(text: str) -> list[tuple[str, str]]:
    reading = read(text)
    return [(item.level, reading.text[slice(*item.finding)].rstrip("。")) for item in reading.items]


def words(reading: Reading, item: Item) -> str:
    return reading.text[slice(*item.finding)]


@pytest.mark.parametrize(
    ("first", "second", "levels"),
    [
        ("（甲）", "（乙）", ["(甲)", "(乙)"]),
        ("Q1. ", "Q2. ", ["Q1", "Q2"]),
        ("第一条　", "第二条　", ["第一条", "第二条"]),
        ("第1个问题：", "第2个问题：", ["第1个问题", "第2个问题"]),
        ("——", "——", ["——", "——"]),
    ],
)
def test_other_numbers(first: str, second: str, levels: list[str]) -> None:
    text = f"存在的主要问题\n{first}库房湿度超标，受潮案卷312卷。\n{second}消防器材过期，没有更换。"
    said = ["库房湿度超标，受潮案卷312卷", "消防器材过期，没有更换"]
    assert found(text) == list(zip(levels, said, strict=True))


def test_problems_told_by_number_and_manifestation_are_problems_though_their_titles_are_mild() -> None:
    text = (
        "问题1：重大事项酝酿少。\n具体表现：5笔支出没有上会。\n问题2：作风散漫。\n具体表现：上班迟到21人次。\n"
        "问题3：账目粗。\n具体表现：2处门面被占用5年。"
    )
    assert [level for level, _ in found(text)] == ["问题1", "问题2", "问题3"]


def test_an_article_with_its_own_parts_is_one_finding() -> None:
    text = "存在的主要问题\n第一条　推进档案数字化用力不均。一是老卷没有扫描；二是系统闲置。\n第二条　经费使用随意。"
    assert found(text) == [
        ("第一条", "推进档案数字化用力不均。一是老卷没有扫描；二是系统闲置"),
        ("第二条", "经费使用随意"),
    ]


def test_a_number_before_a_figure_is_told_by_the_entry_above() -> None:
    text = "存在的主要问题\n1.发展党员把关不严。\n2.50万元修缮资金没有登记。\n3.钥匙无人保管。"
    assert found(text)[1] == ("2.", "50万元修缮资金没有登记")


def test_paragraphs_below_a_title_that_says_what_is_wrong_belong_to_it() -> None:
    text = (
        "存在的主要问题\n（一）借阅管理不严。\n逾期未还47件。\n登记本缺页12张。\n（二）保密松懈。\n2人没有签订承诺书。"
    )
    assert found(text) == [
        ("(一)", "借阅管理不严。\n逾期未还47件。\n登记本缺页12张"),
        ("(二)", "保密松懈。\n2人没有签订承诺书"),
    ]


def test_a_heading_does_not_stand_under_an_entry_that_has_told_its_problem() -> None:
    text = (
        "共同存在的问题\n（一）公开栏常年不换，收支明细没有上墙。\n（二）合同无人保管，原件丢失18份，无人过问。\n\n"
        "分村情况\n石门村。村支书没有监督，两年未开会。\n双桥村。山塘私下续租，租期三十年，没有公示。"
    )
    assert [said for _, said in found(text)] == [
        "公开栏常年不换，收支明细没有上墙",
        "合同无人保管，原件丢失18份，无人过问",
        "村支书没有监督，两年未开会",
        "山塘私下续租，租期三十年，没有公示",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "附件一\n部分问题的具体情形（摘录）",
        "附：移交问题线索情况",
        "附件二\n巡察期间主动整改的事项",
        "附件：具体表现摘要",
    ],
)
def test_attachments_that_repeat_or_hand_over_add_no_finding(title: str) -> None:
    text = f"存在的主要问题\n1.库房管理混乱。\n2.借阅没有登记。\n{title}\n"
    text += "（1）库房没有上锁，丢失案卷3卷。\n（2）登记本缺页。"
    assert [level for level, _ in found(text)] == ["1.", "2."]


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ("，馆里已立行立改，差额全部缴清", "done"),
        ("。相关线索已另行处理", "unstated"),
        ("，请于6月底前核清差额", "unstated"),
    ],
)
def test_what_was_done_or_asked_at_once_is_no_part_of_the_finding(tail: str, state: str) -> None:
    reading = read(f"存在的主要问题\n1.查档收费没有公示，多收9800元{tail}。\n2.借阅没有登记。")
    assert words(reading, reading.items[0]) == "查档收费没有公示，多收9800元"
    assert reading.items[0].state == state


def test_what_was_not_done_by_a_day_is_the_finding() -> None:
    reading = read("存在的主要问题\n1.库房改造滞后，12月底前没有完工。\n2.借阅没有登记。")
    assert words(reading, reading.items[0]).rstrip("。").endswith("没有完工")


def test_a_talk_without_numbers_gives_the_sentences_that_say_what_is_wrong() -> None:
    text = (
        "县委第七巡察组向县档案馆党支部反馈谈话记录\n"
        "根据县委部署，我们在馆里看了一个月，今天把巡察看到的跟你们当面说一说，整改方案下月报县委巡察办。\n"
        "先说党建。支部一年没有开过党员大会，12份记录都是补写的。\n再说业务。库房漏雨，受潮案卷312卷，没有人过问；"
        "查档收费没有公示，多收9800元。\n至于队伍，四名聘用人员没有合同，工资由他人代领。\n"
        "希望支部正确对待，把账一笔一笔理清楚。"
    )
    reading = read_bytes(text.encode(), name="x.txt")
    assert [words(reading, item) for item in reading.items] == [
        "支部一年没有开过党员大会，12份记录都是补写的",
        "库房漏雨，受潮案卷312卷，没有人过问",
        "查档收费没有公示，多收9800元",
        "四名聘用人员没有合同，工资由他人代领",
    ]


@pytest.mark.parametrize("title", ["推进改革不力", "落实责任有差距", "加强队伍建设不够,人才流失", "规范管理流于形式"])
def test_a_title_that_begins_with_a_verb_may_say_what_is_wrong(title: str) -> None:
    assert not sections.is_imperative(title)
    assert sections.is_imperative("推进改革,防止落实不力")
    assert sections.is_imperative("加强队伍建设")


def test_every_way_of_saying_not_is_negative_but_those_that_praise_are_not() -> None:
    for wrong in ("决策不民主", "考核不较真", "账目不清爽", "投入不均"):
        assert sections.is_negative(wrong)
    for fine in ("不断提升服务", "不懈努力", "久久不忘"):
        assert not sections.is_negative(fine)


def test_what_is_left_out_is_no_finding() -> None:
    assert [level for level, _ in found("存在的主要问题\n1.库房混乱。\n2.（略）\n3.借阅没有登记。")] == ["1.", "3."]


ARCHIVE = "关于巡察青禾县档案馆党支部的反馈意见\n现将有关情况反馈如下。\n一、主要问题\n"


def test_what_is_announced_as_its_circumstances_belongs_to_the_finding() -> None:
    text = ARCHIVE
    text += "1.库房管理不严，存在以下情形：一是湿度超标，受潮案卷312卷；二是消防器材过期，19具没有更换。\n"
    text += "2.借阅审批把关不严，登记缺页46处。\n"
    text += "二、整改要求\n请馆党支部认真整改。"
    reading = read_bytes(text.encode(), name="a.txt")
    assert [item.level for item in reading.items] == ["一、1.", "一、2."]
    assert "19具没有更换" in reading.text[slice(*reading.items[0].finding)]


def test_a_demand_behind_a_series_within_a_paragraph_is_no_finding() -> None:
    text = ARCHIVE
    text += "（一）库房管理不严。一是湿度超标，受潮案卷312卷；二是消防器材过期，19具没有更换。\n"
    text += "围绕库房安全抓好整改，健全制度。\n"
    text += "（二）借阅审批把关不严，登记缺页46处。\n二、整改要求\n请馆党支部认真整改。"
    reading = read_bytes(text.encode(), name="a.txt")
    assert all(
        "围绕" not in reading.text[slice(*span)] for item in reading.items for span in (item.finding, *item.more)
    )
    assert len(reading.items) == 3
