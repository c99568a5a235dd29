"""Whatever comes in: no crash, spans that hold, levels that are well formed, one answer for both widths."""

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bihuan.engines.reading import Reading, Unreadable, read_bytes
from bihuan.engines.reading.kinds import KINDS
from bihuan.engines.reading.structure.lines import mirrored

MARKERS = [
    *"①②",
    "一、",
    "二、",
    "（一）",
    "(二)",
    "1.",
    "2．",
    "３、",
    "（1）",
    "(2)",
    "一是",
    "二是",
    "三是",
    "第一，",
    "其二，",
    "首先，",
    "其次，",
    "附件1：",
    "问题一：",
    "II.",
    "▲",
]
STOPS = ["。", "；", "：", "，", "“", "”", "、", "\n", "\r\n", "\t", "\u3000", " "]
WORDS = (
    "问题|存在的主要问题|总体评价|整改要求|财务管理混乱|没有记录|成绩明显|14.45万元|近60%|三十余户|关于|的问题|整改措施：|"
    "完成情况：已完成|序号\t问题\t措施\n|2024年|附件：|希望你局|甲|x|主要原因"
)
PIECES = MARKERS + STOPS + WORDS.split("|")
HEADS = [
    "",
    "关于巡察甲局党组的反馈意见\n现将情况反馈如下。\n",
    "甲局整改方案\n",
    "甲局巡察整改情况的通报\n",
    "问题台账\n",
]
LABEL = r"(?:第[一-十百\d]{1,4}(?:部分|章|编)、?|[一-龥]{1,4}[、.]|\([一-龥]{1,4}\)|\d{1,4}[.、]|\(?\d{1,3}\)"
LABEL += r"|\d+(?:\.\d+)+、?|[①-⑳❶-❿]|[一-龥]{1,4}是|[第其][一-龥]{1,4}"
LABEL += (
    r"|首先|其次|再次|再者|最后|附[件表录][一-十百\d]{1,4}|问题[一-十\d.—-]{1,6}|[IVX]{1,4}[.、]|[▲△●◆◇■□★☆▪•►▶※➢✦])"
)
LEVEL = re.compile(rf"{LABEL}*")

documents = st.builds(
    lambda head, pieces: head + "".join(pieces), st.sampled_from(HEADS), st.lists(st.sampled_from(PIECES), max_size=60)
)


def read(content: str | bytes, name: str = "a.txt") -> Reading | None:
    try:
        return read_bytes(content.encode() if isinstance(content, str) else content, name=name)
    except Unreadable:
        return None


def check(reading: Reading) -> None:
    reached = 0
    assert reading.kind in KINDS
    assert reading.items == () or reading.kind not in {"other", "statistics"}
    for item in reading.items:
        spans = [item.finding, *item.more]
        for start, end in [*spans, *item.measures, *item.results, *item.responsible, *item.deadline]:
            assert 0 <= start < end <= len(reading.text)
        assert reading.text[slice(*item.finding)] == reading.text[slice(*item.finding)].strip()
        assert item.finding[0] >= reached
        reached = item.finding[1]
        assert LEVEL.fullmatch(item.level), item.level
        assert item.heading is None or item.heading[0] < item.heading[1]
    for figure in reading.figures:
        assert re.fullmatch(r"\d+(\.\d+)?", figure.number)
        assert figure.unit in mirrored(reading.text[slice(*figure.span)])


@settings(deadline=None, max_examples=400)
@given(documents)
def test_any_outline_gives_spans_and_levels_that_hold(text: str) -> None:
    reading = read(text)
    if reading is not None:
        assert reading.text == text
        check(reading)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = read(text.encode("utf-8", "replace").decode())
    if reading is not None:
        check(reading)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400) | st.builds(lambda tail: b"PK\x03\x04" + tail, st.binary(max_size=200)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    reading = read(content, name="a.docx")
    if reading is not None:
        check(reading)


@settings(deadline=None, max_examples=300)
@given(documents)
@example("关于巡察甲局党组的反馈意见\n现将情况反馈如下。\n附件1：：①")
@example("关于巡察甲局党组的反馈意见\n现将情况反馈如下。\n附件1：：")
def test_full_and_half_width_are_the_same_document(text: str) -> None:
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    full = "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in text)
    one, other = read(half), read(full)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.kind == other.kind
        assert [(item.level, item.finding, item.more, item.state) for item in one.items] == [
            (item.level, item.finding, item.more, item.state) for item in other.items
        ]
        assert [(f.span, f.number, f.unit) for f in one.figures] == [(f.span, f.number, f.unit) for f in other.figures]


@settings(deadline=None, max_examples=100)
@given(documents)
def test_the_json_has_the_fixed_shape(text: str) -> None:
    reading = read(text)
    if reading is None:
        return
    shape = json.loads(json.dumps(reading.to_json("a.txt"), ensure_ascii=False))
    assert list(shape) == ["file", "kind", "unit", "text", "items", "figures", "repairs"]
    for item in shape["items"]:
        assert list(item) == [
            "level", "heading", "unit", "finding", "more", "measures", "results", "state", "state_span",
            "responsible", "deadline", "is_common", "figures", "doubts",
        ]  # fmt: skip
        assert all(isinstance(place, int) for place in item["finding"])
    for figure in shape["figures"]:
        assert list(figure) == ["span", "number", "unit", "approx", "meaning"]
