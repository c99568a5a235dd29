"""Sets the number at the start of each paragraph of a plan or a notice apart from its words.

What a paragraph says is decided elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.markers import RANKS, marker_at
from bihuan.engines.reading.structure.numerals import value_of
from bihuan.engines.reading.words import grammar

_ORDINAL_RANK = 3
_BULLET = re.compile(r"(?:——|[—•●◆■·*-]) ?(?=\S)")
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+|[甲乙丙丁戊己庚辛]|[a-hA-H]|首先|其次|再次")
_ROWS = ("甲乙丙丁戊己庚辛", "abcdefgh", "ABCDEFGH", "首其再")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph: where its words begin behind the number, how it is numbered; `apart` from the one above."""

    span: Span
    begin: int
    style: str = ""
    number: int = 0
    apart: bool = False

    @property
    def rank(self) -> int:
        """How deep numbers of this style stand."""
        return RANKS.get(self.style, _ORDINAL_RANK)


def passages_of(mirror: str, paragraphs: Sequence[Span]) -> list[Passage]:
    """The paragraphs in order; one stands apart when a blank line is above it."""
    found: list[Passage] = []
    for span in paragraphs:
        gap = not found or mirror.count("\n", found[-1].span[1], span[0]) > 1
        found.append(_passage(mirror, span, apart=gap))
    return found


def _passage(mirror: str, span: Span, *, apart: bool) -> Passage:
    ordinal = grammar.pattern("heads", "ordinal").match(mirror, *span)
    marker = marker_at(mirror, *span)
    if marker and (not ordinal or marker.end >= ordinal.end()):
        return Passage(span, marker.end, marker.style, marker.number, apart)
    if ordinal and ordinal.end() < span[1]:
        return Passage(span, ordinal.end(), *_ordinal(ordinal[0]), apart)
    bullet = _BULLET.match(mirror, *span)
    if bullet:
        return Passage(span, bullet.end(), "bullet", 0, apart)
    return Passage(span, span[0], "", 0, apart)


def _ordinal(words: str) -> tuple[str, int]:
    """The style of a number the outline does not know, and which one it is; 0 where none can be told."""
    found = _NUMBER.search(words)
    if found is None:
        return "ordinal", 0
    number = next((row.index(found[0][0]) + 1 for row in _ROWS if found[0][0] in row), 0)
    return "ordinal" + words[: found.start()] + words[found.end() : found.end() + 1], number or _value(found[0])


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else value_of(digits) or 0
