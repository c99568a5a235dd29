"""The command as a process that need not begin with its imports: a process that has loaded what is not ours forks it.

Arguments, environment, folder, output, exit code and signals are of its own; bihuan is loaded by each command anew.
For tests of single deeds. What a command costs to begin with, and that it begins at all, `run` asks (running.py).
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading

COMMAND = "bihuan.cli"
# What commands load that is not ours and asks for no settings; a name missing here costs time, nothing else.
LOADED = (
    "django.contrib.auth.hashers", "django.contrib.messages", "django.contrib.postgres.fields",
    "django.db.backends.postgresql.base", "django.db.models", "django.forms", "django.template.defaulttags",
    "django.templatetags.i18n", "django.urls", "django.views.debug", "procrastinate",
    "procrastinate.contrib.django.procrastinate_app", "psycopg", "pydantic", "tomllib", "typer", "typer._adapters",
)  # fmt: skip


class Forking:
    """The process that forks commands, and its end of the line to it."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.line, other = socket.socketpair()
        self.one_at_a_time = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forking", str(other.fileno())],
            env=environ, pass_fds=[other.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        other.close()

    def run(
        self, arguments: tuple[str, ...], *, environ: dict[str, str], seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, as subprocess.run does."""
        asked = json.dumps([arguments, environ, os.getcwd()]).encode()
        out, err = (os.memfd_create(name) for name in ("out", "err"))
        try:
            with self.one_at_a_time:
                code = self._answer(asked, out, err, seconds=seconds)
            said = [_read(place) for place in (out, err)]
        finally:
            os.close(out)
            os.close(err)
        return subprocess.CompletedProcess(["bihuan", *arguments], code, *said)

    def _answer(self, asked: bytes, *given: int, seconds: float) -> int:
        self.line.settimeout(seconds)
        try:
            socket.send_fds(self.line, [len(asked).to_bytes(4, "big")], given)
            self.line.sendall(asked)
            answer = self.line.recv(16)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            raise
        assert answer, "what forks the commands has ended"
        return int(answer)

    def end(self) -> None:
        """No more commands."""
        self.line.close()
        self.process.wait(timeout=10)


def _read(place: int) -> str:
    with open(place, encoding="utf-8", closefd=False) as file:
        file.seek(0)
        return file.read()


def _serve(line: socket.socket) -> tuple[list[str], dict[str, str], str]:
    """Fork a command whenever one is asked for; comes back in the command alone, with what it was asked."""
    while True:
        length, given, _, _ = socket.recv_fds(line, 4, 2)
        if not length:
            os._exit(0)
        asked = b""
        while len(asked) < int.from_bytes(length, "big"):
            asked += line.recv(65536)
        child = os.fork()
        if not child:
            for number, place in enumerate(given, start=1):
                os.dup2(place, number)
                os.close(place)
            line.close()
            return tuple(json.loads(asked))
        for place in given:
            os.close(place)
        line.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # or every command would copy all of it at its end, only to let go of it
    arguments, environ, folder = _serve(socket.socket(fileno=int(sys.argv[1])))
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv[1:] = arguments
    runpy.run_module(COMMAND, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
