"""What cannot be read is refused with a code and a Chinese sentence, by its content and within bounds."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from bihuan.engines.reading import Unreadable, read_bytes, read_file
from tests.engines.word_files import paragraph, word_file

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
CHINESE = "云溪区水务局党组的巡察反馈意见，存在的主要问题是整改不到位，责任没有落实到人。" * 5


def zipped(**parts: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def refusal(content: bytes, name: str = "反馈意见.docx") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_bytes(content, name=name)
    assert caught.value.message.endswith("。")
    assert "！" not in caught.value.message
    return caught.value


BAD = {
    "nothing": (b"", "empty_file"),
    "only blanks": (" \r\n\u3000\t".encode(), "empty_file"),
    "word without text": (word_file(paragraph("")), "empty_file"),
    "pdf": (b"%PDF-1.7\n...", "wrong_type"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "wrong_type"),
    "rtf": (b"{\\rtf1\\ansi}", "wrong_type"),
    "page without text": (b"<!DOCTYPE html><html></html>", "empty_file"),
    "xml": (b"<?xml version='1.0'?><a>b</a>", "wrong_type"),
    "saved page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n", "wrong_type"),
    "old word": (OLE + "WordDocument".encode("utf-16-le"), "wrong_type"),
    "binary excel": (zipped(**{"xl__workbook.bin": "x"}), "wrong_type"),
    "other zip": (zipped(a="b"), "wrong_type"),
    "bytes": (bytes(range(256)) * 4, "wrong_type"),
    "control characters": (b"abc\x01\x02\x03\x04" * 20, "wrong_type"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
    "cut zip": (word_file(paragraph("甲"))[:-30], "damaged"),
    "broken xml": (word_file("<w:p>"), "damaged"),
    "no body": (zipped(**{"word__document.xml": "<a/>"}), "damaged"),
    "half a utf-16": (CHINESE.encode("utf-16") + b"\x00", "bad_encoding"),
    "half a utf-8": (CHINESE.encode()[:-1], "damaged"),
    "no encoding": (bytes(range(0xA0, 0x100)) * 20, "bad_encoding"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_bad_content_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_a_broken_part_inside_a_sound_archive_is_damaged() -> None:
    content = bytearray(word_file(paragraph("甲乙丙丁戊己庚辛" * 40)))
    place = content.index(b"word/document.xml") + len("word/document.xml") + 20
    content[place : place + 8] = bytes(8)
    assert refusal(bytes(content)).code == "damaged"


def test_a_locked_archive_is_told_as_locked() -> None:
    content = bytearray(word_file(paragraph("甲")))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + place] |= 1
    assert refusal(bytes(content)).code == "locked"


def test_a_renamed_file_is_told_as_what_it_is() -> None:
    error = refusal(b"%PDF-1.4", name="整改方案.DOCX")
    assert error.message.startswith("文件名以 .docx 结尾，内容却不是。这是 PDF")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    begin = time.monotonic()
    bomb = zipped(**{"word__document.xml": b"<w>" + bytes(250 * 2**20)})
    packed = time.monotonic() - begin
    begin = time.monotonic()
    assert refusal(bomb).code == "too_large"
    assert time.monotonic() - begin < max(0.5, packed / 2)


def test_a_small_archive_that_swells_a_thousandfold_is_refused() -> None:
    assert refusal(zipped(**{"word__document.xml": bytes(40 * 2**20)})).code == "too_large"


def test_xml_entities_are_refused_and_never_expanded() -> None:
    entities = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    for body in (paragraph("&b;"), paragraph("&c;"), paragraph("甲")):
        error = refusal(word_file(body, prolog=entities))
        assert (error.code, "实体" in error.message) == ("damaged", True)


def test_entities_hidden_by_another_encoding_are_refused_too() -> None:
    document = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
    error = refusal(zipped(**{"word__document.xml": document.encode("utf-16")}))
    assert "实体" in error.message


def test_nesting_without_end_is_refused() -> None:
    assert refusal(word_file("<w:ins>" * 100_000 + "</w:ins>" * 100_000)).code == "damaged"


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(2 * 2**30)
    with pytest.raises(Unreadable) as caught:
        read_file(path)
    assert caught.value.code == "too_large"


def test_a_missing_file_and_a_folder_have_a_sentence(tmp_path: Path) -> None:
    codes = []
    for path in (tmp_path / "无.txt", tmp_path, Path("a\x00b")):
        with pytest.raises(Unreadable) as caught:
            read_file(path)
        codes.append(caught.value.code)
    assert codes == ["not_found", "wrong_type", "no_access"]


def test_english_and_short_texts_are_no_bad_encoding() -> None:
    for text in ("Minutes of a meeting", "甲", "好的"):
        assert read_bytes(text.encode(), name="a.txt").text == text
    assert read_bytes("情况说明：问题已经整改。".encode("gb18030"), name="a.txt").text == "情况说明：问题已经整改。"
