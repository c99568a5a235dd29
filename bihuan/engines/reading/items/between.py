"""Finds the entries without labels that stand between labeled ones, told in running text from a paragraph's start."""

from bisect import bisect_right
from collections.abc import Sequence

from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.passages import Passage

_NEAR = 30


def free(passages: Sequence[Passage], labeled: Sequence[Entry]) -> list[int]:
    """Which paragraphs no labeled entry reaches into."""
    taken = sorted(_reach(entry) for entry in labeled)
    starts = [start for start, _ in taken]
    left = []
    for at, passage in enumerate(passages):
        place = bisect_right(starts, passage.span[1] - 1)
        if not place or taken[place - 1][1] <= passage.span[0]:
            left.append(at)
    return left


def between(passages: Sequence[Passage], labeled: Sequence[Entry], told: Sequence[Entry]) -> list[Entry]:
    """Those of the entries told in running text that open a paragraph; each ends where a labeled one begins."""
    begins = [passage.span[0] for passage in passages]
    starts = sorted(_reach(entry)[0] for entry in labeled)
    found = []
    for entry in told:
        start = entry.heads[0][0]
        passage = passages[max(0, bisect_right(begins, start) - 1)]
        if start - passage.begin <= _NEAR:
            place = bisect_right(starts, start)
            found.append(_cut(entry, starts[place] if place < len(starts) else None))
    return [entry for entry in found if entry.parts]


def _reach(entry: Entry) -> Span:
    spans = [*entry.heads, *(span for part in entry.parts.values() for span in part)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _cut(entry: Entry, end: int | None) -> Entry:
    """The entry up to the next labeled one."""
    if end is not None:
        entry.heads = [span for span in entry.heads if span[0] < end]
        parts = {role: [span for span in part if span[0] < end] for role, part in entry.parts.items()}
        entry.parts = {role: part for role, part in parts.items() if part}
    return entry
