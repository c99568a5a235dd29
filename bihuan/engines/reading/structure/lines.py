"""Cuts text into lines and gives every stage the same half-width mirror to match against.

The mirror has the length of the text, so offsets hold in both; the text itself is never changed.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading.shapes import Span

_MIRROR = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MIRROR |= {ord(character): ord(" ") for character in "\u3000\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff"}
_MIRROR |= {ord("｡"): ord("。"), ord("､"): ord("、"), ord("〔"): ord("("), ord("〕"): ord(")")}
# A point behind a Chinese character ends a sentence, unless it stands behind a number of the outline (一.).
_POINT = re.compile(r"(?<=[㐀-鿿”）)])(?<![第其])\.(?![\d.\w])|(?<=[㐀-鿿”）)])\.(?=[㐀-鿿“])")
_NUMBERED = re.compile(r"(?:^|[\n\r。;])\s*[(（]?(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸]|\d{1,3})[)）]?$")
_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


def mirrored(text: str) -> str:
    """The text with full-width letters, digits, brackets and spaces made half-width, one for one.

    A half-width point that ends a Chinese sentence becomes 。.
    """
    mirror = text.translate(_MIRROR)
    if "." not in mirror:
        return mirror
    return _POINT.sub(lambda found: _stop_or_point(mirror, found.start()), mirror)


def _stop_or_point(mirror: str, at: int) -> str:
    return "." if _NUMBERED.search(mirror, max(0, at - 8), at) else "。"


def lines_of(mirror: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The lines of a stretch without their ends; blank lines are left out."""
    end = len(mirror) if end is None else end
    begin = start
    for found in _BREAKS.finditer(mirror, start, end):
        yield from _line(mirror, begin, found.start())
        begin = found.end()
    yield from _line(mirror, begin, end)


def _line(mirror: str, start: int, end: int) -> Iterator[Span]:
    start, end = trimmed(mirror, (start, end))
    if start < end:
        yield start, end


def trimmed(mirror: str, span: Span, also: str = "") -> Span:
    """The span without blanks at both ends, and without the characters of `also` at its end."""
    words = mirror[slice(*span)]
    bare = words.lstrip()
    start = span[0] + len(words) - len(bare)
    return start, start + len(bare.rstrip(_SPACES + also) if also else bare.rstrip())
