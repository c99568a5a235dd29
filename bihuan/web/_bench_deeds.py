"""The reading bench: drafts corrected, split, joined, dropped, confirmed, added by hand; one of them open at a time.

Approval, giving and the receipt signatures are in _feedback_steps.py.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.actions import drafts as acts
from bihuan.actions.refusals import Overtaken, Refused, Unknown
from bihuan.queries.feedback import FeedbackPage
from bihuan.rules.typed import Objection
from bihuan.web import _bench, _overtaken, words
from bihuan.web._bench import BULK, DEEDS, DROP, EDIT, JOIN, KIND, SPLIT, Opened, address
from bihuan.web._draft_forms import DraftForm, plain
from bihuan.web._feedback_steps import SEE_OTHER, UNPROCESSABLE, found_or_unknown

ADD_PART = "add_part"
MOST_BOXES = 50


@require_safe
def bench(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """The document with what was read of it; the address says which draft is open, and for which deed."""
    deed = request.GET.get("deed", "")
    draft = _id(request.GET.get("draft", ""))
    category = request.GET.get("category", "")
    opened = Opened(draft, deed, category=category) if draft and deed in DEEDS else Opened()
    if deed == BULK:
        opened = Opened(deed=BULK, picked=tuple(request.GET.getlist("pick")))
    return bench_answer(request, feedback_id, opened=opened, lit=_id(request.GET.get("lit", "")))


def bench_answer(
    request: HttpRequest, feedback_id: UUID, *, status: int = 200, opened: Opened | None = None, notice: str = "",
    lit: UUID | None = None,
) -> HttpResponse:  # fmt: skip
    """The bench as it now stands; `lit`: the draft that the eye is led to."""
    opened = opened or Opened()
    needs_choices = opened.deed == BULK or (opened.deed == EDIT and opened.form is None)
    found = found_or_unknown(request, feedback_id, with_choices=needs_choices, with_hints=True, with_paper=True)
    page = _bench.bench_context(found, opened=opened, notice=notice, lit=lit)
    if opened.deed == BULK and page["bulk"] is None and not notice:
        page["notice"] = gettext("请先选中要定分类的草稿：用每条前面的方框，或按 X。")
    return render(request, "feedback/detail.html", {"page": page}, status=status)


def on_bench(
    request: HttpRequest, feedback_id: UUID, deed: Callable[[], Any], *, opened: Opened | None = None
) -> HttpResponse:
    """Do one deed and come back to the bench; a refusal shows there with what was typed."""
    opened = opened or Opened()
    try:
        # What is refused half-way must not show on the page that says so.
        with transaction.atomic():
            deed()
    except Refused as refused:
        shown, notice = _refused(opened, refused.objection)
        return bench_answer(request, feedback_id, status=UNPROCESSABLE, opened=shown, notice=notice)
    except Overtaken as overtaken:
        notice = _overtaken.sentence("draft", overtaken)
        if opened.form is not None:
            opened = replace(opened, form=_with_seen_now(request, feedback_id, opened))
        return bench_answer(request, feedback_id, status=_overtaken.CONFLICT, opened=opened, notice=notice)
    here = f"#draft-{opened.draft}" if opened.draft else ""
    return HttpResponseRedirect(address(feedback_id) + here, status=SEE_OTHER)


def _refused(opened: Opened, objection: Objection) -> tuple[Opened, str]:
    """Beside its field where that is on the page, above the bench otherwise."""
    said = words.say(objection)
    if opened.form is not None and objection.where in opened.form.fields:
        opened.form.refuse(objection)
        return opened, ""
    of_this = {SPLIT: ("texts",), JOIN: ("other",), DROP: ("reason",), KIND: ("kind", "reason"), "": ("text",)}
    of_this[BULK] = ("category",)
    if objection.where in of_this.get(opened.deed, ()):
        return replace(opened, error=said), ""
    return opened, said


def _with_seen_now(request: HttpRequest, feedback_id: UUID, opened: Opened) -> DraftForm | None:
    """The form as it was filled in, to be sent again over what now stands."""
    found = found_or_unknown(request, feedback_id, with_choices=True)
    row = next((row for row in found.drafts if row.id == opened.draft), None)
    if row is None or found.choices is None:
        return None
    typed = request.POST.copy()
    typed["seen"] = str(row.revision)
    return DraftForm(typed, choices=found.choices)


@require_POST
def correct(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """Keep what was typed of a draft; the second button confirms it in the same act."""
    form = _form(request, feedback_id)
    if form is not None and not form.is_valid():
        opened = Opened(draft_id, EDIT, form)
        return bench_answer(request, feedback_id, status=UNPROCESSABLE, opened=opened)
    deed = acts.confirm_draft if request.POST.get("then") == "confirm" else acts.correct_draft
    given = {"draft": draft_id, "by": request.actor, "at": request.at, "seen": number_of(request.POST.get("seen"))}
    if form is not None:
        given |= {"text": form.cleaned_data["text"], "description": form.description()}
    opened = Opened(draft_id, EDIT, form, text=plain(request.POST.get("text", "")))
    return on_bench(request, feedback_id, lambda: deed(**given), opened=opened)


def _form(request: HttpRequest, feedback_id: UUID) -> DraftForm | None:
    """What was typed; None where nothing can be chosen any more, and the act itself says why."""
    found: FeedbackPage = found_or_unknown(request, feedback_id, with_choices=True)
    return DraftForm(request.POST, choices=found.choices) if found.choices else None


@require_POST
def confirm(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A draft becomes a finding as it stands."""
    seen = number_of(request.POST.get("seen"))
    return on_bench(
        request,
        feedback_id,
        lambda: acts.confirm_draft(draft=draft_id, by=request.actor, at=request.at, seen=seen),
        opened=Opened(draft_id),
    )


@require_POST
def split(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A draft becomes several; the other button only adds a box."""
    boxes = tuple(plain(text) for text in request.POST.getlist("texts"))[:MOST_BOXES]
    if request.POST.get("then") == ADD_PART:
        return bench_answer(request, feedback_id, opened=Opened(draft_id, SPLIT, texts=(*boxes, "")))
    texts, seen = [text for text in boxes if text.strip()], number_of(request.POST.get("seen"))
    return on_bench(
        request,
        feedback_id,
        lambda: acts.split_draft(draft=draft_id, texts=texts, by=request.actor, at=request.at, seen=seen),
        opened=Opened(draft_id, SPLIT, texts=boxes),
    )


@require_POST
def join(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """Another draft goes into this one."""
    chosen, seen = request.POST.get("other", ""), number_of(request.POST.get("seen"))
    other, seen_other = draft_and_revision(chosen) if chosen else (None, None)
    return on_bench(
        request,
        feedback_id,
        lambda: acts.join_draft(
            draft=draft_id, other=other, by=request.actor, at=request.at, seen=seen, seen_other=seen_other
        ),
        opened=Opened(draft_id, JOIN, other=chosen),
    )


@require_POST
def drop(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A draft is no finding, for a reason, or because it is something else."""
    reason, seen = plain(request.POST.get("reason", "")), number_of(request.POST.get("seen"))
    sheet = KIND if request.POST.get("sheet") == KIND else DROP
    kind = request.POST.get("kind", "")
    return on_bench(
        request,
        feedback_id,
        lambda: acts.drop_draft(draft=draft_id, reason=reason, kind=kind, by=request.actor, at=request.at, seen=seen),
        opened=Opened(draft_id, sheet, text=reason),
    )


@require_POST
def confirm_all(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Every draft that the page showed as ready becomes a finding, or none does."""
    shown = [draft_and_revision(value) for value in request.POST.getlist("draft")]
    return on_bench(request, feedback_id, lambda: acts.confirm_drafts(drafts=shown, by=request.actor, at=request.at))


@require_POST
def add(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """A finding that was not read, typed by hand."""
    text = plain(request.POST.get("text", ""))
    return on_bench(
        request,
        feedback_id,
        lambda: acts.add_draft_by_hand(feedback=feedback_id, text=text, by=request.actor, at=request.at),
        opened=Opened(text=text),
    )


def number_of(typed: str | None) -> int | None:
    """The revision that was sent; None for what is no number."""
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else None


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def draft_and_revision(value: str) -> tuple[UUID, int | None]:
    """A draft with the revision that the page showed. Raises Unknown."""
    draft, _colon, seen = value.partition(":")
    found = _id(draft)
    if found is None:
        raise Unknown("draft", value)
    return found, number_of(seen)


ON_A_DRAFT = "feedback/<uuid:feedback_id>/drafts/<uuid:draft_id>/"
urlpatterns = [
    path("feedback/<uuid:feedback_id>/", bench, name="feedback.detail"),
    path("feedback/<uuid:feedback_id>/confirm-all", confirm_all, name="feedback.confirm_all"),
    path("feedback/<uuid:feedback_id>/drafts/add", add, name="drafts.add"),
    path(f"{ON_A_DRAFT}correct", correct, name="drafts.correct"),
    path(f"{ON_A_DRAFT}confirm", confirm, name="drafts.confirm"),
    path(f"{ON_A_DRAFT}split", split, name="drafts.split"),
    path(f"{ON_A_DRAFT}join", join, name="drafts.join"),
    path(f"{ON_A_DRAFT}drop", drop, name="drafts.drop"),
]
