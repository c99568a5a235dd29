"""Damaged copies of the train part are read nearly as well as the sound documents, by each kind of damage."""

import re
from functools import cache
from itertools import cycle
from random import Random

import pytest

from tests.corpus import copies, damage, scoring
from tests.corpus.marks import Document, Labeled, documents

EVERY = 2
# How far a field may fall behind the sound documents, and what it must reach; below, a change has to be looked at.
MOST_LOST = {"kind": 0.03, "findings": 0.05, "measures": 0.07, "results": 0.07, "state": 0.03, "figures": 0.03}
LEAST_FINDINGS = 0.8


@cache
def pairs() -> tuple[tuple[Document, Document], ...]:
    """Sound and damaged documents, the kinds of damage in turn."""
    made = []
    for one, mechanism in zip(list(documents("train"))[::EVERY], cycle(damage.MECHANISMS)):
        made += [(one, copy) for copy in copies.damaged([one], mechanism)]
    return tuple(made)


def test_damaged_copies_are_read_nearly_as_well_as_sound_documents() -> None:
    assert len(pairs()) >= 70
    sound = scoring.summed(scoring.read(one) for one, _ in pairs())
    broken = scoring.summed(scoring.read(copy) for _, copy in pairs())
    lost = {name: round(sound[name].f1 - broken[name].f1, 3) for name in MOST_LOST}
    assert {name: much for name, much in lost.items() if much > MOST_LOST[name]} == {}
    assert broken["findings"].f1 >= LEAST_FINDINGS


TEXT = "一、学习不深入。\n（一）台账不全，共12处，涉及6个单位。\n（二）水费收得不齐，14户没有缴。\n"
WORDS = "台账不全，共12处，涉及6个单位"
STANDS_FOR = {
    "half_width": "台账不全,共12处,涉及6个单位", "tagged": WORDS, "framed": WORDS, "headless": WORDS,
    "traditional": "臺賬不全，共12處，涉及6個單位",
}  # fmt: skip


@pytest.mark.parametrize("mechanism", STANDS_FOR)
def test_a_label_stands_where_the_damage_moved_it(mechanism: str) -> None:
    copy = damage.MECHANISMS[mechanism](TEXT, Random(1))
    begin = TEXT.index(WORDS)
    assert copy.text[slice(*copy.moved((begin, begin + len(WORDS))))] == STANDS_FOR[mechanism]


def test_a_label_stands_where_several_kinds_of_damage_moved_it() -> None:
    copy = damage.Copy(TEXT, ((0, 0),))
    for mechanism in (damage.framed, damage.noted_simplified, damage.tagged, damage.spaced, damage.wrapped):
        copy = copy.then(mechanism, Random(1))
    begin = TEXT.index(WORDS)
    found = copy.text[slice(*copy.moved((begin, begin + len(WORDS))))]
    assert re.sub(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǜ]+\)|<[^>]*>|\s", "", found) == WORDS
    assert (found[0], found != WORDS) == ("台", True)


def test_a_label_that_is_gone_is_not_asked_for_and_a_lost_heading_is_in_no_level() -> None:
    begin = TEXT.index(WORDS)
    gone = Labeled(level="一、", places={"f": [(2, 7)]})
    kept = Labeled(level="一、(一)", places={"f": [(begin, begin + len(WORDS))], "h": [(2, 7)]})
    one = Document("001", {"kind": "feedback"}, TEXT, items=[gone, kept])
    (copy,) = copies.damaged([one], "headless")
    (left,) = copy.items
    assert (left.level, left.places["h"], copy.text[slice(*left.finding)]) == ("(一)", [], WORDS)
