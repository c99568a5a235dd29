"""Cuts paragraphs at their labels (整改措施:, 责任人:) into segments, each with the role its label gives it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.engines.reading.items.labels import Label
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.passages import Passage


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch with the role of its label ("" before the first label of a paragraph) and its paragraph."""

    span: Span
    role: str
    paragraph: int

    @property
    def is_empty(self) -> bool:
        """A label with nothing behind it in its paragraph."""
        return self.span[0] >= self.span[1]


def segments_of(mirror: str, paragraphs: Sequence[Passage], labeled: Sequence[Sequence[Label]]) -> list[Segment]:
    """The segments of all paragraphs in order; paragraphs without a label give one."""
    found: list[Segment] = []
    for index, (paragraph, labels) in enumerate(zip(paragraphs, labeled, strict=True)):
        begin, role = paragraph.begin, ""
        for label in labels:
            _keep(mirror, found, (begin, label.start), role, index)
            begin, role = label.end, label.role
        _keep(mirror, found, (begin, paragraph.span[1]), role, index)
    return found


def _keep(mirror: str, found: list[Segment], span: Span, role: str, index: int) -> None:
    span = trimmed(mirror, span)
    if role or span[0] < span[1]:
        found.append(Segment((span[0], max(span)), role, index))
