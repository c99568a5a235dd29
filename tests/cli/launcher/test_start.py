"""What a start makes: a closed folder, a server without TCP and trust, the wished locale and settings, a silent log."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bihuan.cli.launcher import Database, available_binaries, database, resolve_home
from bihuan.cli.launcher.binaries import Binaries
from tests.cli.launcher.stage import PLAIN, User, mode, others_reach_the_binaries, processes, rows, server_processes


def test_every_set_of_binaries_gives_a_database_that_answers(
    running: tuple[Path, Database], binaries: Binaries
) -> None:
    _, found = running
    assert found.version // 10000 == binaries.major
    assert found.source == "system"
    for dsn, name in ((found.app_dsn, "bihuan_app"), (found.owner_dsn, "bihuan_owner")):
        with psycopg.connect(dsn or "") as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (name, "bihuan")


def test_the_wheel_comes_before_the_system_and_newer_before_older() -> None:
    order = [(found.source, -found.major) for found in available_binaries(PLAIN)]
    assert order
    assert order == sorted(order, key=lambda one: (one[0] == "system", one[1]))


def test_without_a_wish_the_first_set_is_taken(room: Path) -> None:
    first = available_binaries(PLAIN)[0]
    with database(room / "home", environ=PLAIN) as found:
        assert (found.source, found.version // 10000) == (first.source, first.major)


def test_what_is_made_is_closed_and_no_parent_folder_is_touched(room: Path, environ: dict[str, str]) -> None:
    parents = [room, room / "open", room / "open" / "closed", *room.parents]
    parents[1].mkdir()
    parents[2].mkdir(mode=0o700)
    before = [(mode(folder), folder.stat().st_uid, folder.stat().st_gid) for folder in parents]
    home = parents[2] / "home"
    with database(home, environ=environ):
        made = list(home.rglob("*"))
        assert {mode(path) for path in made if path.is_socket()} == {0o700}
        assert {mode(path) for path in (home, *made) if path.is_dir()} == {0o700}
        assert {mode(path) for path in made if path.is_file()} == {0o600}
        assert {path.lstat().st_uid for path in (home, *made)} == {os.geteuid()}
    assert [(mode(folder), folder.stat().st_uid, folder.stat().st_gid) for folder in parents] == before


def test_nobody_gets_in_without_the_right_password(running: tuple[Path, Database]) -> None:
    home, found = running
    rules = (home / "postgres" / "pg_hba.conf").read_text().split("\n")
    assert [rule.split() for rule in rules if rule.strip() and not rule.startswith("#")] == [
        ["local", "all", "all", "scram-sha-256"]
    ]
    parts = {name: value for name, value in conninfo_to_dict(found.app_dsn).items() if name != "password"}
    for role in ("bihuan_admin", "bihuan_owner", "bihuan_app", "postgres", "root"):
        for secret in ({"password": "wrong"}, {"password": ""}):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(make_conninfo(**{**parts, **secret, "user": role, "passfile": "/dev/null"}))


def test_no_process_of_the_server_listens_on_a_port(running: tuple[Path, Database]) -> None:
    home, _ = running
    sockets = set()
    for number in server_processes(home):
        for descriptor in Path(f"/proc/{number}/fd").iterdir():
            sockets.add(os.readlink(descriptor) if descriptor.is_symlink() else "")
    assert any(name.startswith("socket:") for name in sockets)
    lines = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().split("\n")[1:]
    ]
    assert not [line for line in lines if line and line[3] == "0A" and f"socket:[{line[9]}]" in sockets]


def test_the_settings_are_those_of_a_durable_and_modest_server(
    running: tuple[Path, Database], binaries: Binaries
) -> None:
    wished = {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "TimeZone": "UTC",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
    }
    with psycopg.connect(running[1].app_dsn) as connection:
        for name, value in wished.items():
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,), name
        locale = connection.execute(
            "SELECT datlocprovider, datctype, upper('é'), '巡' ~ '^\\w$' FROM pg_database WHERE datname = 'bihuan'"
        ).fetchone()
    assert locale == ("b" if binaries.major >= 17 else "c", "C.UTF-8", "É", True)


def test_the_log_tells_nothing_of_what_was_typed(running: tuple[Path, Database]) -> None:
    home, found = running
    secret = "某甲的身份证号"
    with psycopg.connect(found.app_dsn, autocommit=True) as connection:
        for statement in ("SELECT %s::int", "SELECT 1 / (length(%s) - 7)", "INSERT INTO nowhere VALUES (%s)"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, [secret])
        with pytest.raises(psycopg.Error):
            connection.execute(f"SELECT '{secret}' FROM nowhere")
        connection.execute("CREATE TEMP TABLE once (word text UNIQUE)")
        connection.execute("INSERT INTO once VALUES (%s)", [secret])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO once VALUES (%s)", [secret])
    said = (home / "postgres.log").read_text()
    assert "ready to accept connections" in said
    assert secret not in said
    assert "nowhere" not in said


@pytest.mark.parametrize(
    "name",
    ["很长的名字" * 6 + "/" + "long" * 40, "a $HOME `id` 'b' \"c\", d\\e %s {f}", "巡察 整改"],
    ids=["long", "odd", "Chinese"],
)
def test_any_name_of_a_home_will_do(made: Path, room: Path, environ: dict[str, str], name: str) -> None:
    home = room / name
    shutil.copytree(made, home)
    for _ in range(2):
        with database(home, environ=environ) as found:
            assert rows(found.app_dsn) == [0]
            folder = Path(str(conninfo_to_dict(found.app_dsn)["host"]))
            assert mode(folder) == 0o700
            assert folder == home / "postgres" or len(str(folder)) < 40
        assert folder == home / "postgres" or not folder.exists()
        assert not server_processes(home)


def test_a_home_that_was_moved_opens_at_its_new_place(home: Path, room: Path, environ: dict[str, str]) -> None:
    home.rename(room / "elsewhere")
    with database(room / "elsewhere", environ=environ) as found:
        assert rows(found.app_dsn) == [0]


def test_settings_of_libpq_in_the_environment_do_not_lead_astray(home: Path, user: Callable[..., User]) -> None:
    one = user(home, PGPORT="5999", PGDATA="/nowhere", PGHOST="127.0.0.1", PGUSER="x", PGDATABASE="y", PGOPTIONS="")
    assert rows(one.enters()["app"]) == [0]
    assert one.leaves() == 0


def test_the_home_is_the_named_one_else_of_the_checkout_else_of_the_user(tmp_path: Path) -> None:
    checkout = Path(__file__).resolve().parents[3]
    assert resolve_home({"BIHUAN_HOME": str(tmp_path / "x")}) == tmp_path / "x"
    assert resolve_home({"BIHUAN_HOME": "here"}) == Path.cwd() / "here"
    assert resolve_home({"BIHUAN_HOME": ""}) == checkout / "var" / "demo"


def test_an_installed_package_keeps_its_home_in_the_data_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bihuan.cli.launcher.home.__file__", str(tmp_path / "site/bihuan/cli/launcher/home.py"))
    assert resolve_home({"HOME": "/h"}) == Path("/h/.local/share/bihuan")
    assert resolve_home({"HOME": "/h", "XDG_DATA_HOME": "/d"}) == Path("/d/bihuan")
    assert resolve_home({"HOME": "/h", "XDG_DATA_HOME": "relative"}) == Path("/h/.local/share/bihuan")


if others_reach_the_binaries():

    def test_root_without_namespaces_uses_an_account_that_is_there(room: Path, environ: dict[str, str]) -> None:
        before = (mode(room), room.stat().st_uid)
        without = {**environ, "PATH": "/nowhere"}
        home = room / ("long" * 40)
        for _ in range(2):
            with database(home, environ=without) as found, psycopg.connect(found.app_dsn) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
                owner = (home / "postgres").stat().st_uid
                assert owner != 0
                assert {Path(f"/proc/{number}").stat().st_uid for number in server_processes(home)} == {owner}
                folder = Path(str(conninfo_to_dict(found.app_dsn)["host"]))
                assert (mode(folder), folder.stat().st_uid) == (0o700, owner)
            assert not folder.exists()
        assert (mode(room), room.stat().st_uid) == before
        assert mode(home) == 0o711
        closed = [path for path in home.iterdir() if path.name != "postgres"]
        assert {(mode(path), path.stat().st_uid) for path in closed} == {(0o600, 0)}
        with database(home, environ=environ) as found:
            assert found.version
        assert not processes(room)
