"""A recognizer that needs no models: it tells the pages that a test gives it, and notes which it was asked for."""

from collections.abc import Callable
from typing import ClassVar

from PIL import Image

from bihuan.engines.reading.formats.scanned_pages import ScannedLine, ScannedPage
from tests.engines import scan_files


class Quick:
    """Stands for recognizing.Recognizer; `seen` makes a page of its number."""

    seen: ClassVar[Callable[[int], ScannedPage]]
    asked: ClassVar[list[int]] = []

    def __init__(self, content: bytes) -> None: ...

    def __enter__(self) -> "Quick":
        return self

    def __exit__(self, *_told: object) -> None: ...

    def page(self, number: int) -> ScannedPage:
        """The page, and that it was asked for."""
        self.asked.append(number)
        return type(self).seen(number)


def words_on(number: int, *words: str, doubted: str = "") -> ScannedPage:
    """An upright page of A4 with these lines from its top down; the characters of `doubted` are not sure."""
    lines = [_line(one, y=780 - 30 * at, doubted=doubted) for at, one in enumerate(words)]
    return ScannedPage(number, 595, 842, lines=tuple(lines))


def _line(words: str, *, y: int, doubted: str) -> ScannedLine:
    middles = tuple(82.0 + 16 * index for index in range(len(words)))
    sure = tuple(0.41 if one in doubted else 0.99 for one in words)
    return ScannedLine(words, 74, 74 + 16 * len(words), y, y + 16, middles, sure)


def pictures(count: int) -> bytes:
    """A PDF of as many pages, each a picture without words."""
    return scan_files.pdf(*[Image.new("RGB", (100, 140), (200, 200, number)) for number in range(count)])
