"""The reading bench: drafts confirmed, dropped, added by hand; then approval, giving and the receipt signatures."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.actions import feedback as acts
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries import feedback as queries
from bihuan.queries.feedback import FeedbackPage
from bihuan.rules.lifecycle import FEEDBACK
from bihuan.rules.needs import Objection
from bihuan.rules.vocabulary import N_
from bihuan.web import _bench, _overtaken, _pages, words
from bihuan.web._bench import ALL, Kept, address
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


@require_safe
def bench(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """The document with what was read of it."""
    return _bench_answer(request, feedback_id)


def _bench_answer(
    request: HttpRequest, feedback_id: UUID, *, status: int = 200, kept: Kept | None = None, notice: str = ""
) -> HttpResponse:
    page = _bench.bench_context(_found(request, feedback_id), kept=kept or Kept(), notice=notice)
    return render(request, "feedback/detail.html", {"page": page}, status=status)


def _found(request: HttpRequest, feedback_id: UUID) -> FeedbackPage:
    found = queries.feedback_page(feedback_id, actor=request.actor)
    if found is None:
        raise Unknown("feedback", feedback_id)
    return found


def _on_bench(
    request: HttpRequest, feedback_id: UUID, deed: Callable[[], Any], *, draft: UUID | None = None, text: str = ""
) -> HttpResponse:
    """Do one deed and come back to the bench; a refusal shows there with what was typed."""
    try:
        # What is refused half-way must not show on the page that says so.
        with transaction.atomic():
            deed()
    except Refused as refused:
        said = words.say(refused.objection)
        is_of_text = refused.objection.where == "text"
        kept = Kept(draft, text, said if is_of_text else "")
        notice = "" if is_of_text else said
        return _bench_answer(request, feedback_id, status=UNPROCESSABLE, kept=kept, notice=notice)
    except Overtaken as overtaken:
        notice = _overtaken.sentence("draft", overtaken)
        kept = Kept(draft, text)
        return _bench_answer(request, feedback_id, status=_overtaken.CONFLICT, kept=kept, notice=notice)
    return HttpResponseRedirect(address(feedback_id) + (f"#draft-{draft}" if draft else ""), status=SEE_OTHER)


@require_POST
def confirm(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A draft becomes a finding, with its text as it stands in the form."""
    text = _typed(request)
    return _on_bench(
        request,
        feedback_id,
        lambda: acts.confirm_draft(
            draft=draft_id,
            text=text if "text" in request.POST else None,
            by=request.actor,
            at=request.at,
            seen=_number(request.POST.get("seen")),
        ),
        draft=draft_id,
        text=text,
    )


@require_POST
def drop(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A draft is no finding."""
    reason, seen = request.POST.get("reason", "").replace("\0", ""), _number(request.POST.get("seen"))
    return _on_bench(
        request,
        feedback_id,
        lambda: acts.drop_draft(draft=draft_id, reason=reason, by=request.actor, at=request.at, seen=seen),
        draft=draft_id,
    )


@require_POST
def confirm_all(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Every draft that the page showed becomes a finding, or none does."""
    shown = [_draft_and_revision(value) for value in request.POST.getlist("draft")]

    def deed() -> None:
        for draft, seen in shown:
            acts.confirm_draft(draft=draft, text=None, by=request.actor, at=request.at, seen=seen)

    return _on_bench(request, feedback_id, deed)


@require_POST
def add(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """A finding that was not read, typed by hand."""
    text = _typed(request)
    return _on_bench(
        request,
        feedback_id,
        lambda: acts.add_draft_by_hand(feedback=feedback_id, text=text, by=request.actor, at=request.at),
        text=text,
    )


def _typed(request: HttpRequest) -> str:
    """Browsers send a line break as two characters; the document has one."""
    return request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else None


def _draft_and_revision(value: str) -> tuple[UUID, int | None]:
    draft, _colon, seen = value.partition(":")
    try:
        return UUID(draft), _number(seen)
    except ValueError as malformed:
        raise Unknown("draft", value) from malformed


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, feedback_id: UUID, code: str) -> HttpResponse:
    """Approve, give or sign: the form is the confirmation."""
    found = _found(request, feedback_id)
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
    now = _found(request, found.id)
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
        "state": _pages.Look(found.state.label, found.state.shape, found.state.tone),
        "cancel_url": address(found.id),
        "explain": EXPLAINS[code],
        "notice": notice,
        "facts": _bench.facts(found),
        "receipts": _bench.receipts(found.signatures) if code == "sign" else (),
        "lines": [(row.number, row.text, f"/findings/{row.finding}/") for row in found.drafts if row.finding],
    }
    return render(request, "feedback/step.html", {"page": page, "form": form}, status=status)


urlpatterns = [
    path("feedback/<uuid:feedback_id>/", bench, name="feedback.detail"),
    *(
        path(f"feedback/<uuid:feedback_id>/{one.code}", step, {"code": one.code}, name=f"feedback.{one.code}")
        for one in FEEDBACK.steps
    ),
    path("feedback/<uuid:feedback_id>/confirm-all", confirm_all, name="feedback.confirm_all"),
    path("feedback/<uuid:feedback_id>/drafts/add", add, name="drafts.add"),
    path("feedback/<uuid:feedback_id>/drafts/<uuid:draft_id>/confirm", confirm, name="drafts.confirm"),
    path("feedback/<uuid:feedback_id>/drafts/<uuid:draft_id>/drop", drop, name="drafts.drop"),
]
