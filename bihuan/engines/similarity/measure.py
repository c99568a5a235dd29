"""How like two texts are, from 0 to 1, and why: the share of their weighted letters, terms and amounts (decision 0016).

The numbers and the words are in words.toml, how common a pair of letters is in pairs.txt. Nothing is decided here.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bihuan.engines.similarity.letters import BLANK, Letters, letters_of

PAIR, TERM, NUMBER = "pair", "term", "number"
Sign = tuple[str, str]


@dataclass(frozen=True)
class Traits:
    """What of one text is compared: its letters, the signs in them, what all of them weigh."""

    letters: Letters
    signs: frozenset[Sign]
    terms: Mapping[str, tuple[tuple[int, int], ...]]
    weight: float


@cache
def content() -> dict[str, Any]:
    """words.toml as it stands."""
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def pairs_in(plain: str) -> frozenset[str]:
    """Every two letters that stand side by side."""
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1) if BLANK not in plain[at : at + 2])


@cache
def _shares() -> Mapping[str, float]:
    """Which share of findings each pair stands in, by the corpus of the project."""
    first, *lines = resources.files(__package__).joinpath("pairs.txt").read_text(encoding="utf-8").splitlines()
    return {pair: int(n) / int(first) for pair, n in (line.split(" ") for line in lines)}


@cache
def _groups() -> Mapping[str, str]:
    return {letters_of(word).plain: group[0] for group in content()["alike"] for word in group}


@cache
def _term() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(_groups(), key=len, reverse=True)))


@cache
def _telling() -> tuple[str, ...]:
    return tuple(content()["telling_units"])


def likeness_of(one: str, other: str) -> float:
    """How like two texts are by the weights that hold for all findings, without those of a collection."""
    measure = Measure()
    return measure.likeness(measure.traits(letters_of(one)), measure.traits(letters_of(other)))


class Measure:
    """The weights for one collection of texts: what stands in many of them, or in many findings, weighs little."""

    def __init__(self, texts: Iterable[Letters] = ()) -> None:
        every = [pairs_in(letters.plain) for letters in texts]
        counts = Counter(pair for pairs in every for pair in pairs)
        self._here = {pair: n / (len(every) + content()["local_prior"]) for pair, n in counts.items()}
        self._weights: dict[Sign, float] = {}

    def traits(self, letters: Letters) -> Traits:
        """Take one text apart."""
        terms: dict[str, list[tuple[int, int]]] = {}
        for found in _term().finditer(letters.plain):
            terms.setdefault(_groups()[found[0]], []).append(found.span())
        signs = frozenset(
            [(PAIR, pair) for pair in pairs_in(letters.plain)]
            + [(TERM, term) for term in terms]
            + [(NUMBER, number) for number in letters.numbers if number.endswith(_telling())]
        )
        told = {term: tuple(spans) for term, spans in terms.items()}
        return Traits(letters, signs, told, self.weight(signs))

    def weight(self, signs: Iterable[Sign]) -> float:
        """What these weigh together; summed exactly, so that likeness is the same both ways."""
        return math.fsum(self._weight(sign) for sign in signs)

    def _weight(self, sign: Sign) -> float:
        if sign not in self._weights:
            self._weights[sign] = self._weighed(*sign)
        return self._weights[sign]

    def _weighed(self, kind: str, said: str) -> float:
        if kind != PAIR:
            return float(content()[f"{kind}_weight"])
        return -math.log(min(1.0, max(_shares().get(said, 0.0), self._here.get(said, 0.0), content()["rarest"])))

    def likeness(self, one: Traits, other: Traits) -> float:
        """The root of the share that both hold of their mean weight; 1 for texts of the same letters."""
        if one.letters.plain == other.letters.plain and one.letters.numbers == other.letters.numbers:
            return 1.0
        if not one.weight or not other.weight:
            return 0.0
        # A reworded sentence keeps a quarter of its pairs: the root makes that read as a half.
        return math.sqrt(min(1.0, self.weight(one.signs & other.signs) / math.sqrt(one.weight * other.weight)))
