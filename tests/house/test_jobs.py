"""Every job that is put off by name is registered: a name that nobody knows would wait in the queue for ever."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import bihuan.jobs
from tests.house.source import ROOT, Breach, last_name, place, plant, walk

DEFERRING = {"configure_task", "defer_job", "defer_by_name"}


def deferred_names(root: Path) -> list[tuple[str, str]]:
    """Where, and which name; a name that is not written out comes as an empty one."""
    found = []
    for path, node in walk(root, "bihuan"):
        if isinstance(node, ast.Call) and last_name(node.func) in DEFERRING:
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "name")]
            literal = given[0] if given and isinstance(given[0], ast.Constant) else None
            found.append((place(root, path, node), str(literal.value) if literal else ""))
    return found


def deferred_objects(root: Path) -> list[Breach]:
    """Actions defer by name: task.defer() would import the jobs, a door above them."""
    return [
        Breach(place(root, path, node), "defer by name: app.configure_task('name').defer(…).")
        for path, node in walk(root, "bihuan/actions", "bihuan/queries", "bihuan/models")
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"defer", "defer_async", "batch_defer", "batch_defer_async"}
        and not (isinstance(node.func.value, ast.Call) and last_name(node.func.value.func) in DEFERRING)
        # A queryset has a defer() as well: that one takes names of fields, a task's takes keywords alone.
        and not (node.args and not node.keywords)
    ]


def unknown_names(root: Path, registered: set[str]) -> list[Breach]:
    return [
        Breach(where, f"no task is called «{name}»: name one of bihuan/jobs, written out.")
        for where, name in deferred_names(root)
        if name not in registered
    ]


def registered_names() -> set[str]:
    """The tasks that the worker knows, once every module of bihuan.jobs is loaded."""
    from procrastinate.contrib.django import app

    for module in pkgutil.iter_modules(bihuan.jobs.__path__):
        importlib.import_module(f"bihuan.jobs.{module.name}")
    return {name for name in app.tasks if "procrastinate." not in name}


def test_every_deferred_name_is_registered() -> None:
    assert registered_names(), "no task at all: the registry was not read"
    assert unknown_names(ROOT, registered_names()) == []
    assert deferred_objects(ROOT) == []


def test_every_task_has_a_short_name_that_survives_a_move() -> None:
    assert all("." not in name for name in registered_names())


@pytest.mark.parametrize(
    "text",
    [
        "app.configure_task('send_ntoice').defer(finding='x')",
        "configure_task(name='send_ntoice').defer(finding='x')",
        "app.configure_task(name_of(x)).defer(finding='x')",
    ],
)
def test_a_planted_name_is_caught(text: str, tmp_path: Path) -> None:
    plant(tmp_path, {"bihuan/actions/planted.py": "app.configure_task('send_notice').defer(finding='x')\n"})
    assert unknown_names(tmp_path, {"send_notice"}) == []
    plant(tmp_path, {"bihuan/actions/planted.py": f"{text}\n"})
    (breach,) = unknown_names(tmp_path, {"send_notice"})
    assert breach.where == "bihuan/actions/planted.py:1"


def test_a_planted_task_object_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, {"bihuan/actions/planted.py": "found.defer('text')\nsend_notice.defer(finding='x')\n"})
    (breach,) = deferred_objects(tmp_path)
    assert breach.where == "bihuan/actions/planted.py:2"
