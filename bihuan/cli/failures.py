"""What stopped a command: a sentence and a code for people; of what nobody foresaw, the traceback for the log."""

import contextlib
import os
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from bihuan.cli.launcher.home import NoDatabase, in_words, resolve_home
from bihuan.cli.words import NO, NO_DATABASE, _, tell


def failed(error: Exception) -> int:
    """A sentence for people; the traceback goes to the log (and to stderr where BIHUAN_TRACEBACK is 1)."""
    if isinstance(error, NoDatabase):
        tell(str(error))
        return NO_DATABASE
    if os.environ.get("BIHUAN_TRACEBACK") == "1":
        traceback.print_exception(error)
    log = _write_down(error)
    if _is_lost_database(error):
        said = _("数据库连不上或中途断开。请稍后再试；如仍不行，请用 bihuan db status 查看。详情见 {log}。")
        tell(said.format(log=log))
        return NO_DATABASE
    if isinstance(error, OSError) and error.filename:
        tell(str(in_words(error, Path(os.fsdecode(error.filename)))))
        return NO
    said = _("程序出错，没有办成：{error}。请把 {log} 交给系统管理员。")
    tell(said.format(error=type(error).__name__, log=log))
    return NO


def _is_lost_database(error: BaseException) -> bool:
    """Whether the database went away, as psycopg or as Django says it, without loading either."""
    lost = [
        getattr(sys.modules[name], "OperationalError", None)
        for name in ("psycopg", "django.db.utils")
        if name in sys.modules
    ]
    return isinstance(error, tuple(kind for kind in lost if kind))


def _write_down(error: Exception) -> Path:
    text = "".join(traceback.format_exception(error))
    places = (resolve_home(os.environ) / "commands.log", Path(tempfile.gettempdir()) / f"bihuan-{os.geteuid()}.log")
    for place in places:
        with contextlib.suppress(OSError):
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as log:
                log.write(f"{datetime.now().astimezone().isoformat()} {sys.argv[1:3]}\n{text}\n")
            return place
    return Path(os.devnull)
