"""Homes for the command's tests: one migrated once, copied for each that breaks it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.launcher.stage import room_for_homes
from tests.cli.running import run


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """A home whose database is stopped and up to date."""
    with room_for_homes() as folder:
        done = run(folder / "home", "db", "migrate")
        assert done.returncode == 0, done.stderr
        yield folder / "home"


@pytest.fixture
def home(migrated: Path) -> Iterator[Path]:
    """A copy of the migrated home."""
    with room_for_homes() as folder:
        shutil.copytree(migrated, folder / "home")
        yield folder / "home"


@pytest.fixture
def room_of_a_new_home() -> Iterator[Path]:
    """Where a home can be made."""
    with room_for_homes() as folder:
        yield folder / "home"
