"""Finds the Party organization a document is addressed to: its salutation, else its title."""

from collections.abc import Sequence

from bihuan.engines.reading import lexicon
from bihuan.engines.reading.markers import Line
from bihuan.engines.reading.shapes import Span

_HEAD_LINES = 12
_LONGEST = 80


def unit_of(mirror: str, lines: Sequence[Line]) -> Span | None:
    """Where the unit is named; None when the head of the document names none."""
    head = [line.span for line in lines[:_HEAD_LINES] if not line.markers]
    short = [(start, end) for start, end in head if end - start <= _LONGEST]
    salutations = (lexicon.pattern("units", "salutation").fullmatch(mirror, *span) for span in short)
    titles = (lexicon.pattern("units", "title").search(mirror, *span) for span in short)
    found = next(filter(None, salutations), None) or next(filter(None, titles), None)
    return found.span("unit") if found else None
