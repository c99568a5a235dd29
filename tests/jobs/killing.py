"""A task in a process of its own, which is killed as it comes to a certain place."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection


def killed_while(task: Callable[..., Any], job: dict[str, str], where: Any, name: str, after: int = 1) -> None:
    """Run the task; it is killed at the so-manieth call of that function of `where`."""
    connection.close()
    told, tell = os.pipe()
    worker = os.fork()
    if not worker:
        try:
            _wait_at(where, name, after, lambda: os.write(tell, b"!"))
            task(**job)
        finally:
            os._exit(1)
    os.close(tell)
    assert os.read(told, 1) == b"!", "the task ended before it came there"
    os.close(told)
    os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def _wait_at(where: Any, name: str, after: int, tell: Callable[[], Any]) -> None:
    usual, calls = getattr(where, name), []

    def waits(*given: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == after:
            tell()
            signal.pause()
        return usual(*given, **named)

    setattr(where, name, waits)
