"""A few people at work on a real server at once, as bench/crowd.py has a hundred: no error and no lost write."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOLD = re.compile(r"([\d,]+) requests, (\d+) errors, (\d+) conflicts .*, (\d+) writes kept, (\d+) lost, (\d+) kept")


@pytest.mark.long
def test_what_five_people_write_at_once_is_kept() -> None:
    command = [sys.executable, "-m", "bench.crowd", "--rows", "300", "--people", "5", "--seconds", "20"]
    elsewhere = ("BIHUAN_DSN", "BIHUAN_OWNER_DSN", "DJANGO_SETTINGS_MODULE")
    environ = {name: value for name, value in os.environ.items() if name not in elsewhere}
    ended = subprocess.run(
        [*command, "--thinks", "0.3", "1"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    told = TOLD.search(ended.stdout)
    assert told, ended.stderr
    requests, errors, _conflicts, kept, lost, strangers = (int(said.replace(",", "")) for said in told.groups())
    assert ended.returncode == 0, ended.stderr
    assert (errors, lost, strangers) == (0, 0, 0)
    assert requests > kept > 0
