"""The document of a feedback in paragraphs, with the sources of its drafts marked; sources may lie over one another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bihuan.queries.drafts import DraftRow

TITLE_LEVEL, HEADING_LEVEL, TEXT_LEVEL = 2, 3, 0
MARKER_LENGTH = 8
DROPPED = "dropped"


@dataclass(frozen=True)
class Piece:
    """A run of text; with drafts it is marked: `begins` are those whose first mark this is."""

    text: str
    drafts: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    is_gone: bool = False

    @property
    def data_draft(self) -> str:
        """The ids as the script reads them."""
        return " ".join(self.drafts)


@dataclass(frozen=True)
class Paragraph:
    """One line of the document: 0 for text, 2 to 4 for headings."""

    level: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Source:
    """One span of one draft; `is_first` where the draft begins."""

    start: int
    end: int
    draft: str
    is_first: bool
    is_gone: bool


def paragraphs(text: str, drafts: Iterable[DraftRow]) -> tuple[Paragraph, ...]:
    """The text line by line, each with its marks cut out; a mark over several lines is marked in each."""
    rows = list(drafts)
    sources = [source for row in rows for source in _sources(row)]
    headings = frozenset(row.heading.strip() for row in rows if row.heading and row.spans)
    found, offset = [], 0
    for line in text.split("\n"):
        within = [source for source in sources if source.start < offset + len(line) and source.end > offset]
        if line.strip():
            level = _level(line.strip(), headings, is_first=not found) if not within else TEXT_LEVEL
            found.append(Paragraph(level, tuple(_pieces(line, offset, within))))
        offset += len(line) + 1
    return tuple(found)


def _sources(row: DraftRow) -> Iterator[_Source]:
    for number, (start, end) in enumerate(sorted(row.spans)):
        yield _Source(start, end, str(row.id), number == 0, row.state.code == DROPPED)


def _level(line: str, headings: frozenset[str], *, is_first: bool) -> int:
    if is_first:
        return TITLE_LEVEL
    is_heading = any(line.endswith(heading) and len(line) <= len(heading) + MARKER_LENGTH for heading in headings)
    return HEADING_LEVEL if is_heading else TEXT_LEVEL


def _pieces(line: str, offset: int, sources: Sequence[_Source]) -> Iterator[Piece]:
    edges = {0, len(line)}
    for source in sources:
        edges |= {min(max(source.start - offset, 0), len(line)), min(max(source.end - offset, 0), len(line))}
    places = sorted(edges)
    for start, end in pairwise(places):
        here = [source for source in sources if source.start < offset + end and source.end > offset + start]
        # What stands is lit before what was dropped: the link leads to it.
        here.sort(key=lambda source: source.is_gone)
        yield Piece(
            line[start:end],
            tuple(dict.fromkeys(source.draft for source in here)),
            tuple(source.draft for source in here if source.is_first and source.start == offset + start),
            bool(here) and all(source.is_gone for source in here),
        )
