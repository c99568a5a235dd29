"""Reviewing one version of a plan, and comparing two: the pages beside those of web/plans.py."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import plans as acts
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries.plans.comparison import PlanComparison, compare
from bihuan.queries.plans.page import PlanPage, plan_page
from bihuan.queries.plans.parts import PlanRowView
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_
from bihuan.web import _overtaken, _pages, _plan_page, words
from bihuan.web._forms import PlainForm
from bihuan.web._plan_forms import AGREE, ReviewForm
from bihuan.web._plan_page import ALL, address

SEE_OTHER, UNPROCESSABLE = 303, 422
EXPLAINS = (
    N_("方向不明确、任务有漏项、措施不具体的，退回重做（三不过）。"),
    N_("每一方各自表态，最后一方在其他各方都同意以后批准。"),
    N_("可以只退回其中几条，其余照常往下走。"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One party's verdict on the rows of a version that are its to decide now."""
    found = _version(request, plan_id)
    act = _plan_page.act(found, "review")
    if act.objection and act.objection.code == "not_yours":
        raise NotYours(act.objection)
    if request.method == "POST":
        return _decide(request, found)
    if act.objection:
        raise Refused(act.objection)
    mine = _mine(found)
    asked = request.GET.get("finding", "")
    ticked = [str(row.finding) for row in mine if asked in ("", str(row.finding))]
    seen = found.shown.revision if found.shown else 0
    return _answer(request, found, _form(found, mine, initial={"seen": seen, "findings": ticked}))


def _version(request: HttpRequest, plan_id: UUID) -> PlanPage:
    found = plan_page(plan_id, actor=request.actor, on=request.on)
    if found is None or found.shown is None:
        raise Unknown("plan", plan_id)
    return found


def _mine(found: PlanPage) -> list[PlanRowView]:
    return [row for row in found.rows if row.is_mine_to_decide]


def _form(found: PlanPage, rows: list[PlanRowView], data: Any = None, **given: Any) -> ReviewForm:
    last = gettext("批准")
    agree = gettext("同意")
    is_last = any(row.waits_for == row.waits_for[-1:] and _is_last(found, row) for row in _mine(found))
    return ReviewForm(data, rows=rows, agree_label=last if is_last else agree, **given)


def _is_last(found: PlanPage, row: PlanRowView) -> bool:
    """Whether the last party alone is still to speak: then agreeing is approving."""
    silent = [party.role for party in row.verdicts if not party.verdict]
    return silent == [found.chain[-1]]


def _decide(request: HttpRequest, found: PlanPage) -> HttpResponse:
    # Every row that was handed in may be named: of one that another has decided meanwhile, the action tells who did.
    form = _form(found, list(found.rows), request.POST)
    if not form.is_valid():
        return _answer(request, found, form, status=UNPROCESSABLE)
    typed = form.cleaned_data
    try:
        done = acts.review_plan(
            plan=found.shown.id, agrees=typed["verdict"] == AGREE, typed=form.typed(), by=request.actor,
            at=request.at, on=request.on, findings=typed["findings"], seen=typed["seen"],
        )  # fmt: skip
    except Refused as refused:
        refuse(form, refused.objection)
        return _answer(request, found, form, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["seen"] = str(found.shown.revision)
        again = _form(found, list(found.rows), data)
        again.is_valid()
        notice = _overtaken.sentence("finding", overtaken)
        return _answer(request, found, again, status=_overtaken.CONFLICT, notice=notice)
    n = len(done.steps)
    agreed = ngettext("已同意 %(n)s 条。", "已同意 %(n)s 条。", n)
    returned = ngettext("已退回 %(n)s 条。", "已退回 %(n)s 条。", n)
    messages.success(request, (agreed if typed["verdict"] == AGREE else returned) % {"n": n})
    return HttpResponseRedirect(address(found.shown.id), status=SEE_OTHER)


def refuse(form: PlainForm, objection: Objection) -> None:
    """Show a refusal beside its field; that of a row says which finding it concerns."""
    place, _dot, rest = objection.where.partition(".")
    field = rest.partition(".")[2]
    if place != "findings" or not rest:
        form.refuse(objection)
    else:
        form.add_error(field if field in form.fields else None, words.say(objection))


def ticked(form: PlainForm) -> set[str]:
    """The findings that are ticked in a form."""
    return {str(one) for one in form["findings"].value() or ()}


def _answer(
    request: HttpRequest, found: PlanPage, form: ReviewForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    title = gettext("审核方案")
    version = gettext("第 %(version)s 版") % {"version": found.shown.version if found.shown else 0}
    page = {
        "title": title,
        "crumbs": (
            _pages.Link(gettext("方案"), ALL),
            _pages.Link(found.title, address(found.feedback)),
            _pages.Link(version, address(found.shown.id) if found.shown else ""),
            _pages.Link(title),
        ),
        "rows": [_plan_page.row(row) for row in found.rows],
        "ticked": ticked(form),
        "share": _plan_page.share(found),
        "compare_url": _plan_page.compare_url(found),
        "cancel_url": address(found.shown.id) if found.shown else ALL,
        "explain": EXPLAINS,
        "notice": notice,
    }
    return render(request, "plans/review.html", {"page": page, "form": form}, status=status)


@require_safe
def comparison(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """This version with another one, word by word."""
    other = _uuid(request.GET.get("before", ""))
    found = compare(
        before=other or plan_id, after=plan_id, actor=request.actor, finding=_uuid(request.GET.get("finding", ""))
    )
    if found is None:
        raise Unknown("plan", plan_id)
    return render(request, "plans/compare.html", {"page": _comparison(request, found)})


def _comparison(request: HttpRequest, found: PlanComparison) -> dict[str, Any]:
    names = {"before": found.before_version, "after": found.after_version}
    title = gettext("第 %(before)s 版与第 %(after)s 版对照") % names
    n = found.changed
    said = ngettext("有改动的 %(n)s 条", "有改动的 %(n)s 条", n) % {"n": n}
    return {
        "title": title,
        "crumbs": (
            _pages.Link(gettext("方案"), ALL), _pages.Link(gettext("整改方案"), address(found.feedback)),
            _pages.Link(title),
        ),
        "lead": said,
        "before": found.before_version,
        "after": found.after_version,
        "rows": [_plan_page.compared(row, only_changed="all" not in request.GET) for row in found.rows],
        "all_url": "" if "all" in request.GET else f"?{request.GET.urlencode()}&all=1",
    }  # fmt: skip


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


urlpatterns = [
    path("plans/<uuid:plan_id>/review", review, name="plans.review"),
    path("plans/<uuid:plan_id>/compare", comparison, name="plans.compare"),
]
