"""Damaged copies of the corpus: each document broken by one mechanism, its labels where they stand then.

A label that lost half of its characters is no longer asked for; with a finding goes its whole item. Where the first
headings are lost, so is their number in each level.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from tests.corpus.damage import MECHANISMS, Copy, headless
from tests.corpus.marks import Document, Labeled, Span

_LEFT = 0.5
_FIRST = re.compile("^[一二三四五六七八九十]{1,2}、")


def damaged(documents: Iterable[Document], mechanism: str) -> Iterator[Document]:
    """The documents that this mechanism finds something to break in, broken, the same in every run."""
    for one in documents:
        copy = MECHANISMS[mechanism](one.text, Random(zlib.crc32(one.name.encode())))
        if copy.text != one.text:
            yield _moved(one, copy, without_first=mechanism == headless.__name__)


def _moved(sound: Document, copy: Copy, *, without_first: bool) -> Document:
    items = [_item(one, copy) for one in sound.items if _place(copy, one.finding)]
    if without_first:
        items = [replace(one, level=_FIRST.sub("", one.level)) for one in items]
    figures = [replace(one, span=span) for one in sound.figures if (span := _place(copy, one.span))]
    unit = _place(copy, sound.unit) if sound.unit else None
    return replace(sound, text=copy.text, unit=unit, items=items, figures=figures)


def _item(sound: Labeled, copy: Copy) -> Labeled:
    places = {mark: [span for one in spans if (span := _place(copy, one))] for mark, spans in sound.places.items()}
    state_span = _place(copy, sound.state_span) if sound.state_span else None
    return replace(sound, places=places, state_span=state_span)


def _place(copy: Copy, span: Span) -> Span | None:
    begin, end = copy.moved(span)
    return (begin, end) if end - begin > _LEFT * (span[1] - span[0]) else None
