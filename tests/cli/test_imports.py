"""`bihuan import`: a ledger checked without a word written, every fault by its cell; then brought in whole."""

import json
from pathlib import Path

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
    file.write_bytes(b"MZ\0\0")
    assert say("check").returncode == 3
