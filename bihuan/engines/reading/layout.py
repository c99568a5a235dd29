"""A document as it looks, beside what was read of it: its tables, where its pages begin, and every repair.

Nothing is understood here. All places are those of the text as it came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.formats.apart import read_apart
from bihuan.engines.reading.formats.containers import read_container
from bihuan.engines.reading.formats.scanned_pages import ScannedPage
from bihuan.engines.reading.formats.scans import packed
from bihuan.engines.reading.mending import repaired_within_cells
from bihuan.engines.reading.places import Places
from bihuan.engines.reading.shapes import Repair, Span, Unsure


@dataclass(frozen=True, slots=True)
class Layout:
    """The text as it came with its tables and pages; repairs, applied or only proposed, in the order of their places.

    `repaired` and `places`: the text with the applied ones, where they changed it. `unsure`: what recognition doubts.
    """

    text: str
    tables: tuple[Table, ...]
    pages: tuple[int, ...]
    repairs: Sequence[Repair]
    repaired: str
    places: Places | None
    unsure: tuple[Unsure, ...] = ()

    def quoted(self, span: Span) -> str:
        """The words at a place with the applied repairs, as a reading quotes them."""
        return self.repaired[slice(*self.places.repaired(span))] if self.places else self.text[slice(*span)]


def layout_of(content: bytes, *, name: str, pages: Mapping[int, ScannedPage]) -> Layout:
    """The layout of a document from its bytes, and of a scan from its recognized pages. Raises Unreadable."""
    found = read_apart("scan", packed(content, pages)) if pages else read_container(content, ending=Path(name).suffix)
    restored = repaired_within_cells(found)
    places = restored.changes.applied.places() if restored.text != found.text else None
    return Layout(found.text, found.tables, found.pages, restored.changes, restored.text, places, found.unsure)
