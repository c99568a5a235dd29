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
    headless = say("check")
    assert (headless.returncode, "--head-row 写明表头在第几行" in headless.stderr) == (3, True), headless.stderr
    file.write_bytes("问题内容,整改时限,填表说明\n台账没有单位列,2026-12-01,补上\n".encode())
    unsaid = say("check")
    assert unsaid.returncode == 0, "the round has but one unit"
    assert "没有用到的列：填表说明" in unsaid.stderr
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
    assert (both.returncode, one.returncode) == (1, 0), one.stderr
    assert "工作表：台账、二月；读了：二月\n" in one.stderr
    (twice,) = [line.split() for line in both.stdout.splitlines() if line.startswith("二月!D4")]
    assert twice[-2:] == ["见", "台账!D4"]
    wrong = say("check", "--sheet", "二月", "--head-row", "1")
    assert (wrong.returncode, "请核对 --sheet 和 --head-row" in wrong.stderr) == (1, True), wrong.stderr
    nowhere = say("check", "--head-row", "9")
    assert (nowhere.returncode, "工作表有：台账、二月。" in nowhere.stderr) == (3, True), nowhere.stderr
    unknown = say("apply", "--sheet", "三月")
    assert (unknown.returncode, "--sheet 没有“三月”。请写：台账、二月" in unknown.stderr) == (2, True), unknown.stderr
    assert say("apply", "--sheet", "二月", "--json").returncode == 0
