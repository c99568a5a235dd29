"""`bihuan db`: bring the schema up to this version, say how the database is; and what `serve` does before it serves."""

import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bihuan.cli.django_home import OWNER, leave, opened, set_up
from bihuan.cli.words import DONE, NO, NO_DATABASE, _, show_json, show_table, tell

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Migrations:
    """How far the schema is: applied by number, pending by name."""

    applied: int
    pending: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """The machine's time beside the newest act on the record; `holds` unless it stands clearly before it."""

    now: datetime
    newest_event: datetime | None
    holds: bool


def migrate_command() -> int:
    """Apply what is pending, as the owner."""
    with opened(role=OWNER):
        done = migrate()
    said = _("数据库已升级，办了 {count} 步。") if done else _("数据库已是最新，无须升级。")
    tell(said.format(count=done))
    return DONE


def status_command(*, as_json: bool) -> int:
    """Say how the database is; 1 when it waits for a migration or the clock went back."""
    with opened() as found:
        state = migrations()
        number = found.database.version
        facts: dict[str, Any] = {
            "home": str(found.home),
            "source": found.database.source,
            "version": f"{number // 10000}.{number % 10000}",
            "applied": state.applied,
            "pending": list(state.pending),
            **_use(is_ready=not state.pending),
        }
    if as_json:
        show_json(facts)
    else:
        _show_status(facts)
    return DONE if not state.pending and facts["clock"]["holds"] else NO


def prepare() -> int:
    """Before serving: migrate if behind and allowed to, check the clock; one JSON line tells the supervisor."""
    set_up()
    try:
        pending = migrations().pending
        if pending and os.environ.get("BIHUAN_MAY_MIGRATE") != "1":
            tell(_("数据库须先升级，但没有给 BIHUAN_OWNER_DSN。请设好后运行 bihuan db migrate。"))
            return NO_DATABASE
        done = migrate() if pending else 0
        clock = clock_now()
        if not clock.holds:
            tell(refusal_of(clock))
            return NO_DATABASE
        from bihuan.queries import _running

        show_json({"migrated": done, "empty": _running.is_empty()})
        return DONE
    finally:
        leave()


def migrate(*, at: datetime | None = None) -> int:
    """Apply what is pending and fill the work calendar, as of now or of `at`; return how many were applied."""
    from django.core.management import call_command

    pending = migrations().pending
    if pending:
        tell(_("正在升级数据库，共 {count} 步。").format(count=len(pending)))
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    _fill_calendar(at or datetime.now(UTC))
    return len(pending)


def migrations() -> Migrations:
    """Compare the migrations of this version with those the database has."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Migrations(
        applied=len(executor.loader.applied_migrations),
        pending=tuple(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan),
    )


def clock_now() -> Clock:
    """The clock of this machine against the record."""
    from bihuan.queries import _running

    now, newest = datetime.now(UTC), _running.newest_event_at()
    return Clock(now=now, newest_event=newest, holds=newest is None or now >= newest - CLOCK_TOLERANCE)


def refusal_of(clock: Clock) -> str:
    """Both times and what to do, in the time of this installation."""
    from django.utils import timezone

    assert clock.newest_event
    said = _(
        "系统时间是 {now}，早于最近一次办理的时间 {newest}，时钟可能被调回。请校准系统时间后再启动；数据没有改动。"
    )
    now, newest = (
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") for moment in (clock.now, clock.newest_event)
    )
    return said.format(now=now, newest=newest)


def _use(*, is_ready: bool) -> dict[str, Any]:
    from bihuan.queries import _running
    from bihuan.queries.health import health

    now = datetime.now(UTC)
    clock = clock_now() if is_ready else Clock(now=now, newest_event=None, holds=True)
    return {
        "accounts": _running.open_accounts() if is_ready else 0,
        "sessions": _running.open_sessions(at=now) if is_ready else 0,
        "worker": health(at=now, worker_expected=True).is_well if is_ready else False,
        "size": _running.database_size(),
        "clock": {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(clock).items()
        },
    }


def _show_status(facts: dict[str, Any]) -> None:
    sources = {
        "dsn": _("给定的连接串"),
        "wheel": _("随软件安装的 PostgreSQL"),
        "system": _("系统的 PostgreSQL"),
    }
    clock = facts["clock"]
    rows = [
        (_("文件夹"), facts["home"]),
        (_("来源"), sources.get(facts["source"], facts["source"])),
        (_("版本"), f"PostgreSQL {facts['version']}"),
        (_("已升级"), _("{count} 步").format(count=facts["applied"])),
        (_("待升级"), _("{count} 步").format(count=len(facts["pending"]))),
        (_("启用的账号"), str(facts["accounts"])),
        (_("登录中的会话"), str(facts["sessions"])),
        (_("定时任务"), _("运行中") if facts["worker"] else _("没有运行")),
        (_("大小"), f"{facts['size'] / 1024 / 1024:.1f} MB"),
        (
            _("时钟"),
            _("正常") if clock["holds"] else _("早于最近一次办理：{newest}").format(newest=clock["newest_event"]),
        ),
    ]
    show_table((_("项目"), _("情况")), rows)
    if facts["pending"]:
        tell(_("请运行 bihuan db migrate 升级数据库。"))


def _fill_calendar(at: datetime) -> None:
    from django.db import transaction

    from bihuan.actions import terms

    with transaction.atomic():
        terms.fill_calendar(at=at)
