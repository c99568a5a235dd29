"""The text of a document with its tables marked, as every container hands it on; no meaning yet."""

from dataclasses import dataclass, field

from bihuan.engines.reading.shapes import Missed, Span, Unreadable, Unsure

MAX_TEXT = 10_000_000
TOO_LONG = "文件里的文字超过 1000 万字，读不完。请分成几份后再试。"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cell spans; a cell merged downwards repeats the span of the cell it belongs to."""

    span: Span
    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a reader could not be sure of at a place of the text, in words for a person."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Content:
    """Text and the tables in it, in the order of the document; what the reader doubts, and the names of its sheets.

    `pages` is where each page begins, `unread` the numbers of pages that are pictures nobody has recognized, `missed`
    the rows on recognized ones that gave no words.
    """

    text: str
    tables: tuple[Table, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    names: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    unread: tuple[int, ...] = ()
    missed: tuple[Missed, ...] = ()


@dataclass(slots=True)
class Builder:
    """Collects paragraphs and table rows into one text, keeping count of the offsets; stops a text without end."""

    parts: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> Span:
        """Append text as it is; returns where it stands."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise Unreadable("too_large", TOO_LONG)
        return start, self.length

    def paragraph(self, text: str) -> Span:
        """Append a paragraph, joined to what is before by a line feed."""
        if self.parts:
            self.add("\n")
        return self.add(text)

    def doubt(self, span: Span, words: str) -> None:
        """Remember what is unsure at this place."""
        self.doubts.append(Doubt(span, words))

    def content(self) -> Content:
        """What has been collected."""
        return Content(
            "".join(self.parts), tuple(self.tables), tuple(self.doubts), tuple(self.names), (), tuple(self.unsure)
        )
