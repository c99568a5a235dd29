"""The count by state, unit by unit; every number is a link to its rows in the ledger."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bihuan.queries import statistics
from bihuan.queries.statistics import Figures, UnitCounts
from bihuan.rules.vocabulary import N_
from bihuan.web import _pages
from bihuan.web._finding_page import LEDGER

ADDRESS = "/statistics/"


@dataclass(frozen=True)
class Cell:
    """A number and the rows behind it."""

    n: int
    url: str


@dataclass(frozen=True)
class Group:
    """One line of the table: a unit, or the sums."""

    label: str
    url: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Figure:
    """One figure above the table."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    is_late: bool = False


@require_safe
def by_state(request: HttpRequest) -> HttpResponse:
    """The figures of today, as far as the actor may see."""
    return render(
        request, "statistics/by_state.html", {"page": _context(statistics.figures_for(request.actor, on=request.on))}
    )


def _context(found: Figures) -> dict[str, Any]:
    return {
        "title": gettext("统计"),
        "url": ADDRESS,
        "query": None,
        "on": found.on,
        "figures": _figures(found),
        "formula": _formula(found),
        "group_label": N_("责任单位"),
        "heads": found.states,
        "groups": [_group(row, found) for row in found.units],
        "sums": _sums(found) if found.units else None,
        "empty": _pages.Empty(
            gettext("还没有应整改的问题"),
            gettext("反馈意见三方签收以后，问题会计入统计。"),
            "/feedback/",
            gettext("看反馈意见"),
        ),
    }


def _figures(found: Figures) -> list[Figure]:
    done = f"{found.completion_rate}%" if found.completion_rate is not None else "—"
    return [
        Figure(N_("应整改"), str(found.to_rectify), _ledger(state="given")),
        Figure(N_("已销号"), str(found.done), _ledger(state="closed")),
        Figure(N_("基本完成"), str(found.basically_done), _ledger(state="basically_done")),
        Figure(N_("长期坚持"), str(found.long_term), _ledger(state="phase_done_long_term")),
        Figure(N_("完成率"), done, _ledger(state="closed")),
    ]


def _formula(found: Figures) -> str:
    if found.completion_rate is None:
        return ""
    values = {"done": found.done, "all": found.to_rectify, "rate": found.completion_rate}
    return gettext("完成率 = 已销号 ÷ 应整改 = %(done)s ÷ %(all)s = %(rate)s%%；基本完成和长期坚持不算完成。") % values


def _group(row: UnitCounts, found: Figures) -> Group:
    unit = str(row.unit)
    cells = tuple(
        Cell(n, _ledger(state=state.code, unit=unit)) for n, state in zip(row.cells, found.states, strict=True)
    )
    return Group(row.name, f"/organizations/{row.unit}/", cells, Cell(row.total, _ledger(state="given", unit=unit)))


def _sums(found: Figures) -> Group:
    cells = tuple(Cell(n, _ledger(state=state.code)) for n, state in zip(found.sums, found.states, strict=True))
    return Group("", "", cells, Cell(found.to_rectify, _ledger(state="given")))


def _ledger(**narrowed: str) -> str:
    return f"{LEDGER}?{urlencode(narrowed)}"


urlpatterns = [path("statistics/", by_state, name="statistics.by_state")]
