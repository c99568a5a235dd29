"""Bytes to text with the name of the encoding; a few broken bytes are let through as lost, as reading never does.

Whoever decodes the bytes by that name, broken ones replaced, gets the very text that the changes refer to.
"""

from bihuan.engines.reading.formats.plain import decoded as strictly_decoded
from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.shapes import Unreadable

_NAMES = (
    "utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be", "utf-32-le",
    "utf-32-be",
)  # fmt: skip
_MENDED = ("utf-8", "gb18030", "big5hkscs")
_LOOKED_AT = 60_000
_MOST_BROKEN = 0.005
_LEAST = 0.6


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding. Raises Unreadable as reading does."""
    try:
        text = strictly_decoded(content)
    except Unreadable as refusal:
        if refusal.code not in {"bad_encoding", "damaged"} or b"\0" in content:
            raise
        return _with_few_broken(content, refusal)
    return text, next(name for name in _NAMES if _is_so(content, name, text))


def _is_so(content: bytes, name: str, text: str) -> bool:
    try:
        return content.decode(name) == text
    except UnicodeError:
        return False


def _with_few_broken(content: bytes, refusal: Unreadable) -> tuple[str, str]:
    """The encoding in which the text is most like Chinese, when hardly a byte is broken in it."""
    believed = {name: _believed(content[:_LOOKED_AT].decode(name, "replace")) for name in _MENDED}
    name = max(_MENDED, key=lambda one: believed[one])
    text = content.decode(name, "replace")
    if believed[name] < _LEAST or text.count("\ufffd") > max(1, _MOST_BROKEN * len(text)):
        raise refusal
    return text, name


def _believed(text: str) -> float:
    """The share of what is not ASCII that everyday Chinese is made of, less what is broken."""
    beyond = [one for one in text if ord(one) > 0x7F]
    return sum(map(letters.plausible, beyond)) / len(beyond) - 5 * text.count("\ufffd") / len(beyond) if beyond else 0
