"""Damaged documents: read as repaired, told in the places of the text as it came, never quoted by a mere proposal."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.reading import Reading, read_bytes
from bihuan.engines.reading.content import Content, Table
from bihuan.engines.reading.mending import GAP, MENDED, WAITING
from bihuan.engines.reading.pipeline import read_content
from bihuan.engines.reading.places import Places
from bihuan.engines.reading.restore import restore_text
from bihuan.engines.reading.restore.edits import Column, Edit
from tests.corpus import damage

TEXT = """关于巡察青禾县水务局党组的反馈意见
青禾县水务局党组：
2025年3月至5月，县委第二巡察组对青禾县水务局党组开展了常规巡察。现将巡察发现的主要问题反馈如下。
一、党的领导弱化方面
（一）研究重大事项不够，12项工程变更没有提交党组会议集体讨论，部分记录事后补写。
（二）学习制度流于形式，党组理论学习中心组全年只学习3次，学习记录是办公室代写的。
二、财务管理混乱方面
（三）水费征收不到位，拖欠水费14.45万元长期没有追缴，台账与实际户数对不上。
（四）食堂采购没有询价，供货商由职工亲属担任，涉及金额近60万元，报销凭证不全。
"""
FINDINGS = [line.partition("）")[2].rstrip("。\n") for line in TEXT.splitlines() if line.startswith("（")]


def read(text: str, name: str = "feedback.txt") -> Reading:
    reading = read_bytes(text.encode(), name=name)
    assert all(reading.text[slice(*one.span)] == one.before for one in reading.repairs)
    return reading


def quoted(reading: Reading) -> list[str]:
    return [reading.quoted(item.finding).rstrip("。") for item in reading.items]


def as_it_came(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)].rstrip("。") for item in reading.items]


def broken(mechanism: str, seed: int = 7) -> damage.Copy:
    copy = damage.MECHANISMS[mechanism](TEXT, Random(seed))
    assert copy.text != TEXT
    return copy


def test_a_sound_document_is_its_own_text() -> None:
    reading = read(TEXT)
    assert quoted(reading) == as_it_came(reading) == FINDINGS
    assert (reading.text, reading.places, list(reading.repairs)) == (TEXT, None, [])
    assert not any(item.doubts for item in reading.items)


@pytest.mark.parametrize("mechanism", ["traditional", "noted", "tagged", "framed"])
def test_what_is_repaired_for_certain_is_quoted_repaired_and_stands_where_it_came_from(mechanism: str) -> None:
    copy = broken(mechanism)
    reading = read(copy.text)
    assert reading.text == copy.text
    assert quoted(reading) == FINDINGS
    for item, words in zip(reading.items, FINDINGS, strict=True):
        begin = TEXT.index(words)
        start, end = copy.moved((begin, begin + len(words)))
        assert item.finding[0] == start
        assert abs(item.finding[1] - end) <= len("(zhuàng)")
    assert any(one.applied for one in reading.repairs)


def test_figures_are_those_of_the_repaired_text_at_their_old_places() -> None:
    reading = read(broken("noted").text)
    told = [(figure.number, figure.unit, reading.text[slice(*figure.span)]) for figure in reading.figures]
    assert ("14.45", "万元", "14.45萬(wàn)元") in told
    assert [(one.number, one.approx) for one in reading.items[3].figures] == [("60", "近")]


def test_a_person_is_told_of_what_was_repaired() -> None:
    text = TEXT.replace("拖欠水费14.45万元", "拖欠水費(fèi)14.45萬(wàn)元，未進(jìn)賬(zhàng)")
    assert [MENDED in item.doubts for item in read(text).items] == [False, False, True, False]


def test_the_frame_of_a_page_is_no_finding_and_belongs_to_none() -> None:
    foot = "\n分享到：微信 微博\n【打印本页】【关闭窗口】\n上一篇：无\n版权所有：青禾县人民政府\n浙ICP备00000000号-1\n"
    head = "您现在的位置：首页 > 公示公告\n【字体：大 中 小】\n"
    reading = read(head + TEXT.rstrip("。\n") + foot)
    assert as_it_came(reading) == FINDINGS
    assert [one.rule for one in reading.repairs if one.applied] == ["boilerplate"] * 7


def test_a_link_to_the_next_page_belongs_to_no_finding_where_it_may_not_be_cut() -> None:
    reading = read(TEXT.rstrip("\n") + "\n上一篇：关于召开会议的通知　下一篇：没有了\n版权所有：青禾县人民政府\n")
    assert as_it_came(reading) == FINDINGS
    assert {one.applied for one in reading.repairs} == {True, False}


def test_a_proposal_is_no_part_of_a_quotation() -> None:
    text = TEXT.replace("集体讨论", "集?tǐ)讨论").replace("台账与", "台?zhàng)与")
    reading = read(text)
    assert as_it_came(reading) == quoted(reading)
    assert [words.replace("?tǐ)", "体").replace("?zhàng)", "账") for words in quoted(reading)] == FINDINGS
    assert [set(item.doubts) for item in reading.items] == [{WAITING}, set(), {WAITING}, set()]
    assert {one.applied for one in reading.repairs} == {False}


NOTICE = "关于青禾县水务局巡察整改进展情况的通报\n" + "".join(
    f"{number}.关于“{words}”问题\n整改措施：建立会前清单，{number}个月内补齐。\n"
    f"整改情况：已完成。补签文件{number * 11}份。\n"
    for number, words in enumerate(FINDINGS, 1)
)


def check_notice(reading: Reading, *, without: str = "") -> None:
    """All findings of the notice with their measures, results and states, the damage in between left aside."""
    found = [words.translate({ord(sign): None for sign in without}) for words in as_it_came(reading)]
    assert (reading.kind, found) == ("notice", FINDINGS)
    assert [item.state for item in reading.items] == ["done"] * 4
    assert all(item.measures and item.results for item in reading.items)


def test_labels_with_lost_characters_are_labels() -> None:
    check_notice(read(NOTICE))
    check_notice(read(NOTICE.replace("整改措施", "整?gǎi)措施").replace("整改情况", "整改情?kuàng)")))


def test_labels_with_spaces_in_them_are_labels() -> None:
    text = NOTICE.replace("整改措施", "整 改措 施").replace("整改情况", "整改 情况").replace("已完成", "已 完成")
    check_notice(read(damage.spaced(text, Random(2)).text), without=" ")


@pytest.mark.parametrize("width", [18, 25])
def test_labeled_lines_broken_at_the_width_of_a_page_are_whole(width: int) -> None:
    check_notice(read(damage.wrapped(NOTICE, Random(1), width=width).text), without="\n")


def test_gaps_are_told_where_they_are_and_filled_nowhere() -> None:
    reading = read(TEXT.replace("职工亲属", "职工_属").replace("全年只学习", "□□只学习"))
    assert [GAP in item.doubts for item in reading.items] == [False, True, False, True]
    assert "职工_属" in quoted(reading)[3]
    assert [(one.rule, one.before == one.after) for one in reading.repairs] == [("lost", True)] * 2


@pytest.mark.parametrize("width", [19, 27, 34])
def test_lines_broken_at_the_width_of_a_page_are_one_paragraph(width: int) -> None:
    reading = read(damage.wrapped(TEXT, Random(1), width=width).text)
    assert [words.replace("\n", "") for words in as_it_came(reading)] == FINDINGS
    assert [figure.number for figure in reading.items[2].figures] == ["14.45"]


def test_rows_of_a_table_broken_at_the_width_of_a_page_are_one_row() -> None:
    rows = ["序号\t问题\t整改措施\t责任单位\t完成情况"]
    rows += [f"{at}\t{words}\t逐项补齐手续并公开\t办公室\t已完成" for at, words in enumerate(FINDINGS, 1)]
    text = "青禾县水务局党组巡察整改台账\n" + "\n".join(rows) + "\n"
    reading = read(damage.wrapped(text, Random(1), width=24).text, "ledger.txt")
    assert [words.replace("\n", "") for words in as_it_came(reading)] == FINDINGS
    assert [item.state for item in reading.items] == ["done"] * 4


def test_tags_in_a_text_file_are_remains_and_a_whole_page_is_a_page() -> None:
    text = f"<p>{TEXT.strip()}</p>".replace("\n", "</p>\n<p>")
    assert read(text).text == text
    assert as_it_came(read(text)) == FINDINGS
    page = read_bytes(f"<html><body>{text}</body></html>".encode(), name="feedback.txt")
    assert "<p>" not in page.text
    assert as_it_came(page) == FINDINGS


def table_of(rows: list[list[str]]) -> Content:
    """Rows as a program hands them out: each cell with its place."""
    text, spans = "", []
    for row in rows:
        text += "\n" if text else ""
        spans.append([])
        for cell in row:
            text += "\t" if spans[-1] else ""
            spans[-1].append((len(text), len(text) + len(cell)))
            text += cell
    return Content(text, (Table((0, len(text)), tuple(map(tuple, spans))),))


def test_the_cells_of_a_table_are_repaired_in_their_places() -> None:
    words = [damage.noted(one, Random(1)).text for one in FINDINGS]
    rows = [
        ["序號", "問題", "整改措施", "完成情況"],
        *([str(at), one, "補齊", "已完成"] for at, one in enumerate(words, 1)),
    ]
    content = table_of(rows)
    reading = read_content(content)
    assert (reading.text, reading.kind) == (content.text, "ledger")
    assert quoted(reading) == FINDINGS
    assert as_it_came(reading) == words


def test_no_repair_joins_two_cells() -> None:
    content = table_of([["首页", "新闻中心", "通知公告"], ["问题<b>甲</b>", "账目不清<!-- 略", "已经补账 -->"]])
    crossing = [one for one in restore_text(content.text).changes if one.applied and "\t" in one.before]
    assert [one.rule for one in crossing] == ["boilerplate", "html"]
    reading = read_content(content)
    assert reading.repaired == content.text.replace("<b>甲</b>", "甲")
    assert [(one.rule, one.before) for one in reading.repairs if one.applied] == [("html", "<b>"), ("html", "</b>")]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.text("ab", max_size=4)), max_size=6), st.data())
def test_places_lead_there_and_back(made: list[tuple[int, int, str]], data: st.DataObject) -> None:
    """A stretch of the repaired text comes from one that holds all its characters, and leads back from there."""
    text = "".join(map(chr, range(0x4E00, 0x4E50)))
    column, reached, pieces = Column(), 0, []
    for skip, length, after in made:
        start = reached + skip + 1
        column.add(Edit(start, start + length, after, "html"))
        pieces += [text[reached:start], after]
        reached = start + length
    repaired = "".join([*pieces, text[reached:]])
    places = column.places()
    start = data.draw(st.integers(0, len(repaired) - 1))
    end = data.draw(st.integers(start + 1, len(repaired)))
    begin, finish = places.origin((start, end))
    assert 0 <= begin <= finish <= len(text)
    assert {sign for sign in repaired[start:end] if sign > "z"} <= set(text[begin:finish])
    if repaired[start] > "z" and repaired[end - 1] > "z":
        assert (text[begin], text[finish - 1]) == (repaired[start], repaired[end - 1])
        assert places.repaired((begin, finish)) == (start, end)


def test_places_inside_a_long_repair_are_told_by_its_proportions() -> None:
    places = Places([10], [40], [10], [30])
    assert places.origin((10, 20)) == (10, 25)
    assert places.origin((20, 30)) == (25, 40)
    assert places.repaired((25, 40)) == (20, 30)


HOSTILE = ("<script>", "<!--", "<p></p>", "习?lián)动", "……", "“我\n", "?巡", "（一）缺_失。\n", "習(xí)")


@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_text_takes_twice_the_time(unit: str) -> None:
    def seconds(size: int) -> float:
        begun = time.process_time()
        read_content(Content(unit * (size // len(unit))))
        return time.process_time() - begun

    seconds(2_000)
    assert min(seconds(60_000) for _ in range(2)) < 3 * min(seconds(30_000) for _ in range(2)) + 0.3


def test_scripts_without_end_are_sought_once() -> None:
    begun = time.process_time()
    assert restore_text("<script>" * 60_000).text == "<script>" * 60_000
    assert time.process_time() - begun < 5
