"""The tables that a plan is printed as, from profiles/plan_lists.toml: which columns, under which heads, how wide.

What stands in a cell is a query's to say; here are only the codes that a profile may choose from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bihuan.rules.profile import packaged_text
from bihuan.rules.profile_table import Table
from bihuan.rules.time_limits import Certainty

FILE = "plan_lists.toml"
# Said once of a finding, whatever number of measures it has; and of each measure.
OF_A_FINDING = (
    "order", "number", "category", "quote", "specifics", "commonality", "units", "answers", "causes", "goal", "leader",
)  # fmt: skip
OF_A_MEASURE = (
    "position", "measure", "kinds", "period", "long_term", "product", "unit", "helping", "person", "supervisor", "due",
    "by_hand",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: what it holds, its head in both languages, its width in half-width letters."""

    code: str
    label: Mapping[str, str]
    width: int


@dataclass(frozen=True, slots=True)
class PlanList:
    """One table that is printed."""

    label: Mapping[str, str]
    columns: tuple[ListColumn, ...]


@dataclass(frozen=True, slots=True)
class PlanLists:
    """All of them in their order, and where their columns come from."""

    source: str
    certainty: Certainty
    lists: Mapping[str, PlanList]


def parse_plan_lists(text: str, *, file: str = FILE) -> PlanLists:
    """The tables as a file gives them. ProfileInvalid names the file, the key and what is wrong."""
    root = Table.of_text(text, file=file)
    lists = {code: _list(table) for code, table in root.named_tables("lists").items()}
    certainty = Certainty(root.choice("certainty", among=Certainty))
    found = PlanLists(source=root.text("source"), certainty=certainty, lists=MappingProxyType(lists))
    root.text("version")
    root.day("effective_from")
    root.refuse_the_rest()
    return found


def _list(table: Table) -> PlanList:
    columns = tuple(_column(one) for one in table.listed_tables("columns"))
    found = PlanList(table.label(), columns)
    table.refuse_the_rest()
    return found


def _column(table: Table) -> ListColumn:
    code = table.choice("code", among=(*OF_A_FINDING, *OF_A_MEASURE))
    found = ListColumn(code, table.label(), table.integer("width"))
    table.refuse_the_rest()
    return found


@cache
def plan_lists() -> PlanLists:
    """Those that came with the product."""
    return parse_plan_lists(packaged_text(FILE))
