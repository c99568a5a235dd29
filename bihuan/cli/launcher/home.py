"""Where the home lies and what is called what in it; the refusal that every module of the launcher raises.

Parent folders are never changed here: neither their mode nor their owner.
"""

import errno
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOM_MB = 100


class NoDatabase(Exception):
    """There is no database to work with; the text is a Chinese sentence: what happened and what to do."""


def resolve_home(environ: Mapping[str, str]) -> Path:
    """Return the folder that holds what this installation remembers: named, else of the checkout, else of the user."""
    if named := environ.get("BIHUAN_HOME"):
        return Path(os.path.abspath(Path(named).expanduser()))
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file() and (checkout / "bihuan").is_dir():
        return checkout / "var" / "demo"
    shared = environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(shared):
        return Path(shared) / "bihuan"
    return Path(environ.get("HOME") or Path.home()) / ".local" / "share" / "bihuan"


@dataclass(frozen=True)
class Home:
    """The names of what the launcher keeps in a home."""

    path: Path

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.path / "postgres"

    @property
    def mark(self) -> Path:
        """Says that the data folder is ours."""
        return self.data / "bihuan.json"

    @property
    def roles_mark(self) -> Path:
        """Says that the roles and the database are complete; written last."""
        return self.data / "bihuan.roles"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "postgres.log"

    @property
    def passwords(self) -> Path:
        """The passwords of the three roles, for the owner of the home alone."""
        return self.path / "postgres.passwords.json"

    @property
    def running(self) -> Path:
        """Where the running server's socket is and whose binaries it runs."""
        return self.path / "postgres.running.json"

    @property
    def gate(self) -> Path:
        """Locked while somebody starts or stops the server."""
        return self.path / "postgres.gate.lock"

    @property
    def users(self) -> Path:
        """Locked (shared) by every user of the server."""
        return self.path / "postgres.users.lock"


def prepare(home: Home, *, mode: int) -> None:
    """Make the home when it is not there; refuse one that belongs to somebody else or cannot be written to."""
    try:
        if not home.path.is_dir():
            home.path.parent.mkdir(parents=True, exist_ok=True)
            home.path.mkdir(mode=mode, exist_ok=True)
        owner = home.path.stat().st_uid
        if owner != os.geteuid():
            raise belongs_to_another(home.path, owner)
        descriptor, name = tempfile.mkstemp(dir=home.path, prefix=".try-")
        os.close(descriptor)
        os.unlink(name)
    except (FileExistsError, NotADirectoryError):
        raise NoDatabase(f"{home.path} 不是文件夹。请用 BIHUAN_HOME 指定一个文件夹。") from None
    except OSError as error:
        raise in_words(error, home.path) from error


def write_private(path: Path, text: str, *, uid: int | None = None, gid: int | None = None) -> None:
    """Write a file of mode 0600 whole or not at all; never through a link that somebody laid in its place."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if uid is not None and gid is not None:
            os.fchown(descriptor, uid, gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def in_words(error: OSError, place: Path) -> NoDatabase:
    """Turn the system's error into what happened, where, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(place)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return NoDatabase(
            f"文件夹 {place} 不能写入（只读，或本账户没有权限）。"
            "请用 BIHUAN_HOME 指定一个可以写入的文件夹，或请管理员开放写入。"
        )
    return NoDatabase(f"读写 {place} 时出错：{error.strerror or error}。请检查这个文件夹和磁盘后再启动。")


def disk_full(place: Path) -> NoDatabase:
    """The refusal when the disk has no room."""
    return NoDatabase(f"磁盘空间不足，{place} 所在的磁盘写不下。请腾出至少 {ROOM_MB} MB 后再启动，已有的数据没有改动。")


def belongs_to_another(place: Path, owner: int) -> NoDatabase:
    """The refusal when a folder is owned by an account that is not ours."""
    return NoDatabase(
        f"文件夹 {place} 属于另一个账户（uid {owner}），不能在里面打开数据库。"
        "请用那个账户运行，或用 BIHUAN_HOME 指定另一个文件夹。"
    )
