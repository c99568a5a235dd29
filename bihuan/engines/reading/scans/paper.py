"""What lies on the paper beside the words: stamps, which are paled, and ruled lines, which make tables."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]
_RED = 45  # how much redder than the rest a pixel of a stamp is
_SMALLEST, _LARGEST = 0.08, 0.45  # of the page's width, for a stamp
_ROUND = 1.6
_INKED = 0.88  # of a stretch, for a rule
_GRAIN = 1.5  # pixels, over which noise is smoothed away; a rule of one pixel stays
Rule = tuple[float, float, float, float]


def paled(picture: Picture) -> Picture:
    """The picture with round red marks taken out, and what is printed under them left.

    Red words, as in the head of an official paper, stay as they are.
    """
    bands = picture.astype(np.int16)
    red = bands[:, :, 0] - np.maximum(bands[:, :, 1], bands[:, :, 2]) > _RED
    if red.mean() < 0.0005:
        return picture
    width = picture.shape[1]
    reach = max(3, width // 100) | 1
    near = cv2.dilate(red.astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, _labels, found, _middles = cv2.connectedComponentsWithStats(near)
    made = picture.copy()
    for left, top, across, down, _area in found[1:count]:
        is_round = max(across, down) < min(across, down) * _ROUND
        if is_round and width * _SMALLEST < across < width * _LARGEST:
            part = made[top : top + down, left : left + across]
            _wipe(part, near[top : top + down, left : left + across] > 0)
    return made


def _wipe(part: Picture, near: Picture) -> None:
    """Ink of the stamp becomes paper; what was printed under it is dark in its red part, too, and stays."""
    red = part[:, :, 0]
    paper = np.percentile(red, 80)
    stays = np.where((red > paper * 0.55) & near, paper, red)
    part[:] = stays[:, :, None].astype(part.dtype)


def ruled(picture: Picture, skew: float, letter: float) -> list[Rule]:
    """The straight lines on the picture set straight, as thin boxes: left, top, right, bottom in pixels."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if skew:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    # Grain alone would be inked everywhere, and make a table of any page.
    grey = cv2.GaussianBlur(grey, (0, 0), _GRAIN)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 25).astype(np.float32)
    long, tall = max(40, int(letter * 4)), max(40, int(letter * 2.2))
    rules: list[Rule] = []
    for shape in ((long, 1), (1, tall)):
        # A rule that noise has broken is inked along most of it; a row of strokes is not.
        filled = cv2.blur(cv2.dilate(ink, np.ones((3, 3))), shape, borderType=cv2.BORDER_CONSTANT) > _INKED
        count, _labels, found, _middles = cv2.connectedComponentsWithStats(filled.astype(np.uint8))
        for left, top, across, down, _area in found[1:count]:
            if min(across, down) <= max(10, letter * 0.35):
                rules.append(_thin(float(left), float(top), float(across), float(down), shape))
    return _framed(_framed(rules, letter), letter)


def _framed(rules: list[Rule], letter: float) -> list[Rule]:
    """The rules that end at rules of the other direction, as those of tables do; strokes of words end anywhere."""
    near = letter * 0.4
    level = [rule for rule in rules if rule[2] - rule[0] >= rule[3] - rule[1]]
    upright = [rule for rule in rules if rule not in level]

    def meets(x: float, y: float, others: list[Rule]) -> bool:
        return any(
            left - near <= x <= right + near and top - near <= y <= bottom + near for left, top, right, bottom in others
        )

    kept = [rule for rule in level if meets(rule[0], rule[1], upright) and meets(rule[2], rule[3], upright)]
    return kept + [rule for rule in upright if meets(rule[0], rule[1], level) and meets(rule[2], rule[3], level)]


def _thin(left: float, top: float, across: float, down: float, shape: tuple[int, int]) -> Rule:
    """The middle of a stroke, with the ends that the look along it has cut off."""
    more_across, more_down = (part * (_INKED - 0.5) if part > 1 else 0.0 for part in shape)
    if across >= down:
        return left - more_across, top + down / 2, left + across + more_across, top + down / 2
    return left + across / 2, top - more_down, left + across / 2, top + down + more_down
