"""Word files: automatic numbers become text, and nothing a reader sees is lost."""

import pytest

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.formats.numbering import formatted
from tests.engines.word_files import SPACE, numbering, paragraph, table, word_file

OFFICIAL = (("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def text_of(body: str, **parts: str | bytes) -> str:
    return read_bytes(word_file(body, **parts), name="a.docx").text


def test_three_levels_of_automatic_numbers_count_and_restart() -> None:
    depths = (0, 1, 2, 2, 1, 2, 0, 1)
    body = "".join(paragraph("甲", depth=depth) for depth in depths)
    wanted = ["一、甲", "（一）甲", "1.甲", "2.甲", "（二）甲", "1.甲", "二、甲", "（一）甲"]
    assert text_of(body, numbering=numbering(*OFFICIAL)).split("\n") == wanted


def test_text_between_does_not_stop_the_count_and_list_zero_has_no_number() -> None:
    body = paragraph("甲", depth=0) + paragraph("说明") + paragraph("乙", depth=0, list_id=0) + paragraph("丙", depth=0)
    assert text_of(body, numbering=numbering(*OFFICIAL)) == "一、甲\n说明\n乙\n二、丙"


def test_two_lists_of_one_kind_run_on_unless_one_starts_afresh() -> None:
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    body = "".join(paragraph("甲", depth=0, list_id=list_id) for list_id in (1, 2, 3, 3))
    assert text_of(body, numbering=numbering(*OFFICIAL, lists=lists)) == "一、甲\n二、甲\n一、甲\n二、甲"


def test_a_style_can_carry_the_number_also_by_inheritance() -> None:
    styles = (
        f'<w:styles {SPACE}><w:style w:styleId="a"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = paragraph("甲", style="b") + paragraph("乙", style="a")
    assert text_of(body, numbering=numbering(*OFFICIAL), styles=styles) == "（一）甲\n（二）乙"


def test_a_style_that_is_based_on_itself_does_no_harm() -> None:
    styles = f'<w:styles {SPACE}><w:style w:styleId="a"><w:basedOn w:val="a"/></w:style></w:styles>'
    assert text_of(paragraph("甲", style="a"), styles=styles) == "甲"


def test_levels_that_name_the_ones_above_and_bullets() -> None:
    levels = (("decimal", "%1"), ("decimal", "%1.%2"), ("bullet", ""))
    body = "".join(paragraph("甲", depth=depth) for depth in (0, 1, 1, 2))
    assert text_of(body, numbering=numbering(*levels)) == "1 甲\n1.1 甲\n1.2 甲\n甲"


@pytest.mark.parametrize(
    ("style", "count", "text"),
    [
        ("chineseCounting", 12, "十二"),
        ("japaneseCounting", 21, "二十一"),
        ("taiwaneseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 3, "叁"),
        ("ideographTraditional", 2, "乙"),
        ("decimalEnclosedCircleChinese", 3, "③"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalFullWidth", 10, "１０"),
        ("upperLetter", 27, "AA"),
        ("lowerRoman", 14, "xiv"),
        ("decimalEnclosedCircle", 21, "21"),
        ("somethingElse", 4, "4"),
    ],
)
def test_number_formats(style: str, count: int, text: str) -> None:
    assert formatted(count, style) == text


def test_findings_of_automatic_numbers_have_levels() -> None:
    head = paragraph("关于巡察甲局党组的反馈意见") + paragraph("现将有关情况反馈如下。")
    body = (
        head + paragraph("存在的主要问题", depth=0) + paragraph("管理方面", depth=1) + paragraph("库房混乱。", depth=2)
    )
    reading = read_bytes(word_file(body, numbering=numbering(*OFFICIAL)), name="a.docx")
    assert [item.level for item in reading.items] == ["一、(一)1."]


def test_insertions_controls_links_and_breaks_are_read_deletions_and_boxes_are_not() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:sdt><w:sdtContent><w:p>{run.format('甲')}<w:ins>{run.format('乙')}</w:ins>"
        f"<w:del><w:r><w:delText>丙</w:delText></w:r></w:del><w:hyperlink>{run.format('丁')}</w:hyperlink>"
        f"<w:r><w:br/><w:t>戊</w:t><w:tab/></w:r></w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:r><w:pict><w:txbxContent><w:p>{run.format('己')}</w:p></w:txbxContent></w:pict></w:r></w:p>"
        f"<w:p>{run.format('庚')}</w:p>"
    )
    assert text_of(body) == "甲乙丁\n戊\t\n\n庚"


def test_a_table_stands_in_its_place_cells_by_tab_rows_by_line() -> None:
    body = paragraph("前") + table(("甲", "乙"), ("丙", "丁")) + paragraph("后")
    assert text_of(body) == "前\n甲\t乙\n丙\t丁\n后"


def test_merged_cells_mean_the_cell_they_belong_to() -> None:
    down = '<w:tc><w:tcPr><w:vMerge w:val="{}"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p><w:r><w:t>（三）作风方面</w:t></w:r></w:p></w:tc>'
    body = (
        paragraph("巡察反馈意见")
        + paragraph("现将巡察情况反馈如下。")
        + table(
            ("序号", "问题类别", "存在问题"),
            ("1", down.format("restart", "（一）财务"), "账目混乱"),
            ("2", down.format("continue", ""), "票据缺失"),
            (wide,),
            ("3", "", "纪律松散"),
        )
    )
    reading = read_bytes(word_file(body), name="a.docx")
    assert [(item.level, reading.text[slice(*item.finding)]) for item in reading.items] == [
        ("(一)1.", "账目混乱"),
        ("(一)2.", "票据缺失"),
        ("(三)3.", "纪律松散"),
    ]
    assert reading.text[slice(*reading.items[2].heading or (0, 0))] == "作风方面"


def test_a_date_merged_over_rows_is_the_date_of_each() -> None:
    merged = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = paragraph("巡察整改台账") + table(
        ("序号", "反馈问题", "完成时限"),
        ("1", "账目混乱", merged.format(' w:val="restart"', "2026年3月")),
        ("2", "票据缺失", merged.format("", "")),
    )
    reading = read_bytes(word_file(body), name="a.docx")
    assert [reading.text[slice(*item.deadline[0])] for item in reading.items] == ["2026年3月", "2026年3月"]


def test_a_ledger_gives_measures_state_person_and_date() -> None:
    body = paragraph("巡察整改台账") + table(
        ("序号", "反馈问题", "整改措施", "完成情况", "责任人", "完成时限"),
        ("1", "账目混乱", "1.清理账目；2.补齐票据。", "已完成并长期坚持", "张某", "2026年3月"),
        ("2", "票据缺失", "补齐票据", "", "李某", "长期"),
    )
    reading = read_bytes(word_file(body), name="a.docx")
    first, second = reading.items
    assert reading.kind == "ledger"
    assert [reading.text[slice(*span)] for span in first.measures] == ["清理账目", "补齐票据"]
    assert (first.state, second.state, second.state_span) == ("done", "unstated", None)
    assert reading.text[slice(*second.deadline[0])] == "长期"
