"""Files on their way: those of one sending, each with what became of it; opened, tried again, put away."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.actions import intakes as acts
from bihuan.actions.intakes import LEFT, SAME, Sent
from bihuan.actions.refusals import Refused, Unreadable
from bihuan.queries import intakes as queries
from bihuan.queries.intakes import UPLOADERS, IntakeRow
from bihuan.rules.vocabulary import N_
from bihuan.web import _pages, words
from bihuan.web._acts import open_only_to
from bihuan.web._bench import ALL, address

INTAKES = f"{ALL}intakes/"
SEE_OTHER, UNPROCESSABLE = 303, 422
LOOKS = {
    "waiting": _pages.Look(N_("排队中"), "○", "open"),
    "reading": _pages.Look(N_("正在读"), "◔", "wait"),
    "read": _pages.Look(N_("已读好"), "●", "done"),
    "same": _pages.Look(N_("已上传过"), "↺", "gone"),
    "refused": _pages.Look(N_("没有读成"), "×", "back"),
}
# What is being done while so many stages are behind.
STAGES = (N_("取出文字"), N_("修复文字"), N_("找出问题"), N_("保存"))


def sent(files: Iterable[UploadedFile]) -> tuple[Sent, ...]:
    """The files of a form as the action takes them: each read from its beginning when its turn comes."""
    return tuple(Sent(file.name or "", file.size or 0, lambda file=file: _content(file)) for file in files)


def _content(file: UploadedFile) -> bytes:
    if file.file is not None and file.seekable():
        file.seek(0)
    return bytes(file.read())


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What this post sent and has not put away, and how far each is."""
    open_only_to(UPLOADERS, role=request.actor.role)
    return _page(request)


@require_POST
def open_read(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """To the bench of what was read; it has been seen then, and lies there no longer."""
    return _put_away(request, intake_id, to_bench=True)


@require_POST
def put_away(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Out of sight."""
    return _put_away(request, intake_id, to_bench=False)


def _put_away(request: HttpRequest, intake_id: UUID, *, to_bench: bool) -> HttpResponse:
    try:
        feedback = acts.put_away(intake_id, by=request.actor, at=request.at)
    except Refused as refused:
        return _page(request, refused=refused)
    return HttpResponseRedirect(address(feedback) if feedback and to_bench else INTAKES, status=SEE_OTHER)


@require_POST
def put_all_away(request: HttpRequest) -> HttpResponse:
    """Everything that is at its end, out of sight."""
    open_only_to(UPLOADERS, role=request.actor.role)
    acts.put_all_away(by=request.actor, at=request.at)
    return HttpResponseRedirect(INTAKES, status=SEE_OTHER)


@require_POST
def again(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Have a file read once more."""
    try:
        acts.try_again(intake_id, by=request.actor, at=request.at)
    except Refused as refused:
        return _page(request, refused=refused)
    return HttpResponseRedirect(INTAKES, status=SEE_OTHER)


def _page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    rows = queries.intakes_of(request.actor, on=request.on)
    title = gettext("来件")
    upload = _pages.Link(gettext("上传反馈意见"), f"{ALL}upload", is_primary=not rows)
    page = {
        "title": title,
        "crumbs": (_pages.Link(gettext("反馈"), ALL), _pages.Link(title)),
        "actions": (upload,) if rows else (),
        "url": INTAKES,
        "refusal": words.say(refused.objection) if refused else "",
        "summary": _summary(rows),
        "is_running": any(row.finished_at is None and not row.left_by for row in rows),
        "n_ended": sum(row.finished_at is not None and not row.left_by for row in rows),
        "rows": [_line(row) for row in rows],
        "empty": _pages.Empty(
            gettext("没有来件"), gettext("几个文件一起上传时，在这里看读到哪里。读好、打开以后就不再列出。"),
            upload.url, upload.label,
        ),
    }  # fmt: skip
    return render(request, "feedback/intakes.html", {"page": page}, status=UNPROCESSABLE if refused else 200)


def _summary(rows: Sequence[IntakeRow]) -> str:
    n, ended = len(rows), sum(row.finished_at is not None for row in rows)
    said = ngettext("%(n)s 个文件，%(ended)s 个已有结果。", "%(n)s 个文件，%(ended)s 个已有结果。", n)
    return said % {"n": n, "ended": ended}


def _state(row: IntakeRow) -> str:
    if row.finished_at is None:
        return "refused" if row.left_by else "waiting" if row.begun_at is None else "reading"
    if not row.fault:
        return "read"
    return "same" if row.fault == SAME else "refused"


def _line(row: IntakeRow) -> dict[str, Any]:
    state = _state(row)
    is_recognized = row.n_recognized < row.n_pages
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title if row.title != row.name else "",
        "inspection": row.inspection,
        "audience": row.audience,
        "size": row.size,
        "at": row.sent_at,
        "state": LOOKS[state],
        "is_reading": state == "reading",
        "n_done": row.n_recognized if is_recognized else row.n_done,
        "n_all": row.n_pages if is_recognized else row.n_all,
        "stage": _stage(row) if state == "reading" else "",
        "said": _said(row, state),
        "lead": row.feedback_title if state == "same" else "",
        "open_url": f"{INTAKES}{row.id}/open" if row.feedback else "",
        "again_url": f"{INTAKES}{row.id}/again" if row.can_again and state == "refused" else "",
        "away_url": f"{INTAKES}{row.id}/put-away" if row.finished_at or row.left_by else "",
        "left_by": row.left_by,
    }


def _stage(row: IntakeRow) -> str:
    if row.n_recognized < row.n_pages:
        return gettext("正在识别第 %(n)d 页，共 %(all)d 页") % {"n": row.n_recognized + 1, "all": row.n_pages}
    return words.label(STAGES[min(row.n_done, len(STAGES) - 1)])


def _said(row: IntakeRow, state: str) -> str:
    if state == "read":
        if not row.drafts:
            return gettext("没有待认定的问题。请打开核对。")
        return ngettext("读出 %(n)s 条，等您认定。", "读出 %(n)s 条，等您认定。", row.drafts) % {"n": row.drafts}
    if state == "same" and not row.feedback:
        return gettext("和前面的一个文件内容相同，那一个还没有读好或没有读成。")
    if not row.fault:
        return words.label(LEFT) if row.left_by else ""
    return Unreadable(row.fault, row.said, ending=row.ending).said(words.label)


urlpatterns = [
    path("feedback/intakes/", index, name="feedback.intakes"),
    path("feedback/intakes/put-away", put_all_away, name="feedback.put_all_away"),
    path("feedback/intakes/<uuid:intake_id>/open", open_read, name="feedback.open_intake"),
    path("feedback/intakes/<uuid:intake_id>/again", again, name="feedback.retry_intake"),
    path("feedback/intakes/<uuid:intake_id>/put-away", put_away, name="feedback.put_away"),
]
