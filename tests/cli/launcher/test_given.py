"""A database given by its connection string: used as it is, or refused without a word of the password."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bihuan.cli.launcher import Database, NoDatabase, database
from tests.cli.launcher.stage import PLAIN

SECRET = "geheim 100%"


def _refusal(room: Path, **given: str) -> str:
    with pytest.raises(NoDatabase) as refused, database(room / "home", environ={**PLAIN, **given}):
        pass
    said = str(refused.value)
    assert "请" in said
    assert SECRET not in said
    assert quote(SECRET) not in said
    assert not (room / "home").exists()
    return said


@pytest.fixture
def admin_dsn(running: tuple[Path, Database]) -> str:
    """The connection string of the superuser, which nobody should give."""
    passwords = json.loads((running[0] / "postgres.passwords.json").read_text())
    parts = conninfo_to_dict(running[1].app_dsn)
    return make_conninfo(**{**parts, "user": "bihuan_admin", "password": passwords["bihuan_admin"]})


def test_a_given_database_is_used_and_not_managed(room: Path, running: tuple[Path, Database]) -> None:
    app, owner = running[1].app_dsn, running[1].owner_dsn or ""
    for given in ({"BIHUAN_DSN": app}, {"BIHUAN_DSN": app, "BIHUAN_OWNER_DSN": owner}):
        with database(room / "home", environ={**PLAIN, **given}) as found:
            assert found == Database(
                app_dsn=app, owner_dsn=given.get("BIHUAN_OWNER_DSN"), source="dsn", version=running[1].version
            )
        assert not (room / "home").exists()
    with psycopg.connect(app) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_empty_variable_is_none(home: Path, environ: dict[str, str]) -> None:
    with database(home, environ={**environ, "BIHUAN_DSN": "", "BIHUAN_OWNER_DSN": ""}) as found:
        assert found.source == "system"


@pytest.mark.parametrize("name", ["BIHUAN_DSN", "BIHUAN_OWNER_DSN"])
def test_a_superuser_is_refused_with_the_statements_that_make_the_roles(
    room: Path, running: tuple[Path, Database], admin_dsn: str, name: str
) -> None:
    said = _refusal(room, **{"BIHUAN_DSN": running[1].app_dsn, name: admin_dsn})
    assert said.startswith(name)
    assert "CREATE ROLE bihuan_app LOGIN NOSUPERUSER NOBYPASSRLS" in said
    assert "ALTER DEFAULT PRIVILEGES FOR ROLE bihuan_owner" in said
    assert conninfo_to_dict(admin_dsn)["password"] not in said


@pytest.mark.parametrize("how", ["BYPASSRLS", "SUPERUSER", "IN ROLE strong"])
def test_a_role_that_goes_round_row_security_is_refused(
    room: Path, running: tuple[Path, Database], admin_dsn: str, how: str
) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS weak")
        admin.execute("DROP ROLE IF EXISTS strong")
        admin.execute("CREATE ROLE strong BYPASSRLS")
        admin.execute(f"CREATE ROLE weak LOGIN PASSWORD '{SECRET}' {how}")
        admin.execute("GRANT CONNECT ON DATABASE bihuan TO weak")
        parts = {**conninfo_to_dict(admin_dsn), "user": "weak", "password": SECRET}
        assert "weak" in _refusal(room, BIHUAN_DSN=make_conninfo(**parts))
        admin.execute("REVOKE ALL ON DATABASE bihuan FROM weak")
        admin.execute("DROP ROLE weak")
        admin.execute("DROP ROLE strong")


def test_the_statements_of_the_refusal_make_roles_that_are_accepted(
    room: Path, running: tuple[Path, Database], admin_dsn: str
) -> None:
    said = _refusal(room, BIHUAN_DSN=admin_dsn)
    made = said.split("：\n")[1].replace("bihuan", "county").replace("'…'", f"'{SECRET}'").splitlines()
    at = made.index("\\connect county")
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        for statement in made[:at]:
            admin.execute(statement)
        parts = {**conninfo_to_dict(admin_dsn), "dbname": "county"}
        with psycopg.connect(make_conninfo(**parts), autocommit=True) as within:
            for statement in made[at + 1 :]:
                within.execute(statement)
        app, owner = (make_conninfo(**{**parts, "user": f"county_{x}", "password": SECRET}) for x in ("app", "owner"))
        with database(room / "home", environ={**PLAIN, "BIHUAN_DSN": app, "BIHUAN_OWNER_DSN": owner}) as found:
            assert found.source == "dsn"
        admin.execute("DROP DATABASE county")
        admin.execute("DROP ROLE county_owner")
        admin.execute("DROP ROLE county_app")


@pytest.mark.parametrize(
    "dsn",
    [
        f"postgresql://someone:{SECRET}@[::1/db",
        "postgresql://someone:" + quote(SECRET) + "@h/db?nonsense=1",
        f"host=h password='{SECRET}",
        f"nonsense {SECRET}",
        "postgres:/" + SECRET,
    ],
)
def test_a_string_that_cannot_be_read(room: Path, dsn: str) -> None:
    assert "BIHUAN_DSN" in _refusal(room, BIHUAN_DSN=dsn)


def test_nobody_answers(room: Path) -> None:
    said = _refusal(room, BIHUAN_DSN=f"host={room} dbname=d user=u password='{SECRET}'")
    assert str(room) in said
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    said = _refusal(room, BIHUAN_DSN=f"postgresql://someone:{quote(SECRET)}@127.0.0.1:{port}/db")
    assert str(port) in said


def test_a_wrong_password_or_database(room: Path, running: tuple[Path, Database]) -> None:
    parts = conninfo_to_dict(running[1].app_dsn)
    assert "user=bihuan_app" in _refusal(room, BIHUAN_DSN=make_conninfo(**{**parts, "password": SECRET}))
    assert "dbname=none" in _refusal(room, BIHUAN_DSN=make_conninfo(**{**parts, "dbname": "none"}))


@pytest.fixture
def old_server() -> Iterator[int]:
    """A port where a server says that it is PostgreSQL 14.9 and lets everybody in."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            told = b"server_version\x0014.9\x00"
            connection.sendall(b"R" + struct.pack("!ii", 8, 0))
            connection.sendall(b"S" + struct.pack("!i", 4 + len(told)) + told)
            connection.sendall(b"S" + struct.pack("!i", 25) + b"client_encoding\x00UTF8\x00")
            connection.sendall(b"K" + struct.pack("!iii", 12, 1, 1) + b"Z" + struct.pack("!i", 5) + b"I")
            connection.recv(4096)

    answering = threading.Thread(target=answer)
    answering.start()
    yield listening.getsockname()[1]
    answering.join(10)
    listening.close()


def test_a_server_that_is_too_old(room: Path, old_server: int) -> None:
    dsn = f"host=127.0.0.1 port={old_server} dbname=d user=u password='{SECRET}' sslmode=disable gssencmode=disable"
    said = _refusal(room, BIHUAN_DSN=dsn)
    assert "14 版" in said
    assert "15" in said
