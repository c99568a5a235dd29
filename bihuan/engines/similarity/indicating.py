"""Which of many codes a text speaks for, by the words given for each: the longer the words found, the more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.engines.similarity.letters import letters_of


@dataclass(frozen=True)
class Indication:
    """One code with the words of the text that speak for it, as they stand there, in their order."""

    code: str
    words: tuple[str, ...]


def indicated(
    texts: Sequence[str], *, by: Mapping[str, Sequence[str]], most: int, fewest_letters: int = 1
) -> tuple[tuple[Indication, ...], ...]:
    """For each text the codes it speaks for most, of equals the first in `by`; not by words of too few letters."""
    plain = {code: tuple(letters_of(word).plain for word in words) for code, words in by.items()}
    return tuple(_indicated(text, plain, fewest_letters)[:most] for text in texts)


def _indicated(text: str, by: Mapping[str, tuple[str, ...]], fewest_letters: int) -> tuple[Indication, ...]:
    letters = letters_of(text)
    found = []
    for rank, (code, words) in enumerate(by.items()):
        spans = _apart([span for word in words for span in _places(letters.plain, word)])
        weight = sum(end - start for start, end in spans)
        if weight >= fewest_letters:
            said = tuple(text[letters.places[start] : letters.places[end - 1] + 1] for start, end in spans)
            found.append((-weight, rank, Indication(code, said)))
    return tuple(one for _weight, _rank, one in sorted(found, key=lambda each: each[:2]))


def _places(plain: str, word: str) -> list[tuple[int, int]]:
    """The first place of the word, if any: saying it twice makes it no truer."""
    at = plain.find(word)
    return [(at, at + len(word))] if at >= 0 else []


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that stand apart: of words over one another the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end))
    return sorted(kept)
