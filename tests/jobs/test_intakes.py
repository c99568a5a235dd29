"""The worker is killed while it reads a file, or keeps what was read: begun again, nothing is half or twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from bihuan.actions import _documents, intakes
from bihuan.actions.intakes import MOST_BEGUN, Sent
from bihuan.engines import reading
from bihuan.jobs.intakes import RETRY, read_intake
from bihuan.models import Draft, Event, Feedback, Grant, Intake, Upload
from tests.builders import build_county
from tests.copies import apart, committing
from tests.jobs.killing import killed_while
from tests.paths import TEXT, Path

FILES = (Sent("甲.txt", 1, TEXT.encode), Sent("乙.txt", 1, TEXT.replace("党组", "领导班子").encode))


@pytest.fixture
def sent(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Two files sent and committed, of the head's own part; the job of the first."""
    with django_db_blocker.unblock(), committing("intakes"):
        yield apart(_send)


def _send() -> dict[str, str]:
    with transaction.atomic():
        path = Path(build_county())
    first, _ = path.do("liaison", intakes.send, inspection=path.county.inspection, audience="head", files=FILES)
    actor = path.county.actor("liaison")
    return {"account": str(actor.account), "post": str(actor.post), "intake": str(first)}


def everything() -> tuple[int, ...]:
    tables = (Feedback, Draft, Upload, Event.objects.filter(thing__in=("feedback", "draft")))
    return tuple(getattr(table, "objects", table).count() for table in tables)


@pytest.mark.parametrize(
    ("where", "name", "after"),
    [(reading, "read_bytes", 1), (_documents, "keep", 1), (_documents, "propose", 3)],
    ids=["while it reads", "before it keeps", "in the middle of keeping"],
)
def test_a_killed_worker_leaves_nothing_half_and_the_next_does_it_once(
    sent: dict[str, str], where: Any, name: str, after: int
) -> None:
    killed_while(read_intake, sent, where, name, after)
    row = Intake.objects.get(pk=sent["intake"])
    assert (row.n_begun, row.finished_at, row.feedback_id) == (1, None, None)
    assert everything() == (0, 0, 0, 0)
    for _ in range(2):
        apart(lambda: read_intake(**sent))
        row.refresh_from_db()
        assert row.feedback_id == row.thing_id
        assert everything() == (1, 4, 1, 5)
    granted = Grant.objects.filter(thing=row.thing_id)
    assert granted.count() == granted.values("post").distinct().count() > 0


def test_two_workers_with_one_file_keep_it_once(sent: dict[str, str]) -> None:
    """A worker that was thought lost comes back: the other has been quicker."""
    usual = reading.read_bytes

    def slow(*given: Any, **named: Any) -> Any:
        reading.read_bytes = usual
        apart(lambda: read_intake(**sent))
        return usual(*given, **named)

    reading.read_bytes = slow
    try:
        apart(lambda: read_intake(**sent))
    finally:
        reading.read_bytes = usual
    assert everything() == (1, 4, 1, 5)
    assert Intake.objects.get(pk=sent["intake"]).n_begun == 2


def test_a_file_that_breaks_the_worker_off_each_time_is_refused(sent: dict[str, str]) -> None:
    for _ in range(MOST_BEGUN):
        killed_while(read_intake, sent, reading, "read_bytes")
    apart(lambda: read_intake(**sent))
    row = Intake.objects.get(pk=sent["intake"])
    assert (row.fault, row.n_begun) == ("broke_off", MOST_BEGUN)
    assert everything() == (0, 0, 0, 0)


def test_a_long_file_holds_up_nobody(sent: dict[str, str]) -> None:
    """While it is read no row is locked and no transaction is open: another sends, and reads."""
    usual, seen = reading.read_bytes, []

    def looked_at(*given: Any, **named: Any) -> Any:
        seen.append(connection.in_atomic_block)
        held = (
            "select count(*) from pg_locks l join pg_database d on d.oid = l.database"
            " where d.datname = current_database() and (l.locktype = 'advisory' or l.mode = 'RowExclusiveLock')"
        )
        with connection.cursor() as cursor:
            cursor.execute(held)
            seen.append(cursor.fetchone()[0])
        return usual(*given, **named)

    reading.read_bytes = looked_at
    try:
        apart(lambda: read_intake(**sent))
    finally:
        reading.read_bytes = usual
    assert seen == [False, 0]


def test_while_the_database_is_away_the_file_is_not_blamed(sent: dict[str, str], monkeypatch: Any) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(_documents, "keep", away)
        with pytest.raises(OperationalError):
            apart(lambda: read_intake(**sent))
    assert Intake.objects.get(pk=sent["intake"]).finished_at is None
    assert OperationalError in RETRY.retry_exceptions
    apart(lambda: read_intake(**sent))
    assert everything() == (1, 4, 1, 5)
