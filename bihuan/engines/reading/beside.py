"""What a plan says of an item beside finding and measures, by labels or by heads of columns: causes, goal, who.

Only words that stand under such a label are given; nothing is judged, and what is not there is empty.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bihuan.engines.reading.shapes import Reading, Span
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.words import grammar

_HEADS = {
    "causes": re.compile("原因|成因|根源|症结"),
    "goal": re.compile("目标|要达到|预期"),
    "leader": re.compile("(?:责任|牵头|分管|包抓|主管)领导|领办"),
    "person": re.compile("(?:责任|负责|承办|经办|具体责任)人"),
}
_ROLES = {"cause": "causes", "aim": "goal"}
_LINE = re.compile(r"[^\r\n]+")
_LONGEST_HEAD = 12
_STOPS = " 　:：;；。,，\t"


@dataclass(frozen=True)
class Beside:
    """Causes, goal, leader and the person who answers, of one item; empty where the document does not say."""

    causes: str = ""
    goal: str = ""
    leader: str = ""
    person: str = ""


def beside(reading: Reading) -> tuple[Beside, ...]:
    """For each item of the reading, in their order."""
    mirror = mirrored(reading.text)
    rows = list(_rows(mirror))
    starts = [row[0] for row, _heads in rows]
    ends = [*(item.finding[0] for item in reading.items), len(mirror)][1:]
    found = []
    for item, end in zip(reading.items, ends, strict=True):
        row, heads = rows[bisect_right(starts, item.finding[0]) - 1]
        said = dict(_in_columns(reading, mirror, row, heads))
        found.append(Beside(**(said or dict(_labeled(reading, mirror, (item.finding[1], end))))))
    return tuple(found)


def _labeled(reading: Reading, mirror: str, span: Span) -> Iterator[tuple[str, str]]:
    """What follows a label, up to the next one or the end of its line; the first of each counts."""
    labels = list(grammar.labels().finditer(mirror, *span))
    told = set()
    for one, following in pairwise([*labels, None]):
        assert one is not None
        role = grammar.role_of(one)
        name = _name(one[0]) if role == "responsible" else _ROLES.get(role, "")
        stop = following.start() if following else span[1]
        line = _LINE.match(mirror, one.end(), stop)
        if name and name not in told and line:
            told.add(name)
            yield name, reading.quoted(line.span()).strip(_STOPS)


def _rows(mirror: str) -> Iterator[tuple[Span, Span | None]]:
    """Each line with the last one above it that is a row of heads with as many cells."""
    heads: dict[int, Span] = {}
    for found in _LINE.finditer(mirror):
        width = found[0].count("\t") + 1
        yield found.span(), heads.get(width)
        cells = found[0].split("\t")
        if max(map(len, cells)) <= _LONGEST_HEAD and any(_name(cell) for cell in cells):
            heads[width] = found.span()


def _in_columns(reading: Reading, mirror: str, row: Span, heads: Span | None) -> Iterator[tuple[str, str]]:
    """The cells of a row that stand under heads of ours."""
    if heads is None or "\t" not in mirror[slice(*row)]:
        return
    for head, cell in zip(_cells(mirror, heads), _cells(mirror, row), strict=True):
        name = _name(mirror[slice(*head)])
        if name and mirror[slice(*cell)].strip():
            yield name, reading.quoted(cell).strip(_STOPS)


def _name(head: str) -> str:
    return next((name for name, words in _HEADS.items() if words.search(head)), "")


def _cells(mirror: str, line: Span) -> list[Span]:
    places, begin = [], line[0]
    for cell in mirror[slice(*line)].split("\t"):
        places.append((begin, begin + len(cell)))
        begin += len(cell) + 1
    return places
