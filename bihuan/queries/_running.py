"""What the processes ask of the database: the newest event, sessions, size. No business data."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import connection

from bihuan.models import Account, Event, Organization
from bihuan.queries.acting import reaching
from bihuan.queries.people import AT_THE_DOOR


def newest_event_at() -> datetime | None:
    """When the last act on the record was done; only that instant leaves this function."""
    with reaching(AT_THE_DOOR):
        return Event.objects.order_by("-at").values_list("at", flat=True).first()


def is_empty() -> bool:
    """Whether nothing has been entered yet: no organization and no account."""
    return not Organization.objects.exists() and not Account.objects.exists()


def open_sessions(*, at: datetime) -> int:
    """How many browser sessions are valid at `at`."""
    return Session.objects.filter(expire_date__gt=at).count()


def open_accounts() -> int:
    """How many accounts may sign in."""
    return Account.objects.filter(is_open=True).count()


def database_size() -> int:
    """The size of the database in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        row = cursor.fetchone()
    return int(row[0])
