"""Ledgers of any layout to checked rows: every fault at once, by its cell, with what would be right.

Which rows are new, and what a row changes, is not known here.
"""

from bihuan.engines.reading.ledgers.checking import Checked, check
from bihuan.engines.reading.ledgers.heads import NoHead, layout_of
from bihuan.engines.reading.ledgers.opening import opened
from bihuan.engines.reading.ledgers.shapes import (
    FAULTS,
    Column,
    Fault,
    Known,
    Layout,
    LedgerRow,
    Unit,
    alike,
    place_name,
)

__all__ = [
    "FAULTS",
    "Checked",
    "Column",
    "Fault",
    "Known",
    "Layout",
    "LedgerRow",
    "NoHead",
    "Unit",
    "alike",
    "check",
    "layout_of",
    "opened",
    "place_name",
]
