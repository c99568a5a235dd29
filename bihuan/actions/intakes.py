"""Files on their way: each kept as it came, read in the background one by one, and what came of it (decision 0018).

What reads them is jobs/intakes.py; a state is written in `_begin`, `_finish` and `_queue` alone.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from bihuan.actions import _documents, _scans
from bihuan.actions._record import write_event
from bihuan.actions._sight import grant_to_readers_of_heads_part
from bihuan.actions._uploads import sniff
from bihuan.actions.refusals import NotYours, Refused, Unknown, Unreadable
from bihuan.engines.reading import STAGES, Reading
from bihuan.engines.reading.scans import Progress, ScannedPage
from bihuan.models import Inspection, Intake
from bihuan.models._visibility import placed_like
from bihuan.queries._left_behind import gone
from bihuan.queries._scans import pages_of
from bihuan.queries.intakes import UNREAD, UPLOADERS
from bihuan.rules.access import Actor
from bihuan.rules.file_names import own_name
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

# So many lie before one post at a time; what is read or refused is put away.
MOST_IN_SIGHT = 100
# A file that breaks off the worker each time is not begun for ever.
MOST_BEGUN = 3
# Seconds for which a scan is recognized before other work gets its turn: pages by hundreds take half an hour.
TURN = 60.0
SAME = "uploaded_before"
LEFT = N_("送来的人已经不在任，没有人接着读。")


@dataclass(frozen=True)
class Sent:
    """One file as a door got it; `content` reads it, each time from its beginning, and raises Unreadable."""

    name: str
    size: int
    content: Callable[[], bytes]


@dataclass(frozen=True)
class _Looked:
    """A file that was looked at once: its hash, or what is wrong with it; `same`: what it is already."""

    file: Sent
    sha256: str = ""
    fault: Unreadable | None = None
    same: UUID | None = None


@dataclass(frozen=True)
class Begun:
    """A file that is to be read now; `pages`: those of a scan that were recognized before a worker was lost."""

    name: str
    content: bytes
    pages: Mapping[int, ScannedPage]


def send(
    *, inspection: UUID, audience: str, files: Sequence[Sent], by: Actor, at: datetime, title: str = ""
) -> tuple[UUID, ...]:
    """Keep every file as it came, and have each read in the background; one that is bad does not lose the others.

    Each becomes an intake of its own, one that cannot be taken too, with the reason; `title` is that of a single file.
    Raises Unknown (inspection), NotYours, Refused (audience, archived, too many).
    """
    place = _documents.inspection_open_to(inspection, audience=audience, by=by)
    if _in_sight(by).count() + len(files) > MOST_IN_SIGHT:
        said = N_("一次最多有 %(most)s 个文件在读或待处理，请先收起已经处理的，或分几次上传。")
        raise Refused(Objection("intakes_too_many", said, "file", values={"most": MOST_IN_SIGHT}))
    looked = [_look(file) for file in files]
    # In one order, so that of two who send the same files none waits for the other.
    whole = sorted({one.sha256 for one in looked if not one.fault})
    same = {sha256: _documents.the_same(sha256, inspection=inspection, by=by, at=at) for sha256 in whole}
    made = []
    for one in looked:
        row = _row(place, one.file, audience=audience, title=title if len(files) == 1 else "", by=by, at=at)
        made.append(_take(row, replace(one, same=same.get(one.sha256)), by=by, at=at))
        if not one.fault:
            same[one.sha256] = same.get(one.sha256) or row.thing_id
    return tuple(made)


def _look(file: Sent) -> _Looked:
    try:
        content = file.content()
        _refuse_type(content, name=file.name)
    except Unreadable as fault:
        return _Looked(file, fault=fault)
    return _Looked(file, hashlib.sha256(content).hexdigest())


def _refuse_type(content: bytes, *, name: str) -> None:
    try:
        sniff(content, name=name)
    except Unreadable:
        # The engine says more exactly what it is, and refuses it unread.
        _documents.read(content, name=name, pages={})
        raise
    if not content:
        _documents.read(content, name=name, pages={})


def _row(place: Inspection, file: Sent, *, audience: str, title: str, by: Actor, at: datetime) -> Intake:
    where = placed_like(place) | {"stage": 0, "inspection_id": place.pk, "secrecy": _documents.secrecy_for(audience)}
    row = Intake(
        id=new_id(at), thing_id=new_id(at), audience=audience, title=_documents.titled(title, name=file.name),
        name=own_name(file.name)[-200:], size=file.size, account_id=by.account, post_id=by.post, sent_at=at, **where,
    )  # fmt: skip
    if row.secrecy:
        grant_to_readers_of_heads_part(row.thing_id, unit=row.unit_id, at=at)
    return row


def _take(row: Intake, looked: _Looked, *, by: Actor, at: datetime) -> UUID:
    row.sha256 = looked.sha256
    if looked.fault or looked.same:
        _finish(row, at=at, fault=looked.fault or _uploaded_before(), same_as=looked.same)
    else:
        row.content = looked.file.content()
    row.save(force_insert=True)
    write_event(
        thing="intake", thing_id=row.pk, step="send", by=by, at=at, place=placed_like(row), belongs_to=row.thing_id,
        after={"file": row.name, "sha256": row.sha256, "size": row.size, "fault": row.fault},
    )  # fmt: skip
    if row.finished_at is None:
        _put_off(row, by=by)
    return row.pk


def _put_off(row: Intake, *, by: Actor) -> None:
    app.configure_task("read_intake").defer(account=str(by.account), post=str(by.post), intake=str(row.pk))


def begin_reading(intake: UUID, *, by: Actor, at: datetime) -> Begun | None:
    """Take up the reading, also again after a worker was lost. None when it is at its end already."""
    row = _locked(intake, by=by)
    if row.finished_at:
        return None
    if row.n_begun >= MOST_BEGUN:
        said = N_("读这个文件时程序几次中断，没有读成。请把文件拆小，或另存为 Word 后再上传。")
        _finish(row, at=at, fault=Unreadable("broke_off", said))
        row.save()
        return None
    row.begun_at, row.n_begun, row.n_done, row.n_all = at, row.n_begun + 1, 0, STAGES + 1
    row.save(update_fields=["begun_at", "n_begun", "n_done", "n_all"])
    return Begun(row.name, bytes(row.content or b""), pages_of(row.thing_id))


def read_begun(
    begun: Begun, *, told: Callable[[int], None], recognized: Callable[[ScannedPage | None, Progress], None]
) -> Reading | None:
    """Read what was begun, outside of any transaction: a long file holds up nobody. Raises Unreadable.

    Pages without text are recognized one by one, where that can be done; each is told, beforehand none is. After
    TURN None: the rest is for another turn.
    """
    try:
        document = _documents.read(begun.content, name=begun.name, pages={}, told=told)
    except Unreadable as fault:
        if not _documents.needs_recognition(fault, content=begun.content):
            raise
    else:
        if not _documents.needs_recognition(document, content=begun.content):
            return document
    pages = dict(begun.pages)
    before, until = len(pages), time.monotonic() + TURN
    for progress in _documents.recognize(begun.content, name=begun.name, into=pages):
        recognized(pages[next(reversed(pages))] if len(pages) > before else None, progress)
        if len(pages) > before and progress.n_done < progress.n_all and time.monotonic() > until:
            return None
    return _documents.read(begun.content, name=begun.name, pages=pages, told=told)


def keep_recognized(intake: UUID, *, page: ScannedPage | None, progress: Progress, by: Actor, at: datetime) -> None:
    """A page that was recognized just now, and how far the file is; what goes on breaks off no worker for ever."""
    row = _locked(intake, by=by)
    if row.finished_at:
        return
    row.n_done, row.n_recognized, row.n_pages = 0, progress.n_done, progress.n_all
    if page:
        _scans.keep_page(row, page, at=at)
        row.n_begun = 1
    row.save(update_fields=["n_done", "n_recognized", "n_pages", "n_begun"])


def go_on_later(intake: UUID, *, by: Actor) -> None:
    """Have the rest of a long scan recognized when those that wait have had their turn."""
    row = _locked(intake, by=by)
    if row.finished_at is None:
        _put_off(row, by=by)


def tell_progress(intake: UUID, *, n_done: int, by: Actor) -> None:
    """How far the reading is."""
    Intake.objects.visible_to(by.scope).filter(pk=intake, finished_at=None).update(n_done=n_done)


def keep_read(intake: UUID, *, document: Reading, by: Actor, at: datetime) -> UUID | None:
    """The feedback with its file and drafts, all or nothing. None when it was at its end already, or is refused now."""
    row = _locked(intake, by=by)
    if row.finished_at:
        return None
    content = bytes(row.content or b"")
    try:
        place = _documents.inspection_open_to(_inspection(row), audience=row.audience, by=by)
        same = _documents.kept(row.sha256, inspection=_inspection(row), by=by)
        if same is None:
            _documents.keep(
                place, document, thing=row.thing_id, audience=row.audience, title=row.title, name=row.name,
                content=content, sha256=row.sha256, by=by, at=at,
            )  # fmt: skip
    except (Refused, NotYours) as refused:
        _finish(row, at=at, fault=Unreadable(refused.objection.code, refused.objection.message))
    else:
        _finish(row, at=at, feedback=None if same else row.thing_id, fault=_uploaded_before() if same else None,
                same_as=same)  # fmt: skip
    row.save()
    return row.feedback_id


def refuse(intake: UUID, *, fault: Unreadable, by: Actor, at: datetime) -> None:
    """It cannot be read, for this reason; the bytes stay until it is put away or tried again."""
    row = _locked(intake, by=by)
    if row.finished_at is None:
        _finish(row, at=at, fault=fault)
        row.save()


def try_again(intake: UUID, *, by: Actor, at: datetime) -> None:
    """Have a file read once more; one that its sender left becomes one's own.

    Raises Unknown for any but such, NotYours, Refused where its bytes are not kept.
    """
    row, is_left = _own(intake, by=by, at=at)
    if row.finished_at is None and not is_left:
        return
    if is_left:
        _end_what_is_left(row, at=at)
        row.account_id, row.post_id = by.account, by.post
        _tell(row, "take_up", by=by, at=at)
    if row.content is None:
        raise Refused(Objection("intake_is_gone", N_("这个文件没有保存，请重新上传。")))
    same = _documents.the_same(row.sha256, inspection=_inspection(row), by=by, at=at)
    if same:
        _finish(row, at=at, fault=_uploaded_before(), same_as=same)
        row.save()
        return
    row.sent_at, row.begun_at, row.finished_at, row.n_begun, row.n_done = at, None, None, 0, 0
    row.n_pages = row.n_recognized = 0
    row.fault, row.said, row.ending = "", "", ""
    row.save()
    _scans.forget_problems(row.thing_id, by=by)
    _put_off(row, by=by)


def _end_what_is_left(row: Intake, *, at: datetime) -> None:
    """So that nobody takes it for a file that is still on its way."""
    if row.finished_at is None:
        _finish(row, at=at, fault=Unreadable("left", LEFT))
        row.save()


def put_away(intake: UUID, *, by: Actor, at: datetime) -> UUID | None:
    """Take it out of one's sight; bytes that were not read are gone then. Returns the feedback that it leads to.

    Raises Unknown for any but one's own and what its sender left, NotYours, Refused while it is still to be read.
    """
    row, is_left = _own(intake, by=by, at=at)
    if is_left:
        _end_what_is_left(row, at=at)
    if row.finished_at is None:
        raise Refused(Objection("intake_is_read", N_("这个文件还在读，请等读完再收起。")))
    if row.put_away_at is None:
        _put_away([row], by=by, at=at)
    return row.feedback_id or row.same_as


def put_all_away(*, by: Actor, at: datetime) -> int:
    """Everything of one's own that is at its end. Returns how many."""
    rows = list(_in_sight(by).filter(finished_at__isnull=False).select_for_update())
    _put_away(rows, by=by, at=at)
    return len(rows)


def _put_away(rows: list[Intake], *, by: Actor, at: datetime) -> None:
    _scans.forget_pages([row.thing_id for row in rows if row.feedback_id is None], by=by)
    for row in rows:
        row.put_away_at, row.content = at, None
        row.save(update_fields=["put_away_at", "content"])
        _tell(row, "put_away", by=by, at=at)


def _tell(row: Intake, step: str, *, by: Actor, at: datetime) -> None:
    write_event(
        thing="intake", thing_id=row.pk, step=step, by=by, at=at, place=placed_like(row), belongs_to=row.thing_id
    )


def _finish(
    row: Intake, *, at: datetime, feedback: UUID | None = None, fault: Unreadable | None = None,
    same_as: UUID | None = None,
) -> None:  # fmt: skip
    """Its end: read into that feedback, or not, with the reason. What is the same as another's is not kept twice."""
    row.finished_at, row.feedback_id, row.same_as = at, feedback, same_as
    if fault:
        row.fault, row.said, row.ending = fault.code, fault.message, fault.ending[:20]
    if feedback or same_as:
        row.content = None


def _uploaded_before() -> Unreadable:
    return Unreadable(SAME, N_("这个文件已经上传过，没有重复保存。"))


def _inspection(row: Intake) -> UUID:
    if row.inspection_id is None:
        raise Unknown("inspection", row.pk)
    return row.inspection_id


def _in_sight(by: Actor) -> QuerySet[Intake]:
    return Intake.objects.visible_to(by.scope).filter(post_id=by.post, put_away_at=None)


def _locked(intake: UUID, *, by: Actor) -> Intake:
    row = Intake.objects.visible_to(by.scope).select_for_update(no_key=True).filter(pk=intake).first()
    if row is None:
        raise Unknown("intake", intake)
    return row


def _own(intake: UUID, *, by: Actor, at: datetime) -> tuple[Intake, bool]:
    """A file that one sent, or that its sender left unread; and whether it is such."""
    row = _locked(intake, by=by)
    if row.post_id == by.post:
        return row, False
    left = Intake.objects.filter(gone(localdate(at)), UNREAD, pk=intake)
    if by.role not in UPLOADERS or not left.exists():
        raise Unknown("intake", intake)
    return row, True
