"""Passwords, account names and the lock, as plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.sign_in import (
    FAILURES,
    LOCK,
    WINDOW,
    locked_until,
    objection_to_name,
    objection_to_password,
    plain_name,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("山高水长", "password_short"),
        ("x" * 129, "password_long"),
        ("aaaaaaaaaaaa", "password_common"),
        ("abababababab", "password_common"),
        ("password2026", "password_common"),
        ("P@ssw0rd!!!!", "password_common"),
        ("1234567890", "password_common"),
        ("0987654321", "password_common"),
        ("20260101123456", "password_common"),
        ("qwertyuiop", "password_common"),
        ("poiuytrewq", "password_common"),
        ("qwertqwert", "password_common"),
        ("bihuan!!2026", "password_common"),
        ("my.Shen.secret", "password_has_name"),
        ("山高水长四十二号楼台", None),
        ("three green doors", None),
        ("kq7m-xwpt-93hd", None),
    ],
)
def test_a_password_is_judged(password: str, code: str | None) -> None:
    objection = objection_to_password(password, name="shen")
    assert (objection.code if objection else None) == code


@pytest.mark.parametrize("name", ["shen", "a1", "shen.zhi-yao_2", "1st", "x" * 40])
def test_a_plain_name_will_do(name: str) -> None:
    assert objection_to_name(name) is None


@pytest.mark.parametrize("name", ["", "a", "沈知遥", ".shen", "shen zhiyao", "shen@x", "x" * 41, "Shen", "shen\n"])
def test_any_other_name_is_refused(name: str) -> None:
    assert objection_to_name(name) is not None


def test_names_are_compared_without_spaces_and_capitals() -> None:
    assert plain_name("  Shen.ZY ") == "shen.zy"


@given(st.lists(st.integers(min_value=0, max_value=7200), min_size=0, max_size=8), st.integers(0, 7200))
def test_the_lock_is_what_a_plain_reading_says(seconds: list[int], after: int) -> None:
    failures = [NOON + timedelta(seconds=second) for second in sorted(seconds, reverse=True)]
    at = (failures[0] if failures else NOON) + timedelta(seconds=after)
    until = locked_until(failures, at=at)
    five = failures[:FAILURES]
    is_locked = len(five) == FAILURES and five[0] - five[-1] <= WINDOW and at - five[0] < LOCK
    assert (until is not None) == is_locked
    assert until is None or until == five[0] + LOCK
