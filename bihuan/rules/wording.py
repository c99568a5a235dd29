"""What changed between two texts, word by word: Chinese by the character, Latin words and numbers as wholes.

Pure text; which texts are compared is a matter of queries. Very long texts without a sentence in common are not taken
apart: they stand as removed and added.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, ADDED = "same", "gone", "added"
# Pairs of letters that one comparison may look at; beyond it sentences are compared, then the words of short ones.
MOST_PAIRS, MOST_PAIRS_AGAIN = 400_000, 40_000
# What stays the same between two changes is told apart only when it is longer than this.
SHORTEST_SAME = 2
ALIKE = 0.4
MOST_LETTERS_TO_MATCH = 400

_WORDS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is same, gone (only before) or added (only afterwards)."""

    kind: str
    text: str


def compared(before: str, *, after: str) -> tuple[Piece, ...]:
    """The pieces in reading order; same and gone make `before`, same and added make `after`."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    inner = list(_inner(before[head : len(before) - tail], after[head : len(after) - tail]))
    pieces = [Piece(SAME, before[:head]), *inner, Piece(SAME, before[len(before) - tail :])]
    return tuple(_joined(_calmed(_joined(pieces))))


def text_before(pieces: Sequence[Piece]) -> str:
    """The text that was compared first."""
    return "".join(piece.text for piece in pieces if piece.kind != ADDED)


def text_after(pieces: Sequence[Piece]) -> str:
    """The text that was compared second."""
    return "".join(piece.text for piece in pieces if piece.kind != GONE)


def paired(before: Sequence[str], *, after: Sequence[str]) -> tuple[tuple[int | None, int | None], ...]:
    """Which text of one list became which of the other, in the order of the second; None: removed, or new.

    Equal texts are one another's; of the others those that are alike, the nearest in place first.
    """
    left, right = dict(enumerate(before)), dict(enumerate(after))
    found: dict[int, int] = {}
    for is_match in (lambda one, two: one == two, _is_alike):
        for number, text in list(right.items()):
            near = sorted(left, key=lambda other, number=number: abs(other - number))  # type: ignore[misc]
            match = next((other for other in near if is_match(left[other], text)), None)
            if match is not None:
                found[number] = match
                del left[match], right[number]
    kept: list[tuple[int | None, int | None]] = [(found.get(number), number) for number in range(len(after))]
    return (*kept, *((number, None) for number in sorted(left)))


def _is_alike(one: str, two: str) -> bool:
    matcher = SequenceMatcher(None, one[:MOST_LETTERS_TO_MATCH], two[:MOST_LETTERS_TO_MATCH], autojunk=False)
    return matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def _shared(before: str, after: str) -> int:
    """How many letters both begin with, never ending within a number or a Latin word."""
    most = min(len(before), len(after))
    length = next((place for place in range(most) if before[place] != after[place]), most)
    rests = before[length : length + 1] + after[length : length + 1]
    while length and rests and _is_of_a_word(before[length - 1]) and any(map(_is_of_a_word, rests)):
        length -= 1
    return length


def _is_of_a_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == ".")


def _inner(before: str, after: str) -> Iterator[Piece]:
    """Word by word where that is little work; else sentence by sentence, and words within short changes."""
    if _is_little(before, after, MOST_PAIRS):
        yield from _matched(_WORDS.findall(before), _WORDS.findall(after))
        return
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    sentences = _matched(old, new) if len(old) * len(new) <= MOST_PAIRS else _replaced(before, after)
    before_it = Piece(SAME, "")
    for piece in [*_joined(sentences), Piece(SAME, "")]:
        if before_it.kind == GONE and piece.kind == ADDED and _is_little(before_it.text, piece.text, MOST_PAIRS_AGAIN):
            yield from _matched(_WORDS.findall(before_it.text), _WORDS.findall(piece.text))
            before_it = Piece(SAME, "")
        else:
            yield before_it
            before_it = piece
    yield before_it


def _is_little(before: str, after: str, most: int) -> bool:
    return len(before) * len(after) <= most


def _replaced(before: str, after: str) -> Iterator[Piece]:
    yield from (Piece(GONE, before), Piece(ADDED, after))


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, start, end, second, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[start:end]))
        else:
            yield from _replaced("".join(old[start:end]), "".join(new[second:last]))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbors put together; between two stretches that stay, what is gone stands before what is added."""
    found: list[Piece] = []
    gone = added = ""
    for piece in pieces:
        if piece.kind == GONE:
            gone += piece.text
        elif piece.kind == ADDED:
            added += piece.text
        elif piece.text:
            found += [Piece(GONE, gone), Piece(ADDED, added), piece]
            gone = added = ""
    return _without_seams([piece for piece in (*found, Piece(GONE, gone), Piece(ADDED, added)) if piece.text])


def _without_seams(pieces: Sequence[Piece]) -> list[Piece]:
    whole: list[Piece] = []
    for piece in pieces:
        if whole and whole[-1].kind == piece.kind:
            whole[-1] = Piece(piece.kind, whole[-1].text + piece.text)
        else:
            whole.append(piece)
    return whole


def _calmed(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A letter or two that stay the same by chance between changes are shown as changed: people read phrases."""
    for number, piece in enumerate(pieces):
        is_between = 0 < number < len(pieces) - 1
        if piece.kind == SAME and is_between and len(piece.text) < SHORTEST_SAME:
            yield from (Piece(GONE, piece.text), Piece(ADDED, piece.text))
        else:
            yield piece
