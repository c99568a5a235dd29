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
from typing import Any

from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.words import grammar

ROLES = "fmrso"
BOUNDARIES = "NAPLSsc"
NONE = (0.0,) * len(ROLES)
_DIGITS = re.compile(r"\d[\d,.]*")
_NEVER = -1e9
_TELLING = ("deed", "outcome", "who", "before_now", "deed_first", "outcome_first")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: a row for each feature, and for each boundary how likely a role follows another."""

    bias: tuple[float, ...]
    rows: dict[str, tuple[float, ...]]
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
        bias=row(found["bias"]),
        rows={feature: row(values) for feature, values in found["rows"].items()},
        steps={name: tuple(map(row, rows)) for name, rows in found["steps"].items()},
        starts=row(found["starts"]),
    )


def features_of(words: str, boundary: str) -> set[str]:
    """What a clause is known by: its characters, its pairs of characters, and how it is parted from the one before."""
    written = "^" + _DIGITS.sub("0", words) + "$"
    pairs = {written[at : at + 2] for at in range(len(written) - 1)}
    return pairs | set(written[1:-1]) | {"<" + boundary, "^" + written[1:4]} | _told(words)


def _told(words: str) -> set[str]:
    told = {"<" + name for name in _TELLING if grammar.pattern("telling", name).search(words)}
    return told | {"<wrong"} if sections.is_negative(words) else told


def scores_of(words: str, boundary: str) -> tuple[float, ...]:
    """How much speaks for each role, in the order of ROLES."""
    learned = weights()
    rows = learned.rows
    finding, measure, result, state, other = learned.bias
    for feature in features_of(words, boundary):
        row = rows.get(feature)
        if row is not None:  # spelled out: this is where reading spends its time
            finding += row[0]
            measure += row[1]
            result += row[2]
            state += row[3]
            other += row[4]
    return finding, measure, result, state, other


def without(scores: Sequence[float], names: str) -> tuple[float, ...]:
    """The scores with some roles ruled out."""
    return tuple(_NEVER if role in names else score for role, score in zip(ROLES, scores, strict=True))


def best_roles(scores: Sequence[Sequence[float]], boundaries: Sequence[str], fixed: Sequence[str]) -> str:
    """The likeliest roles of successive clauses; `fixed` names the role of a clause where it is known, else ""."""
    if not scores:
        return ""
    learned = weights()
    places = range(len(ROLES))
    best = [learned.starts[to] + _score(scores[0], fixed[0], to) for to in places]
    back: list[list[int]] = []
    for here, boundary, known in zip(scores[1:], boundaries[1:], fixed[1:], strict=True):
        steps = learned.steps[boundary]
        origins = [max(places, key=lambda at, to=to: best[at] + steps[at][to]) for to in places]  # type: ignore[misc]
        best = [best[origins[to]] + steps[origins[to]][to] + _score(here, known, to) for to in places]
        back.append(origins)
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
