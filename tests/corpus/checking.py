"""Says what is wrong in the corpus: marks, lengths, negatives with items, sentences that stand in two documents."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.corpus.marks import FOLDER, Document, Slip, document

SHORTEST, LONGEST = 300, 20_000
_SENTENCE = re.compile(r"[^。！？；;\n\t]+")
SAME_FROM = 12
WITHOUT_ITEMS = ("other", "statistics")


def slips(paths: Iterable[Path]) -> Iterator[str]:
    """One sentence for each slip in these files; repeated sentences are looked for in the whole corpus."""
    asked = {path.stem for path in paths}
    everywhere: dict[str, set[str]] = defaultdict(set)
    for path in sorted(FOLDER.glob("*.txt")):
        try:
            found = document(path)
        except (Slip, ValueError) as slip:
            if path.stem in asked:
                yield f"{path.stem}: {slip}"
            continue
        for sentence in sentences(found.text):
            everywhere[sentence].add(path.stem)
        if path.stem in asked:
            yield from (f"{path.stem}: {said}" for said in _of_one(found))
    for sentence, names in everywhere.items():
        if len(names) > 1 and names & asked:
            yield f"{'、'.join(sorted(names))}: {sentence!r} stands in each"


def sentences(text: str) -> set[str]:
    """The sentences of twelve or more characters, spaces left out."""
    found = ("".join(one.split()) for one in _SENTENCE.findall(text))
    return {one for one in found if len(one) >= SAME_FROM}


def _of_one(found: Document) -> Iterator[str]:
    if not SHORTEST <= len(found.text) <= LONGEST:
        yield f"{len(found.text)} characters; {SHORTEST} to {LONGEST} are asked"
    if found.kind in WITHOUT_ITEMS and found.items:
        yield f"kind {found.kind} has items"
    if found.kind not in WITHOUT_ITEMS and not found.items:
        yield f"kind {found.kind} has no item"
    starts = [item.finding[0] for item in found.items]
    if starts != sorted(starts):
        yield "items are not in the order of their findings"
    for figure in found.figures:
        words = found.text[slice(*figure.span)]
        if not words.endswith(figure.unit) and figure.unit != "%":
            yield f"figure {words!r} does not end with {figure.unit!r}"


if __name__ == "__main__":
    said = list(slips([Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.txt"))))
    print("\n".join(said) or "nothing is wrong")
    sys.exit(bool(said))
