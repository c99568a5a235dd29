"""The pages of a scan on the bench: the picture of each, doubtful characters and rows without words marked on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.actions.refusals import Unknown, Unreadable
from bihuan.queries._paper import Paper
from bihuan.queries._scans import Box, DoubtRow, SheetRow, scan_picture
from bihuan.web._downloads import kept_picture_answer
from bihuan.web._pages import Link

MOST_PAGES, NO_PAGE = 1_000_000, "no_page"
LOST = "□"
ACROSS = 1_000  # of a picture, in which places are told; down, as many as its shape makes of it
AROUND = 3


@dataclass(frozen=True)
class Spot:
    """A place on the picture, with what is told of it; `is_row`: a whole row that gave no words."""

    x: int
    y: int
    width: int
    height: int
    told: str
    is_row: bool


@dataclass(frozen=True)
class Sheet:
    """One page: where its picture is, its size, what is marked on it, and what has to be known of it."""

    number: int
    url: str
    width: int
    height: int
    spots: tuple[Spot, ...]
    warning: str


def sheets(paper: Paper | None, *, url: str) -> tuple[Sheet, ...]:
    """Every recognized page of the document whose pages are under `url`."""
    return tuple(_sheet(row, url) for row in paper.sheets) if paper else ()


def warnings(found: tuple[Sheet, ...]) -> tuple[Link, ...]:
    """What has to be known before anything is confirmed, each leading to its page."""
    return tuple(Link(sheet.warning, f"#sheet-{sheet.number}") for sheet in found if sheet.warning)


def confidence_told(text: str, confidence: float) -> str:
    """A doubtful character in words."""
    if text == LOST:
        return gettext("没认出的字")
    return gettext("“%(text)s”，把握 %(sure)d%%") % {"text": text, "sure": round(confidence * 100)}


def _sheet(row: SheetRow, url: str) -> Sheet:
    height = round(ACROSS * row.height / row.width) if row.width else ACROSS
    return Sheet(row.number, f"{url}pages/{row.number}", ACROSS, height, tuple(_spots(row, height)), _warning(row))


def _warning(row: SheetRow) -> str:
    if row.is_unread:
        return gettext("第 %(n)d 页没有识别成，请对照原图补录") % {"n": row.number}
    return gettext("第 %(n)d 页可能有漏认的行，请对照原图") % {"n": row.number} if row.missed else ""


def _spots(row: SheetRow, height: int) -> Iterator[Spot]:
    for box in row.missed:
        yield _spot(box, height, gettext("可能漏认的一行"), is_row=True)
    for one in row.doubts:
        yield _spot(one.box, height, _told(one), is_row=False)


def _told(one: DoubtRow) -> str:
    return confidence_told(one.text, one.confidence)


def _spot(box: Box, height: int, told: str, *, is_row: bool) -> Spot:
    left, top, right, bottom = box[0] * ACROSS, box[1] * height, box[2] * ACROSS, box[3] * height
    x, y = round(left) - AROUND, round(top) - AROUND
    return Spot(x, y, round(right) + AROUND - x, round(bottom) + AROUND - y, told, is_row)


@require_safe
def picture(request: HttpRequest, feedback_id: UUID, page: int) -> HttpResponse:
    """One recognized page as a PNG, for whoever may read the document."""
    known = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    found = scan_picture(feedback_id, page=page, known=known, actor=request.actor) if page < MOST_PAGES else None
    if found is None or found.code == NO_PAGE:
        raise Unknown("page", f"{feedback_id} {page}")
    if found.refused:
        raise Unreadable(found.code, found.refused, file=found.name)
    return kept_picture_answer(found.png, name=f"{found.name}-{page}.png", mark=found.mark)


urlpatterns = [path("feedback/<uuid:feedback_id>/pages/<int:page>", picture, name="feedback.picture")]
