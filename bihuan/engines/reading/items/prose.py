"""Finds findings told in prose: which clause begins one (b), which goes on with it (i), which says none (o).

Weights were learned from labeled documents (tests/corpus/prose_training.py) and stand in prose.json. What a clause is
known by stands here: its words, what the sentence and the paragraph around it say, and the role of the one before.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import add
from typing import Any

from bihuan.engines.reading.items import spoken
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.clauses import Clause, clauses_of

ROLES = "bio"
Row = tuple[float, ...]
_DIGITS = re.compile(r"\d[\d,.]*")
_FIGURE = re.compile(r"\d")
_NEVER = -9.0
_LONGEST_HEADING = 12
_LONGEST_TITLE = 18
_LONGEST_JUDGMENT = 30
_LONG = 60
_AFTER = {",": "c", ";": "s", ":": "L"}


@dataclass(frozen=True, slots=True)
class Told:
    """A clause, what it is known by whatever stood before it, and what counts anew for each role before it."""

    span: Span
    alone: tuple[str, ...]
    behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is asked of a sentence or of nothing: does it say what is wrong, give figures, demand."""

    clauses: tuple[Clause, ...] = ()
    manner: str = ""  # how the paper tells
    is_led: bool = False  # its paragraph begins with the field or the unit it is about
    is_wrong: bool = False
    is_counted: bool = False
    is_asking: bool = False


@cache
def weights() -> dict[str, Row]:
    """The weights that come with the engine, one for each role."""
    return weights_from(json.loads(resources.files(__package__).joinpath("prose.json").read_text(encoding="utf-8")))


def weights_from(found: dict[str, Any]) -> dict[str, Row]:
    """Weights from their written form: whole numbers, hundred times as large."""
    return {name: tuple(value / 100 for value in row) for name, row in found.items()}


def findings_in(mirror: str, paragraphs: Sequence[Span]) -> list[Span]:
    """The findings of paragraphs without numbers, in order; never across two paragraphs."""
    told = list(clauses_in(mirror, paragraphs))
    found: list[Span] = []
    before = "o"
    for clause, role in zip(told, _best(told), strict=True):
        goes_on = role == "i" and before != "o" and "\n" not in mirror[found[-1][1] : clause.span[0]]
        if goes_on:
            found[-1] = (found[-1][0], clause.span[1])
        elif role != "o":
            found.append(clause.span)
        before = role
    return found


def clauses_in(mirror: str, paragraphs: Sequence[Span]) -> Iterator[Told]:
    """The clauses of the paragraphs in order; short lines without a stop are headings and left out."""
    is_begun = is_over = False
    manner = _manner(mirror, paragraphs)
    for place, span in enumerate(paragraphs):
        if span[1] - span[0] < _LONGEST_HEADING and mirror[span[1] - 1] not in "。;":
            continue
        cue = spoken.cue_of(mirror, span)
        begun = span[0] if is_begun else span[1] if cue is None else cue
        for told in _of_paragraph(mirror, span, f"at{5 * place // len(paragraphs)}", manner):
            zone = f"zone{int(told.span[0] >= begun)}{int(is_over)}"
            yield Told(told.span, (*told.alone, zone), told.behind)
        is_over = is_over or (is_begun and cue is None and spoken.is_end(mirror, span))
        is_begun = is_begun or cue is not None


def features_of(told: Told, before: str) -> Iterator[str]:
    """All that a clause is known by behind one of this role."""
    yield from told.alone
    yield from told.behind
    yield from _counted_anew(told, before)


def _counted_anew(told: Told, before: str) -> Iterator[str]:
    yield "behind" + before
    yield from map(before.__add__, told.behind)


def _manner(mirror: str, paragraphs: Sequence[Span]) -> str:
    """How the paper tells: how many of its paragraphs with something wrong open with a judgment, and with a field."""
    told = [span for span in paragraphs if span[1] - span[0] > _LONG and sections.is_negative(mirror[slice(*span)])]
    titles = [sections.title_of(mirror[slice(*span)]) for span in told]
    titled = sum(
        len(title) <= _LONGEST_JUDGMENT and not _FIGURE.search(title) and sections.is_negative(title)
        for title in titles
    )
    led = sum(spoken.has_lead(mirror, span) for span in told)
    return f"manner{3 * titled // max(1, len(told))}{3 * led // max(1, len(told))}"


def _of_paragraph(mirror: str, span: Span, place: str, manner: str) -> Iterator[Told]:
    is_led = spoken.has_lead(mirror, span)
    sentences = [
        _asked(mirror, clauses, manner=manner, is_led=is_led) for clauses in _sentences(clauses_of(mirror, span))
    ]
    around = (place, *_of_whole(mirror, span, sentences))
    before = _Sentence()
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1 :][:1]
        for told in _of_sentence(mirror, sentence, before, following, (number, len(sentences))):
            yield Told(told.span, (*told.alone, *around), told.behind)
        before = sentence


def _sentences(clauses: Iterable[Clause]) -> Iterator[list[Clause]]:
    here: list[Clause] = []
    for clause in clauses:
        here.append(clause)
        if clause.ends:
            yield here
            here = []
    if here:
        yield here


def _asked(mirror: str, clauses: Sequence[Clause], *, manner: str, is_led: bool) -> _Sentence:
    words = mirror[clauses[0].span[0] : clauses[-1].span[1]]
    return _Sentence(
        tuple(clauses), manner, is_led, is_wrong=sections.is_negative(words), is_counted=bool(_FIGURE.search(words)),
        is_asking=sections.is_imperative(words),
    )  # fmt: skip


def _of_whole(mirror: str, span: Span, sentences: Sequence[_Sentence]) -> tuple[str, ...]:
    """What the paragraph as a whole is known by: its first words, its length, how much of it tells what is wrong."""
    if not sentences:
        return ()
    words = mirror[slice(*sentences[0].clauses[0].span)]
    wrong = 4 * sum(one.is_wrong for one in sentences) // len(sentences)
    return (
        f"whole{wrong}", f"long{min((span[1] - span[0]) // 60, 6)}", f"asks{int(sentences[0].is_asking)}",
        f"closes{int(sections.is_closing(mirror[slice(*span)]))}", "[" + words[:2], "[" + words[:3], "]" + words[-2:],
    )  # fmt: skip


def _of_sentence(
    mirror: str, sentence: _Sentence, before: _Sentence, following: Sequence[_Sentence], number: tuple[int, int]
) -> Iterator[Told]:
    boundary = "S" if number[0] else "P"
    has_wrong = False
    spans = [one.span for one in sentence.clauses]
    nexts = [*spans[1:], *(one.clauses[0].span for one in following)]
    for place, (clause, span) in enumerate(zip(sentence.clauses, spans, strict=True)):
        words = mirror[slice(*span)]
        is_wrong = sections.is_negative(words)
        behind = [*_of_words(words, boundary), f"seen{int(has_wrong)}{boundary}", f"wrong{int(is_wrong)}{boundary}",
                  *_of_neighbours(sentence, before, boundary)]  # fmt: skip
        if boundary in "PS":
            behind += _of_opening(words, sentence, number)
        alone = list(_pairs(words))
        coming = mirror[slice(*nexts[place])] if place < len(nexts) else ""
        alone += ["n" + coming[:2], f"n{int(sections.is_negative(coming))}{int(is_wrong)}{boundary}"]
        if place:
            alone.append("p" + mirror[spans[place - 1][1] - 2 : spans[place - 1][1]])
        yield Told(span, tuple(alone), tuple(behind))
        has_wrong = (has_wrong or is_wrong) and clause.stop != ";"
        boundary = _AFTER.get(clause.stop, "c")


def _of_words(words: str, boundary: str) -> Iterator[str]:
    written = _DIGITS.sub("0", words)
    yield from ("<" + boundary, "^" + written[:2], "^" + written[:3], f"size{min(len(words) // 6, 5)}{boundary}")
    yield f"figure{int(bool(_FIGURE.search(words)))}{boundary}"


def _pairs(words: str) -> Iterator[str]:
    written = "^" + _DIGITS.sub("0", words) + "$"
    yield from map(add, written, written[1:])
    yield from (written[-3:], written[-4:])


def _of_neighbours(sentence: _Sentence, before: _Sentence, boundary: str) -> Iterator[str]:
    is_wrong, was_wrong, is_counted = map(int, (sentence.is_wrong, before.is_wrong, sentence.is_counted))
    yield from (f"sentence{is_wrong}{boundary}", f"before{was_wrong}{boundary}", f"counted{is_counted}{boundary}")
    yield from (f"counted before{int(before.is_counted)}{boundary}", f"both{was_wrong}{is_wrong}{is_counted}{boundary}")
    yield f"asking{int(sentence.is_asking)}"


def _of_opening(words: str, sentence: _Sentence, number: tuple[int, int]) -> Iterator[str]:
    yield from ("S^" + words[:2], "S^" + words[:3], f"nth{min(number[0], 3)}", f"of{min(number[1], 4)}")
    led, told = int(sentence.is_led), f"{int(sentence.is_wrong)}{int(sentence.is_counted)}"
    nth = f"{sentence.manner}{led}nth{min(number[0], 2)}"
    yield from (f"clauses{min(len(sentence.clauses), 5)}", f"led{led}", f"led{led}{told}", nth, nth + told)
    if number[0] == 0 and len(sentence.clauses) == 1 and len(words) <= _LONGEST_TITLE:
        yield "title"


def _best(told: Sequence[Told]) -> str:
    """The likeliest roles in order; none goes on with nothing."""
    if not told:
        return ""
    best = [*_chances(told[0], "o", _whatever_before(told[0]))]
    best[1] += _NEVER
    back: list[list[int]] = []
    for clause in told[1:]:
        whatever = _whatever_before(clause)
        chances = [_chances(clause, role, whatever) for role in ROLES]
        chances[2] = (chances[2][0], chances[2][1] + _NEVER, chances[2][2])
        reached = [[best[one] + chances[one][to] for one in range(3)] for to in range(3)]
        back.append([max(range(3), key=row.__getitem__) for row in reached])
        best = [max(row) for row in reached]
    at = max(range(3), key=best.__getitem__)
    chosen = [at]
    for origins in reversed(back):
        at = origins[at]
        chosen.append(at)
    return "".join(ROLES[one] for one in reversed(chosen))


def _whatever_before(told: Told) -> Row:
    """What speaks for each role, whichever the one before it was."""
    known = weights()
    return _summed([known["bias"], *filter(None, map(known.get, (*told.alone, *told.behind)))])


def _chances(told: Told, before: str, whatever: Row) -> Row:
    """How likely each role is behind one of this role, in natural logarithms."""
    sums = _summed([whatever, *filter(None, map(weights().get, _counted_anew(told, before)))])
    most = max(sums)
    total = most + math.log(sum(math.exp(one - most) for one in sums))
    return tuple(one - total for one in sums)


def _summed(rows: Sequence[Row]) -> Row:
    return tuple(map(sum, zip(*rows, strict=True)))
