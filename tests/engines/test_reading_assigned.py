"""Who answers and by when where a measure says so itself, and what a plan says of 完成, which is no state."""

import pytest

from bihuan.engines.reading.items.states import state_alone, state_in
from tests.engines.entries_read import told


def plan(measures: str, rest: str = "") -> str:
    """A plan of two findings, the first with these measures."""
    return (
        f"1.库房钥匙无人保管\n整改措施：{measures}\n{rest}"
        "2.借阅登记不全\n整改措施：补登借阅簿。\n责任单位：阅览部\n整改时限：长期\n"
    )


@pytest.mark.parametrize(
    "measure",
    [
        "两把钥匙分人保管（2027年6月底前，保卫科）。", "两把钥匙分人保管（保卫科，2027年6月底前）。",
        "两把钥匙分人保管〔责任科室：保卫科；时限：2027年6月底前〕。",
        "（保卫科）两把钥匙分人保管，2027年6月底前完成。",
        "两把钥匙分人保管，由保卫科负责，2027年6月底前。",
    ],
)  # fmt: skip
def test_brackets_and_last_clauses_tell_who_answers_and_by_when(measure: str) -> None:
    first, _ = told(plan(measure), is_plan=True)
    assert first.measures == ["两把钥匙分人保管"]
    assert first.responsible == ["保卫科"]
    assert first.deadline[0].startswith("2027年6月底前")


def test_a_bracket_that_explains_stays_with_the_measure() -> None:
    first, _ = told(plan("更换门锁（含地下库两扇铁门）。"), is_plan=True)
    assert first.measures == ["更换门锁（含地下库两扇铁门）"]
    assert first.responsible == []


def test_a_day_and_an_office_within_the_words_of_a_measure_are_found_where_no_label_tells_them() -> None:
    first, second = told(plan("2027年4月底前装好密集架；财务科每季核对一次库存。"), is_plan=True)
    assert first.measures == ["2027年4月底前装好密集架", "财务科每季核对一次库存"]
    assert first.deadline == ["2027年4月底前"]
    assert first.responsible == ["财务科"]
    assert second.responsible == ["阅览部"]


def test_what_a_plan_will_complete_is_no_state_but_what_its_label_says_is() -> None:
    first, second = told(plan("钥匙柜安装完成并长期坚持。"), is_plan=True)
    assert (first.state, second.state) == ("unstated", "unstated")
    first, _ = told(plan("装钥匙柜。").replace("无人保管", "无人保管（长期坚持）"), is_plan=True)
    assert (first.finding, first.state) == ("库房钥匙无人保管", "unstated")
    first, _ = told(plan("装钥匙柜。", rest="整改状态：正在整改\n"), is_plan=True)
    assert first.state == "in_progress"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("√", "done"), ("△", "in_progress"), ("×", "not_done"), ("挂账", "in_progress"), ("销账", "done"),
        ("已完成,并长期坚持", "done"), ("已完成,需长期坚持", "phase_done_long_term"), ("累计85%", "in_progress"),
    ],
)  # fmt: skip
def test_signs_and_words_of_the_trade_tell_the_state(words: str, state: str) -> None:
    assert state_alone(words) == state


def test_a_result_that_has_a_word_of_completion_in_it_is_no_state() -> None:
    words = "化解矛盾纠纷112起"
    assert state_in(words, (0, len(words))) == ("unstated", None)
    words = "目前还有4份合同正在协商解决"
    assert state_in(words, (0, len(words)))[0] == "in_progress"


def test_a_state_in_brackets_before_the_finding_belongs_to_it() -> None:
    first, second = told(
        "［整改完毕］检查组认为锅炉房没有专人值守，夜间无人巡查，为此院里增设值班员4名，夜间两小时一巡。\n"
        "［正在整改］检查组认为病历归档拖延，积压3000份，为此病案室加班整理，已归档2100份。\n"
    )
    assert (first.state, second.state) == ("done", "in_progress")
