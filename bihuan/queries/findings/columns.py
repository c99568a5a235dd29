"""The columns that the ledger can have: on a page, in a sheet, and which of them it has until somebody chooses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bihuan.rules.vocabulary import MARKS, N_

if TYPE_CHECKING:
    from bihuan.queries.findings.lines import FindingRow, Line


@dataclass(frozen=True)
class Speech:
    """How a door says the labels of rules and profiles in the reader's language."""

    label: Callable[[str], str]
    either: Callable[[Mapping[str, str]], str]


@dataclass(frozen=True)
class Column:
    """One column: words, width in a sheet, what its cells are, which fields they are made of, its head's order."""

    label: str
    width: int
    cell: "Callable[[FindingRow | Line, Speech], object]"
    reads: tuple[str, ...]
    kind: Literal["text", "number", "date"] = "text"
    sort: str = ""


_ROUND = tuple(f"inspection__{part}" for part in ("profile", "office_word", "year", "round_number"))
COLUMNS: Mapping[str, Column] = {
    "number": Column(N_("编号"), 22, lambda row, _: row.number, ("number",), sort="number"),
    "title": Column(N_("问题"), 56, lambda row, _: row.text, ("text",)),
    "unit": Column(N_("责任单位"), 20, lambda row, _: row.unit, ("unit__name",), sort="unit"),
    "lead": Column(N_("牵头单位"), 20, lambda row, _: row.lead_unit, ("lead_unit__name", "unit__name")),
    "round": Column(N_("轮次"), 16, lambda row, _: row.round, _ROUND),
    "category": Column(
        N_("类别"), 28, lambda row, say: category_of(row, say=say), ("category", "inspection__profile"), sort="category"
    ),
    "state": Column(N_("状态"), 12, lambda row, say: say.label(row.state.label), ("state",), sort="state"),
    "marks": Column(
        N_("标记"), 14, lambda row, say: "、".join(say.label(MARKS[mark]) for mark in row.marks), tuple(MARKS)
    ),
    "given": Column(N_("反馈签收日"), 12, lambda row, _: row.given_on, ("given_on",), "date", sort="-opened"),
    "opened": Column(N_("已过天数"), 10, lambda row, _: row.days_open, ("given_on", "state"), "number", sort="opened"),
    "due": Column(N_("时限"), 12, lambda row, _: row.due_on, ("due_on",), "date", sort="due"),
    "late": Column(
        N_("已逾期"), 10, lambda row, say: say.label(N_("是")) if row.is_overdue else "", ("state", "due_on")
    ),
}
USUAL = ("number", "title", "unit", "category", "state", "due")


def category_of(row: "FindingRow | Line", *, say: Speech) -> str:
    """The category in words with its code; the code alone where its profile no longer has it."""
    label = say.either(row.category_label) if row.category_label else ""
    return f"{row.category} {label}".strip()
