"""`bihuan import`: a ledger checked without a word written, every fault by its cell; then brought in whole."""

import json
from pathlib import Path

import openpyxl

from tests.cli.test_findings import Town, town
from tests.engines.ledger_files import ledger, row

__all__ = ["town"]
ROUND = "云溪〔2026〕3"
UNIT = "县教育局"


def test_a_ledger_is_checked_mended_and_brought_in(town: Town, tmp_path: Path):
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger([row(1, unit="县教育厅"), row(2, unit=UNIT, given="2025-02-30"), row(3, unit=UNIT)]))

    def say(deed: str, *more: str, role: str = "office_director"):
        return town.say(role, "import", deed, str(file), "--round", ROUND, *more)

    told = say("check")
    assert told.returncode == 1, told.stderr
    lines = told.stdout.splitlines()
    assert "被巡察单位 → 被巡察单位" in lines
    (faulty,) = [line for line in lines if line.startswith("B3")]
    assert faulty.split() == ["B3", "县教育厅", "没有这个单位，请写本轮被巡察单位的全称。", UNIT]
    assert any(line.startswith("L4") and "2025-02-28" in line for line in lines)
    assert "2 处要改" in told.stderr
    assert say("apply").returncode == 1
    file.write_bytes(ledger([row(1, unit=UNIT), row(2, unit=UNIT), row(3, unit=UNIT)]))
    clean = say("check", "--json")
    assert clean.returncode == 0, clean.stderr
    said = json.loads(clean.stdout)
    assert (said["rows"], said["outcomes"], said["faults"]) == (3, {"new": 3}, [])
    done = say("apply", "--sender", "县审计局", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["drafts"], len(made["feedback"])) == (3, 1)
    again = say("check")
    assert (again.returncode, "没有变化 3" in again.stderr) == (0, True)
    assert say("check", role="system_officer").returncode == 2, "an officer sees no round to choose"
    file.write_bytes("甲,乙\n1,2\n".encode())
    assert say("check").returncode == 3
    file.write_bytes(b"MZ\0\0")
    assert say("check").returncode == 3


def test_one_sheet_of_a_workbook_is_read_where_it_is_named(town: Town, tmp_path: Path):
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger([row(1, unit=UNIT), row(2, unit=UNIT)]))

    def say(deed: str, *more: str):
        return town.say("office_director", "import", deed, str(file), "--round", ROUND, *more)

    book = openpyxl.load_workbook(file)
    book.copy_worksheet(book.active).title = "二月"
    book["二月"]["D3"] = "账外资金没有入账。"
    book.save(file)
    both, one = say("check"), say("check", "--sheet", "二月", "--head-row", "2")
    assert (both.returncode, one.returncode, "工作表：台账、二月" in one.stderr) == (1, 0, True), one.stderr
    unknown = say("apply", "--sheet", "三月")
    assert (unknown.returncode, "--sheet 没有“三月”。请写：台账、二月" in unknown.stderr) == (2, True), unknown.stderr
    assert say("apply", "--sheet", "二月", "--json").returncode == 0
