"""Days as documents write time limits."""

from datetime import date

import pytest

from bihuan.rules.written_days import day_of, is_long_term


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026年12月31日前", date(2026, 12, 31)),
        ("2027年2月底前", date(2027, 2, 28)),
        ("2028年2月末", date(2028, 2, 29)),
        ("2026年9月至2026年11月上旬", date(2026, 11, 10)),
        ("2026-11-05", date(2026, 11, 5)),
        ("2026.3.9", date(2026, 3, 9)),
        ("2026年底", date(2026, 12, 31)),
        ("2027年6月底前，并长期坚持", date(2027, 6, 30)),
        ("2026年6月", date(2026, 6, 30)),
        ("2026年6月前", None),
        ("2026年2月30日", None),
        ("2026年13月", None),
        ("立行立改", None),
        ("12月31日前", None),
        ("", None),
    ],
)
def test_a_day_is_told_only_where_one_is_named(words: str, day: date | None) -> None:
    assert day_of(words) == day


def test_what_has_no_end_is_told() -> None:
    assert is_long_term("长期坚持")
    assert is_long_term("2026年底前，并持续推进")
    assert not is_long_term("2026年12月31日前")
