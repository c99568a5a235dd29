"""A home to measure in: one that is there, or a county made for the occasion in a folder for temporary files."""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bihuan.cli.django_home import OWNER, opened
from bihuan.cli.launcher import Database

SEED, ON = "1", "2026-11-23"
FINDINGS = 10_000
ELSEWHERE = ("BIHUAN_DSN", "BIHUAN_OWNER_DSN")


@dataclass(frozen=True)
class Measured:
    """A home whose database answers, with Django on it as the owner: the gate makes every page the application."""

    home: Path
    database: Database


def ask_for_a_home(parser: ArgumentParser, *, rows: int = FINDINGS) -> None:
    """The options that say in which home to measure."""
    parser.add_argument("--home", type=Path, help="a home made by `bihuan generate`; without it one is made")
    parser.add_argument("--rows", type=int, default=rows, help="findings of the county that is made")


@contextmanager
def measured_home(asked: Namespace) -> Iterator[Measured]:
    """The home that was named, or a new one that goes away again."""
    with home_of(asked) as home:
        os.environ["BIHUAN_HOME"] = str(home)
        with opened(role=OWNER) as found:
            yield Measured(home, found.database)


@contextmanager
def home_of(asked: Namespace) -> Iterator[Path]:
    """The folder alone, without opening its database; no other database is measured by mistake."""
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    if asked.home:
        yield asked.home.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        generate(home, findings=asked.rows)
        yield home


def generate(home: Path, *, findings: int) -> None:
    """Make a county of so many findings by the command, in a process of its own."""
    command = [sys.executable, "-m", "bihuan.cli", "generate"]
    command += ["--seed", SEED, "--findings", str(findings), "--on", ON]
    subprocess.run(command, env=plain_environ(home), check=True, stdout=sys.stderr)


def plain_environ(home: Path) -> dict[str, str]:
    """The environment of a command that is to work in this home and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return {**kept, "BIHUAN_HOME": str(home)}


def machine() -> str:
    """What a figure has to stand with: cores, memory and load."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, load {load}"
