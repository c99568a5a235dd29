"""The web process: granian with its own workers, run by the supervisor. Pages come from bihuan.config.wsgi, by name."""

import os
from collections.abc import Callable
from typing import Any

from bihuan.cli.child import bind_to

THREADS = 4


def run() -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "bihuan.config.wsgi:application",
        address=os.environ["BIHUAN_BIND_HOST"],
        port=int(os.environ["BIHUAN_BIND_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ["BIHUAN_WEB_WORKERS"]),
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
    ).serve(target_loader=_Loader(os.getpid()), wrap_loader=False)


class _Loader:
    """What each worker of granian does first: bind itself to granian's process, then load the pages."""

    def __init__(self, parent: int) -> None:
        self.parent = parent

    def __call__(self) -> Callable[..., Any]:
        from granian._internal import load_target

        bind_to(self.parent)
        return load_target("bihuan.config.wsgi:application")
