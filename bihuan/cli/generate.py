"""`bihuan generate`: a made-up county in an empty database, the same for the same seed and day; works as the owner.

What a county consists of is known to bihuan/demo alone; here: what is asked, how far it is, and the answer.
"""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from importlib import import_module
from typing import Any

from bihuan.cli.django_home import OWNER, Opened, opened
from bihuan.cli.words import DONE, NO, _, show_json, show_table, tell

# The calendar of a made-up county is filled before anything happens in it.
BEFORE_ALL = timedelta(days=700)


@dataclass(frozen=True)
class Wanted:
    """Which county: its seed, how many findings, and the day that is today in it."""

    seed: int
    findings: int
    on: date


def generate_command(wanted: Wanted, *, as_json: bool) -> int:
    """Fill the home's empty database and tell what is in it now."""
    with opened(role=OWNER) as found:
        from bihuan.actions.refusals import Refused

        try:
            _prepare(wanted, found)
        except Refused as refused:
            tell(_(refused.objection.message) % refused.objection.values)
            return NO
        begun = time.monotonic()
        # By name: doors do not import each other, and nobody but this command and the demo needs the generator.
        county = import_module("bihuan.demo.county")
        district, filled = county.make(seed=wanted.seed, findings=wanted.findings, on=wanted.on, tell=_say)
        _answer(wanted, district, filled, seconds=round(time.monotonic() - begun, 1), as_json=as_json)
    return DONE


def _prepare(wanted: Wanted, found: Opened) -> None:
    """The schema of this version, nothing in it, and room for what is to come. Raises Refused."""
    import random

    from bihuan.actions import bulk
    from bihuan.cli import database
    from bihuan.rules.identifiers import drawn_from

    if found.database.source != "dsn":
        bulk.refuse_without_room(wanted.findings, place=found.home)
    at = datetime.combine(wanted.on - BEFORE_ALL, hour(), tzinfo=UTC)
    with drawn_from(random.Random(f"calendar {wanted.seed}")):  # noqa: S311 - a county, not a secret
        database.migrate(at=at)
    bulk.refuse_unless_empty()


def _say(stage: str, done: int = 0, total: int = 0) -> None:
    said = {
        "people": _("正在建立单位、人员和名册。"),
        "mass": _("正在生成问题：巡察对象 {done}/{total}。"),
        "keys": _("正在建立索引并核对约束。"),
        "sample": _("正在逐步办理样例问题。"),
        "figures": _("正在汇总统计数字。"),
    }[stage]
    tell(said.format(done=done, total=total))


def _answer(wanted: Wanted, district: Any, filled: Any, *, seconds: float, as_json: bool) -> None:
    accounts = [{"account": account, "password": password} for account, password in district.passwords.items()]
    if as_json:
        facts = {**asdict(wanted), "on": wanted.on.isoformat(), "seconds": seconds, "accounts": accounts}
        show_json({**facts, "by_actions": filled.by_actions, "in_bulk": filled.in_bulk, "rows": dict(filled.rows)})
        return
    said = _("生成了 {count} 条问题，其中 {sample} 条逐步办理，用了 {seconds} 秒。")
    tell(said.format(count=filled.by_actions + filled.in_bulk, sample=filled.by_actions, seconds=seconds))
    show_table((_("账号"), _("密码")), [(row["account"], row["password"]) for row in accounts])
