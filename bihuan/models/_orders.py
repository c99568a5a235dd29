"""The orders of the ledger as SQL: what a list sorts by, and the index that each walks along (decision 0012).

Every order is made of what row security lets through to an index: columns, CASE, and comparisons that leak nothing.
"""

from bihuan.rules.lifecycle import FINDING

NEVER = "'9999-12-31'::date"
_RANKS = " ".join(f"when '{state.code}' then {rank}" for rank, state in enumerate(FINDING.states))

# What stands for a column in an order; {} is the column.
LAST_IF_NONE = f"(case when {{0}} is null then {NEVER} else {{0}} end)"
BY_LIFECYCLE = f"(case {{0}} {_RANKS} else 99 end)"
# The index of each order; numbers, which break every tie, have their own since the beginning.
INDEXES = {
    "finding_by_due": LAST_IF_NONE.format("due_on"),
    "finding_by_given": LAST_IF_NONE.format("given_on"),
    "finding_by_state": BY_LIFECYCLE.format("state"),
    "finding_by_unit": "unit_lo",
    "finding_by_category": "category",
}


def order_sql() -> list[str]:
    """The indexes of the orders."""
    return [f"create index {name} on finding ({by}, number)" for name, by in INDEXES.items()]
