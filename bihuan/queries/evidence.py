"""One file of evidence: what it proves of which finding, and what of it can be looked at here."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.engines.reading import Unreadable, text_of
from bihuan.engines.reading.previews import PDF, PICTURES, PreviewRefused, preview_pages, preview_png
from bihuan.models import Evidence, FileContent
from bihuan.queries.looks import title_of
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import REOPENING_GROUNDS

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFD = "application/ofd"
WITH_TEXT = ("text/plain", WORD, OFD)
LONGEST_TEXT = 20_000
WIDTH = 1_400


@dataclass(frozen=True)
class Preview:
    """What can be shown of a file: so many pages as pictures, or its text, or why neither."""

    pages: int = 0
    text: str = ""
    is_cut: bool = False
    refused: str = ""


@dataclass(frozen=True)
class EvidencePage:
    """A file with what it stands for; `measure` and `position`, or `ground` of the request it was handed in with."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    proves: str
    dated: date | None
    person: str
    at: datetime
    finding: UUID
    number: str
    title: str
    position: int | None
    measure: str
    ground: str
    preview: Preview


@dataclass(frozen=True)
class EvidencePicture:
    """One page as a PNG, with the file's name; or the code and the reason why there is none."""

    name: str
    png: bytes = b""
    code: str = ""
    refused: str = ""


@dataclass(frozen=True)
class EvidenceFile:
    """The bytes of a file with its name and type."""

    name: str
    media_type: str
    content: bytes


def evidence_page(evidence: UUID, *, actor: Actor) -> EvidencePage | None:
    """The page of a file of evidence, or None when it is not there or not the actor's to know."""
    row = _row(evidence, actor)
    if row is None:
        return None
    upload, measure, request = row.upload, row.measure, row.request
    return EvidencePage(
        id=row.pk, name=upload.name, media_type=upload.media_type, size=upload.size, sha256=upload.sha256,
        proves=row.proves, dated=row.dated, person=row.account.person, at=row.at,
        finding=row.finding_id, number=row.finding.number, title=title_of(row.finding.text),
        position=measure.position if measure else None, measure=measure.text if measure else "",
        ground=REOPENING_GROUNDS.get(request.ground, "") if request else "",
        preview=_preview(upload.media_type, _content(row)),
    )  # fmt: skip


def evidence_picture(evidence: UUID, *, page: int, actor: Actor) -> EvidencePicture | None:
    """One page of a file as a picture, or None when it is not the actor's to know."""
    row = _row(evidence, actor)
    if row is None:
        return None
    name, media_type = row.upload.name, row.upload.media_type
    try:
        return EvidencePicture(name, preview_png(_content(row), media_type, page, WIDTH))
    except PreviewRefused as refused:
        return EvidencePicture(name, code=refused.code, refused=refused.message)


def evidence_file(evidence: UUID, *, actor: Actor) -> EvidenceFile | None:
    """The file as it came, or None when it is not the actor's to read."""
    row = _row(evidence, actor)
    return EvidenceFile(row.upload.name, row.upload.media_type, _content(row)) if row else None


def _row(evidence: UUID, actor: Actor) -> Evidence | None:
    found = Evidence.objects.visible_to(actor.scope).filter(pk=evidence)
    return found.select_related("upload", "finding", "measure", "request", "account").first()


def _content(row: Evidence) -> bytes:
    return bytes(FileContent.objects.values_list("content", flat=True).get(pk=row.upload.sha256))


def _preview(media_type: str, content: bytes) -> Preview:
    try:
        if media_type == PDF or media_type in PICTURES:
            return Preview(pages=preview_pages(content, media_type))
        if media_type not in WITH_TEXT:
            raise PreviewRefused("wrong_type")
        text = text_of(content)
    except PreviewRefused as refused:
        return Preview(refused=refused.message)
    except Unreadable as refused:
        return Preview(refused=refused.reason)
    return Preview(text=text[:LONGEST_TEXT], is_cut=len(text) > LONGEST_TEXT)
