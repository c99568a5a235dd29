"""House rules on doors and on what Django offers but the house does without; and what the command may load."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house.source import Breach, classes, files, imports, last_name, place, text_of, walk

DOORS = ("bihuan/web", "bihuan/api", "bihuan/cli", "bihuan/jobs", "bihuan/demo")
TABLE_WORDS = {"objects", "_default_manager", "_base_manager", "get_model", "get_user_model"}
SIGNAL_HOMES = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
SIGNAL_CONNECT = re.compile(r"(?:^|\.)(?:signals\.\w+|\w*signal|(?:pre|post)_\w+)\.connect$")
GENERIC = {"GenericForeignKey", "GenericRelation"}
LIGHT = ("bihuan.cli", "bihuan.cli.__main__")


def doors_do_not_reach_for_tables(root: Path) -> list[Breach]:
    """Doors ask queries and actions; the words by which Django hands out tables do not occur in them."""
    found = []
    for path, node in walk(root, *DOORS):
        word = _table_word(node)
        if word:
            sentence = f"a door may not say «{word}»: ask a function of bihuan.queries, or call one of bihuan.actions."
            found.append(Breach(place(root, path, node), sentence))
    in_template = re.compile(r"\{[{%][^}]*?\.((?:\w+_set|objects)\b)")
    for path in files(root, "bihuan/web/templates", suffix=(".html", ".txt")):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if said := in_template.search(line):
                sentence = f"a template may not say «{said[1]}»: put the rows into the query's dataclass."
                found.append(Breach(place(root, path, number), sentence))
    return found


def _table_word(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        name = node.attr
    elif isinstance(node, ast.Name):
        name = node.id if node.id in TABLE_WORDS - {"objects"} else ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if node.value in TABLE_WORDS - {"objects"} else ""
    else:
        return ""
    return name if name in TABLE_WORDS or name.endswith("_set") else ""


def no_signals(root: Path) -> list[Breach]:
    """What happens after a write stands in the action, where a reader finds it."""
    sentence = "no signals: call what must follow from the action itself, in its transaction."
    found = [
        Breach(place(root, path, node), sentence)
        for path, node, name in imports(root, "bihuan")
        if name.startswith(SIGNAL_HOMES) or name.endswith((".connection_created", ".dispatch.receiver"))
    ]
    for path, node in walk(root, "bihuan"):
        if isinstance(node, ast.Call) and SIGNAL_CONNECT.search(ast.unparse(node.func)):
            found.append(Breach(place(root, path, node), sentence))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [last_name(mark.func if isinstance(mark, ast.Call) else mark) for mark in node.decorator_list]
            if "receiver" in names:
                found.append(Breach(place(root, path, node), sentence))
    return found


def no_save_overrides(root: Path) -> list[Breach]:
    """A table's save and delete do what Django says; what else a write means is an action."""
    return [
        Breach(place(root, path, inner), f"{node.name} may not override {inner.name}: write an action for it.")
        for path, node in classes(root, "bihuan/models", "bihuan/migrations")
        for inner in node.body
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
        and inner.name in {"save", "asave", "delete", "adelete", "save_base"}
    ]


def no_generic_keys(root: Path) -> list[Breach]:
    """A reference names its table, or the database cannot hold it."""
    return [
        Breach(place(root, path, node), "no generic foreign keys: give each kind of thing a column of its own.")
        for path, node in walk(root, "bihuan")
        if (isinstance(node, ast.Name | ast.Attribute) and last_name(node) in GENERIC)
        or (isinstance(node, ast.alias) and node.name in GENERIC)
    ]


def no_admin(root: Path) -> list[Breach]:
    """Business data is changed by actions, on the record; Django's admin knows neither."""
    sentence = "no admin: write a page that calls an action."
    found = [
        Breach(place(root, path, node), sentence)
        for path, node, name in imports(root, "bihuan")
        if name.startswith("django.contrib.admin")
    ]
    for path, node in walk(root, "bihuan/config"):
        if isinstance(node, ast.Constant) and str(node.value).startswith("django.contrib.admin"):
            found.append(Breach(place(root, path, node), sentence))
    return found


def the_command_starts_without_django(root: Path) -> list[Breach]:
    """`import bihuan.cli` loads no Django: help, version and reading start at once and run anywhere."""
    found = []
    for module in LIGHT:
        where = root.joinpath(*module.split("."))
        if not (where.is_dir() or where.with_suffix(".py").is_file()):
            continue
        asked = f"import {module}, sys; print(*sorted({{'django', 'psycopg', 'procrastinate'}} & set(sys.modules)))"
        run = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            found.append(Breach(module, f"cannot be imported: {run.stderr.strip().splitlines()[-1]}."))
        elif run.stdout.strip():
            sentence = f"importing it loads {run.stdout.strip()}: import that inside the command that needs it."
            found.append(Breach(module, sentence))
    return found


RULES = (
    doors_do_not_reach_for_tables,
    no_signals,
    no_save_overrides,
    no_generic_keys,
    no_admin,
    the_command_starts_without_django,
)
