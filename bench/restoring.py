"""How long one command takes to restore 10 MB of heavily damaged text, and how much memory: on one core.

The train documents of the corpus, damaged by one mechanism after the other, and once with the heaviest alone: a note
behind every character that was made Traditional. Run `make bench ARGS=restoring`.
"""

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench._homes import machine
from tests.corpus.damage import MECHANISMS, Mechanism, noted
from tests.corpus.marks import documents

BYTES, SEED = 10_000_000, 20261123
TARGET = 20.0
COMMAND = (str(Path(sys.executable).with_name("bihuan")), "restore", "--json")


def main() -> int:
    print(f"{machine()}; target {TARGET:.0f} s of processor time")
    return 1 if max(_measured("all", *MECHANISMS.values()), _measured("notes", noted)) > TARGET else 0


def _measured(name: str, *mechanisms: Mechanism) -> float:
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        damaged, restored = Path(folder) / "damaged.txt", Path(folder) / "restored.json"
        damaged.write_bytes(_damaged(mechanisms))
        seconds, megabytes = _restored(damaged, restored)
        sizes = damaged.stat().st_size / 1e6, restored.stat().st_size / 1e6
    print(
        f"{name:5}  {sizes[0]:.1f} MB damaged, {sizes[1]:5.0f} MB of JSON: {seconds:5.1f} s,"
        f" {megabytes:,.0f} MB of memory at most"
    )
    return seconds


def _damaged(mechanisms: Sequence[Mechanism]) -> bytes:
    """As many damaged copies as make up the size, the same in every run."""
    chance, sound = Random(SEED), [one.text for one in documents("train")]
    made, size = list[bytes](), 0
    for text, mechanism in ((text, one) for text in itertools.cycle(sound) for one in mechanisms):
        made.append(mechanism(text, chance).text.encode() + b"\n")
        size += len(made[-1])
        if size >= BYTES:
            break
    return b"".join(made)


def _restored(damaged: Path, restored: Path) -> tuple[float, float]:
    """Processor seconds and the most memory of the command, its start included."""
    with restored.open("wb") as out, subprocess.Popen([*COMMAND, str(damaged)], stdout=out) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"restoring: the command ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
