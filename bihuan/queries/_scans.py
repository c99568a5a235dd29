"""Pages of a scan as they lie on paper: their pictures, what recognition doubts on them and where, what it left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bihuan.engines.reading.previews import PreviewRefused, preview_png
from bihuan.engines.reading.scans import ScannedPage, doubtful
from bihuan.models import FileContent, ScanPage, Upload
from bihuan.queries._unsigned import open_feedback
from bihuan.rules.access import Actor

WIDTH = 1_400
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class DoubtRow:
    """A character recognized without confidence (0 to 1), □ where nobody could make it out.

    Its box is left, top, right, bottom in parts of the page's picture.
    """

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True)
class SheetRow:
    """One page: its picture's width and height in points, the doubts on it, boxes of rows that gave no words.

    `is_unread`: nothing could be recognized on it.
    """

    number: int
    width: float
    height: float
    doubts: tuple[DoubtRow, ...]
    missed: tuple[Box, ...]
    is_unread: bool


@dataclass(frozen=True)
class ScanPicture:
    """A page as a PNG, under a mark by which a browser knows it again; none where that is known already, or refused."""

    name: str
    mark: str
    png: bytes = b""
    code: str = ""
    refused: str = ""


def pages_of(thing: UUID) -> dict[int, ScannedPage]:
    """The recognized pages of this feedback's file, by number, for who has been shown it; none of one with text."""
    rows = ScanPage.objects.filter(thing_id=thing, found__isnull=False).order_by("number")
    return {row.number: ScannedPage.from_json(row.found or {}) for row in rows}


def sheets_of(pages: Mapping[int, ScannedPage]) -> tuple[SheetRow, ...]:
    """The pages in their order."""
    return tuple(_sheet(page) for _number, page in sorted(pages.items()))


def _sheet(page: ScannedPage) -> SheetRow:
    # The page is told upright; its picture lies as it was scanned.
    width, height = (page.height, page.width) if page.turns % 2 else (page.width, page.height)
    return SheetRow(
        number=page.number, width=width, height=height,
        doubts=tuple(DoubtRow(text, one.box, one.confidence) for text, one in doubtful(page)),
        missed=tuple(page.on_picture(box) for box in page.missed),
        is_unread=bool(page.problem),
    )  # fmt: skip


def scan_picture(feedback: UUID, *, page: int, known: str, actor: Actor) -> ScanPicture | None:
    """The picture of a recognized page, not drawn again where the browser has it as `known`.

    None when there is no such page, or it is not the actor's to see.
    """
    row = open_feedback(actor).filter(pk=feedback, upload__isnull=False).first()
    upload = Upload.objects.visible_to(actor.scope).filter(pk__in=[row.upload_id] if row else []).first()
    mine = ScanPage.objects.visible_to(actor.scope).filter(thing_id=feedback, number=page, found__isnull=False)
    if upload is None or not mine.exists():
        return None
    mark = f"{upload.sha256}-{page}-{WIDTH}"
    if known == mark:
        return ScanPicture(upload.name, mark)
    content = bytes(FileContent.objects.values_list("content", flat=True).get(pk=upload.sha256))
    try:
        return ScanPicture(upload.name, mark, preview_png(content, upload.media_type, page, WIDTH))
    except PreviewRefused as refused:
        return ScanPicture(upload.name, mark, code=refused.code, refused=refused.message)
