"""Recognizes a file by its content and hands it to the reader of its format, or says why not.

The name of a file only serves the sentence to the person; a renamed file is what its bytes are.
"""

import io
import zipfile

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.plain import read_plain
from bihuan.engines.reading.shapes import Unreadable
from bihuan.engines.reading.word import read_word

MAX_BYTES = 100 * 2**20
OVER_LIMIT = "文件超过 100 MB。请去掉图片或分成几份后再试。"
MAX_UNZIPPED = 200 * 2**20
MAX_RATIO = 400
MAX_PARTS = 5_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ASK = "请用 Word 或 WPS 打开，另存为 .docx 后再试。"
_KNOWN = (
    (b"%PDF-", "这是 PDF 文件，目前还不能读。请上传它的 Word 原件（.docx）。"),
    (b"{\\rtf", f"这是 RTF 文件。{_ASK}"),
    (b"\x89PNG", "这是图片。请上传文字版的 .docx 或 .txt 文件。"),
    (b"\xff\xd8\xff", "这是图片。请上传文字版的 .docx 或 .txt 文件。"),
    (b"GIF8", "这是图片。请上传文字版的 .docx 或 .txt 文件。"),
    (b"Rar!", "这是压缩包。请解压后上传里面的 .docx 或 .txt 文件。"),
    (b"7z\xbc\xaf", "这是压缩包。请解压后上传里面的 .docx 或 .txt 文件。"),
    (b"\x1f\x8b", "这是压缩包。请解压后上传里面的 .docx 或 .txt 文件。"),
)
_LOCKED = "文件设了打开密码，读不出来。请去掉密码后再上传。"


def read_container(content: bytes) -> Content:
    """The text of a file of any supported format; raises Unreadable with the reason."""
    if not content:
        raise Unreadable("empty_file", "文件是空的，一个字节也没有。请检查是否选错了文件。")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", OVER_LIMIT)
    for magic, message in _KNOWN:
        if content.startswith(magic):
            raise Unreadable("wrong_type", message)
    if content.startswith(_OLE):
        raise _refused_ole(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_zip(content)
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise Unreadable("wrong_type", f"这是网页或 XML 文件。{_ASK}")
    return read_plain(content)


def _refused_ole(content: bytes) -> Unreadable:
    def names(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if names("EncryptedPackage"):
        return Unreadable("locked", _LOCKED)
    if names("WordDocument"):
        return Unreadable("wrong_type", f"这是旧版 Word（.doc）文件。{_ASK}")
    if names("Workbook"):
        return Unreadable("wrong_type", "这是旧版 Excel（.xls）文件，目前还不能读。请上传 .docx 或 .txt 文件。")
    return Unreadable("wrong_type", f"这是旧版办公软件的文件。{_ASK}")


def _read_zip(content: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive, len(content))
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise Unreadable("wrong_type", _other_zip(names))
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise Unreadable("locked", _LOCKED)
            return read_word(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        message = "文件损坏或没有下载完整，打不开。请重新取得文件，或用 Word 打开并另存后再试。"
        raise Unreadable("damaged", message) from error
    except Exception as error:
        if type(error).__module__ in {"zlib", "lzma", "_lzma"}:
            raise Unreadable("damaged", "文件内容损坏，解不开。请重新取得文件后再试。") from error
        raise


def _check_size(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    suspicious = unpacked > 2**20 * 20 and unpacked > packed * MAX_RATIO
    if len(parts) > MAX_PARTS or unpacked > MAX_UNZIPPED or suspicious:
        raise Unreadable("too_large", "文件解压后过大，不像正常的文档。请用 Word 打开检查，另存后再试。")


def _other_zip(names: set[str]) -> str:
    if any(name.startswith("xl/") for name in names):
        return "这是 Excel 文件，目前还不能读。请把内容放进 .docx 或 .txt 文件再上传。"
    if any(name.startswith("ppt/") for name in names):
        return "这是演示文稿。请上传 .docx 或 .txt 文件。"
    if "content.xml" in names:
        return f"这是 OpenDocument 文件。{_ASK}"
    return "这是压缩包。请解压后上传里面的 .docx 或 .txt 文件。"
