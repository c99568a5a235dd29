"""The import contracts of pyproject.toml, kept by the real package and each broken once in a copy of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, files, plant

# contract, planted file, its text, words of the guidance
BREAKS = (
    ("layers", "bihuan/rules/planted.py", "import bihuan.queries\n", "Move what both need down"),
    ("layers", "bihuan/queries/planted.py", "import bihuan.actions\n", "Move what both need down"),
    ("layers", "bihuan/models/planted.py", "import bihuan.engines\n", "Move what both need down"),
    ("layers", "bihuan/web/planted.py", "import bihuan.api\n", "Move what both need down"),
    ("layers", "bihuan/jobs/planted.py", "import bihuan.config\n", "Move what both need down"),
    ("layers", "bihuan/extras/__init__.py", "", "A new top folder needs a decision record"),
    ("tables", "bihuan/web/planted.py", "import bihuan.models\n", "Values cross the gate"),
    ("tables", "bihuan/config/planted.py", "import bihuan.models\n", "Values cross the gate"),
    ("plain", "bihuan/rules/planted.py", "import django.utils.timezone\n", "Pass the values in"),
    ("plain", "bihuan/engines/planted.py", "import psycopg\n", "Pass the values in"),
    ("engines", "bihuan/engines/planted.py", "import bihuan.engines.reading\n", "Each engine is usable alone"),
    ("circles", "bihuan/queries/planted.py", "import bihuan.queries.again\n", "Cut the circle"),
)
AGAIN = {"bihuan/queries/again.py": "import bihuan.queries.planted\n"}
ALSO = {
    "bihuan/engines/reading/__init__.py": "",
    "bihuan/models/__init__.py": "",
    "bihuan/api/__init__.py": "",
    "bihuan/config/__init__.py": "",
}


def contracts(root: Path) -> tuple[int, str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The real package's Python files and the real contracts."""
    for path in [*files(ROOT, "bihuan"), ROOT / "pyproject.toml"]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    plant(tmp_path, {name: text for name, text in ALSO.items() if not (tmp_path / name).exists()})
    return tmp_path


def test_the_package_keeps_every_contract() -> None:
    code, said = contracts(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(("contract", "name", "text", "guidance"), BREAKS, ids=[f"{one[0]}-{one[1]}" for one in BREAKS])
def test_a_planted_import_is_caught(contract: str, name: str, text: str, guidance: str, copied: Path) -> None:
    plant(copied, {name: text, **(AGAIN if contract == "circles" else {})})
    code, said = contracts(copied)
    module = name.removesuffix(".py").removesuffix("/__init__").split("/")[-1]
    assert code != 0
    assert f".{module}" in said, said
    assert guidance in " ".join(said.split()), said
