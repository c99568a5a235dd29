"""Finds the problems that an account of a feedback names in a row: 巡察组指出,存在甲、乙、丙等问题; 主要是:甲,乙,丙等。

Such accounts are published by the hundred, mostly without title and number. News that only says that there was a
feedback, names none; which kind a paper is, kinds.py decides.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.items import spoken
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.words import lexicon

_WORDS = "feedback"
_HEAD = 1_500
_LONGEST = 2_600
_ALONE = 30
_FEWEST = 3
_FEWEST_IN_LIST = 2
_MOSTLY = 0.6
_SHORTEST = 4
_WHOLE = 7  # so long, a part says by itself what it is about
_LONGEST_RUN = 1_500
_PIECE = re.compile("[。;,、\n]|[一二三四五六七八九十]是|有的")
_OPENING, _CLOSING = "“(《‘[【", "”)》’]】"


def is_announced(mirror: str, paragraphs: Sequence[Span]) -> bool:
    """The paper says that somebody fed back to a unit, and names at least three problems in a row."""
    if len(mirror) > _LONGEST or not lexicon.pattern("announced", "feedback", _WORDS).search(mirror, 0, _HEAD):
        return False
    if lexicon.pattern("announced", "news", _WORDS).search(mirror, 0, _HEAD):
        return False
    return any(len(listed_before(mirror, one)) >= _FEWEST for one in paragraphs) or _runs(mirror, paragraphs)


def _runs(mirror: str, paragraphs: Sequence[Span]) -> bool:
    """Behind the words that announce problems nearly each clause says that something is wrong."""
    for start, end in paragraphs:
        cue = spoken.cue_of(mirror, (start, end))
        if cue is None:
            continue
        run = mirror[cue : end if end - cue > _ALONE else cue + _LONGEST_RUN]
        over = lexicon.pattern("announced", "over", _WORDS).search(run)
        pieces = [one for one in _PIECE.split(run[: over.start()] if over else run) if len(one) >= _SHORTEST]
        wrong = [sections.is_negative(one) and not sections.is_imperative(one) for one in pieces]
        if sum(wrong) >= max(_FEWEST, len(wrong) * _MOSTLY):
            return True
    return False


def listed_before(mirror: str, span: Span) -> list[Span]:
    """The problems that sentences name in front of the word for them: 存在甲、乙、丙等问题."""
    listed: list[Span] = []
    for found in lexicon.pattern("announced", "before", _WORDS).finditer(mirror, *span):
        parts = [trimmed(mirror, part, also="等") for part in _wrong_ones(mirror, found.span("list"))]
        if len(parts) >= _FEWEST_IN_LIST and all(stop - begin >= _SHORTEST for begin, stop in parts):
            listed += parts
    return listed


def _wrong_ones(mirror: str, span: Span) -> Iterator[Span]:
    """Cut at the marks between; what says nothing wrong by itself goes with the next: 决策、议事规则执行不严."""
    cuts = [span[0], *_marks(mirror, span), span[1]]
    parts = [mirror[start:end].strip(",、") for start, end in itertools.pairwise(cuts)]
    are_all = sum(map(sections.is_negative, parts)) >= _MOSTLY * len(parts) and min(map(len, parts)) >= _WHOLE
    begin = span[0]
    for _, end in itertools.pairwise(cuts):
        if are_all or sections.is_negative(mirror[begin:end]):
            yield begin, end
            begin = end + 1


def _marks(mirror: str, span: Span) -> Iterator[int]:
    depth = 0
    for at in range(*span):
        sign = mirror[at]
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if depth <= 0 and sign in "、,":
            yield at
