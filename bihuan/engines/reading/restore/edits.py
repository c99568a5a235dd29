"""A text under repair: what was changed so far, what is only proposed, and where each stood in the original.

Changes lie in arrays, not objects: a damaged text has one for every third character.
"""

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add, sub
from typing import NamedTuple

from bihuan.engines.reading.places import Places
from bihuan.engines.reading.shapes import Repair, Span

RULES = ("pinyin", "simplify", "shift", "lost", "punctuation", "spaces", "linebreak", "html", "boilerplate")
_NUMBERS = {rule: number for number, rule in enumerate(RULES)}
_PINYIN = _NUMBERS["pinyin"]
# A cut that takes in earlier changes is told under the rule that explains the whole.
_WIDER = {"boilerplate": 3, "shift": 2, "html": 1}


class Edit(NamedTuple):
    """One replacement, in the places of the text it was found in."""

    start: int
    end: int
    after: str
    rule: str
    confidence: float = 1.0


@dataclass(slots=True)
class Column:
    """Edits as numbers; equal words are kept once."""

    starts: "array[int]" = field(default_factory=lambda: array("I"))
    ends: "array[int]" = field(default_factory=lambda: array("I"))
    words: "array[int]" = field(default_factory=lambda: array("I"))
    rules: "array[int]" = field(default_factory=lambda: array("B"))
    shares: "array[int]" = field(default_factory=lambda: array("H"))
    known: dict[str, int] = field(default_factory=dict)
    spelled: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, at: int) -> Edit:
        after = self.spelled[self.words[at]]
        return Edit(self.starts[at], self.ends[at], after, RULES[self.rules[at]], self.shares[at] / 1000)

    def add(self, edit: Edit, moved: int = 0) -> None:
        """Keep one more, so much further on."""
        start, end, after, rule, confidence = edit
        self.starts.append(start + moved)
        self.ends.append(end + moved)
        number = self.known.get(after)
        self.words.append(self._number(after) if number is None else number)
        self.rules.append(_NUMBERS[rule])
        self.shares.append(round(confidence * 1000))

    def emptied(self) -> "Column":
        """A column without edits that knows the same words."""
        return Column(known=self.known, spelled=self.spelled, lengths=self.lengths)

    def take(self, other: "Column", begin: int, end: int) -> None:
        """Keep these edits of a column that knows the same words."""
        self.starts.extend(other.starts[begin:end])
        self.ends.extend(other.ends[begin:end])
        self.words.extend(other.words[begin:end])
        self.rules.extend(other.rules[begin:end])
        self.shares.extend(other.shares[begin:end])

    def append(self, other: "Column", moved: int) -> None:
        """Keep all edits of another column, so much further on."""
        numbers = [self._number(word) for word in other.spelled]
        self.starts.extend(start + moved for start in other.starts)
        self.ends.extend(end + moved for end in other.ends)
        self.words.extend(map(numbers.__getitem__, other.words))
        self.rules.extend(other.rules)
        self.shares.extend(other.shares)

    def _number(self, word: str) -> int:
        number = self.known.get(word)
        if number is None:
            number = self.known[word] = len(self.spelled)
            self.spelled.append(word)
            self.lengths.append(len(word))
        return number

    def begins(self) -> "array[int]":
        """Where each edit stands once all are made."""
        grown = map(sub, map(self.lengths.__getitem__, self.words), map(sub, self.ends, self.starts))
        return array("I", map(add, self.starts, accumulate(grown, initial=0)))

    def finishes(self, begins: "array[int]") -> "array[int]":
        """Where each edit ends once all are made."""
        return array("I", map(add, begins, map(self.lengths.__getitem__, self.words)))

    def places(self) -> Places:
        """The places before and after all edits; a note taken away belongs to the character it stood behind."""
        begins = self.begins()
        ranges: list[tuple[int, int, int, int]] = []
        for start, end, begin, finish, rule in zip(
            self.starts, self.ends, begins, self.finishes(begins), self.rules, strict=True
        ):
            if begin == finish and rule == _PINYIN and begin:
                last = ranges.pop() if ranges and ranges[-1][1] == start else (start - 1, start, begin - 1, begin)
                ranges.append((last[0], end, last[2], finish))
            else:
                ranges.append((start, end, begin, finish))
        return Places(*(zip(*ranges, strict=True) if ranges else ((), (), (), ())))


class Changes(Sequence[Repair]):
    """All changes in the order of their places, made when they are asked for."""

    def __init__(self, original: str, kept: Column, offers: Column) -> None:
        self._original = original
        self._columns = (kept, offers)
        places = [start << 33 | at for at, start in enumerate(kept.starts)]
        places += [start << 33 | 1 << 32 | at for at, start in enumerate(offers.starts)]
        places.sort()
        self._order = array("Q", (place & 0x1_FFFF_FFFF for place in places))

    @property
    def applied(self) -> Column:
        """Those that were made."""
        return self._columns[0]

    @property
    def proposed(self) -> Column:
        """Those that wait."""
        return self._columns[1]

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        if isinstance(at, slice):
            return [self._made(number) for number in self._order[at]]
        return self._made(self._order[at])

    def __iter__(self) -> Iterator[Repair]:
        return map(self._made, self._order)

    def plain(self) -> Iterator[tuple[int, int, str, str, str, float, bool]]:
        """All changes as values, in the order of the fields of a repair: no object for each of a million."""
        for number in self._order:
            is_offer, at = number >> 32, number & 0xFFFF_FFFF
            of = self._columns[is_offer]
            start, end = of.starts[at], of.ends[at]
            yield (
                start, end, self._original[start:end], of.spelled[of.words[at]], RULES[of.rules[at]],
                of.shares[at] / 1000, not is_offer,
            )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self._original, len(self._order)))

    def _made(self, number: int) -> Repair:
        is_offer = number >> 32
        edit = self._columns[is_offer][number & 0xFFFF_FFFF]
        before = self._original[edit.start : edit.end]
        return Repair((edit.start, edit.end), before, edit.after, edit.rule, edit.confidence, not is_offer)


class Draft:
    """The text as it stands after the changes made so far."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.current = original
        self.kept = Column()
        self.offers = Column()
        self._begins = array("I")  # where each kept change stands in the current text, and where it ends
        self._finishes = array("I")

    def put(self, edits: Iterable[Edit]) -> None:
        """Make these changes, given in the places of the current text, sorted and disjoint."""
        new = list(edits)
        if not new:
            return
        self.kept = self._merged(new)
        pieces, reached = list[str](), 0
        for one in new:
            pieces += (self.current[reached : one.start], one.after)
            reached = one.end
        self.current = "".join((*pieces, self.current[reached:]))
        self._begins = self.kept.begins()
        self._finishes = self.kept.finishes(self._begins)

    def _merged(self, new: list[Edit]) -> Column:
        """Earlier and new changes in the places of the original; what overlaps becomes one."""
        old, begins, finishes = self.kept, self._begins, self._finishes
        made, taken, moved, at, total, count = old.emptied(), 0, 0, 0, len(new), len(begins)
        while at < total:
            start, end = new[at].start, new[at].end
            place = bisect_right(begins, start, taken)
            while place > taken and finishes[place - 1] > start:
                place -= 1
            if place > taken:
                made.take(old, taken, place)
                taken, moved = place, old.ends[place - 1] - finishes[place - 1]
            if taken == count or begins[taken] >= end:
                made.add(new[at], moved)
                at += 1
                continue
            cluster = _Cluster(self.current, new[at])
            at += 1
            while cluster.grows(new, at) or (taken < count and begins[taken] < cluster.end):
                if cluster.grows(new, at):
                    cluster.add(new[at])
                    at += 1
                else:
                    cluster.take(begins[taken], old[taken])
                    taken += 1
            made.add(cluster.closed())
            moved = old.ends[taken - 1] - finishes[taken - 1]
        made.take(old, taken, count)
        return made

    def offer(self, edit: Edit) -> None:
        """Propose a change, given in the places of the current text; inside an earlier change nothing is proposed."""
        start, end = self.origin(edit.start), self.origin(edit.end, is_end=True)
        if start is not None and end is not None and start <= end:
            self.offers.add(Edit(start, end, *edit[2:]))

    def offered(self, rules: Collection[str]) -> list[Span]:
        """Where proposals under these rules stand, in the places of the original, in order."""
        found = (self.offers[at] for at in range(len(self.offers)))
        return sorted((one.start, one.end) for one in found if one.rule in rules)

    def origin(self, place: int, *, is_end: bool = False) -> int | None:
        """Where a place of the current text stood in the original; nothing inside what was put there."""
        at = bisect_right(self._begins, place - 1 if is_end else place) - 1
        if at < 0:
            return place
        finish = self._finishes[at]
        if place < finish or (is_end and place == self._begins[at]):
            return self.kept.starts[at] if place == self._begins[at] else None
        return self.kept.ends[at] + place - finish


class _Cluster:
    """Changes that overlap in the current text and therefore become one."""

    __slots__ = ("begin", "current", "end", "new", "old")

    def __init__(self, current: str, first: Edit) -> None:
        self.current, self.begin, self.end = current, first.start, first.end
        self.new = [first]
        self.old: list[tuple[int, Edit]] = []

    def grows(self, new: list[Edit], at: int) -> bool:
        """Whether the next new change lies within; only an earlier change makes room for it."""
        return bool(self.old) and at < len(new) and new[at].start < self.end

    def add(self, edit: Edit) -> None:
        """A new change."""
        self.new.append(edit)
        self.end = max(self.end, edit.end)

    def take(self, begin: int, edit: Edit) -> None:
        """An earlier change."""
        self.old.append((begin, edit))
        self.begin, self.end = min(self.begin, begin), max(self.end, begin + len(edit.after))

    def closed(self) -> Edit:
        """The one change, in the places of the original."""
        (first, known), (last, final) = self.old[0], self.old[-1]
        pieces, reached = list[str](), self.begin
        for one in self.new:
            pieces += (self.current[reached : one.start], one.after)
            reached = one.end
        after = "".join((*pieces, self.current[reached : self.end]))
        everything = [*(one for _, one in self.old), *self.new]
        rule = max((one.rule for one in everything), key=lambda rule: _WIDER.get(rule, 0))
        start, end = known.start - (first - self.begin), final.end + self.end - last - len(final.after)
        return Edit(start, end, after, rule, min(one.confidence for one in everything))
