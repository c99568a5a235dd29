"""Whether the installation works: the database answers, and a worker's heart beats when one is expected."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

FRESH = timedelta(seconds=60)


@dataclass(frozen=True)
class Health:
    """What was found; `worker` is None when none is expected."""

    database: bool
    worker: bool | None

    @property
    def is_well(self) -> bool:
        """Whether everything that is expected is there."""
        return self.database and self.worker is not False


def health(*, at: datetime, worker_expected: bool) -> Health:
    """Ask the database, and for the worker's last heartbeat; no scope is needed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select max(last_heartbeat) from procrastinate_workers")
            last = cursor.fetchone()[0]
    except DatabaseError:
        return Health(False, False if worker_expected else None)
    beats = last is not None and last > at - FRESH
    return Health(True, beats if worker_expected else None)
