"""What of a text is compared: its letters in one width and case, without punctuation; its numbers stand apart."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

BLANK = " "
_PART = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]")


@dataclass(frozen=True)
class Letters:
    """The letters of a text, a blank for each number, and where each begins in it; `numbers` with the letter behind."""

    plain: str
    places: tuple[int, ...]
    numbers: frozenset[str]


class _Alike(dict[int, str]):
    """Each sign in one width and case, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKC", chr(code)).casefold()
        return self[code]


_ALIKE = _Alike()


def letters_of(text: str) -> Letters:
    """Every letter of the text; nothing is joined over a number."""
    wide = text.translate(_ALIKE)
    origin: Sequence[int] = range(len(text))
    if len(wide) != len(text):
        origin = [place for place, sign in enumerate(text) for _part in _ALIKE[ord(sign)]]
    found = [(one[0], one.start()) for one in _PART.finditer(wide)]
    plain = "".join(BLANK if said[0].isdecimal() else said for said, _at in found)
    numbers = frozenset(
        said.replace(",", "") + plain[place + 1 : place + 2]
        for place, (said, _at) in enumerate(found)
        if said[0].isdecimal()
    )
    return Letters(plain, tuple(origin[at] for _said, at in found), numbers)
