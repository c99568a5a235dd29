"""Learns the weights of bihuan/engines/reading/items/roles.json from the train part of the corpus.

`python -m tests.corpus.training` needs scikit-learn; reading does not. The same corpus gives the same file.
"""

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bihuan.engines.reading.items import roles
from bihuan.engines.reading.items.labels import labels_of
from bihuan.engines.reading.items.stretches import Stretch, stretches_of
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.structure.passages import passages_of
from tests.corpus.marks import Document, documents

TARGET = Path(roles.__file__).with_name("roles.json")
FEATURES = 4_500
STRENGTH = 0.2
SMOOTHED = 0.6
Row = tuple[str, str, str]  # words, boundary, role


def rows_of(document: Document) -> list[Row]:
    """The clauses of a document with the boundaries before them and the roles their labels give them."""
    mirror = mirrored(document.text)
    told = _roles(document)
    passages = passages_of(mirror, paragraphs_of(mirror, lines_of(mirror)))
    found: list[Stretch] = stretches_of(mirror, passages, labels_of(mirror, passages))
    return [(mirror[slice(*one.span)], one.boundary, _most(told[slice(*one.span)])) for one in found]


def _roles(document: Document) -> str:
    told = ["o"] * len(document.text)
    for item in document.items:
        for mark, role in (("f", "f"), ("+", "f"), ("m", "m"), ("r", "r")):
            for start, end in item.places.get(mark, []):
                told[start:end] = role * (end - start)
        if item.state_span:
            start, end = item.state_span
            told[start:end] = "s" * (end - start)
    return "".join(told)


def _most(told: str) -> str:
    return Counter(told).most_common(1)[0][0] if told else "o"


def learned(chosen: Sequence[Document]) -> dict[str, Any]:
    """The weights learned from these documents, in the form they are stored."""
    by_document = [(one, rows_of(one)) for one in chosen if one.kind not in {"ledger", "statistics"}]
    told = [found for one, found in by_document if one.kind in {"notice", "plan"} and is_narrated(one)]
    counts = Counter(role for found in told for _, _, role in found)
    emissions = _emissions([row for _, found in by_document for row in found])
    emissions["steps"], emissions["starts"] = _steps(told, counts), [0] * len(roles.ROLES)
    return emissions


def is_narrated(document: Document) -> bool:
    """Running text: hardly any label says which part is which."""
    return sum(document.text.count(word) for word in ("整改措施", "措施：", "整改情况：", "成效：", "情况：")) < 6


def _emissions(rows: Sequence[Row]) -> dict[str, Any]:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    features = [roles.features_of(words, boundary) for words, boundary, _ in rows]
    counted = Counter(feature for found in features for feature in found)
    kept = {feature for feature, count in counted.items() if count > 1}
    matrix = vectorizer.fit_transform(dict.fromkeys(sorted(found & kept), 1) for found in features)
    answers = [roles.ROLES.index(role) for _, _, role in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(matrix, answers)
    names = vectorizer.get_feature_names_out()
    weight = abs(model.coef_).max(axis=0)
    best = sorted(range(len(names)), key=lambda at: (-weight[at] * math.sqrt(counted[names[at]]), names[at]))[:FEATURES]
    priors = Counter(answers)
    bias = [round(100 * (model.intercept_[at] - math.log(priors[at] / len(rows)))) for at in range(len(roles.ROLES))]
    return {
        "bias": bias,
        "rows": {
            names[at]: [round(100 * value) for value in model.coef_[:, at]]
            for at in sorted(best, key=lambda at: names[at])
        },
    }


def _steps(told: Iterable[Sequence[Row]], counts: Counter[str]) -> dict[str, list[list[int]]]:
    """For each boundary, how likely each role follows each; in hundredths of natural logarithms."""
    pairs: Counter[tuple[str, str, str]] = Counter()
    for found in told:
        for (_, _, before), (_, boundary, role) in itertools.pairwise(found):
            pairs[boundary, before, role] += 1
    total = sum(counts.values())
    steps: dict[str, list[list[int]]] = {}
    for boundary in roles.BOUNDARIES:
        here = Counter({role: sum(pairs[boundary, one, role] for one in roles.ROLES) for role in roles.ROLES})
        share = {role: (here[role] + counts[role] / total * 3) / (sum(here.values()) + 3) for role in roles.ROLES}
        steps[boundary] = [
            [
                round(100 * math.log(
                    (pairs[boundary, one, role] + 4 * SMOOTHED * share[role])
                    / (sum(pairs[boundary, one, other] for other in roles.ROLES) + 4 * SMOOTHED)
                ))
                for role in roles.ROLES
            ]
            for one in roles.ROLES
        ]  # fmt: skip
    return steps


def main() -> None:
    """Write the weights."""
    made = learned(list(documents("train")))
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in made.pop("rows").items()]
    rest = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in made.items())
    TARGET.write_text("{" + rest + ', "rows": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    print(f"{len(lines)} features, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
