"""What the launcher's tests share: users as processes of their own, rows, and the processes of a home."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from bihuan.cli.launcher import available_binaries

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("database_user.py")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "PG"))}
SETS = available_binaries(PLAIN)
NOBODY = 65534
# kill -9 loses no written page, so memory serves as a disk here and the tests do not wait for the real one.
_FAST = "/dev/shm"


class User:
    """A process that uses the database of a home."""

    def __init__(self, home: Path, *, environ: dict[str, str], moment: str, uid: int | None) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(home), moment, str(uid or "")],
            cwd="/",
            env={**environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def enters(self) -> dict[str, str]:
        """Wait until the database is there; return how to reach it."""
        assert self.process.stdout
        assert self.process.stderr
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return json.loads(line)

    def leaves(self) -> int:
        """Let it leave in good order; return its exit code."""
        self.process.communicate("\n", timeout=30)
        return self.process.returncode

    def is_refused(self) -> str:
        """Wait for the refusal and return its words."""
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 4, said
        return said

    def dies(self) -> None:
        """Wait until it has killed itself."""
        assert self.process.wait(timeout=60) == -signal.SIGKILL, self.process.communicate()

    def kill(self) -> None:
        """Kill it as kill -9 does; its server is not touched."""
        self.process.kill()
        self.process.communicate()


def rows(dsn: str) -> list[int]:
    """Return the committed rows."""
    with psycopg.connect(dsn) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def commit(dsn: str, number: int) -> None:
    """Commit a row."""
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def processes(home: Path) -> set[int]:
    """Return every living process but this one that works in the home or was told its name."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            at = os.readlink(f"/proc/{name}/cwd")
            told = Path(f"/proc/{name}/cmdline").read_bytes()
            if f"{at}/".startswith(f"{home}/") or os.fsencode(f"{home}") in told:
                found.add(int(name))
    return found - {os.getpid()}


def server_processes(home: Path) -> set[int]:
    """Return the living processes of the home's server."""
    return {number for number in processes(home) if _name(number) == "postgres"}


def postmaster(home: Path) -> int:
    """Return the process number the server of a home has written down."""
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def kill(numbers: set[int]) -> None:
    """Kill processes of a home as kill -9 does."""
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def until(is_so: Callable[[], Any], *, seconds: float = 20) -> Any:
    """Wait until something is so and return it."""
    limit = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < limit, "it did not become so"
        time.sleep(0.002)
    return found


def others_reach_the_binaries() -> bool:
    """Say whether this is root and another account could run every set of binaries."""
    programs = [found.program("postgres") for found in SETS]
    question = ["/bin/sh", "-c", 'for program; do test -x "$program" || exit 1; done', "sh", *programs]
    return os.geteuid() == 0 and not subprocess.run(question, user=NOBODY, group=NOBODY, check=False).returncode


def mode(path: Path) -> int:
    """Return the permission bits."""
    return path.lstat().st_mode & 0o7777


@contextlib.contextmanager
def room_for_homes() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=_FAST if _is_roomy(_FAST) else "/tmp", prefix="launcher-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        kill(processes(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _is_roomy(folder: str) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * 1024**3


def _name(number: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/comm").read_text().strip()
    return ""
