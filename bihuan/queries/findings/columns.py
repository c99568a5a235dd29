"""The columns that the ledger can have: on a page, in a sheet, and which of them it has until somebody chooses.

The printed ledger (整改台账) has those of the common table of the three lists (国有企业巡视巡察整改工作手册附件 9:
序号、反馈问题、整改目标、整改措施、责任领导、责任部门、完成时限), and the number, unit, state and last progress.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bihuan.queries.findings.planned import NOTHING, Beside, Source
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
    """One column: words, width in a sheet, what its cells are, which fields they are made of, its head's order.

    `beside`: whence it takes what is not the finding's own; a page has no such columns, a sheet has.
    `told`: a cell of a sheet is the field as it was read, or one of few, which are worded once.
    """

    label: str
    width: int
    cell: "Callable[[FindingRow | Line, Speech], object]"
    reads: tuple[str, ...]
    kind: Literal["text", "number", "date"] = "text"
    sort: str = ""
    beside: Source = ""
    told: Literal["", "as read", "of few"] = ""


def _by(row: "FindingRow | Line") -> Beside:
    found: Beside = getattr(row, "beside", NOTHING)
    return found


_ROUND = tuple(f"inspection__{part}" for part in ("profile", "office_word", "year", "round_number"))
COLUMNS: Mapping[str, Column] = {
    "number": Column(N_("编号"), 22, lambda row, _: row.number, ("number",), sort="number", told="as read"),
    "title": Column(N_("问题"), 56, lambda row, _: row.text, ("text",), told="as read"),
    "unit": Column(N_("责任单位"), 20, lambda row, _: row.unit, ("unit__name",), sort="unit", told="as read"),
    "lead": Column(N_("牵头单位"), 20, lambda row, _: row.lead_unit, ("lead_unit__name", "unit__name")),
    "round": Column(N_("轮次"), 16, lambda row, _: row.round, _ROUND),
    "category": Column(
        N_("类别"),
        28,
        lambda row, say: category_of(row, say=say),
        ("category", "inspection__profile"),
        sort="category",
        told="of few",
    ),
    "state": Column(
        N_("状态"), 12, lambda row, say: say.label(row.state.label), ("state",), sort="state", told="of few"
    ),
    "marks": Column(
        N_("标记"), 14, lambda row, say: "、".join(say.label(MARKS[mark]) for mark in row.marks), tuple(MARKS)
    ),
    "given": Column(
        N_("反馈签收日"), 12, lambda row, _: row.given_on, ("given_on",), "date", sort="-opened", told="as read"
    ),
    "opened": Column(N_("已过天数"), 10, lambda row, _: row.days_open, ("given_on", "state"), "number", sort="opened"),
    "due": Column(N_("时限"), 12, lambda row, _: row.due_on, ("due_on",), "date", sort="due", told="as read"),
    "late": Column(
        N_("已逾期"), 10, lambda row, say: say.label(N_("是")) if row.is_overdue else "", ("state", "due_on")
    ),
}
USUAL = ("number", "title", "unit", "category", "state", "due")
# The place in the sheet is the writer's to count.
ORDER = "order"
_OF_THE_PLAN: Mapping[str, Column] = {
    "causes": Column(N_("原因分析"), 24, lambda row, _: _by(row).causes, (), beside="plan"),
    "goal": Column(N_("整改目标"), 24, lambda row, _: _by(row).goal, (), beside="plan"),
    "measures": Column(N_("整改措施"), 40, lambda row, _: _by(row).each("text"), (), beside="plan"),
    "leader": Column(N_("责任领导"), 12, lambda row, _: _by(row).leader, (), beside="plan"),
    "duty": Column(N_("责任部门"), 16, lambda row, _: _by(row).all_of("unit"), (), beside="plan"),
    "helping": Column(N_("配合部门"), 16, lambda row, _: _by(row).all_of("helping"), (), beside="plan"),
    "person": Column(N_("直接责任人"), 14, lambda row, _: _by(row).all_of("person"), (), beside="plan"),
    "supervisor": Column(N_("监督人"), 14, lambda row, _: _by(row).all_of("supervisor"), (), beside="plan"),
    "product": Column(N_("成果形式"), 20, lambda row, _: _by(row).each("product"), (), beside="plan"),
    "measure_due": Column(N_("措施完成时限"), 14, lambda row, _: _by(row).each("due_on"), (), beside="plan"),
    "progress": Column(N_("最近进展"), 30, lambda row, _: _by(row).said, (), beside="progress"),
    "progress_on": Column(N_("进展日期"), 12, lambda row, _: _by(row).said_on, (), "date", beside="progress"),
}
IN_SHEETS: Mapping[str, Column] = {
    ORDER: Column(N_("序号"), 6, lambda _row, _say: None, (), "number"), **COLUMNS, **_OF_THE_PLAN,
}  # fmt: skip
# The ledger as it is printed: its columns, and how wide they are on a wide A4 page.
PRINTED: Mapping[str, int] = {
    ORDER: 5, "number": 11, "unit": 11, "title": 30, "goal": 18, "measures": 30, "leader": 9, "lead": 11, "due": 11,
    "state": 8, "progress": 20,
}  # fmt: skip


def category_of(row: "FindingRow | Line", *, say: Speech) -> str:
    """The category in words with its code; the code alone where its profile no longer has it."""
    label = say.either(row.category_label) if row.category_label else ""
    return f"{row.category} {label}".strip()
