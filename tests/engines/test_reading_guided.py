"""Every reader under a search that follows the code it reaches: long by `make long`, a few hundred tries in CI."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.test_reading_fuzz import READERS

ROOT = Path(__file__).parents[2]
# It has wheels for one kind of processor only; elsewhere hypothesis alone breaks files.
PRESENT = importlib.util.find_spec("atheris") is not None


def searched(reader: str, folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "tests.engines.guided_fuzz", reader, str(folder), *options]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    broken = sorted(one for one in folder.glob("*") if one.is_file())
    assert (said.returncode, broken) == (0, []), said.stderr[-3000:]
    assert "Done" in said.stderr


@pytest.mark.parametrize("reader", ["plain", "delimited"] if PRESENT else [])
def test_a_few_hundred_guided_tries_break_nothing(reader: str, tmp_path: Path) -> None:
    searched(reader, tmp_path, "-runs=300", "-seed=1")


@pytest.mark.long
@pytest.mark.parametrize("reader", sorted(READERS) if PRESENT else [])
def test_two_minutes_of_guided_tries_break_no_reader(reader: str, tmp_path: Path) -> None:
    searched(reader, tmp_path, "-max_total_time=120")
