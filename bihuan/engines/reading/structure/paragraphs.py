"""Joins lines that a hard break cut in the middle of a sentence, and leaves out page numbers between them.

A line is joined to the next only where the words say so; headings, numbers and indented lines begin afresh.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.markers import marker_at

_PAGE = re.compile(
    r"(?:[-—–·•\s]*\d{1,4}[-—–·•\s]*|第\s?\d{1,4}\s?页(?:[,/]?\s?共\s?\d{1,4}\s?页)?|\d{1,4}\s?/\s?\d{1,4})"
)
_DASHED = re.compile(r"[-—–·•第/]")
_ENDED = re.compile(r"[。;:!?…》”’)】\]\"|]$|(?<=[㐀-鿿\"])\.$")
_UNFINISHED = re.compile(r"(?:[,、(“《的到和与在对把将被从及或]|(?<![行作])为|(?<![理自缘])由)$")
_CONTINUES = re.compile(r"[,。;、!?)”》%]|\.(?!\d)")
_PROSE = re.compile(r"[,。;:]|——|(?<=[㐀-鿿])\.")
_ALONE = re.compile(r"[^,。;]{1,14}:|【|附件|附:")
_LONGEST_CUT = 80
_ENOUGH = 2
_SHARE = 0.04
_FULL = 0.5
_RAGGED = 4
_ENOUGH_EVEN = 4
_SHARE_EVEN = 0.15


def paragraphs_of(mirror: str, spans: Iterable[Span]) -> list[Span]:
    """The lines with those joined that belong to one sentence; how a text breaks is learned from the whole of it."""
    return list(_joined(mirror, tuple(spans)))


@lru_cache(maxsize=2)
def _joined(mirror: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The outline and the entries ask for the same lines of the same text."""
    lines = [span for span in spans if not _is_page(mirror, span)]
    breaks = _Breaks(mirror, lines)
    joined: list[Span] = []
    before: Span | None = None
    for line in lines:
        if before and breaks.within(before, line):
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
        before = line
    return tuple(joined)


def _is_page(mirror: str, span: Span) -> bool:
    words = mirror[slice(*span)] if span[1] - span[0] < 20 else ""
    return bool(words and _PAGE.fullmatch(words) and _DASHED.search(words))


class _Breaks:
    def __init__(self, mirror: str, lines: Sequence[Span]) -> None:
        self.mirror = mirror
        widths = sorted(self._width(line) for line in lines)
        self.full = widths[int(len(widths) * 0.9)] * _FULL if widths else 0
        even = sum(1 for width in widths if width >= widths[-1] - _RAGGED) if widths else 0
        is_even = even >= max(_ENOUGH_EVEN, len(lines) * _SHARE_EVEN) and widths[-1] <= _LONGEST_CUT * 2
        self.is_wrapped = is_even or self._cut(lines) >= max(_ENOUGH, len(lines) * _SHARE)

    def within(self, one: Span, other: Span) -> bool:
        """The break between two lines stands within a sentence."""
        if not self._is_near(one, other) or self._begins(other):
            return False
        if self._is_told(one, other):
            return True
        words = self.mirror[slice(*one)]
        return (
            self.is_wrapped and self._width(one) >= self.full and (words.endswith(";") or not _ENDED.search(words))
            and self._is_prose(one) and not self._is_indented(other)
            and not sections.is_closing(self.mirror[slice(*other)])
        )  # fmt: skip

    def _cut(self, lines: Sequence[Span]) -> int:
        return sum(1 for pair in self._neighbors(lines) if self._is_told(*pair) or self._is_likely(*pair))

    def _neighbors(self, lines: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
        for one, other in itertools.pairwise(lines):
            if self._is_near(one, other) and not self._begins(other):
                yield one, other

    def _is_near(self, one: Span, other: Span) -> bool:
        if one[1] - one[0] > _LONGEST_CUT:
            return False
        gap = self.mirror[one[1] : other[0]]
        if "\t" in gap or "\t" in self.mirror[slice(*one)]:
            return False
        return (not gap.strip() and gap.replace("\r\n", "\n").count("\n") <= 1) or bool(_DASHED.search(gap))

    def _begins(self, other: Span) -> bool:
        """The line begins something of its own."""
        if _CONTINUES.match(self.mirror, other[0]):
            return False
        marker = marker_at(self.mirror, *other)
        if marker and not (marker.style == "num" and self.mirror[marker.end - 1].isdigit()):
            return True
        return bool(_ALONE.match(self.mirror, *other))

    def _is_told(self, one: Span, other: Span) -> bool:
        if _CONTINUES.match(self.mirror, other[0]):
            return True
        return bool(_UNFINISHED.search(self.mirror, max(one[0], one[1] - 3), one[1])) and not (
            self._is_indented(other) and self.mirror[one[1] - 1] not in ",、"
        )

    def _is_likely(self, one: Span, other: Span) -> bool:
        """A numbered entry of several clauses ends without a stop, and no number follows."""
        if _ENDED.search(self.mirror, one[1] - 1, one[1]) or self._is_indented(other):
            return False
        return self._is_prose(one) and marker_at(self.mirror, *one) is not None

    def _is_prose(self, line: Span) -> bool:
        """It has clauses, its number left aside."""
        marker = marker_at(self.mirror, *line)
        return bool(_PROSE.search(self.mirror, marker.end if marker else line[0], line[1]))

    def _is_indented(self, line: Span) -> bool:
        start = line[0]
        return start >= 2 and self.mirror[start - 2 : start].isspace() and self.mirror[start - 1] not in "\r\n"

    def _width(self, line: Span) -> int:
        """In columns: a Chinese character takes two, as it does in that encoding."""
        return len(self.mirror[line[0] : line[1]].encode("gb18030", "replace"))
