"""A process of the server, bound to the supervisor that started it.

Called as `python -m bihuan.cli.child PARENT MODULE:FUNCTION [WORDS]`.
However the supervisor ends, kill -9 included, its children end too: the kernel says so where it can, a pipe elsewhere.
"""

import ctypes
import os
import signal
import sys
import threading
from importlib import import_module

_PR_SET_PDEATHSIG = 1
WORDS = "words"


def main() -> int:
    """Bind this process, then run what it is for; the function's answer is the exit code.

    With WORDS its stderr is read by people: a failure becomes a sentence. Without, stderr is a log and keeps all.
    """
    parent, (module, function) = int(sys.argv[1]), sys.argv[2].split(":")
    bind_to(parent)
    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    from bihuan.cli.words import speak

    speak(os.environ.get("BIHUAN_LANG", "zh"))
    try:
        answer = getattr(import_module(module), function)()
    except Exception as error:
        if sys.argv[3:] != [WORDS]:
            raise
        from bihuan.cli.failures import failed

        return failed(error)
    return answer if isinstance(answer, int) else 0


def bind_to(parent: int) -> None:
    """Die with the parent; at once when it is no longer there."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _end_with_the_pipe() -> None:
    """The supervisor holds the other end of our standard input: when it closes, the whole group ends."""
    while os.read(0, 1024):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
