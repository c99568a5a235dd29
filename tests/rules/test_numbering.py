"""Finding numbers: written in one form, read as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.numbering import FindingNumber, finding_number, parse_finding_number

office_words = st.text(st.characters(categories=["Lo", "Lu", "Nd"], include_characters="-.·"), min_size=1, max_size=8)


def test_a_finding_number_as_printed() -> None:
    assert finding_number(office_word="云溪", year=2026, round_number=3, sequence=14) == "云溪〔2026〕3-014"


def test_the_thousandth_finding_has_four_digits() -> None:
    assert finding_number(office_word="云溪", year=2026, round_number=12, sequence=1000) == "云溪〔2026〕12-1000"


@given(office_words, st.integers(1949, 9999), st.integers(1, 9999), st.integers(1, 999_999))
def test_what_is_written_is_read_back(office_word: str, year: int, round_number: int, sequence: int) -> None:
    number = FindingNumber(office_word, year, round_number, sequence)
    assert parse_finding_number(str(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "云溪[2026]3-14",
        "云溪（2026）3—014",
        "云溪【２０２６】３－０１４",
        " 云溪 〔2026〕 3 - 014 ",
        "云溪(2026)03-14",
        "云溪﹝2026﹞3‑14",
        "云溪［2026］3_14",
        "云 溪｛2026｝3.14",
        "云溪〔2026〕3 014",
        "云溪-2026-3-14",
        "云溪2026 3 14",
        "\ufeff云溪〔2026〕\u200b3-014",
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert str(parse_finding_number(typed)) == "云溪〔2026〕3-014"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "云溪",
        "〔2026〕3-014",
        "云溪〔26〕3-014",
        "云溪〔2026〕0-014",
        "云溪〔2026〕3-000",
        "云溪〔0026〕3-014",
        "云溪〔2026〕3014",
        "云溪20263014",
        "云溪〔2026〕3-014、015",
        "云溪〔2026〕3、14",
        "云溪〔2026〕3-014-1",
        "见云溪〔2026〕3-014号",
    ],
)
def test_other_texts_are_not_numbers(typed: str) -> None:
    assert parse_finding_number(typed) is None


@pytest.mark.parametrize(
    ("office_word", "year", "round_number", "sequence"),
    [
        ("", 2026, 3, 1),
        ("云 溪", 2026, 3, 1),
        ("云溪〔", 2026, 3, 1),
        ("云溪", 26, 3, 1),
        ("云溪", 2026, 0, 1),
        ("云溪", 2026, 3, 0),
    ],
)
def test_parts_that_could_not_be_read_back_are_refused(
    office_word: str, year: int, round_number: int, sequence: int
) -> None:
    with pytest.raises(ValueError, match=r"office word|year|out of range"):
        finding_number(office_word=office_word, year=year, round_number=round_number, sequence=sequence)
