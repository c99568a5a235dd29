"""Lines broken in the middle of a sentence are one paragraph; lists without stops stay lists."""

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.paragraphs import paragraphs_of

HEAD = "关于巡察青禾县档案馆党支部的反馈意见\n青禾县档案馆党支部：\n现将巡察情况反馈如下。\n"


def joined(text: str) -> list[str]:
    mirror = mirrored(text)
    return [mirror[start:end] for start, end in paragraphs_of(mirror, lines_of(mirror))]


def test_a_line_that_ends_in_a_comma_or_begins_with_one_is_not_the_end() -> None:
    assert joined("库房潮湿，\n案卷发霉\n，无人过问。\n借阅混乱。") == [
        "库房潮湿,\n案卷发霉\n,无人过问。",
        "借阅混乱。",
    ]


def test_in_a_text_broken_everywhere_a_full_line_without_a_stop_goes_on() -> None:
    text = (
        "1.库房温湿度失控，去年夏天除湿机停用四个\n月，受潮案卷达到312卷，其中有些\n已经无法修复。\n"
        "2.借阅登记流于形式，抽查的登记簿里，\n有半数没有归还日期，保管员也说不清案卷去了\n哪里。"
    )
    assert [words[:2] for words in joined(text)] == ["1.", "2."]


def test_a_list_of_lines_without_stops_stays_a_list() -> None:
    text = "库房温湿度失控，除湿机停用四个月\n借阅登记流于形式，半数没有归还日期\n钥匙由临时工保管，交接没有记录"
    assert len(joined(text)) == 3


def test_headings_numbers_and_indented_lines_begin_afresh() -> None:
    text = "库房潮湿，案卷发霉，\n（一）借阅混乱，\n    钥匙无人保管。"
    assert joined(text) == ["库房潮湿,案卷发霉,", "(一)借阅混乱,\n    钥匙无人保管。"]
    assert joined("考核方向\n库房潮湿。") == ["考核方向", "库房潮湿。"]


def test_a_page_number_within_a_sentence_is_passed_over() -> None:
    assert joined("库房潮湿，\n- 3 -\n案卷发霉。\n第4页 共9页\n借阅混乱。") == [
        "库房潮湿,\n- 3 -\n案卷发霉。",
        "借阅混乱。",
    ]


def test_a_finding_over_broken_lines_is_one_place() -> None:
    text = HEAD + "一、存在问题\n1.库房潮湿，312卷案\n卷发霉，\n无人过问。\n2.借阅混乱。"
    reading = read_bytes(text.encode(), name="x.txt")
    assert [reading.text[slice(*item.finding)] for item in reading.items] == [
        "库房潮湿，312卷案\n卷发霉，\n无人过问。",
        "借阅混乱。",
    ]
