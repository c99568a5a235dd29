"""House rules on the shape of files: sizes, opening lines, names, imports, arguments."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import CODE, Breach, classes, files, imports, place, text_of, tree_of, walk

FILE_SOFT, FILE_HARD = 400, 600
FUNCTION_SOFT, FUNCTION_HARD = 40, 60
OVERRUNS = "tests/house/overruns.toml"
SIZED = (".py", ".html", ".js", ".sh")
FORBIDDEN = {
    *("utils", "helpers", "common", "misc", "core", "base", "services", "managers", "handlers", "tools", "data"),
    "process",
}
SINGULAR = {"util", "helper", "service", "manager", "handler", "tool"}


def files_and_functions_stay_small(root: Path) -> list[Breach]:
    """Nobody passes the hard limits; whoever passes the soft ones stands in overruns.toml with a reason."""
    listed = _listed_overruns(root)
    found: list[Breach] = []
    over: set[str] = set()
    for where, lines, soft, hard in _sizes(root):
        if lines > hard:
            found.append(
                Breach(where, f"{lines} lines, the hard limit is {hard}: divide it where its purpose divides.")
            )
        elif lines > soft:
            over.add(where)
            if where not in listed:
                words = f"{lines} lines, the limit is {soft}: divide it, or list it in {OVERRUNS} with a reason."
                found.append(Breach(where, words))
    for where, reason in listed.items():
        if where not in over:
            found.append(Breach(OVERRUNS, f"{where} is within the limit now: remove its entry."))
        elif len(reason) < 20:
            found.append(Breach(OVERRUNS, f"{where} needs a reason in a sentence."))
    return found


def _listed_overruns(root: Path) -> dict[str, str]:
    path = root / OVERRUNS
    entries = tomllib.loads(text_of(path)).get("overrun", []) if path.is_file() else []
    return {entry["where"]: entry.get("reason", "") for entry in entries}


def _sizes(root: Path) -> Iterator[tuple[str, int, int, int]]:
    for path in files(root, *CODE, suffix=SIZED):
        if "migrations" not in path.parts:
            yield place(root, path), len(text_of(path).splitlines()), FILE_SOFT, FILE_HARD
    for path, node in walk(root, *CODE):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{place(root, path)}::{node.name}", lines, FUNCTION_SOFT, FUNCTION_HARD


def complexity_is_not_waved_through(root: Path) -> list[Breach]:
    """ruff holds complexity to 8; nobody switches that off in a line."""
    waved = re.compile(r"#\s*(?:ruff:\s*)?noqa:[^#\n]*\bC901\b")
    return [
        Breach(place(root, path, number), "divide the function; its complexity limit of 8 cannot be switched off.")
        for path in files(root, *CODE)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if waved.search(line)
    ]


def modules_say_what_they_hold(root: Path) -> list[Breach]:
    """Each module opens with a docstring: what is here, what is deliberately not; short. Django writes migrations."""
    found = []
    for path in files(root, *CODE):
        if "migrations" in path.parts:
            continue
        lines = [line for line in (ast.get_docstring(tree_of(path)) or "").splitlines() if line.strip()]
        allowed = 5 if "rules" in path.parts else 3
        if not lines:
            found.append(Breach(place(root, path), "open the module with a docstring that says what is here."))
        elif len(lines) > allowed:
            words = f"the opening docstring has {len(lines)} lines; say it in {allowed}."
            found.append(Breach(place(root, path), words))
    return found


def names_have_a_purpose(root: Path) -> list[Breach]:
    """No module, folder or class with a name that could hold anything."""
    found = []
    for path in [*files(root, *CODE), *(folder for place_ in CODE for folder in _folders(root / place_))]:
        words = path.stem.strip("_").lower().split("_")
        if path.stem.strip("_").lower() in FORBIDDEN or words[-1] in (FORBIDDEN | SINGULAR) - {"data", "process"}:
            found.append(Breach(place(root, path), f"name it after its one purpose; «{path.stem}» says nothing."))
    for path, node in classes(root, *CODE):
        words = re.findall(r"[A-Z][a-z0-9]*|[a-z0-9]+", node.name)
        bare = node.name.strip("_").lower()
        if bare in FORBIDDEN | SINGULAR or (
            words and words[-1].lower() in (FORBIDDEN | SINGULAR) - {"data", "process"}
        ):
            found.append(
                Breach(place(root, path, node), f"name the class after what it is; «{node.name}» says nothing.")
            )
    return found


def _folders(start: Path) -> list[Path]:
    return sorted(path for path in start.rglob("*") if path.is_dir() and path.name != "__pycache__")


def imports_are_absolute(root: Path) -> list[Breach]:
    """Every import names its module from the top, so that moving a file shows in a search."""
    return [
        Breach(place(root, path, node), "write the import from the top: from bihuan.… import ….")
        for path, node in walk(root, *CODE)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def arguments_are_named(root: Path) -> list[Breach]:
    """Public functions of rules, queries and actions take keyword-only arguments after at most one.

    A check (it returns an objection or nothing) is called by its register, with the same arguments as every other.
    """
    found = []
    for path in files(root, "bihuan/rules", "bihuan/queries", "bihuan/actions"):
        functions = (node for node in tree_of(path).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        for node in functions if not path.name.startswith("_") else ():
            is_a_check = node.returns is not None and ast.unparse(node.returns) == "Objection | None"
            if (
                not node.name.startswith("_")
                and not is_a_check
                and len(node.args.posonlyargs) + len(node.args.args) > 1
            ):
                words = f"put * after the first argument of {node.name}, so that calls name the others."
                found.append(Breach(place(root, path, node), words))
    return found


def no_manage_py(root: Path) -> list[Breach]:
    """One command is enough: `bihuan db …`."""
    return [
        Breach(place(root, path), "remove manage.py; what it would do belongs under `bihuan db`.")
        for path in [root / "manage.py", *files(root, *CODE)]
        if path.name == "manage.py" and path.is_file()
    ]


def rules_need_only_python(root: Path) -> list[Breach]:
    """What the regulations say is plain Python: standard library and bihuan.rules."""
    from sys import stdlib_module_names

    return [
        Breach(place(root, path, node), f"rules use the standard library only; take {name} out and pass values in.")
        for path, node, name in imports(root, "bihuan/rules")
        if name.split(".")[0] not in stdlib_module_names and not name.startswith("bihuan.rules")
    ]


RULES = (
    files_and_functions_stay_small,
    complexity_is_not_waved_through,
    modules_say_what_they_hold,
    names_have_a_purpose,
    imports_are_absolute,
    arguments_are_named,
    no_manage_py,
    rules_need_only_python,
)
