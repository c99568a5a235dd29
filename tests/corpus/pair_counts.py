"""Counts the pairs of letters in the findings of the corpus's train part for bihuan/engines/similarity/pairs.txt.

`python -m tests.corpus.pair_counts`; the same corpus gives the same file.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bihuan.engines import similarity
from bihuan.engines.similarity.letters import letters_of
from bihuan.engines.similarity.measure import pairs_in
from tests.corpus.marks import documents

TARGET = Path(similarity.__file__).with_name("pairs.txt")
FEWEST = 3


def findings() -> Iterator[str]:
    """Every finding of the train part, each wording once."""
    seen = set()
    for one in documents("train"):
        for item in one.items:
            text = "".join(one.text[start:end] for mark in ("f", "+") for start, end in item.places.get(mark, []))
            if text and text not in seen:
                seen.add(text)
                yield text


def counted(texts: Iterable[str]) -> str:
    """In how many of the texts each pair stands, the commonest first; below FEWEST it is as rare as any other."""
    every = [pairs_in(letters_of(text).plain) for text in texts]
    counts = Counter(pair for pairs in every for pair in pairs)
    told = sorted(((pair, n) for pair, n in counts.items() if n >= FEWEST), key=lambda one: (-one[1], one[0]))
    return "\n".join([str(len(every)), *(f"{pair} {n}" for pair, n in told)]) + "\n"


def main() -> None:
    """Write the counts."""
    TARGET.write_text(counted(findings()), encoding="utf-8")
    print(f"{TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
