"""Views of the ledger under a name: kept, listed, opened by their address, forgotten. They hold no rows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.actions import ledger as acts
from bihuan.actions.refusals import Refused, Unknown
from bihuan.queries import ledger as kept
from bihuan.queries.findings.asked import asked_in, described, said_of
from bihuan.queries.findings.sheets import EVERYTHING
from bihuan.web import _pages, words
from bihuan.web._finding_page import LEDGER

VIEWS = f"{LEDGER}views/"
SEE_OTHER = 303


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """The post's own views; and keeping one more, or an old one anew."""
    if request.method == "POST":
        return _save(request)
    return render(request, "findings/views.html", {"page": _context(request)})


def _save(request: HttpRequest) -> HttpResponse:
    asked = said_of(asked_in(request.POST.get("asked", "")))
    name, is_shared = request.POST.get("name", "").replace("\0", ""), request.POST.get("is_shared") == "1"
    try:
        acts.save_view(name=name, asked=asked, is_shared=is_shared, by=request.actor, at=request.at)
    except Refused as refused:
        typed = {"name": name, "asked": asked, "is_shared": is_shared, "refusal": words.say(refused.objection)}
        return render(request, "findings/views.html", {"page": {**_context(request), "typed": typed}}, status=422)
    messages.success(request, gettext("视图“%(name)s”已存好。") % {"name": " ".join(name.split())})
    return HttpResponseRedirect(f"{LEDGER}?{asked}" if asked else LEDGER, status=SEE_OTHER)


@require_safe
def view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """To the list that a view stands for; its rows are those that the reader may see."""
    found = kept.view_for(request.actor, view=view_id)
    if found is None:
        raise Unknown("saved_view", view_id)
    return HttpResponseRedirect(f"{LEDGER}?{found.asked}" if found.asked else LEDGER)


@require_POST
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a view of one's own."""
    acts.remove_view(view_id, by=request.actor)
    messages.success(request, gettext("视图已删去。"))
    return HttpResponseRedirect(VIEWS, status=SEE_OTHER)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": gettext("我的视图"),
        "crumbs": (_pages.Link(gettext("台账"), LEDGER), _pages.Link(gettext("我的视图"))),
        "url": VIEWS,
        "typed": None,
        "rows": [
            {
                "name": row.name,
                "url": f"{VIEWS}{row.id}",
                "link": request.build_absolute_uri(f"{VIEWS}{row.id}") if row.is_shared else "",
                "what": described(asked_in(row.asked), say=words.label) or words.label(EVERYTHING),
                "remove_url": f"{VIEWS}{row.id}/remove",
            }
            for row in kept.views_of(request.actor)
        ],
        "empty": _pages.Empty(
            gettext("还没有视图"), gettext("在台账里选好条件、排序和列，起个名字存下来。"), LEDGER, gettext("看台账")
        ),
    }


urlpatterns = [
    path("findings/views/", views, name="findings.views"),
    path("findings/views/<uuid:view_id>", view, name="findings.view"),
    path("findings/views/<uuid:view_id>/remove", remove, name="findings.remove_view"),
]
