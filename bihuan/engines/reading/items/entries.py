"""One finding with all that a document says about it, by role; made by the stages that look for findings."""

from dataclasses import dataclass, field

from bihuan.engines.reading.shapes import Span


@dataclass(slots=True)
class Entry:
    """The stretches that tell the finding, the first one first, and the stretches of each role."""

    heads: list[Span]
    parts: dict[str, list[Span]] = field(default_factory=dict)
    unit: Span | None = None
    is_cut: bool = False  # the stretches are single measures and results already

    def add(self, role: str, span: Span) -> None:
        """One more stretch of a role."""
        if span[0] < span[1]:
            self.parts.setdefault(role, []).append(span)
