"""A process that uses the database of a home until it is told to leave, or dies by kill -9 at a chosen moment.

Arguments: the home; the moment or nothing; the account or nothing. Prints what it got as one JSON line, or the
refusal on stderr with exit code 4.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bihuan.cli.launcher import NoDatabase, database, server


def main() -> int:
    home, moment, uid = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    if moment:
        _die_at(moment)
    if uid:
        _become(int(uid))
    try:
        with database(home, environ=os.environ) as found:
            print(json.dumps({"app": found.app_dsn, "owner": found.owner_dsn, "source": found.source}), flush=True)
            sys.stdin.readline()
    except NoDatabase as refused:
        print(refused, file=sys.stderr)
        return 4
    return 0


def _become(uid: int) -> None:
    """Turn into another account; only here, because the interpreter's own folder may be closed to it."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(moment: str) -> None:
    if moment.startswith("statement"):
        left = [int(moment.removeprefix("statement"))]
        _before(psycopg.Connection, "execute", lambda *_: left.append(left.pop() - 1) or left[0] < 0)
    elif moment == "the move into place":
        _before(Path, "rename", lambda *_: True)
    elif moment == "the launch":
        _before(server, "write_settings", lambda *_: True)
    elif moment == "the answer":
        _before(server, "_await_answer", lambda *_: True)
    else:
        _before(Path, "replace", lambda path, *_: moment in path.name)


def _before(place: Any, name: str, is_due: Callable[..., bool]) -> None:
    real = getattr(place, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        if is_due(*args):
            _die()
        return real(*args, **kwargs)

    setattr(place, name, watched)


if __name__ == "__main__":
    sys.exit(main())
