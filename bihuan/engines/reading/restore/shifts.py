"""Runs of GBK read one byte off: a lead byte was lost, and every character up to the next odd byte is another one.

Joined again they are words; a pair from the zone without characters may have fallen out on the way.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.restore.pairs import Pairs
from bihuan.engines.reading.shapes import Span

_ANCHOR = re.compile(rf"[?？\ufffd](?=[{letters.HAN}！？，。；：、０-９!，])")
_LONGEST = 80
_SHORTEST, _LONG_ENOUGH = 3, 4
_ZONE = (*range(0xAA, 0xB0), *range(0xF8, 0xFF))
_TRAILS = range(0xA1, 0xFF)
_ENDS = "。，！？；：…"


class Joined(NamedTuple):
    """A run put right: how many characters it took, the trail of its first character, the rest, where it ended."""

    length: int
    trail: int
    word: str
    is_whole: bool


def shifts(draft: Draft, pairs: Pairs) -> list[Span]:
    """Put right the runs whose every neighbor this text has elsewhere; propose those that are only likely.

    Returns where proposals stand in the current text, so that nothing else is changed there.
    """
    made: list[Edit] = []
    waiting: list[tuple[int, int]] = []
    reached, opened = 0, -1
    for one in _ANCHOR.finditer(draft.current):
        if one.start() < reached:
            continue
        found = _repair(draft.current, one.start(), pairs, opened)
        if found is None:
            continue
        reached = found.end
        opened = found.start if found.after.rfind("“") > found.after.rfind("”") else opened
        if found.confidence >= 0.97:
            made.append(found)
        else:
            draft.offer(found)
            waiting.append((found.start, found.end))
    if not made:
        return waiting
    moved = [(begin + _grown(made, begin), end + _grown(made, begin)) for begin, end in waiting]
    draft.put(made)
    return moved


def _grown(made: list[Edit], place: int) -> int:
    return sum(len(one.after) - (one.end - one.start) for one in made if one.end <= place)


def _repair(text: str, at: int, pairs: Pairs, opened: int) -> Edit | None:
    joined = _joined(text, at + 1)
    if joined is None or len(joined.word) < _SHORTEST:
        return None
    before, end = letters.simple_of(text[at - 1 : at]), at + 1 + joined.length
    word = letters.simplified(joined.word)
    word, mended = _mended(word, joined, text, at, pairs)
    rest = "" if joined.is_whole else "?"
    if not all(map(letters.plausible, word)):
        return None
    seen = _share(word, pairs)
    if not _looks_damaged(text[at + 1 : end], word):
        return None
    is_open = _is_open(text, at, opened)
    first, is_sure = _first(before, joined.trail, word, pairs, is_open=is_open)
    longest = max(map(len, re.findall(rf"[{letters.HAN}]+", word)), default=0)
    if is_sure and joined.is_whole and seen == 1 and mended <= 1 and longest >= _LONG_ENOUGH:
        return Edit(at, end, first + word, "shift", 0.98)
    return Edit(at, end, (first or text[at]) + word + rest, "shift", round(min(0.9, 0.2 + 0.6 * seen), 3))


def _share(word: str, pairs: Pairs) -> float:
    """The share of Chinese neighbors in the word that are known to stand together."""
    found = [word[at : at + 2] for at in range(len(word) - 1)]
    both = [pair for pair in found if letters.IS_HAN.match(pair[0]) and letters.IS_HAN.match(pair[1])]
    return sum(pairs.count(pair) > 0 for pair in both) / len(both) if both else 0.0


def _looks_damaged(run: str, word: str) -> bool:
    """Whether something in the run is out of place: a character hardly anybody writes, two ways of writing mixed."""
    rare = any(letters.IS_HAN.match(one) and not letters.plausible(one) for one in run)
    mixed = any(one in letters.simplified_only() for one in run) and any(one in letters.traditional() for one in word)
    return rare or mixed or not all(map(letters.plausible, run[:-1]))


def _joined(text: str, begin: int) -> Joined | None:
    """The characters behind the anchor with their bytes paired anew, up to a byte that ends the run."""
    bytes_ = bytearray()
    for at in range(begin, min(len(text), begin + _LONGEST)):
        found = letters.bytes_of(text[at])
        if text[at] == "!":
            found = b"\xa3\xa1"
        bytes_ += found
        if len(found) != 2:
            is_whole = len(found) == 1 and found[0] >= 0x40
            kept = bytes_ if is_whole else bytes_[: len(bytes_) - len(found) - 1]
            return _paired(kept, at + is_whole - begin, is_whole=is_whole)
    return None


def _paired(bytes_: bytearray, length: int, *, is_whole: bool) -> Joined | None:
    if len(bytes_) < 3:
        return None
    word = [letters.character_of(*bytes_[at : at + 2]) for at in range(1, len(bytes_) - 1, 2)]
    return Joined(length, bytes_[0], "".join(word), is_whole) if all(word) else None


def _mended(word: str, joined: Joined, text: str, at: int, pairs: Pairs) -> tuple[str, int]:
    """The word with the one pair put back that makes neighbors of all; how many answers there were."""
    gaps = [place for place in range(len(word) - 1) if not _is_known(word[place : place + 2], pairs)]
    if not 1 <= len(gaps) <= 2:
        return word, 0
    bytes_ = b"".join(letters.bytes_of("！" if one == "!" else one) for one in text[at + 1 : at + 1 + joined.length])
    places = [place for place in (gaps[0], gaps[0] + 1) if set(gaps) <= {place - 1, place}]
    found = {one for place in places for one in _with_pair(word, bytes_, place, pairs)}
    best = max((known for _, known in found), default=0)
    answers = {answer for answer, known in found if known == best}
    return (answers.pop(), 1) if len(answers) == 1 and best else (word, len(answers) + 1)


def _with_pair(word: str, bytes_: bytes, place: int, pairs: Pairs) -> Iterator[tuple[str, int]]:
    """The word with a pair of the zone between the bytes of its character here, and how often the text has that."""
    lead, trail = bytes_[1 + 2 * place], bytes_[2 + 2 * place]
    head, tail = word[:place], word[place + 1 :]
    lefts = [letters.simple_of(letters.character_of(lead, zone)) for zone in _ZONE]
    rights = [letters.simple_of(letters.character_of(zone, trail)) for zone in _TRAILS]
    for left in {one for one in lefts if one and (not head or _is_known(head[-1] + one, pairs))}:
        for right in {one for one in rights if one and (not tail or _is_known(one + tail[0], pairs))}:
            whole = head + left + right + tail
            if all(_is_known(whole[at : at + 2], pairs) for at in range(len(whole) - 1)):
                yield whole, pairs.whole(head[-1:] + left + right + tail[:1])


def _is_known(pair: str, pairs: Pairs) -> bool:
    """Whether these two may stand together: seen elsewhere, or at least one is no Chinese character."""
    return pairs.count(pair) > 0 or not (letters.IS_HAN.match(pair[0]) and letters.IS_HAN.match(pair[1]))


def _first(before: str, trail: int, word: str, pairs: Pairs, *, is_open: bool) -> tuple[str, bool]:
    """The character whose lead byte was lost, and whether it is sure.

    Only punctuation is: before a word, a pair that fell out may have taken a whole character with it.
    """
    options = [letters.character_of(lead, trail) for lead in range(0x81, 0xFF)]
    marks = _marks(options, word[0], is_open=is_open)
    words = {letters.simple_of(one) for one in options if one and letters.IS_HAN.match(one)}
    fitting = [one for one in words if pairs.count(before + one) and _is_known(one + word[0], pairs)]
    fitting = [one for one in fitting if pairs.count(one + word[0]) or not letters.IS_HAN.match(word[0])]
    answers = marks or sorted(fitting)
    best = answers[0] if len(answers) == 1 else ""
    return best, bool(marks) and len(answers) == 1


def _marks(options: list[str], follows: str, *, is_open: bool) -> list[str]:
    """The punctuation that the lost byte may have belonged to: the end before a closing quote, or an opening one."""
    if (follows == "”" and is_open) or (follows == "“" and not is_open):
        return [one for one in options if one and one in _ENDS]
    return ["“"] if "“" in options and letters.IS_HAN.match(follows) and not is_open else []


def _is_open(text: str, at: int, opened: int) -> bool:
    """Whether a quotation begun in this paragraph, or in a run before, still waits for its end."""
    begin = text.rfind("\n", 0, at) + 1
    last = max(text.rfind("“", begin, at), opened if opened >= begin else -1)
    return last > text.rfind("”", begin, at)
