"""Builds the tree of a document from its numbered lines, bare headings and tables.

What the entries mean (problem, praise, advice) is decided later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bihuan.engines.reading import lexicon, sections
from bihuan.engines.reading.content import Table
from bihuan.engines.reading.lines import trimmed
from bihuan.engines.reading.markers import RANKS, Line, Marker
from bihuan.engines.reading.shapes import Span

MAX_DEPTH = 9
_BARE_HEADING = 36
_HEADED = {"part", "cn", "cn_paren"}


@dataclass(slots=True, eq=False)
class Node:
    """An entry of the outline: its own text by paragraph, and what stands under it."""

    style: str
    marker: Marker | None = None
    parent: "Node | None" = None
    before: "Node | None" = None
    pieces: list[Span] = field(default_factory=list)
    children: "list[Node]" = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.marker.number if self.marker else 0

    @property
    def level(self) -> str:
        """Markers from the outermost to this one, half-width, without spaces."""
        labels = []
        node: Node | None = self
        while node is not None:
            if node.marker:
                labels.append(node.marker.label)
            node = None if node.style == "dec" else node.parent
        return "".join(reversed(labels))

    def ancestors(self) -> "Iterator[Node]":
        """The entries above, nearest first, without the document itself."""
        node = self.parent
        while node is not None and node.style != "document":
            yield node
            node = node.parent

    def walk(self) -> "Iterator[Node]":
        """This entry and all beneath it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def outline_of(mirror: str, lines: Sequence[Line], tables: Sequence[Table] = ()) -> Node:
    """The tree of a document; its root holds the lines that belong to no entry.

    A number that is already open continues its own level; a new kind of number goes one deeper, except that a
    canonically higher one first closes the lower ones beneath the same parent. Text without a number belongs to the
    entry above it, until a closing line (以上意见…, 希望…, signature, date, contacts) detaches what follows.
    """
    builder = _Builder(mirror)
    waiting = list(tables)
    for line in lines:
        while waiting and waiting[0].span[0] <= line.span[0]:
            builder.stack[-1].tables.append(waiting.pop(0))
        builder.take(line)
    builder.stack[-1].tables.extend(waiting)
    return builder.root


class _Builder:
    def __init__(self, mirror: str) -> None:
        self.mirror = mirror
        self.root = Node("document")
        self.stack = [self.root]
        self.closed = False

    def take(self, line: Line) -> None:
        start, end = line.span
        if lexicon.pattern("lines", "contents").search(self.mirror, start, end):
            return
        cuts = [marker.start for marker in line.markers] + [end]
        if cuts[0] > start:
            self._unnumbered((start, cuts[0]), leads=bool(line.markers))
        for marker, cut in zip(line.markers, cuts[1:], strict=True):
            self._open(marker.style, marker)
            self._own((marker.end, cut))

    def _own(self, span: Span) -> None:
        span = trimmed(self.mirror, span)
        if span[0] < span[1]:
            self.stack[-1].pieces.append(span)

    def _unnumbered(self, span: Span, *, leads: bool) -> None:
        text = self.mirror[span[0] : span[1]]
        attachment = not leads and lexicon.pattern("lines", "attachment").match(text)
        if attachment or self._is_bare_heading(text) or (leads and self._outside_numbers()):
            self._open("plain", None)
            self._own(span)
        elif len(self.stack) > 1 and (self.closed or sections.is_closing(text)) and not leads:
            self.closed = True
            self.root.pieces.append(trimmed(self.mirror, span))
        else:
            self._of_entry(span, text, leads=leads)

    def _of_entry(self, span: Span, text: str, *, leads: bool) -> None:
        """Text under an open entry; a paragraph that brings its own series, and what follows it, stands by itself."""
        place = next((i for i, node in enumerate(self.stack) if node.style == "lead"), len(self.stack))
        after_lead = place < len(self.stack)
        if after_lead or (leads and sections.is_negative(sections.title_of(text)) and self.stack[-1].style in _HEADED):
            del self.stack[place:]
            self._push(Node("lead"))
        self._own(span)

    def _is_bare_heading(self, text: str) -> bool:
        bare = text.rstrip(" :")
        return len(bare) <= _BARE_HEADING and bare[-1:] not in "。;!?," and sections.role_of(bare) is not None

    def _outside_numbers(self) -> bool:
        return len(self.stack) == 1 or self.stack[-1].style == "plain" or self.closed

    def _open(self, style: str, marker: Marker | None) -> None:
        self.closed = False
        if marker is None:
            self._close_for_bare_heading()
        else:
            self._close_for(marker)
        self._push(Node(style, marker))

    def _push(self, node: Node) -> None:
        parent = self.stack[-1]
        node.parent = parent
        node.before = next((child for child in reversed(parent.children[-2:]) if child.style == node.style), None)
        parent.children.append(node)
        self.stack.append(node)

    def _close_for_bare_heading(self) -> None:
        """A bare heading right under a numbered one that has nothing yet belongs to it; else it starts afresh."""
        top = self.stack[-1]
        if top.style not in {"part", "cn"} or top.children or len(top.pieces) > 1:
            del self.stack[1:]

    def _close_for(self, marker: Marker) -> None:
        place = self._place_of(marker)
        if place is not None:
            del self.stack[place:]
        elif not marker.inline:
            keep = len(self.stack)
            while keep > 1 and self._is_lower(self.stack[keep - 1].style, marker.style):
                keep -= 1
            if keep > 1:
                del self.stack[keep:]
        del self.stack[MAX_DEPTH:]

    @staticmethod
    def _is_lower(style: str, than: str) -> bool:
        """一是 and 第一 stand under anything, and anything but a heading may stand under them."""
        return RANKS[style] > RANKS[than] and (style not in {"shi", "di"} or RANKS[than] <= RANKS["cn_paren"])

    def _place_of(self, marker: Marker) -> int | None:
        """Where in the stack the level of this number is open: the one it continues, else the deepest of its style."""
        places = [i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].style == marker.style]
        continued = [i for i in places if self.stack[i].number == marker.number - 1]
        if continued:
            return continued[0]
        if not places or (marker.inline and marker.number == 1 and len(self.stack) < MAX_DEPTH):
            return None
        return places[0]
