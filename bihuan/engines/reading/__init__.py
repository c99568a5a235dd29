"""Bytes of a document to its structure: kind, unit, findings with their places in the text, figures, doubts.

Word, PDF, Excel, pages and plain text. Damaged text is repaired first where that is certain; nothing is invented:
places are those of the text as it came, and a document of kind other has no item.
"""

from bihuan.engines.reading.beside import Beside, beside
from bihuan.engines.reading.layout import Layout, layout_of
from bihuan.engines.reading.pipeline import STAGES, read_bytes, read_file, text_of
from bihuan.engines.reading.shapes import Figure, Item, Reading, Repair, Span, Unreadable

__all__ = [
    "STAGES",
    "Beside",
    "Figure",
    "Item",
    "Layout",
    "Reading",
    "Repair",
    "Span",
    "Unreadable",
    "beside",
    "layout_of",
    "read_bytes",
    "read_file",
    "text_of",
]
