"""Start, find and stop the server of a home. Alive is what answers, never what has a process number."""

import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from bihuan.cli.launcher.account import Account
from bihuan.cli.launcher.binaries import Binaries
from bihuan.cli.launcher.cluster import write_settings
from bihuan.cli.launcher.home import Home, NoDatabase, disk_full, write_private

START_SECONDS = 120
_GRACE_SECONDS = 5.0
_STOP_SECONDS = 6.0
_LOG_LIMIT = 10 * 1024 * 1024
_SOCKET_NAME = "/.s.PGSQL.5432"
_SOCKET_LOCK = ".s.PGSQL.5432.lock"
_LONGEST_SOCKET_PATH = 107
_CANNOT_BE_QUOTED = re.compile(r"[,'\"\\\x00-\x1f\ud800-\udfff]")
_RUNTIME = "bihuan-"


def socket_folder(home: Home) -> Path:
    """Return where the socket of the running server lies (the data folder unless it was too long)."""
    return Path(_running(home).get("socket") or home.data)


def source(home: Home) -> str:
    """Return whose programs the running server uses."""
    return _running(home).get("source") or "system"


def answers(home: Home) -> bool:
    """Say whether the server takes connections now."""
    return _ping(home) == Ping.OK


def start(home: Home, *, binaries: Binaries, account: Account) -> None:
    """Start the server; returns when it answers. What an earlier server left behind is cleared first."""
    _let_the_former_server_end(home)
    if answers(home):
        return
    folder = _place_for_socket(home, account)
    write_private(home.running, json.dumps({"socket": str(folder), "source": binaries.source}))
    write_settings(home, account=account, socket_folder=folder)
    if home.log.exists() and home.log.stat().st_size > _LOG_LIMIT:
        home.log.replace(home.log.with_name(home.log.name + ".1"))
    # pg_ctl builds a shell command: names relative to its own folder keep odd characters of the home out of it.
    command = [binaries.program("pg_ctl"), "-D", ".", "-w", "-s", "-t", str(START_SECONDS), "start"]
    descriptor = os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        before = log.tell()
        account.run(command, folder=home.data, output=log)
    _await_answer(home, before)


def stop(home: Home) -> None:
    """Stop the server fast; at once, which costs a recovery at the next start, when it does not end in time."""
    head = _head(home)
    if head is None:
        return
    for order, seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, _GRACE_SECONDS)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(head, order)
        if _ended(home, head, seconds):
            _forget_socket(home)
            return


def _ping(home: Home) -> Ping:
    folder = str(socket_folder(home))
    where = make_conninfo("", host=folder, port=5432, user="bihuan_app", dbname="bihuan", connect_timeout=3)
    return Ping(PGconn.ping(where.encode()))


def _await_answer(home: Home, log_before: int) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if answers(home):
            return
        if not _processes(home):
            break
        time.sleep(0.02)
    with home.log.open("rb") as log:
        log.seek(log_before)
        said = log.read().decode(errors="replace")
    if "No space left on device" in said or "Disk quota exceeded" in said:
        raise disk_full(home.data)
    raise NoDatabase(
        f"{home.data} 的数据库没有启动成功：{_complaint(said)}。详情见 {home.log}，请处理后再启动，数据没有改动。"
    )


def _complaint(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("pg_ctl:")]
    fatal = [line[line.index("FATAL") :] for line in lines if "FATAL" in line]
    return " ".join(fatal[:1] or lines[-3:])[:400] or "没有给出原因"


def _let_the_former_server_end(home: Home) -> None:
    """Wait for a server that starts, stops or has lost its head, then drop a process number that means nothing now."""
    begun = time.monotonic()
    while (others := _processes(home)) and not answers(home):
        waited = time.monotonic() - begun
        head = _head(home)
        if waited > START_SECONDS:
            raise NoDatabase(f"{home.data} 的数据库 {START_SECONDS} 秒内既没有应答也没有结束。请稍后再试。")
        if head is None and waited > _GRACE_SECONDS:
            _order(others, signal.SIGKILL)
        elif head is not None and waited > _GRACE_SECONDS and _is_ready(home):
            _order({head}, signal.SIGINT)
        time.sleep(0.02)
    if not others and Path("/proc/self/cwd").exists():
        _drop_stale_numbers(home)


def _drop_stale_numbers(home: Home) -> None:
    # A zombie, or a stranger that got the number after a reboot, would keep PostgreSQL from starting.
    folders = {home.data, socket_folder(home)}
    for written in (home.data / "postmaster.pid", *(folder / _SOCKET_LOCK for folder in folders)):
        number = _number(written)
        if number and _exists(number):
            written.unlink(missing_ok=True)


def _order(processes: set[int], order: signal.Signals) -> None:
    for number in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, order)


def _ended(home: Home, head: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if head not in _processes(home) and _number(home.data / "postmaster.pid") != head:
            return True
        time.sleep(0.01)
    return False


def _lines(written: Path) -> list[str]:
    try:
        return written.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _number(written: Path) -> int | None:
    """Return the process number a file of the server begins with."""
    lines = _lines(written)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _is_ready(home: Home) -> bool:
    """Say whether the server itself believes that it takes connections."""
    lines = _lines(home.data / "postmaster.pid")
    return len(lines) > 7 and lines[7].strip() == "ready"


def _head(home: Home) -> int | None:
    """Return the number of the server's first process when it is truly this home's."""
    number = _number(home.data / "postmaster.pid")
    return number if number in _processes(home) else None


def _processes(home: Home) -> set[int]:
    """Return the living processes of PostgreSQL that work in this data folder; zombies have no folder any more."""
    try:
        data = home.data.stat()
    except OSError:
        return set()
    if not Path("/proc/self/cwd").exists():
        number = _number(home.data / "postmaster.pid")
        return {number} if number and _exists(number) else set()
    return {number for number in _all_processes() if _works_in(number, (data.st_dev, data.st_ino))}


def _all_processes() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def _works_in(number: int, folder: tuple[int, int]) -> bool:
    try:
        at = os.stat(f"/proc/{number}/cwd")
        name = Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return False
    return (at.st_dev, at.st_ino) == folder and name in ("postgres", "pg_ctl")


def _exists(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _running(home: Home) -> dict[str, str]:
    try:
        found = json.loads(home.running.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _place_for_socket(home: Home, account: Account) -> Path:
    """Return the data folder, or a private one with a short name where its path does not fit or cannot be quoted."""
    path = str(home.data)
    fits = len(os.fsencode(path + _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH
    if fits and not _CANNOT_BE_QUOTED.search(path):
        return home.data
    former = socket_folder(home)
    owner = os.geteuid() if account.uid is None else account.uid
    with contextlib.suppress(OSError):
        found = former.lstat()
        if former.name.startswith(_RUNTIME) and (found.st_mode, found.st_uid) == (0o40700, owner):
            return former
    folder = Path(tempfile.mkdtemp(dir="/tmp", prefix=_RUNTIME))
    account.own(folder)
    return folder


def _forget_socket(home: Home) -> None:
    folder = socket_folder(home)
    if folder != home.data and folder.name.startswith(_RUNTIME):
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        home.running.unlink(missing_ok=True)
