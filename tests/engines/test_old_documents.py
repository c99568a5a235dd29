"""Old Word and WPS documents by way of LibreOffice; here a stand-in: how it is called, and what it may do wrong."""

import os
import time
from pathlib import Path

import pytest

from bihuan.engines.reading import Unreadable, read_bytes, read_file
from bihuan.engines.reading.formats import converting
from tests.engines.stand_ins import StandIn, stand_in
from tests.engines.test_reading_limits import zipped
from tests.engines.word_files import paragraph, word_file

SAMPLES = Path(__file__).parents[1] / "samples"
OLD = (SAMPLES / "refused" / "old_word.doc").read_bytes()
NEW = (SAMPLES / "formats" / "feedback.docx").read_bytes()
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
WORKS = COMPOUND + "MatOST".encode("utf-16-le") + bytes(512)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("BIHUAN_DSN", "a secret")
    monkeypatch.setattr(converting, "PROGRAMS", ("soffice", "libreoffice"))
    return folder


def refused(content: bytes, name: str = "反馈意见.doc") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_bytes(content, name=name)
    assert caught.value.message.endswith("。")
    assert "请" in caught.value.message
    return caught.value


@pytest.mark.parametrize("program", ["soffice", "libreoffice"])
@pytest.mark.parametrize("name", ["反馈意见.doc", "反馈意见.WPS", "反馈意见", "a; touch b $(c) -o.doc"])
def test_an_old_document_reads_as_the_new_one_that_is_made_of_it(bench: Path, program: str, name: str) -> None:
    called = stand_in(bench, NEW, name=program)
    reading = read_bytes(OLD, name=name)
    assert reading.text == read_file(SAMPLES / "formats" / "feedback.docx").text
    assert len(reading.items) == 3
    noted = called.notes()
    assert (noted["given"], bytes.fromhex(noted["content"])) == ("given.doc", OLD)


def test_the_program_has_a_folder_of_its_own_and_nothing_of_it_stays(bench: Path) -> None:
    noted = _called(bench)
    folder = Path(noted["folder"])
    assert noted["profile"] == f"{folder}/profile"
    assert not folder.exists()
    assert noted["around"]["HOME"] == noted["around"]["TMPDIR"] == str(folder)
    assert "BIHUAN_DSN" not in noted["around"]
    assert noted["input"] == ""


def test_the_program_runs_no_macro_and_reaches_no_network(bench: Path) -> None:
    settings = _called(bench)["settings"]
    for name, value in (("DisableMacrosExecution", "true"), ("MacroSecurityLevel", "3"), ("Link", "2")):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings
    for name, value in (("ooInetProxyType", "2"), ("ooInetHTTPProxyPort", "9"), ("BlockUntrustedRefererLinks", "true")):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings


def test_the_program_has_limited_memory(bench: Path) -> None:
    assert 0 < _called(bench)["memory"] <= converting.MAX_MEMORY
    stand_in(bench, NEW, deed=f"bytearray({converting.MAX_MEMORY})\nshutil.copy(sound, made)")
    assert refused(OLD).code == "damaged"


def _called(bench: Path) -> dict[str, str]:
    called = stand_in(bench, NEW)
    read_bytes(OLD, name="反馈意见.doc")
    return called.notes()


def test_a_document_of_works_is_handed_on_under_its_own_ending(bench: Path) -> None:
    called = stand_in(bench, NEW)
    assert len(read_bytes(WORKS, name="反馈意见.wps").items) == 3
    assert called.notes()["given"] == "given.wps"


def test_without_the_program_a_person_is_told_what_to_do(bench: Path) -> None:
    for content, name in ((OLD, "反馈意见.doc"), (OLD, "反馈意见.wps"), (WORKS, "反馈意见.wps"), (OLD, "反馈意见")):
        error = refused(content, name)
        assert error.code == "wrong_type"
        assert error.message.startswith(
            "这是旧版 Word（.doc）或 WPS 文件，这里没有装 LibreOffice，读不了。请用 Word 或 WPS"
        )
    assert list(bench.iterdir()) == []


def test_a_program_that_hangs_is_stopped_with_all_that_it_started(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "SECONDS", 5)
    deed = "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    deed += f"Path({str(bench / 'child')!r}).write_text(str(child.pid))\ntime.sleep(600)"
    called = stand_in(bench, NEW, deed=deed)
    begin = time.monotonic()
    error = refused(OLD)
    assert (error.code, "规定时间" in error.message) == ("too_large", True)
    assert time.monotonic() - begin < 30
    assert not any(_is_alive(pid) for pid in (called.notes()["pid"], int((bench / "child").read_text())))
    assert not Path(called.notes()["folder"]).exists()


def test_what_a_finished_program_leaves_running_is_stopped(bench: Path) -> None:
    deed = "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    deed += f"Path({str(bench / 'child')!r}).write_text(str(child.pid))\nshutil.copy(sound, made)"
    stand_in(bench, NEW, deed=deed)
    assert len(read_bytes(OLD, name="a.doc").items) == 3
    assert not _is_alive(int((bench / "child").read_text()))


def _is_alive(pid: int) -> bool:
    """Whether it still runs a while after it was told to stop; a dead one that nobody has asked about is none."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.05)
    return True


WRONG = {
    "fails": "sys.exit(1)",
    "fails after all": "shutil.copy(sound, made)\nsys.exit(77)",
    "crashes": "os.abort()",
    "makes nothing": "pass",
    "makes something else": "made.write_text('a letter')",
    "makes nothing of it": "made.touch()",
    "makes a folder": "made.mkdir()",
    "makes a link": "made.symlink_to(sound)",
    "makes a pipe": "os.mkfifo(made)",
    "makes another name": "shutil.copy(sound, made.with_name('other.docx'))",
    "writes without end": f"made.open('wb').truncate({converting.MAX_WRITTEN + 1})",
    "hands back the same": "shutil.copy(given, made)",
}


@pytest.mark.parametrize("deed", WRONG.values(), ids=WRONG.keys())
def test_a_program_that_fails_or_lies_is_told_as_a_damaged_file(bench: Path, deed: str) -> None:
    called = stand_in(bench, NEW, deed=deed)
    error = refused(OLD)
    assert (error.code, error.message.startswith("LibreOffice 打不开这个旧版文件")) == ("damaged", True)
    assert not Path(called.notes()["folder"]).exists()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (zipped({"xl/workbook.xml": b"<a/>"}), "damaged"),
        (zipped({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>"}), "damaged"),
        (zipped({"word/document.xml": bytes(250 * 2**20)}), "too_large"),
        (word_file(paragraph("")), "empty_file"),
        (bytes(converting.MAX_MADE + 1), "too_large"),
    ],
    ids=["a sheet", "entities", "a bomb", "no text", "much"],
)
def test_what_the_program_makes_is_held_to_the_limits_of_word_files(bench: Path, made: bytes, code: str) -> None:
    stand_in(bench, made)
    assert refused(OLD).code == code


def test_a_locked_document_and_a_renamed_one_are_told_before_anything_runs(bench: Path) -> None:
    called = stand_in(bench, NEW)
    locked = bytearray(OLD)
    locked[OLD.index(bytes.fromhex("eca50101")) + 11] |= 1
    assert refused(bytes(locked)).code == "locked"
    error = refused(OLD, "反馈意见.pdf")
    assert (error.code, error.message.startswith("文件名以 .pdf 结尾，内容却不是。这是旧版 Word")) == (
        "wrong_type",
        True,
    )
    slides = COMPOUND + "PowerPoint Document".encode("utf-16-le")
    assert refused(slides).message.startswith("文件名以 .doc 结尾，内容却不是。这是旧版办公软件")
    assert not called.was_called


def test_a_cut_off_document_is_left_to_the_program_to_refuse(bench: Path) -> None:
    stand_in(bench, NEW, deed="sys.exit(1)")
    for length in (4_000, 9_000, 14_000):
        assert refused(OLD[:length]).message.startswith("LibreOffice 打不开这个旧版文件，可能已经损坏")


def test_a_new_document_under_an_old_name_is_read_as_it_is(bench: Path) -> None:
    called = stand_in(bench, word_file(paragraph("另一份")))
    for name in ("反馈意见.doc", "反馈意见.wps"):
        assert len(read_bytes(NEW, name=name).items) == 3
    assert not called.was_called


def test_a_sheet_that_holds_a_letter_stays_a_sheet(bench: Path) -> None:
    called = stand_in(bench, NEW)
    sheet = (SAMPLES / "formats" / "ledger.xls").read_bytes() + "WordDocument".encode("utf-16-le") + bytes(488)
    assert read_bytes(sheet, name="台账.xls").kind == "ledger"
    assert not called.was_called
    letter: StandIn = called
    assert len(read_bytes(OLD + "Workbook".encode("utf-16-le"), name="反馈意见.doc").items) == 3
    assert letter.was_called
