"""Cuts a paragraph into clauses, each with the stop behind it; nothing is cut inside quotes or brackets.

What a clause says is decided elsewhere.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure.lines import trimmed

SENTENCE_ENDS = frozenset("。!?.\n\t")
_OPENING = frozenset("“(《‘[【")
_CLOSING = frozenset("”)》’]】")
_CUT = re.compile(r"[“(《‘\[【”)》’\]】,。;:!?\t—.](?:(?<![—.])|(?<=—)—|(?<=[㐀-鿿%]\.)(?=[㐀-鿿\s“(]|$))")
_LONGEST_QUOTE = 160


class Clause(NamedTuple):
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
    end = span[1]
    for found in _CUT.finditer(mirror, *span):
        at = found.start()
        sign = found[0]
        if sign in _OPENING:
            opened = at if depth == 0 else opened
            depth += 1
        elif sign in _CLOSING:
            depth = max(0, depth - 1)
            if depth == 0 and opened == begin and sign in ")】]":
                yield from _clause(mirror, (begin, found.end()), "")
                begin = found.end()
        elif depth == 0 or at - opened > _LONGEST_QUOTE:
            depth = 0
            yield from _clause(mirror, (begin, at), sign)
            begin = found.end()
        if depth == 0 and begin == found.end():
            while begin < end and mirror[begin] in " \t\n\r":
                begin += 1
    yield from _clause(mirror, (begin, end), "\n")


def _clause(mirror: str, span: Span, stop: str) -> Iterator[Clause]:
    span = trimmed(mirror, span)
    if span[0] < span[1]:
        yield Clause(span, stop)
