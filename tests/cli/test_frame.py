"""The command's frame: starts at once without Django, says its words in two languages, and answers with codes."""

import subprocess
import sys
import time

import pytest

from tests.cli.launcher.stage import PLAIN, ROOT
from tests.cli.running import run


def test_the_version_comes_at_once(tmp_path):
    run(tmp_path, "--version")
    begun = time.monotonic()
    said = run(tmp_path, "--version")
    assert time.monotonic() - begun < 0.5
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("bihuan ")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["serve", "--help"], ["finding", "step", "--help"]])
def test_version_and_help_load_no_django(arguments):
    asked = (
        "import sys; from bihuan.cli.__main__ import main; code = main(sys.argv[1:]); assert code == 0;"
        "print(*sorted({'django', 'psycopg', 'procrastinate', 'granian'} & set(sys.modules)), file=sys.stderr)"
    )
    told = [sys.executable, "-c", asked, *arguments]
    said = subprocess.run(told, env=PLAIN, cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stderr.strip() == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve", "--port", "x"], "--port 的值不能用：须是整数"),
        (["serve", "--port", "70000"], "不能大于 65535"),
        (["serve", "--prot", "1"], "没有 --prot 这个选项"),
        (["serve", "--port"], "后面须跟一个值"),
        (["finding", "step"], "还缺 ID"),
        (["nothing"], "没有命令 'nothing'"),
        (["db", "status", "more"], "多出了参数 more"),
        (["finding", "step", "1", "close", "--redo-by", "soon"], "不是日期"),
        (["--lang", "fr", "db", "status"], "请写 zh 或 en"),
        (["finding", "list", "--state", "nothing"], "没有状态 nothing"),
        ([], "用法：bihuan"),
    ],
)
def test_a_wrong_call_is_2_with_a_sentence_that_says_what_to_do(tmp_path, arguments, words):
    said = run(tmp_path / "home", *arguments)
    assert (said.returncode, said.stdout) == (2, "")
    assert words in said.stderr
    assert "Traceback" not in said.stderr
    assert not (tmp_path / "home").exists()


def test_help_is_in_the_language_asked_for(tmp_path):
    chinese, english = run(tmp_path, "serve", "--help"), run(tmp_path, "--lang", "en", "serve", "--help")
    assert "用法：" in chinese.stdout
    assert "Usage:" not in chinese.stdout
    assert english.stdout.startswith("Usage: bihuan serve")


def test_output_is_utf_8_whatever_the_terminal_says(tmp_path):
    said = subprocess.run(
        [sys.executable, "-m", "bihuan.cli", "--help"], cwd=ROOT, capture_output=True, check=True,
        env={**PLAIN, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert "巡察整改" in said.stdout.decode()


def test_without_a_database_it_is_4_with_a_sentence(tmp_path):
    file = tmp_path / "home"
    file.write_text("not a folder")
    said = run(file, "db", "status")
    assert (said.returncode, said.stdout) == (4, "")
    assert "请" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_home_that_cannot_be_read_is_4_with_one_sentence(home):
    (home / "secret.key").unlink()
    (home / "secret.key").mkdir()
    said = run(home, "db", "status")
    assert said.returncode == 4
    assert len(said.stderr.strip().splitlines()) == 1


def test_what_nobody_foresaw_is_a_sentence_and_the_log_keeps_the_rest(home):
    broken = run(home, "finding", "list", BIHUAN_TIME_ZONE="Nowhere/At_all")
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr
    assert str(home / "commands.log") in broken.stderr
    assert "Traceback" in (home / "commands.log").read_text()
    assert (home / "commands.log").stat().st_mode & 0o777 == 0o600
