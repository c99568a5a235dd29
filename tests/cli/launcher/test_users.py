"""Several users of one database: who starts it, who stops it, and what does not reach it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bihuan.cli.launcher import database
from tests.cli.launcher.stage import User, commit, postmaster, processes, rows, server_processes


def test_the_last_user_stops_the_server_and_no_other(home: Path, user: Callable[..., User]) -> None:
    first, second = user(home), user(home)
    dsn = first.enters()["app"]
    second.enters()
    assert first.leaves() == 0
    assert rows(dsn) == [0]
    assert second.leaves() == 0
    assert not processes(home)


def test_two_that_begin_at_once_with_nothing_share_one_server(room: Path, user: Callable[..., User]) -> None:
    both = [user(room / "home"), user(room / "home"), user(room / "home")]
    found = [one.enters() for one in both]
    assert found[0] == found[1] == found[2]
    assert (room / "home" / "postgres.log").read_text().count("starting PostgreSQL") == 1
    assert [one.leaves() for one in both] == [0, 0, 0]
    assert not processes(room / "home")


def test_a_home_made_by_another_just_now_is_taken_as_it_is(
    room: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was there when we looked, somebody is when we make it: a moment the test above meets by chance only."""
    home = room / "home"

    def looked(path: Path) -> bool:
        there = os.path.isdir(path)
        if path == home and not there:
            home.mkdir()
        return there

    monkeypatch.setattr(Path, "is_dir", looked)
    with database(home, environ=environ) as found, psycopg.connect(found.app_dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_coming_and_going_at_once_leaves_nobody_without_a_database(home: Path, user: Callable[..., User]) -> None:
    staying = user(home)
    for _ in range(4):
        leaving, staying = staying, user(home)
        assert rows(leaving.enters()["app"]) == [0]
        assert leaving.leaves() == 0
    assert rows(staying.enters()["app"]) == [0]
    staying.leaves()
    assert not processes(home)


def test_one_process_may_use_it_twice(home: Path, environ: dict[str, str]) -> None:
    with database(home, environ=environ) as outer:
        with database(home, environ=environ) as inner:
            assert inner == outer
        assert rows(outer.app_dsn) == [0]
    assert not server_processes(home)


def test_the_terminals_interrupt_does_not_reach_the_server(home: Path, user: Callable[..., User]) -> None:
    interrupted, other = user(home), user(home)
    interrupted.enters()
    dsn = other.enters()["app"]
    head = postmaster(home)
    assert os.getsid(head) == head
    os.killpg(interrupted.process.pid, signal.SIGINT)
    interrupted.process.communicate(timeout=20)
    assert rows(dsn) == [0]
    assert postmaster(home) == head
    other.leaves()


def test_an_interrupted_last_user_still_stops_the_server(home: Path, user: Callable[..., User]) -> None:
    one = user(home)
    one.enters()
    os.killpg(one.process.pid, signal.SIGINT)
    one.process.communicate(timeout=20)
    assert not processes(home)


def test_a_block_that_fails_stops_the_server_too(home: Path, environ: dict[str, str]) -> None:
    with pytest.raises(RuntimeError, match="in the block"), database(home, environ=environ):
        raise RuntimeError("in the block")
    assert not server_processes(home)


def test_stopping_does_not_wait_for_a_busy_connection(home: Path, environ: dict[str, str]) -> None:
    with database(home, environ=environ) as found:
        busy = psycopg.connect(found.app_dsn)
        busy.pgconn.send_query(b"SELECT pg_sleep(60)")
        idle = psycopg.connect(found.app_dsn)
        idle.execute("INSERT INTO kept VALUES (9)")
        begun = time.monotonic()
    assert time.monotonic() - begun < 4
    busy.close()
    idle.close()
    assert not server_processes(home)
    with database(home, environ=environ) as found:
        assert rows(found.app_dsn) == [0]


def test_a_forked_child_does_not_leave_for_its_parent(home: Path, environ: dict[str, str]) -> None:
    child = -1
    with database(home, environ=environ) as found:
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
            assert rows(found.app_dsn) == [0]
    if not child:
        os._exit(0)
    assert not server_processes(home)


def test_the_server_outlives_a_user_that_was_killed(home: Path, user: Callable[..., User]) -> None:
    starter, other = user(home), user(home)
    starter.enters()
    dsn = other.enters()["app"]
    starter.kill()
    commit(dsn, 1)
    assert rows(dsn) == [0, 1]
    assert other.leaves() == 0
    assert not processes(home)
