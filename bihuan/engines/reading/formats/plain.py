"""Bytes of a plain text file to text: UTF-8, UTF-16, UTF-32, GB18030, Big5. Line ends stay as they are.

Nothing is repaired here: bytes that no encoding explains are refused.
"""

import codecs
import re
from collections import Counter

from bihuan.engines.reading.content import MAX_TEXT, TOO_LONG, Content
from bihuan.engines.reading.shapes import Unreadable
from bihuan.engines.reading.words import lexicon

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_NOT_TEXT = "这个文件不是文字文件。请上传 Word、PDF、Excel、网页或文本文件。"
_UNKNOWN = "认不出这个文本文件的文字编码。请用记事本打开，另存为 UTF-8 编码后再试。"
_CUT = "文本文件的末尾不完整，可能没有下载完整。请重新取得文件后再试。"
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_UNMARKED = ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be")
_SAMPLE = 20_000
_ENOUGH = 0.08


def read_plain(content: bytes) -> Content:
    """Decode a text file, or refuse it: empty_file, wrong_type, bad_encoding, damaged, too_large."""
    return Content(decoded(content))


def decoded(content: bytes) -> str:
    """The text of these bytes without a byte-order mark. Raises Unreadable as read_plain does."""
    text = _decoded(content)
    if len(text) > MAX_TEXT:
        raise Unreadable("too_large", TOO_LONG)
    if not text.strip():
        raise Unreadable("empty_file", "文件里没有文字。请检查是否选错了文件。")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) // 100:
        raise Unreadable("wrong_type", _NOT_TEXT)
    return text


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" not in content:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data" and error.start > len(content) // 2:
                raise Unreadable("damaged", _CUT) from error
    found = _utf_32(content) or _most_believable(content)
    if not found:
        is_binary = b"\0" in content
        raise Unreadable("wrong_type" if is_binary else "bad_encoding", _NOT_TEXT if is_binary else _UNKNOWN)
    return found


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
        text.encode("utf-8")
    except UnicodeError as error:
        raise Unreadable("bad_encoding", _UNKNOWN) from error
    return text


def _utf_32(content: bytes) -> str:
    """UTF-32 without its mark: every fourth byte is zero, which no other text has."""
    for encoding, first in (("utf-32-le", 3), ("utf-32-be", 0)):
        if len(content) % 4 == 0 and not any(content[first::4]):
            return _attempt(content, encoding)
    return ""


def _most_believable(content: bytes) -> str:
    """The reading that has most of what any Chinese document is full of, if it has enough."""
    head = content[: 2 * _SAMPLE]
    tried = _UNMARKED if b"\0" not in content else _UNMARKED[3:]
    scores = {encoding: _score(head.decode(encoding, "ignore")) for encoding in tried}
    for encoding in sorted(tried, key=lambda one: -scores[one]):
        if scores[encoding] < _ENOUGH:
            break
        if text := _attempt(content, encoding):
            return text
    return ""


def _attempt(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
        text.encode("utf-8")
    except UnicodeError:
        return ""
    return "" if "\0" in text[:_SAMPLE] else text


def _score(text: str) -> float:
    """The share of frequent characters; almost any bytes decode somehow, real Chinese is told by these."""
    counts = Counter(text)
    beyond = sum(count for character, count in counts.items() if character > "\x7f")
    if beyond == 0:
        english = sum(count for character, count in counts.items() if character.isalpha() or character == " ")
        return english / len(text) if text else 0.0
    chinese = {character: count for character, count in counts.items() if "㐀" <= character <= "鿿"}
    if sum(chinese.values()) < beyond * 0.5:
        return 0.0
    frequent = lexicon.frequent() | lexicon.traditional()
    return sum(count for character, count in chinese.items() if character in frequent) / beyond
