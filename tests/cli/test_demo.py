"""`bihuan demo`: a home of its own, filled in once and wholly, whose accounts are told; never somebody else's home."""

import json
import os
import signal
from pathlib import Path

import psycopg
import pytest

from bihuan.cli.launcher import database
from tests.cli.launcher.stage import ROOT, mode, until
from tests.cli.running import nothing_is_left, run, serving

STAND_IN = {"PYTHONPATH": f"{Path(__file__).parent / 'stand_in'}:{ROOT}"}
WISH = {"SEED": "7", "FINDINGS": "12", "ON": "2026-10-01"}


def accounts_of(home: Path) -> list[str]:
    """The accounts in the database of the home."""
    with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
        return [name for (name,) in owner.execute("select name from account order by name")]


def test_it_is_filled_once_and_tells_its_accounts_each_time(home):
    for _time in range(2):
        with serving(home, "demo", **STAND_IN, **WISH) as demo:
            demo.is_ready()
            assert "seed7" in demo.said[-2]
            assert "某局 单位承办人" in demo.said[-2]
            assert demo.health() == 200
            assert demo.stop(signal.SIGINT) == 0
            assert demo.rest_of_stdout() == ""
    assert (home / "fills").read_text().splitlines() == ["12 2026-10-01"]
    assert accounts_of(home) == ["seed7"]
    mark = json.loads((home / "demo.json").read_text())
    assert mark == {"seed": 7, "findings": 12, "on": "2026-10-01", "database": "own", "filled": True}
    assert (mode(home / "accounts.json"), mode(home / "demo.json")) == (0o600, 0o600)


def test_half_a_county_is_noticed_and_made_anew(home):
    with serving(home, "demo", **STAND_IN, **WISH, PAUSE="60") as demo:
        until(lambda: (home / "fills").exists())
        os.kill(demo.process.pid, signal.SIGKILL)
        demo.process.wait()
        assert nothing_is_left(home)
    assert json.loads((home / "demo.json").read_text())["filled"] is False
    assert accounts_of(home) == ["seed7"]
    with serving(home, "demo", **STAND_IN, **{**WISH, "SEED": "8"}) as demo:
        demo.is_ready()
        assert "重新来过" in "".join(demo.words)
        assert demo.stop(signal.SIGTERM) == 0
    assert accounts_of(home) == ["seed8"]


def test_it_says_that_it_is_still_filling_in_and_can_be_stopped_meanwhile(home):
    with serving(home, "demo", **STAND_IN, PAUSE="60") as demo:
        until(lambda: "仍在填充" in "".join(demo.words))
        assert demo.stop(signal.SIGTERM) == 0
        assert nothing_is_left(home)


def test_it_does_not_take_a_home_that_has_something_else_in_it(home):
    with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
        owner.execute(
            "insert into account (id, person, name, password, password_changed_at, must_change_password, token_hash,"
            " is_open, revision) values (gen_random_uuid(), '真人', 'real', '!', now(), false, '', true, 1)"
        )
    said = run(home, "demo", **STAND_IN, PORT="18765")
    assert (said.returncode, said.stdout) == (1, "")
    assert "BIHUAN_HOME" in said.stderr
    assert accounts_of(home) == ["real"]
    assert not (home / "demo.json").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "http"), ("PORT", "0"), ("SEED", "-1"), ("FINDINGS", "many"), ("ON", "today")]
)
def test_a_variable_that_cannot_be_understood_is_2_and_names_itself(room_of_a_new_home, name, value):
    said = run(room_of_a_new_home, "demo", **{name: value})
    assert (said.returncode, said.stdout) == (2, "")
    assert f"{name}={value}" in said.stderr
    assert not room_of_a_new_home.exists()
