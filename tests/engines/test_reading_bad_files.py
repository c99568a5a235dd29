"""Real files that cannot be read are refused by code, naming the file; odd but sound ones are read."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from bihuan.engines.reading import Unreadable, read_bytes, read_file
from tests.engines.word_files import paragraph, word_file

SAMPLES = Path(__file__).parents[1] / "samples" / "refused"
HEAD = "关于巡察县水利局党组的反馈意见\n县水利局党组：\n现将有关情况反馈如下。\n一、存在的问题\n"


def refusal(content: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_bytes(content, name=name)
    assert (caught.value.file, str(caught.value)) == (name, f"“{name}”：{caught.value.message}")
    assert caught.value.message.endswith("。")
    assert "请" in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("sample", "name", "code", "says"),
    [
        ("locked.docx", "反馈意见.docx", "locked", "打开密码"),
        ("renamed_pdf.docx", "反馈意见.docx", "wrong_type", "文件名以 .docx 结尾，内容却不是。这是 PDF"),
        ("no_findings.docx", "会议通知.pdf", "wrong_type", "文件名以 .pdf 结尾，内容却不是。这是 Word"),
        ("old_word.doc", "反馈意见.doc", "wrong_type", "这是旧版 Word（.doc）或 WPS 文件"),
        ("old_word.doc", "反馈意见.docx", "wrong_type", "文件名以 .docx 结尾，内容却不是。这是旧版 Word"),
        ("cut_off.docx", "反馈意见.docx", "damaged", "没有下载完整"),
        ("locked.pdf", "扫描件.pdf", "locked", "打开密码"),
    ],
)
def test_a_real_file_of_a_kind_that_cannot_be_read_is_refused(sample: str, name: str, code: str, says: str) -> None:
    error = refusal((SAMPLES / sample).read_bytes(), name)
    assert error.code == code
    assert error.message.startswith(says) or says in error.message


def test_the_locked_sample_is_a_real_one() -> None:
    content = (SAMPLES / "locked.docx").read_bytes()
    assert content.startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert "EncryptedPackage".encode("utf-16-le") in content
    assert "EncryptionInfo".encode("utf-16-le") in content


def test_an_empty_file_is_refused_by_its_name(tmp_path: Path) -> None:
    assert refusal(b"", "空.docx").code == "empty_file"
    empty = tmp_path / "空.txt"
    empty.touch()
    for path, code in ((empty, "empty_file"), (tmp_path / "无.txt", "not_found"), (tmp_path, "wrong_type")):
        with pytest.raises(Unreadable) as caught:
            read_file(path)
        assert (caught.value.code, caught.value.file) == (code, path.name)


def test_a_document_without_findings_is_read_and_has_none() -> None:
    reading = read_file(SAMPLES / "no_findings.docx")
    assert (reading.kind, reading.items) == ("other", ())
    assert "工作例会" in reading.text


def test_an_archive_that_swells_is_refused_at_once() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:document>" + b" " * (60 * 2**20))
    begin = time.monotonic()
    assert refusal(buffer.getvalue(), "反馈意见.docx").code == "too_large"
    assert time.monotonic() - begin < 0.5


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "C:\\反馈\\意见.docx", "反馈😀𠮷意见.docx", "a\u202excod.exe", "甲" * 400 + ".docx", ".."],
)
def test_the_name_decides_nothing(name: str) -> None:
    reading = read_bytes((HEAD + "1.渠道失修。\n2.账目混乱。").encode(), name=name)
    assert len(reading.items) == 2
    assert refusal(b"", name).code == "empty_file"


def test_emoji_and_rare_characters_count_as_one_place_each() -> None:
    text = HEAD + "1.𠮷田村😀台账缺失，涉及👨‍👩‍👧户3户。\n2.𬭸水站账目混乱。"
    for content, name in ((text.encode(), "a.txt"), (word_file("".join(map(paragraph, text.split("\n")))), "a.docx")):
        reading = read_bytes(content, name=name)
        assert [reading.text[slice(*item.finding)] for item in reading.items] == [
            "𠮷田村😀台账缺失，涉及👨‍👩‍👧户3户。",
            "𬭸水站账目混乱。",
        ]


@pytest.mark.parametrize(
    "piece",
    [
        "管理混乱，",
        "一是没有登记；二是账目不清；",
        "1.混乱。2.缺失。",
        "（一）“",
        "《》“”",
        "14.45万元",
        "第一，",
        "\t",
    ],
)
def test_a_paragraph_of_a_hundred_thousand_characters_is_read_in_time(piece: str) -> None:
    long = (piece * (100_000 // len(piece) + 1))[:100_000]
    begin = time.monotonic()
    reading = read_bytes(f"{HEAD}1.{long}\n2.账目混乱。".encode(), name="长.txt")
    assert time.monotonic() - begin < 10
    assert reading.text.count(long) == 1
    assert reading.text[slice(*reading.items[-1].finding)] == "账目混乱。"
