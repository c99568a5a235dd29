"""What the command's tests share: the command as a process, a server that runs, and what is left of one."""

import atexit
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.cli.forking import Forking
from tests.cli.launcher.stage import PLAIN, ROOT, until

COMMAND = [sys.executable, "-m", "bihuan.cli"]


def environ(home: Path, **more: str) -> dict[str, str]:
    """The environment of a command in that home."""
    return {**PLAIN, "PYTHONPATH": str(ROOT), "BIHUAN_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environ(home, **more), capture_output=True, text=True, check=False, timeout=120
    )


def forked(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end without waiting for its imports: for tests of many deeds."""
    return _forking().run(arguments, environ=environ(home, **more), seconds=120)


@cache
def _forking() -> Forking:
    """What forks the commands of this process; one for all."""
    forking = Forking({**PLAIN, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"})
    atexit.register(forking.end)
    return forking


def processes_of(home: Path) -> dict[int, str]:
    """Every process that was told this home, its server apart: number and command."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{name}/environ").read_bytes().split(b"\0")
            command = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if f"BIHUAN_HOME={home}".encode() in told and command and "postgres" not in command:
                found[int(name)] = command
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Serving:
    """`bihuan serve` (or `demo`) in the foreground of somebody."""

    def __init__(self, home: Path, *arguments: str, **more: str) -> None:
        self.home = home
        self.port = free_port()
        self.said: list[str] = []
        told = ["--port", str(self.port)] if arguments == ("serve",) else []
        self.process = subprocess.Popen(
            [*COMMAND, *arguments, *told],
            env=environ(home, PORT=str(self.port), **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.words: list[str] = []
        self.reading = threading.Thread(target=self._read_words, daemon=True)
        self.reading.start()

    def _read_words(self) -> None:
        assert self.process.stderr
        self.words.extend(self.process.stderr)

    def is_ready(self) -> None:
        """Wait for the last line of stdout."""
        assert self.process.stdout
        while not self.said or not self.said[-1].startswith("Bihuan is ready"):
            line = self.process.stdout.readline()
            assert line, "".join(self.words)
            self.said.append(line.rstrip("\n"))
        assert self.said[-1] == f"Bihuan is ready: http://127.0.0.1:{self.port}/"

    def health(self) -> int:
        """What /healthz answers; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def child(self, work: str) -> int:
        """The number of the child that does this work."""
        found = [
            number for number, command in processes_of(self.home).items()
            if work in command and _parent(number) == self.process.pid
        ]  # fmt: skip
        return found[0] if found else 0

    def below(self, number: int) -> list[int]:
        """The children of a process of ours."""
        return [one for one in processes_of(self.home) if _parent(one) == number]

    def stop(self, order: signal.Signals) -> int:
        """Tell it to stop; return its exit code. It may take ten seconds."""
        self.process.send_signal(order)
        return self.process.wait(timeout=10)

    def rest_of_stdout(self) -> str:
        """What stdout said after the last line."""
        assert self.process.stdout
        return self.process.stdout.read()

    def kill(self) -> None:
        """Kill it as kill -9 does, with all that it started."""
        for number in [self.process.pid, *processes_of(self.home)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()
        self.reading.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


@contextlib.contextmanager
def serving(home: Path, *arguments: str, **more: str) -> Iterator[Serving]:
    """A server that is gone at the end, whatever happens."""
    one = Serving(home, *arguments, **more)
    try:
        yield one
    finally:
        one.kill()


def nothing_is_left(home: Path) -> bool:
    """Wait until no process of that home is left."""
    return bool(until(lambda: not processes_of(home), seconds=5))


def _parent(number: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    return 0
