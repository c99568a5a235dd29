"""Lists tied by numbers, labels told by what stands behind them, and brackets that hold several labels."""

from tests.engines.entries_read import told

LISTS = (
    "一、问题清单\n问1：粮库账实不符，短少稻谷31吨。\n问2：轮换合同没有签订日期。\n"
    "二、任务清单\n任1：逐仓称重，补足短少。\n任2：补签合同，专人保管。\n"
    "三、责任清单\n责1：仓储股，6月底前。\n责2：购销股，5月底前。\n"
)


def test_three_lists_are_tied_by_their_numbers() -> None:
    first, second = told(LISTS, is_plan=True)
    assert first.finding == "粮库账实不符，短少稻谷31吨。".rstrip("。")
    assert [item.measures for item in (first, second)] == [["逐仓称重，补足短少"], ["补签合同，专人保管"]]
    assert (first.responsible, first.deadline) == (["仓储股"], ["6月底前"])
    assert (second.responsible, second.deadline) == (["购销股"], ["5月底前"])


def test_lists_that_do_not_answer_each_other_are_not_tied() -> None:
    assert told("一、问题清单\n1.粮库账实不符，短少稻谷31吨。\n2.轮换合同没有签订日期。\n") == []


def test_a_bracket_holds_more_labels_than_its_first() -> None:
    [item] = told(
        "1.针对“仓房漏雨，维修不及时”的问题。整改措施：逐仓检查，更换屋面。（责任领导：唐立；责任股室：仓储股；完成时限：6月底前）\n"
        "2.针对“合同缺日期”的问题。整改措施：补签合同。（责任领导：唐立；责任股室：购销股；完成时限：5月底前）\n",
        is_plan=True,
    )[:1]
    assert item.responsible == ["唐立", "仓储股"]
    assert item.deadline == ["6月底前"]
    assert item.measures == ["逐仓检查，更换屋面"]


def test_a_sentence_of_who_answers_and_by_when_is_no_measure() -> None:
    [item] = told(
        "一、针对仓房漏雨、维修不及时的问题。逐仓检查，更换屋面。由唐立牵头，仓储股落实，6月底前完成。\n", is_plan=True
    )
    assert item.measures == ["逐仓检查，更换屋面"]
    assert item.responsible == ["唐立", "仓储股"]
    assert item.deadline == ["6月底前"]
