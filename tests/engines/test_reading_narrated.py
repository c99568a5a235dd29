"""Notices in running text: no label says which part is which, clauses are told apart by what they say."""

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.items.places import JUDGED
from tests.engines.entries_read import told


def test_points_under_a_title_on_a_finding_are_its_measures_and_results() -> None:
    first, second = told(
        "二、巡察反馈问题整改落实情况\n（一）关于“落实上级部署不到位”方面\n1.关于“林长制巡护流于形式，日志代写”的问题\n"
        "一是开展护林员培训。请林业站讲课2次。\n二是安装巡护定位终端。\n整改状态：已完成，长期坚持。\n"
        "2.关于“苗圃租金拖欠，两年没有收取”的问题\n一是逐户催收。\n二是追回租金3.1万元。\n整改状态：正在整改。\n"
        "三、下一步工作打算\n一是持续深化。二是健全机制。\n联系电话：0000-1234567\n"
    )
    assert first.finding == "林长制巡护流于形式，日志代写"
    assert first.state == "done"
    assert "安装巡护定位终端" in first.measures
    assert second.finding == "苗圃租金拖欠，两年没有收取"
    assert second.results == ["追回租金3.1万元"]
    assert second.state == "in_progress"


def test_a_title_above_other_titles_is_no_finding() -> None:
    items = told(
        "（一）关于“班子建设弱化”方面\n1.关于“议事规则没有修订”的问题\n一是修订议事规则。\n"
        "2.关于“谈心谈话次数不够”的问题\n一是逐人谈话。\n"
    )
    assert [item.finding for item in items] == ["议事规则没有修订", "谈心谈话次数不够"]


def test_a_numbered_sentence_that_says_what_is_wrong_carries_the_numbers_below_it() -> None:
    first, second = told(
        "二、重点任务整改落实情况\n1.渔船登记不规范，漏登17艘。\n（1）制定登记办法。\n（2）补登渔船17艘。\n"
        "2.码头照明缺失，夜间停靠不安全。\n（1）与供电所签订维护合同。\n（2）装好路灯22盏。\n"
    )
    assert (first.finding, second.finding) == ("渔船登记不规范，漏登17艘", "码头照明缺失，夜间停靠不安全")
    assert [*first.measures, *first.results] == ["制定登记办法", "补登渔船17艘"]


def test_quotes_behind_about_hold_the_finding_and_nothing_else() -> None:
    first, second = told(
        "针对“校车停靠点设置不合理，学生横穿马路”的问题。学校会同交警重新选点，设立护学岗。该问题已整改完成。\n"
        "针对“实验室药品过期未处置”的问题。学校委托公司清运处置。该问题正在整改。\n"
    )
    assert first.finding == "校车停靠点设置不合理，学生横穿马路"
    assert [*first.measures, *first.results] == ["学校会同交警重新选点，设立护学岗"]
    assert (first.state, second.state) == ("done", "in_progress")


def test_a_numbered_title_with_its_state_in_brackets_is_a_finding_even_as_a_goal() -> None:
    first, second = told(
        "1、推动门诊预约全覆盖，解决排队难〔已完成〕\n增设自助机8台，每天有人值守。\n"
        "2、规范耗材领用，杜绝白条〔阶段性完成，需长期坚持〕\n实行双人签字。\n"
    )
    assert first.finding == "推动门诊预约全覆盖，解决排队难"
    assert (first.state, second.state) == ("done", "phase_done_long_term")


def test_one_sentence_on_all_gives_each_its_state() -> None:
    items = told(
        "巡察组指出，渡口管理混乱，3条渡船没有年检。镇里请海事部门逐条检验，不合格的停航。\n"
        "巡察组还指出，敬老院食堂账目不清。镇里重新建账，每月公示。\n上述问题均已整改完毕。\n"
    )
    assert [item.finding for item in items] == ["渡口管理混乱，3条渡船没有年检", "敬老院食堂账目不清"]
    assert {item.state for item in items} == {"done"}


def test_next_steps_pledges_and_contacts_stick_to_no_finding() -> None:
    items = told(
        "1.关于“桥梁限高设施损坏”的问题\n一是更换限高架。\n我们郑重承诺：绝不反弹，清理到底。\n"
        "下一步将继续排查12座桥梁。\n联系人：某某，电话0000-1234567\n"
    )
    assert [*items[0].measures, *items[0].results] == ["更换限高架"]


def test_text_without_findings_gives_none() -> None:
    assert told("今年以来，全县道路通车里程达到1200公里。\n欢迎监督，电话0000-1234567。\n") == []
    assert told("") == []


def test_what_was_judged_by_its_words_is_told_as_a_doubt() -> None:
    text = (
        "县医院党委关于巡察整改情况的通报\n1.关于“护士站药品过期”的问题\n一是清点药品。\n"
        "2.关于“病历涂改”的问题\n一是倒查。\n"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert reading.kind == "notice"
    assert [item.doubts[-1] for item in reading.items] == [JUDGED, JUDGED]


def test_a_plan_has_measures_and_no_results() -> None:
    text = (
        "县医院党委巡察整改方案\n1.关于“押金拖欠不退”的问题\n一是年内退还押金6万元。\n"
        "2.关于“病历涂改”的问题\n一是追缴绩效1万元。\n"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert reading.kind == "plan"
    assert [len(item.measures) for item in reading.items] == [1, 1]
    assert not any(item.results for item in reading.items)
