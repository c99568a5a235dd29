"""What all tests of pages share: passwords that are cheap to compare. One test of tests/actions keeps the real ones."""

import pytest

from tests.web.visitors import TOMORROW


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock at the gate: a day after everything that the builders did."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOMORROW)
