"""What making a county costs: time, the most memory of the process and of PostgreSQL, and the disk it takes.

Run `make bench ARGS="generating --rows 100000"`; the home is kept where `--home` names an empty folder.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench._homes import ON, SEED, machine, plain_environ

MINUTES, GIGABYTES = 10, 8
EVERY = 2.0  # to look takes a tenth of a second, of the two cores that are measured


@dataclass
class Most:
    """The most that was seen, by a thread that looks every two seconds."""

    ours: int = 0
    server: int = 0
    disk: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def watch(self, process: subprocess.Popen[bytes], home: Path) -> None:
        """Look until told that it is over."""
        while not self.is_over.wait(EVERY):
            self.ours = max(self.ours, _memory(process.pid))
            self.server = max(self.server, _server_memory(home))
            self.disk = max(self.disk, _size(home))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    place = nullcontext(str(asked.home)) if asked.home else tempfile.TemporaryDirectory(prefix="bihuan-bench-")
    with place as folder:
        return _measured(Path(folder) / "home" if asked.home is None else asked.home, asked.rows)


def _measured(home: Path, rows: int) -> int:
    command = [sys.executable, "-m", "bihuan.cli", "generate"]
    command += ["--seed", SEED, "--findings", str(rows), "--on", ON]
    most, begun = Most(), time.monotonic()
    with subprocess.Popen(command, env=plain_environ(home), stdout=sys.stderr) as process:
        watching = threading.Thread(target=most.watch, args=(process, home))
        watching.start()
        code = process.wait()
        most.is_over.set()
        watching.join()
    minutes = (time.monotonic() - begun) / 60
    print(
        f"{rows:,} findings in {minutes:.1f} minutes; the command {most.ours / 1e6:,.0f} MB,"
        f" PostgreSQL {most.server / 1e6:,.0f} MB, disk {_size(home) / 1e9:.2f} GB ({most.disk / 1e9:.2f} at the most);"
        f" {machine()}"
    )
    return 1 if code or minutes > MINUTES or most.disk > GIGABYTES * 1e9 else 0


def _memory(pid: int) -> int:
    """What the process and its children keep for themselves."""
    try:
        parent = psutil.Process(pid)
        return sum(_own(one) for one in (parent, *parent.children(recursive=True)) if one.name() != "postgres")
    except psutil.Error:
        return 0


def _server_memory(home: Path) -> int:
    """All processes of the home's server: what is shared between them is counted in equal parts."""
    found = 0
    for one in psutil.process_iter():
        try:
            if one.name() == "postgres" and str(home) in str(one.cwd()):
                found += _own(one)
        except psutil.Error:
            continue
    return found


def _own(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _size(home: Path) -> int:
    found = 0
    for place in home.rglob("*"):
        try:
            found += place.stat().st_blocks * 512 if place.is_file() and not place.is_symlink() else 0
        except OSError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
