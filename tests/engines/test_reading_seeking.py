"""What makes reading fast gives the same answers: searches led by first signs, words counted in one pass."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.words import grammar, lexicon
from bihuan.engines.reading.words.counting import counter_of
from bihuan.engines.reading.words.seeking import first_signs, seeker

SENTENCES = (
    "制度执行不严，没有登记，涉及12件；",
    "对此不存在异议，在不断改进中。",
    "宽松软，躺在功劳簿上，重业务轻党建",
    "已完成整改。\n√",
    "根据工作安排，巡察组发现的问题有以下几个方面：",
    "现将整改情况通报如下：特此公告",
    "目前正在办理之中，完成率100%",
    "各支部要认领问题，希望你们抓紧。",
    "",
    " \t\n",
)
EXPRESSIONS = (
    "不(?!断)|没有?|(?<![在对])未", "(宽|过)松|缺(乏|失)?", "^(要|须)|^切实", r"(?:已|均)?(?:完成|办结)",
    r"\d+[%件]|[一-三]是", "(?P<a>问题)(?=[,，。])", ".{2}轻", "[^,]题", "(?:整改)*情况", "进展{2,}|成效+?",
    r"(?s:。.)|严$", "(?i:ok)|好",
)  # fmt: skip


@pytest.mark.parametrize("words", EXPRESSIONS)
@given(
    text=st.text(
        alphabet="不断没有未在对宽过松缺乏失要须切实已均完成办结12%件一二是问题，,。轻整改情况进展成效\n严okOK好",
        max_size=30,
    )
)
def test_an_expression_is_found_where_a_plain_search_finds_it(words: str, text: str) -> None:
    for flags in (0, re.MULTILINE, re.IGNORECASE):
        pattern = re.compile(words, flags)
        assert bool(seeker(pattern)(text)) == bool(pattern.search(text))
        assert bool(seeker(pattern)(text, 1, 9)) == bool(pattern.search(text, 1, 9))


def test_an_expression_for_small_and_capital_letters_finds_both() -> None:
    assert seeker(re.compile("(?i:ok)|好"))("整改OK")
    assert seeker(re.compile("ok|好", re.IGNORECASE))("整改OK")


def test_the_word_lists_say_what_a_plain_search_says() -> None:
    listed = [("problems", "negative"), ("problems", "ends_wrong"), ("sections", "praise"), ("lines", "closing")]
    for text in (part for one in SENTENCES for part in (one, mirrored(one), one[1:], one[-3:])):
        for section, name in listed:
            assert bool(lexicon.says(section, name)(text)) == bool(lexicon.pattern(section, name).search(text))
        for name in ("deed", "outcome", "who", "deed_first", "before_now"):
            assert bool(grammar.says("telling", name)(text)) == bool(grammar.pattern("telling", name).search(text))
        assert bool(grammar.tells_state()(text)) == any(words.search(text) for _, words in grammar.states())
    assert sections.is_negative("制度执行不严")
    assert not sections.is_negative("在不断改进")


def test_the_first_signs_are_those_a_match_can_begin_with() -> None:
    assert first_signs(re.compile("(?<!不)改(?:完|好)|[一二]是")) == "[一二改]"
    assert first_signs(re.compile("改?.题")) == ""
    assert first_signs(re.compile("改*")) == ""


@given(text=st.text(alphabet="整改情况措施的谢X一", max_size=60))
def test_words_are_counted_as_each_alone_is(text: str) -> None:
    groups = (
        ("plan", ("整改", "整改措施", "措施")),
        ("long", ("整改情况", "情况的", "改情")),
        ("twice", ("谢谢", "XX", "整改")),
    )
    groups += (("one", ("的", "一")),)
    wanted = {name: sum(map(text.count, words)) for name, words in groups}
    assert counter_of(groups)(text) == {name: times for name, times in wanted.items() if times}


def test_a_word_within_a_longer_one_is_counted_too() -> None:
    assert counter_of((("plan", ("整改", "整改措施")), ("deed", ("措施",))))("整改措施。") == {"plan": 2, "deed": 1}


def test_what_stays_within_a_line_is_not_found_over_two() -> None:
    words = re.compile("(?<!的)整改.{0,4}情况")
    assert seeker(words)("整改的情况")
    assert not seeker(words)("整改\n情况")


@given(text=st.text(alphabet="甲乙 \t\r\n\x0b\u2028。", max_size=40))
def test_the_lines_of_a_text_are_the_same_whole_or_as_a_stretch(text: str) -> None:
    assert list(lines_of(text)) == [(start - 1, end - 1) for start, end in lines_of("乙" + text, 1)]


def test_a_point_becomes_a_stop_only_behind_a_sentence() -> None:
    assert mirrored("执行不严.整改到位.") == "执行不严。整改到位。"
    assert mirrored("一.基本情况 第.3 １．５万元") == "一.基本情况 第.3 1.5万元"
