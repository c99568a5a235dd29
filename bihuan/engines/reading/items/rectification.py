"""Reads plans and public notices: paragraphs → segments → entries → items, one item for each finding."""

from collections.abc import Iterator

from bihuan.engines.reading.items import labeled, linked, narrated
from bihuan.engines.reading.items.between import between, free
from bihuan.engines.reading.items.labels import labels_of
from bihuan.engines.reading.items.places import Places
from bihuan.engines.reading.items.segments import segments_of
from bihuan.engines.reading.items.states import told_on
from bihuan.engines.reading.shapes import Item
from bihuan.engines.reading.structure.lines import lines_of
from bihuan.engines.reading.structure.outline import Node
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.structure.passages import passages_of


def entries_of(text: str, mirror: str, root: Node, *, is_plan: bool = False) -> tuple[Item, ...]:
    """The entries of a plan or a notice, in document order; what a plan arranges is no result."""
    paragraphs = passages_of(mirror, paragraphs_of(mirror, lines_of(mirror)))
    found = labels_of(mirror, paragraphs)
    segments = segments_of(mirror, paragraphs, found)
    on = told_on(mirror)
    places = Places(text, mirror, root, on, is_plan=is_plan)
    entries = linked.entries_of(mirror, paragraphs)
    if not entries:
        entries = labeled.entries_of(mirror, paragraphs, segments)
        left = free(paragraphs, entries)
        told = narrated.entries_of(
            mirror, [paragraphs[at] for at in left], [found[at] for at in left], on=on, is_plan=is_plan
        )
        entries += between(paragraphs, entries, told) if entries else told
    items = [item for entry in entries if (item := places.item_of(entry))]
    return tuple(_apart(text, sorted(items, key=lambda item: item.finding)))


def _apart(text: str, items: list[Item]) -> Iterator[Item]:
    """Two items never share the words of a finding, and none is told twice: the first stands."""
    reached = -1
    told: set[str] = set()
    for item in items:
        words = "".join(text[slice(*item.finding)].split())
        if item.finding[0] >= reached and words not in told:
            reached = item.finding[1]
            told.add(words)
            yield item
