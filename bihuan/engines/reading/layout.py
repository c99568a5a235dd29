"""A document as it looks, beside what was read of it: its tables, where its pages begin, and every repair.

Nothing is understood here. All places are those of the text as it came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.formats.containers import read_container
from bihuan.engines.reading.mending import repaired_within_cells
from bihuan.engines.reading.places import Places
from bihuan.engines.reading.shapes import Repair, Span


@dataclass(frozen=True, slots=True)
class Layout:
    """The text as it came with its tables and pages; repairs, applied or only proposed, in the order of their places.

    `repaired` and `places`: the text with the applied ones, where they changed it.
    """

    text: str
    tables: tuple[Table, ...]
    pages: tuple[int, ...]
    repairs: Sequence[Repair]
    repaired: str
    places: Places | None

    def quoted(self, span: Span) -> str:
        """The words at a place with the applied repairs, as a reading quotes them."""
        return self.repaired[slice(*self.places.repaired(span))] if self.places else self.text[slice(*span)]


def layout_of(content: bytes, *, name: str) -> Layout:
    """The layout of a document from its bytes. Raises Unreadable."""
    found = read_container(content, ending=Path(name).suffix)
    restored = repaired_within_cells(found)
    places = restored.changes.applied.places() if restored.text != found.text else None
    return Layout(found.text, found.tables, found.pages, restored.changes, restored.text, places)
