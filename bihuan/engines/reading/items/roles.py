"""Says what each clause of running text tells: f a finding, m a measure, r a result, s the state, o nothing of these.

Weights were learned from labeled documents (tests/corpus/training.py) and stand in roles.json; here they are summed up
and the best sequence of roles is looked for.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import add
from typing import Any

from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.words import grammar

ROLES = "fmrso"
BOUNDARIES = "NAPLSsc"
NONE = (0.0,) * len(ROLES)
_DIGITS = re.compile(r"\d[\d,.]*")
_NEVER = -1e9
_BITS = 32
_SHIFTS = tuple(range(0, _BITS * len(ROLES), _BITS))
_MASK, _HALF = (1 << _BITS) - 1, 1 << _BITS - 1
_HALVES = sum(_HALF << shift for shift in _SHIFTS)
_TELLING = ("deed", "outcome", "who", "before_now", "deed_first", "outcome_first")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: a row for each feature, and for each boundary how likely a role follows another.

    Bias and rows are whole numbers packed into one each: adding them up is where reading spends its time.
    """

    bias: int
    rows: dict[str, int]
    steps: dict[str, tuple[tuple[float, ...], ...]]
    starts: tuple[float, ...]


@cache
def weights() -> Weights:
    """The weights that come with the engine."""
    return weights_from(json.loads(resources.files(__package__).joinpath("roles.json").read_text(encoding="utf-8")))


def weights_from(found: dict[str, Any]) -> Weights:
    """Weights from their written form: whole numbers, hundred times as large."""

    def row(values: Sequence[int]) -> tuple[float, ...]:
        return tuple(value / 100 for value in values)

    return Weights(
        bias=_packed(found["bias"]),
        rows={feature: _packed(values) for feature, values in found["rows"].items()},
        steps={name: tuple(map(row, rows)) for name, rows in found["steps"].items()},
        starts=row(found["starts"]),
    )


def _packed(values: Sequence[int]) -> int:
    return sum(value << _BITS * place for place, value in enumerate(values))


def _unpacked(total: int) -> tuple[float, ...]:
    total += _HALVES
    return tuple(((total >> shift & _MASK) - _HALF) / 100 for shift in _SHIFTS)


def features_of(words: str, boundary: str) -> set[str]:
    """What a clause is known by: its characters, its pairs of characters, and how it is parted from the one before."""
    written = "^" + _DIGITS.sub("0", words) + "$"
    return {*map(add, written, written[1:]), *written[1:-1], "<" + boundary, "^" + written[1:4], *_told(words)}


def _told(words: str) -> set[str]:
    told = {"<" + name for name in _TELLING if grammar.says("telling", name)(words)}
    return told | {"<wrong"} if sections.is_negative(words) else told


def scores_of(words: str, boundary: str) -> tuple[float, ...]:
    """How much speaks for each role, in the order of ROLES."""
    learned = weights()
    return _unpacked(sum(filter(None, map(learned.rows.get, features_of(words, boundary))), learned.bias))


def without(scores: Sequence[float], names: str) -> tuple[float, ...]:
    """The scores with some roles ruled out."""
    return tuple(_NEVER if role in names else score for role, score in zip(ROLES, scores, strict=True))


def best_roles(scores: Sequence[Sequence[float]], boundaries: Sequence[str], fixed: Sequence[str]) -> str:
    """The likeliest roles of successive clauses; `fixed` names the role of a clause where it is known, else ""."""
    if not scores:
        return ""
    learned = weights()
    places = range(len(ROLES))
    columns = {name: tuple(zip(*rows, strict=True)) for name, rows in learned.steps.items()}
    best = [learned.starts[to] + _score(scores[0], fixed[0], to) for to in places]
    back: list[list[int]] = []
    for here, boundary, known in zip(scores[1:], boundaries[1:], fixed[1:], strict=True):
        reached = [list(map(add, best, column)) for column in columns[boundary]]
        most = list(map(max, reached))
        back.append(list(map(list.index, reached, most)))
        best = [value + _score(here, known, to) for to, value in enumerate(most)] if known else [*map(add, most, here)]
    at = max(places, key=lambda place: best[place])
    chosen = [at]
    for origins in reversed(back):
        at = origins[at]
        chosen.append(at)
    return "".join(ROLES[place] for place in reversed(chosen))


def _score(scores: Sequence[float], known: str, to: int) -> float:
    """Known is a role, or those it has not (!of)."""
    is_open = not known or (ROLES[to] not in known if known[0] == "!" else ROLES[to] == known)
    return scores[to] if is_open else _NEVER
