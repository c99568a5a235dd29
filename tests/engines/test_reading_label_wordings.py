"""The labels that offices use for the same part: whatever the wording, the part is the same."""

import pytest

from tests.engines.entries_read import Told, told

FORMS = ("{}：", "【{}】", "{}——", "（{}）")


def read(finding: str, measures: str, results: str, responsible: str, deadline: str, form: str = "{}：") -> list[Told]:
    """A notice of two entries with these labels."""
    labels = [form.format(word) for word in (finding, measures, results, responsible, deadline)]
    return told(
        "".join(
            f"{number}.\n{labels[0]}{what}\n{labels[1]}（1）逐户核对；（2）按月公示。\n{labels[2]}退回4.2万元。\n"
            f"{labels[3]}{who}\n{labels[4]}2027年5月底\n"
            for number, what, who in (
                (1, "补贴发放不公开，群众有议论", "社会事务办"),
                (2, "合同管理混乱，租金漏收", "经管站"),
            )
        )
    )


def check(items: list[Told]) -> None:
    """Every part is where it belongs."""
    assert [item.finding for item in items] == ["补贴发放不公开，群众有议论", "合同管理混乱，租金漏收"]
    for item, who in zip(items, ("社会事务办", "经管站"), strict=True):
        assert item.measures == ["逐户核对", "按月公示"]
        assert item.results == ["退回4.2万元"]
        assert item.responsible == [who]
        assert item.deadline == ["2027年5月底"]


@pytest.mark.parametrize("form", FORMS)
def test_a_label_stands_before_a_colon_or_a_dash_or_in_brackets(form: str) -> None:
    check(read("反馈问题", "整改措施", "整改成效", "责任单位", "完成时限", form))


@pytest.mark.parametrize(
    "word",
    [
        "反馈问题",
        "存在问题",
        "问题描述",
        "巡察发现问题",
        "反馈意见",
        "反馈内容",
        "指出的问题",
        "问题概述",
        "存在的不足",
    ],
)
def test_the_finding_has_many_labels(word: str) -> None:
    check(read(word, "整改措施", "整改成效", "责任单位", "完成时限"))


@pytest.mark.parametrize(
    "word",
    ["整改措施", "整改举措", "采取的措施", "具体做法", "整改做法", "工作措施", "主要举措", "整改对策"],
)
def test_the_measures_have_many_labels(word: str) -> None:
    check(read("反馈问题", word, "整改成效", "责任单位", "完成时限"))


@pytest.mark.parametrize(
    "word",
    [
        "整改成效", "整改成果", "整改落实情况", "整改进展情况", "完成情况", "取得的成效", "阶段性成效", "目前进展",
        "工作成效",         "整改后情况", "落实情况", "整改实效",
    ],
)  # fmt: skip
def test_the_results_have_many_labels(word: str) -> None:
    check(read("反馈问题", "整改措施", word, "责任单位", "完成时限"))


@pytest.mark.parametrize(
    "word", ["责任单位", "责任部门", "牵头单位", "责任人", "主要责任人", "承办科室", "责任领导", "整改责任人"]
)
def test_who_answers_has_many_labels(word: str) -> None:
    check(read("反馈问题", "整改措施", "整改成效", word, "完成时限"))


@pytest.mark.parametrize(
    "word", ["完成时限", "整改期限", "整改时间", "完成时间要求", "计划完成时间", "办结时限", "预计完成时间"]
)
def test_by_when_has_many_labels(word: str) -> None:
    check(read("反馈问题", "整改措施", "整改成效", "责任单位", word))


@pytest.mark.parametrize("word", ["问题成因", "原因分析", "主要原因", "问题类别", "整改标准", "整改目标"])
def test_what_is_neither_finding_nor_deed_is_left_out(word: str) -> None:
    items = told(
        f"1.\n反馈问题：公示栏常年空白\n{word}：人手紧缺，无人更新\n整改措施：专人更新。\n整改成效：公示12期。\n"
        f"2.\n反馈问题：印章外借不登记\n{word}：制度缺失，随意外借\n整改措施：设登记簿。\n整改成效：登记31次。\n"
    )
    assert [(item.finding, item.measures, item.results) for item in items] == [
        ("公示栏常年空白", ["专人更新"], ["公示12期"]), ("印章外借不登记", ["设登记簿"], ["登记31次"]),
    ]  # fmt: skip
