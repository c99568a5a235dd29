"""Every change stands where it says, and the applied ones alone make the text; whatever comes in."""

from contextlib import suppress
from functools import reduce
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.reading import Unreadable
from bihuan.engines.reading.restore import Restored, restore_bytes, restore_file, restore_text, sequence
from bihuan.engines.reading.restore.edits import RULES, Draft, Edit

NOTED = ["習(xí)近平", "強(qiáng)調(diào)", "强(qiáng)", "嚴重?fù)p失", "向?qū)0l(fā)力", "等?lián)動", "m)", "(kg)"]
WORDS = ["巡察", "整改", "市委", "著", "显著", "乾", "後", "<關于>", "_", "X同志", "2017 年", "１２", "（一）", "一、"]
SIGNS = ["。", "，", ",", ";", "“", "”", "\n", "\r\n", " ", "?", "？", "……", "。。", "\ufffd", "\ue000", "\u200b"]
OTHERS = ["?！笔形膊燹k相關", "<p>", "</p>", "<br>", "&nbsp;", "&ldquo;", "鍏充簬宸″療"]
OTHERS += ["首页 > 正文\n", "版权所有\n", "联系电话：1\n"]
PIECES = NOTED + WORDS + SIGNS + OTHERS
DAMAGED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def check(restored: Restored) -> None:
    pieces, reached = [], 0
    for change in restored.changes:
        start, end = change.span
        assert 0 <= start <= end <= len(restored.original)
        assert restored.original[start:end] == change.before
        assert change.rule in RULES
        assert 0 < change.confidence <= 1
        if change.applied:
            assert start >= reached
            assert change.after != change.before
            pieces += [restored.original[reached:start], change.after]
            reached = end
    assert "".join((*pieces, restored.original[reached:])) == restored.text


@settings(deadline=None, max_examples=500)
@given(DAMAGED)
def test_the_applied_changes_alone_turn_the_original_into_the_text(text: str) -> None:
    check(restore_text(text))


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_restored_or_stays(text: str) -> None:
    check(restore_text(text))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_restored_or_refused(content: bytes) -> None:
    with suppress(Unreadable):
        check(restore_bytes(content))


@settings(deadline=None, max_examples=200)
@given(DAMAGED)
def test_a_long_text_is_restored_in_blocks_with_places_of_the_whole(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequence, "_BLOCK", 40)
        check(restore_text(text))


RUNS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("xyz", max_size=3)), max_size=8)


@settings(deadline=None, max_examples=500)
@given(st.lists(RUNS, max_size=4))
def test_changes_of_several_passes_are_changes_of_the_original(passes: list[list[tuple[int, int, str]]]) -> None:
    draft = Draft("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
    for one in passes:
        edits = list[Edit]()
        for start, length, after in sorted(one):
            end = min(start + length, len(draft.current))
            if start < end and (not edits or start >= edits[-1].end):
                edits.append(Edit(start, end, after, "html"))
        expected = reduce(
            lambda text, edit: text[: edit.start] + edit.after + text[edit.end :], reversed(edits), draft.current
        )
        draft.put(edits)
        assert draft.current == expected
        kept = [draft.kept[at] for at in range(len(draft.kept))]
        assert all(first.end <= second.start for first, second in pairwise(kept))
        made = reduce(
            lambda text, edit: text[: edit.start] + edit.after + text[edit.end :], reversed(kept), draft.original
        )
        assert made == expected


SPOTS = {
    "嚴重?fù)p失。": "严重损失。",
    "向?qū)0l(fā)力、向下延伸": "向专发力、向下延伸",
    "習(xí)近平總書記強(qiáng)調(diào)": "习近平总书记强调",
    "確保整改件件有著落，著力補短板，本著這個原則": "确保整改件件有着落，着力补短板，本着这个原则",
    "顯著的成績，著作和土著": "显著的成绩，著作和土著",
    "習(xi)近平總(zong3)書記": "习近平总书记",
    "關（guān）於（yú）整改": "关于整改",
    "<p>整改</p><p>要求</p>": "整改\n要求",
    "&ldquo;一把手&rdquo;&mdash;&mdash;整改&nbsp;情况": "“一把手”——整改 情况",
    "《关于落实<关于加强整改>任务清单》<br>": "《关于落实<关于加强整改>任务清单》",
}


@pytest.mark.parametrize(("text", "expected"), SPOTS.items())
def test_what_is_certain_is_changed(text: str, expected: str) -> None:
    assert restore_text(text).text == expected


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("巡审联动和整改联动，先巡后审等?lián)动方式", "?lián)", "联"),
        ("强化整改。要?qiáng)化监督，强化问责。", "?qiáng)", "强"),
        ("运用巡审?fù)?、先审后巡", "?fù)", "?fù)"),
        ("深入学习贯彻_总书记讲话", "_", "_"),
        ("刚才，X同志通报了情况", "X", "X"),
        ("寧??h持續深化整改工作", "??", "??"),
        ("对重要工作亲自部署、亲自 ……", " ……", " ……"),
        ("坚决摒弃“闯关\n头包保重点难点问题，逐级压实责任。", "", ""),
        ("他们的整改，，已经完成", "，，", "，"),
        ("全市2017 年的工作", " ", ""),
    ],
)
def test_what_is_uncertain_is_told_and_waits(text: str, before: str, after: str) -> None:
    restored = restore_text(text)
    offered = [(change.before, change.after) for change in restored.changes if not change.applied]
    assert (before, after) in offered
    assert before in restored.text


CHINESE = "云溪区水务局党组的巡察反馈意见，存在的主要问题是整改不到位，责任没有落实到人。" * 5
BAD = {
    "nothing": (b"", "empty_file"),
    "only blanks": (" \r\n\u3000\t".encode(), "empty_file"),
    "word": (b"PK\x03\x04" + bytes(60), "wrong_type"),
    "pdf": (b"%PDF-1.7\n...", "wrong_type"),
    "old office": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(60), "wrong_type"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "needs_ocr"),
    "rtf": (b"{\\rtf1\\ansi}", "wrong_type"),
    "archive": (b"Rar!" + bytes(20), "wrong_type"),
    "bytes": (bytes(range(256)) * 4, "wrong_type"),
    "control characters": (b"abc\x01\x02\x03\x04" * 20, "wrong_type"),
    "half a utf-16": (CHINESE.encode("utf-16") + b"\x00", "bad_encoding"),
    "latin": ("é".encode("latin-1") * 400 + b"\xff\xfe\xfd" * 50, "bad_encoding"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_bad_content_is_refused_with_its_code(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        restore_bytes(content, name="甲.txt")
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_files_that_are_not_there_or_too_large_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "大.txt"
    with large.open("wb") as stream:
        stream.truncate(50 * 2**20 + 1)
    codes = []
    for path in (tmp_path / "无.txt", tmp_path, large, Path("a\x00b")):
        with pytest.raises(Unreadable) as caught:
            restore_file(path)
        codes.append(caught.value.code)
    assert codes == ["not_found", "wrong_type", "too_large", "no_access"]
