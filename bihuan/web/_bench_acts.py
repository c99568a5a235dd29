"""Deeds of the bench beside those on one draft: one taken back, one category for many, repairs, a new reading."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bihuan.actions import bench as acts
from bihuan.web._bench import BULK, Opened, address
from bihuan.web._bench_deeds import ON_A_DRAFT, draft_and_revision, number_of, on_bench
from bihuan.web._feedback_steps import SEE_OTHER


@require_POST
def undo(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """The last deed of this person goes back; the eye is led to its draft."""
    done: list[acts.Undone] = []

    def deed() -> None:
        done.append(acts.undo_last(feedback=feedback_id, by=request.actor, at=request.at))

    answer = on_bench(request, feedback_id, deed)
    if not done or answer.status_code != SEE_OTHER:
        return answer
    draft = done[0].drafts[0]
    return HttpResponseRedirect(f"{address(feedback_id)}?lit={draft}#draft-{draft}", status=SEE_OTHER)


@require_POST
def categorize(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """One category for every draft that was chosen, or for none."""
    picked, category = tuple(request.POST.getlist("draft")), request.POST.get("category", "")
    chosen = [draft_and_revision(value) for value in picked]
    return on_bench(
        request,
        feedback_id,
        lambda: acts.categorize_drafts(
            feedback=feedback_id, drafts=chosen, category=category, by=request.actor, at=request.at
        ),
        opened=Opened(deed=BULK, picked=picked, category=category),
    )


@require_POST
def repair(request: HttpRequest, feedback_id: UUID, draft_id: UUID) -> HttpResponse:
    """A proposal is accepted, or the words are left as they are."""
    given: dict[str, Any] = {"span": _place(request.POST.get("place", "")), "after": request.POST.get("after", "")}
    given |= {"accept": request.POST.get("then") == "accept", "seen": number_of(request.POST.get("seen"))}
    return on_bench(
        request,
        feedback_id,
        lambda: acts.decide_repair(draft=draft_id, **given, by=request.actor, at=request.at),
        opened=Opened(draft_id),
    )


def _place(typed: str) -> tuple[int, int]:
    """Where the proposal stands; what is none leads to no proposal."""
    start, _dash, end = typed.partition("-")
    return number_of(start) or 0, number_of(end) or 0


@require_POST
def read_again(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """The document is read as a feedback, whatever it was taken for; what was decided stays."""
    found: list[int] = []

    def deed() -> None:
        found.append(acts.read_again(feedback=feedback_id, by=request.actor, at=request.at))

    answer = on_bench(request, feedback_id, deed)
    if found and answer.status_code == SEE_OTHER:
        said = ngettext("又读出 %(n)s 条，请逐条认定。", "又读出 %(n)s 条，请逐条认定。", found[0]) % {"n": found[0]}
        messages.success(request, said)
    return answer


urlpatterns = [
    path("feedback/<uuid:feedback_id>/undo", undo, name="feedback.undo"),
    path("feedback/<uuid:feedback_id>/categorize", categorize, name="feedback.categorize"),
    path("feedback/<uuid:feedback_id>/read-again", read_again, name="feedback.read_again"),
    path(f"{ON_A_DRAFT}repair", repair, name="drafts.repair"),
]
