"""Cuts text into lines and gives every stage the same half-width mirror to match against.

The mirror has the length of the text, so offsets hold in both; the text itself is never changed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bihuan.engines.reading.shapes import Span

_MIRROR = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_MIRROR |= dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff", " ")
_MIRROR |= {"｡": "。", "､": "、", "〔": "(", "〕": ")"}
_WIDE = re.compile(f"[{re.escape(''.join(_MIRROR))}]")
# A point behind a Chinese character ends a sentence, unless it stands behind a number of the outline (一.).
_POINT = re.compile(r"\.(?<=[㐀-鿿”）)]\.)(?:(?<![第其]\.)(?![\d.\w])|(?=[㐀-鿿“]))")
_NUMBERED = re.compile(r"(?:^|[\n\r。;])\s*[(（]?(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸]|\d{1,3})[)）]?$")
_SHORT = 600_000
_BREAKS = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029](?:(?<=\r)\n)?")
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


def mirrored(text: str) -> str:
    """The text with full-width letters, digits, brackets and spaces made half-width, one for one.

    A half-width point that ends a Chinese sentence becomes 。.
    """
    return _kept(text) if len(text) <= _SHORT else _mirrored(text)


def _mirrored(text: str) -> str:
    mirror = _WIDE.sub(lambda found: _MIRROR[found[0]], text)
    if "." not in mirror:
        return mirror
    return _POINT.sub(lambda found: _stop_or_point(mirror, found.start()), mirror)


@lru_cache(maxsize=2)
def _kept(text: str) -> str:
    """Restoring and reading ask for the mirror of the same text."""
    return _mirrored(text)


def _stop_or_point(mirror: str, at: int) -> str:
    return "." if _NUMBERED.search(mirror, max(0, at - 8), at) else "。"


def lines_of(mirror: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The lines of a stretch without their ends; blank lines are left out."""
    if not start and end is None and len(mirror) <= _SHORT:
        return iter(_whole(mirror))
    return _lines(mirror, start, len(mirror) if end is None else end)


@lru_cache(maxsize=2)
def _whole(mirror: str) -> tuple[Span, ...]:
    """Every stage asks for the lines of the same text."""
    return tuple(_lines(mirror, 0, len(mirror)))


def _lines(mirror: str, start: int, end: int) -> Iterator[Span]:
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
    words = mirror[span[0] : span[1]]
    bare = words.strip()
    if not also and len(bare) == span[1] - span[0]:
        return span  # as nearly all of them are
    bare = words.lstrip()
    start = span[0] + len(words) - len(bare)
    return start, start + len(bare.rstrip(_SPACES + also) if also else bare.rstrip())
