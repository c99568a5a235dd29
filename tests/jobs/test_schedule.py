"""Work by the clock and work put off: every name is known to the worker, and each task runs in its scope alone."""

import ast
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app

from bihuan.jobs.running import NobodyToActFor, as_post, by_the_clock
from bihuan.jobs.worker import TIMETABLE
from tests.builders import an_account, build_tree

schedule = import_module(TIMETABLE)
ROOT = Path(__file__).resolve().parents[2]
DEFERRING = {"configure_task", "defer_task"}


def deferred_names(root: Path) -> Iterator[tuple[str, str]]:
    """Where anything is put off by name, and the name; a name that is not written out cannot be checked."""
    for path in sorted((root / "bihuan").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DEFERRING:
                given = node.args[:1] or [keyword.value for keyword in node.keywords if keyword.arg == "name"]
                name = given[0].value if given and isinstance(given[0], ast.Constant) else "not written out"
                yield f"{path.relative_to(root)}:{node.lineno}", str(name)


def test_every_name_that_is_put_off_is_registered():
    unknown = [(where, name) for where, name in deferred_names(ROOT) if name not in app.tasks]
    assert unknown == []


def test_a_name_that_is_not_registered_is_found(tmp_path):
    (tmp_path / "bihuan").mkdir()
    (tmp_path / "bihuan" / "planted.py").write_text(
        "app.configure_task('no_such_task').defer(a=1)\napp.configure_task(n)"
    )
    assert {name for _, name in deferred_names(tmp_path)} == {"no_such_task", "not written out"}
    assert "no_such_task" not in app.tasks


def test_the_timetable_is_what_the_worker_will_do():
    planned = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert planned == {
        "end_old_sessions": schedule.HOURLY,
        "forget_old_exports": schedule.HOURLY,
        "fold_figures": schedule.EVERY_MINUTE,
        "retake_lost_jobs": schedule.EVERY_MINUTE,
    }


@pytest.mark.django_db
def test_sessions_whose_time_is_over_are_removed_and_no_others():
    now = datetime.now(UTC)
    for key, minutes in (("old", -1), ("new", 10)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(minutes=minutes))
    app.tasks["end_old_sessions"].func(timestamp=int(now.timestamp()))
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


@pytest.mark.django_db
def test_clock_work_runs_as_the_application_and_reaches_nothing():
    seen = []

    @by_the_clock
    def look(at: datetime) -> None:
        seen.append((_role(), _setting("lo"), _setting("reads_record"), at))

    look(timestamp=1_800_000_000)
    assert seen == [("bihuan_app", "1", "", datetime.fromtimestamp(1_800_000_000, UTC))]
    assert _role() == "bihuan_owner"


@pytest.mark.django_db
def test_work_put_off_runs_as_the_post_that_put_it_off():
    county = build_tree()
    clerk = county.actor("office_clerk")
    seen = []

    @as_post
    def work(actor, at, thing):
        seen.append((_role(), _setting("post"), actor.via, actor.role, thing))

    work(str(clerk.account), str(clerk.post), thing="one")
    assert seen == [("bihuan_app", str(clerk.post), "job", "office_clerk", "one")]
    with pytest.raises(NobodyToActFor):
        work(str(an_account("别人").id), str(clerk.post), thing="two")
    assert len(seen) == 1


def test_what_a_dead_worker_had_begun_is_put_back():
    put_back = []

    async def get_stalled_jobs():
        return ["one", "two"]

    async def retry_job(job):
        put_back.append(job)

    manager = SimpleNamespace(get_stalled_jobs=get_stalled_jobs, retry_job=retry_job)
    context = SimpleNamespace(app=SimpleNamespace(job_manager=manager))
    asyncio.run(app.tasks["retake_lost_jobs"].func(context, timestamp=0))
    assert put_back == ["one", "two"]


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s, true)", [f"app.{name}"])
        return str(cursor.fetchone()[0])
