"""What is printed on one page of an OFD (GB/T 33190): characters and straight rules with their boxes, in points.

Streamed from its part. What is drawn at a slant is a watermark and left out; a run that goes down or back is one mark.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import hypot

from bihuan.engines.reading.content import TOO_LONG
from bihuan.engines.reading.formats.printed_marks import THIN
from bihuan.engines.reading.formats.printed_tables import MAX_RULES, Box
from bihuan.engines.reading.formats.streams import Attributes
from bihuan.engines.reading.shapes import Unreadable

MAX_MARKS = 500_000
MAX_PATHS = 20_000
LONGEST_PATH = 20_000
POINTS = 72 / 25.4  # in a millimeter
A4 = (0.0, 0.0, 210.0, 297.0)

_FARTHEST = 100_000.0
_ABOVE, _BELOW = 0.88, 0.12  # of the size of a character, over and under its baseline
_SLANT = 0.2
_PLAIN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SKIPPED = {"Clips", "FillColor", "StrokeColor", "Actions", "CGTransform", "Annots"}
_DRAWING = re.compile(r"[A-DF-Za-df-z]|[-+.\d][-+.\deE]*")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

Boxed = tuple[str, Box]
Point = tuple[float, float]


def numbers(text: str, most: int) -> tuple[float, ...]:
    """The numbers that a value begins with, at most so many; one that no page can hold ends them."""
    found: list[float] = []
    for word in text.split(maxsplit=most)[:most]:
        number = _number(word)
        if number is None:
            break
        found.append(number)
    return tuple(found)


def _number(word: str) -> float | None:
    try:
        number = float(word)
    except ValueError:
        return None
    return number if abs(number) < _FARTHEST else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an object stands: its corner on the page and its matrix; takes its own millimeters to points."""

    left: float
    top: float
    matrix: tuple[float, ...]
    height: float

    def at(self, x: float, y: float) -> Point:
        a, b, c, d, e, f = self.matrix
        across, down = self.left + a * x + c * y + e, self.top + b * x + d * y + f
        return across * POINTS, (self.height - down) * POINTS


@dataclass(slots=True)
class _Text:
    """A text object, and where its last run began: the next one may leave that out."""

    place: _Place
    size: float
    wide: float  # how broad a character is beside its height
    x: float = 0.0
    y: float = 0.0


@dataclass(slots=True)
class Printed:
    """All that a page or a template shows, and the templates it stands on."""

    characters: list[Boxed] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    has_pictures: bool = False


class PageReader:
    """Takes the callbacks of a page or a template."""

    def __init__(self, area: tuple[float, ...]) -> None:
        self.printed = Printed()
        self.area = area
        self.skipped = 0
        self.text: _Text | None = None
        self.path: _Place | None = None
        self.paths = 0
        self.run: Attributes = {}
        self.taking = ""
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if self.skipped or tag in _SKIPPED:
            self.skipped += 1
        elif tag == "TextObject":
            self.text = self._text(attributes)
        elif tag == "PathObject":
            self.paths += 1
            drawn = attributes.get("Stroke") != "false" or attributes.get("Fill") == "true"
            self.path = self._place(attributes) if drawn and self.paths <= MAX_PATHS else None
        elif tag == "ImageObject":
            self.printed.has_pictures = True
        elif tag == "Template":
            self.printed.templates.append(attributes.get("TemplateID", ""))
        elif tag in {"TextCode", "AbbreviatedData", "PhysicalBox"}:
            self.taking, self.run = tag, attributes
            self.pieces.clear()

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif tag == "TextObject":
            self.text = None
        elif tag == "PathObject":
            self.path = None
        elif tag == self.taking:
            self.taking = ""
            self._take(tag, "".join(self.pieces))

    def characters(self, words: str) -> None:
        if self.taking and not self.skipped:
            self.pieces.append(words)

    def _take(self, tag: str, words: str) -> None:
        if tag == "PhysicalBox":
            self.area = box_of(words) or self.area
        elif tag == "TextCode" and self.text:
            self.printed.characters.extend(_marks(self.text, self.run, _one_line(words)))
            if len(self.printed.characters) > MAX_MARKS:
                raise Unreadable("too_large", TOO_LONG)
        elif tag == "AbbreviatedData" and self.path and len(words) <= LONGEST_PATH:
            room = MAX_RULES - len(self.printed.rules)
            self.printed.rules.extend(islice(_rules(self.path, words), max(room, 0)))

    def _text(self, attributes: Attributes) -> _Text | None:
        size = (numbers(attributes.get("Size", ""), 1) or (0.0,))[0]
        if attributes.get("Visible") == "false" or size <= 0:
            return None
        place = self._place(attributes)
        a, b, c, d = place.matrix[:4]
        scale = (numbers(attributes.get("HScale", ""), 1) or (1.0,))[0]
        wide = scale * hypot(a, b) / (hypot(c, d) or 1.0)
        return _Text(place, size, wide)

    def _place(self, attributes: Attributes) -> _Place:
        corner = numbers(attributes.get("Boundary", ""), 2)
        left, top = corner if len(corner) == 2 else (0.0, 0.0)
        matrix = numbers(attributes.get("CTM", ""), 6)
        return _Place(left, top, matrix if len(matrix) == 6 else _PLAIN, self.area[1] + self.area[3])


def box_of(words: str) -> tuple[float, ...] | None:
    """Left, top, width and height of an area, unless it is none."""
    found = numbers(words, 4)
    return found if len(found) == 4 and found[2] > 0 and found[3] > 0 else None


def _one_line(words: str) -> str:
    """The words of a run without the line ends that a program set around them."""
    return "".join(words.split("\n")).strip() if "\n" in words else words


def _marks(text: _Text, run: Attributes, words: str) -> Iterator[Boxed]:
    """The characters of a run, each in its box."""
    text.x = (numbers(run.get("X", ""), 1) or (text.x,))[0]
    text.y = (numbers(run.get("Y", ""), 1) or (text.y,))[0]
    across, down = _steps(run.get("DeltaX", ""), len(words) - 1), _steps(run.get("DeltaY", ""), len(words) - 1)
    x, y, spots = text.x, text.y, []
    for index, one in enumerate(words):
        own = text.size * text.wide * (1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5)
        step = across[index] if index < len(across) else 0.0 if down else own
        spots.append((x, y, min(step, text.size * text.wide) if step > 0 and index < len(words) - 1 else own))
        x, y = x + step, y + (down[index] if index < len(down) else 0.0)
    way = _way(text, spots)
    if way == "on":
        for one, (left, base, wide) in zip(words, spots, strict=True):
            if one >= " ":
                yield one, _box(text, (left, base), wide)
    elif way == "turned" and words.strip():
        yield words, _box(text, spots[0][:2], text.size)


def _way(text: _Text, spots: list[tuple[float, float, float]]) -> str:
    """Whether a run goes on to the right, at a slant, or turned by a right angle or two."""
    if not spots:
        return ""
    x, y, wide = spots[-1]
    ahead = spots[0][0] + wide if len(spots) == 1 else x
    begin, end = text.place.at(*spots[0][:2]), text.place.at(ahead, y)
    right, up = end[0] - begin[0], end[1] - begin[1]
    if abs(up) <= abs(right) * _SLANT:
        return "on" if right >= 0 else "turned"
    return "turned" if abs(right) <= abs(up) * _SLANT else ""


def _box(text: _Text, base: Point, wide: float) -> Box:
    left, level = text.place.at(*base)
    a, b, c, d = text.place.matrix[:4]
    size = text.size * hypot(c, d) * POINTS
    return left, level - size * _BELOW, left + wide * hypot(a, b) * POINTS, level + size * _ABOVE


def _steps(given: str, count: int) -> list[float]:
    """From each character to the next; `g 3 5` is three steps of 5. The last step serves for those that lack."""
    steps: list[float] = []
    words = iter(given.split(maxsplit=3 * max(count, 0) + 3))
    for word in words:
        times, step = 1.0, _number(word)
        if word in {"g", "G"}:
            times, step = _number(next(words, "")) or 0.0, _number(next(words, ""))
        if step is None or len(steps) >= count:
            break
        steps.extend([step] * min(int(max(times, 0.0)), count - len(steps)))
    return steps + steps[-1:] * (count - len(steps))


def _rules(place: _Place, drawing: str) -> Iterator[Box]:
    """The straight level and upright lines of a drawing, as thin boxes."""
    for begin, end in _segments(drawing):
        one, other = place.at(*begin), place.at(*end)
        left, right = sorted((one[0], other[0]))
        bottom, top = sorted((one[1], other[1]))
        if min(right - left, top - bottom) <= THIN < max(right - left, top - bottom):
            yield left, bottom, right, top


def _segments(drawing: str) -> Iterator[tuple[Point, Point]]:
    words = iter(_DRAWING.findall(drawing))
    first = here = (0.0, 0.0)
    for word in words:
        count = _ARGUMENTS.get(word)
        given = [_number(next(words, "")) for _ in range(count or 0)]
        if count is None or None in given:
            return
        if word == "C":
            yield here, first
            here = first
        else:
            to = (given[-2] or 0.0, given[-1] or 0.0)
            if word == "L":
                yield here, to
            first = to if word in "SM" else first
            here = to
