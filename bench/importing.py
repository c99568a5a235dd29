"""What bringing in a ledger costs, beside reading it with calamine and copying its cells and drafts into bare tables.

Run `make bench ARGS=importing`. Held: the check with its preview, the applying, and what memory they take above an idle
process, the whole of the process that reads the sheet added, though that has gone when the rest reaches its peak.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter

from bench._homes import ask_for_a_home, machine, measured_home

ROWS, TIMES, FINDINGS = 100_000, 3, 2_000
TARGET, MOST_MEMORY = 3.0, 400
SHEET = "台账"
HEADS = (
    "序号", "被巡察单位", "问题编号", "反馈问题", "问题类别", "严重程度", "是否共性", "立行立改", "涉及金额(万元)",
    "牵头单位", "配合单位", "反馈时间", "整改时限", "整改状态", "整改进展", "整改措施", "责任领导", "责任人",
    "联系电话", "备注",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    ask_for_a_home(parser, rows=FINDINGS)
    parser.add_argument("--most", type=int, default=ROWS, help="rows of the ledger")
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    with measured_home(asked), tempfile.TemporaryDirectory() as folder:
        missed = _measured(Path(folder) / "ledger.xlsx", most=asked.most, times=asked.times)
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    return 1 if missed else 0


def write_ledger(place: Path, units: list[str], *, most: int) -> None:
    """An invented ledger under a title, its rows spread over the units."""
    book = xlsxwriter.Workbook(str(place))
    sheet, day = book.add_worksheet(SHEET), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, "巡察反馈问题整改台账")
    sheet.write_row(1, 0, HEADS)
    for at in range(most):
        text = f"第{at}项：专项资金管理不规范，有{at % 89 + 2}笔支出没有附件，涉及{at % 97 + 1}个村。"
        sheet.write_row(
            at + 2, 0, [at + 1, units[at % len(units)], "", text, "专项资金滞留、挪用", "一般", "个性", "否"]
        )
        sheet.write(at + 2, 8, round(at * 0.37 % 100 + 0.01, 2))
        sheet.write_datetime(at + 2, 11, date(2026, 3, 1 + at % 28), day)  # type: ignore[arg-type]
        sheet.write_datetime(at + 2, 12, date(2026, 9, 1 + at % 28), day)  # type: ignore[arg-type]
        more = [
            "正在整改",
            f"已清退第{at}笔，正在完善制度。",
            "逐笔核对，按月上报。",
            "张某某",
            "李某某",
            f"138{at:08}",
            "无",
        ]
        sheet.write_row(at + 2, 13, more)
    book.close()


def _measured(place: Path, *, most: int, times: int) -> list[str]:
    from bench._readers import now_in_the_county, readers
    from bench._visits import clock_at

    at = now_in_the_county()
    with clock_at(at), readers(at) as found:
        actor = next(one.actor for one in found if one.actor.role in ("office_director", "office_clerk"))
        chosen, units = _fullest_round(actor)
        _written_apart(place, units, most)
        content = place.read_bytes()
        idle = _peak()
        reading = _peak_of_reading(content)
        ours, memory, cells = [], 0.0, []
        for turn in range(times):
            ours.append(_ours(content, chosen, actor, at))
            # What calamine takes here, for the bare way, is not ours.
            memory = memory if turn else _peak() - idle + reading
            cells.append(_timed(lambda: _bare_cells(place)))
            _swept()
    checking, applying, drafts = (statistics.median(each) for each in zip(*ours, strict=True))
    print(f"{most:,} rows, {len(HEADS)} columns, {len(content) / 1e6:.1f} MB, {len(units)} units; median of {times}")
    print(machine())
    missed = []
    for name, spent, bare in (("check and preview", checking, statistics.median(cells)), ("apply", applying, drafts)):
        print(f"{name:18} {spent:7.2f} s   bare {bare:7.2f} s   {spent / bare:5.2f}")
        if spent / bare > TARGET:
            missed.append(f"{name} takes {spent / bare:.2f} times the bare way > {TARGET}")
    print(f"memory above idle  {memory:7.0f} MB, {reading:.0f} of it where the sheet is read")
    return [*missed, *([f"{memory:.0f} MB above idle > {MOST_MEMORY}"] if memory > MOST_MEMORY else [])]


def _written_apart(place: Path, units: list[str], most: int) -> None:
    """In a process of its own, so that its memory is not ours."""
    code = "import json, sys; from pathlib import Path; from bench.importing import write_ledger; "
    code += "given = json.load(sys.stdin); write_ledger(Path(given[0]), given[1], most=given[2])"
    given = json.dumps([str(place), units, most])
    subprocess.run([sys.executable, "-c", code], input=given, text=True, check=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _peak_of_reading(content: bytes) -> float:
    """The most that the process which reads the sheet takes, with its Python."""
    from bihuan.engines.reading.formats import calamine_rows

    code = "import resource, subprocess, sys; subprocess.run([sys.executable, '-I', sys.argv[1]], stdin=0, stdout=-3)"
    code += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    command = [sys.executable, "-c", code, calamine_rows.__file__]
    given = json.dumps([SHEET]).encode() + b"\n" + content
    return int(subprocess.run(command, input=given, capture_output=True, check=True).stdout) / 1024


def _fullest_round(actor: Any) -> tuple[Any, list[str]]:
    from bihuan.queries.acting import acting
    from bihuan.queries.imports import rounds_for, units_of

    with acting(actor):
        found = [(key, [unit.name for unit in units_of(key, actor=actor)]) for key, _name in rounds_for(actor)]
    return max(found, key=lambda one: len(set(one[1])))


def _ours(content: bytes, chosen: Any, actor: Any, at: Any) -> tuple[float, float, float]:
    """As jobs/imports.py checks it and the page applies it, to the last key; the bare way beside; then rolled back."""
    from django.db import connection

    from bihuan.actions import imports
    from bihuan.queries.acting import acting, give_up

    with acting(actor), connection.cursor() as cursor:

        def settled(deed: Callable[[], Any]) -> None:
            deed()
            # What waits for the end of the transaction belongs to the deed.
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")

        key = imports.send(round_id=chosen, name="台账.xlsx", content=content, by=actor, at=at)
        checking = _timed(lambda: settled(lambda: imports.check(key, by=actor, at=at)))
        applying = _timed(lambda: settled(lambda: imports.apply(key, by=actor, at=at, on=at.date())))
        cursor.execute("set local role none")
        cursor.execute("create table bare_draft (like draft including all)")
        made = "select d.* from draft d join ledger_import_row r on r.id = d.id"
        bare = _timed(lambda: cursor.execute(f"insert into bare_draft {made}"))
        give_up()
    return checking, applying, bare


def _swept() -> None:
    """What was rolled back is taken away, as the database does it by itself in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum draft, ledger_import, ledger_import_row, feedback, upload")


def _bare_cells(place: Path) -> None:
    """Read by calamine, and every cell copied as text into a table without anything."""
    from django.db import connection

    sheet = python_calamine.CalamineWorkbook.from_path(str(place)).get_sheet_by_index(0)
    columns = ", ".join(f"c{number} text" for number in range(len(HEADS)))
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists bare_cells")
        cursor.execute(f"create table bare_cells ({columns})")
        with cursor.cursor.copy("copy bare_cells from stdin") as copy:
            for row in sheet.iter_rows():
                copy.write_row([str(cell) for cell in row])


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
