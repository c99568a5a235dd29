"""Copies of the suite's database, for tests that commit or break what is there; nothing of them stays."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import connection
from psycopg import sql

T = TypeVar("T")


def connected(database: str) -> psycopg.Connection[Any]:
    """A connection of its own to that database of the suite's server, as owner, committing each statement."""
    given = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    return psycopg.connect(
        dbname=database, user=given["USER"], password=given["PASSWORD"], host=given["HOST"], port=given["PORT"],
        autocommit=True,
    )  # fmt: skip


@contextmanager
def copied(purpose: str) -> Iterator[str]:
    """A copy of the migrated, empty database; its name. Django's connection is closed meanwhile, as a copy needs."""
    source = connection.settings_dict["NAME"]
    name = f"{source}_{purpose}_{os.getpid()}"
    connection.close()
    with connected("postgres") as server:
        server.execute(_statement("drop database if exists {} with (force)", name))
        server.execute(_statement("create database {} template {}", name, source))
    try:
        yield name
    finally:
        connection.close()
        with connected("postgres") as server:
            server.execute(_statement("drop database if exists {} with (force)", name))


@contextmanager
def committing(purpose: str) -> Iterator[str]:
    """Django itself works on a copy, in every thread; what is done there is committed."""
    with copied(purpose) as name:
        source = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = source


def apart(deed: Callable[[], T]) -> T:
    """Run a deed on a connection of its own, as another process would: what it commits is there for everybody."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(on_own_connection(deed)).result()


def on_own_connection(deed: Callable[[], T]) -> Callable[[], T]:
    """The deed, closing its thread's connection afterwards."""

    def run() -> T:
        try:
            return deed()
        finally:
            connection.close()

    return run


def _statement(words: str, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*(sql.Identifier(name) for name in names))
