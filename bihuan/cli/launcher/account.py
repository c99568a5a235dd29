"""As whom the server's programs run. PostgreSQL refuses root, so root needs a way to be somebody else.

No account is made, no parent folder changes its mode or owner.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bihuan.cli.launcher.home import NoDatabase, belongs_to_another

_FALLBACK_NAMES = ("postgres", "nobody")
_NAMESPACE = ("--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Account:
    """A way to run the server's programs: as ourselves, in a user namespace, or as an existing account."""

    environment: Mapping[str, str]
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(
        self, command: Sequence[str], *, folder: Path, output: IO[bytes] | int, keep: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end in a session of its own, so that the terminal's Ctrl-C does not reach it."""
        return subprocess.run(
            [*self.prefix, *command],
            cwd=folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
            umask=0o077,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def own(self, folder: Path) -> None:
        """Hand a folder of ours, with all that is in it, to this account."""
        if self.uid is None or self.gid is None:
            return
        for _root, folders, files, descriptor in os.fwalk(folder):
            for name in (*folders, *files):
                os.chown(name, self.uid, self.gid, dir_fd=descriptor, follow_symlinks=False)
        os.chown(folder, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, folder: Path, program: str) -> bool:
        """Say whether this account can get at the folder (once it owns it) and run the program."""
        place = ["-w", str(folder)] if self.uid is None else ["-x", str(folder.parent)]
        question = ["/bin/sh", "-c", 'test "$1" "$2" && exec "$3" --version', "sh", *place, program]
        return self.can_run(question)

    def can_run(self, command: Sequence[str]) -> bool:
        """Say whether a command ends well as this account."""
        try:
            return self.run(command, folder=Path("/"), output=subprocess.DEVNULL).returncode == 0
        except OSError:
            return False


def account_for(folder: Path, program: str, *, environ: Mapping[str, str]) -> Account:
    """Return the account that can use the folder, which is handed to it where needed; refuse when there is none."""
    owner, ours = folder.stat().st_uid, os.geteuid()
    accounts = [a for a in _accounts(environ) if owner in (ours, a.uid)]
    if not accounts:
        raise belongs_to_another(folder, owner)
    for account in accounts:
        if account.reaches(folder, program):
            account.own(folder)
            return account
    if ours != 0:
        raise NoDatabase(f"文件夹 {folder} 不能写入，或程序 {program} 不能运行。请检查权限后再启动。")
    names = "、".join(_FALLBACK_NAMES)
    raise NoDatabase(
        f"以 root 运行时，数据库须由普通账户启动，但用户名字空间不可用或进不了 {folder}，"
        f"账户 {names} 也进不了 {folder} 或不能运行 {program}。"
        "请改用普通账户运行，或用 BIHUAN_HOME 指定一个各级上层文件夹都允许通过的位置。"
    )


def mode_of_a_new_home(environ: Mapping[str, str]) -> int:
    """Return 0700, or 0711 where root has to fall back to another account, which must get through to its data."""
    first = next(iter(_accounts(environ)), None)
    if os.geteuid() != 0 or (first and first.prefix and first.can_run(["/bin/sh", "-c", "exit 0"])):
        return 0o700
    return 0o711


def _accounts(environ: Mapping[str, str]) -> list[Account]:
    clean = {name: value for name, value in environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    environment = {**clean, "LC_ALL": "C"}
    if os.geteuid() != 0:
        return [Account(environment=environment)]
    accounts = []
    if unshare := shutil.which("unshare", path=environ.get("PATH")):
        accounts.append(Account(environment=environment, prefix=(unshare, *_NAMESPACE)))
    for name in _FALLBACK_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        accounts.append(Account(environment=environment, uid=entry.pw_uid, gid=entry.pw_gid))
    return accounts
