"""House rules on what lies beside the code: locks, documents, decisions, the map of journeys, skipped tests."""

import ast
import difflib
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.source import CODE, Breach, files, last_name, place, table_rows, text_of, tree_of, walk

LIFECYCLE, JOURNEYS, DECISIONS = "docs/lifecycle.md", "docs/journeys.md", "docs/decisions"
NUMBERS = [f"{number:04}" for number in range(1, 10)]
DECISION_LINES = 60
SETTINGS = re.compile(r'index-url|find-links|"resolved"\s*:|\bregistry\s*=|\bregistry\.npmjs\b|trusted-host')
HOSTS = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|npmmirror\.com|pypi\.[\w.]*\.\w+|mirrors?\.\w+\.\w+)"
)
ADDRESS = re.compile(r"https?://")
NAMING = (
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "pip.conf",
    "uv.toml",
    "Makefile",
    ".ci",
    "scripts",
)
ELSEWHERE = re.compile(r"(?:\.\./|/work/)" + "shared")
TEXTS = (".py", ".md", ".html", ".txt", ".toml", ".sh", ".css", ".js", ".json", ".po", "Makefile", "run", ".lock")
SKIPS = {"skip", "skipif", "skipIf", "skipUnless", "skipTest", "xfail", "importorskip"}


def what_is_imported_is_locked(root: Path) -> list[Breach]:
    """What a module imports at its top is ours, Python's, or in a lock: a fresh clone has nothing else."""
    locked = {_plain(line.split("==")[0]) for path in root.glob("*.lock") for line in _lines(path) if "==" in line}
    packages = packages_distributions()
    found = []
    for path in files(root, *CODE):
        for node in tree_of(path).body:
            for name in _tops(node) - sys.stdlib_module_names - set(CODE):
                if not locked & {_plain(one) for one in packages.get(name, [name])}:
                    words = f"{name} is in no lock: add it and run `make lock`, or import it in the function it is for."
                    found.append(Breach(place(root, path, node), words))
    return found


def _tops(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {node.module.split(".")[0]} if isinstance(node, ast.ImportFrom) and node.module else set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).strip().lower()


def no_registry_is_named(root: Path) -> list[Breach]:
    """Locks and documents name packages, never the host they come from: every place has its own mirror."""
    locks = [path.name for path in sorted(root.glob("*.lock"))]
    documents = [path.name for path in sorted(root.glob("*.md"))]
    found = []
    for path in files(root, *locks, *NAMING, "docs", *documents, suffix=""):
        for number, line in enumerate(_lines(path), 1):
            if SETTINGS.search(line) or HOSTS.search(line) or (path.name in locks and ADDRESS.search(line)):
                found.append(
                    Breach(place(root, path, number), "take the registry's address out; run `make lock` for a lock.")
                )
    return found


def _lines(path: Path) -> list[str]:
    try:
        return text_of(path).splitlines()
    except UnicodeDecodeError:
        return []


def the_project_stands_alone(root: Path) -> list[Breach]:
    """Nothing in the repository points to a folder outside of it."""
    tops = [path.name for path in sorted(root.iterdir()) if not path.name.startswith(".") or path.name == ".ci"]
    return [
        Breach(place(root, path, number), "write here what is meant; the folder outside is not part of the project.")
        for path in files(root, *tops, suffix=TEXTS)
        for number, line in enumerate(_lines(path), 1)
        if ELSEWHERE.search(line)
    ]


def the_lifecycle_page_is_current(root: Path) -> list[Breach]:
    """docs/lifecycle.md is what bihuan.rules.lifecycle writes."""
    run = subprocess.run(
        [sys.executable, "-c", "from bihuan.rules.lifecycle import lifecycle_page as page; print(page(), end='')"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        return [
            Breach("bihuan/rules/lifecycle.py", f"lifecycle_page() must write the page: {run.stderr.splitlines()[-1]}.")
        ]
    path = root / LIFECYCLE
    written = text_of(path) if path.is_file() else ""
    changed = list(difflib.ndiff(written.splitlines(), run.stdout.splitlines())) if written != run.stdout else []
    first = next((line for line in changed if line[:1] in "+-"), "")
    sentence = f"write the page again from lifecycle_page() in bihuan/rules/lifecycle.py; first difference «{first}»."
    return [Breach(LIFECYCLE, sentence)] if written != run.stdout else []


def every_journey_has_its_test(root: Path) -> list[Breach]:
    """docs/journeys.md maps each row of the mission that is built to a test that exists: | row | test |."""
    path = root / JOURNEYS
    rows = [cells for cells in table_rows(text_of(path)) if len(cells) > 1] if path.is_file() else []
    nodes = [(cells[0], node) for cells in rows for node in re.findall(r"tests/[\w/.]+\.py(?:::\w+)*", cells[-1])]
    if not nodes:
        return [Breach(JOURNEYS, "map the rows that are built: | row | test node id |.")]
    found = [
        Breach(JOURNEYS, f"row {cells[0]} names no test: give its node id, tests/….py::test_….")
        for cells in rows[1:]
        if "tests/" not in cells[-1]
    ]
    for row, node in nodes:
        if not _exists(root, node):
            found.append(
                Breach(JOURNEYS, f"row {row} names {node}, which does not exist: correct it or write the test.")
            )
    return found


def _exists(root: Path, node: str) -> bool:
    name, *within = node.split("::")
    if not (root / name).is_file():
        return False
    defined = {
        one.name
        for one in ast.walk(tree_of(root / name))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return set(within) <= defined


def decisions_are_written(root: Path) -> list[Breach]:
    """Records 0001 to 0009 exist, each number once, each short enough to be read."""
    there = sorted((root / DECISIONS).glob("[0-9][0-9][0-9][0-9]-*.md"))
    numbers = [path.name[:4] for path in there]
    found = [Breach(f"{DECISIONS}/{one}-….md", "write this decision record.") for one in NUMBERS if one not in numbers]
    for path in there:
        lines = len(text_of(path).splitlines())
        if lines > DECISION_LINES:
            found.append(Breach(place(root, path), f"{lines} lines; a decision is told in {DECISION_LINES}."))
        if numbers.count(path.name[:4]) > 1:
            found.append(Breach(place(root, path), "the number stands twice; give it the next free one."))
    return found


def tests_always_run(root: Path) -> list[Breach]:
    """No test is skipped or expected to fail: what cannot run here is not tested."""
    return [
        Breach(place(root, path, node), "make the test run, or remove it; skipped tests prove nothing.")
        for path, node in walk(root, "tests")
        if (
            isinstance(node, ast.Attribute)
            and node.attr in SKIPS
            and last_name(node.value) in {"pytest", "mark", "unittest", "self"}
        )
        or (isinstance(node, ast.alias) and node.name in SKIPS)
    ]


def nothing_is_left_for_later(root: Path) -> list[Breach]:
    """No unfinished marks in templates, styles and documents; ruff holds Python to the same."""
    mark = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    return [
        Breach(place(root, path, number), "finish it, or open an issue and name its number.")
        for path in files(
            root,
            "bihuan",
            "docs",
            "scripts",
            "Makefile",
            suffix=(".html", ".css", ".js", ".md", ".sh", ".toml", "Makefile"),
        )
        for number, line in enumerate(_lines(path), 1)
        if mark.search(line)
    ]


RULES = (
    what_is_imported_is_locked,
    no_registry_is_named,
    the_project_stands_alone,
    the_lifecycle_page_is_current,
    every_journey_has_its_test,
    decisions_are_written,
    tests_always_run,
    nothing_is_left_for_later,
)
