"""Labels that a document has of its own: words before a colon or a dash that begin part after part of it."""

from tests.engines.entries_read import told

CLINIC = (
    "一、药房\n病灶：近效期药品没有登记，报废41盒。\n药方：①每月盘点；②药师双签。\n疗效：报废降到3盒。\n复诊情形：已完成\n"
    "二、食堂\n病灶：采购不比价，鸡蛋单价高出市场三成。\n药方：①三家询价；②票据上墙。\n疗效：单价降到4.1元。\n"
    "复诊情形：正在整改\n"
)


def test_words_that_begin_part_after_part_are_labels_though_no_list_names_them() -> None:
    first, second = told(CLINIC)
    assert first.finding == "近效期药品没有登记，报废41盒"
    assert first.measures == ["每月盘点", "药师双签"]
    assert first.results == ["报废降到3盒"]
    assert (first.state, second.state) == ("done", "in_progress")


def test_a_word_that_stands_once_is_no_label() -> None:
    [item] = told("1.宿舍楼漏雨，拖了两年不修\n整改措施：对策：请专家会诊。\n整改情况：屋面翻修完工。\n")
    assert item.measures == ["对策：请专家会诊"]


def test_before_and_now_beside_each_other_tell_the_finding_and_what_was_done() -> None:
    first, second = told(
        "从前——路灯坏了无人报修，黑了半条街。\n如今——更换灯头62盏，夜间巡查排了班。（已完成）\n"
        "从前——水费收据手写，对不上账。\n如今——启用电子票据，退还多收的2100元。（正在整改）\n"
    )
    assert [item.finding for item in (first, second)] == ["路灯坏了无人报修，黑了半条街", "水费收据手写，对不上账"]
    assert (first.state, second.state) == ("done", "in_progress")
    assert "，".join(second.measures + second.results) == "启用电子票据，退还多收的2100元"


def test_the_question_at_the_end_of_a_question_and_answer_is_not_part_of_the_finding() -> None:
    first, second = told(
        "问：校门口摆摊堵路，家长投诉17次，这事改了没有？\n答：改了。4月起划定摊区，安排保安值守。\n"
        "问：食堂饭菜涨价不公示，现在怎么样？\n答：价格每周贴出来，退回多收的860元。\n"
    )
    assert first.finding == "校门口摆摊堵路，家长投诉17次"
    assert second.finding == "食堂饭菜涨价不公示"


def test_a_label_that_only_leads_in_the_finding_leaves_the_next_sentences_to_the_measures() -> None:
    first, second = told(
        "群众说：水塔半年没清洗，水里有泥。村里请人清洗消毒，每季度一次。这事办结。\n"
        "群众说：分红账目不公开，问了三年没有回音。支部召开户主会，逐笔公布账目，补发分红2.4万元。\n"
    )
    assert first.finding == "水塔半年没清洗，水里有泥"
    assert first.state == "done"
    assert second.results == ["补发分红2.4万元"]


def test_labels_in_brackets_belong_to_the_measure_before_them() -> None:
    first, second = told(
        "1、闸门检修没有记录\n①建立检修台账（责任单位：运行科；完成时限：2027年5月底前）。\n"
        "②更换止水（责任单位：工程科；完成时限：长期）。\n整改状态：正在整改\n"
        "2、渠道清淤不到位\n①清淤3公里（责任单位：灌区所；完成时限：2027年4月）。\n整改状态：已完成\n"
    )
    assert first.finding == "闸门检修没有记录"
    assert first.measures + first.results == ["建立检修台账", "更换止水"]
    assert first.responsible == ["运行科", "工程科"]
    assert first.deadline == ["2027年5月底前", "长期"]
    assert second.responsible == ["灌区所"]
