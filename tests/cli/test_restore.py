"""`bihuan restore` as a program: data on stdout, words on stderr, exit codes, no Django."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from bihuan.cli.words import speak
from bihuan.cli.restore import restore_command

speak(sys.argv[3])
to = Path(sys.argv[2]) if sys.argv[2] else None
code = restore_command(Path(sys.argv[4]), as_json=sys.argv[1] == "json", to=to)
loaded = {"django", "psycopg"} & set(sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else code)
"""
DAMAGED = "習(xí)近平總書記強(qiáng)調(diào),要整改。\r\n集體資產損失,嚴重?fù)p失。深入貫徹_總書記講話\r\n"
RESTORED = "习近平总书记强调,要整改。\r\n集体资产损失,严重损失。深入贯彻_总书记讲话\r\n"


def restore(
    file: Path | str, form: str = "text", to: Path | str = "", lang: str = "zh"
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", PROGRAM, form, str(to), lang, str(file)]
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0"}
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def damaged(folder: Path) -> Path:
    path = folder / "复制的网页.txt"
    path.write_bytes(DAMAGED.encode())
    return path


def test_the_restored_text_alone_goes_to_stdout(tmp_path: Path) -> None:
    result = restore(damaged(tmp_path))
    assert (result.returncode, result.stdout.decode()) == (0, RESTORED)
    said = result.stderr.decode()
    assert "拼音注音 4" in said
    assert "缺失的字 1" in said


def test_a_sound_text_comes_out_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("没有换行的结尾，(kg)和(a)都在".encode())
    result = restore(path)
    assert (result.returncode, result.stdout) == (0, path.read_bytes())
    assert "没有修复任何内容" in result.stderr.decode()


def test_json_has_the_fixed_shape_and_its_changes_hold(tmp_path: Path) -> None:
    result = restore(damaged(tmp_path), "json")
    assert (result.returncode, result.stderr, result.stdout.count(b"\n")) == (0, b"", 1)
    answer = json.loads(result.stdout)
    assert list(answer) == ["file", "encoding", "text", "changes"]
    assert (answer["encoding"], answer["text"]) == ("utf-8", RESTORED)
    text, reached = "", 0
    for change in answer["changes"]:
        assert list(change) == ["span", "before", "after", "rule", "confidence", "applied"]
        start, end = change["span"]
        assert DAMAGED[start:end] == change["before"]
        if change["applied"]:
            text += DAMAGED[reached:start] + change["after"]
            reached = end
    assert text + DAMAGED[reached:] == RESTORED
    assert [change["before"] for change in answer["changes"] if change["rule"] == "lost"] == ["_"]


def test_to_writes_a_file_and_never_over_the_original(tmp_path: Path) -> None:
    path, target = damaged(tmp_path), tmp_path / "修复.txt"
    result = restore(path, to=target)
    assert (result.returncode, result.stdout, target.read_bytes().decode()) == (0, b"", RESTORED)
    for wrong in (path, tmp_path / "a.docx", tmp_path / "none" / "a.txt"):
        result = restore(path, to=wrong)
        assert (result.returncode, result.stdout, result.stderr.count(b"\n")) == (2, b"", 1)
    assert path.read_bytes().decode() == DAMAGED


def test_a_file_that_cannot_be_read_exits_with_three(tmp_path: Path) -> None:
    word = tmp_path / "意见.txt"
    word.write_bytes(b"PK\x03\x04" + bytes(60))
    empty = tmp_path / "空.txt"
    empty.touch()
    for path, code in ((word, "wrong_type"), (empty, "empty_file"), (tmp_path / "无.txt", "not_found")):
        result = restore(path, "json")
        assert result.returncode == 3
        answer = json.loads(result.stdout)
        assert (set(answer), answer["error"]["code"], answer["file"]) == ({"file", "error"}, code, str(path))
        assert path.name in result.stderr.decode()
        assert restore(path).stdout == b""


def test_the_words_are_there_in_english(tmp_path: Path) -> None:
    said = restore(damaged(tmp_path), lang="en").stderr.decode()
    assert "Restored: pinyin notes 4, Traditional to Simplified" in said
    assert not any("一" <= letter <= "鿿" for letter in said.replace("复制的网页", "").replace(str(tmp_path), ""))
