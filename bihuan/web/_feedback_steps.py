"""Approving, giving and signing for a feedback, each on a page of its own: the form is the confirmation."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bihuan.actions import feedback as acts
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries import feedback as queries
from bihuan.queries.feedback import FeedbackPage
from bihuan.rules.lifecycle import FEEDBACK
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_
from bihuan.web import _bench, _overtaken, _pages, words
from bihuan.web._bench import ALL, address
from bihuan.web._forms import DayInput, PlainForm

SEE_OTHER, UNPROCESSABLE = 303, 422
EXPLAINS = {
    "approve": (N_("审批以后，不能再增减或改动问题。"),),
    "give": (N_("反馈以后，由单位主要负责人、巡察组组长、巡察办主任三方签收。"),),
    "sign": (N_("三方都签收以后，问题送达单位，开始计算整改时限。"), N_("请本人签收，签收以后不能撤回。")),
}


class SeenForm(PlainForm):
    """The revision that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class SignForm(SeenForm):
    """A receipt signature."""

    signed_on = forms.DateField(label=_("签收日期"), widget=DayInput())


def found_or_unknown(
    request: HttpRequest, feedback_id: UUID, *, with_choices: bool = False, with_hints: bool = False,
    with_paper: bool = False,
) -> FeedbackPage:  # fmt: skip
    """The feedback as the actor may see it. Raises Unknown."""
    found = queries.feedback_page(
        feedback_id, actor=request.actor, with_choices=with_choices, with_hints=with_hints, with_paper=with_paper
    )
    if found is None:
        raise Unknown("feedback", feedback_id)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, feedback_id: UUID, code: str) -> HttpResponse:
    """Approve, give or sign: the form is the confirmation."""
    found = found_or_unknown(request, feedback_id)
    objection = _objection(found, code)
    if objection and objection.code == "not_yours":
        raise NotYours(objection)
    kind = SignForm if code == "sign" else SeenForm
    if request.method == "POST":
        return _take(request, found, code, kind(request.POST))
    if objection:
        raise Refused(objection)
    form = kind(initial={"seen": found.revision, "signed_on": request.on})
    return _step_answer(request, found, code, form)


def _objection(found: FeedbackPage, code: str) -> Objection | None:
    if code in {step.code for step in found.steps}:
        return _bench.objection_to(found, code)
    return Objection(
        "wrong_state",
        N_("现在是“%(state)s”，不能办理“%(step)s”。"),
        values={"state": found.state.label, "step": FEEDBACK.step(code).label},
    )


def _take(request: HttpRequest, found: FeedbackPage, code: str, form: SeenForm) -> HttpResponse:
    if not form.is_valid():
        return _step_answer(request, found, code, form, status=UNPROCESSABLE)
    try:
        _act(request, found.id, code, form.cleaned_data)
    except Refused as refused:
        form.refuse(refused.objection)
        return _step_answer(request, found, code, form, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        return _again(request, found, code, overtaken)
    said = gettext("已办理“%(step)s”。") % {"step": words.label(FEEDBACK.step(code).label)}
    messages.success(request, said)
    return HttpResponseRedirect(address(found.id), status=SEE_OTHER)


def _act(request: HttpRequest, feedback_id: UUID, code: str, typed: dict[str, Any]) -> None:
    deed = {"approve": acts.approve, "give": acts.give, "sign": acts.sign}[code]
    more = {"signed_on": typed["signed_on"], "on": request.on} if code == "sign" else {}
    deed(feedback=feedback_id, by=request.actor, at=request.at, seen=typed["seen"], **more)


def _again(request: HttpRequest, found: FeedbackPage, code: str, overtaken: Overtaken) -> HttpResponse:
    """Somebody was faster: the present state, who and when, and the form as it was filled in."""
    now = found_or_unknown(request, found.id)
    data = request.POST.copy()
    data["seen"] = str(now.revision)
    form = (SignForm if code == "sign" else SeenForm)(data)
    notice = _overtaken.sentence("feedback", overtaken)
    return _step_answer(request, now, code, form, status=_overtaken.CONFLICT, notice=notice)


def _step_answer(
    request: HttpRequest, found: FeedbackPage, code: str, form: SeenForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    label = FEEDBACK.step(code).label
    page = {
        "title": found.title,
        "step_label": label,
        "crumbs": (_pages.Link(gettext("反馈"), ALL), _pages.Link(found.title, address(found.id)), _pages.Link(label)),
        "state": _pages.look(found.state),
        "cancel_url": address(found.id),
        "explain": EXPLAINS[code],
        "notice": notice,
        "facts": _bench.facts(found),
        "receipts": _bench.receipts(found.signatures) if code == "sign" else (),
        "lines": [(row.number, row.text, f"/findings/{row.finding}/") for row in found.drafts if row.finding],
    }
    return render(request, "feedback/step.html", {"page": page, "form": form}, status=status)


urlpatterns = [
    path(f"feedback/<uuid:feedback_id>/{one.code}", step, {"code": one.code}, name=f"feedback.{one.code}")
    for one in FEEDBACK.steps
]
