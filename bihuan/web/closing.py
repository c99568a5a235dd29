"""Closings: the list of requests, and one request weighed by its signers, one finding a page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import findings as acts
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries.closing import lists, page
from bihuan.queries.closing.lists import BOXES, ClosingFilters, ClosingList
from bihuan.queries.closing.page import ClosingPage
from bihuan.rules.acts import act_label
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import CLAIMS, N_
from bihuan.web import _closing_page, _overtaken, _pages, words
from bihuan.web._closing_forms import DecideForm
from bihuan.web._closing_page import CLOSINGS, address

COLUMNS = (N_("编号"), N_("问题"), N_("被巡察单位"), N_("申请事由"), N_("状态"), N_("会签"), N_("申请时间"))
LONGEST_QUERY = 200
SEE_OTHER, UNPROCESSABLE = 303, 422


@require_safe
def closings(request: HttpRequest) -> HttpResponse:
    """One page of requests with the counts of each part of the list."""
    found = lists.closings_for(
        request.actor, filters=_filters(request), on=request.on, page=_pages.page_number(request)
    )
    return render(request, "closing/list.html", {"page": _list_context(request, found)})


def _filters(request: HttpRequest) -> ClosingFilters:
    """What the address narrows to; what it does not say sensibly narrows nothing."""
    asked = request.GET
    return ClosingFilters(
        box=asked.get("box", "") if asked.get("box") in BOXES else "",
        unit=_uuid(asked.get("unit", "")),
        round=_uuid(asked.get("round", "")),
        claim=asked.get("claim", "") if asked.get("claim") in CLAIMS else "",
        query=asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _list_context(request: HttpRequest, found: ClosingList) -> dict[str, Any]:
    filters = found.filters
    return {
        "title": gettext("销号"),
        "url": CLOSINGS,
        "query": filters.query,
        "search_label": N_("搜编号或问题"),
        "filters": _choices(found),
        "counts": _closing_page.counts(found) if found.total else (),
        "columns": [_pages.Column(label) for label in COLUMNS],
        "rows": [_closing_page.line(row) for row in found.rows],
        "total": found.total,
        "matched": found.matched,
        "pager": _pages.pager_of(request, number=found.page, pages=found.pages),
        "actions": _actions(found),
        "empty": _pages.Empty(
            gettext("还没有销号申请"),
            gettext("单位整改完成以后，由主要负责人在问题页上申请销号，申请会列在这里。"),
            "/findings/",
            gettext("看台账"),
        ),
    }


def _actions(found: ClosingList) -> tuple[_pages.Link, ...]:
    """Straight to the first that waits for one's own signature."""
    first = found.rows[0] if found.rows and found.filters.box == "mine" else None
    return (_pages.Link(gettext("逐条审核"), address(first.id), is_primary=True),) if first else ()


def _choices(found: ClosingList) -> tuple[_pages.Filter, ...]:
    filters, everything = found.filters, gettext("全部")
    boxes = list(BOXES.items())
    units = [(str(one.id), one.name) for one in found.units]
    rounds = [(str(one.id), one.name) for one in found.rounds]
    filter_of = _pages.filter_of
    return (
        filter_of("box", label=gettext("进度"), choices=boxes, chosen=filters.box, all_label=everything),
        filter_of("unit", label=gettext("单位"), choices=units, chosen=str(filters.unit or ""), all_label=everything),
        filter_of(
            "round", label=gettext("轮次"), choices=rounds, chosen=str(filters.round or ""), all_label=everything
        ),
        filter_of(
            "claim", label=gettext("申请事由"), choices=list(CLAIMS.items()), chosen=filters.claim, all_label=everything
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request, and the verdict of a signer on it."""
    found = _found(request, request_id)
    if request.method == "POST":
        return _decide(request, found)
    return _answer(request, found, DecideForm(found))


def _found(request: HttpRequest, request_id: UUID) -> ClosingPage:
    found = page.closing_page(request_id, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("closing_request", request_id)
    return found


def _decide(request: HttpRequest, found: ClosingPage) -> HttpResponse:
    form, pressed = DecideForm(found, request.POST), request.POST.get("verdict", "")
    if not found.is_latest:
        raise Refused(Objection("earlier_request", N_("这是以前的申请，请到最近一次申请的页面办理。")))
    if not form.is_valid():
        return _answer(request, found, form, status=UNPROCESSABLE)
    verdict = form.verdict(pressed)
    try:
        done = acts.take_step(
            finding=found.finding.id, step=verdict.step, typed=verdict.typed, by=request.actor, at=request.at,
            on=request.on, seen=verdict.seen,
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused.objection)
        return _answer(request, found, form, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        return _again(request, found, overtaken)
    names = {
        "number": done.number,
        "step": words.label(act_label(verdict.step, thing="finding")),
        "state": words.label(FINDING.state(done.state).label),
    }
    messages.success(request, gettext("%(number)s：已办理“%(step)s”，现在是“%(state)s”。") % names)
    near = found.neighbors
    return HttpResponseRedirect(address(near.after or near.before or found.id), status=SEE_OTHER)


def _again(request: HttpRequest, found: ClosingPage, overtaken: Overtaken) -> HttpResponse:
    """Somebody was faster: the present state, who and when, and everything as it was typed."""
    now = _found(request, found.id)
    data = request.POST.copy()
    data["seen"] = str(now.finding.revision)
    form = DecideForm(now, data)
    form.is_valid()
    return _answer(request, now, form, status=_overtaken.CONFLICT, notice=_overtaken.sentence("finding", overtaken))


def _answer(
    request: HttpRequest, found: ClosingPage, form: DecideForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context = _closing_page.closing_context(found, request.on) | {"notice": notice}
    if context["deciding"] is None and form.is_bound and not notice:
        raise NotYours(Objection("not_yours", N_("这一步由%(who)s办理。"), values={"who": N_("销号审核各方")}))
    return render(request, "closing/detail.html", {"page": context, "form": form}, status=status)


urlpatterns = [
    path("closing/", closings, name="closing.list"),
    path("closing/<uuid:request_id>/", closing, name="closing.detail"),
]
