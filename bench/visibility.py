"""What row security costs: list, count and roll-up over a million rows with the real policy, against hand-written SQL.

The stand-in has the columns, indexes and policies of `finding`; the other side is one statement by the owner with the
same scope in WHERE. Run `make bench ARGS=visibility`, or with `--rows N`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bihuan.cli.launcher import database

TABLE = "finding_standin"
RUNS = 15
# About thirty findings each, as real feedback has; every inspection is of one unit.
INSPECTIONS = 33_000
TARGETS = {"leaf": 1.2, "middle": 2.0, "whole": 2.0}
# Below this many milliseconds a ratio measures the round trip, not the policy; shown, but not held to the target.
FLOOR = 1.0


@dataclass(frozen=True)
class Reader:
    """A post with its scope: what the policy compares with, and the same as words of SQL."""

    name: str
    post: str
    lo: int
    hi: int
    stage: int
    side: str
    inspections: list[str]
    granted: list[str]

    def where(self) -> str:
        """The scope by hand, with every value written out."""
        open_to = f"stage >= {self.stage} and side in ('both', '{self.side}')"
        return (
            f"((unit_lo between {self.lo} and {self.hi} and {open_to} and secrecy = 0)"
            f" or (inspection_id = any('{{{','.join(self.inspections)}}}'::uuid[]) and {open_to} and secrecy <= 1)"
            f" or (f.id = any('{{{','.join(self.granted)}}}'::uuid[]) and secrecy <= 2))"
        )


QUESTIONS = {
    "list": f"select id, number, text, state, due_on from {TABLE} f where {{scope}} order by number limit 50",
    "count": f"select state, count(*) from {TABLE} f where {{scope}} group by state",
    "roll-up": (
        f"select o.id, count(*) from organization o join {TABLE} f on f.unit_lo between o.lo and o.hi"
        " where o.parent_id = %(above)s and {scope} group by o.id"
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as home, database(Path(home), environ=_plain()) as found:
        os.environ |= {
            "BIHUAN_DSN": found.owner_dsn or found.app_dsn,
            "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
        }
        readers, above = _prepare(rows)
        print(f"{rows:,} rows, PostgreSQL {found.version // 10000}, median of {RUNS}; policy ms / by hand ms = ratio\n")
        missed = [line for reader in readers for line in _compare(reader, above[reader.name])]
        from django.db import connection

        connection.close()
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    return 1 if missed else 0


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("BIHUAN_DSN", "BIHUAN_OWNER_DSN")}


def _prepare(rows: int) -> tuple[list[Reader], dict[str, Any]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        return _fill(cursor, rows)


def _fill(cursor: Any, rows: int) -> tuple[list[Reader], dict[str, Any]]:
    from bihuan.models._policies import Placed, placed_sql

    towns, leaves = 30, 90
    cursor.execute("set statement_timeout = 0")
    _tree(cursor, towns, leaves)
    cursor.execute(f"create table {TABLE} (like finding including all)")
    cursor.execute(
        f"insert into {TABLE} (id, number, unit_id, unit_lo, inspection_id, stage, side, secrecy,"
        " feedback_id, round_id,"
        " level, heading, text, typed_by_hand, category, taxonomy_version, severity, fix_now, listed, key,"
        " state, given_on,"
        " due_on, due_basis, due_provisional, remains, stage_goals, changed_at, revision)"
        " select gen_random_uuid(), '云溪〔2026〕' || (k % 40) || '-' || k, o.id, o.lo, i.id, 1, 'both',"
        " case when k % 50 = 0 then 1 else 0 end, i.id, i.id, '二、(一)1.', '',"
        " '问题 ' || k || ' 的具体表现：' || repeat('核查中发现台账不实。', 6),"
        " true, '', '', 'ordinary', false, false, false,"
        " (array['in_progress','closed','pending_review','awaiting_plan','returned'])[1 + k % 5],"
        " date '2026-01-01' + k % 300, date '2026-06-01' + k % 300, '', false, '', '', now(), 1"
        f" from generate_series(1, {rows}) k"
        f" join bench_leaf l on l.n = (k % {INSPECTIONS}) % {towns * leaves} join organization o on o.id = l.id"
        f" join bench_inspection i on i.n = k % {INSPECTIONS}"
    )
    for statement in placed_sql(Placed(TABLE)):
        cursor.execute(statement)
    cursor.execute(f"grant select on {TABLE} to bihuan_app")
    cursor.execute(f"vacuum analyze {TABLE}")
    cursor.execute("analyze")
    return _readers(cursor)


def _tree(cursor: Any, towns: int, leaves: int) -> None:
    width = 1_000_000
    cursor.execute(
        "insert into organization (id, name, short_name, organization_class, parent_id, lo, hi, revision)"
        " values (gen_random_uuid(), '县委', '县委', 'committee', null, 1, 2000000000, 1) returning id"
    )
    (root,) = cursor.fetchone()
    cursor.execute(
        "insert into organization (id, name, short_name, organization_class, parent_id, lo, hi, revision)"
        f" select gen_random_uuid(), '乡镇' || t, '乡镇', 'township', %s, t * {width} + 2, (t + 1) * {width} + 1, 1"
        f" from generate_series(0, {towns - 1}) t",
        [root],
    )
    cursor.execute(
        "insert into organization (id, name, short_name, organization_class, parent_id, lo, hi, revision)"
        " select gen_random_uuid(), '村' || t.n || '-' || v, '村', 'village', t.id,"
        " t.lo + v * 1000, t.lo + v * 1000 + 900, 1"
        " from (select id, lo, row_number() over (order by lo) n from organization"
        " where organization_class = 'township') t,"
        f" generate_series(1, {leaves}) v"
    )
    cursor.execute(
        "create table bench_leaf as select id, row_number() over (order by lo) - 1 as n"
        " from organization where organization_class = 'village'"
    )
    cursor.execute(
        "create table bench_inspection as select gen_random_uuid() as id, n"
        f" from generate_series(0, {INSPECTIONS - 1}) n"
    )


def _readers(cursor: Any) -> tuple[list[Reader], dict[str, Any]]:
    from bihuan.models import Account, Grant, Organization, Post
    from bihuan.rules.identifiers import new_id

    at = datetime.now(UTC)
    root = Organization.objects.get(parent=None)
    town = Organization.objects.filter(parent=root).order_by("lo")[7]
    leaf = Organization.objects.filter(parent=town).order_by("lo")[11]
    seats = (("leaf", leaf, "unit_clerk", 1, "unit"), ("middle", town, "township_reviewer", 1, "office"),
             ("whole", root, "office_director", 0, "office"))  # fmt: skip
    readers = []
    for name, seat, role, stage, side in seats:
        account = Account.objects.create(id=new_id(at), person=name, name=name, password="!", password_changed_at=at)
        post = Post.objects.create(id=new_id(at), account=account, role=role, organization=seat, starts_on=at.date())
        cursor.execute(f"select id from {TABLE} where secrecy = 1 order by id limit 20")
        granted = [row[0] for row in cursor.fetchall()]
        Grant.objects.bulk_create([Grant(id=new_id(at), post=post, thing=thing, why="bench") for thing in granted])
        readers.append(Reader(name, str(post.id), seat.lo, seat.hi, stage, side, [], [str(thing) for thing in granted]))
    return readers, {"leaf": town.id, "middle": root.id, "whole": root.id}


def _compare(reader: Reader, above: Any) -> list[str]:
    missed = []
    for name, question in QUESTIONS.items():
        policy = _timed(_as_reader(reader), question.format(scope="true"), above)
        by_hand = _timed(_as_owner, question.format(scope=reader.where()), above)
        ratio = policy / by_hand
        held = by_hand >= FLOOR
        note = "" if held else "  (under the floor)"
        print(f"{reader.name:7} {name:8} {policy:9.2f} / {by_hand:9.2f} = {ratio:5.2f}{note}")
        if held and ratio > TARGETS[reader.name]:
            missed.append(f"{reader.name} {name}: {ratio:.2f} > {TARGETS[reader.name]}")
    return missed


def _as_owner(cursor: Any) -> None:
    cursor.execute("set local role none")


def _as_reader(reader: Reader) -> Callable[[Any], None]:
    def become(cursor: Any) -> None:
        cursor.execute("set local role bihuan_app")
        for name in ("post", "lo", "hi", "stage", "side"):
            cursor.execute("select set_config(%s, %s, true)", [f"app.{name}", str(getattr(reader, name))])

    return become


def _timed(become: Callable[[Any], None], statement: str, above: Any) -> float:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        become(cursor)
        spent = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            cursor.execute(statement, {"above": above})
            cursor.fetchall()
            spent.append((time.perf_counter() - begun) * 1000)
        cursor.execute("set local role none")
    return statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())
