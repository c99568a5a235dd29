"""A hundred people read and write for two minutes on a real server of two processes: errors, lost writes, times.

Run `make bench ARGS=crowd`, or with `--people N --seconds N`. It writes into the home: by default into one of its
own. A conflict that is answered as one (409) is no error; what was answered as kept must be there, once.
"""

import argparse
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench._homes import ask_for_a_home, home_of, machine, plain_environ
from bihuan.cli.django_home import OWNER, opened

PEOPLE, SECONDS, WORKERS = 100, 120, 2
THINKS = (3.0, 9.0)
# Of the reports of progress so many go to the first finding in work, where a colleague may be writing too.
RUSH = 0.3
PASSWORD = "Yunxi-00-bihuan"
WORDS = ("制度", "台账", "党组", "资金", "验收", "补贴", "云溪", "镇村")
HERE = Path(__file__).resolve().parent
COLUMNS = ("50%", "95%", "99%", "Max Response Time")
KEPT = {"note": ("note", "text"), "saved_view": ("saved_view", "name"), "progress": ("progress", "text")}
SINCE = "2020-01-01"
CONFLICT = 409


@dataclass(frozen=True)
class Outcome:
    """What became of it all."""

    requests: int
    errors: int
    conflicts: int
    kept: int
    lost: tuple[str, ...]
    strangers: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    ask_for_a_home(parser)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--thinks", type=float, nargs=2, default=THINKS, help="seconds between two pages, from and to")
    asked = parser.parse_args()
    with home_of(asked) as home:
        outcome = crowd(home, people=asked.people, seconds=asked.seconds, thinks=tuple(asked.thinks))
    print(
        f"{outcome.requests:,} requests, {outcome.errors} errors, {outcome.conflicts} conflicts answered with 409,"
        f" {outcome.kept} writes kept, {len(outcome.lost)} lost, {len(outcome.strangers)} kept though refused"
    )
    for mark in (*outcome.lost, *outcome.strangers):
        print(f"missed: {mark}", file=sys.stderr)
    return 1 if outcome.errors or outcome.lost or outcome.strangers or not outcome.kept else 0


def crowd(home: Path, *, people: int, seconds: int, thinks: tuple[float, ...] = THINKS) -> Outcome:
    """Let so many people work for so long in this home, and look afterwards for what they wrote."""
    os.environ["BIHUAN_HOME"] = str(home)
    with tempfile.TemporaryDirectory(prefix="bihuan-crowd-") as folder, opened(role=OWNER):
        done = Path(folder) / "done.jsonl"
        done.touch()
        said = {"words": WORDS, "done": str(done), "password": PASSWORD, "thinks": thinks, "rush": RUSH}
        said |= {"on": _today(), "people": _people_of(people)}
        place = Path(folder) / "crowd.json"
        place.write_text(json.dumps(said), encoding="utf-8")
        with _serving(home) as address:
            _run_locust(place, Path(folder), address, people=people, seconds=seconds)
        requests, errors = _told(Path(folder))
        return _looked_up([json.loads(line) for line in done.read_text("utf-8").splitlines()], requests, errors)


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))


def _people_of(count: int) -> list[dict[str, Any]]:
    """New accounts: of each ten, seven in units (two to a unit), two in the office, one for the whole county."""
    from datetime import UTC, datetime

    from django.contrib.auth.hashers import make_password

    from bihuan.models import Account, Post
    from bihuan.rules.identifiers import new_id

    at = datetime.now(UTC)
    hashed, made = make_password(PASSWORD), []
    for number, (role, place) in enumerate(_seats(count)):
        name = f"crowd_{number}_{new_id(at).hex[-6:]}"
        account = Account.objects.create(
            id=new_id(at), person=f"众人{number}", name=name, password=hashed, password_changed_at=at
        )
        Post.objects.create(id=new_id(at), account=account, role=role, organization=place, starts_on=SINCE)
        made.append({"account": name, "reports": role.startswith("unit")})
    return made


def _seats(count: int) -> list[tuple[str, Any]]:
    from django.db.models import Count

    from bihuan.models import Finding, Organization

    working = Finding.objects.filter(state="in_progress").order_by().values_list("unit").annotate(n=Count("pk"))
    units = [unit for unit, _ in working.order_by("-n", "unit")]
    office = Organization.objects.filter(organization_class="inspection_office").get()
    root = Organization.objects.get(parent=None)
    seats: list[tuple[str, Any]] = []
    for number in range(count):
        if number % 10 < 7:
            place = len([role for role, _ in seats if role.startswith("unit")])
            role = ("unit_head", "unit_clerk")[place % 2]
            seats.append((role, Organization.objects.get(pk=units[place // 2 % len(units)])))
        else:
            seats.append(("office_clerk", office) if number % 10 < 9 else ("secretary", root))
    return seats


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bihuan.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    with subprocess.Popen(command, env=plain_environ(home), stdout=subprocess.PIPE, stderr=sys.stderr) as server:
        try:
            assert server.stdout
            said = next((line for line in server.stdout if b"is ready" in line), b"")
            assert said, "the server did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def _run_locust(place: Path, folder: Path, address: str, *, people: int, seconds: int) -> None:
    command = [sys.executable, "-m", "locust", "-f", str(HERE / "_crowd_people.py"), "--headless", "--host", address]
    command += ["-u", str(people), "-r", str(max(1, people // 10)), "-t", f"{seconds}s", "--csv", str(folder / "told")]
    command += ["--only-summary", "--stop-timeout", "20", "--loglevel", "WARNING"]
    environ = {**os.environ, "CROWD": str(place)}
    with (folder / "locust.log").open("wb") as log:
        ended = subprocess.run(command, env=environ, stdout=log, stderr=log, check=False, timeout=seconds + 120)
    if ended.returncode:
        print((folder / "locust.log").read_text("utf-8"), file=sys.stderr)
        raise SystemExit("the crowd did not come to its end")


def _told(folder: Path) -> tuple[int, int]:
    """The table of pages with their times; how many requests and errors there were in all."""
    print(f"{machine()}\n{'page':22}{'n':>7}{'errors':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}   ms")
    with (folder / "told_stats.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        times = "".join(f"{float(row[column] or 0):>8.0f}" for column in COLUMNS)
        print(f"{row['Name']:22}{row['Request Count']:>7}{row['Failure Count']:>8}{times}")
    failures = folder / "told_failures.csv"
    if failures.exists():
        with failures.open(encoding="utf-8") as table:
            for row in csv.DictReader(table):
                print(f"error: {row['Name']}: {row['Error']} ({row['Occurrences']})", file=sys.stderr)
    return int(rows[-1]["Request Count"]), int(rows[-1]["Failure Count"])


def _looked_up(done: list[dict[str, Any]], requests: int, errors: int) -> Outcome:
    """Every write that was answered as kept must be there once; every other one must not."""
    from django.db import connection

    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table, column in KEPT.values():
            marks = [one["mark"] for one in done if KEPT[one["thing"]][0] == table]
            cursor.execute(f"select {column} from {table} where {column} = any(%s)", [marks])
            found.update(row[0] for row in cursor.fetchall())
    kept = [one["mark"] for one in done if one["code"] in (302, 303)]
    refused = [one["mark"] for one in done if one["code"] not in (302, 303)]
    return Outcome(
        requests=requests,
        errors=errors,
        conflicts=sum(one["code"] == CONFLICT for one in done),
        kept=len(kept),
        lost=tuple(mark for mark in kept if found[mark] != 1),
        strangers=tuple(mark for mark in refused if found[mark]),
    )


if __name__ == "__main__":
    sys.exit(main())
