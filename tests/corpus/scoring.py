"""How well documents are read: precision, recall and F1 of every field against the labels of the corpus.

Two places are the same when what they share is at least 0.8 of what they cover together. What belongs to an item counts
only where the item's finding was found. `python -m tests.corpus.scoring [--part test] [--damaged [MECHANISM]] [NAME…]`.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.copies import damaged
from tests.corpus.damage import MECHANISMS
from tests.corpus.marks import Document, Labeled, Span, documents

SAME = 0.8
# How long something lasted: labeled by some, not by others, so not judged.
LASTING = (
    "天",
    "日",
    "年",
    "月",
    "个月",
    "小时",
    "分钟",
    "工作日",
    "个工作日",
    "周",
    "个季度",
    "季度",
    "学期",
    "个学期",
)
# The engine's fields by the corpus' marks.
PLACES = {"m": "measures", "r": "results", "p": "responsible", "d": "deadline", "+": "more"}
TOLD = ("kind", "findings", "measures", "results", "state", "figures")


@dataclass
class Score:
    """What was found and right, found and wrong, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: "Score") -> None:
        """Sum up."""
        self.right, self.wrong, self.missed = (
            self.right + other.right, self.wrong + other.wrong, self.missed + other.missed,
        )  # fmt: skip

    @property
    def precision(self) -> float:
        """Of what was found, how much is right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, how much was found; 1 where nothing is there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0


@dataclass
class Scored:
    """One document: a score for each field, and what went wrong in words."""

    name: str
    fields: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    faults: list[str] = field(default_factory=list)


def overlap(one: Span, other: Span) -> float:
    """What both share, as a part of what they cover together."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def pairs(given: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """Which given place was found as which, best overlaps first; each place once."""
    near = sorted(
        ((overlap(one, other), number, at) for number, one in enumerate(given) for at, other in enumerate(found)),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    for share, number, at in near:
        if share >= SAME and number not in chosen and at not in chosen.values():
            chosen[number] = at
    return chosen


def score(document: Document, reading: Any) -> Scored:
    """Compare a reading (engines.reading.Reading) with the labels."""
    scored = Scored(document.name)
    scored.fields["kind"] = Score(right=int(reading.kind == document.kind), wrong=int(reading.kind != document.kind))
    if reading.kind != document.kind:
        scored.faults.append(f"kind {document.kind} read as {reading.kind}")
    same = _count(scored, document, "findings", [item.finding for item in document.items],
                  [item.finding for item in reading.items])  # fmt: skip
    for number, at in same.items():
        _item(scored, document, document.items[number], reading.items[at])
    _figures(scored, document, reading.figures)
    return scored


def _count(
    scored: Scored, document: Document, name: str, given: Sequence[Span], found: Sequence[Span]
) -> dict[int, int]:
    same = pairs(given, found)
    scored.fields[name].add(Score(len(same), len(found) - len(same), len(given) - len(same)))
    text = document.text
    scored.faults += [f"{name} missed: {text[slice(*one)]}" for n, one in enumerate(given) if n not in same]
    taken = set(same.values())
    scored.faults += [f"{name} wrong: {text[slice(*one)]}" for n, one in enumerate(found) if n not in taken]
    return same


def _item(scored: Scored, document: Document, given: Labeled, found: Any) -> None:
    for mark, name in PLACES.items():
        _count(scored, document, name, given.places.get(mark, []), getattr(found, name))
    for name, is_right, said in (
        ("state", found.state == given.state, f"{given.state} read as {found.state}"),
        ("level", found.level == given.level, f"{given.level} read as {found.level}"),
    ):
        scored.fields[name].add(Score(int(is_right), int(not is_right)))
        if not is_right:
            scored.faults.append(f"{name} {said}: {document.text[slice(*given.finding)][:40]}")


def _figures(scored: Scored, document: Document, found: Iterable[Any]) -> None:
    given = [(one.span, one.number, one.unit, one.approx) for one in document.figures if one.unit not in LASTING]
    said = [(one.span, one.number, one.unit, one.approx) for one in found if one.unit not in LASTING]
    left, right = list(given), 0
    for one in said:
        match = next((other for other in left if other[1:3] == one[1:3] and overlap(other[0], one[0]) > 0), None)
        if match:
            left.remove(match)
            right += 1
            scored.fields["approx"].add(Score(int(match[3] == one[3]), int(match[3] != one[3])))
        else:
            scored.faults.append(f"figures wrong: {one[1:]} in {_around(document.text, one[0])}")
    scored.fields["figures"].add(Score(right, len(said) - right, len(left)))
    scored.faults += [f"figures missed: {one[1:]} in {_around(document.text, one[0])}" for one in left]


def _around(text: str, span: Span) -> str:
    return text[max(0, span[0] - 8) : span[1] + 8].replace("\n", "⏎")


def summed(scored: Iterable[Scored]) -> dict[str, Score]:
    """The scores of all documents together, by field."""
    total: dict[str, Score] = defaultdict(Score)
    for one in scored:
        for name, found in one.fields.items():
            total[name].add(found)
    return dict(total)


def read(document: Document) -> Scored:
    """Read a document as a text file and score what comes out."""
    from bihuan.engines.reading import read_bytes

    return score(document, read_bytes(document.text.encode(), name=f"{document.name}.txt"))


def main() -> None:
    """Print the scores and the documents with the most faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--part", default="train")
    parser.add_argument("--kind", default="")
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--damaged", nargs="?", const="", choices=["", *MECHANISMS], metavar="MECHANISM")
    asked = parser.parse_args()
    chosen = [one for one in documents("" if asked.names else asked.part)
              if (not asked.names or one.name[:3] in {name[:3] for name in asked.names})
              and asked.kind in {"", one.kind}]  # fmt: skip
    if asked.damaged == "":
        _print_mechanisms(chosen)
        return
    if asked.damaged:
        chosen = list(damaged(chosen, asked.damaged))
    scored = [read(one) for one in chosen]
    print(f"{len(chosen)} documents, {sum(len(one.items) for one in chosen)} items")
    for name, total in summed(scored).items():
        print(f"{name:12} P {total.precision:.3f}  R {total.recall:.3f}  F1 {total.f1:.3f}  "
              f"right {total.right} wrong {total.wrong} missed {total.missed}")  # fmt: skip
    for one in sorted(scored, key=lambda one: -len(one.faults))[: asked.worst]:
        print(f"\n{one.name}: {len(one.faults)} faults")
        for fault in one.faults if asked.names else one.faults[:6]:
            print(f"  {fault[:160]}")


def _print_mechanisms(chosen: Sequence[Document]) -> None:
    """A line of scores for the sound documents and one for each kind of damage."""
    everything = [read(one) for one in chosen]
    print(f"{'':18} documents " + " ".join(f"{name:>9}" for name in TOLD))
    _print_line("(sound)", everything)
    broken: list[Scored] = []
    for mechanism in MECHANISMS:
        scored = [read(one) for one in damaged(chosen, mechanism)]
        broken += scored
        _print_line(mechanism, scored)
    _print_line("(all damaged)", broken)


def _print_line(name: str, scored: Sequence[Scored]) -> None:
    total = summed(scored)
    shown = (total.get(name, Score()) for name in TOLD)
    print(f"{name:18} {len(scored):9} " + " ".join(f"{one.f1:9.3f}" for one in shown), flush=True)


if __name__ == "__main__":
    main()
