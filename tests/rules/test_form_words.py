"""What a head of somebody's form may mean: the same words, words it holds, words it is like; never the same twice."""

import pytest

from bihuan.queries.findings.columns import IN_SHEETS
from bihuan.rules.form_words import (
    ALIKE,
    HOLDS,
    LIKE,
    REASONS,
    SAME,
    form_words,
    letters_of,
    proposed,
    reason_of,
)


def test_every_code_of_the_words_is_a_column_of_the_ledger():
    assert set(form_words().words) <= set(IN_SHEETS)
    every = [word for words in form_words().words.values() for word in words]
    assert len(every) == len(set(every)), "a word that means two columns proposes neither"


@pytest.mark.parametrize(
    ("head", "code", "why"),
    [
        ("序号", "order", SAME),
        ("责 任 领 导", "leader", SAME),
        ("完成时限（具体到日）", "due", SAME),
        ("整改责任单位", "unit", SAME),
        ("整改进展情况", "progress", HOLDS),
        ("整改措施及完成时限 完成时限", "due", HOLDS),
        ("整改措施及完成时限 整改措施", "measures", HOLDS),
        ("责任的领导", "leader", LIKE),
        ("问题具体表现形式", "title", HOLDS),
        ("资金金额", "", ""),
        ("（盖章）", "", ""),
    ],
)
def test_a_head_is_known_by_its_words(head, code, why):
    (found,) = proposed([head], words=form_words())
    assert (found.code, found.why) == (code, why) if code else found is None


@pytest.mark.parametrize(
    ("head", "name", "why"),
    [
        ("责任 领导", "责任领导", ALIKE),
        ("反馈问题", "问题", REASONS[SAME]),
        ("完成情况", "状态", REASONS[SAME]),
        ("整改进展情况", "最近进展", REASONS[HOLDS]),
    ],
)
def test_the_same_name_and_a_word_that_says_the_same_are_told_apart(head, name, why):
    (found,) = proposed([head], words=form_words())
    assert IN_SHEETS[found.code].label == name
    assert reason_of(found.why, word=found.word, name=name) == why


def test_the_surest_head_has_the_column_and_no_column_is_proposed_twice():
    found = proposed(["问题表述", "反馈问题", "责任人", "直接责任人"], words=form_words())
    assert found[1].code == "title"
    codes = [one.code for one in found if one]
    assert len(codes) == len(set(codes))


def test_what_stands_in_brackets_is_left_out_unless_it_is_all():
    assert letters_of(" 完成时限（年月日） ") == "完成时限"
    assert letters_of("（备注）") == "备注"
