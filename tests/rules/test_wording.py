"""Two versions of a text compared word by word: the pieces give both back, and they read as people would mark them."""

import time
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.rules.wording import ADDED, GONE, SAME, Piece, compared, paired, text_after, text_before

LETTERS = st.text(st.sampled_from("整改措施落实，。；\n 12.5 abc万元𠮷🙂"), max_size=60)
TEXTS = st.one_of(LETTERS, st.text(max_size=40))


@given(TEXTS, TEXTS)
@example("", "")
@example("a", "")
@example("。；", "；。")
def test_the_pieces_give_both_texts_back(before, after):
    pieces = compared(before, after=after)
    assert (text_before(pieces), text_after(pieces)) == (before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != two.kind for one, two in pairwise(pieces))


@given(LETTERS, LETTERS)
def test_what_is_the_same_is_told_as_the_same(shared, more):
    assert compared(shared, after=shared) == ((Piece(SAME, shared),) if shared else ())
    assert not any(piece.kind == GONE for piece in compared(shared, after=f"{shared}。{more}"))


@given(st.lists(LETTERS, min_size=2, max_size=6), st.lists(LETTERS, min_size=2, max_size=6))
def test_long_texts_are_compared_by_sentence_and_still_give_both_back(before, after):
    common = "逐校核对收费公示并整改到位。" * 60
    old, new = "起" + common.join(before), "始" + common.join(after)
    pieces = compared(old, after=new)
    assert (text_before(pieces), text_after(pieces)) == (old, new)


def test_a_changed_word_is_marked_and_nothing_else():
    pieces = compared("6 所学校收费公示率达到 90%", after="6 所学校收费公示率达到 100%")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        (SAME, "6 所学校收费公示率达到 "), (GONE, "90"), (ADDED, "100"), (SAME, "%"),
    ]  # fmt: skip


def test_a_number_is_never_cut_through():
    kinds = {piece.text: piece.kind for piece in compared("追回 86.5 万元", after="追回 86.45 万元")}
    assert (kinds["86.5"], kinds["86.45"]) == (GONE, ADDED)
    assert [piece.text for piece in compared("到 2026 年", after="到 2027 年") if piece.kind != SAME] == [
        "2026",
        "2027",
    ]


def test_a_letter_that_stays_by_chance_does_not_tear_a_phrase_apart():
    pieces = compared("由办公室负责公示", after="由分管的副局长公布")
    assert [piece.kind for piece in pieces] == [SAME, GONE, ADDED]


def test_an_inserted_sentence_leaves_the_rest_alone():
    before = "党组没有专题研究。责任没有压到科室。"
    pieces = compared(before, after="党组没有专题研究。分管领导全年未到校检查。责任没有压到科室。")
    assert [piece.kind for piece in pieces] == [SAME, ADDED, SAME]


def test_texts_of_a_hundred_thousand_letters_are_compared_at_once():
    sentence = "逐校核对收费公示并整改到位，留存照片。"
    long = "".join(f"{number}.{sentence}" for number in range(4500))
    started = time.perf_counter()
    for before, after in (
        (long, long.replace("2000.", "2000.补充：", 1)),
        ("的" * 100_000, "了" * 100_000),
        ("ab" * 50_000, "ba" * 50_000),
        (long, long[::-1]),
    ):
        pieces = compared(before, after=after)
        assert (text_before(pieces), text_after(pieces)) == (before, after)
    assert time.perf_counter() - started < 10


def test_texts_find_their_partners_wherever_they_moved():
    before = ["印发收费公示制度", "逐校核对收费公示并整改到位", "约谈两名校长"]
    after = ["追回多收的费用 3.2 万元", "印发收费公示制度", "逐校核对收费公示，月底前整改到位"]
    assert paired(before, after=after) == ((None, 0), (0, 1), (1, 2), (2, None))


@given(st.lists(LETTERS, max_size=6), st.lists(LETTERS, max_size=6))
def test_every_text_has_one_partner_or_none(before, after):
    pairs = paired(before, after=after)
    assert sorted(one for one, _ in pairs if one is not None) == list(range(len(before)))
    assert [two for _, two in pairs if two is not None] == list(range(len(after)))
