"""Feedback told in prose: several problems in one paragraph, a judgment with its particulars, and what is between."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.items import prose
from bihuan.engines.reading.structure.lines import lines_of, mirrored

LETTER = """关于巡察鹤鸣县档案局党组的反馈意见
鹤鸣县档案局党组：
根据县委安排，3月4日至4月30日，县委第四巡察组对你局党组开展了常规巡察。现将有关情况反馈如下。
两年来，局党组带领干部职工建成数字档案室12个，抢救破损案卷8600卷，群众查档等候时间缩短一半。
但对照要求，差距也摆在面前。
在履行职责上，重点档案保护不力。地下库房连续两年渗水，受潮案卷312卷，除湿机只在检查前开动。村级档案接收停在文件里，应接收的86个村只接收了31个，乡镇催问三次没有答复。
资金使用不够规范。2022年档案装具采购拆成9份合同，由同一家公司承接，合计47.6万元；公务接待无清单报销14笔、2.3万元。
支部生活松散，2023年党员大会只开了两次，记录由办公室一人补写。对上轮巡察指出的库房消防隐患至今没有整改，19具灭火器仍是2016年的产品。
建议局党组把档案安全放在第一位，逐项制定措施，两个月内报送整改进展。
"""


def findings(text: str) -> list[str]:
    reading = read_bytes(text.encode(), name="a.txt")
    return [reading.text[slice(*item.finding)] for item in reading.items]


def test_each_problem_of_a_letter_is_one_with_its_particulars() -> None:
    found = findings(LETTER)
    for begin, end in (
        ("村级档案接收停在文件里", "没有答复"), ("资金使用不够规范", "14笔、2.3万元"), ("支部生活松散", "一人补写"),
        ("对上轮巡察指出", "2016年的产品"),
    ):  # fmt: skip
        assert [words for words in found if words.startswith(begin) and words.endswith(end)]
    assert any("受潮案卷312卷" in words for words in found)
    assert not any("建议" in words or "差距也摆" in words or "常规巡察" in words for words in found)


def test_the_field_a_paragraph_begins_with_is_the_heading() -> None:
    reading = read_bytes(LETTER.encode(), name="a.txt")
    headings = [reading.text[slice(*item.heading)] for item in reading.items if item.heading]
    assert headings == ["在履行职责上"] * 2


def test_every_finding_without_a_number_says_so() -> None:
    reading = read_bytes(LETTER.encode(), name="a.txt")
    assert all(item.level == "" and item.doubts for item in reading.items)


@given(
    st.lists(st.text(alphabet="学不力未严没有账3万元，。；“”年上村", min_size=1, max_size=60), min_size=1, max_size=6)
)
def test_findings_are_in_order_within_one_paragraph_each_and_share_nothing(paragraphs: list[str]) -> None:
    mirror = mirrored("\n".join(paragraphs))
    lines = list(lines_of(mirror))
    found = prose.findings_in(mirror, lines)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert all(any(begin <= one[0] < one[1] <= end for begin, end in lines) for one in found if one[0] < one[1])
