"""Django with the database of the home: how every command but `read` and its like gets at queries and actions.

The only place that sets BIHUAN_DSN and the secret key. Django is imported here inside functions alone.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bihuan.cli.launcher import Database, NoDatabase, database, resolve_home
from bihuan.cli.launcher.home import in_words, sync_folder
from bihuan.cli.words import LANGUAGES, spoken

APP, OWNER = "app", "owner"
SETTINGS = "bihuan.config.settings"


@dataclass(frozen=True)
class Opened:
    """A home whose database answers, with Django set up on it."""

    home: Path
    database: Database


@contextmanager
def opened(*, role: str = APP) -> Iterator[Opened]:
    """Open the home's database and set Django up on it as `role`, for as long as the block lasts.

    Raises NoDatabase. The owner is for db migrate, generate, backup and recover only.
    """
    home = resolve_home(os.environ)
    with database(home, environ=os.environ) as found:
        before = dict(os.environ)
        os.environ.update(settings_for(found, home=home, role=role))
        os.environ.pop("BIHUAN_OWNER_DSN", None)
        try:
            set_up()
            yield Opened(home, found)
        finally:
            leave()
            os.environ.clear()
            os.environ.update(before)


def settings_for(found: Database, *, home: Path, role: str) -> dict[str, str]:
    """The environment in which Django works on this database as this role."""
    dsn = found.owner_dsn if role == OWNER else found.app_dsn
    if dsn is None:
        raise NoDatabase(
            "这一步要用数据库的所有者账号，但没有给 BIHUAN_OWNER_DSN。"
            "请把 BIHUAN_OWNER_DSN 设为 bihuan_owner 的连接串后再试。"
        )
    return {
        "BIHUAN_DSN": dsn,
        "BIHUAN_HOME": str(home),
        "BIHUAN_SECRET_KEY": os.environ.get("BIHUAN_SECRET_KEY") or secret_key(home),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }


def secret_key(home: Path) -> str:
    """The key that signs this home's sessions; made once, for the owner of the home alone."""
    place = home / "secret.key"
    try:
        if not place.exists():
            _make_key(place)
        return place.read_text(encoding="ascii").strip()
    except OSError as error:
        raise in_words(error, place) from error


def _make_key(place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(descriptor)
    try:
        # A link never replaces: of two commands that begin at once, both use the key that came first.
        os.link(unfinished, place)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
    sync_folder(place.parent)


def set_up(environ: Mapping[str, str] = os.environ) -> None:
    """Load Django in the language in use; the environment already says where the database is."""
    import django
    from django.utils import translation

    assert environ.get("DJANGO_SETTINGS_MODULE") == SETTINGS
    django.setup()
    translation.activate(LANGUAGES[spoken()])


def leave() -> None:
    """Close every connection, and the pool, so that nobody keeps the server waiting."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()
