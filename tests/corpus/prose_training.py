"""Learns from the train part where findings told in prose begin and end: bihuan/engines/reading/items/prose.json.

`python -m tests.corpus.prose_training` needs scikit-learn; reading does not. The same corpus gives the same file.
`--cross` only judges: each hand's feedback in prose is read by weights learned from all others.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bihuan.engines.reading import read_bytes
from bihuan.engines.reading.items import prose
from bihuan.engines.reading.structure.lines import lines_of, mirrored
from bihuan.engines.reading.structure.markers import marked_lines
from bihuan.engines.reading.structure.paragraphs import paragraphs_of
from tests.corpus import scoring
from tests.corpus.marks import Document, documents

TARGET = Path(prose.__file__).with_name("prose.json")
FEATURES = 10_000
LEAST = 3
STRENGTH = 0.3
NUMBERED = 0.5  # how much a paper counts whose findings are numbered
IN_PROSE = 0.6
HALF = 0.5
HANDS = {
    "first": (0, 199), "second": (200, 399), "A": (400, 411), "B": (420, 431), "C": (440, 451), "D": (460, 471),
    "G": (520, 529), "H": (530, 539), "I": (540, 549), "J": (550, 559), "L": (580, 587), "M": (590, 597),
    "N": (600, 607), "O": (610, 617), "P": (620, 631), "Q": (632, 643), "R": (644, 655), "S": (660, 667),
    "T": (668, 675), "V": (676, 683),
}  # fmt: skip
Answered = tuple[prose.Told, str]


def answered(document: Document) -> list[Answered]:
    """The clauses of a document with the roles its labels give them."""
    mirror = mirrored(document.text)
    lines = marked_lines(mirror, paragraphs_of(mirror, lines_of(mirror)))
    told = prose.clauses_in(mirror, [line.span for line in lines if not line.markers])
    heads = [item.finding for item in document.items]
    spans = [*heads, *(span for item in document.items for span in item.places.get("+", []))]
    found: list[Answered] = []
    before: tuple[int, int] | None = None
    for clause in told:
        here = next((span for span in spans if _is_within(clause.span, span)), None)
        found.append((clause, "o" if here is None else "i" if here == before or here not in heads else "b"))
        before = here
    return found


def _is_within(one: tuple[int, int], whole: tuple[int, int]) -> bool:
    return min(one[1], whole[1]) - max(one[0], whole[0]) >= HALF * (one[1] - one[0])


def is_prose(document: Document) -> bool:
    """Most of its findings have no number."""
    return sum(item.level in {"-", ""} for item in document.items) >= IN_PROSE * len(document.items)


def learned(chosen: Sequence[Document]) -> dict[str, list[int]]:
    """The weights learned from these documents, in the form they are stored: hundredths for each role."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows: list[set[str]] = []
    answers: list[str] = []
    weights: list[float] = []
    for document in chosen:
        before = "o"
        for clause, role in answered(document):
            rows.append(set(prose.features_of(clause, before)))
            answers.append(role)
            weights.append(1.0 if is_prose(document) else NUMBERED)
            before = role
    counted = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform({name: 1 for name in sorted(row) if counted[name] >= LEAST} for row in rows)
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix, answers, sample_weight=weights)
    return _written(model, [str(name) for name in vectorizer.get_feature_names_out()], counted)


def _written(model: Any, names: Sequence[str], counted: Counter[str]) -> dict[str, list[int]]:
    order = [list(model.classes_).index(role) for role in prose.ROLES]
    size = abs(model.coef_).max(axis=0)
    best = sorted(range(len(names)), key=lambda at: (-size[at] * math.sqrt(counted[names[at]]), names[at]))[:FEATURES]
    rows = {names[at]: [round(100 * model.coef_[one, at]) for one in order] for at in sorted(best)}
    bias = [round(100 * model.intercept_[one]) for one in order]
    return {"bias": bias} | {name: row for name, row in rows.items() if any(row)}


def folds(chosen: Sequence[Document]) -> Iterator[tuple[str, list[Document], list[Document]]]:
    """Each hand with what it wrote, and what all others wrote."""
    for name, (first, last) in HANDS.items():
        own = [one for one in chosen if first <= int(one.name[:3]) <= last]
        yield name, own, [one for one in chosen if not first <= int(one.name[:3]) <= last]


def cross(chosen: Sequence[Document]) -> None:
    """Print how well each hand's findings are found, in prose and all."""
    for name, own, others in folds(chosen):
        made = prose.weights_from(learned(others))
        prose.weights = lambda made=made: made  # type: ignore[assignment]
        scored = [(one, scoring.score(one, read_bytes(one.text.encode(), name="a.txt"))) for one in own]
        told = scoring.summed(score for one, score in scored if is_prose(one))["findings"]
        every = scoring.summed(score for _, score in scored)["findings"]
        print(f"{name:6} in prose {told.f1:.3f} ({told.right} right, {told.wrong} wrong, {told.missed} missed), "
              f"all feedback {every.f1:.3f}", flush=True)  # fmt: skip


def main() -> None:
    """Write the weights, or judge them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true")
    asked = parser.parse_args()
    chosen = [one for one in documents("train") if one.kind == "feedback"]
    if asked.cross:
        cross(chosen)
        return
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in learned(chosen).items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(lines)} features, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
