"""Plans: the list, a plan as its three lists, one row to fill in, handing in; review and comparison are beside."""

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import plans as acts
from bihuan.actions.ledger import record_lists
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries.findings.columns import Speech
from bihuan.queries.plans import sheets
from bihuan.queries.plans.filling import RowPage, row_page
from bihuan.queries.plans.lists import plans_for
from bihuan.queries.plans.page import PlanPage, plan_page
from bihuan.rules.vocabulary import N_
from bihuan.web import _overtaken, _pages, _plan_matching, _plan_page, _plan_review, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._plan_forms import RowSheet, SubmitForm
from bihuan.web._plan_page import ALL, address

SPEECH = Speech(words.label, words.either)
SEE_OTHER, UNPROCESSABLE = 303, 422
COLUMNS = (
    (N_("反馈意见"), False),
    (N_("被巡察单位"), False),
    (N_("版本"), False),
    (N_("状态"), False),
    (N_("报送期限"), False),
    (N_("问题"), True),
    (N_("待报"), True),
    (N_("待审"), True),
    (N_("退回"), True),
    (N_("已批准"), True),
)
EXPLAINS = (
    N_("每条写明原因、可以衡量的目标、牵头领导和措施；每条措施写明谁负责、何时完成、交什么。"),
    N_("没写完也可以保存，报送时再补齐。起草中的内容只有本单位看得到。"),
    N_("报送以后不能再改，退回后可以重报，每一版都留存。"),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every plan that the actor may see."""
    found = plans_for(request.actor, on=request.on)
    page = {
        "title": gettext("方案"),
        "url": ALL,
        "columns": [_pages.Column(label, is_number=is_number) for label, is_number in COLUMNS],
        "rows": [_plan_page.line(row, request.on) for row in found.rows],
        "total": found.total,
        "matched": found.total,
        "pager": _pages.Pager(1, 1, "", ""),
        "empty": _pages.Empty(
            gettext("还没有整改方案"),
            gettext("反馈意见三方签收以后，单位按反馈意见报送方案，这里列出每一份。"),
            "/feedback/",
            gettext("看反馈意见"),
        ),
    }
    return render(request, "plans/list.html", {"page": page})


@require_safe
def detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """A plan as it stands now, or one version of it: problems, tasks, responsibilities."""
    return render(request, "plans/detail.html", {"page": _plan_page.plan_context(_known(request, key))})


def _known(request: HttpRequest, key: UUID) -> PlanPage:
    found = plan_page(key, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("plan", key)
    return found


@require_safe
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same rows as a workbook to print: the three lists and the common table; taking them out is on the record."""
    found = _known(request, key)
    book = BytesIO()
    sheets.write_plan(book, page=found, actor=request.actor, at=request.at, say=SPEECH)
    record_lists(plan=key, n=len(found.rows), by=request.actor, at=request.at)
    name = sheets.file_name(found, on=request.on, say=SPEECH)
    return file_answer(book.getvalue(), name=name, media_type=SHEET)


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """One row to fill in; saved as it is, complete or not."""
    found = _row(request, finding_id)
    if found.objection and found.objection.code == "not_yours":
        raise NotYours(found.objection)
    if request.method == "POST" and "add" in request.POST:
        return _row_answer(request, RowSheet(found, data=request.POST, more=1))
    if request.method == "POST":
        return _save(request, found)
    if found.objection:
        raise Refused(found.objection)
    copied = found.last if request.GET.get("copy") else None
    return _row_answer(request, RowSheet(found, shown=copied), is_copied=copied is not None)


def _row(request: HttpRequest, finding_id: UUID) -> RowPage:
    found = row_page(finding_id, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("finding", finding_id)
    return found


def _save(request: HttpRequest, found: RowPage) -> HttpResponse:
    sheet = RowSheet(found, data=request.POST)
    if not sheet.is_valid():
        return _row_answer(request, sheet, status=UNPROCESSABLE)
    try:
        acts.fill_row(
            finding=found.now.finding, content=sheet.typed(), by=request.actor, at=request.at,
            seen=sheet.form.cleaned_data["seen"],
        )  # fmt: skip
    except Refused as refused:
        sheet.refuse(refused.objection)
        return _row_answer(request, sheet, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        return _row_again(request, found, overtaken)
    lacks = _row(request, found.now.finding).now.lacks
    number = {"number": found.now.number}
    messages.success(request, gettext("%(number)s 的方案已保存，还没有报送。") % number)
    if lacks:
        messages.warning(request, f"{gettext('报送以前还要补：')}{words.say(lacks)}")
    return HttpResponseRedirect(_after(request, found), status=SEE_OTHER)


def _after(request: HttpRequest, found: RowPage) -> str:
    """The plan, or the next finding that is still to be written."""
    if "next" in request.POST:
        gaps = _known(request, found.feedback).gaps
        following = [gap for gap in gaps if gap.number > found.now.number] or list(gaps)
        if following:
            return _plan_page.fill_url(following[0].finding)
    return f"{address(found.feedback)}#row-{found.now.finding}"


def _row_again(request: HttpRequest, found: RowPage, overtaken: Overtaken) -> HttpResponse:
    """Somebody was faster: who and when, and everything as it was typed."""
    now = _row(request, found.now.finding)
    data = request.POST.copy()
    data["seen"] = str(now.now.revision)
    sheet = RowSheet(now, data=data)
    sheet.is_valid()
    thing = "plan_row" if now.objection is None else "finding"
    notice = _overtaken.sentence(thing, overtaken)
    return _row_answer(request, sheet, status=_overtaken.CONFLICT, notice=notice)


def _row_answer(
    request: HttpRequest, sheet: RowSheet, *, status: int = 200, notice: str = "", is_copied: bool = False
) -> HttpResponse:
    found = sheet.page
    row = found.now
    title = gettext("填写方案")
    page = {
        "title": row.title,
        "crumbs": (
            _pages.Link(gettext("方案"), ALL), _pages.Link(gettext("整改方案"), address(found.feedback)),
            _pages.Link(row.number), _pages.Link(title),
        ),
        "state": _pages.look(row.finding_state),
        "due_label": "",
        "number": row.number,
        "text": row.quote,
        "finding_url": f"/findings/{row.finding}/",
        "plan_url": address(found.feedback),
        "copy_url": f"{_plan_page.fill_url(row.finding)}?copy=1" if found.last and not is_copied else "",
        "is_copied": is_copied,
        "last": _plan_page.row(found.last) if found.last else None,
        "redo_by": row.redo_by,
        "explain": EXPLAINS,
        "notice": notice,
    }  # fmt: skip
    context = {"page": page, "form": sheet.form, "formset": sheet.formset}
    return render(request, "plans/fill.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Hand the draft in: gaps first, then each row with what it still lacks."""
    found = _known(request, feedback_id)
    act = _plan_page.act(found, "submit")
    if act.objection and act.objection.code == "not_yours":
        raise NotYours(act.objection)
    drafts = [row for row in found.rows if row.state.code == "draft"]
    if request.method == "POST":
        return _hand_in(request, found, SubmitForm(request.POST, rows=drafts))
    if act.objection:
        raise Refused(act.objection)
    every = [str(row.finding) for row in drafts if row.lacks is None]
    initial = {"seen": found.draft.revision if found.draft else 0, "findings": every}
    initial["scope"] = "chosen" if found.gaps or len(every) < len(drafts) else "all"
    return _submit_answer(request, found, SubmitForm(rows=drafts, initial=initial))


def _hand_in(request: HttpRequest, found: PlanPage, form: SubmitForm) -> HttpResponse:
    if not form.is_valid():
        return _submit_answer(request, found, form, status=UNPROCESSABLE)
    try:
        done = acts.submit_plan(
            feedback=found.feedback, findings=form.chosen(), by=request.actor, at=request.at, on=request.on,
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except Refused as refused:
        _plan_review.refuse(form, refused.objection)
        return _submit_answer(request, found, form, status=UNPROCESSABLE)
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["seen"] = str(found.draft.revision if found.draft else 0)
        again = SubmitForm(data, rows=[row for row in found.rows if row.state.code == "draft"])
        again.is_valid()
        notice = _overtaken.sentence("plan", overtaken)
        return _submit_answer(request, found, again, status=_overtaken.CONFLICT, notice=notice)
    n = len(done.steps)
    said = ngettext("第 %(version)s 版已报送，共 %(n)s 条。", "第 %(version)s 版已报送，共 %(n)s 条。", n)
    messages.success(request, said % {"version": done.version, "n": n})
    return HttpResponseRedirect(address(found.feedback), status=SEE_OTHER)


def _submit_answer(
    request: HttpRequest, found: PlanPage, form: SubmitForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    title = gettext("报送方案")
    page = {
        "title": title,
        "crumbs": (
            _pages.Link(gettext("方案"), ALL),
            _pages.Link(found.title, address(found.feedback)),
            _pages.Link(title),
        ),
        "plan_url": address(found.feedback),
        "gaps": [_plan_page.gap(one) for one in found.gaps],
        "rows": [_plan_page.row(row) for row in found.rows if row.state.code == "draft"],
        "ticked": _plan_review.ticked(form),
        "share": _plan_page.share(found),
        "notice": notice,
    }
    return render(request, "plans/submit.html", {"page": page, "form": form}, status=status)


urlpatterns = [
    path("plans/", index, name="plans.list"),
    path("plans/rows/<uuid:finding_id>/", fill, name="plans.fill"),
    path("plans/<uuid:key>/", detail, name="plans.detail"),
    path("plans/<uuid:key>/export", export, name="plans.export"),
    path("plans/<uuid:feedback_id>/submit", submit, name="plans.submit"),
    *_plan_matching.urlpatterns,
    *_plan_review.urlpatterns,
]
