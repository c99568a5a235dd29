"""`bihuan read` as a program: data on stdout, words on stderr, exit codes, no Django."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl

from tests.engines.ofd_files import printed
from tests.engines.stand_ins import stand_in
from tests.samples.make_formats import FINDINGS, OPENING, TITLE, UNIT

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
DOCUMENTS = ROOT / "bihuan" / "demo" / "documents"
PROGRAM = """
import sys
from pathlib import Path
from bihuan.cli.read import read_command

to = Path(sys.argv[2]) if sys.argv[2] else None
code = read_command([Path(name) for name in sys.argv[3:]], as_json=sys.argv[1] == "json", to=to)
loaded = {"django", "psycopg"} & set(sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else code)
"""


def read(
    *files: Path | str, form: str = "json", to: Path | str = "", path: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, form, str(to), *map(str, files)]
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0"}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)


def test_one_object_per_file_and_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    pdf = tmp_path / "扫描件.docx"
    pdf.write_bytes(b"%PDF-1.7")
    result = read(DOCUMENTS / "water_bureau.docx", pdf, tmp_path / "无.txt", DOCUMENTS / "shitang_town.docx")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 3
    assert [len(answer.get("items", [])) for answer in answers] == [34, 0, 0, 28]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, "wrong_type", "not_found", None]
    assert set(answers[1]) == {"file", "error"}
    assert answers[1]["file"] == str(pdf)
    assert "扫描件.docx" in result.stderr


def test_an_ofd_is_read_like_any_other_document(tmp_path: Path) -> None:
    file = tmp_path / "反馈意见.ofd"
    file.write_bytes(printed((f"|{TITLE}", UNIT, OPENING, "一、巡察发现的主要问题", *FINDINGS)))
    result = read(file)
    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert (answer["kind"], len(answer["items"])) == ("feedback", 3)
    assert answer["text"].split("\n")[4:] == list(FINDINGS)


def test_an_old_document_is_read_where_libreoffice_is_and_else_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "反馈意见.doc"
    old.write_bytes((SAMPLES / "refused" / "old_word.doc").read_bytes())
    lacking = read(old)
    assert (lacking.returncode, json.loads(lacking.stdout)["error"]["code"]) == (3, "wrong_type")
    assert "没有装 LibreOffice" in lacking.stderr
    stand_in(tmp_path, (SAMPLES / "formats" / "feedback.docx").read_bytes())
    result = read(old, path=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(json.loads(result.stdout)["items"]) == 3


def test_good_files_exit_with_zero_and_say_nothing_beside_the_data() -> None:
    result = read(DOCUMENTS / "water_bureau.docx")
    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert answer["kind"] == "feedback"
    assert answer["text"][slice(*answer["unit"])] == "云溪区水务局党组"


def test_people_get_a_table() -> None:
    result = read(DOCUMENTS / "water_bureau.docx", form="table")
    assert result.returncode == 0
    assert "反馈意见，云溪区水务局党组，34 条问题" in result.stdout
    assert "二、(二)4.(3)" in result.stdout


def test_people_read_repaired_words_and_programs_the_text_as_it_came(tmp_path: Path) -> None:
    text = "关于巡察青禾县水务局党组的反馈意见\n一、党的领导弱化\n"
    text += "（一）研究重大事項(xiàng)不夠(gòu)，12項(xiàng)变更未上会。\n"
    text += "（二）學(xué)習(xí)不深入，全年只学3次。\n"
    damaged = tmp_path / "反馈.txt"
    damaged.write_text(text, encoding="utf-8")
    answer = json.loads(read(damaged).stdout)
    assert answer["text"] == text
    starts = [item["finding"][0] for item in answer["items"]]
    assert starts == [text.index("研究重大事項"), text.index("學(xué)")]
    assert {one["rule"] for one in answer["repairs"]} == {"pinyin", "simplify"}
    assert all(text[slice(*one["span"])] == one["before"] for one in answer["repairs"])
    assert "研究重大事项不够，12项变更未上会" in read(damaged, form="table").stdout.replace("\n", "")


def test_the_sheet_holds_the_findings_of_all_files(tmp_path: Path) -> None:
    trap = tmp_path / "甲.txt"
    trap.write_text(
        "关于巡察甲局党组的反馈意见\n现将情况反馈如下。\n一、存在问题\n1.=1+1没有入账。\n2.账目混乱。", "utf-8"
    )
    target = tmp_path / "问题.xlsx"
    result = read(DOCUMENTS / "shitang_town.docx", trap, form="table", to=target)
    assert (result.returncode, result.stdout) == (0, "")
    assert "30" in result.stderr
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert len(rows) == 31
    assert rows[1][1:3] == ("石塘镇党委", "二、(一)1.")
    assert rows[29][4] == "=1+1没有入账。"


def test_wrong_use_exits_with_two(tmp_path: Path) -> None:
    assert read().returncode == 2
    assert read(DOCUMENTS / "water_bureau.docx", to=tmp_path / "a.csv").returncode == 2
    result = read(DOCUMENTS / "water_bureau.docx", to=tmp_path / "none" / "a.xlsx")
    assert (result.returncode, result.stdout.count("\n")) == (2, 1)
    assert "写不进" in result.stderr
