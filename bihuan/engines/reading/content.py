"""The text of a document with its tables marked, as every container hands it on; no meaning yet."""

from dataclasses import dataclass, field

from bihuan.engines.reading.shapes import Span


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cell spans; a cell merged downwards repeats the span of the cell it belongs to."""

    span: Span
    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Text and the tables in it, in the order of the document."""

    text: str
    tables: tuple[Table, ...] = ()


@dataclass(slots=True)
class Builder:
    """Collects paragraphs and table rows into one text, keeping count of the offsets."""

    parts: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> Span:
        """Append text as it is; returns where it stands."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def paragraph(self, text: str) -> Span:
        """Append a paragraph, joined to what is before by a line feed."""
        if self.parts:
            self.add("\n")
        return self.add(text)

    def content(self) -> Content:
        """What has been collected."""
        return Content("".join(self.parts), tuple(self.tables))
