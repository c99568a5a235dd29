"""The ledger of findings: narrowed as its address says, counted by state, exported as shown."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.engines import writing
from bihuan.queries.findings import lists
from bihuan.queries.findings.lists import FindingList, FindingRow
from bihuan.queries.findings.narrowing import GROUPS, FindingFilters
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.waiting import KINDS, WAITS
from bihuan.queries.looks import StateLook
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import MARKS, N_
from bihuan.web import _pages, errors, words
from bihuan.web._downloads import SHEET, file_answer
from bihuan.web._finding_page import LEDGER, address
from bihuan.web._lights import Lit, lit

COLUMNS = (N_("编号"), N_("问题"), N_("责任单位"), N_("类别"), N_("状态"), N_("时限"))
WIDTHS = (24, 48, 24, 12, 12, 12, 12)
LONGEST_QUERY = 200
LONGEST_CODE = 16
STATES = (
    ("given", N_("应整改")),
    ("unfinished", N_("未办结")),
    *[(state.code, state.label) for state in FINDING.states],
)
WAITING = (
    ("any", N_("等我办的")),
    ("plan", N_("等我办的方案")),
    ("closing", N_("等我办的销号")),
    *[(code, kind.label) for code, kind in KINDS.items()],
)
# What an address may narrow to, beside the search: its choices, or None for the id of a thing.
ASKED: dict[str, tuple[str, ...] | None] = {
    "state": (*GROUPS, *[state.code for state in FINDING.states]),
    "light": SHOWN,
    "waits": WAITS,
    "mark": tuple(MARKS),
    "unit": None,
    "inspection": None,
    "helping": None,
    "feedback": None,
    "plan": None,
}
# Narrowed to by links alone: the page says so, and keeps it while something else is chosen.
BY_LINKS = {
    "inspection": N_("一次巡察的问题"),
    "helping": N_("一个单位配合整改的问题"),
    "feedback": N_("一份反馈的问题"),
    "plan": N_("一版方案的问题"),
    "category": N_("一类问题"),
    "changed": N_("七天内有变化的问题"),
}


@dataclass(frozen=True)
class Line:
    """One line of the ledger."""

    number: str
    title: str
    unit: str
    category: str
    state_label: str
    state_shape: str
    state_tone: str
    due_on: date | None
    light: Lit
    is_overdue: bool
    url: str


@dataclass(frozen=True)
class Count:
    """How many there are of a state, and the address of their rows."""

    label: str
    n: int
    url: str
    shape: str
    tone: str
    is_current: bool


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """One page of findings with the counts by state."""
    filters = filters_of(request)
    found = lists.findings_for(request.actor, filters=filters, on=request.on, page=_pages.page_number(request))
    return render(request, "findings/list.html", {"page": _context(request, found)})


def filters_of(request: HttpRequest) -> FindingFilters:
    """What the address narrows to; what it does not say sensibly narrows nothing."""
    asked = request.GET
    chosen: dict[str, Any] = {
        name: _uuid(asked.get(name, "")) if known is None else asked.get(name, "")
        for name, known in ASKED.items()
        if known is None or asked.get(name, "") in known
    }
    return FindingFilters(
        **chosen,
        query=asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        category=asked.get("category", "").replace("\0", "")[:LONGEST_CODE],
        overdue=asked.get("overdue") == "1",
        changed=asked.get("changed") == "1",
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def ledger_url(filters: FindingFilters, *, path: str = LEDGER, **changed: str) -> str:
    """The address of the list with its filters, some of them changed."""
    said = {field.name: getattr(filters, field.name) for field in fields(filters)}
    asked = {"q": said.pop("query")} | {name: "1" if value is True else value for name, value in said.items()}
    kept = {name: str(value) for name, value in (asked | changed).items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def _context(request: HttpRequest, found: FindingList) -> dict[str, Any]:
    filters = found.filters
    return {
        "title": gettext("台账"),
        "url": LEDGER,
        "query": filters.query,
        "search_label": N_("搜编号或问题"),
        "filters": _choices(found),
        "kept": _by_links(filters),
        "counts": _counts(found) if found.counts else (),
        "columns": [_pages.Column(label) for label in COLUMNS],
        "rows": [line(row, request.on) for row in found.rows],
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
    units = [(str(unit.id), unit.name) for unit in found.units]
    lights = [(light, LIGHTS[light].label) for light in SHOWN]
    chosen_light = "overdue" if filters.overdue else filters.light
    every = (
        ("state", N_("状态"), STATES, filters.state),
        ("unit", N_("单位"), units, str(filters.unit or "")),
        ("light", N_("时限"), lights, chosen_light),
        ("waits", N_("待办"), WAITING, filters.waits),
        ("mark", N_("标记"), tuple(MARKS.items()), filters.mark),
    )
    return tuple(
        _pages.filter_of(name, label=gettext(label), choices=choices, chosen=chosen, all_label=everything)
        for name, label, choices, chosen in every
    )


@dataclass(frozen=True)
class Kept:
    """What a link has narrowed to: its name and value in the address, in words, and the address without it."""

    name: str
    value: str
    label: str
    url: str


def _by_links(filters: FindingFilters) -> tuple[Kept, ...]:
    asked = {name: getattr(filters, name) for name in BY_LINKS}
    return tuple(
        Kept(name, "1" if value is True else str(value), BY_LINKS[name], ledger_url(filters, **{name: ""}))
        for name, value in asked.items()
        if value
    )


def _counts(found: FindingList) -> tuple[Count, ...]:
    """All, then each state that occurs: every figure leads to its rows."""
    everything = sum(count.n for count in found.counts)
    chosen = found.filters.state
    first = Count(gettext("全部"), everything, ledger_url(found.filters, state=""), "", "open", not chosen)
    return (first, *(_count(count.state, count.n, found.filters) for count in found.counts))


def _count(state: StateLook, n: int, filters: FindingFilters) -> Count:
    url = ledger_url(filters, state=state.code)
    return Count(state.label, n, url, state.shape, state.tone, state.code == filters.state)


def line(row: FindingRow, on: date) -> Line:
    """A row of the ledger."""
    near = row.light if row.light.code in SHOWN else LIGHTS["none"]
    return Line(
        row.number, row.title, row.unit, words.label(row.category), row.state.label, row.state.shape, row.state.tone,
        row.due_on, lit(near, due_on=row.due_on, on=on), row.is_overdue, address(row.id),
    )  # fmt: skip


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same filter as a sheet; what was typed stays text in it."""
    rows = lists.all_findings_for(request.actor, filters=filters_of(request), on=request.on)
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


urlpatterns = [
    path("findings/", ledger, name="findings.list"),
    path("findings/export", export, name="findings.export"),
]
