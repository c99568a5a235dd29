"""Findings that nobody numbered, or numbered in an unusual way, and what must not stick to them."""

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.items import unnumbered

TITLE = "关于巡察青禾县档案馆党支部的反馈意见\n青禾县档案馆党支部：\n"
HEAD = TITLE + "根据县委部署，巡察组对你馆开展了巡察，现将有关情况反馈如下。\n"


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="反馈意见.txt")


def found(text: str) -> list[str]:
    reading = read(text)
    assert reading.kind == "feedback"
    return [reading.text[slice(*item.finding)] for item in reading.items]


def test_paragraphs_behind_the_words_that_announce_problems() -> None:
    text = (
        TITLE
        + "县委巡察组对你馆开展了巡察，现将发现的问题反馈如下：\n\n库房湿度超标，受潮案卷312卷。\n借阅登记缺页。\n\n"
    )
    text += "请馆党支部认真整改，一个月内报送整改方案。\n联系人：小周"
    assert found(text) == ["库房湿度超标，受潮案卷312卷", "借阅登记缺页"]


def test_clauses_under_a_field_are_findings_and_the_field_is_their_heading() -> None:
    text = (
        TITLE + "现将情况反馈如下。巡察中发现的问题有：\n在库房管理方面，湿度超标，受潮案卷312卷；消防器材过期19具。\n"
    )
    text += "在队伍建设方面，缺编4人，长期没有补充。\n希望馆党支部高度重视。"
    reading = read(text)
    assert found(text) == ["湿度超标，受潮案卷312卷", "消防器材过期19具", "缺编4人，长期没有补充"]
    assert [reading.text[slice(*item.heading or (0, 0))] for item in reading.items][::2] == [
        "在库房管理方面",
        "在队伍建设方面",
    ]


def test_a_summary_without_figures_names_one_problem_after_the_other() -> None:
    text = "县委巡察组向青禾县档案馆党支部反馈巡察情况\n近日，巡察组反馈了意见。"
    text += "巡察发现的主要问题是：库房日常管理不够规范，借阅审批把关不够严格；"
    text += "党支部作用发挥不充分。巡察组要求，党支部要切实整改。"
    assert found(text)[:3] == ["库房日常管理不够规范", "借阅审批把关不够严格", "党支部作用发挥不充分"]


def test_bare_headings_over_paragraphs() -> None:
    text = (
        HEAD
        + "库房和设备\n湿度超标，受潮案卷312卷。\n消防器材过期，19具没有更换。\n\n队伍建设\n缺编4人，长期没有补充。\n"
    )
    text += "\n值得肯定的是，数字化工作走在前列。\n请于20日内报送整改方案。"
    assert found(text) == ["湿度超标，受潮案卷312卷", "消防器材过期，19具没有更换", "缺编4人，长期没有补充"]


def test_a_paragraph_without_a_title_among_titled_ones_goes_on_from_the_one_before() -> None:
    text = HEAD + "库房和设备\n湿度失控。受潮案卷312卷，无人过问。\n有的案卷已经长出霉斑，老师傅用报纸垫着。\n"
    text += "消防器材过期。19具灭火器没有更换。\n钥匙管理混乱。由临时工保管。"
    assert len(found(text)) == 3


def test_sentences_of_a_lone_paragraph_under_a_field() -> None:
    text = (
        HEAD
        + "一、关于库房\n湿度超标，受潮案卷312卷。消防器材过期，19具没有更换。\n二、关于队伍\n1.缺编4人，没有补充。"
    )
    assert found(text) == ["湿度超标，受潮案卷312卷", "消防器材过期，19具没有更换", "缺编4人，没有补充。"]


def test_a_title_with_its_paragraphs_beneath_is_one_finding() -> None:
    text = (
        HEAD
        + "一、存在问题\n1.库房管理缺位\n一是湿度超标，受潮案卷312卷。\n二是消防器材过期。\n2.队伍建设滞后。\n缺编4人。"
    )
    assert found(text) == [
        "库房管理缺位\n一是湿度超标，受潮案卷312卷。\n二是消防器材过期。",
        "队伍建设滞后。\n缺编4人。",
    ]


def test_other_ways_to_number() -> None:
    text = HEAD + "I. 库房管理\n问题1-1 湿度超标。\n问题1-2 消防器材过期。\nII. 队伍\n问题2-1 缺编4人，没有补充。"
    assert [item.level for item in read(text).items] == ["I.问题1-1", "I.问题1-2", "II.问题2-1"]
    text = HEAD + "▲库房管理\n（1）湿度超标。\n（2）消防器材过期。\n▲队伍建设\n（1）缺编4人，没有补充。"
    assert [item.level for item in read(text).items] == ["▲(1)", "▲(2)", "▲(1)"]
    text = (
        HEAD
        + "一、关于库房\n首先，湿度超标。其次，消防器材过期。最后，钥匙没有登记。\n二、关于队伍\n缺编4人，没有补充。"
    )
    assert [item.level for item in read(text).items] == ["一、首先", "一、其次", "一、最后", "二、"]


def test_units_with_a_colon_stand_over_their_findings() -> None:
    text = (
        HEAD + "二、个性问题\n城关档案室：\n（1）湿度超标。\n（2）钥匙没有登记。\n城北档案室：\n（1）消防器材过期。\n"
    )
    text += "城南档案室：缺编4人；借阅登记缺页。"
    reading = read(text)
    assert found(text) == ["湿度超标。", "钥匙没有登记。", "消防器材过期。", "缺编4人", "借阅登记缺页"]
    assert [item.is_common for item in reading.items] == [False] * 5


def test_attachments_of_problems_count_and_those_of_wishes_do_not() -> None:
    text = HEAD + "一、存在问题\n1.湿度超标。\n二、整改要求\n1.认真整改。\n"
    text += "附件1：选人用人专项检查反馈意见\n1.任职程序倒置，没有考察。\n"
    text += "附件2：职工意见摘登（不作为反馈问题）\n1.食堂饭菜太贵，没有汤。"
    assert [(item.level, read(text).text[slice(*item.finding)]) for item in read(text).items] == [
        ("一、1.", "湿度超标。"),
        ("附件11.", "任职程序倒置，没有考察。"),
    ]


def test_what_was_done_at_once_is_no_part_of_the_finding() -> None:
    text = (
        HEAD
        + "一、存在问题\n1.多收复印费3200元，巡察期间已整改到位，全额退还47名查档群众。\n"
        + "2.19具消防器材过期。检查期间正在更换。"
    )
    first, second = read(text).items
    assert found(text) == ["多收复印费3200元", "19具消防器材过期"]
    assert (first.state, second.state) == ("done", "unstated")
    assert [read(text).text[slice(*span)] for span in first.results] == ["全额退还47名查档群众"]


def test_entries_that_demand_are_no_findings() -> None:
    text = (
        HEAD
        + "一、存在问题\n1.湿度超标。\n二、各单位要逐条认领问题，月底前报送方案。\n"
        + "三、问题成因\n1.认识不足。\n四、线索移交\n移交3件。"
    )
    assert found(text) == ["湿度超标。"]


def test_sections_without_a_word_on_what_they_are_follow_their_entries() -> None:
    text = (
        HEAD
        + "一、库房\n1.账面案卷4120卷，实有4087卷。\n2.除湿机5台，能开的2台。\n二、建议\n1.配齐设备。\n2.补齐人员。"
    )
    assert found(text) == ["账面案卷4120卷，实有4087卷。", "除湿机5台，能开的2台。"]


def test_a_line_that_lost_its_number_is_a_finding_of_its_own() -> None:
    text = HEAD + "一、存在问题\n1.湿度超标，受潮案卷312卷。\n消防器材过期，19具没有更换。\n3.缺编4人，长期没有补充。"
    assert found(text) == ["湿度超标，受潮案卷312卷。", "消防器材过期，19具没有更换。", "缺编4人，长期没有补充。"]
    text = HEAD + "一、存在问题\n1.湿度超标，受潮案卷312卷。\n案卷长出霉斑，没有人管。\n2.缺编4人，长期没有补充。"
    assert len(found(text)) == 2


def test_half_width_points_end_sentences() -> None:
    text = (
        TITLE.replace("：", ":")
        + "现将发现的问题反馈如下.\n库房和设备\n湿度超标,受潮案卷3.5万卷.\n消防器材过期,19具没有更换.\n请认真整改."
    )
    assert found(text) == ["湿度超标,受潮案卷3.5万卷", "消防器材过期,19具没有更换"]
    text = HEAD + "一.存在问题\n1.湿度超标.受潮案卷3.5万卷.\n2.消防器材过期.\n二.建议\n1.尽快更换."
    assert [item.level for item in read(text).items] == ["一.1.", "一.2."]


def test_where_only_a_part_is_numbered_the_paragraphs_without_numbers_are_read_too() -> None:
    text = (
        HEAD + "一、库房管理不严。受潮案卷312卷。\n二、借阅审批把关不严。借阅登记缺页46处。\n"
        "以上是档案馆的问题。下面说两个分馆。\n东库的除湿机坏了三年没有修，地面常年积水。\n"
        "西库消防器材过期，19具没有更换，值班室长期无人。\n数字化外包费用多付14万元，没有人追回。\n"
        "钥匙由临时工保管，2024年3月丢失一串，至今没有换锁。\n请馆党支部认真整改。"
    )
    assert [words[:4] for words in found(text)] == [
        "库房管理",
        "借阅审批",
        "东库的除",
        "西库消防",
        "数字化外",
        "钥匙由临",
    ]


def test_stops_alone_are_no_finding_and_begin_none() -> None:
    text = HEAD + "库房和设备\n湿度超标，受潮案卷312卷。\n。；，\n消防器材过期，19具没有更换。\n"
    assert found(text) == ["湿度超标，受潮案卷312卷", "消防器材过期，19具没有更换"]
    assert list(unnumbered._without_stops("。;,\n账实不符。", [(None, (0, 4)), (None, (0, 9))])) == [(None, (4, 8))]
