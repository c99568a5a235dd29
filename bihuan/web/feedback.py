"""Feedback: the list, the upload, the source document; the bench: _bench_deeds.py, the receipt: _feedback_steps.py."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import feedback as acts
from bihuan.actions import intakes as sending
from bihuan.actions.feedback import ToRecognize, UploadedFeedback
from bihuan.actions.intakes import SAME
from bihuan.actions.refusals import Refused, Unknown, Unreadable
from bihuan.queries import feedback as queries
from bihuan.queries._waiting_feedback import FEEDBACK_KINDS
from bihuan.queries.feedback import FeedbackRow, InspectionChoice
from bihuan.queries.intakes import UPLOADERS, same_feedback
from bihuan.rules.lifecycle import FEEDBACK
from bihuan.rules.vocabulary import AUDIENCES, N_
from bihuan.web import _bench_acts, _bench_deeds, _feedback_steps, _intakes, _pages, _scan_sheets, errors, words
from bihuan.web._acts import open_only_to
from bihuan.web._bench import ALL, address
from bihuan.web._downloads import file_answer
from bihuan.web._forms import FilesField, PlainForm
from bihuan.web._step_forms import TOO_LARGE, within_limit

ON_A_PAGE = 50
TITLE_LENGTH = 200
# One file up to this size is read while the person waits, and the bench opens at once (decision 0018).
AT_ONCE = 2 * 1024 * 1024
SEE_OTHER, TOO_LARGE_STATUS, WRONG_TYPE, UNPROCESSABLE = 303, 413, 415, 422
# What a list can be put in order by; the address says which, with a minus for downwards.
WAITING = (("any", N_("等我办的")), *[(code, kind.label) for code, kind in FEEDBACK_KINDS.items()])
SORTS: dict[str, Callable[[FeedbackRow], Any]] = {
    "title": lambda row: row.title,
    "unit": lambda row: row.unit,
    "state": lambda row: [state.code for state in FEEDBACK.states].index(row.state.code),
    "received": lambda row: row.received_on or date.max,
}
COLUMNS = (
    (N_("文件"), "title", False),
    (N_("被巡察单位"), "unit", False),
    (N_("反馈对象"), "", False),
    (N_("状态"), "state", False),
    (N_("待认定"), "", True),
    (N_("已认定"), "", True),
    (N_("签收日期"), "received", False),
)


class UploadForm(PlainForm):
    """A feedback document: for which inspection, to whom, under what title."""

    inspection = forms.ChoiceField(label=_("巡察对象"))
    audience = forms.ChoiceField(
        label=_("反馈对象"),
        widget=forms.RadioSelect,
        help_text=_("给主要负责人的专件，本单位其他人看不到。"),
    )
    title = forms.CharField(
        label=_("标题"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=_("不填就用文件名；几个文件各用各的文件名。"),
    )  # fmt: skip
    file = FilesField(label=_("文件"), allow_empty_file=True, help_text=_("可以一次选几个，也可以拖到这里。"))

    def __init__(self, *args: Any, inspections: tuple[InspectionChoice, ...], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["inspection"].choices = [
            ("", gettext("请选择")),
            *((str(one.id), one.title) for one in inspections),
        ]
        self.fields["audience"].choices = [(code, words.label(text)) for code, text in AUDIENCES.items()]
        self.fields["file"].error_messages["required"] = _("请选择文件。")
        self.fields["file"].widget.attrs["accept"] = ",".join(queries.readable_kinds())

    def clean_file(self) -> list[UploadedFile]:
        """Refuse a single file that is over the limit before it is read; of several each is told on its own line."""
        files: list[UploadedFile] = self.cleaned_data["file"]
        if len(files) == 1:
            within_limit(files[0])
        return files


@dataclass(frozen=True)
class Line:
    """One feedback in the list."""

    title: str
    url: str
    unit: str
    audience_label: str
    state_label: str
    state_shape: str
    state_tone: str
    n_drafts: int
    n_findings: int
    received_on: date | None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every feedback that the actor may see, narrowed and in order as the address says."""
    waits = request.GET.get("waits", "")
    waits = waits if waits in dict(WAITING) else ""
    every = queries.feedback_for(request.actor, waits=waits)
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    audience = request.GET.get("audience", "")
    rows = [
        row
        for row in every
        if state in ("", row.state.code)
        and row.audience == AUDIENCES.get(audience, row.audience)
        and (query in row.title or query in row.unit)
    ]
    sort = request.GET.get("sort", "")
    if sort.lstrip("-") in SORTS:
        rows.sort(key=SORTS[sort.lstrip("-")], reverse=sort.startswith("-"))
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    number = min(max(1, _pages.page_number(request)), pages)
    may_upload = request.actor.role in UPLOADERS
    upload = _pages.Link(gettext("上传反馈意见"), f"{ALL}upload", is_primary=True)
    page = {
        "title": gettext("反馈"),
        "actions": (upload,) if may_upload else (),
        "url": ALL,
        "query": query,
        "sort": sort,
        "search_label": N_("搜标题或单位"),
        "filters": _narrowings(state, waits, audience),
        "columns": [_column(request, *column) for column in COLUMNS],
        "rows": [_line(row) for row in rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]],
        "total": len(every) or bool(waits),
        "matched": len(rows),
        "pager": _pages.pager_of(request, number=number, pages=pages),
        "empty": _empty(may_upload),
    }
    return render(request, "feedback/list.html", {"page": page})


def _column(request: HttpRequest, label: str, name: str, is_number: bool) -> _pages.Column:
    sort = request.GET.get("sort", "")
    if not name:
        return _pages.Column(label, is_number=is_number)
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["sort"] = f"-{name}" if sort == name else name
    direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return _pages.Column(label, f"{ALL}?{asked.urlencode()}", direction, is_number)


def _narrowings(state: str, waits: str, audience: str) -> tuple[_pages.Filter, ...]:
    states, everything = [(one.code, one.label) for one in FEEDBACK.states], gettext("全部")
    return (
        _pages.filter_of("state", label=gettext("状态"), choices=states, chosen=state, all_label=everything),
        _pages.filter_of("waits", label=gettext("待办"), choices=WAITING, chosen=waits, all_label=everything),
        _pages.filter_of(
            "audience", label=gettext("反馈对象"), choices=list(AUDIENCES.items()), chosen=audience,
            all_label=everything,
        ),
    )  # fmt: skip


def _empty(may_upload: bool) -> _pages.Empty:
    if may_upload:
        text = gettext("请上传反馈意见的原件，系统读出里面的问题，由您逐条认定。")
        return _pages.Empty(gettext("还没有反馈意见"), text, f"{ALL}upload", gettext("上传反馈意见"))
    return _pages.Empty(gettext("还没有反馈意见"), gettext("巡察组或巡察办上传、并反馈给您以后，会列在这里。"))


def _line(row: FeedbackRow) -> Line:
    return Line(
        row.title, address(row.id), row.unit, row.audience, row.state.label, row.state.shape, row.state.tone,
        row.drafts, row.findings, row.received_on,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A document goes in; what was read of it is looked through on the bench."""
    open_only_to(UPLOADERS, role=request.actor.role)
    inspections = queries.inspections_to_feed_back(request.actor)
    if request.method != "POST":
        only = str(inspections[0].id) if len(inspections) == 1 else ""
        chosen = {"inspection": request.GET.get("inspection", only), "audience": "leadership"}
        return _upload_page(request, UploadForm(inspections=inspections, initial=chosen))
    form = UploadForm(request.POST, request.FILES, inspections=inspections)
    if not form.is_valid():
        return _upload_page(
            request, form, status=TOO_LARGE_STATUS if form.has_error("file", TOO_LARGE) else UNPROCESSABLE
        )
    typed = dict(form.cleaned_data)
    try:
        return HttpResponseRedirect(_taken(request, typed), status=SEE_OTHER)
    except Refused as refused:
        form.refuse(refused.objection)
        same = _same(request, typed) if refused.objection.code == SAME else ""
        return _upload_page(request, form, status=UNPROCESSABLE, same=same)
    except Unreadable as fault:
        form.add_error("file", fault.said(words.label))
        return _upload_page(request, form, status=TOO_LARGE_STATUS if fault.code == errors.TOO_LARGE else WRONG_TYPE)


def _taken(request: HttpRequest, typed: dict[str, Any]) -> str:
    """Where to look on: at the bench of what was read at once, or at the files on their way."""
    files = typed["file"]
    if len(files) == 1 and files[0].size <= AT_ONCE:
        try:
            done = _keep(request, typed)
        except ToRecognize:
            pass
        else:
            _say_how_many(request, done.drafts)
            return address(done.feedback)
    _send(request, typed)
    return _intakes.INTAKES


def _send(request: HttpRequest, typed: dict[str, Any]) -> None:
    sending.send(
        inspection=UUID(typed["inspection"]),
        audience=typed["audience"],
        title=typed["title"],
        files=_intakes.sent(typed["file"]),
        by=request.actor,
        at=request.at,
    )


def _same(request: HttpRequest, typed: dict[str, Any]) -> str:
    """Where the same file is: the bench of its feedback, or the list of what is still being read."""
    (file,) = _intakes.sent(typed["file"])
    sha256 = hashlib.sha256(file.content()).hexdigest()
    found = same_feedback(request.actor, sha256=sha256, inspection=UUID(typed["inspection"]))
    return address(found) if found else _intakes.INTAKES


def _keep(request: HttpRequest, typed: dict[str, Any]) -> UploadedFeedback:
    (file,) = typed["file"]
    return acts.upload_feedback(
        inspection=UUID(typed["inspection"]),
        audience=typed["audience"],
        title=typed["title"],
        name=file.name,
        content=file.read(),
        by=request.actor,
        at=request.at,
        waits=True,
    )


def _say_how_many(request: HttpRequest, n: int) -> None:
    if n:
        said = ngettext("读出 %(n)s 条，请对照原文逐条认定。", "读出 %(n)s 条，请对照原文逐条认定。", n) % {"n": n}
        messages.success(request, said)
    else:
        messages.warning(request, gettext("文件已保存，没有读出问题。请核对是不是传错了文件，或者手工补录。"))


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200, same: str = "") -> HttpResponse:
    title = gettext("上传反馈意见")
    page = {
        "title": title,
        "crumbs": (_pages.Link(gettext("反馈"), ALL), _pages.Link(title)),
        "submit_label": gettext("上传并读出问题"),
        "cancel_url": ALL,
        "kinds": queries.readable_kinds(),
        "max_size": settings.MAX_UPLOAD,
        "has_inspections": bool(form.fields["inspection"].choices[1:]),
        "file_lost": status != 200 and bool(request.FILES),
        "same_url": same,
        "intakes_url": _intakes.INTAKES,
    }
    return render(request, "feedback/upload.html", {"page": page, "form": form}, status=status)


@require_safe
def source(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A source document as it came, to save."""
    file = queries.stored_file(upload_id, actor=request.actor)
    if file is None:
        raise Unknown("upload", upload_id)
    return file_answer(file.content, name=file.name, media_type=file.media_type)


urlpatterns = [
    path("feedback/", index, name="feedback.list"),
    path("feedback/upload", upload, name="feedback.upload"),
    *_intakes.urlpatterns,
    *_bench_deeds.urlpatterns,
    *_bench_acts.urlpatterns,
    *_scan_sheets.urlpatterns,
    *_feedback_steps.urlpatterns,
    path("uploads/<uuid:upload_id>", source, name="uploads.file"),
]
