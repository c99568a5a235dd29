"""Counts groups of plain words in one pass over a text, each as `str.count` does: no pass for each of hundreds."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

_SHARED = 16  # first signs that stand in one class of the expression


def counter_of(groups: Sequence[tuple[str, Sequence[str]]]) -> Callable[[str], dict[str, int]]:
    """What counts, in a text, the words of each group that has any there."""
    of: dict[str, list[str]] = defaultdict(list)
    for name, word in ((name, word) for name, words in groups for word in words):
        of[word].append(name)
    alone = {word: names for word, names in of.items() if len(word) == 1 or _overlaps_itself(word)}
    others = sorted(of.keys() - alone.keys())
    begun = {word: [name for one in others if word.startswith(one) for name in of[one]] for word in others}
    find = re.compile(_longest(others)).findall if others else None

    def count(text: str) -> dict[str, int]:
        found = [(begun[word], times) for word, times in Counter(find(text) if find else ()).items()]
        found += [(names, text.count(word)) for word, names in alone.items() if word in text]
        told: dict[str, int] = {}
        for name, times in ((name, times) for names, times in found for name in names):
            told[name] = told.get(name, 0) + times
        return told

    return count


def _overlaps_itself(word: str) -> bool:
    return any(word.startswith(word[begin:]) for begin in range(1, len(word)))


def _longest(words: list[str]) -> str:
    """Where a word begins, the longest that does: the first sign leads to a class, the second to the words."""
    firsts = sorted({word[0] for word in words})
    classes = [firsts[begin : begin + _SHARED] for begin in range(0, len(firsts), _SHARED)]
    by_first = defaultdict(list)
    for word in words:
        by_first[word[0]].append(word)
    branches = (_branch([word for sign in signs for word in by_first[sign]], signs) for signs in classes)
    return f"{_class(firsts)}(?<=(?=({'|'.join(branches)}))(?s:.))"


def _branch(words: list[str], signs: list[str]) -> str:
    behind = (f"{re.escape(word[1:])}(?<={re.escape(word)})" for word in sorted(words, key=len, reverse=True))
    return f"{_class(signs)}(?:{'|'.join(behind)})"


def _class(signs: list[str]) -> str:
    return f"[{''.join(map(re.escape, signs))}]"
