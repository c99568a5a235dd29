"""Amounts and counts are read with unit and vagueness; dates, ordinals and set phrases are not."""

import pytest

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.structure.numerals import counting, value_of


def figures(text: str) -> list[tuple[str, str, str | None]]:
    return [(figure.number, figure.unit, figure.approx) for figure in read_bytes(text.encode(), name="a.txt").figures]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("滞留资金14.45万元", [("14.45", "万元", None)]),
        ("占比近60%", [("60", "%", "近")]),
        ("占百分之六十二点五", [("62.5", "%", None)]),
        ("多支付三百二十余万元", [("320", "万元", "余")]),
        ("约３５户，1,203,000元", [("35", "户", "约"), ("1203000", "元", None)]),
        ("涉及十二个村、两家企业", [("12", "个", None), ("2", "家", None)]),
        ("收缴0元，2300多立方米", [("0", "元", None), ("2300", "立方米", "多")]),
        ("2024年3月5日第12次会议、第3批提出两个维护、一个问题、三重一大、二十大", []),
        ("1.3个书架没有编号", [("3", "个", None)]),
    ],
)
def test_figures(text: str, wanted: list[tuple[str, str, str | None]]) -> None:
    assert figures(text) == wanted


def test_a_figure_says_what_it_counts() -> None:
    [figure] = read_bytes("其中，违规发放津贴9.12万元。".encode(), name="a.txt").figures
    assert figure.meaning == "违规发放津贴"


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("一百零五", 105), ("两千三百", 2300), ("三万五千", 35000), ("二〇二六", 2026), ("壹佰贰拾", 120)],
)
def test_chinese_numerals(numeral: str, value: int) -> None:
    assert value_of(numeral) == value


def test_counting_and_reading_agree_up_to_ten_thousand() -> None:
    assert all(value_of(counting(number)) == number for number in range(1, 10_000))


def test_what_is_no_numeral_has_no_value() -> None:
    assert [value_of(text) for text in ("", "甲", "一甲")] == [None, None, None]
