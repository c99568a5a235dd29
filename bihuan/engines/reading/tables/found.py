"""The tables of a document as the other stages read them: upright, joined by their numbers, blocks of labels too."""

from collections.abc import Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.structure.lines import lines_of
from bihuan.engines.reading.tables.headers import header_of
from bihuan.engines.reading.tables.linked import linked
from bihuan.engines.reading.tables.pasted import pasted_tables
from bihuan.engines.reading.tables.records import recorded_tables
from bihuan.engines.reading.tables.upright import upright
from bihuan.engines.reading.tables.worded import worded


def tables_of(mirror: str, given: Sequence[Table]) -> tuple[Table, ...]:
    """The tables that came with the document, else those its text draws; one that tells no findings only marks them."""
    found = [upright(mirror, table) for table in given or pasted_tables(mirror) if table.rows]
    if not any(header_of(mirror, table) for table in found) and (told := worded(mirror, found)):
        found = [told, *found]
    found = linked(mirror, found)
    if not any(header_of(mirror, table) for table in found):
        blocks = recorded_tables(mirror, list(lines_of(mirror)))
        found += [table for table in blocks if not any(_overlap(table, other) for other in found)]
    return tuple(sorted(found, key=lambda table: table.span))


def _overlap(one: Table, other: Table) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]
