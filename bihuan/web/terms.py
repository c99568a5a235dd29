"""Pages of terms: all, one, a new one, and coverage on a day with the entries behind every figure."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.actions import terms as deeds
from bihuan.actions.refusals import Unknown
from bihuan.queries import terms as queries
from bihuan.queries.terms import Coverage, CoverageLine, TermRow
from bihuan.rules.access import KEEPS_REGISTER
from bihuan.web import words
from bihuan.web._acts import form_page, open_only_to
from bihuan.web._forms import DayInput, PlainForm
from bihuan.web._inspections import round_line
from bihuan.web._pages import Column, Empty, Fact, Link

ALL = "/terms/"
COVERED = {"yes": True, "no": False}


class TermForm(PlainForm):
    """A new term."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("如：第十五届县委。"))
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput())


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All terms, the latest first."""
    found = queries.terms_for(request.actor, on=request.on)
    heads = (gettext("届次"), gettext("起止"), gettext("轮次"), gettext("覆盖"))
    columns = [Column(label, is_number=place > 1) for place, label in enumerate(heads)]
    page = {
        "title": gettext("届次"),
        "actions": [Link(gettext("新建届次"), f"{ALL}new", is_primary=True)] if found.may_create else [],
        "url": ALL,
        "query": None,
        "columns": columns,
        "rows": [_line(row) for row in found.rows],
        "total": len(found.rows),
        "empty": Empty(
            gettext("还没有届次"),
            gettext("请先建立本届：以后的轮次和覆盖率都按届计算，建立时按现有单位列出应巡名册。"),
            f"{ALL}new" if found.may_create else "",
            gettext("新建届次"),
        ),
    }
    return render(request, "terms/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new term, with the register of the tree as it stands."""
    open_only_to(KEEPS_REGISTER, role=request.actor.role)
    form = TermForm(request.POST or None)

    def act(typed: dict[str, Any]) -> str:
        made = deeds.create_term(by=request.actor, at=request.at, **typed)
        messages.success(request, gettext("已建立届次，应巡名册已按现有单位列出。"))
        return f"{ALL}{made}/"

    page = {
        "title": gettext("新建届次"),
        "crumbs": [Link(gettext("届次"), ALL)],
        "lead": gettext(
            "建立以后，现有的部门、乡镇、村社区、企业和学校列入本届应巡名册；以后的增减会自动跟上，已过去的日子不变。"
        ),
        "submit_label": gettext("建立"),
        "cancel_url": ALL,
    }
    return form_page(request, form, page=page, template="terms/form.html", act=act)


@require_GET
def detail(request: HttpRequest, term: UUID) -> HttpResponse:
    """One term with its rounds."""
    found = queries.term_page(term, by=request.actor, on=request.on)
    if found is None:
        raise Unknown("term", term)
    row = found.term
    page = {
        "title": row.name,
        "crumbs": [Link(gettext("届次"), ALL)],
        "tags": [{"label": gettext("本届"), "is_key": True}] if row.is_current else [],
        "actions": [Link(gettext("新建轮次"), f"/rounds/new?term={row.id}", is_primary=True)] if found.may_plan else [],
        "facts": list(_facts(row)),
        "rounds": [round_line(each) for each in found.rounds],
    }
    return render(request, "terms/detail.html", {"page": page})


@require_GET
def coverage(request: HttpRequest, term: UUID) -> HttpResponse:
    """Covered out of total per class on a day; each figure leads to its entries below."""
    on = _day(request.GET.get("on", ""), otherwise=request.on)
    chosen, covered = request.GET.get("class", ""), request.GET.get("covered", "")
    found = queries.coverage_of(term, on=on, by=request.actor, organization_class=chosen, covered=COVERED.get(covered))
    if found is None:
        raise Unknown("term", term)
    own = f"{ALL}{found.term}/"
    page = {
        "title": gettext("覆盖率"),
        "crumbs": [Link(gettext("届次"), ALL), Link(found.term_name, own)],
        "url": f"{own}coverage",
        "on": on,
        "lines": [_coverage_line(found, line) for line in found.lines],
        "sums": [_coverage_line(found, line) for line in found.sums],
        "entries_title": _entries_title(found, chosen, covered),
        "entries": [
            {
                "name": entry.name,
                "url": f"/organizations/{entry.organization}/",
                "class_label": entry.class_label,
                "parent_name": entry.parent_name,
                "covered_on": entry.covered_on,
                "waiting_since": entry.waiting_since,
                "days_waiting": entry.days_waiting,
                "inspection": entry.inspection_title,
                "inspection_url": f"/inspections/{entry.inspection}" if entry.inspection else "",
            }
            for entry in found.entries
        ],
    }
    return render(request, "terms/coverage.html", {"page": page})


def _line(row: TermRow) -> dict[str, Any]:
    own = f"{ALL}{row.id}/"
    return {
        "title": row.name,
        "url": own,
        "from_on": row.starts_on,
        "to_on": row.ends_on,
        "is_current": row.is_current,
        "n_rounds": row.n_rounds,
        "rounds_url": own,
        "coverage": "" if row.covered is None else f"{row.covered} / {row.total}",
        "coverage_url": f"{own}coverage",
    }


def _facts(row: TermRow) -> Iterable[Fact]:
    yield Fact(gettext("起止"), f"{row.starts_on} {gettext('至')} {row.ends_on}")
    if row.covered is not None:
        said = gettext("应巡 %(total)s，已巡 %(covered)s") % {"total": row.total, "covered": row.covered}
        yield Fact(gettext("覆盖"), said, f"{ALL}{row.id}/coverage")


def _coverage_line(found: Coverage, line: CoverageLine) -> dict[str, Any]:
    def address(covered: str) -> str:
        asked = {"on": found.on.isoformat(), "class": line.organization_class, "covered": covered}
        return (
            f"{ALL}{found.term}/coverage?{urlencode({name: value for name, value in asked.items() if value})}#entries"
        )

    return {
        "label": words.label(line.label),
        "covered": line.covered,
        "covered_url": address("yes"),
        "total": line.total,
        "total_url": address(""),
        "left": line.total - line.covered,
        "left_url": address("no"),
        "rate": line.rate,
        "is_sum": line.organization_class == queries.ALL_BUT_APART,
    }


def _entries_title(found: Coverage, chosen: str, covered: str) -> str:
    kind = next(
        (words.label(line.label) for line in (*found.lines, *found.sums) if line.organization_class == chosen), ""
    )
    which = {"yes": gettext("已巡"), "no": gettext("未巡")}.get(covered, gettext("应巡"))
    return f"{kind} {which}".strip()


def _day(typed: str, *, otherwise: date) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return otherwise


urlpatterns: list[URLPattern] = [
    path("terms/", index, name="terms.index"),
    path("terms/new", create, name="terms.create"),
    path("terms/<uuid:term>/", detail, name="terms.detail"),
    path("terms/<uuid:term>/coverage", coverage, name="terms.coverage"),
]
