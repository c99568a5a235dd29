"""Homes, sets of binaries and users, for the launcher's tests. Real servers throughout."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bihuan.cli.launcher import Database, database
from bihuan.cli.launcher.binaries import Binaries
from tests.cli.launcher.stage import PLAIN, SETS, User, room_for_homes


@pytest.fixture(scope="session", params=SETS, ids=lambda found: f"{found.source}-{found.major}")
def binaries(request: pytest.FixtureRequest) -> Binaries:
    """Each set of PostgreSQL programs on this machine."""
    return request.param


@pytest.fixture(scope="session")
def environ(binaries: Binaries) -> dict[str, str]:
    """An environment in which the launcher takes this set."""
    return {**PLAIN, "BIHUAN_PG_BIN": str(binaries.folder)}


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder that every account may pass through (pytest's own is closed to others)."""
    with room_for_homes() as folder:
        yield folder


@pytest.fixture(scope="session")
def made(environ: dict[str, str]) -> Iterator[Path]:
    """A home whose database is stopped and has one committed row, to be copied."""
    with room_for_homes() as folder:
        with database(folder / "made", environ=environ) as found, psycopg.connect(found.owner_dsn or "") as owner:
            owner.execute("CREATE TABLE kept (number int)")
            owner.execute("INSERT INTO kept VALUES (0)")
        yield folder / "made"


@pytest.fixture
def home(made: Path, room: Path) -> Path:
    """A home of one's own whose database is stopped and has one committed row."""
    shutil.copytree(made, room / "home")
    return room / "home"


@pytest.fixture(scope="session")
def running(environ: dict[str, str]) -> Iterator[tuple[Path, Database]]:
    """A home and its database, which runs as long as the tests do; for tests that only look or tidy up."""
    with room_for_homes() as folder, database(folder / "home", environ=environ) as found:
        yield folder / "home", found


@pytest.fixture
def user(environ: dict[str, str]) -> Iterator[Callable[..., User]]:
    """Start processes that use a database; those that are left are killed in the end."""
    begun: list[User] = []

    def begin(home: Path, *, moment: str = "", uid: int | None = None, **more: str) -> User:
        begun.append(User(home, environ={**environ, **more}, moment=moment, uid=uid))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
