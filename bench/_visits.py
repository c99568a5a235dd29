"""Visits of a page as the browser makes them: through the gate, with every statement counted and timed."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client

from bihuan.models import Account
from bihuan.queries.people import stamp_of
from bihuan.rules.access import Actor
from bihuan.web import gate

# What the gate itself sends around a page: whose session it is, which post acts, its scope, and the session kept.
LONGEST_SHOWN = 160
SCOPE = "select set_config('role'"


@dataclass
class Sent:
    """The statements of one request: how many are the page's own and how many the gate's, and their time together."""

    own: int = 0
    frame: int = 0
    seconds: float = 0.0
    texts: list[str] = field(default_factory=list)
    is_inside: bool = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count and time one statement; between taking the scope and giving it back it is the page's own."""
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = time.perf_counter() - begun
            self.seconds += spent
            said = str(sql)
            if said.startswith(SCOPE):
                self.frame += 1
                self.is_inside = params[0] == "bihuan_app"
            elif self.is_inside:
                self.own += 1
                self.texts.append(f"{spent * 1000:8.1f} ms  {said[:LONGEST_SHOWN]}")
            else:
                self.frame += 1


@dataclass(frozen=True)
class Visit:
    """What visiting a page often has shown: medians in milliseconds, and the number of statements of each kind."""

    database: float
    response: float
    own: int
    frame: int
    content: str
    texts: tuple[str, ...]


def browser(actor: Actor) -> Client:
    """A browser whose session says that this actor signed in."""
    client = Client()
    session = client.session
    session[gate.ACCOUNT] = str(actor.account)
    session[gate.POST] = str(actor.post)
    session[gate.STAMP] = stamp_of(Account.objects.get(pk=actor.account).password_changed_at)
    session.save()
    return client


def visit(client: Client, address: str, *, times: int) -> Visit:
    """Visit once to warm up, then so many times. Raises AssertionError when the page is not there."""
    client.get(address)
    sent, spent = [], []
    for _ in range(times):
        counted = Sent()
        begun = time.perf_counter()
        with connection.execute_wrapper(counted):
            response = client.get(address)
        spent.append(time.perf_counter() - begun)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        sent.append(counted)
    return Visit(
        database=statistics.median(one.seconds for one in sent) * 1000,
        response=statistics.median(spent) * 1000,
        own=max(one.own for one in sent),
        frame=max(one.frame for one in sent),
        content=response.content.decode(),
        texts=tuple(sent[-1].texts),
    )


@contextmanager
def clock_at(at: datetime) -> Iterator[None]:
    """The day that is today in the county, for every page."""
    with patch("django.utils.timezone.now", lambda: at):
        yield
