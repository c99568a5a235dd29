"""Builds the tree of a document from its numbered lines, bare headings and tables.

What the entries mean (problem, praise, advice) is decided later.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.markers import LOOSE, RANKS, Line, Marker
from bihuan.engines.reading.words import grammar, lexicon

MAX_DEPTH = 9
_BARE_HEADING = 36
_HEADED = {"part", "cn", "cn_paren"}
_OVER_HEADINGS = {"attach", "part", "cn", "cn_paren", "roman", "stem"}
_LONGEST_UNKNOWN = 30
_LONGEST_HEADING = 70
_COUNTED = {"cn_paren", "num", "num_paren", "circle"}
_SHORTEST_LOST = 10
_MOST_LOST = 4
_NO_HEADING = re.compile(r"[。;:!?]|,.*,|^\d(?!\d?\s+[㐀-鿿])")
_PROSE = re.compile(r".{12}。$|.{30}:$|(反馈|问题|如下|不足).{0,8}[:。]$")
_BRACKETED = re.compile(r"(?<=.{2})\([^()]{2,14}\)$")
_TOLD = re.compile(r".{20}。$|.{4},.{4,}。$")
_FIELD = re.compile(r"(?:方面|领域|环节|建设|工作|管理|情况)$")
_LABEL = re.compile(r"([^,。;:“”]{2,16}):")
_PARTS = frozenset({"measures", "results", "deeds", "state", "responsible", "deadline", "aim"})


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
    is_title: bool = False  # a bare line that itself says what is wrong, over its particulars
    told: list[Span] = field(default_factory=list)  # what its paragraphs without numbers tell in prose

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


def outline_of(
    mirror: str, lines: Sequence[Line], tables: Sequence[Table] = (), *, bare_headings: bool = False
) -> Node:
    """The tree of a document; its root holds the lines that belong to no entry.

    A number that is already open continues its own level; a new kind of number goes one deeper, except that a
    canonically higher one first closes the lower ones beneath the same parent. Text without a number belongs to the
    entry above it, until a closing line (以上意见…, 希望…, signature, date, contacts) detaches what follows. With
    `bare_headings`, short lines over longer ones are headings too, whatever they say.
    """
    builder = _Builder(mirror, _headings_of(mirror, lines) if bare_headings else set())
    builder.lost = _lost_of(mirror, lines) if bare_headings else {}
    waiting = list(tables)
    for line in lines:
        while waiting and waiting[0].span[0] <= line.span[0]:
            builder.stack[-1].tables.append(waiting.pop(0))
        builder.take(line)
    builder.stack[-1].tables.extend(waiting)
    return builder.root


def _headings_of(mirror: str, lines: Sequence[Line]) -> set[int]:
    """Where short unnumbered lines stand over longer or numbered ones, after the first sentence of the document."""
    found = set()
    begun = False
    before: Span | None = None  # a short line right above, which may name the field of the headings below it
    for line, following in itertools.pairwise(lines):
        start, end = line.span
        text = mirror[start:end]
        begun = begun or bool(line.markers) or bool(_PROSE.search(text))
        if begun and not line.markers and _is_short(text) and not sections.is_closing(text):
            length = following.span[1] - following.span[0]
            told = mirror[following.span[1] - 1] in "。;" and length > end - start + 4
            if following.markers or told or length > max(20, (end - start) * 3 // 2):
                found.add(start)
                if before is not None and _FIELD.search(mirror, *before):
                    found.add(before[0])
        is_short = begun and not line.markers and _is_short(text)
        before = line.span if is_short and start not in found else None
    return found


def _lost_of(mirror: str, lines: Sequence[Line]) -> dict[int, str]:
    """Where lines stand that lost their number: no more between 1. and 3. than there are numbers missing."""
    found: dict[int, str] = {}
    between: list[Span] = []
    before: Marker | None = None
    for line in lines:
        if not line.markers:
            between.append(line.span)
            continue
        marker = line.markers[0]
        missing = marker.number - before.number - 1 if before and before.style == marker.style else 0
        if marker.style in _COUNTED and 0 < len(between) <= missing <= _MOST_LOST:
            whole = all(end - start >= _SHORTEST_LOST and not _is_short(mirror[start:end]) for start, end in between)
            found |= {start: marker.style for start, _ in between if whole}
        before, between = line.markers[-1], []
    return found


def _is_label_of_part(text: str) -> bool:
    """整改措施:… and 整改时限:… stand in an entry and head nothing."""
    found = grammar.labels().match(text)
    return found is not None and text[found.end() - 1] == ":" and grammar.role_of(found) in _PARTS


def _is_short(text: str) -> bool:
    bare = _BRACKETED.sub("", text.rstrip(" :"))
    return 0 < len(bare) <= _LONGEST_UNKNOWN and bare[-1:] not in "。;!?,)”" and not _NO_HEADING.search(bare)


class _Builder:
    def __init__(self, mirror: str, headings: set[int]) -> None:
        self.mirror = mirror
        self.headings = headings
        self.lost: dict[int, str] = {}
        self.root = Node("document")
        self.stack = [self.root]
        self.closed = False

    def take(self, line: Line) -> None:
        start, end = line.span
        is_counted = self.mirror[end - 1].isdecimal()  # the line of a table of contents ends with its page
        if is_counted and lexicon.pattern("lines", "contents").search(self.mirror, start, end):
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
        if span[0] in self.lost:
            self._open_lost(self.lost[span[0]])
            self._own(span)
        elif self._is_unknown_heading(span, text, leads=leads):
            self._open_unknown()
            self._own(span)
        elif attachment or self._is_bare_heading(text) or (leads and self._stands_alone(text)):
            self._open("plain", None)
            self._own(span)
        elif len(self.stack) > 1 and (self.closed or sections.is_closing(text)) and not leads:
            self.closed = True
            self.root.pieces.append(trimmed(self.mirror, span))
        else:
            self._of_entry(span, text, leads=leads)

    def _is_unknown_heading(self, span: Span, text: str, *, leads: bool) -> bool:
        """A short line over longer ones, or a unit with its colon (水利局:…) where others stood before it."""
        if span[0] in self.headings:
            return sections.role_of(text.rstrip(" :")) is None
        labels = any(node.style == "plain" and self._is_label(node) for node in self.stack)
        found = _LABEL.match(text) if labels else None
        return bool(found and (leads or found.end() < len(text)) and sections.role_of(found[1]) is None)

    def _is_label(self, node: Node) -> bool:
        return bool(node.pieces and _LABEL.match(self.mirror, *node.pieces[0]))

    def _of_entry(self, span: Span, text: str, *, leads: bool) -> None:
        """Text under an open entry; a paragraph that brings its own series, and what follows it, stands by itself."""
        place = next((i for i, node in enumerate(self.stack) if node.style == "lead"), len(self.stack))
        after_lead = place < len(self.stack)
        if after_lead or (leads and sections.is_negative(sections.title_of(text)) and self.stack[-1].style in _HEADED):
            del self.stack[place:]
            self._push(Node("lead"))
        self._own(span)

    def _is_bare_heading(self, text: str) -> bool:
        if len(self.stack) > 1 and _is_label_of_part(text):
            return False
        bare = text.rstrip(" :")
        return len(bare) <= _BARE_HEADING and bare[-1:] not in "。;!?," and sections.role_of(bare) is not None

    def _stands_alone(self, text: str) -> bool:
        """What leads a series in is not part of an entry: outside all of them, or where somebody asks and advises."""
        return self._outside_numbers() or sections.is_appeal(text)

    def _outside_numbers(self) -> bool:
        return len(self.stack) == 1 or self.stack[-1].style == "plain" or self.closed

    def _open(self, style: str, marker: Marker | None) -> None:
        self.closed = False
        if marker is None:
            self._close_for_bare_heading()
        else:
            self._close_for(marker)
        self._push(Node(style, marker))

    def _open_lost(self, style: str) -> None:
        places = [i for i, node in enumerate(self.stack) if node.style == style]
        del self.stack[places[-1] if places else len(self.stack) :]
        self._push(Node(style))

    def _open_unknown(self) -> None:
        """A heading of no known meaning stands beside the last such, or under the nearest numbered heading."""
        self.closed = False
        places = [i for i, node in enumerate(self.stack) if node.style == "plain"]
        if places and places[-1] > 1:
            del self.stack[places[-1] :]
        while len(self.stack) > 1 and not self._may_hold_heading(self.stack[-1]):
            self.stack.pop()
        self._push(Node("plain"))

    def _may_hold_heading(self, node: Node) -> bool:
        """A heading stands under headings, not under an entry that tells its problem in a whole sentence."""
        if node.style == "plain":
            return len(node.pieces) <= 1 and all(child.style == "plain" for child in node.children)
        is_told = bool(node.pieces) and bool(_TOLD.search(self.mirror, *node.pieces[0]))
        return node.style in _OVER_HEADINGS and not (is_told and len(node.pieces) == 1)

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
        elif marker.style == "attach":
            del self.stack[1:]
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
        return RANKS[style] > RANKS[than] and (style not in LOOSE or RANKS[than] <= RANKS["cn_paren"])

    def _place_of(self, marker: Marker) -> int | None:
        """Where in the stack the level of this number is open: the one it continues, else the deepest of its style."""
        places = [i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].style == marker.style]
        continued = [i for i in places if self.stack[i].number == marker.number - 1]
        if continued:
            return continued[0]
        if not places or (marker.inline and marker.number == 1 and len(self.stack) < MAX_DEPTH):
            return None
        return places[0]


def heading_of(mirror: str, node: Node | None) -> Span | None:
    """The title of an entry, without its marker and its stop; of the nearest entry above when it has none.

    Of a whole paragraph that leads in a series only the last sentence is one.
    """
    while node is not None and node.style != "document":
        if node.pieces:
            start, end = node.pieces[0]
            title = trimmed(mirror, (start, start + len(sections.title_of(mirror[start:end]))), also="。;:,")
            if title[1] - title[0] > _LONGEST_HEADING:
                title = trimmed(mirror, (mirror.rfind("。", start, end - 1) + 1, end), also="。;:,")
            if 0 < title[1] - title[0] <= _LONGEST_HEADING and title[0] >= start:
                return title
        node = node.parent
    return None
