"""Finds the unit a document is about or addressed to: named in its title, its head, its first sentences or its end.

Those who inspect (县委第三巡察组, 市委巡察办) are never the unit.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import lines_of
from bihuan.engines.reading.structure.markers import Line, marker_at
from bihuan.engines.reading.words import lexicon

_HEAD_LINES = 12
_LONGEST = 80
_BODY = 1_500
_END_LINES = 6
_FEEDBACK_WAYS = ("subject", "labeled", "county", "title", "salutation", "alone")
_WAYS = ("subject", "county", "owner", "labeled", "alone", "institution")
_LABELED = frozenset({"subject", "labeled"})


def unit_of(mirror: str, lines: Sequence[Line], kind: str = "feedback") -> Span | None:
    """Where the unit is named; None when nothing names it. To whom a report goes is not whom it is about."""
    head = lines_of(mirror, 0, min(len(mirror), _HEAD_LINES * _LONGEST))
    short = [(start, end) for start, end in itertools.islice(head, _HEAD_LINES) if end - start <= _LONGEST]
    plain = [span for span in short if not marker_at(mirror, *span) and "\t" not in mirror[slice(*span)]]
    for way in _FEEDBACK_WAYS if kind == "feedback" else _WAYS:
        if found := next(_named(mirror, short if way in _LABELED else plain, way), None):
            return found
    return _in_body(mirror, lines) or _at_end(mirror)


def _named(mirror: str, spans: Sequence[Span], way: str) -> Iterator[Span]:
    whole = way in {"salutation", "alone"}
    words = lexicon.pattern("units", way)
    for start, end in spans:
        line = mirror[start:end]
        found = words.fullmatch(line) if whole else words.search(line)
        name = "unit" if found and found["unit"] else "other"
        if found and (way in {"salutation", "county"} or _is_unit(found[name])):
            yield start + found.start(name), start + found.end(name)


def _is_unit(name: str) -> bool:
    """Not one of those who inspect, and more than 镇党委, which any document says."""
    return not lexicon.pattern("units", "not_a_unit").search(re.sub(r"\s", "", name))


def _in_body(mirror: str, lines: Sequence[Line]) -> Span | None:
    """The first sentences: 对某局党组开展了巡察, 某局党组高度重视…"""
    begin = lines[0].span[0] if lines else 0
    found = (one for one in lexicon.pattern("units", "body").finditer(mirror, begin, min(len(mirror), begin + _BODY)))
    return next((one.span("unit") for one in found if _is_unit(one["unit"])), None)


def _at_end(mirror: str) -> Span | None:
    """The signature."""
    lines = list(lines_of(mirror, max(0, len(mirror) - _LONGEST * _END_LINES)))[-_END_LINES:]
    return next(_named(mirror, lines[::-1], "alone"), None)
