"""Official documents and spreadsheets written from plain values; of files only somebody's own empty form is read."""

from bihuan.engines.writing.cells import Column
from bihuan.engines.writing.lists import ListColumn, ListSheet, write_lists
from bihuan.engines.writing.packages import NotAForm, loses_pictures
from bihuan.engines.writing.sheets import TooManyRows, write_sheet

__all__ = [
    "Column",
    "ListColumn",
    "ListSheet",
    "NotAForm",
    "TooManyRows",
    "loses_pictures",
    "write_lists",
    "write_sheet",
]
