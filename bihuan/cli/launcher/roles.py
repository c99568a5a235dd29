"""The two roles the product works with, their database and their rights, made once by the superuser of initdb."""

import json
import secrets
from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bihuan.cli.launcher.cluster import ADMIN
from bihuan.cli.launcher.home import Home, NoDatabase, write_private

APP = "bihuan_app"
OWNER = "bihuan_owner"
NAME = "bihuan"
ROLE_SQL = {
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
    OWNER: "LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE NOREPLICATION",
}
_LATER = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
# In the template as well, so that each later database of the owner (tests make some) begins with the same rights.
SCHEMA_SQL = (
    f"ALTER SCHEMA public OWNER TO {OWNER}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA public TO {APP}",
    f"{_LATER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
    f"{_LATER} GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
    f"{_LATER} GRANT EXECUTE ON FUNCTIONS TO {APP}",
)
_CONNECT_SQL = (
    f"REVOKE ALL ON DATABASE {NAME} FROM PUBLIC",
    f"GRANT CONNECT, TEMPORARY ON DATABASE {NAME} TO {APP}",
    "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
    f"GRANT CONNECT ON DATABASE postgres, template1 TO {OWNER}",
)


def passwords_of(home: Home) -> Mapping[str, str]:
    """Return the passwords of the three roles; they are made once, before the data folder is."""
    if home.passwords.exists() or home.mark.exists():
        return _read_passwords(home)
    made = {role: secrets.token_urlsafe(24) for role in (ADMIN, OWNER, APP)}
    write_private(home.passwords, json.dumps(made, indent=1) + "\n")
    return made


def dsn(role: str, *, socket_folder: str, password: str, database: str = NAME) -> str:
    """Return the connection string of a role."""
    return make_conninfo("", host=socket_folder, port=5432, dbname=database, user=role, password=password)


def make_roles(home: Home, *, socket_folder: str, passwords: Mapping[str, str]) -> None:
    """Make what is missing of roles, database and rights; can be cut short anywhere and done again."""
    if home.roles_mark.exists():
        return

    def connected(database: str) -> psycopg.Connection:
        text = dsn(ADMIN, socket_folder=socket_folder, password=passwords[ADMIN], database=database)
        return psycopg.connect(text, autocommit=True)

    with connected("template1") as template:
        for role, attributes in ROLE_SQL.items():
            _make_role(template, role, attributes=attributes, password=passwords[role])
        template.execute(f"GRANT {APP} TO {OWNER}")
        for statement in SCHEMA_SQL:
            template.execute(statement)
    with connected("postgres") as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            admin.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
        for statement in _CONNECT_SQL:
            admin.execute(statement)
    owner = home.data.stat()
    write_private(home.roles_mark, "complete\n", uid=owner.st_uid, gid=owner.st_gid)


def _make_role(admin: psycopg.Connection, role: str, *, attributes: str, password: str) -> None:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # Only the verifier travels, so the password itself can appear in no log and no list of activities.
    verifier = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("{verb} ROLE {role} {attributes} PASSWORD {verifier}").format(
        verb=sql.SQL("ALTER" if known else "CREATE"),
        role=sql.Identifier(role),
        attributes=sql.SQL(attributes),
        verifier=sql.Literal(verifier),
    )
    admin.execute(statement)


def _read_passwords(home: Home) -> Mapping[str, str]:
    try:
        found = json.loads(home.passwords.read_text(encoding="utf-8"))
        return {role: str(found[role]) for role in (ADMIN, OWNER, APP)}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise NoDatabase(
            f"口令文件 {home.passwords} 缺失或不能读，打不开 {home.data} 里的数据库。"
            "请从备份恢复这个文件，数据没有改动。"
        ) from None
