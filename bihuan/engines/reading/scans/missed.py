"""Rows of ink on a page that gave no line: as high as print and long enough for words, outside of what was recognized.

Only told, never guessed at. What is thinner, higher or shorter is a rule, a picture, a stamp or a speck.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from bihuan.engines.reading.scans.paper import Picture, Rule

_SOFT = 0.07  # of a letter, over which grain is smoothed away
_AROUND = 5.0  # letters, in which the paper's own brightness is looked for
_DARK = 0.86  # of that brightness
_JOIN = 0.9  # letters between two characters of one row
_LOWEST, _HIGHEST = 0.5, 1.7  # letters, for a row
_SHORTEST = 6.0
_INKED = 0.18  # of a row's box
_USUAL = 40  # letters across a page, where nothing tells their size


def missed_rows(picture: Picture, recognized: Sequence[Picture], *, skew: float, letter: float) -> list[Rule]:
    """Boxes of the rows in pixels of the picture set straight: left, top, right, bottom; `recognized`: quadrangles.

    `letter`: the height of print in pixels, 0 where nobody knows.
    """
    height, width = picture.shape[:2]
    letter = letter or width / _USUAL
    ink = _ink(picture, letter)
    for quad in recognized:
        cv2.fillPoly(ink, [_grown(quad, letter * 0.35).astype(np.int32)], 0)
    if skew:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        ink = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST)
    rows = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(3, round(letter * _JOIN))), np.uint8))
    rows = cv2.morphologyEx(rows, cv2.MORPH_OPEN, np.ones((max(2, round(letter * 0.12)), 1), np.uint8))
    count, _labels, found, _middles = cv2.connectedComponentsWithStats(rows)
    return [
        (float(left), float(top), float(left + across), float(top + down))
        for left, top, across, down, _area in found[1:count]
        if _LOWEST * letter <= down <= _HIGHEST * letter
        and across >= _SHORTEST * letter
        and ink[top : top + down, left : left + across].mean() >= _INKED
    ]


def _ink(picture: Picture, letter: float) -> Picture:
    """Ones where the paper is dark against what lies around, with the grain smoothed away."""
    soft = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (0, 0), max(1.0, letter * _SOFT))
    reach = round(letter * _AROUND) | 1
    paper = cv2.blur(cv2.dilate(soft, np.ones((reach // 4 | 1,) * 2, np.uint8)), (reach, reach))
    inked: Picture = (soft < paper * _DARK).astype(np.uint8)
    return inked


def _grown(quad: Picture, by: float) -> Picture:
    """The quadrangle with its corners moved away from its middle."""
    away = np.sign(quad - quad.mean(axis=0))
    grown: Picture = quad + away * by
    return grown
