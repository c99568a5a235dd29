"""The document of a feedback as it looks: tables, pages, repairs made and proposed; read again from the kept file.

Nothing of it is stored but the recognized pages of a scan. One process reads a file once; one that is too long is
shown as plain paragraphs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from bihuan.engines.reading import Layout, Repair, Unreadable, layout_of
from bihuan.engines.reading.previews import PDF, PICTURES
from bihuan.models import Draft, EventBody, FileContent, Upload
from bihuan.queries._scans import SheetRow, pages_of, sheets_of
from bihuan.queries._undoing import deeds_standing
from bihuan.rules.access import Actor
from bihuan.rules.quoted_repairs import with_repair
from bihuan.rules.source_spans import Span

MOST_BYTES, MOST_LETTERS, MOST_OFFERS = 8 * 2**20, 300_000, 300
# Files whose pages may be pictures; of those that are, most bytes are no text.
SCANS = (PDF, *PICTURES)
ACCEPT, LEAVE = "repair", "leave"
# Habits of typing are offered only where they are likely damage: a blank beside a number is none.
OF_TYPING, SURE_ENOUGH = ("spaces", "linebreak", "punctuation"), 0.5


@dataclass(frozen=True)
class RepairRow:
    """One place that was damaged, in the places of the text as it came. `confidence`: from 0 to 1."""

    span: Span
    before: str
    after: str
    rule: str
    confidence: float


@dataclass(frozen=True)
class OfferRow:
    """A repair that waits for a person: on which draft, whose words are changed by it once it is accepted."""

    draft: UUID
    repair: RepairRow


@dataclass(frozen=True)
class Paper:
    """Tables by rows of cells, the places where pages begin, repairs that were made, and those that wait.

    Of a scan `sheets` are its pages, and `unsure` the places of characters recognized without confidence, with that.
    """

    tables: tuple[tuple[tuple[Span, ...], ...], ...]
    pages: tuple[int, ...]
    repairs: tuple[RepairRow, ...]
    offers: tuple[OfferRow, ...]
    sheets: tuple[SheetRow, ...] = ()
    unsure: tuple[tuple[Span, float], ...] = ()


PLAIN = Paper((), (), (), ())


def layout_for(upload: Upload) -> Layout | None:
    """The layout of the kept file; None where it is too long, or is read otherwise than when it came."""
    return _seen(upload).layout


@dataclass(frozen=True)
class _Seen:
    """What a file looks like: its layout, and its pages where it is a scan."""

    layout: Layout | None = None
    sheets: tuple[SheetRow, ...] = ()


def _seen(upload: Upload) -> _Seen:
    may_be_scan = upload.media_type in SCANS
    if len(upload.text) > MOST_LETTERS or (upload.size > MOST_BYTES and not may_be_scan):
        return _Seen()
    seen = _looked_at(upload.sha256, upload.name, upload.thing_id if may_be_scan else None)
    is_as_it_came = seen.layout is None or seen.layout.text == upload.text
    return seen if is_as_it_came else replace(seen, layout=None)


@lru_cache(maxsize=16)
def _looked_at(sha256: str, name: str, scan: UUID | None) -> _Seen:
    """Who asks sees the upload, and so its pages, which stand at its place: what is remembered is the same for all."""
    pages = pages_of(scan) if scan else {}
    content = FileContent.objects.values_list("content", flat=True).get(pk=sha256)
    if len(content) > MOST_BYTES and not pages:
        return _Seen()
    try:
        return _Seen(layout_of(bytes(content), name=name, pages=pages), sheets_of(pages))
    except Unreadable:
        return _Seen(None, sheets_of(pages))


def paper_of(upload: Upload, *, drafts: Iterable[Draft], feedback: UUID, actor: Actor) -> Paper:
    """The document as it looks, with the repairs that wait on those of the drafts that are open."""
    seen = _seen(upload)
    layout = seen.layout
    if layout is None:
        return replace(PLAIN, sheets=seen.sheets)
    made = [one for one in layout.repairs if one.applied]
    return Paper(
        tables=tuple(table.rows for table in layout.tables),
        pages=layout.pages,
        repairs=tuple(RepairRow(one.span, one.before, one.after, one.rule, one.confidence) for one in made),
        offers=tuple(_offers(layout, drafts, decided=decided_places(feedback, actor=actor)))[:MOST_OFFERS],
        sheets=seen.sheets,
        unsure=tuple((one.span, one.confidence) for one in layout.unsure),
    )


def decided_places(feedback: UUID, *, actor: Actor) -> tuple[Span, ...]:
    """Where a person has accepted a proposal or left the words as they are, unless that was taken back."""
    decided = deeds_standing(feedback, actor=actor).filter(step__in=(ACCEPT, LEAVE))
    said = EventBody.objects.filter(event__in=decided).values_list("after", flat=True)
    return tuple((after["span"][0], after["span"][1]) for after in said)


def spans_of(draft: Draft) -> tuple[Span, ...]:
    """Where the draft stands in its document."""
    if draft.span_start is None or draft.span_end is None:
        return ()
    return ((draft.span_start, draft.span_end), *((start, end) for start, end in draft.more_spans))


def _offers(layout: Layout, drafts: Iterable[Draft], *, decided: Iterable[Span]) -> Iterator[OfferRow]:
    places = [(span, draft) for draft in drafts if draft.state == "proposed" for span in spans_of(draft)]
    done = list(decided)
    for one in layout.repairs if places else ():
        if not _waits(one) or any(meet(one.span, place) for place in done):
            continue
        for span, draft in places:
            if _holds(span, one.span) and quoted_with(layout, span, one.span, one.after, text=draft.text) is not None:
                row = RepairRow(one.span, one.before, one.after, one.rule, one.confidence)
                yield OfferRow(draft.pk, row)


def _waits(one: Repair) -> bool:
    """A proposal that changes something; a gap has nothing to accept."""
    return not one.applied and one.before != one.after and (one.rule not in OF_TYPING or one.confidence >= SURE_ENOUGH)


def quoted_with(layout: Layout, source: Span, place: Span, after: str, *, text: str) -> str | None:
    """The quotation with the proposal accepted; None where its place is not in the words any more."""
    left, before = layout.quoted((source[0], place[0])), layout.quoted(place)
    return with_repair(text, left=left, before=before, after=after, right=layout.quoted((place[1], source[1])))


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def meet(one: Span, other: Span) -> bool:
    """Whether the two places are one, or lie over one another."""
    return one == other or (one[0] < other[1] and other[0] < one[1])
