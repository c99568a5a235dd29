"""The roles: what they are, what they may, what they may not; and that they can be made again and again."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bihuan.cli.launcher import Database
from bihuan.cli.launcher.home import Home
from bihuan.cli.launcher.roles import make_roles, passwords_of

_MAKE = """
CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, word text);
CREATE SEQUENCE counter;
CREATE FUNCTION doubled(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
REVOKE EXECUTE ON FUNCTION doubled FROM PUBLIC;
"""


@pytest.fixture
def owner(running: tuple[Path, Database]) -> Iterator[psycopg.Connection]:
    """The owner's connection; what it does is rolled back."""
    connection = psycopg.connect(running[1].owner_dsn or "")
    yield connection
    connection.rollback()
    connection.close()


def test_neither_role_is_strong(owner: psycopg.Connection) -> None:
    found = owner.execute(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb"
        " FROM pg_roles WHERE rolname IN ('bihuan_app', 'bihuan_owner') ORDER BY 1"
    ).fetchall()
    assert found == [
        ("bihuan_app", True, False, False, False, False, False),
        ("bihuan_owner", True, False, False, False, False, True),
    ]


def test_no_other_role_can_log_in(owner: psycopg.Connection) -> None:
    found = owner.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin OR rolsuper ORDER BY 1").fetchall()
    assert found == [("bihuan_admin",), ("bihuan_app",), ("bihuan_owner",)]


def test_the_owner_owns_database_and_schema_and_the_application_nothing(owner: psycopg.Connection) -> None:
    assert owner.execute(
        "SELECT pg_get_userbyid(datdba), pg_get_userbyid(nspowner) FROM pg_database, pg_namespace"
        " WHERE datname = 'bihuan' AND nspname = 'public'"
    ).fetchone() == ("bihuan_owner", "bihuan_owner")
    assert owner.execute(
        "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'bihuan_app'::regrole"
    ).fetchone() == (0,)


def test_what_the_owner_makes_the_application_may_use(owner: psycopg.Connection) -> None:
    owner.execute(_MAKE)
    owner.execute("SET LOCAL ROLE bihuan_app")
    owner.execute("INSERT INTO thing (word) VALUES ('a')")
    owner.execute("UPDATE thing SET word = 'b'")
    assert owner.execute("SELECT word, doubled(2), nextval('counter') FROM thing").fetchone() == ("b", 4, 1)
    owner.execute("DELETE FROM thing")
    owner.execute("CREATE TEMP TABLE passing (n int)")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "TRUNCATE thing",
        "ALTER TABLE thing ADD extra int",
        "DROP TABLE thing",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "SET ROLE bihuan_owner",
        "SET ROLE bihuan_admin",
        "ALTER ROLE bihuan_app BYPASSRLS",
        "COPY thing FROM PROGRAM 'id'",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_application_may_not(running: tuple[Path, Database], statement: str) -> None:
    with psycopg.connect(running[1].owner_dsn or "", autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS thing")
        owner.execute("CREATE TABLE thing (n int)")
        app = psycopg.connect(running[1].app_dsn, autocommit=True)
        with app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)
        owner.execute("DROP TABLE thing")


def test_a_database_the_owner_makes_later_gives_the_same_rights(running: tuple[Path, Database]) -> None:
    parts = conninfo_to_dict(running[1].owner_dsn or "")
    with psycopg.connect(make_conninfo(**{**parts, "dbname": "postgres"}), autocommit=True) as owner:
        for name, template in (("later", ""), ("later_copy", "TEMPLATE bihuan")):
            owner.execute(f"CREATE DATABASE {name} {template}")
            with psycopg.connect(make_conninfo(**{**parts, "dbname": name})) as within:
                test_what_the_owner_makes_the_application_may_use(within)
                within.rollback()
            owner.execute(f"DROP DATABASE {name}")


def test_the_passwords_are_long_different_and_kept_apart(running: tuple[Path, Database]) -> None:
    home, found = running
    kept = json.loads((home / "postgres.passwords.json").read_text())
    assert sorted(kept) == ["bihuan_admin", "bihuan_app", "bihuan_owner"]
    assert len(set(kept.values())) == 3
    assert min(len(password) for password in kept.values()) >= 24
    assert not any(password in repr(found) for password in kept.values())
    said = (home / "postgres.log").read_text()
    assert not any(password in said for password in kept.values())


def test_the_roles_can_be_made_again(running: tuple[Path, Database]) -> None:
    home = Home(running[0])
    folder = str(conninfo_to_dict(running[1].app_dsn)["host"])
    home.roles_mark.unlink()
    make_roles(home, socket_folder=folder, passwords=passwords_of(home))
    assert home.roles_mark.exists()
    with psycopg.connect(running[1].app_dsn) as app:
        assert app.execute("SELECT current_user").fetchone() == ("bihuan_app",)
