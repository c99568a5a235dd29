"""A feedback document: for whom it may be sent, whether it is here already, and what is kept of it once it is read.

Shared by what is read while a person waits (feedback.py) and by what is read in the background (intakes.py).
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from bihuan.actions import _step
from bihuan.actions._mandate import one_at_a_time, only_as
from bihuan.actions._sight import grant_to_readers_of_heads_part
from bihuan.actions._step import Act
from bihuan.actions._uploads import keep_upload
from bihuan.actions.refusals import Refused, Unknown, Unreadable
from bihuan.engines import reading
from bihuan.engines.reading import Item, Reading, scans
from bihuan.engines.reading.scans import Progress, ScannedPage
from bihuan.models import Draft, Feedback, Inspection, Intake, Upload
from bihuan.models._visibility import placed_like
from bihuan.queries.intakes import same_feedback
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.file_names import own_name
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import AUDIENCES, N_, SECRECY_HEAD, SECRECY_ORDINARY

LONGEST_TITLE = 200
# A file for which nothing was heard for so long is taken again; should both be read, the second is recognized then.
LOST = timedelta(hours=1)
NEEDS_RECOGNITION = "needs_ocr"
MAY_UPLOAD = ("office", "team_lead", "liaison")


def inspection_open_to(inspection: UUID, *, audience: str, by: Actor) -> Inspection:
    """The inspection, if this person may upload for it. Raises Unknown, NotYours, Refused (archived, audience)."""
    place = Inspection.objects.visible_to(by.scope).filter(pk=inspection).first()
    if place is None:
        raise Unknown("inspection", inspection)
    only_as(MAY_UPLOAD, row=place, by=by)
    if place.state == "archived":
        raise Refused(Objection("inspection_archived", N_("这次巡察已经归档，不能再上传反馈意见。"), "inspection"))
    if audience not in AUDIENCES:
        raise Refused(Objection("audience_missing", N_("请选择反馈对象：领导班子，或主要负责人。"), "audience"))
    return place


def secrecy_for(audience: str) -> int:
    """How far a document for these readers is held."""
    return SECRECY_HEAD if audience == "head" else SECRECY_ORDINARY


def titled(title: str, *, name: str) -> str:
    """The title that was typed, else the file's own name."""
    return (title.strip() or own_name(name))[:LONGEST_TITLE]


def kept(sha256: str, *, inspection: UUID, by: Actor) -> UUID | None:
    """The feedback of this inspection that these bytes are already; until the act ends nobody asks.

    Of two who send the same file at once the second waits here, and finds the first one's.
    """
    one_at_a_time(f"upload {inspection} {sha256}")
    return same_feedback(by, sha256=sha256, inspection=inspection)


def the_same(sha256: str, *, inspection: UUID, by: Actor, at: datetime) -> UUID | None:
    """The same, or the feedback that these bytes are becoming."""
    there = kept(sha256, inspection=inspection, by=by)
    coming = Intake.objects.visible_to(by.scope).filter(sha256=sha256, inspection_id=inspection, finished_at=None)
    # A long scan is begun anew for each of its turns.
    heard_of = coming.filter(Q(sent_at__gte=at - LOST) | Q(begun_at__gte=at - LOST))
    return there or heard_of.values_list("thing_id", flat=True).first()


def needs_recognition(document: Reading | Unreadable, *, content: bytes) -> bool:
    """Whether what was read, or why it could not be read, says that there are pages to recognize, and that can be done.

    Without the extra, or in another file than a PDF or a picture, the pages stay unread, as they are.
    """
    waits = document.code == NEEDS_RECOGNITION if isinstance(document, Unreadable) else bool(document.unread)
    return waits and scans.takes(content) and scans.is_installed()


def _nobody(_stage: int) -> None:
    """Nobody waits."""


def recognize(content: bytes, *, name: str, into: MutableMapping[int, ScannedPage]) -> Iterator[Progress]:
    """The engine's recognition, page by page. Raises Unreadable with its reason."""
    try:
        yield from scans.recognize(content, into=into)
    except reading.Unreadable as fault:
        raise Unreadable(fault.code, fault.reason, file=name, ending=fault.ending) from fault


def read(
    content: bytes, *, name: str, pages: Mapping[int, ScannedPage], told: Callable[[int], None] = _nobody,
    wanted: str = "",
) -> Reading:  # fmt: skip
    """What the engine reads of the document, a stage told after the other; `wanted`: the kind that a person says it is.

    `pages`: those of a scan, recognized before. Raises Unreadable with its reason.
    """
    try:
        if pages:
            return scans.read_scan(content, pages=pages, name=name, told=told, wanted=wanted)
        return reading.read_bytes(content, name=name, told=told, wanted=wanted)
    except reading.Unreadable as fault:
        raise Unreadable(fault.code, fault.reason, file=name, ending=fault.ending) from fault


def keep(
    place: Inspection, document: Reading, *, thing: UUID, audience: str, title: str, name: str, content: bytes,
    sha256: str, by: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """The feedback under the id `thing`, its file and its drafts. Raises Unreadable for a type that is not taken."""
    secrecy = secrecy_for(audience)
    feedback = Feedback(
        id=thing, audience=audience, title=titled(title, name=name),
        **(placed_like(place) | {"stage": 0, "secrecy": secrecy, "inspection_id": place.pk}),
    )  # fmt: skip
    if secrecy:
        grant_to_readers_of_heads_part(feedback.pk, unit=feedback.unit_id, at=at)
    upload = keep_upload(feedback, thing=feedback.pk, name=name, content=content, by=by, at=at, text=document.text)
    feedback.upload = upload
    _step.begin(
        feedback, machine=lifecycle.FEEDBACK, code="upload",
        act=Act(by, at, after={"file": own_name(name), "sha256": sha256, "items": len(document.items)}),
    )  # fmt: skip
    for position, item in enumerate(document.items, 1):
        propose(feedback, upload, position, item, document, by=by, at=at)
    return feedback.pk


def propose(
    feedback: Feedback, upload: Upload, position: int, item: Item, document: Reading, *, by: Actor, at: datetime
) -> None:
    """One finding that was read becomes a draft in this place."""
    start, end = item.finding
    whole = [document.quoted(span) for span in (item.finding, *item.more)]
    heading = document.quoted(item.heading) if item.heading else ""
    draft = Draft(
        id=new_id(at), feedback=feedback, upload=upload, position=position, level=item.level[:60], heading=heading,
        text="\n".join(whole), span_start=start, span_end=end, more_spans=[list(span) for span in item.more],
        doubts=list(item.doubts),
        **placed_like(feedback),
    )  # fmt: skip
    _step.begin(draft, machine=lifecycle.DRAFT, code="read", act=Act(by, at))
