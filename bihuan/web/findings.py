"""The ledger, its export, a finding with its steps, and the files that prove its measures."""

from collections.abc import Iterator
from io import BytesIO
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
from bihuan.engines import writing
from bihuan.queries import feedback as stored
from bihuan.queries.findings import lists, page, steps
from bihuan.queries.findings.lists import FindingFilters, FindingList, FindingRow
from bihuan.queries.findings.steps import StepPage
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import N_
from bihuan.web import _finding_page, _overtaken, _pages, errors, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._finding_page import LEDGER, address, ledger_url
from bihuan.web._step_forms import StepSheet

COLUMNS = (N_("编号"), N_("问题"), N_("责任单位"), N_("类别"), N_("状态"), N_("时限"))
WIDTHS = (24, 48, 24, 12, 12, 12, 12)
LONGEST_QUERY = 200
SEE_OTHER = 303
EXPLAINS = {
    "submit_plan": (N_("每条措施写明做什么、谁负责、何时完成、交什么。"), N_("报送以后不能再改，退回后可以重报。")),
    "return_plan": (N_("退回后由单位按意见修改重报。"),),
    "approve_plan": (N_("批准以后，问题转入整改。"),),
    "request_closing": (N_("申请连同措施和佐证一并送审，送审期间不能再改。"), N_("每条措施至少要有一份佐证。")),
    "close": (N_("销号以后，要有新的依据才能重启。"),),
    "accept_long_term": (N_("转为长期坚持以后，到复核日期再查一次。"),),
    "withdraw": (N_("撤回以后不再计入整改，也不能恢复。"),),
    "request_withdrawal": (N_("提请以后，由第二人决定。"),),
    "request_reopening": (N_("提请以后，由第二人决定。"), N_("请附上能说明依据的材料。")),
}


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """One page of findings with the counts by state."""
    filters = _filters(request)
    found = lists.findings_for(request.actor, filters=filters, on=request.on, page=_pages.page_number(request))
    return render(request, "findings/list.html", {"page": _ledger_context(request, found)})


def _ledger_context(request: HttpRequest, found: FindingList) -> dict[str, Any]:
    filters = found.filters
    return {
        "title": gettext("台账"),
        "url": LEDGER,
        "query": filters.query,
        "search_label": N_("搜编号或问题"),
        "filters": _choices(found),
        "counts": _finding_page.counts(found) if found.counts else (),
        "columns": [_pages.Column(label) for label in COLUMNS],
        "rows": [_finding_page.line(row, request.on) for row in found.rows],
        "total": found.total,
        "matched": found.matched,
        "pager": _pages.pager_of(request, number=found.page, pages=found.pages),
        "export_url": ledger_url(filters, path=f"{LEDGER}export") if found.matched else "",
        "empty": _pages.Empty(
            gettext("还没有问题"),
            gettext("反馈意见里的问题认定以后，会列在这里。"),
            "/feedback/",
            gettext("看反馈意见"),
        ),
    }


def _choices(found: FindingList) -> tuple[_pages.Filter, ...]:
    filters, everything = found.filters, gettext("全部")
    overdue = "1" if filters.overdue else ""
    units = [(str(unit.id), unit.name) for unit in found.units]
    states = [("given", N_("应整改")), *[(state.code, state.label) for state in FINDING.states]]
    late = [("1", gettext("已逾期"))]
    filter_of = _pages.filter_of
    return (
        filter_of("state", label=gettext("状态"), choices=states, chosen=filters.state, all_label=everything),
        filter_of("unit", label=gettext("单位"), choices=units, chosen=str(filters.unit or ""), all_label=everything),
        filter_of("overdue", label=gettext("时限"), choices=late, chosen=overdue, all_label=everything),
    )  # fmt: skip


def _filters(request: HttpRequest) -> FindingFilters:
    """What the address narrows to; what it does not say sensibly narrows nothing."""
    asked = request.GET
    state = asked.get("state", "")
    return FindingFilters(
        state=state if state in {*lists.GROUPS, *(one.code for one in FINDING.states)} else "",
        unit=_uuid(asked.get("unit", "")),
        inspection=_uuid(asked.get("inspection", "")),
        query=asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        overdue=asked.get("overdue") == "1",
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same filter as a sheet; what was typed stays text in it."""
    rows = lists.all_findings_for(request.actor, filters=_filters(request), on=request.on)
    title = gettext("台账")
    heads = [*COLUMNS, N_("已逾期")]
    columns = [
        writing.Column(words.label(head), width, "date" if head == N_("时限") else "text")
        for head, width in zip(heads, WIDTHS, strict=True)
    ]
    sheet = BytesIO()
    try:
        writing.write_sheet(sheet, title=title, columns=columns, rows=_sheet_rows(rows))
    except writing.TooManyRows:
        return errors.page(request, status=422, message=gettext("行数太多，一张表放不下。请缩小范围，分几次导出。"))
    return file_answer(sheet.getvalue(), name=f"{title} {request.on}.xlsx", media_type=SHEET)


def _sheet_rows(rows: Iterator[FindingRow]) -> Iterator[tuple[object, ...]]:
    yes = gettext("是")
    for row in rows:
        yield (
            row.number, row.text, row.unit, words.label(row.category), words.label(row.state.label), row.due_on,
            yes if row.is_overdue else "",
        )  # fmt: skip


@require_safe
def finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """One finding with its steps, measures, verdicts and story."""
    found = page.finding_page(finding_id, actor=request.actor, on=request.on)
    if found is None:
        raise Unknown("finding", finding_id)
    return render(request, "findings/detail.html", {"page": _finding_page.finding_context(found, request.on)})


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, finding_id: UUID, code: str) -> HttpResponse:
    """The form of one step, and the step taken."""
    found = _step_page(request, finding_id, code)
    if found.objection and found.objection.code == "not_yours":
        raise NotYours(found.objection)
    if request.method == "POST":
        return _take(request, found)
    if found.objection:
        raise Refused(found.objection)
    return _sheet_answer(request, StepSheet(found))


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
        "state": _finding_page.look(shown.state),
        "due_label": "",
        "text": shown.text,
        "number": shown.number,
        "finding_url": address(shown.id),
        "explain": EXPLAINS.get(found.code, ()),
        "facts": _finding_page.facts(shown),
        "notice": notice,
        "files_lost": status != 200 and bool(request.FILES),
        "opinions": [verdict for verdict in map(_finding_page.signed, shown.verdicts) if verdict.is_return],
        "measures": () if sheet.formset is not None or sheet.slots else _finding_page.measures(shown, request.on),
        "slots": [_slot(number, slot) for number, slot in enumerate(sheet.slots, 1)],
        "row_errors": sheet.row_errors(),
    }
    return render(
        request, "findings/step.html", {"page": context, "form": sheet.form, "formset": sheet.formset}, status=status
    )


def _slot(number: int, slot: Any) -> dict[str, Any]:
    return {
        "id": f"evidence-{slot.measure.id}",
        "number": number,
        "text": slot.measure.text,
        "files": _finding_page.files(slot.measure),
        "form": slot.form,
    }


@require_safe
def evidence(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """One evidence file, to save."""
    file = stored.evidence_file(evidence_id, actor=request.actor)
    if file is None:
        raise Unknown("evidence", evidence_id)
    return file_answer(file.content, name=file.name, media_type=file.media_type)


urlpatterns = [
    path("findings/", ledger, name="findings.list"),
    path("findings/export", export, name="findings.export"),
    path("findings/<uuid:finding_id>/", finding, name="findings.detail"),
    path("findings/<uuid:finding_id>/steps/<slug:code>/", step, name="findings.step"),
    path("evidence/<uuid:evidence_id>", evidence, name="evidence.file"),
]
