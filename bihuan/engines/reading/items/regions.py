"""Says which paragraphs of a plan or a notice stand in parts without findings: how it was organized, what comes next.

Titles decide; a title of the same numbering ends the part of the one before.
"""

import re
from collections.abc import Sequence

from bihuan.engines.reading.items.wording import is_wrong
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

_LONGEST_TITLE = 26
_TITLE = re.compile(r"【([^【】]{2,24})】")
_SIGNS = "▎▍▌▏┃|◎○☆★※#*▶►>〓 "
_HIGH = frozenset({"part", "cn", "cn_paren", "num_paren"})


def left_out(mirror: str, passages: Sequence[Passage]) -> list[bool]:
    """For each paragraph, whether it stands in a part without findings."""
    answers: list[bool] = []
    style, is_out, under = "", False, 0
    for passage in passages:
        title = title_of(mirror, passage)
        if title:
            out = bool(grammar.pattern("heads", "excluded").search(title)) and not is_wrong(title)
            if not is_out or not _is_below(passage, style):
                style, is_out = passage.style, out
        elif is_out and _ends(passage, style, under):
            is_out = False
        under = 0 if title else under + 1
        answers.append(is_out)
    return answers


def _ends(passage: Passage, style: str, under: int) -> bool:
    """The part of a numbered title ends at the next number of its kind, that of a bare one at the next blank line."""
    if style:
        return passage.style == style and style in _HIGH
    return passage.apart and under > 0


def _is_below(passage: Passage, style: str) -> bool:
    """A title that stands under the one that began the part."""
    return bool(style) and bool(passage.style) and passage.rank > Passage((0, 0), 0, style).rank


def title_of(mirror: str, passage: Passage) -> str:
    """The words of a paragraph that is nothing but a title of a part; else ""."""
    words = mirror[passage.begin : passage.span[1]].strip()
    bracketed = _TITLE.match(words)
    if bracketed:
        is_whole = bracketed.end() == len(words)
        return bracketed[1] if is_whole or grammar.pattern("heads", "excluded").search(bracketed[1]) else ""
    words = words.rstrip(":。").lstrip(_SIGNS)
    if passage.style == "bullet" or len(words) > _LONGEST_TITLE or re.search(r"[,;。!?]", words):
        return ""
    told = any(grammar.pattern("heads", name).search(words) for name in ("excluded", "included", "plain_title"))
    return words if told and not grammar.pattern("heads", "lead_in").match(words) else ""
