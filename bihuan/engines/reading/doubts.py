"""Puts what is unsure at a place of the text to the items that stand there, once each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from bihuan.engines.reading.content import Doubt
from bihuan.engines.reading.shapes import Item, Span, Unsure

BLURRED = "有的字扫描得不清楚，识别没有把握。请对照原件核对。"


def of_scans(unsure: Iterable[Unsure]) -> Iterator[Doubt]:
    """What a person has to know of a quotation with these characters in it."""
    return (Doubt(one.span, BLURRED) for one in unsure)


def with_doubts(items: tuple[Item, ...], doubts: Sequence[Doubt]) -> tuple[Item, ...]:
    """The items with the doubts of the places they stand in; what is missing at a place goes to the item before it."""
    if not items or not doubts:
        return items
    told: dict[int, dict[str, None]] = {}
    near = _Stretches(items)
    begins = sorted((item.finding[0], index) for index, item in enumerate(items))
    for doubt in doubts:
        touched = set(near.touched(doubt.span))
        if not touched and doubt.span[0] == doubt.span[1]:
            place = bisect_right(begins, (doubt.span[0], len(items))) - 1
            touched = {begins[max(place, 0)][1]}
        for index in touched:
            told.setdefault(index, {}).setdefault(doubt.words)
    return tuple(
        replace(item, doubts=(*item.doubts, *told[index])) if index in told else item
        for index, item in enumerate(items)
    )


class _Stretches:
    """The places of all items in order, each with the furthest end of those before it."""

    def __init__(self, items: Sequence[Item]) -> None:
        found = [(span, index) for index, item in enumerate(items) for span in _of(item)]
        self._sorted = sorted(found)
        self._starts = [span[0] for span, _ in self._sorted]
        self._furthest = list(accumulate((span[1] for span, _ in self._sorted), max))

    def touched(self, span: Span) -> Iterator[int]:
        at = bisect_left(self._starts, span[1])
        while at and self._furthest[at - 1] > span[0]:
            at -= 1
            (_, end), index = self._sorted[at]
            if end > span[0]:
                yield index


def _of(item: Item) -> tuple[Span, ...]:
    return item.finding, *item.more, *item.measures, *item.results, *item.responsible, *item.deadline
