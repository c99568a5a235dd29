"""kill -9 of the server, of its user, of both, and in the middle of a start, each twice in a row.

Afterwards the next start works and every committed row is there.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bihuan.cli.launcher import database, server
from tests.cli.launcher.stage import (
    NOBODY,
    User,
    commit,
    kill,
    others_reach_the_binaries,
    postmaster,
    processes,
    rows,
    server_processes,
    until,
)

ACCOUNT = NOBODY if others_reach_the_binaries() else None


@pytest.mark.parametrize("whom", ["the server", "its first process", "the user", "both"])
def test_committed_rows_outlive_the_killing_of(whom: str, home: Path, user: Callable[..., User]) -> None:
    begun = []
    for turn in (1, 2):
        one = user(home)
        begun.append(one)
        dsn = one.enters()["app"]
        commit(dsn, turn)
        if whom in ("the user", "both"):
            one.kill()
        if whom == "its first process":
            kill({postmaster(home)})
        elif whom != "the user":
            kill(server_processes(home))
        else:
            assert rows(dsn) == list(range(turn + 1))
    last = user(home)
    assert rows(last.enters()["app"]) == [0, 1, 2]
    assert last.leaves() == 0
    for one in begun:
        if one.process.poll() is None:
            one.leaves()
    assert not processes(home)


def test_an_ordinary_account_can_do_all_of_it(room: Path, user: Callable[..., User]) -> None:
    uid, place = ACCOUNT, room / "own"
    place.mkdir(mode=0o700)
    os.chown(place, -1 if uid is None else uid, -1)
    home = place / "home"
    first = user(home, uid=uid)
    found = first.enters()
    dsn = found["app"]
    _make_table(found["owner"])
    commit(dsn, 1)
    kill(processes(home))
    second = user(home, uid=uid)
    commit(second.enters()["app"], 2)
    second.kill()
    third, fourth = user(home, uid=uid), user(home, uid=uid)
    third.enters()
    assert rows(fourth.enters()["app"]) == [1, 2]
    assert {Path(f"/proc/{number}").stat().st_uid for number in server_processes(home)} == {place.stat().st_uid}
    assert third.leaves() == fourth.leaves() == 0
    assert not processes(home)


def test_a_server_killed_under_a_user_is_there_again_for_the_next(home: Path, user: Callable[..., User]) -> None:
    staying = user(home)
    staying.enters()
    for turn in (1, 2):
        kill({postmaster(home)})
        one = user(home)
        commit(one.enters()["app"], turn)
        one.leaves()
    assert server_processes(home), "the first user is still there"
    assert staying.leaves() == 0
    assert not processes(home)


def test_a_kill_during_initdb_leaves_nothing_in_the_way(room: Path, user: Callable[..., User]) -> None:
    home = room / "home"
    for with_children in (True, False, True):
        known = set(home.glob("postgres.new-*"))
        one = user(home)
        until(lambda known=known: {found.parent.parent for found in home.glob("postgres.new-*/data/global")} - known)
        assert not (home / "postgres").exists()
        one.kill()
        if with_children:
            kill(processes(home))
    last = user(home)
    last.enters()
    assert not list(home.glob("postgres.new-*"))
    assert last.leaves() == 0


MOMENTS = [
    "postgres.passwords.json",
    "the move into place",
    "the launch",
    "statement1",
    "statement12",
    "bihuan.roles",
]


def test_a_kill_at_any_step_of_the_first_start_can_be_made_good(room: Path, user: Callable[..., User]) -> None:
    home = room / "home"
    for moment in MOMENTS:
        for _ in range(2):
            user(home, moment=moment).dies()
    last = user(home)
    found = last.enters()
    _make_table(found["owner"])
    commit(found["app"], 1)
    assert last.leaves() == 0
    assert not processes(home)
    assert not list(home.glob("*.new-*"))


@pytest.mark.parametrize("moment", ["the launch", "the answer"])
def test_a_kill_during_a_later_start_loses_no_row(moment: str, home: Path, user: Callable[..., User]) -> None:
    one = user(home)
    commit(one.enters()["app"], 1)
    kill(processes(home))
    for _ in range(2):
        user(home, moment=moment).dies()
        kill(processes(home))
    last = user(home)
    assert rows(last.enters()["app"]) == [0, 1]
    last.leaves()


def test_all_killed_while_the_server_comes_up_twice_in_a_row(home: Path, user: Callable[..., User]) -> None:
    one = user(home)
    commit(one.enters()["app"], 1)
    kill(processes(home))
    for _ in range(2):
        (home / "postgres" / "postmaster.pid").unlink(missing_ok=True)
        user(home)
        until((home / "postgres" / "postmaster.pid").exists)
        kill(processes(home))
    last = user(home)
    assert rows(last.enters()["app"]) == [0, 1]
    last.leaves()


def test_a_number_that_belongs_to_a_stranger_now_is_not_believed(home: Path, user: Callable[..., User]) -> None:
    one = user(home)
    commit(one.enters()["app"], 1)
    kill(processes(home))
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        written = home / "postgres" / "postmaster.pid"
        lines = written.read_text().splitlines()
        written.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        last = user(home)
        assert rows(last.enters()["app"]) == [0, 1]
        assert last.leaves() == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_short_folder_that_was_swept_away_is_made_again(made: Path, room: Path, user: Callable[..., User]) -> None:
    home = room / ("long" * 40)
    shutil.copytree(made, home)
    one = user(home)
    dsn = one.enters()["app"]
    commit(dsn, 1)
    kill(processes(home))
    shutil.rmtree(dict(part.split("=", 1) for part in dsn.split())["host"])
    last = user(home)
    assert rows(last.enters()["app"]) == [0, 1]
    last.leaves()
    assert not processes(home)


def test_a_server_whose_short_folder_was_swept_away_is_replaced(
    made: Path, room: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_GRACE_SECONDS", 0.3)
    home = room / ("long" * 40)
    shutil.copytree(made, home)
    with database(home, environ=environ) as lost:
        commit(lost.app_dsn, 1)
        shutil.rmtree(str(conninfo_to_dict(lost.app_dsn)["host"]))
        with database(home, environ=environ) as found:
            assert rows(found.app_dsn) == [0, 1]
    assert not processes(home)


def test_a_process_that_outlives_its_server_does_not_keep_the_next_from_starting(
    home: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_GRACE_SECONDS", 0.3)
    with database(home, environ=environ) as found:
        commit(found.app_dsn, 1)
        connection = psycopg.connect(found.app_dsn)
        orphan = connection.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)
        kill({postmaster(home)})
        with database(home, environ=environ) as again:
            assert rows(again.app_dsn) == [0, 1]
        connection.close()
    assert not processes(home)


def _make_table(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
