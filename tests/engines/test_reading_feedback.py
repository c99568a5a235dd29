"""Shapes of feedback documents that break naive readers, each in a few lines."""

from bihuan.engines.reading import Item, Reading, read_bytes

HEAD = "关于巡察青禾县档案馆党支部的反馈意见\n青禾县档案馆党支部：\n现将巡察情况反馈如下。\n"


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="反馈意见.txt")


def listed(text: str) -> list[tuple[str, str]]:
    reading = read(HEAD + text)
    assert reading.kind == "feedback"
    return [(item.level, reading.text[slice(*item.finding)]) for item in reading.items]


def only(text: str) -> tuple[Reading, Item]:
    reading = read(HEAD + text)
    [item] = reading.items
    return reading, item


def test_praise_advice_demands_and_closing_words_are_no_findings() -> None:
    text = (
        "一、总体评价\n（一）工作有进步。\n（二）队伍较稳定，但有时不够主动。\n二、主要问题\n1.库房管理混乱。\n"
        "三、整改意见和建议\n1.针对库房管理混乱等问题，建立制度。\n四、整改要求\n1.不得敷衍整改。\n"
        "请于一个月内报送方案。\n中共青禾县委第一巡察组\n2026年1月9日"
    )
    assert listed(text) == [("二、1.", "库房管理混乱。")]


def test_closing_words_do_not_stick_to_the_last_finding() -> None:
    _, item = only(
        "一、存在问题\n1.库房管理混乱。\n以上问题，请认真整改。\n联系人：王某\n青禾县委巡察办\n二〇二六年一月九日"
    )
    assert item.more == ()


def test_a_title_with_its_manifestations_stays_one_finding() -> None:
    text = "一、存在问题\n1.库房管理混乱。2025年有3次温度超标没有记录；借阅登记缺页。\n钥匙由临时工保管，不符合规定。"
    reading, item = only(text)
    assert reading.text[slice(*item.finding)].startswith("库房管理混乱。2025年")
    assert [reading.text[slice(*span)] for span in item.more] == ["钥匙由临时工保管，不符合规定。"]


def test_an_entry_that_numbers_its_own_parts_is_split_and_its_title_is_their_heading() -> None:
    reading = read(HEAD + "一、存在问题\n（一）制度不严\n1.借阅不规范。一是没有登记；二是逾期未还。\n2.保密松懈。")
    found = [(item.level, reading.text[slice(*item.finding)]) for item in reading.items]
    assert found == [("一、(一)1.一是", "没有登记"), ("一、(一)1.二是", "逾期未还。"), ("一、(一)2.", "保密松懈。")]
    assert reading.text[slice(*reading.items[0].heading or (0, 0))] == "借阅不规范"


def test_reasons_and_quotes_and_a_lone_first_do_not_split() -> None:
    for text in (
        "库房管理混乱，主要原因一是认识不足，二是制度不全。",
        "把上级文件中“一是加强领导；二是压实责任；三是严格考核”原样照抄。",
        "经费使用随意。一是把修缮费用于接待，没有审批。",
        "制度执行不严，一是松，二是软。",
        "库房管理混乱，主要原因：一是思想认识不足；二是制度不够健全。",
        "把文件“工作安排：一是加强领导班子建设；二是压实各级责任”照抄。",
    ):
        assert listed(f"一、存在问题\n1.{text}\n2.人员缺编。")[0] == ("一、1.", text)


def test_several_numbers_in_one_paragraph_are_several_findings() -> None:
    assert listed("一、存在问题\n1.库房混乱。2.借阅不规范，逾期47件。3.3个书架没有编号。") == [
        ("一、1.", "库房混乱。"),
        ("一、2.", "借阅不规范，逾期47件。"),
        ("一、3.", "3个书架没有编号。"),
    ]


def test_a_year_or_an_amount_at_the_beginning_is_told_from_the_number() -> None:
    assert listed("一、存在问题\n1.2024年未开展清点。\n2.3.5万元设备闲置。")[0] == ("一、1.", "2024年未开展清点。")


def test_levels_may_be_skipped_and_numbers_may_restart() -> None:
    text = "一、存在问题\n1.甲项缺失。\n2.乙项缺失。\n（一）班子不团结。\n1.会议没有记录。\n"
    text += "二、其他问题\n①丙项缺失。\n②丁项缺失。"
    assert [level for level, _ in listed(text)] == ["一、1.", "一、2.", "一、(一)1.", "二、①", "二、②"]


def test_other_signs_and_brackets_become_plain_levels() -> None:
    text = "一、存在问题\n㈠库房混乱。\n[二]借阅不规范。\n⑴没有登记。\n⑵逾期未还。\n(三)人员缺编。"
    assert [level for level, _ in listed(text)] == ["一、(一)", "一、(二)(1)", "一、(二)(2)", "一、(三)"]


def test_a_bare_label_without_numbers_gives_a_finding_for_each_paragraph_and_says_so() -> None:
    reading = read(HEAD + "一、基本情况\n运转正常。\n二、存在的主要问题\n库房管理混乱。\n借阅没有登记。")
    assert [(item.level, bool(item.doubts)) for item in reading.items] == [("二、", True), ("二、", True)]


def test_a_gap_in_the_numbers_is_told() -> None:
    reading = read(HEAD + "一、存在问题\n1.库房混乱。\n3.借阅不规范。")
    assert "“1.”跳到“3.”" in " ".join(reading.items[1].doubts)


def test_what_says_nothing_wrong_and_what_stands_twice_is_told() -> None:
    reading = read(HEAD + "一、存在问题\n1.购置了空调五台。\n2.借阅不规范。\n3.借阅不规范。")
    assert [len(item.doubts) for item in reading.items] == [1, 1, 1]


def test_quotes_around_the_whole_are_left_out_but_not_those_of_a_term() -> None:
    assert listed("一、存在问题\n1.“库房管理混乱。”\n2.“三会一课”不规范，“两张皮”。") == [
        ("一、1.", "库房管理混乱。"),
        ("一、2.", "“三会一课”不规范，“两张皮”。"),
    ]


def test_common_findings_are_marked_by_their_heading() -> None:
    reading = read(HEAD + "一、共性问题\n1.库房混乱。\n二、个性问题\n1.借阅不规范。")
    assert [item.is_common for item in reading.items] == [True, False]


def test_a_pasted_sheet_gives_a_finding_for_each_row() -> None:
    text = "二、主要问题\n序号\t问题类别\t问题表现\n1\t（一）管理\t库房混乱\n2\t\t借阅不规范\n"
    text += "3\t（二）队伍\t缺编4人\n合计\t\t3个"
    assert listed(text) == [
        ("二、(一)1.", "库房混乱"),
        ("二、(一)2.", "借阅不规范"),
        ("二、(二)3.", "缺编4人"),
    ]


def test_a_report_about_a_feedback_meeting_is_not_a_feedback_document() -> None:
    text = "县委第七巡察组召开反馈会\n（记者 张三）会上，组长指出，巡察发现的主要问题：一是阵地管理不严；二是财务混乱。"
    assert read(text).kind == "other"


def test_a_speech_titled_as_one_is_none_even_with_the_formulas_of_a_feedback_document() -> None:
    body = "根据县委统一部署，县委巡察组对你局开展了巡察。现将有关情况反馈如下。\n一、存在的主要问题\n1.账目混乱。"
    assert read(f"关于巡察甲局党组的反馈意见\n{body}").items
    for title in ("学习反馈意见的几点体会", "全县巡察反馈工作推进会主持词", "县委召开巡察集中反馈会"):
        assert (read(f"{title}\n{body}").kind, read(f"{title}\n{body}").items) == ("other", ())


def test_half_width_full_stops_part_sentences_too() -> None:
    text = "一、存在问题\n1.监管不力.①采购超限额312.5万元;②设备闲置7台.\n2.数据不实.占30.5%."
    assert listed(text) == [
        ("一、1.①", "采购超限额312.5万元"),
        ("一、1.②", "设备闲置7台."),
        ("一、2.", "数据不实.占30.5%."),
    ]


def test_a_list_of_findings_in_a_table_is_a_feedback_document() -> None:
    reading = read("县委巡察组反馈城关社区党支部问题清单\n序号\t反馈问题\n1\t资金使用不公开\n2\t网格员空岗3人")
    assert (reading.kind, [item.level for item in reading.items]) == ("feedback", ["1.", "2."])
    assert reading.text[slice(*reading.unit or (0, 0))] == "城关社区党支部"


def test_what_the_inspectors_found_undone_is_no_rectification() -> None:
    undone = "河道整治推进缓慢。工程应于2025年12月完工，巡察时仅完成61.5%，滞后5个月"
    done = "库房管理混乱。3件物资没有登记，巡察期间已补登"
    assert [words for _, words in listed(f"一、主要问题\n1.{undone}。\n2.{done}。")] == [
        undone + "。", "库房管理混乱。3件物资没有登记",
    ]  # fmt: skip


def test_a_cell_that_holds_nothing_but_a_number_is_no_finding() -> None:
    assert listed("一、主要问题\n序号\t问题\n1\t一、\n2\t库房混乱") == [("一、2.", "库房混乱")]


def test_a_notice_gives_finding_measures_results_and_state() -> None:
    reading = read(
        "县档案馆关于巡察反馈意见整改情况的通报\n一、整改落实情况\n（一）关于“库房管理混乱”的问题（基本完成）\n"
        "1.整改措施：开展清查。\n2.整改成效：补登2300余件。\n3.责任人：张某；完成时限：2025年12月底。\n"
        "（二）关于借阅不规范的问题\n整改情况：一是补办登记；二是修订制度。"
    )
    first, second = reading.items
    assert reading.kind == "notice"
    assert reading.text[slice(*first.finding)] == "库房管理混乱"
    assert [reading.text[slice(*span)] for span in first.measures] == ["开展清查"]
    assert [reading.text[slice(*span)] for span in first.results] == ["补登2300余件"]
    assert (first.state, second.state) == ("basically_done", "unstated")
    assert [reading.text[slice(*span)] for span in first.responsible] == ["张某"]
    assert [reading.text[slice(*span)] for span in second.results] == ["补办登记", "修订制度"]
