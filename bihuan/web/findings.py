"""A finding with its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.actions import findings as acts
from bihuan.actions.findings import StepTaken
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.queries.findings import page, steps
from bihuan.queries.findings.steps import StepPage
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import N_
from bihuan.web import _finding_page, _finding_parts, _overtaken, _pages, errors, words
from bihuan.web._finding_page import APART, LEDGER, address, step_address
from bihuan.web._step_forms import StepSheet

SEE_OTHER = 303
EXPLAINS = {
    "return_plan": (N_("退回后由单位按意见修改重报。"),),
    "approve_plan": (N_("批准以后，问题转入整改。"),),
    "request_closing": (
        N_("申请连同措施和佐证一并送审，各方签的就是这些内容。"),
        N_("每条措施至少要有一份佐证。"),
        N_("申请“已完成”的，逐条说明验收标准。"),
    ),
    "close": (N_("销号以后，要有新的依据才能重启。"),),
    "accept_long_term": (N_("转为长期坚持以后，到复核日期再查一次。"),),
    "withdraw": (N_("撤回以后不再计入整改，也不能恢复。"),),
    "request_withdrawal": (N_("提请以后，由第二人决定。"),),
    "request_reopening": (N_("提请以后，由第二人决定。"), N_("请附上能说明依据的材料。")),
    "report_progress": (N_("写明做了什么、到了哪一步；填错了再补一条，原来的不改。"),),
    "add_evidence": (
        N_("写明每份材料证明什么、是哪一天的材料。"),
        N_("早于签收反馈之日的材料可以交，页面会注明。"),
        N_("销号审核期间补交佐证，已经同意的各方要重新审核。"),
    ),
    "request_extension": (N_("批准以前，时限不变。"), N_("原来的时限留在记录里。")),
    "grant_extension": (N_("批准以后，时限改为申请的日期；原来的时限留在记录里。"),),
    "refuse_extension": (N_("不批准，时限不变。"),),
    "mark": (N_("标记不是状态，不改变整改到了哪一步。"),),
    "describe": (N_("反馈审批以前可以补充，审批以后不能再改。"), N_("责任单位和配合单位改了，谁看得到也跟着改。")),
}


@require_safe
def finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """One finding with its steps, measures, verdicts and story."""
    found = page.finding_page(finding_id, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("finding", finding_id)
    return render(request, "findings/detail.html", {"page": _finding_page.finding_context(found, request.on)})


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, finding_id: UUID, code: str) -> HttpResponse:
    """The form of one step, and the step taken; a step that has a page of its own is shown the way there."""
    found = _step_page(request, finding_id, code)
    if found.objection and found.objection.code == "not_yours":
        raise NotYours(found.objection)
    if code in APART:
        return HttpResponseRedirect(step_address(finding_id, code), status=SEE_OTHER)
    if request.method == "POST":
        return _take(request, found)
    if found.objection:
        raise Refused(found.objection)
    # What a later document says is only chosen beforehand: it is the person who claims.
    return _sheet_answer(request, StepSheet(found, claim=request.GET.get("claim", "")))


def _step_page(request: HttpRequest, finding_id: UUID, code: str) -> StepPage:
    found = steps.step_page(finding_id, step=code, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("finding", finding_id)
    return found


def _take(request: HttpRequest, found: StepPage) -> HttpResponse:
    sheet = StepSheet(found, data=request.POST, files=request.FILES)
    if not sheet.is_valid():
        return _sheet_answer(request, sheet, status=413 if sheet.is_too_large else 422)
    try:
        done = _act(request, sheet)
    except Refused as refused:
        sheet.refuse(refused.objection)
        return _sheet_answer(request, sheet, status=422)
    except Unreadable as fault:
        sheet.refuse_file(fault)
        return _sheet_answer(request, sheet, status=413 if fault.code == errors.TOO_LARGE else 415)
    except Overtaken as overtaken:
        return _again(request, found, overtaken)
    names = {"step": words.label(found.label), "state": words.label(FINDING.state(done.state).label)}
    messages.success(request, gettext("已办理“%(step)s”，现在是“%(state)s”。") % names)
    return HttpResponseRedirect(address(found.finding.id), status=SEE_OTHER)


def _act(request: HttpRequest, sheet: StepSheet) -> StepTaken:
    return acts.take_step(
        finding=sheet.page.finding.id,
        step=sheet.page.code,
        typed=sheet.typed(),
        by=request.actor,
        at=request.at,
        on=request.on,
        seen=sheet.seen,
    )


def _again(request: HttpRequest, found: StepPage, overtaken: Overtaken) -> HttpResponse:
    """Somebody was faster: the present state, who and when, and everything as it was typed."""
    now = _step_page(request, found.finding.id, found.code)
    data = request.POST.copy()
    data["seen"] = str(now.finding.revision)
    sheet = StepSheet(now, data=data, files=request.FILES)
    sheet.is_valid()
    return _sheet_answer(request, sheet, status=_overtaken.CONFLICT, notice=_overtaken.sentence("finding", overtaken))


def _sheet_answer(request: HttpRequest, sheet: StepSheet, *, status: int = 200, notice: str = "") -> HttpResponse:
    found = sheet.page
    shown = found.finding
    context = {
        "title": shown.title,
        "step_label": found.label,
        "crumbs": (
            _pages.Link(gettext("台账"), LEDGER),
            _pages.Link(shown.number, address(shown.id)),
            _pages.Link(found.label),
        ),
        "state": _pages.look(shown.state),
        "due_label": "",
        "text": shown.text,
        "number": shown.number,
        "finding_url": address(shown.id),
        "explain": EXPLAINS.get(found.code, ()),
        "facts": _finding_page.facts(shown),
        "notice": notice,
        "files_lost": status != 200 and bool(request.FILES),
        "opinions": [verdict for verdict in map(_finding_parts.signed, shown.verdicts) if verdict.is_return],
        "measures": () if sheet.slots else _finding_page.measures(shown, request.on),
        "criteria": sheet.criteria,
        "slots": [_slot(number, slot) for number, slot in enumerate(sheet.slots, 1)],
        "row_errors": sheet.row_errors(),
    }
    return render(request, "findings/step.html", {"page": context, "form": sheet.form}, status=status)


def _slot(number: int, slot: Any) -> dict[str, Any]:
    return {
        "id": f"evidence-{slot.measure.id if slot.measure else number}",
        "number": number,
        "is_free": slot.measure is None,
        "text": slot.measure.text if slot.measure else "",
        "files": _finding_parts.files(slot.measure.evidence) if slot.measure else (),
        "form": slot.form,
    }


urlpatterns = [
    path("findings/<uuid:finding_id>/", finding, name="findings.detail"),
    path("findings/<uuid:finding_id>/steps/<slug:code>/", step, name="findings.step"),
]
