"""How house rules read a tree: files, syntax trees, and the breach they return. No rule is here."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("bihuan", "tests", "scripts", "bench")
NOT_OURS = {"__pycache__", "vendor", "node_modules", "build", "dist", "var"}


@dataclass(frozen=True)
class Breach:
    """Where a rule is broken, and the sentence that says what to do."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


Rule = Callable[[Path], list[Breach]]


@dataclass(frozen=True)
class Plant:
    """A small tree that keeps the rule, and what then breaks it: files written, files gone. `says`: in the sentence."""

    rule: Rule
    breaks: Mapping[str, str]
    says: str
    keeps: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    name: str = ""


def plant(root: Path, files: Mapping[str, str]) -> None:
    """Write the files into the tree."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def files(root: Path, *places: str, suffix: str | tuple[str, ...] = ".py") -> Iterator[Path]:
    """Our own files of those places (folders or files), in order; nothing built, nothing hidden, nothing of others."""
    for place in places:
        start = root / place
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            within = path.relative_to(root).parts
            if path.is_file() and path.name.endswith(suffix) and not _is_passed_over(within):
                yield path


def _is_passed_over(parts: tuple[str, ...]) -> bool:
    return any(part in NOT_OURS or (part.startswith(".") and part != ".ci") for part in parts[:-1])


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file, parsed once per content."""
    return _parsed(text_of(path), str(path))


@cache
def _parsed(text: str, name: str) -> ast.Module:
    return ast.parse(text, filename=name)


def place(root: Path, path: Path, node: ast.AST | int | None = None) -> str:
    """`bihuan/rules/x.py:12`, as editors open it."""
    line = node if isinstance(node, int) else getattr(node, "lineno", None)
    return f"{path.relative_to(root).as_posix()}{f':{line}' if line else ''}"


def walk(root: Path, *places: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of every Python file of those places."""
    for path in files(root, *places):
        for node in ast.walk(tree_of(path)):
            yield path, node


def imports(root: Path, *places: str) -> Iterator[tuple[Path, ast.stmt, str]]:
    """Every imported name, dotted: `from a import b` gives a.b."""
    for path, node in walk(root, *places):
        if isinstance(node, ast.Import):
            yield from ((path, node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((path, node, f"{node.module or '.'}.{alias.name}") for alias in node.names)


def last_name(node: ast.AST) -> str:
    """The last word of a dotted name: `forms.Form` gives Form; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return last_name(node.value) if isinstance(node, ast.Subscript) else ""


def classes(root: Path, *places: str) -> Iterator[tuple[Path, ast.ClassDef]]:
    for path, node in walk(root, *places):
        if isinstance(node, ast.ClassDef):
            yield path, node


def table_rows(markdown: str) -> Iterator[list[str]]:
    """Cells of every row of every Markdown table, without the lines under the heads."""
    for line in markdown.splitlines():
        if line.lstrip().startswith("|") and not set(line) <= set("|-: \t"):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]
