"""A database that was given by its connection string: looked at, refused where it would not be safe, never managed."""

from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bihuan.cli.launcher.binaries import OLDEST_MAJOR
from bihuan.cli.launcher.home import NoDatabase
from bihuan.cli.launcher.roles import APP, NAME, OWNER, ROLE_SQL, SCHEMA_SQL

_STRONG_ROLES = (
    "SELECT current_user, string_agg(quote_ident(rolname), ', ' ORDER BY rolname) FROM pg_roles"
    " WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER')"
)


def check_given(name: str, dsn: str) -> int:
    """Return the version of the server that the variable of this name leads to; refuse an unsafe or old one.

    Neither the connection string nor its password is ever part of the refusal.
    """
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.Error:
        raise NoDatabase(
            f"{name} 不是能读懂的连接串。请写成 postgresql://账户:口令@主机:5432/库名，"
            "或 host=… dbname=… user=… password=…，口令中的特殊字符须转义。"
        ) from None
    try:
        with psycopg.connect(dsn, connect_timeout=int(parts.get("connect_timeout") or 10)) as connection:
            version = connection.info.server_version
            if version < OLDEST_MAJOR * 10000:
                raise NoDatabase(
                    f"{name} 指向的 PostgreSQL 是 {version // 10000} 版，太旧。请升级到 {OLDEST_MAJOR} 版或更新的版本。"
                )
            found = connection.execute(_STRONG_ROLES).fetchone()
    except (psycopg.Error, ValueError) as error:
        raise NoDatabase(
            f"连不上 {name} 指向的数据库（{_place(parts)}）：{_without_secrets(error, parts)}。"
            f"请检查数据库是否开着，以及 {name} 里的主机、端口、库名、账户和口令。"
        ) from None
    role, strong = found or ("", None)
    if strong:
        raise NoDatabase(_too_strong(name, str(role), str(strong)))
    return version


def _place(parts: Mapping[str, object]) -> str:
    named = [f"{key}={parts[key]}" for key in ("host", "hostaddr", "port", "dbname", "user") if parts.get(key)]
    return " ".join(named) or "未写主机"


def _without_secrets(error: Exception, parts: Mapping[str, object]) -> str:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    for key, value in parts.items():
        if "password" in key and value:
            text = text.replace(str(value), "***")
    return text


def _too_strong(name: str, role: str, strong: str) -> str:
    statements = [
        *(f"CREATE ROLE {role} {attributes} PASSWORD '…';" for role, attributes in ROLE_SQL.items()),
        f"GRANT {APP} TO {OWNER};",
        f"CREATE DATABASE {NAME} OWNER {OWNER};",
        f"\\connect {NAME}",
        *(f"{statement};" for statement in SCHEMA_SQL),
    ]
    return (
        f"{name} 的账户 {role} 是超级用户、可以绕过行级权限，或能变成这样的账户（{strong}），不能用来运行本软件。"
        f"请用下面的语句建立账户，再把 {name} 改成用 {APP}（BIHUAN_OWNER_DSN 用 {OWNER}）：\n" + "\n".join(statements)
    )
