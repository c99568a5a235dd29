"""Learns the weights of bihuan/engines/reading/words/kinds.json from the train part, kinds.txt and both untitled.

`python -m tests.corpus.kind_training` needs scikit-learn, reading does not; `--cross` only judges, on unseen folds.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bihuan.engines.reading import kinds, pipeline
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.structure.markers import marked_lines
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.tables.found import tables_of
from bihuan.engines.reading.tables.rows import has_findings, has_measures
from tests.corpus.marks import documents

TARGET = Path(kinds.__file__).parent / "words" / "kinds.json"
SHORT = Path(__file__).with_name("kinds.txt")
STRENGTH = 0.3
WITHOUT_TITLE = 0.3
FOLDS = 5
ROUNDS = 3


@dataclass(frozen=True)
class Sample:
    """A text with its kind; those of the same `number` are one document."""

    number: int
    name: str
    kind: str
    text: str
    weight: float = 1.0


def samples() -> list[Sample]:
    """Every document as it is, and without its title."""
    whole = [(one.name, one.kind, one.text) for one in documents("train")]
    for block in SHORT.read_text(encoding="utf-8").split("\n=== ")[1:]:
        kind, _, text = block.partition("\n")
        whole.append((text.split("\n")[0][:20], kind, text))
    found = []
    for number, (name, kind, text) in enumerate(whole):
        found.append(Sample(number, name, kind, text))
        body = _without_title(text)
        if len(body) > 200:
            found.append(Sample(number, name, kind, body, WITHOUT_TITLE))
    return found


def _without_title(text: str) -> str:
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if len(line) > 60), 0)
    return "\n".join(lines[first:]) if 0 < first < 15 else ""


def signs_of(sample: Sample) -> dict[str, float]:
    """The signs the engine would see."""
    mirror = mirrored(sample.text)
    found = tables_of(mirror, ())
    told = tuple(table for table in found if has_findings(mirror, table))
    spans = pipeline._spans_outside(mirror, told, found)
    lines = marked_lines(mirror, paragraphs_of(mirror, spans))
    return kinds.learnable(mirror, lines, found, [bool(told), any(has_measures(mirror, one) for one in told)])


def learned(chosen: Sequence[Sample], signs: Sequence[dict[str, float]]) -> dict[str, Any]:
    """The weights in the form they are stored, in hundredths."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(signs)
    model = LogisticRegression(C=STRENGTH, max_iter=1_000)
    model.fit(matrix, [one.kind for one in chosen], sample_weight=[one.weight for one in chosen])
    rows = {name: [round(100 * value) for value in model.coef_[:, at]]
            for at, name in enumerate(vectorizer.get_feature_names_out())}  # fmt: skip
    return {
        "kinds": list(model.classes_),
        "bias": [round(100 * value) for value in model.intercept_],
        "rows": {name: row for name, row in rows.items() if any(row)},
    }


def cross(chosen: Sequence[Sample], signs: Sequence[dict[str, float]]) -> None:
    """Print how many kinds are right when each document is judged by weights learned from others alone."""
    right = wrong = 0
    for seed in range(ROUNDS):
        numbers = sorted({one.number for one in chosen})
        random.Random(seed).shuffle(numbers)
        for fold in range(FOLDS):
            held = set(numbers[fold::FOLDS])
            kept = [at for at, one in enumerate(chosen) if one.number not in held]
            made = learned([chosen[at] for at in kept], [signs[at] for at in kept])
            kinds._weights = lambda made=made: made  # type: ignore[assignment]
            for one in chosen:
                if one.number in held and one.weight == 1:
                    said = pipeline.read_bytes(one.text.encode(), name="x.txt").kind
                    right, wrong = right + (said == one.kind), wrong + (said != one.kind)
                    if said != one.kind:
                        print(f"{seed} {one.name}: {one.kind} read as {said}")
    print(f"right {right} wrong {wrong}: {right / (right + wrong):.3f}")


def main() -> None:
    """Write the weights, or judge them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true")
    asked = parser.parse_args()
    chosen = samples()
    signs = [signs_of(one) for one in chosen]
    if asked.cross:
        cross(chosen, signs)
        return
    made = learned(chosen, signs)
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in made.pop("rows").items()]
    rest = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in made.items())
    TARGET.write_text("{" + rest + ', "rows": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    print(f"{len(lines)} signs, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
