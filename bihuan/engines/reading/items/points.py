"""Cuts a part of an entry into its measures or results: one for each numbered point, else for each sentence.

Words that only tell the state are no result and are left out.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading.items.states import Day, state_alone
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.clauses import Clause, clauses_of
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.words import grammar

_STOPS = "。;,、:."
_OPENS = frozenset("。;:,、!?)\n\r ")
_SHORTEST = 2
_LONGEST_NAME = 18
_LEFT = 3
_OFFICE = re.compile("(?:科|股|办|办公室|中心|局|委|部|处|所|站|社区|公司|支部|政办)$")
_BY_THEN = re.compile("(?:前|内|起|并|且|完成|办[结好完]|到位|整改|坚持|推进|见效|落实|[,、])*")
_ASKED = re.compile("^(?:须|需|要|请|待)")
_TO = re.compile("^[对把将向]|[移转提递上送]交|移送|上报|报送")


def points_of(mirror: str, span: Span, *, on: Day | None = None) -> Iterator[Span]:
    """The points of a stretch in order, without numbers, stops and words on the state."""
    for piece, numbered in _pieces(mirror, span):
        if numbered:
            point = _without_state(mirror, piece, on)
            if point[1] - point[0] >= _SHORTEST:
                yield point
        else:
            yield from sentences_of(mirror, piece, on=on)


def _pieces(mirror: str, span: Span) -> Iterator[tuple[Span, bool]]:
    """The stretch cut at its numbers; one number alone counts at the beginning only."""
    marks = _marks(mirror, span)
    if not marks:
        yield span, False
        return
    if marks[0][0] > span[0] and mirror[marks[0][0] - 1] != ":":
        yield (span[0], marks[0][0]), False
    ends = [start for start, _ in marks[1:]] + [span[1]]
    for (_, begin), end in zip(marks, ends, strict=True):
        yield trimmed(mirror, (begin, end), also=_STOPS), True


def _marks(mirror: str, span: Span) -> list[Span]:
    found = [
        one.span()
        for one in grammar.pattern("points", "marker").finditer(mirror, *span)
        if one.start() == span[0] or mirror[one.start() - 1] in _OPENS
    ]
    if len(found) == 1 and mirror[slice(*found[0])].isalnum() and found[0][0] > span[0]:
        return []
    return found if len(found) > 1 or (found and found[0][0] == span[0]) else []


def sentences_of(mirror: str, span: Span, *, on: Day | None = None) -> Iterator[Span]:
    """The sentences of a stretch; 。 and ; end one, words on the state are left out."""
    begin = end = -1
    for clause in clauses_of(mirror, span):
        is_state = state_alone(mirror[slice(*clause.span)], on=on) is not None
        if not is_state:
            begin, end = (clause.span[0] if begin < 0 else begin), clause.span[1]
        if begin >= 0 and (is_state or clause.ends or clause.stop == ";"):
            yield begin, end
            begin = -1
    if begin >= 0:
        yield begin, end


def _without_state(mirror: str, span: Span, on: Day | None) -> Span:
    """The point up to the words on the state that end it."""
    clauses: list[Clause] = list(clauses_of(mirror, span))
    while len(clauses) > 1 and state_alone(mirror[slice(*clauses[-1].span)], on=on):
        clauses.pop()
    return (span[0], clauses[-1].span[1]) if clauses else span


def names_of(mirror: str, span: Span) -> Iterator[Span]:
    """Who answers: the units and persons of a list, one by one."""
    for found in re.finditer(r"[^、,;/。\n\t]+?(?= {2,}|[、,;/。\n\t]|$)", mirror[slice(*span)]):
        start, end = trimmed(mirror, (span[0] + found.start(), span[0] + found.end()), also="。;() ")
        ending = grammar.pattern("points", "person_end").search(mirror[start:end])
        end = start + ending.start() if ending else end
        if ending and (by := mirror.find("由", start, end)) >= 0:
            start = by + 1  # 这项任务由某某负责
        if start < end:
            yield start, end


def deadlines_of(mirror: str, span: Span) -> Iterator[Span]:
    """By when: the dates and the words like 长期 or 立行立改 of a part; the whole part where none is known."""
    found = [one.span() for one in grammar.pattern("points", "deadline").finditer(mirror, *span)]
    whole = trimmed(mirror, span, also="。;,")
    yield from (found or ([whole] if whole[0] < whole[1] else []))


def is_assignment(mirror: str, span: Span) -> bool:
    """The words tell nothing but who answers and by when: 街道物业办牵头,2025年8月20日前办结."""
    assigns = False
    for clause in clauses_of(mirror, span):
        assigns = _assigns(mirror[slice(*clause.span)])
        if not assigns:
            break
    return assigns


def _assigns(words: str) -> bool:
    if _ASKED.match(words):
        return False
    if grammar.pattern("points", "person_end").search(words) and len(words) <= _LONGEST_NAME:
        return True
    if len(words) <= _LONGEST_NAME and _OFFICE.search(words) and not _TO.search(words):
        return True
    day = grammar.pattern("points", "deadline")
    found = day.match(words)
    if found is None:
        return False
    return len(words) - len(found[0]) <= _LEFT or bool(_BY_THEN.fullmatch(day.sub("", words)))
