"""Each reader under atheris for a while, where it installs (it has no wheel for Arm); run by `make long`."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.test_reading_fuzz import READERS

ROOT = Path(__file__).parents[2]
SECONDS = 60

if importlib.util.find_spec("atheris"):

    @pytest.mark.long
    @pytest.mark.parametrize("name", READERS)
    def test_nothing_that_atheris_finds_breaks_a_reader(tmp_path: Path, name: str) -> None:
        command = [sys.executable, "-m", "tests.engines.fuzzing", name, str(SECONDS), str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS * 4, check=False)
        found = [path.name for path in tmp_path.iterdir() if path.is_file()]
        assert (done.returncode, found) == (0, []), done.stderr[-3000:]
