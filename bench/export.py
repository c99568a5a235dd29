"""What taking the ledger out as a sheet costs, beside bare xlsxwriter writing the same values into the same columns.

Run `make bench ARGS="export --home FOLDER"`. Three times each, in turn: bare, our writing of rows that are in memory,
and the whole export as the job does it, reading piece by piece within sight of the post. The last one is held.
"""

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from bench._homes import ask_for_a_home, machine, measured_home

ROWS, TIMES, TARGET = 100_000, 3, 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    ask_for_a_home(parser, rows=ROWS)
    parser.add_argument("--most", type=int, default=ROWS, help="rows to export")
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    with measured_home(asked), tempfile.TemporaryDirectory() as folder:
        ratio = _measured(Path(folder) / "sheet.xlsx", most=asked.most, times=asked.times)
    if ratio > TARGET:
        print(f"missed: the whole export takes {ratio:.2f} times bare xlsxwriter > {TARGET}", file=sys.stderr)
    return 1 if ratio > TARGET else 0


def _measured(place: Path, *, most: int, times: int) -> float:
    from bench._readers import now_in_the_county, readers
    from bench._visits import clock_at
    from bihuan.queries.findings.columns import COLUMNS, USUAL
    from bihuan.queries.findings.sheets import write_ledger

    at = now_in_the_county()
    with clock_at(at), readers(at) as found:
        actor, on = found[-1].actor, at.date()
        rows = list(_rows(actor, on, most))
        values = [[COLUMNS[code].cell(row, SPEECH) for code in USUAL] for row in rows]
        gc.freeze()  # what is held for all ways to write is no burden of one of them
        ways: dict[str, Callable[[], None]] = {
            "bare xlsxwriter": lambda: _bare(place, [COLUMNS[code].label for code in USUAL], values),
            "writing alone": lambda: write_ledger(place, rows=rows, columns=USUAL, say=SPEECH, note="bench"),
            "the whole export": lambda: write_ledger(
                place, rows=_rows(actor, on, most), columns=USUAL, say=SPEECH, note="bench"
            ),
        }
        spent = _in_turn(ways, times)
    bare = spent["bare xlsxwriter"]
    print(f"{len(rows):,} rows, {len(USUAL)} columns; {machine()}; median of {times}")
    for name, seconds in spent.items():
        print(f"{name:18} {seconds:7.2f} s {seconds / bare:6.2f}")
    return spent["the whole export"] / bare


def _in_turn(ways: dict[str, Callable[[], None]], times: int) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            spent[name].append(time.perf_counter() - begun)
    return {name: statistics.median(seconds) for name, seconds in spent.items()}


def _rows(actor: Any, on: date, most: int) -> Iterator[Any]:
    """As jobs/ledger.py reads them: ids at once, then piece by piece, each in a transaction of its own."""
    from bihuan.queries.acting import acting
    from bihuan.queries.findings import lists
    from bihuan.queries.findings.columns import USUAL
    from bihuan.queries.findings.narrowing import FindingFilters

    with acting(actor):
        ids = lists.ids_for(actor, filters=FindingFilters(), on=on, most=most)
    return lists.lines_in_pieces(ids, actor=actor, on=on, columns=USUAL, around=lambda _done: acting(actor))


def _bare(place: Path, heads: list[str], values: list[list[object]]) -> None:
    workbook = xlsxwriter.Workbook(str(place), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, heads)
    for number, row in enumerate(values, 1):
        sheet.write_row(number, 0, row)
    workbook.close()


class _Speech:
    """Labels as they are, so that no translation is measured."""

    @staticmethod
    def label(text: str) -> str:
        return text

    @staticmethod
    def either(label: Any) -> str:
        return str(label["zh"])


SPEECH: Any = _Speech()


if __name__ == "__main__":
    sys.exit(main())
