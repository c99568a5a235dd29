"""Titles of findings in public notices: their wordings, their series, and headings above them, which are none."""

import pytest

from bihuan.engines.reading.items.regions import left_out
from bihuan.engines.reading.items.titles import titled_findings
from bihuan.engines.reading.structure.lines import lines_of
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.structure.passages import passages_of
from tests.engines.entries_read import told


@pytest.mark.parametrize(
    "title",
    [
        "关于“{}”的问题", "关于{}的问题", "针对“{}”问题", "对“{}”问题的整改", "关于{}问题的整改落实情况", "{}的问题",
        "{}问题", "关于“{}”问题整改进展情况", "关于巡察反馈的“{}”问题",
    ],
)  # fmt: skip
def test_a_title_names_its_finding_in_many_wordings(title: str) -> None:
    finding, other = "项目储备不足，前期工作滞后", "窗口服务态度生硬，群众意见较大"
    items = told(
        f"二、整改落实情况\n1.{title.format(finding)}。\n召开项目推进会4次。新增储备项目17个。\n"
        f"2.{title.format(other)}。\n开展窗口礼仪培训。好评率提高到98%。\n"
    )
    assert [item.finding for item in items] == [finding, other]
    assert all(item.measures or item.results for item in items)


def test_a_heading_above_numbered_findings_is_none_even_when_it_says_that_something_is_wrong() -> None:
    items = told(
        "（一）关于“推动高质量发展有差距”问题的整改情况\n1.招商引资质量不高问题。组建招商专班3个，签约项目9个。\n"
        "2.园区配套建设迟缓问题。开工建设污水管网12公里。\n"
        "（二）落实管党治党责任不力\n1.谈话提醒流于形式。开展谈话46人次。\n2.公车使用管理混乱。\n加装定位装置22台。\n"
    )
    assert [item.finding for item in items] == [
        "招商引资质量不高", "园区配套建设迟缓", "谈话提醒流于形式", "公车使用管理混乱",
    ]  # fmt: skip


def test_headings_that_only_speak_of_problems_are_no_findings() -> None:
    items = told(
        "二、反馈问题整改落实情况\n（一）专项检查反馈问题整改情况\n1.关于“档案涂改，3卷没有更正”的问题。\n"
        "逐卷核对更正，退回重审3卷。\n2.关于“公示时间不足5天”的问题。\n重新公示7天。\n"
    )
    assert [item.finding for item in items] == ["档案涂改，3卷没有更正", "公示时间不足5天"]


@pytest.mark.parametrize(
    ("opening", "ending"),
    [("针对", "的问题"), ("对于", "这一条"), ("关于", "的意见"), ("至于", "这件事"), ("针对", "等问题")],
)
def test_a_sentence_that_opens_with_what_it_answers_to_brings_its_finding(opening: str, ending: str) -> None:
    [first, second] = told(
        f"{opening}救助资金发放不及时，19户等了半年{ending}，局里逐户核对名单，补发救助金6.2万元。\n"
        f"{opening}殡葬服务收费不公示，群众多花了冤枉钱{ending}，重新核定收费项目，退还多收的1.1万元。\n"
    )
    assert first.finding == "救助资金发放不及时，19户等了半年"
    assert second.finding == "殡葬服务收费不公示，群众多花了冤枉钱"
    assert second.results == ["退还多收的1.1万元"]


@pytest.mark.parametrize("lead", ["贵组指出", "检查组认为", "来函指出", "反馈中提到", "巡察组还点出"])
def test_who_pointed_it_out_is_not_part_of_the_finding(lead: str) -> None:
    first, _ = told(
        f"{lead}渔政执法艇两年没有出勤，油料照常报销。执法艇已恢复巡航，追回油料款1.3万元。\n"
        f"{lead}禁渔期巡查缺位，电鱼屡禁不止。增派巡查人员8名，查处电鱼案件5起。\n"
    )
    assert first.finding == "渔政执法艇两年没有出勤，油料照常报销"


def test_an_entry_without_labels_between_labeled_ones_is_read_too() -> None:
    items = told(
        "1.采购合同没有法务审核\n整改措施：合同一律送审。\n整改成效：送审合同52份。\n"
        "2.仓库盘点走过场，盘亏物资7项。\n重新组织盘点，对保管员批评教育。追回物资款4300元。\n"
        "3.值班日志补写代签\n整改措施：启用电子签到。\n整改成效：抽查20次未见代签。\n"
        "4.固定资产没有标签\n整改措施：逐件贴码。\n整改成效：贴码400件。\n"
        "5.会议室出租不入账\n整改措施：收支两条线。\n整改成效：补缴1.2万元。\n"
    )
    assert [item.finding for item in items] == [
        "采购合同没有法务审核", "仓库盘点走过场，盘亏物资7项", "值班日志补写代签", "固定资产没有标签",
        "会议室出租不入账",
    ]  # fmt: skip
    assert items[1].results[-1] == "追回物资款4300元"


def test_the_next_section_is_not_the_next_point_of_the_results() -> None:
    items = told(
        "一、政治建设方面\n（一）督办事项没有台账\n整改情况：1.建立台账，每月通报。2.16件超期事项全部办结。\n"
        "二、作风建设方面\n（二）会议偏多偏长\n整改情况：1.精简会议。2.会议同比减少三成。\n"
    )
    assert items[0].results == ["建立台账，每月通报", "16件超期事项全部办结"]
    assert items[1].results == ["精简会议", "会议同比减少三成"]


def test_a_measure_for_the_time_to_come_does_not_begin_the_part_on_next_steps() -> None:
    text = (
        "1、对外借款没有担保\n——今后出借资金一律按计划。\n2、招标走过场\n——上线采购平台。\n"
        "三、今后努力方向\n持续用力。\n"
    )
    passages = passages_of(text, paragraphs_of(text, lines_of(text)))
    assert left_out(text, passages) == [False, False, False, False, True, True]


@pytest.mark.parametrize(
    ("written", "finding"),
    [
        ("市第二粮库：轮换不及时，陈粮压库800吨", "轮换不及时，陈粮压库800吨"),
        ("聚焦民生实事，着力解决校车超员、线路绕远", "校车超员、线路绕远"),
        ("安全管理——油库消防栓无水，三年没有检修", "油库消防栓无水，三年没有检修"),
        ("路灯损坏一年无人修（累计60%，本期增5个百分点）", "路灯损坏一年无人修"),
        ("图书采购一家独大，我院也有这种情况", "图书采购一家独大"),
    ],
)
def test_what_stands_around_a_finding_is_left_out(written: str, finding: str) -> None:
    [item] = [
        item
        for item in told(
            f"1.{written}\n整改措施：召开专题会，逐项核对。\n整改成效：完成核对12项。\n"
            "2.会议记录缺失\n整改措施：专人记录。\n整改成效：记录补齐。\n"
        )
        if item.finding != "会议记录缺失"
    ]
    assert item.finding == finding


def test_a_line_without_number_that_names_a_problem_begins_an_entry() -> None:
    items = told(
        "一、落实教育方针方面\n关于“劳动教育课程开设不足”的问题\n学校将劳动课排入课表。新建劳动基地2处。\n"
        "关于“‘校园贷’排查走过场”的问题\n逐班排查。签订告知书1300份。\n"
    )
    assert [item.finding for item in items] == ["劳动教育课程开设不足", "‘校园贷’排查走过场"]


def test_what_stands_right_below_a_title_on_a_finding_is_what_was_done_whatever_its_words() -> None:
    items = told(
        "二、整改落实情况\n\n1.学习贯彻党的创新理论不深不实的问题。\n\n镇党委坚持“第一议题”制度。\n\n"
        "2.落实意识形态工作责任制有差距的问题。\n\n镇党委坚持分析研判制度。\n"
    )
    assert [len(item.measures) + len(item.results) for item in items] == [1, 1]


def test_most_entries_of_a_series_say_what_is_wrong_and_each_of_these_is_a_title() -> None:
    text = (
        "(一)公共服务\n1.农家书屋管理混乱,借阅没有登记。\n镇文化站派人轮值。\n2.健身广场建成移交后从未通电。\n"
        "供电所接通线路。\n3.应急广播设备损坏,7个村听不到。\n更换喇叭31只。\n4.已更换水表210只。\n"
    )
    passages = passages_of(text, paragraphs_of(text, lines_of(text)))
    titles = [text[slice(*span)] if span else "" for span in titled_findings(text, passages)]
    assert titles == [
        "", "农家书屋管理混乱,借阅没有登记", "", "健身广场建成移交后从未通电", "",
        "应急广播设备损坏,7个村听不到", "", "",
    ]  # fmt: skip
