"""`bihuan db`: the schema brought up to date as owner, and how the database is."""

import json
from datetime import UTC, datetime, timedelta

import psycopg

from bihuan.cli.launcher import database
from tests.cli.launcher.stage import mode, server_processes
from tests.cli.running import run


def test_migrate_can_be_done_twice_and_leaves_no_server_behind(home):
    again = run(home, "db", "migrate")
    assert (again.returncode, again.stdout) == (0, "")
    assert "无须升级" in again.stderr
    assert not server_processes(home)
    assert mode(home / "secret.key") == 0o600


def test_the_key_is_made_once(home):
    key = (home / "secret.key").read_text()
    assert len(key) > 50
    run(home, "db", "status")
    assert (home / "secret.key").read_text() == key


def test_status_says_how_the_database_is(home):
    said = run(home, "db", "status", "--json")
    facts = json.loads(said.stdout)
    assert (said.returncode, facts["pending"], facts["clock"]["holds"]) == (0, [], True)
    assert facts["applied"] > 40
    assert (facts["home"], facts["accounts"], facts["sessions"], facts["worker"]) == (str(home), 0, 0, False)
    assert facts["size"] > 1_000_000
    assert "无须" not in said.stderr


def test_an_empty_database_waits_for_its_migrations(room_of_a_new_home):
    said = run(room_of_a_new_home, "db", "status", "--json")
    facts = json.loads(said.stdout)
    assert said.returncode == 1
    assert "bihuan.0001_initial" in facts["pending"]
    assert facts["applied"] == 0


def test_migrate_without_the_owner_is_4_and_says_which_variable(home):
    with database(home, environ={}) as found:
        said = run(home, "db", "migrate", BIHUAN_DSN=found.app_dsn)
        assert said.returncode == 4
        assert "BIHUAN_OWNER_DSN" in said.stderr
        assert run(home, "db", "status", BIHUAN_DSN=found.app_dsn).returncode == 0


def test_the_calendar_is_filled_by_migrating(home):
    with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
        (days,) = owner.execute("select count(*) from calendar_day where not provisional").fetchone()
    assert days > 100


def test_a_clock_that_went_back_shows_in_the_status(home):
    newest = write_event_at(home, datetime.now(UTC) + timedelta(hours=2))
    said = run(home, "db", "status", "--json")
    assert said.returncode == 1
    clock = json.loads(said.stdout)["clock"]
    assert clock["holds"] is False
    assert datetime.fromisoformat(clock["newest_event"]) == newest


def test_a_clock_a_little_behind_is_no_hindrance(home):
    write_event_at(home, datetime.now(UTC) + timedelta(minutes=4))
    assert run(home, "db", "status").returncode == 0


def write_event_at(home, at):
    """An act on the record at that instant."""
    with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
        owner.execute(
            "insert into event (id, at, via, actor, thing, thing_id, step, state_from, state_to, content_hash,"
            " body_digest) values (gen_random_uuid(), %s, 'web', '某人', 'account', gen_random_uuid(), 'sign_in',"
            " '', '', '', '')",
            [at],
        )
    return at
