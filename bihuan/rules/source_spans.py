"""Where in its document a draft stands: the spans of its parts when it is split, of the whole when two are joined.

A span is (start, end) in the text of the document. No character of the source is ever lost by either.
"""

import re
from collections.abc import Iterable, Sequence

Span = tuple[int, int]
# Where a list of several matters inside one paragraph is likely to be cut: before 二是, 三是, （2）, ② and the like.
_NEXT_PART = re.compile(r"(?<=[；;。，,])\s*(?=(?:[二三四五六七八九十]是|[（(][2-9二三四五六七八九][)）]|[②-⑩]))")


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in the order of the document, those that overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def spans_of_parts(document: str, *, spans: Sequence[Span], parts: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
    """For each part the spans it comes from.

    Where all parts stand verbatim in this order, the source is cut where each begins. Otherwise a part that stands
    there has its own place, and one that was reworded keeps the whole.
    """
    whole = united(spans)
    pieces = [document[start:end] for start, end in whole]
    source = "\n".join(pieces)
    places = _places(source, parts)
    if None not in places:
        starts = [0, *(place[0] for place in places[1:] if place)]
        cuts = list(zip(starts, [*starts[1:], len(source)], strict=True))
        return tuple(_back(cut, whole) for cut in cuts)
    return tuple(_back(place, whole) if place else whole for place in places)


def _places(source: str, parts: Sequence[str]) -> list[Span | None]:
    found: list[Span | None] = []
    behind = 0
    for part in parts:
        at = source.find(part, behind) if part else -1
        found.append((at, at + len(part)) if at >= 0 else None)
        behind = at + len(part) if at >= 0 else behind
    return found


def _back(place: Span, whole: Sequence[Span]) -> tuple[Span, ...]:
    """From a place in the joined pieces (one line break between two) back to spans of the document."""
    found, before = [], 0
    for start, end in whole:
        first, last = max(place[0] - before, 0), min(place[1] - before, end - start)
        if first < last:
            found.append((start + first, start + last))
        before += end - start + 1
    return tuple(found) or tuple(whole)


def parts_of(text: str) -> tuple[str, ...]:
    """How a text could be split, as a proposal: before 二是 and the like; whole where nothing says so."""
    return tuple(part.strip() for part in _NEXT_PART.split(text))
