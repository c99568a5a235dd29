"""The supervisor of `serve` and `demo`: keeps the web process and the worker running and ends them together.

It loads no Django: whatever needs it runs in a child, so that TERM, INT and kill -9 are answered the same everywhere.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from psycopg.pq import PGconn, Ping

from bihuan.cli.child import WORDS
from bihuan.cli.launcher.home import in_words
from bihuan.cli.words import _, tell

READY_SECONDS = 90.0
STOP_SECONDS = 3.0
LOST_DATABASE_SECONDS = 3.0
MOST_RESTARTS = 5
RESTARTS_WITHIN = 60.0
LOG_LIMIT = 10 * 1024 * 1024
TICK = 0.1
ASK_EVERY = 0.3
SAY_EVERY = 5.0


class Stopped(BaseException):
    """Somebody told us to stop; raised wherever we are, so that everything is left in good order."""


class GivenUp(Exception):
    """It cannot go on; the text is a sentence for people."""


class DatabaseLost(Exception):
    """The database server no longer answers."""


@contextmanager
def stoppable() -> Iterator[None]:
    """TERM, INT and the end of the terminal raise Stopped, once; while all is being stopped they are ignored."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


@dataclass
class Child:
    """One process of the server in a group of its own; `work` is MODULE:FUNCTION."""

    name: str
    work: str
    environ: Mapping[str, str]
    home: Path
    starts: list[float] = field(default_factory=list)
    running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where it writes what it has to say."""
        return self.home / f"{self.name}.log"

    def start(self) -> None:
        """Start it; its words go to its log."""
        with _log(self.log) as log:
            self.running = begin(self.work, self.environ, stdout=log, stderr=log)
        self.starts.append(time.monotonic())

    def keep(self) -> None:
        """Start it again when it has died; give up when it dies again and again."""
        if self.running is not None and self.running.poll() is None:
            return
        self.kill()
        since = time.monotonic() - RESTARTS_WITHIN
        recent = [start for start in self.starts if start > since]
        if len(recent) > MOST_RESTARTS:
            said = _("{name} 进程接连退出，服务已停。详情见 {log}，请处理后再启动。")
            raise GivenUp(said.format(name=self.name, log=self.log))
        if self.running is not None:
            tell(_("{name} 进程退出了，正在重新启动。详情见 {log}。").format(name=self.name, log=self.log))
            time.sleep(min(2.0, 0.2 * len(recent)))
        self.start()

    def ask_to_stop(self) -> None:
        """Ask the group to end."""
        end_group(self.running, signal.SIGTERM)

    def kill(self) -> None:
        """End what is left of the group."""
        end_group(self.running, signal.SIGKILL)


def begin(
    work: str, environ: Mapping[str, str], *, stdout: IO[bytes] | int, stderr: IO[bytes] | int | None = None
) -> subprocess.Popen[bytes]:
    """Start a child of ours in a group of its own; it ends when we do. Without a log its words are for people."""
    words = [WORDS] if stderr is None else []
    return subprocess.Popen(
        [sys.executable, "-m", "bihuan.cli.child", str(os.getpid()), work, *words],
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def end_group(running: subprocess.Popen[bytes] | None, order: signal.Signals) -> None:
    """Send a signal to all of a child's group, also when the child itself is gone."""
    if running is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, order)


def run_to_the_end(
    work: str, environ: Mapping[str, str], *, meanwhile: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Run a child to its end; return its exit code and the little it said on stdout. Its words go to our stderr.

    `meanwhile` is called every few seconds.
    """
    running = begin(work, environ, stdout=subprocess.PIPE)
    try:
        while running.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(SAY_EVERY)
                break
            meanwhile()
        assert running.stdout
        return running.wait(), running.stdout.read().decode()
    finally:
        end_group(running, signal.SIGKILL)
        running.wait()


def keep_running(children: list[Child], *, url: tuple[str, int], dsn: str, on_ready: Callable[[], None]) -> None:
    """Start the children, say once that all is ready, and keep them running.

    Raises Stopped, GivenUp, DatabaseLost. `on_ready` is called when /healthz answers 200.
    """
    try:
        for child in children:
            child.start()
        _await_health(children, url=url, dsn=dsn)
        on_ready()
        while True:
            _watch(children, dsn=dsn)
    finally:
        stop(children)


def stop(children: list[Child]) -> None:
    """End all children within STOP_SECONDS; what does not listen is killed."""
    for child in children:
        child.ask_to_stop()
    limit = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.running is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.running.wait(max(0.0, limit - time.monotonic()))
    for child in children:
        child.kill()
        if child.running is not None:
            child.running.wait()


def _watch(children: list[Child], *, dsn: str) -> None:
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        time.sleep(TICK)
        if any(child.running is None or child.running.poll() is not None for child in children):
            _raise_if_the_database_is_lost(dsn)
            for child in children:
                child.keep()
    _raise_if_the_database_is_lost(dsn)


def _raise_if_the_database_is_lost(dsn: str) -> None:
    limit = time.monotonic() + LOST_DATABASE_SECONDS
    while PGconn.ping(dsn.encode()) != Ping.OK:
        if time.monotonic() > limit:
            raise DatabaseLost
        time.sleep(TICK)


def _await_health(children: list[Child], *, url: tuple[str, int], dsn: str) -> None:
    limit = time.monotonic() + READY_SECONDS
    answer = ""
    while (answer := _health(url)) != "200":
        if time.monotonic() > limit:
            said = _("服务没有在 {seconds} 秒内就绪（{answer}）。详情见 {logs}，请处理后再启动。")
            logs = "、".join(str(child.log) for child in children)
            raise GivenUp(said.format(seconds=int(READY_SECONDS), answer=answer, logs=logs))
        time.sleep(ASK_EVERY)
        for child in children:
            child.keep()
        _raise_if_the_database_is_lost(dsn)


def _health(url: tuple[str, int]) -> str:
    """What /healthz answers: its status, or why it does not answer."""
    connection = http.client.HTTPConnection(*url, timeout=3)
    try:
        connection.request("GET", "/healthz")
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


@contextmanager
def _log(place: Path) -> Iterator[IO[bytes]]:
    try:
        if place.exists() and place.stat().st_size > LOG_LIMIT:
            place.replace(place.with_name(place.name + ".1"))
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise GivenUp(str(in_words(error, place))) from error
    with os.fdopen(descriptor, "ab") as log:
        yield log
