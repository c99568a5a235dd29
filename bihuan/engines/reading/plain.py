"""Bytes of a plain text file to text: UTF-8, UTF-16 with its mark, GB18030. Line ends stay as they are.

Nothing is repaired here: bytes that no encoding explains are refused.
"""

import codecs
import re

from bihuan.engines.reading import lexicon
from bihuan.engines.reading.content import Content
from bihuan.engines.reading.shapes import Unreadable

_CHINESE = re.compile(r"[㐀-鿿]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_NOT_TEXT = "这个文件不是文字文件。请上传 .docx 或 .txt 文件。"
_UNKNOWN = "认不出这个文本文件的文字编码。请用记事本打开，另存为 UTF-8 编码后再试。"


def read_plain(content: bytes) -> Content:
    """Decode a text file, or refuse it: empty_file, wrong_type, bad_encoding."""
    text = _decoded(content)
    if not text.strip():
        raise Unreadable("empty_file", "文件里没有文字。请检查是否选错了文件。")
    if "\0" in text:
        raise Unreadable("wrong_type", _NOT_TEXT)
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise Unreadable("wrong_type", _NOT_TEXT)
    return Content(text)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable("bad_encoding", _UNKNOWN)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16")
    if b"\x00" in content:
        raise Unreadable("wrong_type", _NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strictly(content, "gb18030")
    if not _believable(text):
        raise Unreadable("bad_encoding", _UNKNOWN)
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
        text.encode("utf-8")
    except UnicodeError as error:
        raise Unreadable("bad_encoding", _UNKNOWN) from error
    return text


def _believable(text: str) -> bool:
    """Almost any bytes decode as GB18030; real Chinese is full of a hundred frequent characters."""
    frequent = lexicon.frequent()
    chinese = _CHINESE.findall(text[:20_000])
    beyond = sum(1 for character in text[:20_000] if ord(character) > 0x7F)
    if beyond == 0 or len(chinese) < beyond * 0.5:
        return beyond == 0
    return sum(1 for character in chinese if character in frequent) >= len(chinese) * 0.08
