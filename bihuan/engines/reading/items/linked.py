"""Finds the entries of documents that tell problems, tasks and who answers in one list each, tied by numbers.

问1…任1…责1, 1号…对1号…; lists drawn as tables are read elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.clauses import clauses_of
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.numerals import value_of
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

_FEWEST = 2
_LONGEST_TITLE = 24
_ROLES = {
    "finding": "问题|短板|反馈",
    "measures": "任务|措施|举措|整改|对策|办法",
    "assigned": "责任|分工|时限",
    "results": "成效|结果|进展|销号|完成",
}
_NAMED = {role: re.compile(f"(?:{words})(?:和|与|及)?[^,。;:]{{0,6}}$") for role, words in _ROLES.items()}
_LIST = re.compile(r"^(?P<what>[^,。;:]{1,20}?)(?:清单|[账帐](?:本|单)?|单子|[单表册篇卷])$")
_REFERENCE = re.compile(
    r"(?:对应?|针对|接|答|承接?|落实)?(?:第)?(?P<name>[一-龥A-Za-z]{0,4}?)(?:第)?[-—]?"
    r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})(?:号|项|条|个|题)?(?:问题|任务|措施|事项|责任)?"
    r"(?P<end>[:、.)\]】]\s*|\s+|(?=由)|——|→)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one list says of one number."""

    role: str
    number: int
    span: Span


def entries_of(mirror: str, passages: Sequence[Passage]) -> list[Entry]:
    """The entries in the order of the problems; none unless another list answers to the numbers of theirs."""
    parts = list(_parts_of(mirror, passages))
    told = [part for part in parts if part.role == "finding"]
    entries = {part.number: Entry([part.span]) for part in told}
    if len(entries) < _FEWEST or len(entries) < len(told):
        return []
    for part in parts:
        if part.role != "finding" and part.number in entries:
            _add(mirror, entries[part.number], part)
    answered = [entry for entry in entries.values() if entry.parts]
    return list(entries.values()) if len(answered) * 2 > len(entries) else []


def _parts_of(mirror: str, passages: Sequence[Passage]) -> Iterator[_Part]:
    for role, listed in _lists_of(mirror, passages):
        part: _Part | None = None
        for passage in listed:
            reference = _reference(mirror, passage)
            if reference:
                if part:
                    yield part
                part = _Part(role, *reference)
            elif part:
                part = _Part(role, part.number, (part.span[0], passage.span[1]))
        if part:
            yield part


def _lists_of(mirror: str, passages: Sequence[Passage]) -> Iterator[tuple[str, list[Passage]]]:
    """The paragraphs under each title of a list, up to the next heading of its numbering or closing words."""
    role, style = "", ""
    listed: list[Passage] = []
    for passage in passages:
        title = _role_of_list(mirror, passage)
        if title or (role and _ends(mirror, passage, style)):
            if role:
                yield role, listed
            role, style, listed = title, passage.style, []
        else:
            listed.append(passage)
    if role:
        yield role, listed


def _role_of_list(mirror: str, passage: Passage) -> str:
    """What a line tells that is the title of a list: 一、问题清单."""
    if passage.span[1] - passage.begin > _LONGEST_TITLE:
        return ""
    words = re.sub(r"\W", "", mirror[passage.begin : passage.span[1]])
    found = _LIST.match(words)
    return next((role for role, named in _NAMED.items() if named.search(found["what"])), "") if found else ""


def _ends(mirror: str, passage: Passage, style: str) -> bool:
    """Behind the lists: the next heading of their numbering, or words that belong to no entry."""
    words = mirror[passage.begin : passage.span[1]]
    if style and passage.style == style:
        return True
    return bool(grammar.pattern("heads", "closing").match(words)) or sections.is_closing(words)


def _reference(mirror: str, passage: Passage) -> tuple[int, Span] | None:
    """The number a paragraph of a list begins with, and what it says."""
    found = _REFERENCE.match(mirror, *passage.span)
    if found:
        number = int(found["n"]) if found["n"].isdecimal() else value_of(found["n"]) or 0
        begin = found.end()
    elif passage.number:
        number, begin = passage.number, passage.begin
    else:
        return None
    span = trimmed(mirror, (begin, passage.span[1]))
    return (number, span) if number and span[0] < span[1] else None


def _add(mirror: str, entry: Entry, part: _Part) -> None:
    if part.role != "assigned":
        entry.add(part.role, part.span)
        return
    for clause in clauses_of(mirror, part.span):
        is_day = grammar.pattern("points", "deadline").match(mirror, *clause.span)
        entry.add("deadline" if is_day else "responsible", clause.span)
