"""A picture of a page to the lines on it, with the place and the confidence of every character; by rapidocr.

Turned pages are turned back, skew is taken out of the places, stamps are paled before anything is looked for.
"""

import io
import math
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

import cv2
import numpy as np
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from bihuan.engines.reading.formats.scanned_pages import ScannedLine, ScannedPage
from bihuan.engines.reading.scans.characters import Character, characters_of
from bihuan.engines.reading.scans.missed import missed_rows
from bihuan.engines.reading.scans.paper import Picture, paled, ruled

A4_WIDTH = 595.0
_ASKED = 12  # lines that say whether a page stands on its head
_WIDE = 4.0  # times the height, for a line that tells the skew
_LEAST = 0.5  # mean confidence of a line; what is below is a stain, a stamp or a picture


@dataclass(frozen=True)
class _Found:
    """Quadrangles around lines, in pixels of the picture, and the pictures of the lines."""

    quads: list[Picture]
    crops: list[Picture]


def seen(png: bytes, number: int) -> ScannedPage:
    """The page of this number as it is seen on its picture."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        picture = np.array(opened.convert("RGB"))
    turns, picture, found = _upright(paled(picture))
    height, width = picture.shape[:2]
    scale, skew, letter = A4_WIDTH / min(width, height), _skew(found.quads), _letter(found.quads)
    place = _Place(skew, scale, width, height)
    read = _read(found) if found.crops else []
    missed = missed_rows(picture, [one.quad for one in read], skew=skew, letter=letter)
    return ScannedPage(
        number, width * scale, height * scale, turns, skew,
        lines=tuple(_line(one, place) for one in read),
        rules=tuple(map(place.box, ruled(picture, skew, letter))) if read else (),
        missed=tuple(map(place.box, missed)),
    )  # fmt: skip


@cache
def _engine() -> Any:
    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "Global.use_vertical_padding": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # the machine has others to serve
            "Det.limit_type": "max",
            "Det.limit_side_len": 1_600,
        }
    )


def _found(picture: Picture) -> _Found:
    try:
        crops, detected = _engine().detect_and_crop(np.ascontiguousarray(picture[:, :, ::-1]), {})
    except RapidOCRError:  # nothing found
        return _Found([], [])
    return _Found([np.array(one, dtype=np.float32) for one in detected.boxes], list(crops))


def _upright(picture: Picture) -> tuple[int, Picture, _Found]:
    """The picture turned so that its lines run from left to right, and how often it was turned for that."""
    found, turns = _found(picture), 0
    upright = [quad for quad in found.quads if _across(quad) < _down(quad) / 1.5]
    if len(upright) > len(found.quads) / 2 and len(found.quads) >= 3:
        turns, picture = 1, np.ascontiguousarray(np.rot90(picture))
        found = _found(picture)
    if _stands_on_its_head(found):
        turns, picture = turns + 2, np.ascontiguousarray(np.rot90(picture, 2))
        found = _found(picture)
    return turns, picture, found


def _stands_on_its_head(found: _Found) -> bool:
    widest = sorted(found.crops, key=lambda crop: -crop.shape[1] / crop.shape[0])[:_ASKED]
    if not widest:
        return False
    _crops, told = _engine().cls_and_rotate(widest)
    return sum(1 for label, score in told.cls_res if label == "180" and score > 0.9) * 2 > len(widest)


def _across(quad: Picture) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _down(quad: Picture) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def _letter(quads: list[Picture]) -> float:
    """The height of a usual letter in pixels; 0 where there is none."""
    return median(_down(quad) for quad in quads) * 0.75 if quads else 0.0


def _skew(quads: list[Picture]) -> float:
    """By how many degrees the lines fall to the right."""
    angles = [
        (math.degrees(math.atan2(*(quad[1] - quad[0])[::-1])), _across(quad))
        for quad in quads
        if _across(quad) > _down(quad) * _WIDE
    ]
    if not angles:
        return 0.0
    angles.sort()
    half, reached = sum(width for _, width in angles) / 2, 0.0
    for angle, width in angles:
        reached += width
        if reached >= half:
            return angle if abs(angle) > 0.05 else 0.0
    return 0.0


@dataclass(frozen=True)
class _Place:
    """From pixels of the picture to upright points from the lower left corner."""

    skew: float
    scale: float
    width: int
    height: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        angle = math.radians(-self.skew)
        dx, dy = x - self.width / 2, y - self.height / 2
        across = dx * math.cos(angle) - dy * math.sin(angle) + self.width / 2
        down = dx * math.sin(angle) + dy * math.cos(angle) + self.height / 2
        return round(float(across) * self.scale, 1), round((self.height - float(down)) * self.scale, 1)

    def box(self, upright: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Pixels of the picture that has been set straight: left, top, right, bottom."""
        left, top, right, bottom = upright
        return (
            left * self.scale,
            (self.height - bottom) * self.scale,
            right * self.scale,
            (self.height - top) * self.scale,
        )


@dataclass(frozen=True)
class _Read:
    """A quadrangle that gave words, its picture, and what rapidocr tells of each."""

    quad: Picture
    crop: Picture
    text: str
    words: Any


def _read(found: _Found) -> list[_Read]:
    told = _engine().recognize_txt(found.crops)
    every = zip(found.quads, found.crops, told.txts, told.word_results, told.scores, strict=True)
    return [_Read(quad, crop, text, words) for quad, crop, text, words, score in every if score > _LEAST and text]


def _line(read: _Read, place: _Place) -> ScannedLine:
    quad = read.quad
    is_upright = _down(quad) >= _across(quad) * 1.5
    characters = characters_of(read.crop, read.text, read.words, is_upright=is_upright)
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    middles = [place.point(*(left + (right - left) * one.middle)) for one in characters]
    along = (_down(quad) if is_upright else _across(quad)) * place.scale
    size = _size(characters, along)
    y = median(y for _, y in middles)
    return ScannedLine(
        "".join(one.text for one in characters),
        middles[0][0] - characters[0].half * along,
        middles[-1][0] + characters[-1].half * along,
        y - size / 2,
        y + size / 2,
        tuple(x for x, _ in middles),
        tuple(one.confidence for one in characters),
    )


def _size(characters: list[Character], along: float) -> float:
    """The height of print: a Chinese character is as high as wide, any other twice as high."""
    widest = max(characters, key=lambda one: one.half)
    return widest.half * along * (2 if widest.text > "\u2e80" else 4)
