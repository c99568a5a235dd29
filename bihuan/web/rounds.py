"""Pages of rounds and of the inspections in them: lists, one, a new one, steps, and who works on which."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.actions import rounds as deeds
from bihuan.actions.refusals import Unknown
from bihuan.queries import organizations
from bihuan.queries import rounds as queries
from bihuan.queries.rounds import InspectionPage, InspectionStep, RoundPage
from bihuan.rules.vocabulary import OFFICE_ROLES
from bihuan.web import words
from bihuan.web._acts import form_page, open_only_to
from bihuan.web._inspections import counts_by_state, happened, inspection_line, round_line
from bihuan.web._pages import Column, Empty, Fact, Link
from bihuan.web._round_forms import AssignForm, InspectionForm, ReleaseForm, RoundForm, StepForm

ALL = "/rounds/"
INSPECTIONS = "/inspections/"
FORM = "inspections/form.html"
WITH_DAY = ("enter", "leave")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All rounds; who does not plan them is led to the inspections."""
    found = queries.rounds_for(request.actor)
    if found is None:
        return HttpResponseRedirect(INSPECTIONS)
    heads = (gettext("轮次"), gettext("种类"), gettext("巡察对象"), gettext("起止"))
    new = Link(gettext("新建轮次"), f"{ALL}new", is_primary=True)
    page = {
        "title": pgettext("page", "轮次"),
        "actions": [
            *([new] if found.may_plan else []),
            Link(gettext("全部巡察对象"), INSPECTIONS),
            Link(gettext("届次和覆盖率"), "/terms/"),
        ],
        "url": ALL,
        "query": None,
        "columns": [Column(label, is_number=place == 2) for place, label in enumerate(heads)],
        "rows": [round_line(row) for row in found.rows],
        "total": len(found.rows),
        "empty": Empty(
            gettext("还没有轮次"),
            gettext("请先建立届次，再建立轮次，把要巡察的单位和巡察组编进去。"),
            new.url if found.may_plan else "",
            new.label,
        ),
    }
    return render(request, "rounds/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new round."""
    open_only_to(OFFICE_ROLES, role=request.actor.role)
    choices = queries.round_choices()
    initial = {"term": request.GET.get("term", ""), "year": request.on.year, "profile": choices.profiles[0].value}
    form = RoundForm(request.POST or None, choices=choices, initial=initial)

    def act(typed: dict[str, Any]) -> str:
        term = UUID(typed.pop("term"))
        made = deeds.create_round(term=term, by=request.actor, at=request.at, **typed)
        messages.success(request, gettext("已建立轮次。请把巡察对象编进来。"))
        return f"{ALL}{made}"

    page = {
        "title": gettext("新建轮次"),
        "crumbs": [Link(pgettext("page", "轮次"), ALL)],
        "submit_label": gettext("建立"),
        "cancel_url": ALL,
    }
    if not choices.terms:
        page["lead"] = gettext("还没有届次。请先到“届次”建立本届。")
    return form_page(request, form, page=page, template="rounds/form.html", act=act)


@require_GET
def detail(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One round with its inspections."""
    shown = _round(request, round_id)
    page = {
        "title": shown.name,
        "crumbs": [Link(pgettext("page", "轮次"), ALL)],
        "actions": [Link(gettext("编入巡察对象"), f"{ALL}{shown.id}/inspections/new", is_primary=True)]
        if shown.may_plan
        else [],
        "facts": [
            Fact(gettext("编号"), shown.number),
            Fact(gettext("种类"), words.label(shown.kind_label)),
            Fact(gettext("届次"), shown.term_name, f"/terms/{shown.term}/"),
            Fact(gettext("起止"), f"{shown.starts_on} {gettext('至')} {shown.ends_on}"),
            Fact(gettext("时限和审核配置"), f"{words.label(shown.profile_label)} · {shown.profile_version}"),
        ],
        "inspections": [inspection_line(row) for row in shown.inspections],
        "events": happened(shown.events),
    }
    return render(request, "rounds/detail.html", {"page": page})


@require_http_methods(["GET", "POST"])
def add_inspection(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A unit to be inspected in the round, by a team."""
    shown = _round(request, round_id)
    open_only_to(OFFICE_ROLES, role=request.actor.role)
    form = InspectionForm(request.POST or None, units=organizations.inspectable_units(), teams=organizations.teams())

    def act(typed: dict[str, Any]) -> str:
        made = deeds.add_inspection(
            round_id=round_id, unit=UUID(typed["unit"]), team=UUID(typed["team"]), by=request.actor, at=request.at
        )
        messages.success(request, gettext("已编入。巡察组现有人员已自动安排。"))
        return f"{INSPECTIONS}{made}"

    page = {
        "title": gettext("编入巡察对象"),
        "crumbs": [Link(pgettext("page", "轮次"), ALL), Link(shown.name, f"{ALL}{shown.id}")],
        "submit_label": gettext("编入"),
        "cancel_url": f"{ALL}{shown.id}",
    }
    return form_page(request, form, page=page, template=FORM, act=act)


@require_GET
def inspections(request: HttpRequest) -> HttpResponse:
    """The inspections that the actor may see."""
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.inspections_for(request.actor, state=state, query=query)
    heads = (gettext("巡察对象"), gettext("巡察组"), gettext("状态"), gettext("驻点"), gettext("问题"))
    kept = {"q": query} if query else {}
    page = {
        "title": gettext("巡察对象"),
        "url": INSPECTIONS,
        "query": query,
        "search_label": gettext("搜索单位名称"),
        "counts": counts_by_state(found.counts, url=INSPECTIONS, current=state, **kept),
        "columns": [Column(label, is_number=place == 4) for place, label in enumerate(heads)],
        "rows": [inspection_line(row, with_number=True) for row in found.rows],
        "total": found.total,
        "matched": len(found.rows),
        "empty": Empty(gettext("还没有巡察对象"), gettext("编入轮次并安排到您以后，会列在这里。")),
    }
    return render(request, "inspections/list.html", {"page": page})


@require_GET
def inspection(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """One inspection with its steps, its people, its feedback and the dates that follow from the stay."""
    shown = _inspection(request, inspection_id)
    own = f"{INSPECTIONS}{shown.id}"
    steps, refused = _steps(shown, own)
    page = {
        "title": shown.title,
        "crumbs": list(_crumbs(shown)),
        "state": shown.state,
        "steps": steps,
        "refused": refused,
        "actions": [Link(gettext("安排人员"), f"{own}/assign")] if shown.may_assign else [],
        "facts": list(_facts(shown)),
        "members": [
            {
                "person": member.person,
                "role_label": member.role_label,
                "organization": member.organization,
                "release_url": f"{own}/release/{member.post}" if shown.may_assign else "",
            }
            for member in shown.members
        ],
        "feedbacks": [
            {
                "title": each.title,
                "url": f"/feedback/{each.id}/",
                "audience_label": each.audience_label,
                "state_label": each.state.label,
                "state_shape": each.state.shape,
                "state_tone": each.state.tone,
            }
            for each in shown.feedbacks
        ],
        "counts": counts_by_state(shown.counts, url="/findings/", inspection=str(shown.id)),
        "dues": shown.dues,
        "events": happened(shown.events),
    }
    return render(request, "inspections/detail.html", {"page": page})


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, inspection_id: UUID, code: str) -> HttpResponse:
    """A step of the inspection; one that cannot be taken now leads back to the page that says why."""
    shown = _inspection(request, inspection_id)
    own = f"{INSPECTIONS}{shown.id}"
    offered = next((each for each in shown.steps if each.code == code and each.objection is None), None)
    if offered is None and request.method == "GET":
        return HttpResponseRedirect(own)
    initial = {"seen": shown.revision, "on": request.on}
    form = StepForm(request.POST or None, has_day=code in WITH_DAY, initial=initial)

    def act(typed: dict[str, Any]) -> str:
        day = typed.pop("on", request.on)
        deeds.take_step(shown.id, step=code, by=request.actor, at=request.at, on=day, **typed)
        messages.success(request, gettext("已办理。"))
        return own

    label = words.label(offered.label) if offered else ""
    page = {
        "title": f"{label} · {shown.unit_name}" if label else shown.title,
        "crumbs": [*_crumbs(shown), Link(shown.title, own)],
        "submit_label": label,
        "cancel_url": own,
    }
    return form_page(request, form, page=page, template=FORM, act=act)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Let a post work on the inspection."""
    shown = _inspection(request, inspection_id)
    open_only_to(OFFICE_ROLES, role=request.actor.role)
    form = AssignForm(request.POST or None, posts=queries.posts_to_assign(shown.id, on=request.on))

    def act(typed: dict[str, Any]) -> str:
        post = UUID(typed.pop("post"))
        deeds.assign_post(shown.id, post=post, by=request.actor, at=request.at, **typed)
        messages.success(request, gettext("已安排。"))
        return f"{INSPECTIONS}{shown.id}"

    return form_page(request, form, page=_people_page(shown, gettext("安排人员")), template=FORM, act=act)


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, inspection_id: UUID, post: UUID) -> HttpResponse:
    """Take a post off the inspection."""
    shown = _inspection(request, inspection_id)
    open_only_to(OFFICE_ROLES, role=request.actor.role)
    form = ReleaseForm(request.POST or None)
    person = next((member.person for member in shown.members if member.post == post), "")
    if not person:
        raise Unknown("assignment", post)

    def act(typed: dict[str, Any]) -> str:
        deeds.unassign_post(shown.id, post=post, by=request.actor, at=request.at, reason=typed["reason"])
        messages.success(request, gettext("已移出，此人从此看不到本次巡察的内容。"))
        return f"{INSPECTIONS}{shown.id}"

    page = _people_page(shown, gettext("移出 %(person)s") % {"person": person})
    return form_page(request, form, page=page, template=FORM, act=act)


def _people_page(shown: InspectionPage, title: str) -> dict[str, Any]:
    own = f"{INSPECTIONS}{shown.id}"
    return {
        "title": title,
        "crumbs": [*_crumbs(shown), Link(shown.title, own)],
        "submit_label": gettext("确定"),
        "cancel_url": own,
    }


def _round(request: HttpRequest, round_id: UUID) -> RoundPage:
    shown = queries.round_page(round_id, by=request.actor)
    if shown is None:
        raise Unknown("round", round_id)
    return shown


def _inspection(request: HttpRequest, inspection_id: UUID) -> InspectionPage:
    shown = queries.inspection_page(inspection_id, by=request.actor)
    if shown is None:
        raise Unknown("inspection", inspection_id)
    return shown


def _crumbs(shown: InspectionPage) -> Iterable[Link]:
    if shown.round is None:
        yield Link(gettext("巡察对象"), INSPECTIONS)
    else:
        yield Link(pgettext("page", "轮次"), ALL)
        yield Link(shown.round_name, f"{ALL}{shown.round}")


def _steps(shown: InspectionPage, own: str) -> tuple[list[Link], list[dict[str, str]]]:
    permitted = [each for each in shown.steps if each.objection is None]
    links = [
        Link(each.label, f"{own}/steps/{each.code}", is_primary=place == 0) for place, each in enumerate(permitted)
    ]
    return links, [_refused(each) for each in shown.steps if each.objection is not None]


def _refused(each: InspectionStep) -> dict[str, str]:
    return {"label": each.label, "reason": words.say(each.objection) if each.objection else ""}


def _facts(shown: InspectionPage) -> Iterable[Fact]:
    yield Fact(gettext("单位"), shown.unit_name, f"/organizations/{shown.unit}/")
    yield Fact(gettext("巡察组"), shown.team_name, f"/organizations/{shown.team}/")
    yield Fact(gettext("轮次"), shown.number, f"{ALL}{shown.round}" if shown.round else "")
    if shown.kind_label:
        yield Fact(gettext("种类"), words.label(shown.kind_label))
    yield Fact(gettext("进驻"), shown.arrives_on.isoformat() if shown.arrives_on else "")
    yield Fact(gettext("撤点"), shown.leaves_on.isoformat() if shown.leaves_on else "")


urlpatterns: list[URLPattern] = [
    path("rounds/", index, name="rounds.index"),
    path("rounds/new", create, name="rounds.create"),
    path("rounds/<uuid:round_id>", detail, name="rounds.detail"),
    path("rounds/<uuid:round_id>/inspections/new", add_inspection, name="rounds.add_inspection"),
    path("inspections/", inspections, name="inspections.index"),
    path("inspections/<uuid:inspection_id>", inspection, name="inspections.detail"),
    path("inspections/<uuid:inspection_id>/steps/<slug:code>", step, name="inspections.step"),
    path("inspections/<uuid:inspection_id>/assign", assign, name="inspections.assign"),
    path("inspections/<uuid:inspection_id>/release/<uuid:post>", release, name="inspections.release"),
]
