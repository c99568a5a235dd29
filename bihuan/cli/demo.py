"""`bihuan demo`: a county to look at, in a home marked as a demo's; `serve` with the county filled in before.

The mark `demo.json` is written before anything is filled in and says `filled` last, so that half a county is noticed.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bihuan.cli.django_home import APP, OWNER, leave, set_up
from bihuan.cli.launcher import Database, resolve_home
from bihuan.cli.launcher.home import write_private
from bihuan.cli.serve import Frame, NotPrepared, serve
from bihuan.cli.supervisor import GivenUp, run_to_the_end
from bihuan.cli.words import DONE, NO, USAGE, _, show_table, tell

MARK = "demo.json"
ACCOUNTS = "accounts.json"
SEED, FINDINGS, PORT = 20261122, 1200, 8000
# The pages' own zone (config/settings.py): today in the demo is today on its pages.
ZONE = ("BIHUAN_TIME_ZONE", "Asia/Shanghai")
_FILL = "bihuan.cli.demo:fill"


@dataclass(frozen=True)
class Wish:
    """What county is wished for: its seed, how many findings, and the day that is today in it."""

    seed: int
    findings: int
    on: date


def demo_command() -> int:
    """Serve the demo's home; PORT, SEED, FINDINGS, ON and BIHUAN_HOME come from the environment."""
    try:
        port = _number("PORT", PORT, least=1, most=65535)
        wish = Wish(_number("SEED", SEED), _number("FINDINGS", FINDINGS), _day("ON"))
    except ValueError as refusal:
        tell(str(refusal))
        return USAGE

    def before(frame: Frame) -> Callable[[], None]:
        _county(frame, wish)
        return lambda: _show_accounts(frame.home)

    return serve(host="127.0.0.1", port=port, workers=2, before=before)


def demo_mark(home: Path) -> dict[str, Any] | None:
    """What the mark of a demo's home says; None in any other home."""
    try:
        found = json.loads((home / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def database_name(found: Database) -> str:
    """Which database a mark speaks of: the home's own, or the one that was given."""
    if found.source != "dsn":
        return "own"
    parts = conninfo_to_dict(found.app_dsn)
    return "/".join(str(parts.get(name, "")) for name in ("host", "port", "dbname"))


def fill() -> int:
    """Fill the county in; run in a child as the owner where that account is known, else as the application role."""
    set_up()
    try:
        wished = json.loads(os.environ["BIHUAN_DEMO"])
        place = resolve_home(os.environ) / ACCOUNTS
        # By name: doors do not import each other, and nobody but a demo needs the generator.
        county = import_module("bihuan.demo.county")
        county.fill(
            seed=wished["seed"],
            findings=wished["findings"],
            on=date.fromisoformat(wished["on"]),
            accounts_file=place,
        )
        place.chmod(0o600)
        return DONE
    finally:
        leave()


def _county(frame: Frame, wish: Wish) -> None:
    """Bring the home to a whole county: as it is, filled in now, or filled in again where that was cut short."""
    found = frame.prepare()
    mark = demo_mark(frame.home)
    if not found["empty"]:
        if mark is None or mark.get("database") != database_name(frame.found):
            raise GivenUp(
                _("{home} 里已有不是演示的数据，不能当作演示环境。请用 BIHUAN_HOME 另指定一个文件夹。").format(
                    home=frame.home
                )
            )
        if mark.get("filled"):
            return
        tell(_("上次填充演示数据时中断了，现在重新来过。"))
        _empty_again(frame.found)
        frame.prepare()
    _fill_in(frame, wish)


def _fill_in(frame: Frame, wish: Wish) -> None:
    mark = {**asdict(wish), "on": wish.on.isoformat(), "database": database_name(frame.found)}
    _write_mark(frame.home, {**mark, "filled": False})
    tell(_("正在填充演示数据，最多 {count} 条问题，请稍候。").format(count=wish.findings))
    begun = time.monotonic()
    # The mass is loaded as the owner; where no such account is given the county has the sample alone.
    role = OWNER if frame.found.owner_dsn else APP
    environ = {**frame.environ(role), "BIHUAN_DEMO": json.dumps(mark)}

    def tell_the_time() -> None:
        tell(_("仍在填充，已用 {seconds} 秒。").format(seconds=round(time.monotonic() - begun)))

    code, _said = run_to_the_end(_FILL, environ, meanwhile=tell_the_time)
    if code != DONE:
        tell(_("演示数据没有填充成功。请再运行一次；如仍不行，请删去 {home} 后重来。").format(home=frame.home))
        raise NotPrepared(NO)
    _write_mark(frame.home, {**mark, "filled": True})
    tell(_("演示数据已填好，用了 {seconds} 秒。").format(seconds=round(time.monotonic() - begun)))


def _write_mark(home: Path, mark: dict[str, Any]) -> None:
    write_private(home / MARK, json.dumps(mark, ensure_ascii=False, indent=1) + "\n")


def _empty_again(found: Database) -> None:
    """Drop the half-filled database of a demo's own home and make it anew, with the rights the launcher gives."""
    if found.source == "dsn" or found.owner_dsn is None:
        raise GivenUp(_("给定的数据库里有填了一半的演示数据。请清空它，或换一个空的数据库。"))
    parts = conninfo_to_dict(found.owner_dsn)
    name, owner = sql.Identifier(str(parts["dbname"])), sql.Identifier(str(parts["user"]))
    app = sql.Identifier(str(conninfo_to_dict(found.app_dsn)["user"]))
    with psycopg.connect(make_conninfo(found.owner_dsn, dbname="postgres"), autocommit=True) as connection:
        for text in (
            "DROP DATABASE {name} WITH (FORCE)",
            "CREATE DATABASE {name} OWNER {owner}",
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}",
        ):
            connection.execute(sql.SQL(text).format(name=name, owner=owner, app=app))


def _show_accounts(home: Path) -> None:
    place = home / ACCOUNTS
    try:
        people = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        tell(
            _("账号清单 {place} 不在了。删去 {home} 后再运行，可得到一套新的演示环境。").format(place=place, home=home)
        )
        return
    from bihuan.rules.vocabulary import ROLES

    rows = [
        (
            person["name"],
            person["account"],
            person["password"],
            "；".join(f"{post['organization']} {_(ROLES.get(post['role'], post['role']))}" for post in person["posts"]),
        )
        for person in people
    ]
    show_table((_("姓名"), _("账号"), _("密码"), _("职务")), rows)
    tell(_("账号也写在 {place}。").format(place=place))


def _number(name: str, usual: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    given = os.environ.get(name, "").strip()
    if not given:
        return usual
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        said = _("{name}={given} 不能用。请写 {least} 到 {most} 之间的整数。")
        raise ValueError(said.format(name=name, given=given, least=least, most=most))
    return int(given)


def _day(name: str) -> date:
    given = os.environ.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else datetime.now(ZoneInfo(os.environ.get(*ZONE))).date()
    except ValueError:
        raise ValueError(
            _("{name}={given} 不是日期。请写成 2026-11-22 这样。").format(name=name, given=given)
        ) from None
