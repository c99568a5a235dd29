"""A data folder of our own: made beside and moved into place whole, so that a start cut short leaves nothing behind."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bihuan.cli.launcher.account import Account, account_for
from bihuan.cli.launcher.binaries import Binaries, binaries_for
from bihuan.cli.launcher.home import (
    ROOM_MB,
    Home,
    NoDatabase,
    belongs_to_another,
    disk_full,
    sync_folder,
    write_private,
)

ADMIN = "bihuan_admin"
_UNFINISHED = "postgres.new-"
_LOCALE = ["--locale=C.UTF-8"]
# pg_trgm and case folding see Chinese only with LC_CTYPE C.UTF-8, the builtin provider alone is not enough.
_BUILTIN_LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
_NO_ROOM = re.compile(rb"No space left on device|Disk quota exceeded")
# Messages of level ERROR quote what people typed (names, identity numbers), so they stay out of the log.
_SETTINGS = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = 128MB
random_page_cost = 1.1
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def open_or_make(home: Home, *, environ: Mapping[str, str], admin_password: str, lock: int) -> tuple[Binaries, Account]:
    """Return the programs and the account for the home's data folder, which is made when there is none.

    The lock is kept by initdb too: should this process die, the next start waits until initdb has ended.
    """
    for leftover in home.path.glob(_UNFINISHED + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if _is_ours(home):
        binaries = binaries_for(home.data, environ)
        return binaries, account_for(home.data, binaries.program("postgres"), environ=environ)
    binaries = binaries_for(home.path / "none", environ)
    if shutil.disk_usage(home.path).free < ROOM_MB * 1024 * 1024:
        raise disk_full(home.path)
    unfinished = Path(tempfile.mkdtemp(dir=home.path, prefix=_UNFINISHED))
    try:
        account = account_for(unfinished, binaries.program("postgres"), environ=environ)
        _make(unfinished, home, binaries=binaries, account=account, admin_password=admin_password, lock=lock)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return binaries, account


def write_settings(home: Home, *, account: Account, socket_folder: Path) -> None:
    """Write the settings the server reads at its start; the socket's place may differ each time."""
    text = _SETTINGS.format(socket_folder=socket_folder)
    write_private(home.data / "bihuan.conf", text, uid=account.uid, gid=account.gid)


def _is_ours(home: Home) -> bool:
    """Say whether there is a data folder of ours; refuse when something else lies in its place."""
    if not os.path.lexists(home.data):
        return False
    if home.mark.is_file():
        return True
    owner = home.data.stat().st_uid if home.data.exists() else os.geteuid()
    if owner != os.geteuid():
        raise belongs_to_another(home.data, owner)
    if home.data.is_dir() and not home.data.is_symlink() and not any(home.data.iterdir()):
        home.data.rmdir()
        return False
    raise NoDatabase(
        f"{home.data} 里有别的内容，不是本软件建立的数据文件夹，没有动它。"
        "请移走或改名后再启动，或用 BIHUAN_HOME 指定另一个文件夹。"
    )


def _make(
    unfinished: Path, home: Home, *, binaries: Binaries, account: Account, admin_password: str, lock: int
) -> None:
    data, password_file, owner = unfinished / "data", unfinished / "password", (account.uid, account.gid)
    write_private(password_file, admin_password + "\n", uid=owner[0], gid=owner[1])
    locale = _BUILTIN_LOCALE if binaries.major >= 17 else _LOCALE
    command = [binaries.program("initdb"), "-D", str(data), "-U", ADMIN, "-E", "UTF8", "-k", "-A", "scram-sha-256"]
    command += [f"--pwfile={password_file}", *locale]
    with tempfile.TemporaryFile() as said:
        ended = account.run(command, folder=unfinished, output=said, keep=(lock,))
        said.seek(0)
        _refuse_unless_made(ended.returncode, said.read(), home)
    write_private(data / "pg_hba.conf", "local all all scram-sha-256\n", uid=owner[0], gid=owner[1])
    settings = (data / "postgresql.conf").read_text(encoding="utf-8") + "\ninclude 'bihuan.conf'\n"
    write_private(data / "postgresql.conf", settings, uid=owner[0], gid=owner[1])
    mark = json.dumps({"made_for": "bihuan", "postgresql": binaries.major})
    write_private(data / home.mark.name, mark + "\n", uid=owner[0], gid=owner[1])
    data.rename(home.data)
    sync_folder(home.path)


def _refuse_unless_made(exit_code: int, said: bytes, home: Home) -> None:
    if exit_code == 0:
        return
    if _NO_ROOM.search(said):
        raise disk_full(home.path)
    lines = said.decode(errors="replace").strip().splitlines() or ["-"]
    complaint = next((line for line in lines if "error" in line.lower() or "FATAL" in line), lines[-1])
    raise NoDatabase(f"在 {home.path} 建立数据文件夹没有成功：{complaint}。请处理后再启动，没有留下半成品。")
