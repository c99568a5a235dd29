"""What all tests of pages share: passwords that are cheap to compare. One test of tests/actions keeps the real ones."""

import pytest


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
