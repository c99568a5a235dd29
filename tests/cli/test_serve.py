"""`bihuan serve` as its user meets it: ready, stopped, killed in every part, started again; nothing is left behind."""

import os
import signal
import socket
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bihuan.cli.launcher import database
from tests.cli.launcher.stage import ROOT, postmaster, server_processes, until
from tests.cli.running import Serving, nothing_is_left, run, serving
from tests.cli.test_database import write_event_at

WEB, WORKER = "web_server:run", "worker:run"


def test_it_says_that_it_is_ready_and_stops_when_told(home):
    with serving(home, "serve") as server:
        server.is_ready()
        assert server.health() == 200
        begun = time.monotonic()
        assert server.stop(signal.SIGINT) == 0
        assert time.monotonic() - begun < 10
        assert server.rest_of_stdout() == ""
        assert nothing_is_left(home)
        assert not server_processes(home)


def test_it_migrates_a_new_home_and_can_be_stopped_meanwhile(room_of_a_new_home):
    with serving(room_of_a_new_home, "serve") as server:
        until(lambda: server.child("database:prepare"))
        assert server.stop(signal.SIGTERM) == 0
        assert nothing_is_left(room_of_a_new_home)
        assert not server_processes(room_of_a_new_home)
    with serving(room_of_a_new_home, "serve") as server:
        server.is_ready()
        assert "正在升级数据库" in "".join(server.words)
        assert server.stop(signal.SIGINT) == 0


def test_each_part_that_is_killed_comes_back_while_it_serves(home):
    with serving(home, "serve") as server:
        server.is_ready()
        _kill_and_see_another(server, WEB)
        until(lambda: server.health() == 200)
        _kill_and_see_another(server, WORKER)
        web = server.child(WEB)
        workers = until(lambda: len(found := server.below(web)) == 2 and found)
        os.kill(workers[0], signal.SIGKILL)
        until(lambda: len(set(server.below(web)) - {workers[0]}) == 2)
        os.kill(postmaster(home), signal.SIGKILL)
        until(lambda: "数据库停了" in "".join(server.words))
        until(lambda: server.health() == 200)
        assert server.stop(signal.SIGTERM) == 0
        assert nothing_is_left(home)


def _kill_and_see_another(server: Serving, work: str) -> None:
    killed = until(lambda: server.child(work))
    os.kill(killed, signal.SIGKILL)
    until(lambda: server.child(work) not in (0, killed))


def test_when_the_supervisor_is_killed_its_children_go_and_the_next_run_works(home):
    with serving(home, "serve") as server:
        server.is_ready()
        with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
            owner.execute("create table kept as select 7 as number")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        assert nothing_is_left(home)
        os.kill(postmaster(home), signal.SIGKILL)
    with serving(home, "serve") as server:
        server.is_ready()
        assert server.health() == 200
        with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
            assert owner.execute("select number from kept").fetchone() == (7,)
        assert server.stop(signal.SIGINT) == 0
    assert not server_processes(home)


def test_a_taken_port_is_2_and_nothing_was_begun(room_of_a_new_home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = run(room_of_a_new_home, "serve", "--port", str(port))
    assert (said.returncode, said.stdout) == (2, "")
    assert str(port) in said.stderr
    assert "--port" in said.stderr
    assert not room_of_a_new_home.exists()


@pytest.mark.parametrize("host", ["203.0.113.7", "nowhere.invalid"])
def test_an_address_that_is_not_ours_is_2(room_of_a_new_home, host):
    said = run(room_of_a_new_home, "serve", "--host", host)
    assert said.returncode == 2
    assert host in said.stderr
    assert not room_of_a_new_home.exists()


def test_a_clock_that_went_back_is_4_and_both_times_are_named(home):
    newest = write_event_at(home, datetime.now(UTC) + timedelta(minutes=6))
    said = run(home, "serve", BIHUAN_TIME_ZONE="UTC")
    assert (said.returncode, said.stdout) == (4, "")
    assert newest.strftime("%Y-%m-%d %H:%M:%S") in said.stderr
    assert datetime.now(UTC).strftime("%Y-%m-%d %H") in said.stderr
    assert "请校准系统时间" in said.stderr
    assert nothing_is_left(home)


def test_it_gives_up_when_a_part_dies_again_and_again(home, tmp_path):
    broken = "import os, sys\nif 'web_server:run' in ' '.join(sys.orig_argv): os.write(2, b'broken'); os._exit(3)"
    (tmp_path / "sitecustomize.py").write_text(broken)
    with serving(home, "serve", PYTHONPATH=f"{tmp_path}:{ROOT}") as server:
        assert server.process.wait(timeout=60) == 1
        assert nothing_is_left(home)
        words = "".join(server.words)
    assert str(home / "web.log") in words
    assert "Traceback" not in words
    assert (home / "web.log").read_text().count("broken") > 3
    assert server.said == []
