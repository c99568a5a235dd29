"""Makes a table of a list of findings in words, 问题清单 with 1. 2. 3., whose numbers lists drawn as tables answer.

Lists that are all in words are tied elsewhere (items/linked).
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.content import Table
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import lines_of, trimmed
from bihuan.engines.reading.structure.markers import marker_at
from bihuan.engines.reading.tables.linked import numbered, numbers_of

_TITLE = re.compile(r"(?P<name>问题清单)[^,。;:\n]{0,12}$")
_FEWEST = 2
_SHARED = 0.6
_STYLES = frozenset({"num", "num_paren", "dec"})


def worded(mirror: str, tables: Sequence[Table]) -> Table | None:
    """The list as a table of two columns, number and finding; None unless a table behind it answers to its numbers."""
    answering = [(table, found) for table in tables if (found := numbered(mirror, table))]
    if not answering:
        return None
    table, (first, number, _) = answering[0]
    listed = list(_listed(mirror, table.span[0]))
    asked = {name for row in table.rows[first:] for name in numbers_of(mirror, row, number)}
    told = [mirror[slice(*cells[0])] for cells in listed[1:]]
    if len(told) < _FEWEST or len(asked & set(told)) < _SHARED * max(len(asked), len(told)):
        return None
    head = (table.rows[first - 1][number], listed[0][1])
    return Table((listed[1][0][0], listed[-1][1][1]), (head, *listed[1:]))


def _listed(mirror: str, end: int) -> Iterator[tuple[Span, Span]]:
    """The title of the list, then the number and the words of each of its lines."""
    is_open = False
    for start, stop in lines_of(mirror, 0, end):
        title = _TITLE.search(mirror, start, stop)
        if title and not is_open:
            is_open = True
            yield (start, start), title.span("name")
            continue
        marker = marker_at(mirror, start, stop) if is_open else None
        if marker and marker.style in _STYLES:
            digits = re.search(r"\d+", mirror[start:stop])
            begin = start + digits.start() if digits else start
            yield (begin, begin + len(digits[0]) if digits else start), trimmed(mirror, (marker.end, stop), also="。;")
