"""Finds the labels a document has of its own: short words before a colon or a dash that begin part after part.

What every document may use (整改措施:) stands in the word lists; 症结:…做法:…见效: are learned from the text here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

_OWN = re.compile(r"(?:^|(?<=[\n\r。;!?()】〕〗\]\t ]))(?P<words>[㐀-鿿]{1,10})(?::|——|--)(?!//)")
_TWICE = 2
_LONGEST = 80
_ALONE = frozenset({"finding", "measures", "results", "deeds"})


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands, with its colon or brackets, and the role it gives to what follows."""

    start: int
    end: int
    role: str


def labels_of(mirror: str, passages: Sequence[Passage]) -> list[list[Label]]:
    """The labels of each passage in order: those any document may use and those of this one."""
    own = _own_roles(mirror, passages)
    return [list(_in_passage(mirror, passage, own)) for passage in passages]


def _in_passage(mirror: str, passage: Passage, own: dict[str, str]) -> Iterator[Label]:
    known = [
        Label(one.start(), one.end(), grammar.role_of(one))
        for one in grammar.labels().finditer(mirror, passage.begin, passage.span[1])
        if not _is_inside(mirror, passage.begin, one.start())
    ]
    if not own:
        yield from known
        return
    taken = [(one.start, one.end) for one in known]
    found = [
        Label(one.start("words"), one.end(), own[one["words"]])
        for one in _OWN.finditer(mirror, passage.begin, passage.span[1])
        if one["words"] in own and not any(start < one.end() and one.start() < end for start, end in taken)
    ]
    yield from sorted([*known, *found], key=lambda one: one.start)


def _is_inside(mirror: str, begin: int, at: int) -> bool:
    """Behind a bracket that is still open: (责任单位:某股;时限:3月) is about the words before it alone."""
    begin = max(begin, at - _LONGEST)
    opened = max(mirror.rfind("(", begin, at), mirror.rfind("〔", begin, at))
    return opened >= 0 and opened > max(mirror.rfind(")", begin, at), mirror.rfind("〕", begin, at))


def _own_roles(mirror: str, passages: Sequence[Passage]) -> dict[str, str]:
    """The words that begin a part more than once, each with its role; none unless one of them tells what was done."""
    counts: Counter[str] = Counter()
    leading: set[str] = set()
    for passage in passages:
        for found in _OWN.finditer(mirror, passage.begin, passage.span[1]):
            if grammar.labels().match(mirror, found.start("words"), passage.span[1]) is None:
                counts[found["words"]] += 1
                if found.start("words") == passage.begin or mirror[found.start("words") - 1] in "】〕])(":
                    leading.add(found["words"])
    told = {words: grammar.family_of(words) for words, count in counts.items() if count >= _TWICE}
    told = {words: role for words, role in told.items() if role and (words in leading or role not in _ALONE)}
    return told if any(role in _ALONE for role in told.values()) else {}
