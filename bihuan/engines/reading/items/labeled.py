"""Finds the entries of documents whose parts carry labels (整改措施:): the text before the labels is the finding.

Documents without such labels are not read here.
"""

import re
from collections.abc import Sequence

from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.items.regions import left_out
from bihuan.engines.reading.items.segments import Segment
from bihuan.engines.reading.items.states import state_alone
from bihuan.engines.reading.items.titles import titled_findings
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.markers import marker_at
from bihuan.engines.reading.structure.passages import Passage
from bihuan.engines.reading.words import grammar

_LISTED = frozenset({"measures", "results", "deeds"})
_FEW = 2
_MANY = 1.3
_AHEAD = 8
_SHORT_TITLE = 22
_SHORTEST = 5
_STOPS = frozenset("。;.!?)】”")
_SERIAL = re.compile(
    r"[①-⑳⑴-⒇]|\(?\d{1,2}\)|\([一二三四五六七八九十]\)|\d{1,2}[.、](?!\d)|[a-h][.、)]|[一二三四五六]是"
)


def entries_of(mirror: str, paragraphs: Sequence[Passage], segments: Sequence[Segment]) -> list[Entry]:
    """The entries in order; none when hardly anything is labeled."""
    if sum(1 for segment in segments if _tells(mirror, segment)) < _FEW:
        return []
    reader = _Reader(mirror, paragraphs, segments)
    reader.read()
    titled = sum(1 for span in titled_findings(mirror, paragraphs) if span)
    return reader.entries if len(reader.entries) * _MANY >= titled else []


def _tells(mirror: str, segment: Segment) -> bool:
    """A label of measures or results with more behind it than the state."""
    return segment.role in _LISTED and (segment.is_empty or not state_alone(mirror[slice(*segment.span)]))


class _Reader:
    """Walks the segments; what has no label begins an entry, goes on with the last part, or is left out."""

    def __init__(self, mirror: str, paragraphs: Sequence[Passage], segments: Sequence[Segment]) -> None:
        self.mirror, self.paragraphs, self.segments = mirror, paragraphs, segments
        self.left_out = left_out(mirror, paragraphs)
        self.entries: list[Entry] = []
        self.entry: Entry | None = None
        self.finding_style = ""
        self.finding_number = 0
        self.role = ""
        self.first_role = ""
        self.series: tuple[str, int] | None = None
        self.is_detailed = False  # 具体表现: what follows is more of the finding
        self.is_open = False  # the label stood alone: what follows belongs to it

    def read(self) -> None:
        for at, segment in enumerate(self.segments):
            if segment.role:
                self._labeled(segment)
            else:
                self._unlabeled(at, segment)

    def _labeled(self, segment: Segment) -> None:
        if segment.role == "finding" or (segment.role == "detail" and self.entry is None):
            self._says_finding(segment)
            return
        if self.entry is None:
            return
        if segment.role == "detail":
            self.is_detailed = True
            self.entry.heads += [] if segment.is_empty else [segment.span]
            return
        self.first_role = self.first_role or segment.role
        self.role, self.series, self.is_open = segment.role, None, segment.is_empty
        self.entry.add(segment.role, segment.span)

    def _says_finding(self, segment: Segment) -> None:
        """问题:… begins an entry, or replaces the title right above it."""
        if segment.is_empty:
            self.entry = None
            return
        self._begin(segment)

    def _begin(self, segment: Segment) -> None:
        paragraph = self.paragraphs[segment.paragraph]
        self.finding_style, self.finding_number = paragraph.style, paragraph.number
        self.entry = Entry([segment.span])
        self.entries.append(self.entry)
        self.role, self.series, self.is_open, self.first_role = "", None, False, ""
        self.is_detailed = False

    def _unlabeled(self, at: int, segment: Segment) -> None:
        paragraph = self.paragraphs[segment.paragraph]
        if self.entry and self.role and self._is_boxed_state(segment):
            self.entry.add("state", segment.span)
            return
        if self.entry and not self.role:
            is_title = not self.is_detailed and self._stands_above(self.entry.heads[0], segment)
            if paragraph.style in {"", "bullet"} and not is_title:
                self.entry.heads.append(segment.span)  # more of the finding, before its first label
                return
            self.entries.pop()
            self.entry = None
        if self.entry and self._goes_on(at, paragraph, segment):
            self._continue(paragraph, segment)
        elif self._begins(at, segment):
            self._begin(segment)
        elif self._closes(paragraph, segment):
            self.entry, self.role = None, ""

    def _is_boxed_state(self, segment: Segment) -> bool:
        """【已完成】 on a line of its own below the parts."""
        words = self.mirror[slice(*segment.span)]
        return words[0] in "【[(" and words[-1] in "】])" and bool(state_alone(words))

    def _stands_above(self, span: Span, below: Segment) -> bool:
        """A title above text that is more than a word in brackets."""
        return self.mirror[below.span[0]] not in "(【[" and self._is_heading(span)

    def _is_heading(self, span: Span) -> bool:
        """A short title that says nothing wrong."""
        words = self.mirror[slice(*span)].rstrip("。 ")
        if len(words) > _SHORT_TITLE or re.search(r"[,;。]", words):
            return False
        titled = bool(grammar.pattern("heads", "plain_title").search(words))
        return titled or not sections.is_negative(words)

    def _continue(self, paragraph: Passage, segment: Segment) -> None:
        if paragraph.style:
            self.series = (paragraph.style, paragraph.number)
        if self.entry and self._is_broken_off(paragraph):
            parts = self.entry.parts[self.role]
            parts[-1] = (parts[-1][0], segment.span[1])
        elif self.entry:
            self.entry.add(self.role, paragraph.span if paragraph.style else segment.span)

    def _is_broken_off(self, paragraph: Passage) -> bool:
        """The part stops in the middle of a sentence, and this paragraph begins nothing of its own."""
        parts = self.entry.parts.get(self.role, []) if self.entry else []
        if paragraph.style or paragraph.apart or not parts:
            return False
        words = self.mirror[slice(*parts[-1])]
        return self.role in _LISTED and words[-1] not in _STOPS and len(words) >= _SHORTEST

    def _goes_on(self, at: int, paragraph: Passage, segment: Segment) -> bool:
        if not self.role or (self._is_closing(segment) and not self._is_point(paragraph)):
            return False
        if self._is_broken_off(paragraph):
            return True
        if self.is_open and self.series is None and self.role in _LISTED and self._is_content(at, paragraph):
            return True
        next_in_series = self._is_next(paragraph)
        if next_in_series and not self._may_be_finding(paragraph):
            return True
        if self._leads(at) and self._next_role(at) == self.first_role:
            return False
        if next_in_series:
            return True
        if paragraph.style in {"", "bullet"}:
            return self.role in _LISTED and bool(self.finding_style) and not self._is_title(segment)
        return self.role in _LISTED and paragraph.rank > self._finding_rank() and not self._leads(at)

    def _is_point(self, paragraph: Passage) -> bool:
        """A number that goes on: 印发《…》 and 我局已… close a paper, but not as its point (2)."""
        return self._is_next(paragraph) or (self.is_open and self.series is None and paragraph.number == 1)

    def _is_content(self, at: int, paragraph: Passage) -> bool:
        return not (paragraph.style and paragraph.style == self.finding_style and self._leads(at))

    def _finding_rank(self) -> int:
        return Passage((0, 0), 0, self.finding_style).rank

    def _is_next(self, paragraph: Passage) -> bool:
        if not paragraph.style:
            return False
        if self.series:
            return self.series[0] == paragraph.style and paragraph.number in {0, self.series[1] + 1}
        return self._last_inline() == (paragraph.style, paragraph.number - 1)

    def _last_inline(self) -> tuple[str, int]:
        """The last number in the part so far: ①… stands in the line of the label, ② on the next."""
        parts = self.entry.parts.get(self.role, []) if self.entry else []
        found = list(_SERIAL.finditer(self.mirror, *parts[-1])) if parts else []
        marker = marker_at(self.mirror, found[-1].start(), parts[-1][1]) if found else None
        return (marker.style, marker.number) if marker else ("", 0)

    def _may_be_finding(self, paragraph: Passage) -> bool:
        return paragraph.style == self.finding_style and paragraph.number == self.finding_number + 1

    def _begins(self, at: int, segment: Segment) -> bool:
        if self.paragraphs[segment.paragraph].style == "shi":
            return False
        is_long = segment.span[1] - segment.span[0] >= _SHORTEST
        return is_long and not self.left_out[segment.paragraph] and self._leads(at)

    def _leads(self, at: int) -> bool:
        """A label that says what was done stands behind this text, with at most more of it in between."""
        return self._next_role(at) not in {"", "note", "finding"}

    def _next_role(self, at: int) -> str:
        here = self.segments[at]
        for other in self.segments[at + 1 : at + _AHEAD]:
            if other.role:
                return other.role
            below = self.paragraphs[other.paragraph]
            if below.style not in {"", "bullet"} or (below.apart and not self.paragraphs[here.paragraph].style):
                return ""
            if self._stands_above(here.span, other):
                return ""
        return ""

    def _is_title(self, segment: Segment) -> bool:
        words = self.mirror[slice(*segment.span)]
        return len(words) <= _SHORT_TITLE and words[-1] not in "。;,!?" and not re.search(r"\d", words)

    def _is_closing(self, segment: Segment) -> bool:
        words = self.mirror[slice(*segment.span)]
        return bool(grammar.pattern("heads", "closing").search(words)) or sections.is_closing(words)

    def _closes(self, paragraph: Passage, segment: Segment) -> bool:
        return bool(paragraph.style) or self._is_closing(segment) or self._is_title(segment) or not self.finding_style
