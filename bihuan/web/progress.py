"""The page of progress: a unit reports for one or several findings, others see what has not moved; private notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.actions import findings as finding_acts
from bihuan.actions import progress as acts
from bihuan.actions.progress import Entry
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.queries import progress as queries
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.page import finding_page
from bihuan.queries.progress import QUIET_DAYS, ProgressFilters, ProgressLine, ProgressList
from bihuan.rules.lights import LIGHTS
from bihuan.rules.objections import not_yours
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, UNIT_ROLES
from bihuan.web import _finding_page, _overtaken, _pages, words
from bihuan.web._finding_page import address
from bihuan.web._forms import DayInput, TypedForm
from bihuan.web._lights import Lit, lit

ALL = "/progress/"
SEE_OTHER, UNPROCESSABLE = 303, 422
# entries.NUMBER.FIELD, as a refusal names the entry that it concerns.
ENTRY_PARTS = 3
COLUMNS = (N_("编号"), N_("问题"), N_("责任单位"), N_("状态"), N_("时限"), N_("最近进展"))


class EntryForm(TypedForm):
    """What was done about one finding."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("进展"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    done_on = forms.DateField(label=_("进展日期"), required=False, widget=DayInput())

    def __init__(self, row: ProgressLine, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=str(row.id), initial={"seen": row.revision})
        self.row = row
        for name in self.fields:
            # The fields stand in cells of a table, the form around them does not.
            self.fields[name].widget.attrs["form"] = "progress-form"

    @property
    def is_typed(self) -> bool:
        """Whether something was written here."""
        return bool(self.cleaned_data.get("text") or self.cleaned_data.get("done_on"))

    def clean(self) -> dict[str, Any]:
        """Without the revision nobody could tell that the page is old."""
        if self.is_typed and self.cleaned_data.get("seen") is None:
            raise forms.ValidationError(gettext("请刷新页面后再办。"))
        return self.cleaned_data

    def entry(self) -> Entry:
        """The entry as the action takes it."""
        found = self.cleaned_data
        return Entry(self.row.id, found["text"], found["done_on"], seen=found["seen"])


@dataclass(frozen=True)
class Line:
    """One finding in work as the list shows it, with the form of its next entry."""

    number: str
    title: str
    url: str
    unit: str
    state: _pages.Look
    due_on: date | None
    light: Lit
    last_on: date | None
    last_text: str
    last_person: str
    quiet: str
    form: EntryForm | None


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Findings in work; posted: what was done about some of them."""
    found = _found(request)
    if request.method != "POST":
        return _answer(request, found, _forms(found, None))
    if request.actor.role not in UNIT_ROLES:
        raise NotYours(not_yours(("unit", "helping_unit")))
    return _report(request, found)


def _found(request: HttpRequest) -> ProgressList:
    return queries.progress_for(
        request.actor, filters=_filters(request.GET), on=request.on, page=_pages.page_number(request)
    )


def _filters(asked: QueryDict) -> ProgressFilters:
    """What the address narrows to; what it does not say sensibly narrows nothing."""
    quiet, light = asked.get("quiet", ""), asked.get("light", "")
    try:
        unit = UUID(asked.get("unit", ""))
    except ValueError:
        unit = None
    return ProgressFilters(
        unit=unit, light=light if light in SHOWN else "", quiet=int(quiet) if quiet in map(str, QUIET_DAYS) else 0
    )


def _forms(found: ProgressList, data: Mapping[str, Any] | None) -> dict[UUID, EntryForm]:
    return {row.id: EntryForm(row, data) for row in found.rows if row.may_report}


def _report(request: HttpRequest, found: ProgressList) -> HttpResponse:
    sheets = _forms(found, request.POST)
    readable = [form.is_valid() for form in sheets.values()]  # all of them, so that every error shows at once
    if not all(readable):
        return _answer(request, found, sheets, status=UNPROCESSABLE)
    typed = [form for form in sheets.values() if form.is_typed]
    lost = _lost(request.POST, sheets)
    if lost:
        notice = gettext("有的问题已经不在整改中，没有保存任何一条。请看过最新情况再办，您填的内容还在。")
        return _answer(request, found, sheets, status=_overtaken.CONFLICT, notice=notice, lost=lost)
    try:
        done = acts.report([form.entry() for form in typed], by=request.actor, at=request.at, on=request.on)
    except Refused as refused:
        return _refused(request, found, sheets, typed, refused.objection)
    except Overtaken as overtaken:
        return _again(request, _overtaken.sentence("finding", overtaken))
    messages.success(request, ngettext("已填报 %(n)s 条进展。", "已填报 %(n)s 条进展。", len(done)) % {"n": len(done)})
    return HttpResponseRedirect(request.get_full_path(), status=SEE_OTHER)


def _lost(posted: QueryDict, sheets: Mapping[UUID, EntryForm]) -> list[str]:
    """What was written for findings that are no longer here."""
    known = {f"{finding}-text" for finding in sheets}
    return [text for name, text in posted.items() if name.endswith("-text") and name not in known and text.strip()]


def _refused(
    request: HttpRequest, found: ProgressList, sheets: dict[UUID, EntryForm], typed: list[EntryForm], why: Objection
) -> HttpResponse:
    """The refusal beside the entry that it concerns, or above them all."""
    parts = why.where.split(".")
    if len(parts) < ENTRY_PARTS:
        return _answer(request, found, sheets, status=UNPROCESSABLE, notice=words.say(why))
    form = typed[int(parts[1]) - 1]
    field = {"progress": "text"}.get(parts[2], parts[2])
    form.add_error(field if field in form.fields else None, words.say(why))
    return _answer(request, found, sheets, status=UNPROCESSABLE)


def _again(request: HttpRequest, notice: str) -> HttpResponse:
    """Somebody was faster: the list as it is now, and everything as it was typed."""
    now = _found(request)
    data = request.POST.copy()
    for row in now.rows:
        data[f"{row.id}-seen"] = str(row.revision)
    sheets = _forms(now, data)
    for form in sheets.values():
        form.is_valid()
    return _answer(request, now, sheets, status=_overtaken.CONFLICT, notice=notice, lost=_lost(request.POST, sheets))


def _answer(
    request: HttpRequest, found: ProgressList, sheets: Mapping[UUID, EntryForm], *, status: int = 200,
    notice: str = "", lost: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    page = {
        "title": gettext("进展"),
        "url": ALL,
        "query": None,
        "filters": _choices(found),
        "counts": _counts(found),
        "columns": [_pages.Column(label) for label in COLUMNS],
        "rows": [_line(row, sheets.get(row.id), request.on) for row in found.rows],
        "total": found.everything,
        "matched": found.matched,
        "pager": _pages.pager_of(request, number=found.page, pages=found.pages),
        "may_report": bool(sheets),
        "notice": notice,
        "lost": lost or [],
        "empty": _pages.Empty(
            gettext("没有整改中的问题"), gettext("方案批准以后，问题转入整改，会列在这里。"),
            _finding_page.LEDGER, gettext("看台账"),
        ),
    }  # fmt: skip
    return render(request, "progress/list.html", {"page": page}, status=status)


def _choices(found: ProgressList) -> tuple[_pages.Filter, ...]:
    filters, everything = found.filters, gettext("全部")
    units = [(str(unit.id), unit.name) for unit in found.units]
    lights = [(code, LIGHTS[code].label) for code in SHOWN]
    quiet = [(str(days), gettext("%(n)s 天没有进展") % {"n": days}) for days in QUIET_DAYS]
    every = (
        ("unit", gettext("单位"), units, str(filters.unit or "")),
        ("light", gettext("时限"), lights, filters.light),
        ("quiet", gettext("进展"), quiet, str(filters.quiet or "")),
    )
    return tuple(
        _pages.filter_of(name, label=label, choices=choices, chosen=chosen, all_label=everything)
        for name, label, choices, chosen in every
        if name != "unit" or len(units) > 1
    )


def _counts(found: ProgressList) -> tuple[_pages.Count, ...]:
    filters = found.filters
    kept = f"unit={filters.unit}&" if filters.unit else ""
    lights = (
        _pages.Count(LIGHTS[code].label, n, f"{ALL}?{kept}light={code}", "", "open", filters.light == code)
        for code, n in found.lights.items()
    )
    quiet = (
        _pages.Count(
            gettext("%(n)s 天没有进展") % {"n": days}, n, f"{ALL}?{kept}quiet={days}", "", "open", filters.quiet == days
        )
        for days, n in found.quiet.items()
    )
    everything = f"{ALL}?{kept}".rstrip("?&")
    is_all = not filters.light and not filters.quiet
    return (_pages.Count(gettext("全部"), found.everything, everything, "", "open", is_all), *lights, *quiet)


def _line(row: ProgressLine, form: EntryForm | None, on: date) -> Line:
    quiet = ngettext("%(n)s 天没有进展", "%(n)s 天没有进展", row.quiet_days) % {"n": row.quiet_days}
    return Line(
        number=row.number, title=row.title, url=address(row.id), unit=row.lead_unit or row.unit,
        state=_pages.look(row.state), due_on=row.due_on,
        light=lit(row.light, due_on=row.due_on, on=on), last_on=row.last_on, last_text=row.last_text,
        last_person=row.last_person, quiet=quiet if row.quiet_days >= QUIET_DAYS[0] else "", form=form,
    )  # fmt: skip


@require_POST
def note(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """A private note; refused, the finding's page shows it as it was typed."""
    typed = request.POST.get("text", "")
    try:
        finding_acts.write_note(
            finding=finding_id, text=typed.replace("\0", "").replace("\r\n", "\n"), by=request.actor, at=request.at
        )
    except Refused as refused:
        found = finding_page(finding_id, actor=request.actor, on=request.on)
        if found is None:
            raise Unknown("finding", finding_id) from refused
        page = _finding_page.finding_context(found, request.on)
        typed_note = {"text": typed, "error": words.say(refused.objection)}
        return render(request, "findings/detail.html", {"page": page, "note": typed_note}, status=UNPROCESSABLE)
    return HttpResponseRedirect(f"{address(finding_id)}#notes-own", status=SEE_OTHER)


urlpatterns = [
    path("progress/", index, name="progress.list"),
    path("findings/<uuid:finding_id>/notes", note, name="findings.note"),
]
