"""House rule on state: only actions/_step.py assigns one; bulk.py, which builds whole histories, is the one other."""

import ast
import re
from pathlib import Path

from tests.house.rules_words import model_classes
from tests.house.source import Breach, files, last_name, place, tree_of

TAKERS = {"bihuan/actions/_step.py", "bihuan/actions/bulk.py"}
ROOMS = (
    *("bihuan/models", "bihuan/queries", "bihuan/actions", "bihuan/web", "bihuan/api", "bihuan/cli", "bihuan/jobs"),
    "bihuan/demo",
)
WRITES = {"update", "create", "acreate", "aupdate", "get_or_create", "update_or_create", "bulk_update"}
IN_SQL = re.compile(r"\bupdate\b.*\bset\b(?:(?!\bwhere\b)[^;])*?\bstate\b\s*=", re.IGNORECASE | re.DOTALL)


def only_the_step_assigns_a_state(root: Path) -> list[Breach]:
    """A state changes by a step of the lifecycle, which checks, writes and records; never by assignment elsewhere."""
    tables = {node.name for _, node in model_classes(root)}
    return [
        Breach(
            place(root, path, node), f"{said} sets a state outside the lifecycle: take a step through actions/_step.py."
        )
        for path in files(root, *ROOMS)
        if path.relative_to(root).as_posix() not in TAKERS
        for node in ast.walk(tree_of(path))
        if (said := _assignment(node, tables))
    ]


def _assignment(node: ast.AST, tables: set[str]) -> str:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return next((ast.unparse(target) for target in targets if _names_state(target)), "")
    if isinstance(node, ast.Call):
        return _call(node, tables)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value):
        return "this SQL"
    return ""


def _names_state(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(_names_state(one) for one in target.elts)
    return isinstance(target, ast.Attribute) and target.attr == "state"


def _call(node: ast.Call, tables: set[str]) -> str:
    name = last_name(node.func)
    by_keyword = any(keyword.arg == "state" for keyword in node.keywords)
    if name == "setattr" and len(node.args) > 1 and _is_state(node.args[1]):
        return "setattr"
    if name in WRITES and (by_keyword or any(_holds_state(part) for part in _parts(node))):
        return f"{name}()"
    return f"{name}(state=…)" if name in tables and by_keyword else ""


def _parts(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _holds_state(part: ast.expr) -> bool:
    if isinstance(part, ast.Dict):
        return any(key is not None and _is_state(key) for key in part.keys)
    return isinstance(part, ast.List | ast.Tuple | ast.Set) and any(_is_state(one) for one in part.elts)


def _is_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "state"


RULES = (only_the_step_assigns_a_state,)
