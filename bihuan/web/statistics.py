"""The ten metrics as of a day, by any dimension; every number is a link to its rows, every table can be saved."""

from dataclasses import asdict
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.engines import writing
from bihuan.queries.statistics.figures import Asked, Figures, figures_for, usual_dimension
from bihuan.queries.statistics.flows import DIMENSIONS, NONE
from bihuan.queries.statistics.groups import FINDINGS, SORTS, USUAL, GroupChoice
from bihuan.rules.vocabulary import N_
from bihuan.web import _figure_tables, _pages, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._figure_links import NAMED, Links, links_of
from bihuan.web._figure_tables import Line

ADDRESS = "/statistics/"
BY = {
    "unit": N_("责任单位"), "round": N_("轮次"), "kind": N_("巡察种类"), "class": N_("单位类别"),
    "category": N_("问题类别"),
}  # fmt: skip
ORDERS = [(FINDINGS, N_("问题多的在前"))]
LONGEST_WORD = 32


@require_safe
def by_state(request: HttpRequest) -> HttpResponse:
    """The figures of a day, as far as the actor may see."""
    found = figures_for(request.actor, on=_day(request), asked=_asked(request), page=_pages.page_number(request))
    return render(request, "statistics/by_state.html", {"page": _context(request, found)})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The table by group as a sheet."""
    found = figures_for(request.actor, on=_day(request), asked=_asked(request))
    heads, rows = _figure_tables.sheet_of(found)
    columns = [
        writing.Column(head, 28 if n == 0 else 12, "text" if n == 0 else "number") for n, head in enumerate(heads)
    ]
    sheet, title = BytesIO(), gettext("统计")
    writing.write_sheet(sheet, title=f"{title} {found.on}", columns=columns, rows=rows)
    return file_answer(sheet.getvalue(), name=f"{title} {found.on}.xlsx", media_type=SHEET)


def _day(request: HttpRequest) -> date:
    """The cut-off day asked for; what is yet to come has not happened."""
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), request.on)
    except ValueError:
        return request.on


def _asked(request: HttpRequest) -> Asked:
    asked = request.GET
    by = asked.get("by", "")
    kind, unit_class, category = (
        asked.get(name, "").replace("\0", "")[:LONGEST_WORD] for name in ("kind", "class", "category")
    )
    by = by if by in DIMENSIONS else usual_dimension(request.actor)
    return Asked(
        by=by, round=_uuid(asked.get("round", "")), kind=kind, unit_class=unit_class,
        category=category, unit=_uuid(asked.get("unit", "")),
        sort=asked["sort"] if asked.get("sort") in SORTS else USUAL,
    )  # fmt: skip


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _context(request: HttpRequest, found: Figures) -> dict[str, Any]:
    links = links_of(found, today=request.on)
    return {
        "title": gettext("统计"),
        "url": ADDRESS,
        "on": found.on,
        "today": request.on,
        "filters": _filters(found),
        "unit": _unit(found),
        "export_url": f"{ADDRESS}export?{request.GET.urlencode()}" if found.groups else "",
        "told": _figure_tables.told(found, links),
        "group_label": BY[found.asked.by],
        "heads": found.states,
        "groups": [
            _figure_tables.line(group, found, links, url=_group_url(found, group.key)) for group in found.groups
        ],
        "sums": _sums(found, links),
        "total_words": gettext("共 %(n)s 组，合计是全部的") % {"n": f"{found.n_groups:,}"},
        "pager": _pager(request, found),
        "months": list(_figure_tables.months(found, links)) if found.counts.to_rectify else [],
        "cycles": _figure_tables.cycles(found, links) if found.counts.first_closings else [],
        "coverage": _figure_tables.covered_by_class(found.coverage) if found.coverage else [],
        "term": found.coverage.term_name if found.coverage else "",
        "empty": _pages.Empty(
            gettext("还没有应整改的问题"),
            gettext("反馈意见三方签收以后，问题会计入统计。"),
            "/feedback/",
            gettext("看反馈意见"),
        ),
    }


def _pager(request: HttpRequest, found: Figures) -> dict[str, Any]:
    """The pages before and after, and both ends: of thousands of units nobody turns page by page."""

    def to(number: int) -> str:
        return _pages.pager_of(request, number=number - 1, pages=found.pages).next

    told = asdict(_pages.pager_of(request, number=found.page, pages=found.pages))
    first, last = to(1) if found.page > 1 else "", to(found.pages) if found.page < found.pages else ""
    return {**told, "first": first, "last": last}


def _sums(found: Figures, links: Links) -> Line | None:
    return _figure_tables.sums(found, links) if found.groups else None


def _filters(found: Figures) -> list[_pages.Filter]:
    asked, everything = found.asked, gettext("全部")
    by = list(BY.items())
    grouped = _pages.Filter("by", gettext("分组"), _pages.filter_of(
        "by", label="", choices=by, chosen=asked.by, all_label="").options[1:])  # fmt: skip
    order = _pages.filter_of(
        "sort", label=gettext("顺序"), choices=ORDERS, chosen=asked.sort if asked.sort != USUAL else "",
        all_label=gettext("默认顺序"),
    )  # fmt: skip
    every = (
        ("round", N_("轮次"), found.choices.rounds, str(asked.round or "")),
        ("kind", N_("种类"), found.choices.kinds, asked.kind),
        ("class", N_("单位类别"), found.choices.classes, asked.unit_class),
        ("category", N_("问题类别"), found.choices.categories, asked.category),
    )
    return [grouped, order] + [
        _pages.filter_of(name, label=gettext(label), choices=_named(choices, chosen), chosen=chosen,
                         all_label=everything)
        for name, label, choices, chosen in every
    ]  # fmt: skip


def _named(choices: tuple[GroupChoice, ...], chosen: str) -> list[tuple[str, str]]:
    found = [(one.key, words.either(one.names) if one.names else one.label) for one in choices]
    return [*found, (NONE, N_("没有登记的"))] if chosen == NONE else found


def _unit(found: Figures) -> dict[str, str] | None:
    """The unit that a link has narrowed to, and the address without it."""
    asked = found.asked
    if asked.unit is None:
        return None
    return {"id": str(asked.unit), "url": _address(found, unit="")}


def _group_url(found: Figures, key: str) -> str:
    """The figures of the group alone, by what tells most of it; a unit has a page of its own."""
    by = found.asked.by
    return f"/organizations/{key}/" if by == "unit" else _address(found, **{NAMED[by]: key, "by": "unit"})


def _address(found: Figures, **changed: str) -> str:
    asked = found.asked
    said = {
        "by": asked.by, "round": str(asked.round or ""), "kind": asked.kind, "class": asked.unit_class,
        "category": asked.category, "unit": str(asked.unit or ""), "on": str(found.on),
        "sort": asked.sort if asked.sort != USUAL else "",
    }  # fmt: skip
    return f"{ADDRESS}?{urlencode({name: value for name, value in (said | changed).items() if value})}"


urlpatterns = [
    path("statistics/", by_state, name="statistics.by_state"),
    path("statistics/export", export, name="statistics.export"),
]
