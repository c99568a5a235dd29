"""Ledgers from elsewhere: sent, their columns corrected, every fault by its cell, the preview, and the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.actions import imports as acts
from bihuan.actions.refusals import Overtaken, Refused, Unknown, Unreadable
from bihuan.queries import imports as queries
from bihuan.queries.imports import ImportPage, ImportRow
from bihuan.rules.import_columns import CHANGED, CONFLICT, MAY_IMPORT, NEW, OUTCOMES, TARGETS
from bihuan.rules.vocabulary import N_
from bihuan.web import _import_lines, _overtaken, _pages, errors, words
from bihuan.web._acts import open_only_to
from bihuan.web._finding_page import LEDGER

IMPORTS, COLUMN = "/imports/", "column-"
LONGEST_NUMBER = 6
SEE_OTHER, TOO_LARGE, WRONG_TYPE, UNPROCESSABLE = 303, 413, 415, 422
NO_FILE = N_("请选择一个台账文件，.xlsx、.xls 或 .csv 格式。")
NO_ROUND = N_("请选择导入到哪一轮。")
TOO_BIG = N_("文件超过 %(most)s MB，请压缩或拆分以后再上传。")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The post's own ledgers; and sending one more."""
    open_only_to(MAY_IMPORT, role=request.actor.role)
    return _take_in(request) if request.method == "POST" else _list(request)


def _take_in(request: HttpRequest) -> HttpResponse:
    file, rounds = request.FILES.get("file"), {str(key): key for key, _name in queries.rounds_for(request.actor)}
    chosen = rounds.get(request.POST.get("round", ""))
    if chosen is None or file is None:
        return _list(request, refusal=words.label(NO_FILE if chosen else NO_ROUND), status=UNPROCESSABLE)
    if (file.size or 0) > settings.MAX_UPLOAD:
        said = words.label(TOO_BIG) % {"most": settings.MAX_UPLOAD // 1024**2}
        return _list(request, refusal=said, status=TOO_LARGE)
    try:
        key = acts.send(
            round_id=chosen, name=file.name or "", content=file.read(), sender=request.POST.get("sender", ""),
            by=request.actor, at=request.at,
        )  # fmt: skip
    except Unreadable as fault:
        status = TOO_LARGE if fault.code == errors.TOO_LARGE else WRONG_TYPE
        return _list(request, refusal=fault.said(words.label), status=status)
    acts.see_to(key, by=request.actor, at=request.at)
    return HttpResponseRedirect(_address(key), status=SEE_OTHER)


def _list(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    title = gettext("导入台账")
    rounds = queries.rounds_for(request.actor)
    chosen = request.POST.get("round") or (str(rounds[0][0]) if rounds else "")
    page = {
        "title": title,
        "crumbs": (_pages.Link(gettext("台账"), LEDGER), _pages.Link(title)),
        "url": IMPORTS,
        "refusal": refusal,
        "sender": request.POST.get("sender", ""),
        "rounds": [{"id": str(key), "name": name, "selected": str(key) == chosen} for key, name in rounds],
        "rows": [_line(row) for row in queries.imports_of(request.actor, on=request.on)],
        "empty": _pages.Empty(
            gettext("还没有导入过台账"), gettext("上传以后先核对、预览，确认无误再写入；核对和预览不改动任何记录。")
        ),
    }
    return render(request, "imports/list.html", {"page": page}, status=status)


def _line(row: ImportRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": _address(row.id),
        "sender": row.sender,
        "round": row.round,
        "size": row.size,
        "at": row.sent_at,
        "state": _import_lines.look(row),
        "left_by": row.left_by,
        "said": _import_lines.summary(row),
        "away_url": _address(row.id, "put-away"),
    }


@require_safe
def detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is, what is wrong, what each row would be."""
    return _detail(request, import_id)


@dataclass(frozen=True)
class _Choice:
    """How a person says that the file is to be read; `columns` None: as it was checked last."""

    columns: Mapping[int, str] | None
    sheet: str
    head_row: int
    only: UUID | None


def _detail(
    request: HttpRequest, import_id: UUID, *, typed: _Choice | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    found = queries.import_page(
        import_id, actor=request.actor, on=request.on, outcome=outcome if outcome in OUTCOMES else "",
        number=_number(request.GET.get("page", "")) or 1,
    )  # fmt: skip
    if found is None:
        raise Unknown("ledger_import", import_id)
    page = _page(request, found, outcome if outcome in OUTCOMES else "", typed) | {"refusal": refusal}
    return render(request, "imports/detail.html", {"page": page}, status=status)


def _page(request: HttpRequest, found: ImportPage, outcome: str, typed: _Choice | None) -> dict[str, Any]:
    row = found.row
    choice = typed or _Choice(None, row.sheet, row.head_row, row.only)
    address = _address(row.id)
    is_open = row.state != queries.APPLIED and request.actor.role in MAY_IMPORT
    is_running = row.state in queries.RUNNING and not row.left_by
    return {
        "title": row.name,
        "crumbs": (
            _pages.Link(gettext("台账"), LEDGER), _pages.Link(gettext("导入台账"), IMPORTS), _pages.Link(row.name),
        ),
        "url": address,
        "state": _import_lines.look(row),
        "facts": _import_lines.facts(row),
        "is_running": is_running,
        "left_by": row.left_by if row.state in queries.RUNNING else "",
        "fault": _import_lines.fault(row),
        "kinds": _import_lines.kinds(row),
        "faults": _import_lines.faults(row),
        "n_more_faults": max(0, row.preview.n_faults - _import_lines.MOST_FAULTS),
        "counts": _import_lines.counts(row, address=address, outcome=outcome),
        "rows": [_import_lines.row_line(one, has_sheets=len(row.preview.taken) > 1) for one in found.rows],
        "pager": _pager(found, outcome),
        "made": [{"title": one.title, "unit": one.unit, "n": one.drafts, "url": f"/feedback/{one.id}/"}
                 for one in found.made],
        "columns": _import_lines.columns(row, typed=choice.columns),
        "sheets": _import_lines.sheets(row, chosen=choice.sheet),
        "units": [{"id": str(one.id), "name": one.name, "selected": one.id == choice.only} for one in found.units],
        "seen": row.n_checked,
        "head_row": choice.head_row,
        "n_new": row.preview.outcomes.get(NEW, 0),
        "n_changed": row.preview.outcomes.get(CHANGED, 0),
        "n_conflicts": row.preview.outcomes.get(CONFLICT, 0),
        "may_choose": is_open and not is_running,
        "may_apply": is_open and row.state == queries.READY,
    }  # fmt: skip


def _pager(found: ImportPage, outcome: str) -> _pages.Pager | None:
    if found.n_pages < 2:
        return None

    def turned(number: int) -> str:
        said = urlencode({name: value for name, value in (("outcome", outcome), ("page", number)) if value})
        return f"{_address(found.row.id)}?{said}" if 1 <= number <= found.n_pages else ""

    return _pages.Pager(found.number, found.n_pages, turned(found.number - 1), turned(found.number + 1))


@require_POST
def take_columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What a person takes the columns for; then it is checked anew."""
    typed = _typed(request, import_id)
    try:
        acts.take_columns(
            import_id, columns=typed.columns or {}, sheet=typed.sheet, head_row=typed.head_row, only=typed.only,
            seen=_seen(request), by=request.actor, at=request.at,
        )  # fmt: skip
        acts.see_to(import_id, by=request.actor, at=request.at)
    except Refused as refused:
        said = words.say(refused.objection)
        return _detail(request, import_id, typed=typed, refusal=said, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        said = _overtaken.sentence("ledger_import", overtaken)
        return _detail(request, import_id, typed=typed, refusal=said, status=_overtaken.CONFLICT)
    return HttpResponseRedirect(_address(import_id), status=SEE_OTHER)


def _typed(request: HttpRequest, import_id: UUID) -> _Choice:
    """What the form says, of what there is to choose among."""
    found = queries.choices_for(import_id, actor=request.actor)
    if found is None:
        raise Unknown("ledger_import", import_id)
    said = request.POST
    places = {name: _number(name.removeprefix(COLUMN)) for name in said if name.startswith(COLUMN)}
    columns = {place: said[name] for name, place in places.items() if place is not None and said[name] in TARGETS}
    sheet, units = said.get("sheet", ""), {str(one.id): one.id for one in found.units}
    return _Choice(
        columns, sheet if sheet in found.sheets else "", _number(said.get("row", "")) or 0,
        units.get(said.get("only", "")),
    )  # fmt: skip


@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Bring it in, whole or not at all."""
    try:
        done = acts.apply(
            import_id, skip_conflicts=request.POST.get("skip") == "1", seen=_seen(request), by=request.actor,
            at=request.at, on=request.on,
        )  # fmt: skip
    except Refused as refused:
        return _detail(request, import_id, refusal=words.say(refused.objection), status=UNPROCESSABLE)
    except Overtaken as overtaken:
        said = _overtaken.sentence("ledger_import", overtaken)
        return _detail(request, import_id, refusal=said, status=_overtaken.CONFLICT)
    said = gettext("已写入：新增草稿 %(drafts)s 条，填报进展 %(reported)s 条，跳过 %(skipped)s 行。")
    messages.success(request, said % {"drafts": done.drafts, "reported": done.reported, "skipped": done.skipped})
    return HttpResponseRedirect(_address(import_id), status=SEE_OTHER)


@require_POST
def put_away(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Out of sight."""
    acts.put_away(import_id, by=request.actor, at=request.at)
    return HttpResponseRedirect(IMPORTS, status=SEE_OTHER)


def _seen(request: HttpRequest) -> int | None:
    return _number(request.POST.get("seen", ""))


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < LONGEST_NUMBER else None


def _address(import_id: UUID, deed: str = "") -> str:
    return f"{IMPORTS}{import_id}/{deed}"


urlpatterns = [
    path("imports/", index, name="imports.list"),
    path("imports/<uuid:import_id>/", detail, name="imports.detail"),
    path("imports/<uuid:import_id>/columns", take_columns, name="imports.take_columns"),
    path("imports/<uuid:import_id>/apply", apply, name="imports.apply"),
    path("imports/<uuid:import_id>/put-away", put_away, name="imports.put_away"),
]
