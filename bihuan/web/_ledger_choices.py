"""What the ledger offers to choose from: filters, columns, and what a link has narrowed to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bihuan.queries.findings.asked import Asked
from bihuan.queries.findings.columns import COLUMNS, IN_SHEETS
from bihuan.queries.findings.lists import FindingList
from bihuan.queries.findings.narrowing import WITHIN
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.findings.waiting import KINDS
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.lights import LIGHTS
from bihuan.rules.profile import Category
from bihuan.rules.vocabulary import MARKS, N_
from bihuan.web import _pages, words

STATES = (
    ("given", N_("应整改")),
    ("unfinished", N_("未办结")),
    ("not_done", N_("未完成")),
    *[(state.code, state.label) for state in FINDING.states],
)
WAITING = (
    ("any", N_("等我办的")),
    ("plan", N_("等我办的方案")),
    ("closing", N_("等我办的销号")),
    *[(code, kind.label) for code, kind in KINDS.items()],
)
WITHIN_LABELS = {"7": N_("七天内到期"), "15": N_("十五天内到期"), "30": N_("三十天内到期")}
# Narrowed to by links alone: the page says so, and keeps it while something else is chosen.
BY_LINKS = {
    "unit": N_("一个单位的问题"),
    "inspection": N_("一次巡察的问题"),
    "helping": N_("一个单位配合整改的问题"),
    "feedback": N_("一份反馈的问题"),
    "plan": N_("一版方案的问题"),
    "changed": N_("七天内有变化的问题"),
    "was": N_("统计里的问题"),
    "as_of": N_("截至"),
    "kind": N_("一种巡察的问题"),
    "unit_class": N_("一类单位的问题"),
}
INDENT = "　"


@dataclass(frozen=True)
class Kept:
    """What a link has narrowed to: its name and value in the address, in words, and the address without it."""

    name: str
    value: str
    label: str
    url: str


def choices_of(found: FindingList) -> tuple[_pages.Filter, ...]:
    """The filters of every day."""
    filters = found.filters
    units = [(str(unit.id), unit.name) for unit in found.units]
    rounds = [(str(one.id), one.name) for one in found.rounds]
    every = (
        ("state", N_("状态"), STATES, filters.state),
        ("under", N_("单位"), units, str(filters.under or "")),
        ("round", N_("轮次"), rounds, str(filters.round or "")),
        ("category", N_("类别"), _categories(), filters.category),
        ("light", N_("时限"), [(light, LIGHTS[light].label) for light in SHOWN], _light(found)),
        ("waits", N_("待办"), WAITING, filters.waits),
        ("mark", N_("标记"), tuple(MARKS.items()), filters.mark),
    )
    return tuple(_filter(*one) for one in every)


def more_of(found: FindingList) -> dict[str, Any]:
    """Those that are wanted seldom: the unit that leads, limits by days, and units by their name."""
    filters = found.filters
    units = [(str(unit.id), unit.name) for unit in found.units]
    within = [(days, WITHIN_LABELS[days]) for days in WITHIN]
    chosen = (
        _filter("lead", N_("牵头单位"), units, str(filters.lead or "")),
        _filter("due", N_("几天内到期"), within, filters.due),
    )
    days = (
        {"name": "due_from", "label": N_("时限从"), "value": str(filters.due_from or "")},
        {"name": "due_to", "label": N_("到"), "value": str(filters.due_to or "")},
    )
    texts = ({"name": "unit_named", "label": N_("单位名称含"), "value": filters.unit_named},)
    is_on = any((filters.lead, filters.due, filters.due_from, filters.due_to, filters.unit_named))
    return {"filters": chosen, "days": days, "texts": texts, "is_on": is_on}


def layout_of(asked: Asked) -> list[dict[str, Any]]:
    """The columns to choose from."""
    return [
        {"code": code, "label": _column_label(code), "is_shown": code in asked.columns}
        for code in IN_SHEETS
        if code != "late"
    ]


def _column_label(code: str) -> str:
    label = IN_SHEETS[code].label
    return label if code in COLUMNS else f"{words.label(label)}{gettext('（只在导出的表里）')}"


def by_links(asked: Asked, url: Callable[..., str]) -> tuple[Kept, ...]:
    """What a link has narrowed to, each with the address without it."""
    said = {name: getattr(asked.filters, name) for name in BY_LINKS}
    return tuple(
        Kept(name, "1" if value is True else str(value), _kept_label(name, value), url(asked, **{name: ""}))
        for name, value in said.items()
        if value
    )


def _kept_label(name: str, value: object) -> str:
    return f"{words.label(BY_LINKS[name])} {value}" if name == "as_of" else BY_LINKS[name]


def _light(found: FindingList) -> str:
    return "overdue" if found.filters.overdue else found.filters.light


def _filter(name: str, label: str, choices: Any, chosen: str) -> _pages.Filter:
    return _pages.filter_of(name, label=gettext(label), choices=choices, chosen=chosen, all_label=gettext("全部"))


def _categories() -> list[tuple[str, str]]:
    """Every class of the taxonomy below the one that holds it."""
    taxonomy = profiles_in_use()[0].taxonomy
    return [(code, _indented(one, len(taxonomy.path(code)))) for code, one in taxonomy.categories.items()]


def _indented(category: Category, level: int) -> str:
    return f"{INDENT * (level - 1)}{category.code} {words.either(category.label)}"
