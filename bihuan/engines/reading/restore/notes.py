"""Pinyin notes behind characters, and characters that such a note was pushed into or has outlived.

The bytes say which: (習)(xí) stands whole; 損 with (fù) inside is 93, the note, 70. What they do not say is told.
"""

import re
from collections.abc import Iterator

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.restore.pairs import Pairs

# What stands before is looked back for: an expression that begins with its rarest sign is found many times faster.
_NOTE = re.compile(rf"[(（](?<=([{letters.HAN}]).)({letters.PINYIN})[)）]")
_CUT = re.compile(rf"[?？\ufffd](?<=([^(（a-zA-Z]).)({letters.PINYIN})[)）](?=(.{{0,4}}))")
_FEW, _MANY, _DENSE = 3, 5, 150
MOST_CANDIDATES = 5


def notes(draft: Draft) -> bool:
    """Take the notes away: those behind Traditional characters, all where the text is full of them; propose others.

    Returns whether some stood behind Traditional characters: such a copy was made Traditional as a whole.
    """
    found = list(_NOTE.finditer(draft.current))
    if not found:
        return False
    matching = [one for one in found if letters.is_read(one[1], one[2])]
    everywhere = _is_full_of_notes(draft.current, matching)
    taken = []
    for one in matching:
        begin, end = one.end(1), one.end()
        if everywhere or letters.simple_of(one[1]) != one[1]:
            taken.append(Edit(begin, end, "", "pinyin"))
        else:
            draft.offer(Edit(begin, end, "", "pinyin", 0.4))
    if everywhere:
        for one in set(found) - set(matching):
            if letters.has_tone(one[2]):
                draft.offer(Edit(one.end(1), one.end(), "", "pinyin", 0.6))
    draft.put(taken)
    return any(letters.simple_of(one[1]) != one[1] for one in matching)


def _is_full_of_notes(text: str, matching: list[re.Match[str]]) -> bool:
    """Whether notes are damage here; a name in an ordinary text may be explained once or twice."""
    sure = sum(1 for one in matching if letters.simple_of(one[1]) != one[1] or _needs_no_note(one))
    if sure >= _FEW:
        return True
    everyday = {one[1] for one in matching} & letters.frequent()
    return len(everyday) >= _MANY and len(matching) * _DENSE >= len(letters.IS_HAN.findall(text[:200_000]))


def _needs_no_note(note: re.Match[str]) -> bool:
    """An everyday character with one reading: nobody explains that."""
    return letters.has_tone(note[2]) and note[1] in letters.frequent() and len(letters.readings(note[1])) == 1


def swallowed(draft: Draft, pairs: Pairs) -> None:
    """Put together what a note was pushed into where the bytes allow one answer; propose or tell the rest."""
    made = []
    for one in _CUT.finditer(draft.current):
        if not letters.has_tone(one[2]):
            continue
        answers = set(_from_bytes(one[1], one[2], one[3])) if letters.IS_HAN.match(one[1]) else set()
        if len(answers) == 1:
            length, word = answers.pop()
            made.append(Edit(one.start(), one.end() + length, word, "pinyin", 0.99))
            continue
        for length, word in sorted(answers)[:MOST_CANDIDATES]:
            draft.offer(Edit(one.start(), one.end() + length, word, "pinyin", round(0.8 / len(answers), 3)))
        if not answers:
            _lost(draft, one, pairs)
    draft.put(made)


def _from_bytes(before: str, pinyin: str, rest: str) -> Iterator[tuple[int, str]]:
    """How much of the rest belongs to the cut characters, and what they are."""
    trail = letters.bytes_of(before)[-1:]
    for lead in range(0x81, 0xFF) if trail else ():
        seen = letters.character_of(trail[0], lead)
        if not seen or letters.simple_of(seen) == seen or not letters.is_read(seen, pinyin):
            continue
        for bytes_, length in _trails(rest):
            word = bytes((lead, *bytes_)).decode("gbk", "ignore")
            if len(word) * 2 == len(bytes_) + 1 and all(map(letters.plausible, word)):
                yield length, word


def _trails(rest: str) -> Iterator[tuple[bytes, int]]:
    """The bytes that the cut character and its neighbor left behind; a half-width digit was full-width then."""
    if not rest or not 0x20 < ord(rest[0]) < 0x7F:
        return
    if ord(rest[0]) >= 0x40:
        yield rest[0].encode(), 1
    elif len(rest) > 1 and 0x40 <= ord(rest[1]) < 0x7F:
        yield bytes((0xA3, ord(rest[0]) + 0x80, ord(rest[1]))), 2


def _lost(draft: Draft, one: re.Match[str], pairs: Pairs) -> None:
    """The character is gone and only its sound is left: candidates that this very text has between these neighbors."""
    after = letters.simple_of(one[3][:1])
    is_inside = letters.IS_HAN.match(one[1]) and letters.IS_HAN.match(after)
    found = pairs.between(letters.simple_of(one[1]), after, letters.sounding(one[2]))
    for number, (character, share) in enumerate(found[:MOST_CANDIDATES]):
        sure = share * (0.9 if is_inside and not number else 0.6)
        draft.offer(Edit(one.start(), one.end(), character, "lost", round(sure, 3)))
    if found:
        return
    draft.offer(Edit(one.start(), one.end(), one[0], "lost", 0.95))
