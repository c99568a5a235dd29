"""Taking the ledger out as a sheet: a short one at once, a long one in the background, found again on its own page."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import ledger as acts
from bihuan.actions.refusals import Refused, Unknown
from bihuan.queries import ledger as kept
from bihuan.queries.findings import lists, sheets
from bihuan.queries.findings.asked import Asked, asked_by, asked_in, described, said_of
from bihuan.rules.vocabulary import N_
from bihuan.web import _pages, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._finding_page import LEDGER
from bihuan.web._ledger import SPEECH, ledger_url

# So many rows are written while the person waits; more are written in the background.
AT_ONCE = 2_000
EXPORTS = f"{LEDGER}exports/"
SEE_OTHER = 303


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the address as a sheet, in their order and columns; what was typed stays text in it."""
    asked = asked_by(dict(request.GET.lists()))
    ids = lists.ids_for(request.actor, filters=asked.filters, on=request.on, sort=asked.sort, most=AT_ONCE + 1)
    if len(ids) > AT_ONCE:
        return HttpResponseRedirect(f"{EXPORTS}?{said_of(asked)}", status=SEE_OTHER)
    rows = lists.lines_of(ids, actor=request.actor, on=request.on, columns=asked.columns)
    what = described(asked, say=words.label)
    note = sheets.note_of(request.actor, at=request.at, n=len(rows), what=what, say=SPEECH)
    sheet = BytesIO()
    sheets.write_ledger(sheet, rows=rows, columns=asked.columns, say=SPEECH, note=note)
    acts.record_export(asked=said_of(asked), n=len(rows), by=request.actor, at=request.at)
    return file_answer(sheet.getvalue(), name=_file_name(asked, request.on), media_type=SHEET)


def _file_name(asked: Asked, day: date) -> str:
    title = words.label(sheets.PRINTED_TITLE if sheets.is_printed(asked.columns) else sheets.TITLE)
    return f"{title} {day}.xlsx"


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """What this post asked for and how far it is; and asking for one more."""
    if request.method == "POST":
        return _ask(request)
    wanted = asked_by(dict(request.GET.lists())) if request.GET else None
    rows = kept.exports_of(request.actor, at=request.at)
    return render(request, "findings/exports.html", {"page": _context(rows, wanted)})


def _ask(request: HttpRequest) -> HttpResponse:
    asked = asked_in(request.POST.get("asked", ""))
    try:
        acts.ask_export(
            asked=said_of(asked), language=get_language() or "zh-hans", by=request.actor, at=request.at, on=request.on
        )
    except Refused as refused:
        rows = kept.exports_of(request.actor, at=request.at)
        context = {"page": {**_context(rows, asked), "refusal": words.say(refused.objection)}}
        return render(request, "findings/exports.html", context, status=422)
    return HttpResponseRedirect(EXPORTS, status=SEE_OTHER)


@require_safe
def file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The file, for who asked for it, as the post that asked, while it is kept."""
    found = kept.export_file(request.actor, export=export_id, at=request.at)
    if found is None:
        raise Unknown("ledger_export", export_id)
    day = timezone.localdate(found.asked_at)
    return file_answer(found.content, name=f"{gettext('台账')} {day}.xlsx", media_type=SHEET)


def _context(rows: tuple[kept.ExportRow, ...], wanted: Asked | None) -> dict[str, Any]:
    everything = words.label(sheets.EVERYTHING)
    return {
        "title": gettext("台账导出"),
        "crumbs": (_pages.Link(gettext("台账"), LEDGER), _pages.Link(gettext("导出"))),
        "url": EXPORTS,
        "wanted": {
            "asked": said_of(wanted), "what": described(wanted, say=words.label) or everything,
            "back": ledger_url(wanted),
        } if wanted else None,
        "refusal": "",
        "is_running": any(not row.is_finished for row in rows),
        "rows": [
            {
                "what": described(asked_in(row.asked), say=words.label) or everything,
                "list_url": f"{LEDGER}?{row.asked}" if row.asked else LEDGER,
                "at": row.asked_at,
                "n": row.n_rows,
                "n_written": row.n_written,
                "is_finished": row.is_finished,
                "state": _state(row),
                "url": f"{EXPORTS}{row.id}" if row.is_there else "",
                "size": row.size,
                "until": row.until if row.is_there else None,
            }
            for row in rows
        ],
        "empty": _pages.Empty(
            gettext("还没有导出"), gettext("在台账里选好条件和列，点“导出 Excel”。"), LEDGER, gettext("看台账")
        ),
    }  # fmt: skip


def _state(row: kept.ExportRow) -> str:
    if row.has_failed:
        return N_("没有写成，请缩小范围再试")
    if row.is_finished:
        return N_("已写好") if row.is_there else N_("已过期，文件已删")
    return N_("排队中") if row.n_rows is None else N_("正在写")


urlpatterns = [
    path("findings/export", export, name="findings.export"),
    path("findings/exports/", exports, name="findings.exports"),
    path("findings/exports/<uuid:export_id>", file, name="findings.export_file"),
]
