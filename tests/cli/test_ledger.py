"""`bihuan ledger`: filters, orders, edges and columns as on the page, and the sheet of the same rows."""

import json

import openpyxl

from tests.cli.test_findings import Town, town

__all__ = ["town"]


def test_the_ledger_is_narrowed_sorted_turned_and_written_as_a_sheet(town: Town, tmp_path):
    def listed(*options: str):
        said = town.say("office_director", "ledger", *options, "--json")
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout)

    everything = [row["number"] for row in listed()["rows"]]
    assert len(everything) > 1
    backwards = listed("--sort", "-number")
    assert [row["number"] for row in backwards["rows"]] == everything[::-1]
    assert (backwards["next"], backwards["previous"]) == ("", "")
    behind = listed("--after", f"{everything[0]}~{everything[0]}")
    assert [row["number"] for row in behind["rows"]] == everything[1:]
    one = listed("--query", everything[0][-5:], "--under", "县教育局", "--round", everything[0].split("-")[0])
    assert [row["number"] for row in one["rows"]] == everything[:1]
    assert listed("--query", "一")["too_short"] is True
    assert listed("--due-from", "2099-01-01")["rows"] == []
    sheet = tmp_path / "ledger.xlsx"
    written = town.say(
        "office_director", "ledger", "--sort", "-number", "--columns", "number,opened", "--xlsx", str(sheet)
    )
    assert (written.returncode, written.stdout.strip()) == (0, str(sheet))
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[2:]] == everything[::-1]
    for wrong in (("--sort", "x"), ("--columns", "x"), ("--due", "8"), ("--round", "x"), ("--under", "x")):
        assert town.say("office_director", "ledger", *wrong).returncode == 2, wrong
    shown = town.say("office_director", "ledger", "--columns", "number,state")
    assert shown.stdout.splitlines()[0].split() == ["编号", "状态"]


def test_the_printed_columns_and_a_kept_form_are_for_sheets(town: Town, tmp_path):
    sheet = tmp_path / "ledger.xlsx"
    done = town.say("office_director", "ledger", "--columns", "printed", "--xlsx", str(sheet))
    assert done.returncode == 0, done.stderr
    heads = [cell.value for cell in openpyxl.load_workbook(sheet).active[2]]
    assert heads[:6] == ["序号", "编号", "责任单位", "问题", "整改目标", "整改措施"]
    assert town.say("office_director", "ledger", "--columns", "goal").returncode == 2
    assert town.say("office_director", "ledger", "--form", "统计").returncode == 2
    unknown = town.say("office_director", "ledger", "--form", "统计", "--xlsx", str(sheet))
    assert unknown.returncode == 2
    assert "--form 没有“统计”" in unknown.stderr
