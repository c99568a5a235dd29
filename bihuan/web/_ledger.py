"""The ledger of findings: narrowed, sorted and laid out as its address says, counted by state, exported as shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.queries import ledger as kept
from bihuan.queries.findings import lists
from bihuan.queries.findings.asked import AS_PRINTED, Asked, asked_by, said_of, sorted_anew
from bihuan.queries.findings.columns import COLUMNS, Speech, category_of
from bihuan.queries.findings.lines import FindingRow
from bihuan.queries.findings.lists import FindingList
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.ordering import Turn
from bihuan.queries.looks import StateLook
from bihuan.rules.import_columns import MAY_IMPORT
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import MARKS, N_
from bihuan.web import _ledger_choices, _pages, words
from bihuan.web._finding_page import LEDGER, address
from bihuan.web._lights import Lit, lit

SPEECH = Speech(words.label, words.either)
HINTS = {
    "blank": N_("只有空格，没有按文字筛选。请输入要搜的字。"),
    "short": N_("一个字太宽了。请输入两个字以上再搜。"),
}


@dataclass(frozen=True)
class Line:
    """One line of the ledger: its cells in the order of the columns."""

    cells: tuple["Cell", ...]
    url: str


@dataclass(frozen=True)
class Cell:
    """One cell: the code of its column, its words, and what states and limits are drawn with."""

    code: str
    label: str
    shape: str = ""
    tone: str = ""
    due_on: date | None = None
    light: Lit | None = None
    is_overdue: bool = False
    is_key: bool = False


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
    asked = asked_by(dict(request.GET.lists()))
    found = lists.findings_for(request.actor, filters=asked.filters, on=request.on, turn=_turn(request, asked))
    views = kept.views_of(request.actor)
    return render(request, "findings/list.html", {"page": _context(request, found, asked, views)})


def _turn(request: HttpRequest, asked: Asked) -> Turn:
    given = request.GET
    return Turn(
        asked.sort, _pages.page_number(request), given.get("after", ""), given.get("before", ""),
        given.get("last") == "1",
    )  # fmt: skip


def ledger_url(asked: Asked, *, path: str = LEDGER, **changed: str) -> str:
    """The address of the list as it was asked for, some of it changed."""
    said = said_of(asked, **changed)
    return f"{path}?{said}" if said else path


def _context(request: HttpRequest, found: FindingList, asked: Asked, views: tuple[kept.ViewRow, ...]) -> dict[str, Any]:
    said = said_of(asked)
    return {
        "title": gettext("台账"),
        "url": LEDGER,
        "query": request.GET.get("q", "").strip() or asked.filters.query,
        "hint": _hint(request, found),
        "search_label": N_("搜编号或问题"),
        "sort": asked.sort if "sort=" in said else "",
        "filters": _ledger_choices.choices_of(found),
        "more": _ledger_choices.more_of(found),
        "kept": _ledger_choices.by_links(asked, ledger_url),
        "layout": _ledger_choices.layout_of(asked),
        "views": [{"name": view.name, "url": f"{LEDGER}views/{view.id}"} for view in views],
        "asked": said,
        "counts": _counts(found, asked) if found.counts else (),
        "columns": _heads(asked),
        "rows": [line(row, request.on, columns=asked.on_page) for row in found.rows],
        "total": found.total,
        "total_is_least": found.total_is_least,
        "matched": found.matched,
        "matched_is_least": found.matched_is_least,
        "pager": _pager(found, asked),
        "export_url": ledger_url(asked, path=f"{LEDGER}export") if found.matched else "",
        "imports_url": "/imports/" if request.actor.role in MAY_IMPORT else "",
        "forms_url": ledger_url(asked, path=f"{LEDGER}forms/"),
        "printed_url": ledger_url(asked, path=f"{LEDGER}export", cols=AS_PRINTED) if found.matched else "",
        "empty": _pages.Empty(
            gettext("还没有问题"),
            gettext("反馈意见里的问题认定以后，会列在这里。"),
            "/feedback/",
            gettext("看反馈意见"),
        ),
    }


def _hint(request: HttpRequest, found: FindingList) -> str:
    if found.too_short:
        return HINTS["short"]
    typed = request.GET.get("q", "")
    return HINTS["blank"] if typed and not typed.strip() else ""


def _heads(asked: Asked) -> list[_pages.Column]:
    heads = []
    for code in asked.on_page:
        column, direction, turned = COLUMNS[code], "", COLUMNS[code].sort
        if column.sort and asked.sort.removeprefix("-") == column.sort.removeprefix("-"):
            direction = "ascending" if asked.sort == column.sort else "descending"
            turned = f"-{column.sort}".replace("--", "") if direction == "ascending" else column.sort
        url = ledger_url(sorted_anew(asked, sort=turned)) if column.sort else ""
        heads.append(_pages.Column(column.label, url, direction, column.kind == "number"))
    return heads


def _pager(found: FindingList, asked: Asked) -> dict[str, Any]:
    """By the edges of the page, so that turning costs the same anywhere; the number is only for the reader."""
    before, after = str(max(1, found.page - 1)), str(found.page + 1)
    return {
        "number": found.page,
        "count": 0 if found.matched_is_least else found.pages,
        "first": ledger_url(asked) if found.previous else "",
        "prev": ledger_url(asked, page=before, before=found.previous) if found.previous else "",
        "next": ledger_url(asked, page=after, after=found.next) if found.next else "",
        "last": ledger_url(asked, last="1") if found.next else "",
        "is_counted": not found.matched_is_least,
    }


def _counts(found: FindingList, asked: Asked) -> tuple[Count, ...]:
    """All, then each state that occurs: every figure leads to its rows."""
    everything = sum(count.n for count in found.counts)
    chosen = found.filters.state
    first = Count(gettext("全部"), everything, ledger_url(asked, state=""), "", "open", not chosen)
    return (first, *(_count(count.state, count.n, asked) for count in found.counts))


def _count(state: StateLook, n: int, asked: Asked) -> Count:
    url = ledger_url(asked, state=state.code)
    return Count(state.label, n, url, state.shape, state.tone, state.code == asked.filters.state)


def line(row: FindingRow, on: date, *, columns: tuple[str, ...]) -> Line:
    """A row of the ledger."""
    return Line(tuple(_cell(code, row, on) for code in columns), address(row.id))


def _cell(code: str, row: FindingRow, on: date) -> Cell:
    if code == "title":
        return Cell(code, row.title, is_key="key" in row.marks)
    if code == "state":
        return Cell(code, row.state.label, row.state.shape, row.state.tone)
    if code == "due":
        near = row.light if row.light.code in SHOWN else LIGHTS["none"]
        light = lit(near, due_on=row.due_on, on=on)
        return Cell(code, "", due_on=row.due_on, light=light, is_overdue=row.is_overdue)
    if code == "marks":
        return Cell(code, "、".join(words.label(MARKS[mark]) for mark in row.marks))
    if code == "category":
        return Cell(code, category_of(row, say=SPEECH))
    shown = COLUMNS[code].cell(row, SPEECH)
    return Cell(code, "" if shown is None else str(shown))


urlpatterns = [path("findings/", ledger, name="findings.list")]
