"""Says which numbered paragraphs of a plan or a notice open with a finding: by their wording, or by their whole series.

关于……的问题 says it by itself; a series in which most entries say that something is wrong says it for each of these.
"""

from collections.abc import Iterator, Sequence

from bihuan.engines.reading.items.wording import is_wrong
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.clauses import clauses_of
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

POINTS = frozenset({"shi", "bullet"})
_LONGEST = 160
_SHORTEST = 4
_OPENINGS = frozenset("关针对就")
_SLACK = 8
_MOSTLY = 0.6
_FEWEST = 2
_ENOUGH = 3
_LONGEST_ALONE = 60


def titled_findings(mirror: str, passages: Sequence[Passage]) -> list[Span | None]:
    """For each numbered paragraph that opens with a finding, where; titles above such titles do not count."""
    found = [_worded(mirror, passage) for passage in passages]
    wrong = [_wrong(mirror, passage) for passage in passages]
    for parent, below in _series(passages):
        told = [at for at in below if found[at] or wrong[at] or _names(mirror, passages[at])]
        is_told = len(told) >= max(1, len(below) * _MOSTLY)
        if parent is not None and is_told and _ends(found[parent] or wrong[parent], passages[parent]):
            found[parent] = wrong[parent] = None
        elif parent is not None and not is_told and passages[below[0]].number == 1:
            found[parent] = found[parent] or (wrong[parent] if _ends(wrong[parent], passages[parent]) else None)
        if is_told and len(told) >= _FEWEST:
            for at in told:
                found[at] = found[at] or wrong[at]
        if is_told and len(told) >= _ENOUGH:
            for at in set(below) - set(told):
                found[at] = _alone(mirror, passages, at)
    return found


def _alone(mirror: str, passages: Sequence[Passage], at: int) -> Span | None:
    """A short title among titles of findings, with text below it."""
    title = _opening(mirror, passages[at])
    is_short = title is not None and _ends(title, passages[at]) and title[1] - title[0] <= _LONGEST_ALONE
    below = passages[at + 1] if at + 1 < len(passages) else None
    is_above = below is not None and (not below.style or below.style in POINTS or _is_over(passages[at], below))
    return title if is_short and is_above else None


def _ends(title: Span | None, passage: Passage) -> bool:
    """Nothing but the title stands in the paragraph."""
    return title is not None and title[1] >= passage.span[1] - _SLACK


def _series(passages: Sequence[Passage]) -> Iterator[tuple[int | None, list[int]]]:
    """Each numbered paragraph with those right under it; None above those with nothing over them. Deepest first."""
    below: dict[tuple[int | None, str], list[int]] = {}
    open_ones: list[int] = []
    for at, passage in enumerate(passages):
        if not passage.style or passage.style in POINTS:
            continue
        while open_ones and not _is_over(passages[open_ones[-1]], passage):
            open_ones.pop()
        below.setdefault((open_ones[-1] if open_ones else None, passage.style), []).append(at)
        open_ones.append(at)
    for (parent, _), those in reversed(below.items()):
        yield parent, those


def _is_over(passage: Passage, other: Passage) -> bool:
    return passage.rank < other.rank and passage.style != other.style


def _worded(mirror: str, passage: Passage) -> Span | None:
    if not passage.style:
        return _bare(mirror, passage)
    title = _opening(mirror, passage)
    if title is None:
        return None
    found = grammar.pattern("heads", "titled").search(mirror[slice(*title)].rstrip(":;, "))
    return title if found and (found["about"] or is_wrong(found["wrong"] or "")) else None


def _bare(mirror: str, passage: Passage) -> Span | None:
    """An unnumbered line that is nothing but 关于……的问题."""
    words = mirror[slice(*passage.span)].rstrip(":;。 ") if passage.span[1] - passage.span[0] <= _LONGEST else ""
    found = grammar.pattern("heads", "titled").search(words) if words[:1] in _OPENINGS else None
    return passage.span if found and found["about"] and "。" not in words and is_wrong(words) else None


def _names(mirror: str, passage: Passage) -> bool:
    """The paragraph opens with what it answers to, in quotes or as 针对……问题, and goes on with the answer."""
    opening = mirror[passage.begin : min(passage.span[1], passage.begin + _LONGEST * 2)]
    if (quoted := grammar.pattern("heads", "about").match(opening)) and is_wrong(quoted["finding"]):
        return True
    found = grammar.pattern("heads", "about_sentence").match(opening)
    return bool(found and is_wrong(found["finding"] or found["finding_too"]))


def _opening(mirror: str, passage: Passage) -> Span | None:
    """The first sentence of a numbered paragraph, unless it is long."""
    if not passage.style or passage.style in POINTS:
        return None
    end = mirror.find("。", passage.begin, min(passage.span[1], passage.begin + _LONGEST))
    end = passage.span[1] if end < 0 else end
    return (passage.begin, end) if _SHORTEST <= end - passage.begin <= _LONGEST else None


def _wrong(mirror: str, passage: Passage) -> Span | None:
    """The first sentence where it says that something is wrong, and in no clause what was done about it."""
    title = _opening(mirror, passage)
    if title is None or not is_wrong(mirror[slice(*title)]):
        return None
    words = mirror[slice(*title)]
    if grammar.pattern("points", "goal").match(words):
        return None
    for clause in clauses_of(mirror, title):
        part = mirror[slice(*clause.span)]
        if grammar.pattern("telling", "answers").match(part) and not is_wrong(part):
            return None
    return title
