"""Recognizes a file by its content and hands it to the reader of its format, or says why not.

The name of a file only serves the sentence to the person, and tells delimited values from other plain text.
"""

import re

from bihuan.engines.reading.content import Content
from bihuan.engines.reading.formats.apart import read_apart
from bihuan.engines.reading.formats.archives import LOCKED, check_readable, opened
from bihuan.engines.reading.formats.converting import NOT_CONVERTED, converted, converter
from bihuan.engines.reading.formats.delimited import read_delimited
from bihuan.engines.reading.formats.plain import read_plain
from bihuan.engines.reading.formats.word import read_word
from bihuan.engines.reading.formats.workbook import WORKBOOK, read_workbook
from bihuan.engines.reading.shapes import Unreadable

ENDINGS = {  # of a name, and the container it promises
    ".docx": "word", ".docm": "word", ".pdf": "pdf", ".xlsx": "sheets", ".xlsm": "sheets", ".xls": "sheets",
    ".doc": "old", ".wps": "old", ".ofd": "ofd", ".csv": "text", ".tsv": "text", ".html": "text", ".htm": "text",
    ".txt": "text", ".png": "picture", ".jpg": "picture", ".jpeg": "picture",
}  # fmt: skip
MAX_BYTES = 100 * 2**20
OVER_LIMIT = "文件超过 100 MB。请去掉图片或分成几份后再试。"
DELIMITED = (".csv", ".tsv", ".xls", ".xlsx")  # what systems export under these names is often delimited text

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ASK = "请用 Word 或 WPS 打开，另存为 .docx 后再试。"
_PICTURE = "这是图片，没有文字可读。请上传文字版的文件，或先做文字识别（OCR）再上传。"
_ARCHIVE = "这是压缩包。请解压后上传里面的文件。"
_KNOWN = (
    (b"{\\rtf", "wrong_type", f"这是 RTF 文件。{_ASK}"),
    (b"\x89PNG", "wrong_type", _PICTURE),
    (b"\xff\xd8\xff", "wrong_type", _PICTURE),
    (b"GIF8", "wrong_type", _PICTURE),
    (b"II*\x00", "wrong_type", _PICTURE),
    (b"MM\x00*", "wrong_type", _PICTURE),
    (b"Rar!", "wrong_type", _ARCHIVE),
    (b"7z\xbc\xaf", "wrong_type", _ARCHIVE),
    (b"\x1f\x8b", "wrong_type", _ARCHIVE),
)
_RECOGNIZED = (b"\x89PNG", b"\xff\xd8\xff")
_PROGRAM = re.compile(rb"MZ[^\n]{0,60}\0|\x7fELF")
_RENAMED = {
    "word": "这是 Word 文件。请把文件名改成以 .docx 结尾后再试。",
    "pdf": "这是 PDF 文件。请把文件名改成以 .pdf 结尾后再试。",
    "ofd": "这是 OFD 文件。请把文件名改成以 .ofd 结尾后再试。",
    "sheets": "这是 Excel 文件。请把文件名改成以 .xlsx 或 .xls 结尾后再试。",
    "old": "这是旧版 Word（.doc）文件。请把文件名改成以 .doc 结尾后再试。",
}
NO_CONVERTER = f"这是旧版 Word（.doc）或 WPS 文件，这里没有装 LibreOffice，读不了。{_ASK}"
_WORKS = "MatOST"  # the part by which the documents of Works are known, which are named .wps too
_SECTOR = 512
_WORD_BEGINS = re.compile(rb"\xec\xa5(?:\xc1\0|\xd9\0|\x01\x01|\x0c\x01|\x12\x01).{7}(.)", re.DOTALL)
_MAIN_PARTS = {"word": "word/document.xml", "sheets": WORKBOOK, "ofd": "OFD.xml"}
_BLANK = b"\xef\xbb\xbf \t\r\n"
_PAGE = re.compile(
    rb"<(!doctype html|html|head|body|meta|title|table|div|p|span|h[1-6]|article|section|br|style|script)[\s/>]",
    re.IGNORECASE,
)
_WHOLE_PAGE = re.compile(rb"<(!doctype html|html|head|body|meta|title)[\s/>]", re.IGNORECASE)
_XML = re.compile(rb"<\?xml")
_OFFICE_XML = (
    b"urn:schemas-microsoft-com:office:spreadsheet",
    b"schemas.microsoft.com/office/word/2003",
    b"pkg:package",
)


def read_container(content: bytes, *, ending: str = "") -> Content:
    """The text of a file of any supported format; `ending` is that of its name. Raises Unreadable with the reason."""
    if not content:
        raise Unreadable("empty_file", "文件是空的，一个字节也没有。请检查是否选错了文件。")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", OVER_LIMIT)
    ending = ending.lower()
    if content.startswith(_RECOGNIZED) and ENDINGS.get(ending, "picture") == "picture":
        raise Unreadable("needs_ocr", _PICTURE)
    refuse_known(content)
    if content.startswith(b"%PDF-"):
        _check_name("pdf", ending)
        return read_apart("pdf", content)
    if content.startswith(_OLE):
        return _read_ole(content, ending)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_zip(content, ending)
    return _read_text(content, ending)


def refuse_known(content: bytes) -> None:
    """Raises Unreadable for pictures, archives, programs and the like, which no text is to be looked for in."""
    for magic, code, message in _KNOWN:
        if content.startswith(magic):
            raise Unreadable(code, message)
    if _PROGRAM.match(content):
        raise Unreadable("wrong_type", "这是程序，不是文件资料。请检查是否选错了文件。")


def _check_name(kind: str, ending: str) -> None:
    """Refuse a name that promises another format: what a person believes to upload and what is read must agree.

    Plain text and pages are read under any name, as many systems save them under the names of office files; and newer
    Word files under the old names, as WPS itself does.
    """
    promised = ENDINGS.get(ending, kind)
    if promised != kind and (promised, kind) != ("old", "word"):
        raise Unreadable("wrong_type", _RENAMED[kind])


def _read_text(content: bytes, ending: str) -> Content:
    head = content[:4096]
    if head.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<")):
        head = head[2:].replace(b"\0", b"")
    head = head.lstrip(_BLANK)
    is_xml = bool(_XML.match(head))
    page = _WHOLE_PAGE if ending == ".txt" else _PAGE  # a few tags in a text file are remains, and are repaired
    if page.match(re.sub(rb"^(<\?xml[^>]*>|<!--.*?-->|\s)+", b"", head, flags=re.DOTALL)):
        return read_apart("webpage", content)
    if is_xml:
        of_office = any(name in content[:20_000] for name in _OFFICE_XML)
        message = f"这是办公软件的 XML 文件。{_ASK}" if of_office else f"这是 XML 文件。{_ASK}"
        raise Unreadable("wrong_type", message)
    if re.match(rb"(?is)mime-version:.{0,300}multipart/related", head):
        raise Unreadable("wrong_type", f"这是单文件网页（.mht）。{_ASK}")
    plain = read_plain(content)
    return read_delimited(plain.text) if ending in DELIMITED else plain


def _read_ole(content: bytes, ending: str) -> Content:
    def names(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if names("EncryptedPackage"):
        raise Unreadable("locked", LOCKED)
    promised, has_letter = ENDINGS.get(ending), names("WordDocument")
    # A letter may hold a sheet, and a sheet a letter: then the name decides.
    is_sheet = (names("Workbook") or names("Book\0")) and (promised == "sheets" or not has_letter)
    # Of a file that is cut off its name is all that tells what it was.
    is_cut = promised == "old" and not names("PowerPoint Document")
    if not is_sheet and (has_letter or names(_WORKS) or is_cut):
        _check_name("old", ending)
        return _read_old(content, ".doc" if has_letter or ending == ".doc" else ".wps")
    if is_sheet:
        _check_name("sheets", ending)
        return read_apart("old_workbook", content)
    raise Unreadable("wrong_type", f"这是旧版办公软件的文件。{_ASK}")


def _read_old(content: bytes, kind: str) -> Content:
    """An old document by way of LibreOffice; what that hands back must be a Word file."""
    beginnings = (_WORD_BEGINS.match(content, at) for at in range(_SECTOR, len(content), _SECTOR))
    if any(found[1][0] & 1 for found in beginnings if found):
        raise Unreadable("locked", LOCKED)
    program = converter()
    if program is None:
        raise Unreadable("wrong_type", NO_CONVERTER)
    made = converted(content, ending=kind, program=program)
    try:
        with opened(made) as archive:
            return read_word(archive)
    except Unreadable as error:
        if error.code in {"too_large", "empty_file"}:
            raise
        raise Unreadable("damaged", NOT_CONVERTED) from error


def _read_zip(content: bytes, ending: str) -> Content:
    with opened(content) as archive:
        names = set(archive.namelist())
        kind = next((kind for kind, part in _MAIN_PARTS.items() if part in names), "")
        if not kind:
            raise Unreadable("wrong_type", _other_zip(names))
        _check_name(kind, ending)
        check_readable(archive)
        if kind != "ofd":
            return read_word(archive) if kind == "word" else read_workbook(archive)
    return read_apart("ofd", content)


def _other_zip(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "这是二进制的 Excel 文件（.xlsb）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再试。"
    if any(name.startswith("ppt/") for name in names):
        return "这是演示文稿。请把文字放进 .docx 文件再上传。"
    if "content.xml" in names:
        return f"这是 OpenDocument 文件。{_ASK}"
    return _ARCHIVE
