"""What ruff, mypy and djlint hold: each kind planted once under the project's own settings, and seen caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, plant

BIN = Path(sys.executable).parent
BRANCHES = "".join(f"    if a == {n}:\n        b += {n}\n" for n in range(8))

LINT = (
    ("C901", "bihuan/web/x.py", f"def f(a, b):\n{BRANCHES}    return b\n"),
    ("T201", "bihuan/web/x.py", "print(1)\n"),
    ("TID252", "bihuan/web/x.py", "from . import y\n\nz = y\n"),
    ("E501", "bihuan/web/x.py", f"x = '{'a' * 120}'\n"),
    ("DTZ005", "bihuan/actions/x.py", "import datetime\n\nx = datetime.datetime.now()\n"),
    ("S608", "bihuan/queries/x.py", "def f(name):\n    return f'SELECT * FROM {name} WHERE x = 1'\n"),
    ("F401", "bihuan/rules/x.py", "import json\n"),
    ("B006", "bihuan/rules/x.py", "def f(a=[]):\n    return a\n"),
    ("ARG001", "bihuan/rules/x.py", "def f(a):\n    return 1\n"),
    ("FIX002", "bihuan/rules/x.py", "# TO" + "DO: later\n"),
    ("ERA001", "bihuan/rules/x.py", "# x = f(1)\n"),
    ("PGH003", "bihuan/rules/x.py", "x: int = 'a'  # type: ignore\n"),
)
TYPES = (
    ("no-untyped-def", "bihuan/rules/x.py", "def f(a):\n    return a\n"),
    ("return-value", "bihuan/queries/x.py", "def f(a: int) -> str:\n    return a\n"),
    ("type-arg", "bihuan/actions/x.py", "def f(a: dict) -> None: ...\n"),
    ("no-untyped-call", "bihuan/engines/reading/x.py", "def f():  # type: ignore[no-untyped-def]\n    ...\n\n\nf()\n"),
)
PAGES = (
    ("H025", "<p><span></p>\n"),
    ("H013", '<img src="/x.png" height="1" width="1">\n'),
)


def run(root: Path, command: str, *options: str) -> tuple[int, str]:
    done = subprocess.run([BIN / command, *options], cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("code", "name", "text"), LINT, ids=[one[0] for one in LINT])
def test_ruff_catches(code: str, name: str, text: str, settings: Path) -> None:
    plant(settings, {name: f'"""What is here."""\n\n{text}'})
    failed, said = run(settings, "ruff", "check", "--no-cache", "--output-format=concise", ".")
    assert failed
    assert f"{name}:" in said
    assert f" {code} " in said


def test_full_width_punctuation_is_no_fault(settings: Path) -> None:
    plant(settings, {"bihuan/rules/x.py": '"""请（先）填写，再提交：说明。"""\n\nx = "！？；"\n'})
    assert run(settings, "ruff", "check", "--no-cache", ".")[0] == 0


def test_the_format_is_held(settings: Path) -> None:
    plant(settings, {"bihuan/rules/x.py": "x = {'a':1}\n"})
    failed, said = run(settings, "ruff", "format", "--no-cache", "--check", ".")
    assert failed
    assert "bihuan/rules/x.py" in said


@pytest.mark.parametrize(("code", "name", "text"), TYPES, ids=[one[0] for one in TYPES])
def test_mypy_catches(code: str, name: str, text: str, tmp_path: Path) -> None:
    without_plugin = (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace('plugins = ["mypy_django', 'x = ["')
    packages = {
        f"bihuan/{room}/__init__.py": "" for room in ("rules", "queries", "actions", "engines", "engines/reading")
    }
    plant(tmp_path, {"pyproject.toml": without_plugin, "bihuan/__init__.py": "", **packages, name: text})
    failed, said = run(tmp_path, "mypy", "--no-incremental")
    assert failed
    assert f"{name}:" in said
    assert f"[{code}]" in said


@pytest.mark.parametrize(("code", "text"), PAGES, ids=[one[0] for one in PAGES])
def test_djlint_catches(code: str, text: str, settings: Path) -> None:
    plant(settings, {"bihuan/web/templates/x.html": text})
    failed, said = run(settings, "djlint", "--lint", "bihuan/web/templates")
    assert failed
    assert code in said
