"""What all tests of the API share: the clock a day after everything that the builders did, and one who calls."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from bihuan.rules.access import Actor
from tests.builders import County, build_county
from tests.web.visitors import TOMORROW


@pytest.fixture(autouse=True)
def _tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOMORROW)


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """A county in which nothing has happened; what a test does there ends with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_county(roles=["office_clerk", "liaison"])
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clerk(county: County) -> Actor:
    """A clerk of the office there."""
    return county.actor("office_clerk")
