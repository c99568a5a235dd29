"""What an address of the ledger asks for: filters, order and columns, read from it and written back into it.

What it does not say sensibly narrows nothing. Saved views and exports keep exactly this text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from bihuan.models import Organization
from bihuan.queries.findings import ordering, search
from bihuan.queries.findings.columns import COLUMNS, IN_SHEETS, PRINTED, USUAL
from bihuan.queries.findings.narrowing import GROUPS, WITHIN, FindingFilters
from bihuan.queries.findings.nearness import SHOWN
from bihuan.queries.findings.stood import STOOD
from bihuan.queries.findings.waiting import KINDS, WAITS
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.lights import LIGHTS
from bihuan.rules.vocabulary import MARKS, N_

LONGEST_CODE = 32
SEARCH, SORT, SHOWN_COLUMNS = "q", "sort", "cols"
AS_PRINTED = "printed"
# What may be narrowed to one of several codes; ids, days, yes or no, and codes of a profile are read by their type.
CODES: Mapping[str, tuple[str, ...]] = {
    "state": (*GROUPS, *[state.code for state in FINDING.states]),
    "light": SHOWN,
    "waits": WAITS,
    "mark": tuple(MARKS),
    "due": WITHIN,
    "was": tuple(STOOD),
}


@dataclass(frozen=True)
class Asked:
    """The ledger as somebody asked for it."""

    filters: FindingFilters
    sort: str = ordering.USUAL
    columns: tuple[str, ...] = USUAL

    @property
    def on_page(self) -> tuple[str, ...]:
        """Those of its columns that a page can show."""
        return tuple(code for code in self.columns if code in COLUMNS) or USUAL


def asked_by(said: Mapping[str, list[str]]) -> Asked:
    """What the questions of an address ask for."""
    given = {field.name: _read(field, _last(said, field.name)) for field in fields(FindingFilters)}
    given["query"] = search.typed(_last(said, SEARCH))
    given["unit_class"] = given["unit_class"] or _last(said, "class")[:LONGEST_CODE]
    sort = _last(said, SORT)
    named = [one for part in said.get(SHOWN_COLUMNS, ()) for one in part.split(",")]
    return Asked(
        FindingFilters(**{name: value for name, value in given.items() if value}),
        sort if sort in ordering.SORTS else ordering.USUAL,
        columns_named(named) or USUAL,
    )


def columns_named(named: Sequence[str]) -> tuple[str, ...]:
    """The columns by their codes in the order of the register; those of the printed ledger by its one name."""
    return tuple(PRINTED) if AS_PRINTED in named else tuple(code for code in IN_SHEETS if code in named)


def asked_in(text: str) -> Asked:
    """What a kept text asks for."""
    return asked_by(parse_qs(text))


def said_of(asked: Asked, **changed: str) -> str:
    """The questions of the address that asks for it, with some changed; only what differs from the usual."""
    said: dict[str, Any] = {field.name: getattr(asked.filters, field.name) for field in fields(FindingFilters)}
    said = {SEARCH: said.pop("query"), **{name: "1" if value is True else value for name, value in said.items()}}
    said[SORT] = asked.sort if asked.sort != ordering.USUAL else ""
    named = AS_PRINTED if asked.columns == tuple(PRINTED) else ",".join(asked.columns)
    said[SHOWN_COLUMNS] = named if asked.columns != USUAL else ""
    return urlencode({name: str(value) for name, value in (said | changed).items() if value}, safe=",")


def sorted_anew(asked: Asked, *, sort: str) -> Asked:
    """The same, in another order."""
    return replace(asked, sort=sort)


def _last(said: Mapping[str, list[str]], name: str) -> str:
    found = said.get(name) or [""]
    return found[-1].replace("\0", "")


def _read(field: Any, text: str) -> Any:
    if field.name in CODES:
        return text if text in CODES[field.name] else ""
    try:
        if field.type == UUID | None:
            return UUID(text) if text else None
        if field.type == date | None:
            return date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return text == "1" if field.type is bool else text[:LONGEST_CODE]


# How a sheet or a list of exports names what was asked for; ids are named by what they stand for.
_NAMES = {
    "query": N_("搜索"), "state": N_("状态"), "light": N_("时限"), "waits": N_("待办"), "mark": N_("标记"),
    "category": N_("类别"), "due_from": N_("时限从"), "due_to": N_("时限到"), "under": N_("单位"), "unit": N_("单位"),
    "unit_named": N_("单位名称含"),
    "lead": N_("牵头单位"), "helping": N_("配合单位"), "due": N_("几天内到期"), "as_of": N_("截至"),
}  # fmt: skip
_OF_UNITS = ("under", "unit", "lead", "helping")
_LABELS: Mapping[str, Mapping[str, str]] = {
    "state": {"given": N_("应整改"), "unfinished": N_("未办结"), **{one.code: one.label for one in FINDING.states}},
    "light": {code: LIGHTS[code].label for code in SHOWN},
    "waits": {code: kind.label for code, kind in KINDS.items()},
    "mark": MARKS,
}
OTHER = N_("其他条件")


def described(asked: Asked, *, say: Callable[[str], str]) -> str:
    """The filters in words, for who was not there when they were chosen; empty where nothing narrows."""
    said = {field.name: getattr(asked.filters, field.name) for field in fields(FindingFilters)}
    chosen = {name: value for name, value in said.items() if value}
    ids = [chosen[name] for name in _OF_UNITS if name in chosen]
    units = dict(Organization.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    words = []
    for name, value in chosen.items():
        if name == "overdue":
            words.append(say(LIGHTS["overdue"].label))
        elif name in _NAMES:
            shown = units.get(value, value) if name in _OF_UNITS else say(_LABELS.get(name, {}).get(value, "")) or value
            words.append(f"{say(_NAMES[name])}{say('：')}{shown}")
        else:
            words.append(say(OTHER))
    return say("；").join(dict.fromkeys(words))
