"""What the pages cost at size: database time against one statement by hand, number of statements, whole response.

Run `make bench ARGS="pages --home FOLDER"` on a home made by `bihuan generate`, or with `--rows N` on a new one;
`--against FILE` compares the number of statements with those that an earlier run wrote by `--write FILE`.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench._homes import ask_for_a_home, machine, measured_home

TIMES = 20
MOST_STATEMENTS = 12
RATIO, FLOOR, WITHOUT_RATIO = 3.0, 5.0, 15.0
WHOLE = {"finding": 60, "ledger": 300, "statistics": 300}
SEARCH_MS = 100
PAST_DAYS = 120
SAMPLED = 3_000
LAST = "ledger last page"
# These ask for what belongs to their rows only where there are rows of that kind: at most so many, seldom all.
AS_THERE_IS = ("desk", "finding")


@dataclass(frozen=True)
class Page:
    """One page to measure: its name, address, the same by hand, and the numbers that its rows must show."""

    name: str
    address: str
    by_hand: str


@dataclass(frozen=True)
class Figure:
    """What was measured of one page for one post, in milliseconds."""

    reader: str
    page: str
    own: int
    frame: int
    database: float
    by_hand: float
    response: float

    @property
    def key(self) -> str:
        """What it is compared by with an earlier run."""
        return f"{self.reader} {self.page}"

    def missed(self) -> Iterator[str]:
        """The targets that it misses, in words."""
        if self.own > MOST_STATEMENTS:
            yield f"{self.own} statements > {MOST_STATEMENTS}"
        if self.by_hand >= FLOOR and self.database > RATIO * self.by_hand:
            yield f"database {self.database:.1f} ms > {RATIO:.0f} x {self.by_hand:.1f} ms"
        if self.by_hand < FLOOR and self.database > WITHOUT_RATIO:
            yield f"database {self.database:.1f} ms > {WITHOUT_RATIO:.0f} ms (by hand {self.by_hand:.1f} ms)"
        if "search" in self.page and self.database > SEARCH_MS:
            yield f"search {self.database:.1f} ms > {SEARCH_MS} ms"
        whole = next((most for name, most in WHOLE.items() if self.page.startswith(name)), None)
        if whole is not None and self.response > whole:
            yield f"whole response {self.response:.0f} ms > {whole} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    ask_for_a_home(parser)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--write", type=Path, help="write the number of statements of each page to this file")
    parser.add_argument("--against", type=Path, help="compare with the statements of an earlier run at another size")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--show", action="store_true", help="show every statement of the page with its time")
    asked = parser.parse_args()
    with measured_home(asked) as found:
        figures = _measured(asked, found.database.owner_dsn or "")
    missed = [f"{one.key}: {words}" for one in figures for words in one.missed()]
    counts = {one.key: one.own for one in figures}
    missed += grown(json.loads(asked.against.read_text(encoding="utf-8")), counts) if asked.against else []
    if asked.write:
        asked.write.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    return 1 if missed else 0


def _measured(asked: argparse.Namespace, dsn: str) -> list[Figure]:
    from bench._readers import now_in_the_county, readers
    from bench._visits import clock_at
    from bihuan.models import Finding

    figures = []
    at = now_in_the_county()
    print(f"{Finding.objects.count():,} findings; {machine()}; median of {asked.times}")
    print(HEAD)
    with clock_at(at), readers(at) as found, psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as owner:
        owner.execute("set timezone = 'Asia/Shanghai'")
        for reader in found:
            for page in pages_of(reader, on=_day(at)):
                if asked.only in page.name:
                    figures.append(measure(reader, page, owner, times=asked.times, show=asked.show))
                    print(_line(figures[-1]), flush=True)
    return figures


HEAD = f"{'post':8}{'page':22}{'statements':>12}{'database':>10}{'by hand':>10}{'ratio':>7}{'response':>10}"


def _line(one: Figure) -> str:
    counted = f"{one.own} + {one.frame}"
    ratio = f"{one.database / one.by_hand:.2f}" if one.by_hand >= FLOOR else "-"
    late = "  *" if list(one.missed()) else ""
    return (
        f"{one.reader:8}{one.page:22}{counted:>12}{one.database:>10.1f}{one.by_hand:>10.1f}{ratio:>7}"
        f"{one.response:>10.0f}{late}"
    )


def pages_of(reader: Any, *, on: date) -> list[Page]:
    """The pages of the issue as this reader opens them."""
    from bench import _by_hand as by_hand

    rare, common = words_of(reader)
    one, past = finding_of(reader), on - timedelta(days=PAST_DAYS)
    narrowed = f"f.state = 'in_progress' and f.due_on < '{on}'"
    due = "coalesce(f.due_on, '9999-12-31'), f.number"

    def ledger(name: str, said: str, **how: Any) -> Page:
        return Page(f"ledger {name}", f"/findings/{said}", by_hand.ledger(reader, **how))

    def holding(word: str) -> str:
        return f"(f.text like '%{word}%' or f.number like '%{word}%')"

    def indexed(word: str) -> str:
        return f"finding_grams(f.number || ' ' || f.text) @> finding_grams('{word}') and {holding(word)}"

    return [
        Page("desk", "/", by_hand.desk(reader, on)),
        ledger("first page", ""),
        ledger("last page", "?last=1", order="f.number desc"),
        ledger("filtered", "?state=in_progress&light=overdue", narrowed=narrowed),
        ledger("by due date", "?sort=due", order=due),
        ledger("search, rare", f"?q={quote(rare)}", narrowed=indexed(rare)),
        ledger("search, common", f"?q={quote(common)}", narrowed=holding(common), counted=50),
        Page("statistics today", "/statistics/", by_hand.statistics(reader, on)),
        Page("statistics by unit", "/statistics/?by=unit", by_hand.statistics(reader, on)),
        Page("statistics past", f"/statistics/?on={past}", by_hand.statistics(reader, past)),
        Page("finding", f"/findings/{one}/", by_hand.finding(reader, one)),
    ]


def measure(reader: Any, page: Page, owner: psycopg.Connection, *, times: int, show: bool = False) -> Figure:
    """Visit the page and ask by hand, so many times each."""
    from bench._visits import browser, visit

    seen = visit(browser(reader.actor), page.address, times=times)
    if show:
        print("\n".join(f"      {text}" for text in seen.texts))
    spent = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = owner.execute(page.by_hand).fetchone()  # type: ignore[call-overload]
        spent.append((time.perf_counter() - begun) * 1000)
    _same_rows(answer, page, seen.content)
    return Figure(
        reader.name, page.name, seen.own, seen.frame, seen.database, statistics.median(spent[1:]), seen.response
    )


def _same_rows(answer: Any, page: Page, content: str) -> None:
    """By hand the same findings were found as the page shows; what only one of both tells was not measured alike."""
    if not page.name.startswith("ledger"):
        return
    numbers = [row["number"] for row in answer[0] or ()]
    shown = [number for number in numbers if number in content]
    # The last page has the rest alone, where all rows were counted.
    expected = numbers[: len(shown)] if page.name == LAST and shown else numbers
    assert shown == expected, f"{page.name}: by hand there are {len(numbers)} rows, of which it shows {len(shown)}"


def words_of(reader: Any) -> tuple[str, str]:
    """Two characters that few findings hold, and two that very many do, among those that the reader sees."""
    from collections import Counter

    from bihuan.models import Finding

    texts = Finding.objects.visible_to(reader.actor.scope).order_by("-number").values_list("text", flat=True)[:SAMPLED]
    counted: Counter[str] = Counter()
    for text in texts:
        pairs = (text[at : at + 2] for at in range(len(text) - 1))
        counted.update({pair for pair in pairs if all("一" <= one <= "龥" for one in pair)})
    ranked = [word for word, _ in sorted(counted.items(), key=lambda one: (one[1], one[0]))]
    return ranked[0], ranked[-1]


def finding_of(reader: Any) -> Any:
    """A closed finding, on which much has happened, among those that the reader sees; else any."""
    from bihuan.models import Finding

    seen = Finding.objects.visible_to(reader.actor.scope).exclude(given_on=None)
    closed = seen.filter(state="closed").order_by("-number").values_list("pk", flat=True)
    return closed.first() or seen.values_list("pk", flat=True).first()


def _day(at: Any) -> date:
    from django.utils import timezone

    return timezone.localdate(at)


def grown(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """The pages with another number of statements than at the other size."""
    return [
        f"{key}: {n} statements, {before[key]} at the other size"
        for key, n in now.items()
        if key in before and before[key] != n and key.split()[1] not in AS_THERE_IS
    ]


if __name__ == "__main__":
    sys.exit(main())
