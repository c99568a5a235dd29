"""The characters of a recognized line: where each stands along it, how sure it is, and where ink stands that gave none.

Recognition leaves out what it cannot make out; such a place becomes a box of its own, which nobody takes for a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

from bihuan.engines.reading.scans.paper import Picture

UNREAD = "□"
_STOPS = ",:;?!()"
_CHINESE = "\u3400"
_WIDE = "\u2e80"  # characters from here on are as wide as high
_EMPTY = 0.7  # of a character's width, for a place that has one no more
_INKED = 0.45  # of such a place from left to right
_TALL = 0.35  # of its height


@dataclass(frozen=True, slots=True)
class Character:
    """A character, its middle and half its width in parts of the line, and its confidence."""

    text: str
    middle: float
    half: float
    confidence: float


def characters_of(crop: Picture, text: str, words: Any, *, is_upright: bool) -> list[Character]:
    """The characters of a line by what rapidocr tells of it, blanks between them left in, lost ones told."""
    text, middles = _wide(text), list(_middles(text, words))
    width = _width(text, middles, crop)
    found = [
        Character(one, 0.5 if is_upright else middle, width / (2 if one > _WIDE else 4), round(float(sure), 3))
        for one, middle, sure in zip(text, middles, words.confs, strict=False)
    ]
    return found if is_upright or not found else list(_with_lost(crop, found, width))


def _middles(text: str, words: Any) -> Iterator[float]:
    columns = iter([column for group in words.word_cols for column in group])
    middle = 0.0
    for character in text:
        if not character.isspace():
            middle = min((next(columns) + 0.5) / words.line_txt_len, 1.0)
        yield middle


def _width(text: str, middles: list[float], crop: Picture) -> float:
    """The width of a Chinese character, which tells the size of print better than the height of the line."""
    guessed = float(crop.shape[0] * 0.75 / crop.shape[1])
    steps = [
        after[1] - before[1]
        for before, after in pairwise(zip(text, middles, strict=True))
        if before[0] > _CHINESE and after[0] > _CHINESE and after[1] > before[1]
    ]
    seen = median(steps) if len(steps) >= 3 else guessed
    return min(max(seen, guessed * 0.75), guessed * 1.35)


def _with_lost(crop: Picture, found: list[Character], width: float) -> Iterator[Character]:
    dark = _ink(crop)
    edge = Character(" ", -0.1 * width, 0.0, 1.0)
    for before, after in pairwise([edge, *found, Character(" ", 1 + 0.1 * width, 0.0, 1.0)]):
        if before is not edge:
            yield before
        begin, end = before.middle + before.half, after.middle - after.half
        count = round((end - begin) / width)
        if end - begin > width * _EMPTY and count <= 4 and _is_inked(dark, begin, end):
            for index in range(count):
                yield Character(UNREAD, begin + (end - begin) * (index + 0.5) / count, width / 2, 0.0)


def _ink(crop: Picture) -> Picture:
    """Which pixels are dark, against the paper of this line."""
    grey = crop.min(axis=2) if crop.ndim == 3 else crop
    inked: Picture = grey < np.percentile(grey, 80) * 0.62
    return inked


def _is_inked(dark: Picture, begin: float, end: float) -> bool:
    height, across = dark.shape
    left, right = max(0, round(begin * across)), min(across, round(end * across))
    part = dark[round(height * 0.1) : round(height * 0.9), left:right]
    if not part.size:
        return False
    columns, rows = part.sum(axis=0) >= 2, part.sum(axis=1) >= 2
    return bool(columns.mean() > _INKED and rows.mean() > _TALL)


def _wide(text: str) -> str:
    """Stops and brackets beside Chinese characters as they are printed there; recognition mixes up their widths."""
    around = f" {text} "
    return "".join(
        chr(ord(one) + 0xFEE0) if one in _STOPS and (_is_chinese(before) or _is_chinese(after)) else one
        for before, one, after in zip(around, text, around[2:], strict=False)
    )


def _is_chinese(character: str) -> bool:
    return _CHINESE <= character <= "\u9fff"
