"""The suite's database, as an early pytest plugin: a server of the launcher, opened before Django reads its settings.

Tests connect as bihuan_owner; queries.acting.acting() makes them bihuan_app. BIHUAN_TEST_DSN names another server.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_opened: list[tuple[object, Path]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Set BIHUAN_DSN before pytest-django loads the settings."""
    os.environ["BIHUAN_MENU_SECONDS"] = "0"
    given = os.environ.get("BIHUAN_TEST_DSN")
    if given:
        os.environ["BIHUAN_DSN"] = given
    else:
        from bihuan.cli.launcher import database

        home = Path(tempfile.mkdtemp(prefix="bihuan-test-"))
        lease = database(home, environ={})
        opened = lease.__enter__()
        _opened.append((lease, home))
        os.environ["BIHUAN_DSN"] = opened.owner_dsn or opened.app_dsn
    yield


def pytest_unconfigure() -> None:
    """Leave the server; the last user stops it."""
    while _opened:
        lease, home = _opened.pop()
        lease.__exit__(None, None, None)  # type: ignore[attr-defined]
        shutil.rmtree(home, ignore_errors=True)
