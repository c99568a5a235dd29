"""Which characters stand beside which in this text, in Simplified form: and in the words of the field.

A word that the text has elsewhere speaks for a repair; a word from nowhere does not.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources

from bihuan.engines.reading.restore import letters

_ENOUGH = 300_000
_FEW, _SHORT = 60, 20_000  # so many pairs of so short a text are looked for one by one


@cache
def _field() -> str:
    """The words of inspection and rectification, one behind the other."""
    return resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")


@cache
def _of_the_field() -> frozenset[str]:
    return frozenset(word[at : at + 2] for word in _field().split() for at in range(len(word) - 1))


def _times(text: str, pair: str) -> int:
    return text.count(pair) if pair[:1] != pair[1:] else len(re.findall(f"(?={re.escape(pair)})", text))


class Pairs:
    """Neighbors in a text, counted when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._simple = ""
        self._asked = 0
        self._counted: Counter[str] | None = None

    def count(self, pair: str) -> int:
        """How often the text has these two side by side."""
        self._simple = self._simple or letters.simplified(self._text[:_ENOUGH])
        self._asked += 1
        if self._asked < _FEW and len(self._simple) < _SHORT:
            return _times(self._simple, pair) or (pair in _of_the_field())
        if self._counted is None:
            self._counted = Counter(map(str.__add__, self._simple, self._simple[1:]))
        return self._counted[pair] or (pair in _of_the_field())

    def whole(self, word: str) -> int:
        """How often the text, or the words of the field, have all of this in one piece."""
        self.count(word[:2])
        return self._simple.count(word) + _field().count(word)

    def between(self, before: str, after: str, candidates: Iterable[str]) -> list[tuple[str, float]]:
        """The candidates that the text has beside one of these neighbors, with their shares, best first."""
        scored = [(self.count(before + one), self.count(one + after), one) for one in candidates]
        points = {one: left + right + 3 * min(left, right) for left, right, one in scored if left or right}
        total = sum(points.values())
        return sorted(((one, point / total) for one, point in points.items()), key=lambda pair: (-pair[1], pair[0]))
