"""Who uses the server now: the first user starts it, the last one stops it. A user killed by -9 is no user any more."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bihuan.cli.launcher import cluster, roles, server
from bihuan.cli.launcher.account import mode_of_a_new_home
from bihuan.cli.launcher.given import check_given
from bihuan.cli.launcher.home import Home, NoDatabase, in_words, prepare

_GATE_SECONDS = 180.0
_LEAVE_SECONDS = 15.0


@dataclass(frozen=True)
class Database:
    """A database that answers: how to reach it as the application and, where known, as the owner."""

    app_dsn: str = field(repr=False)
    owner_dsn: str | None = field(repr=False)
    source: str
    version: int


@contextmanager
def database(home: Path, *, environ: Mapping[str, str]) -> Iterator[Database]:
    """Give the database of this home, or the one named by BIHUAN_DSN, for as long as the block lasts.

    Raises NoDatabase when there is none to be had; then nothing has been damaged.
    """
    if environ.get("BIHUAN_DSN") or environ.get("BIHUAN_OWNER_DSN"):
        yield _given(environ)
        return
    place = Home(Path(os.path.abspath(home)))
    prepare(place, mode=mode_of_a_new_home(environ) if not place.path.exists() else 0o700)
    process = os.getpid()
    user = _locked(place, place.users, fcntl.LOCK_SH, _GATE_SECONDS)
    try:
        yield _joined(place, environ)
    finally:
        # A forked child shares the lock: were it to leave, its parent would be no user any more.
        if os.getpid() == process:
            _leave(place, user)


def _given(environ: Mapping[str, str]) -> Database:
    app_dsn, owner_dsn = environ.get("BIHUAN_DSN"), environ.get("BIHUAN_OWNER_DSN") or None
    if not app_dsn:
        raise NoDatabase("只给了 BIHUAN_OWNER_DSN，没有给 BIHUAN_DSN。请两个都给，或都不给。")
    version = check_given("BIHUAN_DSN", app_dsn)
    if owner_dsn:
        check_given("BIHUAN_OWNER_DSN", owner_dsn)
    return Database(app_dsn=app_dsn, owner_dsn=owner_dsn, source="dsn", version=version)


def _joined(place: Home, environ: Mapping[str, str]) -> Database:
    gate = _locked(place, place.gate, fcntl.LOCK_EX, _GATE_SECONDS)
    try:
        passwords = roles.passwords_of(place)
        if not server.answers(place):
            binaries, account = cluster.open_or_make(
                place, environ=environ, admin_password=passwords[cluster.ADMIN], lock=gate
            )
            server.start(place, binaries=binaries, account=account)
        socket_folder = str(server.socket_folder(place))
        roles.make_roles(place, socket_folder=socket_folder, passwords=passwords)
        app_dsn, owner_dsn = (
            roles.dsn(role, socket_folder=socket_folder, password=passwords[role]) for role in (roles.APP, roles.OWNER)
        )
        with psycopg.connect(app_dsn) as connection:
            version = connection.info.server_version
        return Database(app_dsn=app_dsn, owner_dsn=owner_dsn, source=server.source(place), version=version)
    except OSError as error:
        raise in_words(error, place.path) from error
    except psycopg.Error as error:
        raise NoDatabase(
            f"{place.data} 的数据库开着，但用 {place.passwords} 里的口令进不去或办不成：{str(error).strip()}。"
            f"请检查口令文件是否是这个数据文件夹的；详情见 {place.log}。"
        ) from error
    finally:
        os.close(gate)


def _leave(place: Home, user: int) -> None:
    with contextlib.suppress(NoDatabase, OSError):
        gate = _locked(place, place.gate, fcntl.LOCK_EX, _LEAVE_SECONDS)
        try:
            fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
            server.stop(place)
        finally:
            os.close(gate)
    os.close(user)


def _locked(place: Home, path: Path, kind: int, seconds: float) -> int:
    """Return the descriptor of a locked file; the kernel takes the lock back when the process ends, however it ends."""
    limit = time.monotonic() + seconds
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise in_words(error, path) from error
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > limit:
                os.close(descriptor)
                raise NoDatabase(
                    f"另一个进程正在启动或停止 {place.path} 的数据库，等了 {seconds:.0f} 秒还没有结束。请稍后再试。"
                ) from None
        time.sleep(0.02)
