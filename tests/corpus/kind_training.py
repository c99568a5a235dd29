"""Learns from labeled texts what speaks for which kind: weights of signs (kinds.json) and pairs (kind_pairs.json).

`python -m tests.corpus.kind_training` learns from the train part and kinds/*.txt, both untitled too; it needs
scikit-learn, reading does not. `--cross` only judges, each text by weights learned from others, each hand by others'.
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bihuan.engines.reading import kind_pairs, kinds, pipeline
from bihuan.engines.reading.structure.lines import mirrored
from bihuan.engines.reading.structure.markers import marked_lines
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from bihuan.engines.reading.tables.found import tables_of
from bihuan.engines.reading.tables.rows import has_findings, has_measures
from tests.corpus.marks import documents

WORDS = Path(kinds.__file__).parent / "words"
SHORT = Path(__file__).with_name("kinds")
STRENGTH, STRENGTH_OF_PAIRS = 0.3, 30.0
MOST_PAIRS, LEAST_TEXTS = 3_000, 4
WITHOUT_TITLE = 0.3
FOLDS = 5


@dataclass(frozen=True)
class Sample:
    """A text with its kind and whoever wrote it; those of the same `number` are one document."""

    number: int
    name: str
    kind: str
    text: str
    hand: str = ""
    weight: float = 1.0


def samples() -> list[Sample]:
    """Every document as it is, and without its title."""
    whole = [(one.name, one.kind, one.text, "") for one in documents("train")]
    for file in sorted(SHORT.glob("*.txt")):
        for block in file.read_text(encoding="utf-8").split("\n=== ")[1:]:
            kind, _, text = block.partition("\n")
            whole.append((text.split("\n")[0][:20], kind.strip(), text, file.stem))
    found = []
    for number, (name, kind, text, hand) in enumerate(whole):
        found.append(Sample(number, name, kind, text, hand))
        body = _without_title(text)
        if len(body) > 200:
            found.append(Sample(number, name, kind, body, hand, WITHOUT_TITLE))
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


def learned(chosen: Sequence[Sample], rows: Sequence[Mapping[str, float]], *, strength: float) -> dict[str, Any]:
    """The weights in the form they are stored, in hundredths."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=strength, max_iter=3_000)
    model.fit(matrix, [one.kind for one in chosen], sample_weight=[one.weight for one in chosen])
    weights = {name: [round(100 * value) for value in model.coef_[:, at]]
               for at, name in enumerate(vectorizer.get_feature_names_out())}  # fmt: skip
    return {
        "kinds": list(model.classes_),
        "bias": [round(100 * value) for value in model.intercept_],
        "rows": {name: row for name, row in weights.items() if any(row)},
    }


def learned_pairs(chosen: Sequence[Sample]) -> dict[str, Any]:
    """The same of pairs: those that stand oftenest; in front of its weights how rare each is, in hundredths."""
    counted = [kind_pairs.pairs_of(mirrored(one.text)) for one in chosen]
    texts, often = Counter[str](), Counter[str]()
    for counts in counted:
        texts.update(counts.keys())
        often.update(counts)
    kept = sorted((pair for pair in often if texts[pair] >= LEAST_TEXTS), key=lambda pair: (-often[pair], pair))
    rareness = {pair: math.log((1 + len(chosen)) / (1 + texts[pair])) + 1 for pair in kept[:MOST_PAIRS]}
    made = learned(chosen, [_row(counts, rareness) for counts in counted], strength=STRENGTH_OF_PAIRS)
    pairs = {pair: [round(100 * rareness[pair]), *row] for pair, row in made.pop("rows").items()}
    return made | {"pairs": pairs}


def _row(counts: Mapping[str, int], rareness: Mapping[str, float]) -> dict[str, float]:
    row = {pair: (1 + math.log(n)) * rareness[pair] for pair, n in counts.items() if pair in rareness}
    length = math.sqrt(sum(value * value for value in row.values())) or 1.0
    return {pair: value / length for pair, value in row.items()}


def folds(chosen: Sequence[Sample]) -> Iterator[tuple[str, set[int]]]:
    """Whom to hold out in turn: each of the hands, and a fifth of what has no name."""
    hands = sorted({one.hand for one in chosen if one.hand.startswith("hand")})
    for hand in hands:
        yield hand, {one.number for one in chosen if one.hand == hand}
    numbers = sorted({one.number for one in chosen if one.hand not in hands})
    random.Random(0).shuffle(numbers)
    for fold in range(FOLDS):
        yield f"fold {fold + 1}", set(numbers[fold::FOLDS])


def cross(chosen: Sequence[Sample], signs: Sequence[dict[str, float]]) -> None:
    """Print how many kinds are right when each document is judged by weights learned from others alone."""
    every = n_right = 0
    for name, held in folds(chosen):
        kept = [at for at, one in enumerate(chosen) if one.number not in held]
        told = [chosen[at] for at in kept]
        of_signs = learned(told, [signs[at] for at in kept], strength=STRENGTH)
        of_pairs = learned_pairs(told)
        kinds._weights = lambda made=of_signs: made  # type: ignore[assignment]
        kind_pairs._weights = lambda made=of_pairs: made  # type: ignore[assignment]
        judged = [one for one in chosen if one.number in held and one.weight == 1]
        read = [pipeline.read_bytes(one.text.encode(), name="x.txt") for one in judged]
        wrong = [f"{one.kind} as {said.kind}" for one, said in zip(judged, read, strict=True) if one.kind != said.kind]
        items = sum(len(said.items) for one, said in zip(judged, read, strict=True) if one.kind == "other")
        every, n_right = every + len(judged), n_right + len(judged) - len(wrong)
        told_wrong = ", ".join(f"{words} {n}" for words, n in Counter(wrong).most_common())
        print(f"{name}: {1 - len(wrong) / len(judged):.3f} of {len(judged)}; items of others {items}; {told_wrong}")
    print(f"{n_right} of {every}: {n_right / every:.3f}")


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
    _write(WORDS / "kinds.json", "rows", learned(chosen, signs, strength=STRENGTH))
    _write(WORDS / "kind_pairs.json", "pairs", learned_pairs(chosen))


def _write(target: Path, name: str, made: dict[str, Any]) -> None:
    """A line for each weight, so that it is seen which have changed."""
    lines = [f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(row)}" for key, row in made.pop(name).items()]
    rest = ", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in made.items())
    target.write_text("{" + rest + f', "{name}": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    print(f"{target.name}: {len(lines)} weights, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
