"""The kind of a document is told by its title, and by its body where the title leaves it open."""

import pytest

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.kinds import titles_of
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import marked_lines

FEEDBACK = (
    "县粮食局党组：\n根据县委统一部署，县委第六巡察组对你局党组开展了巡察。现将巡察情况反馈如下。\n"
    "一、发现的主要问题\n1.库存账实不符，短少稻谷31吨。\n2.轮换合同没有签订日期。\n请于20日内报送整改方案。"
)
PLAN = (
    "根据县委巡察组的反馈意见，制定如下整改方案。\n一、关于库存账实不符的问题\n整改措施：逐仓称重。\n"
    "责任领导：局长。\n完成时限：2026年6月底前。"
)
NOTICE = (
    "县委巡察组向我局反馈了意见。现将整改情况通报如下。\n"
    "一、关于库存账实不符的问题\n整改情况：已完成整改，补足稻谷31吨。"
)
SPEECH = "同志们：\n我讲三点意见。\n一、巡察发现的问题\n1.库存账实不符。\n二、整改的要求\n1.已完成的不能松劲。"
WORDY = (
    "序号\t问题\t整改措施\t完成时限\n1\t库存账实不符，短少稻谷31吨\t逐仓称重\t6月底\n"
    "2\t轮换合同没有签订日期\t补签\t7月底"
)
COUNTED = (
    "单位\t反馈问题\t已完成\t完成率\n城北镇\t21\t20\t95.2\n城南镇\t17\t17\t100\n河西镇\t30\t24\t80\n合计\t68\t61\t89.7"
)


def kind(title: str, body: str) -> str:
    return read_bytes(f"{title}\n\n{body}".encode(), name="x.txt").kind


@pytest.mark.parametrize(
    "title",
    [
        "中共云岭县委第六巡察组关于巡察县粮食局党组的反馈意见",
        "关于对粮食局党组的巡察反馈",
        "县委第六巡察组向县粮食局党组反馈巡察情况",
        "巡察反馈问题清单",
        "关于反馈县粮食局党组巡察情况的函",
        "首页 > 巡察工作\n关于巡察县粮食局党组情况的反馈\n来源：县委巡察办",
        "关于印发《县委第六巡察组关于巡察粮食局党组的反馈意见》的通知",
        "县委第六巡察组向县粮食局党组反馈谈话记录摘要",
    ],
)
def test_titles_of_feedback(title: str) -> None:
    assert kind(title, FEEDBACK) == "feedback"


@pytest.mark.parametrize(
    "title",
    [
        "县粮食局党组关于县委第六巡察组反馈意见的整改方案",
        "关于印发《县粮食局巡察整改实施方案》的通知",
        "县粮食局\n整 改 工 作 方 案",
        "落实巡察反馈意见整改计划（送审稿）",
        "巡察整改工作安排",
        "县粮食局党组巡察整改措施",
    ],
)
def test_titles_of_plans(title: str) -> None:
    assert kind(title, PLAN) == "plan"


@pytest.mark.parametrize(
    "title",
    [
        "县粮食局党组关于巡察整改进展情况的通报",
        "巡察整改公开信",
        "关于报送巡察整改（第二阶段）情况的函",
        "县粮食局巡察整改月报（第3期）",
        "县粮食局党组关于县委巡察反馈意见落实情况的报告",
        "县粮食局整改情况",
        "公示公告\n县粮食局巡察整改情况说明",
        "落实巡察反馈意见整改情况总结",
        "县粮食局党组关于巡察\n反馈意见整改情况的公示",
    ],
)
def test_titles_of_notices(title: str) -> None:
    assert kind(title, NOTICE) == "notice"


@pytest.mark.parametrize(
    "title",
    [
        "在全县巡察整改推进会上的讲话",
        "县委召开巡察反馈会",
        "关于做好巡察整改情况报送工作的通知",
        "关于报送巡察整改台账的通知",
        "巡察整改工作管理办法",
        "做实巡察整改“后半篇文章”",
        "多措并举抓好巡察整改落实",
        "巡察整改见实效",
        "巡察整改的几点思考",
        "巡察整改知识测试题",
        "关于三起巡察整改不力典型问题的通报",
        "县委第六巡察组巡察县粮食局公告",
        "巡察整改心得体会",
        "县委常委会研究巡察整改工作",
        "县委巡察办2025年工作总结",
        "巡察反馈会主持词",
    ],
)
def test_other_papers_stay_other_whatever_they_say(title: str) -> None:
    for body in (FEEDBACK, PLAN, NOTICE, SPEECH):
        reading = read_bytes(f"{title}\n\n{body}".encode(), name="x.txt")
        assert (reading.kind, reading.items) == ("other", ())


def test_tables_of_words_are_ledgers_and_tables_of_numbers_are_statistics() -> None:
    assert kind("巡察反馈问题整改台账", WORDY) == "ledger"
    assert kind("县粮食局巡察整改任务推进表", WORDY) == "ledger"
    assert kind("第二轮巡察反馈问题整改统计表", COUNTED) == "statistics"
    assert kind("第二轮巡察整改任务进展一览", COUNTED) == "statistics"
    assert kind("县粮食局党组巡察整改方案", WORDY) == "plan"


def test_without_a_title_the_formulas_of_the_body_decide() -> None:
    assert kind("", FEEDBACK) == "feedback"
    assert kind("", WORDY + "\n以上是巡察反馈的问题。") == "ledger"
    assert kind("", SPEECH) == "other"


def test_a_paper_that_never_speaks_of_an_inspection_is_other() -> None:
    text = "整改情况：已完成整改，退还水费31元。\n现将整改情况报告如下。"
    assert kind("关于小区水表整改情况的报告", text) == "other"
    assert kind("关于小区水表巡察整改情况的报告", text) == "notice"


def test_the_lines_of_a_web_page_are_no_titles() -> None:
    mirror = mirrored("首页 > 通知公告\n字号：大 中 小\n关于巡察整改情况的公示\n来源：办公室\n现将情况公示如下。")
    titles = titles_of(mirror, marked_lines(mirror, lines_of(mirror)), len(mirror))
    assert titles[0] == "关于巡察整改情况的公示"
