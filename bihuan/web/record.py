"""The record as the audit officer reads it: headers, page by page, by day and by kind of thing."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.actions.refusals import NotYours
from bihuan.queries import record as queries
from bihuan.rules.access import READS_RECORD
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, ROLES
from bihuan.web import _pages

COLUMNS = (N_("时间"), N_("人员"), N_("职务"), N_("途径"), N_("事项"), N_("办理"))


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Headers only: what was done, not what was said."""
    day, thing = _day(request.GET.get("day", "")), request.GET.get("thing", "")
    found = queries.headers_for(request.actor, day=day, thing=thing, number=_pages.page_number(request))
    if found is None:
        names = "、".join(ROLES[role] for role in READS_RECORD)
        raise NotYours(Objection("not_yours", N_("这一页由%(who)s查看。"), values={"who": names}))
    title = gettext("记录")
    page = {
        "title": title,
        "crumbs": (_pages.Link(gettext("待办"), "/"), _pages.Link(title)),
        "url": "/record/",
        "day": day.isoformat() if day else "",
        "filters": (
            _pages.filter_of(
                "thing",
                label=gettext("事项"),
                choices=queries.things_on_record(),
                chosen=thing,
                all_label=gettext("全部"),
            ),
        ),
        "columns": [_pages.Column(column) for column in COLUMNS],
        "rows": found.rows,
        "total": found.total,
        "matched": found.matched,
        "pager": _pages.pager_of(request, number=found.number, pages=found.pages),
        "empty": _pages.Empty(gettext("还没有记录"), gettext("有人办事以后，每一步都会记在这里。")),
    }
    return render(request, "record/list.html", {"page": page})


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day < date.max else None


urlpatterns = [path("record/", records, name="record.list")]
