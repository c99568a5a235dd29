"""Pairs of characters speak for a kind as much as is known of them; the middle of a long text says nothing."""

import pytest

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.kind_pairs import pairs_of, scores_of
from bihuan.engines.reading.kinds import KINDS
from tests.corpus.kind_training import samples

DUTY = (
    "值班表附后。节日期间领导带班、干部值守，重要情况第一时间报告，信息报送不得迟报漏报。各部门要检查门窗水电，"
    "车辆封存，钥匙交办公室统一保管；离开驻地须按程序请假，返岗后及时销假。食堂照常供餐，锅炉房、配电室每两小时巡查一次并作记录。"
)


def test_pairs_are_counted_with_a_blank_for_all_that_is_not_chinese() -> None:
    assert dict(pairs_of("整改，整改3项 OK")) == {"整改": 2, "改 ": 2, " 整": 1, " 项": 1, "项 ": 1}


def test_the_middle_of_a_long_text_is_passed_over() -> None:
    assert "机密" not in pairs_of("甲" * 6_000 + "机密" + "乙" * 3_000)
    assert "机密" in pairs_of("甲" * 5_000 + "机密" + "乙" * 3_000)


def test_every_kind_has_a_score_and_a_text_of_which_little_is_known_says_little() -> None:
    told = next(one.text for one in samples() if one.kind == "notice")
    assert tuple(sorted(scores_of(told))) == tuple(sorted(KINDS))
    assert max(map(abs, scores_of("").values())) == 0
    assert max(map(abs, scores_of("整改情况如下。").values())) < 0.1 < max(map(abs, scores_of(told).values()))


def test_they_outweigh_a_heading_that_every_office_has() -> None:
    assert read_bytes(f"存在问题\n{DUTY}\n整改措施\n{DUTY}".encode(), name="x.txt").kind == "other"


@pytest.mark.parametrize("hand", ["hand_a", "hand_b", "hand_c", "hand_d", "hand_e"])
def test_what_was_learned_is_known(hand: str) -> None:
    mine = [one for one in samples() if one.hand == hand and one.weight == 1]
    right = sum(read_bytes(one.text.encode(), name="x.txt").kind == one.kind for one in mine)
    assert right / len(mine) >= 0.9
