"""How much the pairs of Chinese characters of a text speak for each kind, by weights learned from labeled texts.

What becomes of it is decided in kinds.py; what is learned, from what and how, in tests/corpus/kind_training.py.
"""

import json
import math
import re
from collections import Counter
from functools import cache
from importlib import resources
from operator import add
from typing import Any

_HEAD, _TAIL = 6_000, 3_000
_ENOUGH, _STEEP = 100, 3  # different pairs that are known
_NO_CHINESE = re.compile("[^一-龥]+")


def pairs_of(mirror: str) -> Counter[str]:
    """How often which two stand side by side in head and tail of a text; all that is not Chinese is one blank."""
    told = mirror if len(mirror) <= _HEAD + _TAIL else mirror[:_HEAD] + mirror[-_TAIL:]
    words = _NO_CHINESE.sub(" ", told)
    return Counter(map(add, words, words[1:]))


def scores_of(mirror: str) -> dict[str, float]:
    """How much they speak for each kind, in natural logarithms: often is more than once, rare is more than common.

    A text of which little is known says little.
    """
    known = _weights()
    told = [(known["pairs"][pair], 1 + math.log(n)) for pair, n in pairs_of(mirror).items() if pair in known["pairs"]]
    values = [(weights, often * rareness) for (rareness, *weights), often in told]
    length = math.sqrt(sum(value * value for _, value in values)) or 1.0
    trust = min(1.0, len(values) / _ENOUGH) ** _STEEP
    sums = [sum(weights[at] * value for weights, value in values) / length for at in range(len(known["kinds"]))]
    told_of = zip(known["kinds"], known["bias"], sums, strict=True)
    return {kind: trust * (bias + total) / 100 for kind, bias, total in told_of}


@cache
def _weights() -> dict[str, Any]:
    """By pair how rare it is and its weights; these and the bias in hundredths."""
    file = resources.files("bihuan.engines.reading.words").joinpath("kind_pairs.json")
    return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]
