"""A later document laid beside a plan's ledger: sent, shown in pairs, parted and paired by hand, taken over in parts.

The pairs that a person makes are part of the address; nothing of them is stored.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bihuan.actions import _matching as acts
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.queries.feedback import read_at_once
from bihuan.queries.plans.matching import ByHand, Matching, MatchingStart, matching, matching_start
from bihuan.queries.plans.said import ReadNoLonger
from bihuan.rules.objections import not_yours
from bihuan.rules.plan_matching import LABELS, OPEN
from bihuan.rules.vocabulary import UNIT_ROLES
from bihuan.web import _matching_page, _overtaken, words
from bihuan.web._forms import TOO_LARGE, PlainForm, within_limit

SEE_OTHER, UNPROCESSABLE, TOO_LARGE_STATUS, WRONG_TYPE = 303, 422, 413, 415
PARTS_OF_CHOICE = 3
# A count that no document has: longer digits are no place in it.
MOST_DIGITS = 5


class DocumentForm(PlainForm):
    """The document to lay beside the ledger."""

    file = forms.FileField(label=_("文件"), allow_empty_file=True)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["file"].error_messages["required"] = _("请选择文件。")
        self.fields["file"].widget.attrs["accept"] = ",".join(read_at_once())

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is over the limit before its content is read."""
        return within_limit(self.cleaned_data["file"])


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Lay a document beside the ledger, or go on with one that was."""
    found = matching_start(feedback_id, actor=request.actor)
    if found is None:
        raise Unknown("feedback", feedback_id)
    if request.method != "POST":
        return _start_answer(request, found, DocumentForm())
    return _lay(request, found, DocumentForm(request.POST, request.FILES))


def _lay(request: HttpRequest, found: MatchingStart, form: DocumentForm) -> HttpResponse:
    if not form.is_valid():
        status = TOO_LARGE_STATUS if form.has_error("file", TOO_LARGE) else UNPROCESSABLE
        return _start_answer(request, found, form, status=status)
    file = form.cleaned_data["file"]
    try:
        upload = acts.lay_beside(
            feedback=found.feedback, name=file.name, content=file.read(), by=request.actor, at=request.at
        )
    except Refused as refused:
        form.refuse(refused.objection)
        return _start_answer(request, found, form, status=UNPROCESSABLE)
    except Unreadable as fault:
        form.add_error("file", fault.said(words.label))
        return _start_answer(request, found, form, status=TOO_LARGE_STATUS if fault.code == TOO_LARGE else WRONG_TYPE)
    return HttpResponseRedirect(_matching_page.address(found.feedback, upload), status=SEE_OTHER)


def _start_answer(
    request: HttpRequest, found: MatchingStart, form: DocumentForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    title = gettext("与台账对照")
    page = {
        "title": title,
        "crumbs": _matching_page.crumbs(found.feedback, title),
        "submit_label": gettext("上传并对照"),
        "cancel_url": _matching_page.start_url(found.feedback).removesuffix("matching/"),
        "refusal": refusal,
        "plan_title": found.title,
        "may_lay": found.may_lay,
        "kinds": read_at_once(),
        "max_size": settings.MAX_UPLOAD,
        "before": [
            (one.name, _matching_page.address(found.feedback, one.id), one.at, one.person) for one in found.before
        ],
    }
    return render(request, "plans/matching_start.html", {"page": page, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, feedback_id: UUID, document_id: UUID) -> HttpResponse:
    """A document beside the ledger; posted: what is taken over from it."""
    by_hand = _by_hand(request.GET)
    try:
        found = _known(request, feedback_id, document_id, by_hand)
    except ReadNoLonger as fault:
        return _read_no_longer(request, feedback_id, fault)
    if request.method == "POST":
        if request.actor.role not in UNIT_ROLES:
            raise NotYours(not_yours(("unit",)))
        return _accept(request, found, by_hand)
    return _answer(request, found, by_hand, ticked=_every(found) if "all" in request.GET else ())


def _known(request: HttpRequest, feedback_id: UUID, document_id: UUID, by_hand: ByHand) -> Matching:
    found = matching(feedback_id, document=document_id, actor=request.actor, on=request.on, by_hand=by_hand)
    if found is None:
        raise Unknown("upload", document_id)
    return found


def _read_no_longer(request: HttpRequest, feedback_id: UUID, fault: ReadNoLonger) -> HttpResponse:
    """Why, where another document can be laid and the others that were stand."""
    found = matching_start(feedback_id, actor=request.actor)
    if found is None:
        raise Unknown("feedback", feedback_id) from fault
    said = Unreadable(fault.code, fault.reason, file=fault.name).said(words.label)
    return _start_answer(request, found, DocumentForm(), refusal=said, status=WRONG_TYPE)


def _by_hand(asked: QueryDict) -> ByHand:
    """The pairs that the address says; what it does not say sensibly is left out."""
    apart = {int(item) for item in asked.getlist("apart") if _is_place(item)}
    joined = {}
    for one in asked.getlist("pair"):
        item, _colon, row = one.partition(":")
        if _is_place(item) and (finding := _id(row)):
            joined[int(item)] = finding
    if _is_place(asked.get("item", "")) and (finding := _id(asked.get("finding", ""))):
        joined[int(asked["item"])] = finding
    return ByHand(apart - set(joined), _one_each(joined))


def _one_each(joined: dict[int, UUID]) -> dict[int, UUID]:
    """The last word counts where two items were given the same finding."""
    return {item: row for row, item in {row: item for item, row in joined.items()}.items()}


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS and int(text) > 0


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _every(found: Matching) -> list[str]:
    return [_matching_page.value_of(pair, part) for pair in found.pairs for part in pair.parts if part.standing == OPEN]


def _accept(request: HttpRequest, found: Matching, by_hand: ByHand) -> HttpResponse:
    ticked = request.POST.getlist("take")
    try:
        # What is refused half-way must not show on the page that says so.
        with transaction.atomic():
            done = acts.accept(
                _accepted(request.POST, ticked), feedback=found.feedback, document=found.document.id, by=request.actor,
                at=request.at, on=request.on,
            )  # fmt: skip
    except Refused as refused:
        notice = words.say(refused.objection)
        return _answer(request, found, by_hand, ticked=ticked, notice=notice, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        now = _known(request, found.feedback, found.document.id, by_hand)
        notice = _overtaken.sentence("finding", overtaken)
        return _answer(request, now, by_hand, ticked=ticked, notice=notice, status=_overtaken.CONFLICT)
    said = ngettext("已采纳 %(n)s 条问题的内容。", "已采纳 %(n)s 条问题的内容。", done)
    messages.success(request, said % {"n": done})
    url = _matching_page.context(found, by_hand, ticked=(), notice="")["url"]
    return HttpResponseRedirect(url, status=SEE_OTHER)


def _accepted(posted: QueryDict, ticked: list[str]) -> list[acts.Accepted]:
    """The ticked parts of each pair, all of them or those of the one whose button was pressed."""
    chosen: dict[tuple[UUID, int], list[str]] = {}
    only = posted.get("only", "")
    for one in ticked:
        item, finding, part = (*one.split(":"), "", "")[:PARTS_OF_CHOICE]
        key = _id(finding)
        if key and _is_place(item) and part in LABELS and only in ("", item):
            chosen.setdefault((key, int(item)), []).append(part)
    return [
        acts.Accepted(finding, item, tuple(parts), *_seen(posted.get(f"seen-{finding}", "")))
        for (finding, item), parts in chosen.items()
    ]


def _seen(text: str) -> tuple[int, int]:
    """The revisions of row and finding; what was not sent was never seen."""
    row, _colon, finding = text.partition(":")
    return (
        int(row) if row.isascii() and row.isdecimal() and len(row) < MOST_DIGITS else -1,
        int(finding) if finding.isascii() and finding.isdecimal() and len(finding) < MOST_DIGITS else -1,
    )


def _answer(
    request: HttpRequest, found: Matching, by_hand: ByHand, *, ticked: list[str] | tuple[str, ...] = (),
    notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = _matching_page.context(found, by_hand, ticked=ticked, notice=notice)
    return render(request, "plans/matching.html", {"page": page}, status=status)


urlpatterns = [
    path("plans/<uuid:feedback_id>/matching/", start, name="plans.matching_start"),
    path("plans/<uuid:feedback_id>/matching/<uuid:document_id>", detail, name="plans.matching"),
]
