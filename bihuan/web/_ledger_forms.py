"""Somebody's own empty table: handed in, its columns matched with the ledger's, filled with the rows of a filter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.actions import ledger as acts
from bihuan.actions.ledger import FormGiven
from bihuan.actions.refusals import Refused, Unknown
from bihuan.queries import ledger as kept
from bihuan.queries.findings import forms, lists
from bihuan.queries.findings.asked import asked_by, described, said_of
from bihuan.queries.findings.columns import IN_SHEETS
from bihuan.queries.findings.forms import FormReading, NotAForm
from bihuan.queries.findings.sheets import EVERYTHING
from bihuan.queries.ledger import FormFile
from bihuan.rules.vocabulary import N_
from bihuan.web import _pages, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._finding_page import LEDGER
from bihuan.web._ledger import SPEECH

FORMS = f"{LEDGER}forms/"
SEE_OTHER, UNPROCESSABLE = 303, 422
NO_FILE = N_("请选择一个空表，.xlsx 格式。")
TOO_MANY = N_("一张表样一次最多填五千行。请缩小范围再填。")
NOT_MATCHED = N_("这张表样还没有对好列。请先对列，再填表。")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The post's own forms; and handing in one more."""
    if request.method == "POST":
        return _take_in(request)
    return render(request, "findings/forms.html", {"page": _list(request)})


def _take_in(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _refused(request, words.label(NO_FILE))
    content, name = file.read(), str(file.name or "")
    try:
        read = forms.read_form(content)
        columns = {one.place: one.code for one in read.columns if one.code}
        given = FormGiven(forms.name_of(name), name, content, read.sheet, read.head_from, read.head_to, columns)
        form = acts.keep_form(given, by=request.actor, at=request.at)
    except NotAForm as fault:
        return _refused(request, words.label(forms.FAULTS[fault.code]))
    except Refused as refused:
        return _refused(request, words.say(refused.objection))
    return HttpResponseRedirect(_address(form, asked=_asked(request)), status=SEE_OTHER)


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    page = {**_list(request), "refusal": sentence}
    return render(request, "findings/forms.html", {"page": page}, status=UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One form: which of its columns is which of the ledger's; proposed once, corrected by its owner."""
    found = _known(request, form_id)
    if request.method == "POST":
        return _save(request, found)
    row = _number(request.GET.get("row", ""))
    try:
        read = forms.read_form(found.content, row=row or found.row.head_from, sheet=found.row.sheet)
    except NotAForm as fault:
        messages.error(request, words.label(forms.FAULTS[fault.code]))
        return HttpResponseRedirect(_address(form_id) if row else FORMS, status=SEE_OTHER)
    chosen = {one.place: one.code for one in read.columns} if row else dict(found.row.columns)
    return render(request, "findings/form.html", {"page": _one(request, found, read, chosen)})


def _save(request: HttpRequest, found: FormFile) -> HttpResponse:
    said = request.POST
    try:
        row = _number(said.get("row", "")) or found.row.head_from
        read = forms.read_form(found.content, row=row, sheet=found.row.sheet)
    except NotAForm as fault:
        messages.error(request, words.label(forms.FAULTS[fault.code]))
        return HttpResponseRedirect(_address(found.row.id), status=SEE_OTHER)
    codes = {one.place: said.get(f"column-{one.place}", "") for one in read.columns}
    columns = {place: code for place, code in codes.items() if code in IN_SHEETS}
    name, is_shared = said.get("name", "").replace("\0", ""), said.get("is_shared") == "1"
    try:
        acts.change_form(
            found.row.id, name=name, columns=columns, head=(read.head_from, read.head_to), is_shared=is_shared,
            by=request.actor, at=request.at,
        )  # fmt: skip
    except Refused as refused:
        page = {**_one(request, found, read, columns), "refusal": words.say(refused.objection)}
        page |= {"name": name, "is_shared": is_shared}
        return render(request, "findings/form.html", {"page": page}, status=UNPROCESSABLE)
    messages.success(request, gettext("对列已存好，可以填表了。"))
    return HttpResponseRedirect(_address(found.row.id, asked=_asked(request)), status=SEE_OTHER)


@require_safe
def fill(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The form with the rows of the address, those that the reader may see; on the record, like every taking out."""
    found = _known(request, form_id)
    asked = asked_by(dict(request.GET.lists()))
    if not found.row.columns:
        messages.error(request, words.label(NOT_MATCHED))
        return HttpResponseRedirect(_address(form_id, asked=said_of(asked)), status=SEE_OTHER)
    most = forms.MOST_ROWS
    ids = lists.ids_for(request.actor, filters=asked.filters, on=request.on, sort=asked.sort, most=most + 1)
    if len(ids) > most:
        return _refused(request, words.label(TOO_MANY))
    codes = tuple(found.row.columns.values())
    rows = lists.lines_of(ids, actor=request.actor, on=request.on, columns=codes)
    try:
        content = forms.filled(found, rows=rows, say=SPEECH)
    except NotAForm as fault:
        return _refused(request, words.label(forms.FAULTS[fault.code]))
    acts.record_export(asked=said_of(asked), n=len(rows), by=request.actor, at=request.at, form=found.row.name)
    return file_answer(content, name=f"{found.row.name} {request.on}.xlsx", media_type=SHEET)


@require_POST
def remove(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Forget a form of one's own."""
    acts.remove_form(form_id, by=request.actor)
    messages.success(request, gettext("表样已删去。"))
    return HttpResponseRedirect(FORMS, status=SEE_OTHER)


def _known(request: HttpRequest, form_id: UUID) -> FormFile:
    found = kept.form_for(request.actor, form=form_id)
    if found is None or (request.method == "POST" and not found.row.is_mine):
        raise Unknown("ledger_form", form_id)
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _asked(request: HttpRequest) -> str:
    """The filter that the form is to be filled from, as the ledger came here with it."""
    return said_of(asked_by(dict(request.GET.lists())))


def _address(form: UUID, *, asked: str = "", deed: str = "") -> str:
    address = f"{FORMS}{form}/{deed}"
    return f"{address}?{asked}" if asked else address


def _list(request: HttpRequest) -> dict[str, Any]:
    asked = _asked(request)
    return {
        "title": gettext("表样"),
        "crumbs": (_pages.Link(gettext("台账"), LEDGER), _pages.Link(gettext("表样"))),
        "url": f"{FORMS}?{asked}" if asked else FORMS,
        "what": _what(request),
        "refusal": "",
        "rows": [
            {
                "name": row.name,
                "file_name": row.file_name,
                "url": _address(row.id, asked=asked),
                "fill_url": _address(row.id, asked=asked, deed="fill") if row.columns else "",
                "link": request.build_absolute_uri(_address(row.id)) if row.is_shared else "",
                "remove_url": _address(row.id, deed="remove"),
                "n": len(row.columns),
            }
            for row in kept.forms_of(request.actor)
        ],
        "empty": _pages.Empty(gettext("还没有表样"), gettext("把别人要您填的空表上传一次，对好列，以后就能直接填。")),
    }


def _what(request: HttpRequest) -> str:
    return described(asked_by(dict(request.GET.lists())), say=words.label) or words.label(EVERYTHING)


def _one(request: HttpRequest, found: FormFile, read: FormReading, chosen: dict[int, str]) -> dict[str, Any]:
    asked = _asked(request)
    return {
        "title": found.row.name,
        "crumbs": (
            _pages.Link(gettext("台账"), LEDGER), _pages.Link(gettext("表样"), FORMS), _pages.Link(found.row.name),
        ),
        "url": _address(found.row.id, asked=asked),
        "path": _address(found.row.id),
        "name": found.row.name,
        "is_shared": found.row.is_shared,
        "is_mine": found.row.is_mine,
        "fill_url": _address(found.row.id, asked=asked, deed="fill") if found.row.columns else "",
        "what": _what(request),
        "refusal": "",
        "file_name": found.row.file_name,
        "sheet": read.sheet,
        "row": read.head_from,
        "loses_pictures": read.loses_pictures,
        "columns": [
            {
                "place": one.place, "label": one.label, "field": f"column-{one.place}",
                "options": _options(chosen.get(one.place, "")), "why": _why(one, chosen.get(one.place, "")),
                "is_doubtful": one.is_doubtful and one.code == chosen.get(one.place),
                "chosen": IN_SHEETS[chosen[one.place]].label if chosen.get(one.place) in IN_SHEETS else "",
            }
            for one in read.columns
        ],
    }  # fmt: skip


def _options(chosen: str) -> list[dict[str, Any]]:
    return [
        {"code": "", "label": N_("不填，留空"), "selected": not chosen},
        *({"code": code, "label": one.label, "selected": code == chosen} for code, one in IN_SHEETS.items()),
    ]


def _why(one: forms.FormColumn, chosen: str) -> str:
    """Why this was proposed, while it is what is chosen."""
    if not one.code:
        return "" if chosen else words.label(N_("没有相近的列"))
    return words.label(one.why) % {"word": one.word} if one.code == chosen else ""


urlpatterns = [
    path("findings/forms/", index, name="findings.forms"),
    path("findings/forms/<uuid:form_id>/", detail, name="findings.form"),
    path("findings/forms/<uuid:form_id>/fill", fill, name="findings.fill_form"),
    path("findings/forms/<uuid:form_id>/remove", remove, name="findings.remove_form"),
]
