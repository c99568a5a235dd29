"""Whether the installation works, as whoever watches it asks."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


def _beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (%s)",
            [timezone.now() - timedelta(seconds=seconds_ago)],
        )


def test_it_is_well_when_the_database_answers_and_no_worker_is_expected(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"well": True, "database": True, "worker": None}


@pytest.mark.parametrize(("seconds", "status"), [(None, 503), (5, 200), (3600, 503)])
def test_an_expected_workers_heart_must_beat(
    client: Client, monkeypatch: pytest.MonkeyPatch, seconds: int | None, status: int
) -> None:
    monkeypatch.setenv("BIHUAN_WORKER", "1")
    if seconds is not None:
        _beat(seconds)
    answer = client.get("/healthz")
    assert answer.status_code == status
    assert answer.json()["worker"] is (status == 200)


def test_a_lost_database_is_said_and_not_hidden(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*args: object) -> None:
        raise OperationalError("no database")

    monkeypatch.setattr(connection, "cursor", lost)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
