"""Where the places of a repaired text stand in the text as it came, and the other way round.

Inside a repair that is longer than a character, places are told by its proportions.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Places:
    """Disjoint replacements: from and to in the text as it came, from and to in the repaired one, each in order."""

    def __init__(
        self, starts: Sequence[int], ends: Sequence[int], begins: Sequence[int], finishes: Sequence[int]
    ) -> None:
        self._came = array("I", starts), array("I", ends)
        self._repaired = array("I", begins), array("I", finishes)

    def origin(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where a stretch of the repaired text came from, without what was cut away before and behind it."""
        return _moved(span, self._repaired, self._came)

    def repaired(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where a stretch of the text as it came stands in the repaired one."""
        return _moved(span, self._came, self._repaired)


def _moved(span: tuple[int, int], of: "_Ranges", to: "_Ranges") -> tuple[int, int]:
    start = _start(span[0], of, to)
    return start, max(start, _end(span[1], of, to))


_Ranges = tuple["array[int]", "array[int]"]


def _start(place: int, of: _Ranges, to: _Ranges) -> int:
    """Behind the replacements that end here, before the one that begins here."""
    at = bisect_right(of[1], place)
    if at < len(of[0]) and of[0][at] < place:
        return _within(place, at, of, to)
    return place + (to[1][at - 1] - of[1][at - 1] if at else 0)


def _end(place: int, of: _Ranges, to: _Ranges) -> int:
    """Behind the replacement that ends here, before those that only put something in."""
    at = bisect_left(of[0], place)
    if at and of[1][at - 1] > place:
        return _within(place, at - 1, of, to)
    return place + (to[1][at - 1] - of[1][at - 1] if at else 0)


def _within(place: int, at: int, of: _Ranges, to: _Ranges) -> int:
    length, other = of[1][at] - of[0][at], to[1][at] - to[0][at]
    far = (place - of[0][at]) * other
    return to[0][at] + (far // length if other >= length else -(-far // length))
