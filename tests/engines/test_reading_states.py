"""States as offices write them: a bare word, a share, a month, brackets; what says nothing is unstated."""

import pytest

from bihuan.engines.reading.items.states import state_alone, state_in, told_on


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("已完成", "done"),
        ("该问题已整改到位", "done"),
        ("已完成并长期坚持", "done"),
        ("已完成，今后长期坚持", "done"),
        ("均已全部整改", "done"),
        ("是，长期坚持", "done"),
        ("100%", "done"),
        ("需长期坚持", "phase_done_long_term"),
        ("取得阶段性成果，需持续用力", "phase_done_long_term"),
        ("阶段性完成，需长期坚持", "phase_done_long_term"),
        ("完成并需要长期坚持", "phase_done_long_term"),
        ("基本完成整改", "basically_done"),
        ("正在整改", "in_progress"),
        ("持续推进，整改完成率77%", "in_progress"),
        ("未到时限，推进中", "in_progress"),
        ("80%", "in_progress"),
        ("尚未启动", "not_done"),
        ("否", "not_done"),
    ],
)
def test_words_on_the_state(words: str, state: str) -> None:
    assert state_in(words.replace("，", ","), (0, len(words)))[0] == state


@pytest.mark.parametrize(
    "words", ["完成补种1200亩", "正在运行的泵站12座", "修订办法", "合格率升到96%", "2025年完成产值3亿元"]
)
def test_a_result_is_no_state(words: str) -> None:
    assert state_alone(words) is None


def test_a_month_is_past_or_to_come_by_the_day_the_document_tells_of() -> None:
    assert state_alone("2025年1月完成", on=(2025, 4)) == "done"
    assert state_alone("2025年12月完成", on=(2025, 4)) == "in_progress"


def test_the_day_a_document_tells_of() -> None:
    assert told_on("本表截至2025年4月30日。\n其他") == (2025, 4)
    assert told_on("某局\n2024年6月2日") == (2024, 6)
    assert told_on("没有日期") is None


def test_nothing_said_is_unstated() -> None:
    assert state_in("印发办法", (0, 4)) == ("unstated", None)
    assert state_in("", None) == ("unstated", None)
