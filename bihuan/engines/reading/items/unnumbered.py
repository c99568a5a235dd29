"""Findings of a feedback that have no number: told in prose, listed in a sentence, or a paragraph each under a heading.

What is learned (prose) decides where a paragraph tells of several; where it finds nothing, the rules for lists do.
"""

from collections.abc import Iterable, Iterator, Sequence

from bihuan.engines.reading.items import announced, prose, spoken
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.outline import Node, heading_of

Found = tuple[Span | None, Span]  # the heading, and the finding
_ENOUGH = 2
_FEW = 5  # so much was learned of a paper that the rules find nothing besides
_ENOUGH_BESIDE = 3
_NOTHING = "。;, \t\n\r\u3000"
_LISTED = 2  # so short a paragraph under a field tells one in each sentence


def mark(mirror: str, root: Node) -> None:
    """Note in each entry what its paragraphs without numbers tell; all of them are read together."""
    places = [(piece, node) for node in root.walk() for piece in node.pieces[1 if node.marker else 0 :]]
    places.sort(key=lambda place: place[0])
    paragraphs = [piece for piece, _ in places]
    listed = [span for piece in paragraphs for span in announced.listed_before(mirror, piece)]
    told = [] if _is_account(mirror, paragraphs) else prose.findings_in(mirror, paragraphs)
    told = [span for span in told if not any(_meet(span, one) for one in listed)]
    told = [part for span in told for part in spoken.each_of_some(mirror, span)]
    for span in sorted([*listed, *told]):
        next(node for piece, node in places if _meet(piece, span)).told.append(span)


def _is_account(mirror: str, paragraphs: Sequence[Span]) -> bool:
    """One paragraph of an account names all problems in a row."""
    naming = [
        one for one in paragraphs if spoken.cue_of(mirror, one) is not None or announced.listed_before(mirror, one)
    ]
    return len(naming) <= 1 and announced.is_announced(mirror, paragraphs)


def of_running_text(mirror: str, root: Node) -> Iterator[Found]:
    """Problems of a document that numbers nothing: told in prose, or behind the words that announce them."""
    paragraphs = sorted(piece for node in root.walk() for piece in node.pieces)
    told = sorted(span for node in root.walk() for span in node.told)
    found = _by_rules(mirror, paragraphs)
    if len(told) >= _ENOUGH:
        is_sure = len(told) <= _FEW or announced.is_announced(mirror, paragraphs)
        found = _both(mirror, told, paragraphs, found, is_sure=is_sure)
    yield from _without_stops(mirror, found)


def under_heading(
    mirror: str, node: Node, pieces: Sequence[Span], *, above: Span, says_problem: bool, listed: bool
) -> Iterator[Found]:
    """Each paragraph is a problem; a lone one under a field (关于教师队伍) may tell several, sentence by sentence.

    `says_problem`: the heading calls what is under it problems; `listed`: the lone paragraph may tell several.
    """
    told = [span for span in node.told if any(_meet(span, piece) for piece in pieces)]
    ruled = [
        (lead, part)
        for piece in spoken.with_continuations(mirror, pieces, above)
        for lead, parts in [spoken.clauses_of(mirror, piece, listed=listed)]
        for part in parts
    ]
    is_ruled = not told or (listed and len(told) < len(ruled) <= _LISTED)
    found = ruled if is_ruled else _both(mirror, told, pieces, ruled, is_sure=says_problem)
    for heading, span in _without_stops(mirror, found):
        yield heading or heading_of(mirror, node), span


def beside(root: Node, taken: Sequence[Span]) -> Iterator[tuple[Node, Span]]:
    """What is told in prose where only some parts are numbered, and is in none of these findings."""
    left = [(node, span) for node in root.walk() for span in node.told if not any(_meet(span, one) for one in taken)]
    if len(left) >= _ENOUGH_BESIDE:
        yield from left


def _by_rules(mirror: str, paragraphs: Sequence[Span]) -> Iterator[Found]:
    zone = list(spoken.zone_of(mirror, paragraphs))
    if not zone:
        for part in spoken.told_plainly(mirror, paragraphs):
            yield None, part
    for paragraph, follows_cue in zone:
        for stretch in spoken.fields_in(mirror, paragraph):
            heading, parts = spoken.clauses_of(mirror, stretch, listed=follows_cue)
            for part in parts:
                for one in announced.listed_before(mirror, part) or [part]:
                    yield heading, one


def _both(
    mirror: str, told: Sequence[Span], paragraphs: Sequence[Span], ruled: Iterable[Found], *, is_sure: bool
) -> Iterator[Found]:
    """What was learned; by rules, what says what is wrong in paragraphs of which nothing was learned."""
    for span in told:
        here = next((piece for piece in paragraphs if _meet(piece, span)), span)
        yield spoken.lead_of(mirror, here), span
    silent = [piece for piece in paragraphs if is_sure or spoken.has_lead(mirror, piece)]
    silent = [piece for piece in silent if not any(_meet(piece, span) for span in told)]
    for heading, part in ruled:
        words = mirror[slice(*part)]
        is_wrong = sections.is_negative(words) and not sections.is_imperative(words)
        if is_wrong and any(_meet(piece, part) for piece in silent):
            yield heading, part


def _without_stops(mirror: str, found: Iterable[Found]) -> Iterator[Found]:
    """Each without the stops at its ends; what is nothing but stops is none."""
    for heading, span in found:
        start, end = trimmed(mirror, span, also="。;,")
        start += len(mirror[start:end]) - len(mirror[start:end].lstrip(_NOTHING))
        if start < end:
            yield heading, (start, end)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
