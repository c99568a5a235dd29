"""Sets apart who answers and by when where a measure or a result says so itself: in brackets, in a last clause, within.

Labels of their own (责任单位:) are read elsewhere.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading.items.states import state_alone
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.words import grammar

Aside = tuple[str, Span]
_BEHIND = re.compile(r"[((【\[〔〖](?P<inside>[^()【】\[\]〔〕〖〗]{2,60})[)】\]〕〗][。;,]?$")
_AHEAD = re.compile(r"^[((【\[〔〖](?P<inside>[^()【】\[\]〔〕〖〗]{2,20})[)】\]〕〗]\s*(?=\S{4,})")
_PARTS = re.compile(r"[^,;。\s]+")
_AFTER = re.compile("[,;。:]")
_STOPS = "。;,、:"
_LONGEST = 18
_ASKED = frozenset("须需要请待")


def apart(mirror: str, span: Span) -> tuple[Span, list[Aside]]:
    """The words of a measure or a result, and what stands around them: responsible, deadline and state."""
    asides: list[Aside] = []
    opening = grammar.pattern("points", "opening").match(mirror, *span)
    span = (opening.end(), span[1]) if opening and opening.end() < span[1] else span
    for pattern in (_AHEAD, _BEHIND):
        found = pattern.search(mirror[slice(*span)])
        told = _told(mirror, (span[0] + found.start("inside"), span[0] + found.end("inside"))) if found else []
        if found and told:
            asides += told
            span = (span[0] + found.end(), span[1]) if pattern is _AHEAD else (span[0], span[0] + found.start())
            span = trimmed(mirror, span, also=_STOPS)
    return _without_last(mirror, span, asides), asides


def _told(mirror: str, span: Span) -> list[Aside]:
    """What each part of a bracket tells; nothing when one of them tells something else."""
    asides = []
    for found in _PARTS.finditer(mirror, *span):
        label = grammar.labels().match(found[0])
        role = grammar.role_of(label) if label else _role(found[0])
        if not role:
            return []
        asides.append((role, (found.start() + (label.end() if label else 0), found.end())))
    return asides


def _role(words: str) -> str:
    if grammar.pattern("points", "deadline_alone").fullmatch(words):
        return "deadline"
    if all(grammar.pattern("points", "office").search(name) for name in words.split("、")):
        return "responsible"
    return "state" if state_alone(words) else ""


def _without_last(mirror: str, span: Span, asides: list[Aside]) -> Span:
    """Up to the last clauses, where these only say who sees to it or by when."""
    while (at := mirror.rfind(",", *span)) > 0:
        words = mirror[at + 1 : span[1]]
        ending = grammar.pattern("points", "person_end").search(words)
        if ending and len(words) <= _LONGEST and "由" not in words[1:] and words[0] not in _ASKED:
            start = at + 2 if words.startswith("由") else at + 1
            asides.append(("responsible", (start, at + 1 + ending.start())))
        elif grammar.pattern("points", "deadline_alone").fullmatch(words):
            asides.append(("deadline", (at + 1, span[1])))
        else:
            break
        span = trimmed(mirror, (span[0], at), also=_STOPS)
    return span


def within(mirror: str, span: Span) -> Iterator[Aside]:
    """Who does it and by when, said in the words of a measure themselves."""
    for found in grammar.pattern("points", "by_when").finditer(mirror, *span):
        yield "deadline", found.span()
    for begin in (span[0], *(stop.end() for stop in _AFTER.finditer(mirror, *span))):
        if doer := grammar.pattern("points", "by_whom").match(mirror, begin, span[1]):
            yield "responsible", doer.span("who")
