"""What is marked in a document: sources of drafts, repairs made and proposed, the places where pages begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bihuan.queries._paper import Paper
from bihuan.queries.drafts import DraftRow
from bihuan.web._scan_sheets import confidence_told

DROPPED = "dropped"


@dataclass(frozen=True)
class Piece:
    """A run of text; with drafts it is marked: `begins` are those whose first mark this is.

    `page` begins here (0: none). `doubt`: what is told of a character recognized without confidence. With a repair
    `text` is what stood there and `after` what stands for it: made, or where `waits` only proposed.
    """

    text: str
    drafts: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    is_gone: bool = False
    page: int = 0
    is_repair: bool = False
    after: str = ""
    waits: bool = False
    doubt: str = ""

    @property
    def data_draft(self) -> str:
        """The ids as the script reads them."""
        return " ".join(self.drafts)

    @property
    def is_cut(self) -> bool:
        """Nothing of it is left to be seen: no link has words there."""
        return self.is_repair and not self.waits and not self.after


@dataclass(frozen=True)
class _Source:
    """One span of one draft; `is_first` where the draft begins."""

    start: int
    end: int
    draft: str
    is_first: bool
    is_gone: bool


@dataclass(frozen=True)
class _Repair:
    """One repair in its place."""

    start: int
    end: int
    after: str
    waits: bool


class Marks:
    """All marks of one text, asked for line by line."""

    def __init__(self, text: str, drafts: Iterable[DraftRow], paper: Paper) -> None:
        self._text = text
        self._sources = [source for row in drafts for source in _sources(row)]
        self._repairs = _apart(paper)
        self._begins = [one.start for one in self._repairs]
        self._pages = paper.pages
        self._unsure = {span[0]: confidence for span, confidence in paper.unsure}
        self._unsure_at = sorted(self._unsure)
        # Of a page that begins between two lines the number stands before the next one.
        self._next_page = 1

    def are_in(self, start: int, end: int) -> bool:
        """Whether a draft stands in this stretch."""
        return any(source.start < end and source.end > start for source in self._sources)

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The stretch cut where a mark begins or ends, in order."""
        sources = [source for source in self._sources if source.start < end and source.end > start]
        repairs = self._repairs[bisect_left(self._begins, start) : bisect_right(self._begins, end)]
        repairs = [one for one in repairs if one.end <= end]
        edges = {start, end, *(place for place in self._pages[1:] if start < place < end)}
        unsure = self._unsure_at[bisect_left(self._unsure_at, start) : bisect_left(self._unsure_at, end)]
        edges |= {place for at in unsure for place in (at, at + 1)}
        for one in (*sources, *repairs):
            edges |= {min(max(one.start, start), end), min(max(one.end, start), end)}
        for begin, finish in pairwise(sorted(edges)):
            yield from (self._put_in(one, sources) for one in repairs if one.start == one.end == begin)
            yield self._piece(begin, finish, sources, repairs)
        yield from (self._put_in(one, sources) for one in repairs if one.start == one.end == end > start)

    def _put_in(self, repair: _Repair, sources: Sequence[_Source]) -> Piece:
        here = [source for source in sources if source.start < repair.start < source.end]
        drafts = tuple(dict.fromkeys(source.draft for source in here))
        return Piece("", drafts, is_repair=True, after=repair.after, waits=repair.waits)

    def _piece(self, start: int, end: int, sources: Sequence[_Source], repairs: Sequence[_Repair]) -> Piece:
        here = [source for source in sources if source.start < end and source.end > start]
        # What stands is lit before what was dropped: the link leads to it.
        here.sort(key=lambda source: source.is_gone)
        repair = next((one for one in repairs if one.start <= start and end <= one.end), None)
        return Piece(
            text=self._text[start:end],
            drafts=tuple(dict.fromkeys(source.draft for source in here)),
            begins=tuple(source.draft for source in here if source.is_first and source.start == start),
            is_gone=bool(here) and all(source.is_gone for source in here),
            page=self._page_at(start),
            is_repair=repair is not None,
            after=repair.after if repair and repair.start == start else "",
            waits=repair is not None and repair.waits,
            doubt=self._doubt_at(start),
        )

    def _doubt_at(self, place: int) -> str:
        sure = self._unsure.get(place)
        return "" if sure is None else confidence_told(self._text[place], sure)

    def _page_at(self, place: int) -> int:
        """The last page that has begun by here and has not been told."""
        begun = bisect_right(self._pages, place)
        if begun <= self._next_page:
            return 0
        self._next_page = begun
        return begun


def _sources(row: DraftRow) -> Iterator[_Source]:
    for number, (start, end) in enumerate(sorted(row.spans)):
        yield _Source(start, end, str(row.id), number == 0, row.state.code == DROPPED)


def _apart(paper: Paper) -> list[_Repair]:
    """Repairs that do not lie over one another: those that were made, then the surest of those that wait."""
    waiting = sorted((one.repair for one in paper.offers), key=lambda one: -one.confidence)
    both = ((one, False) for one in paper.repairs), ((one, True) for one in waiting)
    starts: list[int] = []
    kept: list[_Repair] = []
    for one, waits in (pair for each in both for pair in each):
        start, end = one.span
        at = bisect_left(starts, start)
        is_free = (at == 0 or kept[at - 1].end <= start) and (at == len(kept) or end <= kept[at].start)
        if is_free and not (at < len(kept) and kept[at].start == start):
            starts.insert(at, start)
            kept.insert(at, _Repair(start, end, one.after, waits))
    return kept
