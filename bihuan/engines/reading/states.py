"""Reads the state of rectification out of a stretch of text; what says nothing is unstated, never done."""

from bihuan.engines.reading import lexicon
from bihuan.engines.reading.shapes import Span

UNSTATED = "unstated"


def state_in(mirror: str, span: Span | None) -> tuple[str, Span | None]:
    """The state said in a stretch and where; the order of the lexicon decides between several."""
    if span is None:
        return UNSTATED, None
    for words, state, unless in lexicon.states():
        found = words.search(mirror[slice(*span)])
        if found and not (unless and unless.search(mirror[max(span[0], span[0] + found.start() - 6) : span[1]])):
            return state, (span[0] + found.start(), span[0] + found.end())
    return UNSTATED, None
