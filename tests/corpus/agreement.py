"""How far two who label alike agree: sixteen documents labeled a second time by others, who saw text and rules alone.

What two people call the same is as much as reading can be right. `python -m tests.corpus.agreement`.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from tests.corpus import scoring
from tests.corpus.marks import Document, document, documents
from tests.corpus.prose_training import is_prose

SECOND = Path(__file__).parent / "second"
COMPARED = ("findings", "measures", "results", "state")


def labeled_twice() -> Iterator[tuple[Document, Document]]:
    """The same text with its first and its second labels."""
    first = {one.name: one for one in documents()}
    for path in sorted(SECOND.glob("*.txt")):
        again = document(path)
        yield first[again.name], again


def _as_read(document: Document) -> SimpleNamespace:
    """Labels in the form of a reading."""
    items = [
        SimpleNamespace(
            finding=one.finding, state=one.state, level=one.level,
            **{name: one.places.get(mark, []) for mark, name in scoring.PLACES.items()},
        )
        for one in document.items
    ]  # fmt: skip
    return SimpleNamespace(kind=document.kind, items=items, figures=())


def main() -> None:
    """Print how the second labels do when the first are the truth: in papers told in prose, and in all others."""
    in_prose: list[scoring.Scored] = []
    others: list[scoring.Scored] = []
    for first, again in labeled_twice():
        scored = scoring.score(first, _as_read(again))
        (in_prose if first.kind == "feedback" and is_prose(first) else others).append(scored)
    for name, chosen in (("feedback in prose", in_prose), ("all others", others)):
        total = scoring.summed(chosen)
        told = "  ".join(f"{field} {total[field].f1:.3f}" for field in COMPARED if total[field].right)
        print(f"{name}: {len(chosen)} documents, {told}")


if __name__ == "__main__":
    main()
