"""Cuts a paragraph into clauses, each with the stop behind it; nothing is cut inside quotes or brackets.

What a clause says is decided elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed

SENTENCE_ENDS = frozenset("。!?.\n\t")
_CUT = re.compile(
    r"(?P<opening>[“(《‘\[【])|(?P<closing>[”)》’\]】])|(?P<stop>[,。;:!?\t]|——|(?<=[㐀-鿿%])\.(?=[㐀-鿿\s“(]|$))"
)
_LONGEST_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its words, and the stop that ends it ("" where a bracket does)."""

    span: Span
    stop: str

    @property
    def ends(self) -> bool:
        """A sentence ends here."""
        return self.stop in SENTENCE_ENDS or self.stop == ""


def clauses_of(mirror: str, span: Span) -> Iterator[Clause]:
    """The clauses of a stretch in order, without the stops."""
    begin, opened, depth = span[0], span[0], 0
    for found in _CUT.finditer(mirror, *span):
        at = found.start()
        if found["opening"]:
            opened = at if depth == 0 else opened
            depth += 1
        elif found["closing"]:
            depth = max(0, depth - 1)
            if depth == 0 and opened == begin and found[0] in ")】]":
                yield from _clause(mirror, (begin, found.end()), "")
                begin = found.end()
        elif depth == 0 or at - opened > _LONGEST_QUOTE:
            depth = 0
            yield from _clause(mirror, (begin, at), found[0])
            begin = found.end()
        if depth == 0 and begin == found.end():
            begin = _past_blanks(mirror, begin, span[1])
    yield from _clause(mirror, (begin, span[1]), "\n")


def _past_blanks(mirror: str, at: int, end: int) -> int:
    while at < end and mirror[at] in " \t\n\r":
        at += 1
    return at


def _clause(mirror: str, span: Span, stop: str) -> Iterator[Clause]:
    span = trimmed(mirror, span)
    if span[0] < span[1]:
        yield Clause(span, stop)
