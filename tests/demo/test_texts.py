"""The words of the mass: plenty of different ones, names that come once, numerals as people write them."""

import random
from collections import Counter
from datetime import date

import pytest

from bihuan.demo import _matters, _particulars
from bihuan.demo._mass import inspections_for, spread
from bihuan.demo._places import numeral, units
from bihuan.demo._texts import Composer
from bihuan.rules.profile import load_profile

GRAM, ALIKE, PAIRS, MOST = 8, 0.6, 30_000, 0.01
ON = date(2026, 11, 22)


def grams(text: str) -> frozenset[str]:
    """Every stretch of eight characters."""
    return frozenset(text[start : start + GRAM] for start in range(len(text) - GRAM + 1))


def share_of_alike(texts: list[str]) -> float:
    """How many of random pairs have more than six in ten of their grams in common."""
    chance, known = random.Random(1), [grams(text) for text in texts]
    alike = 0
    for _pair in range(PAIRS):
        one, other = chance.sample(known, 2)
        alike += len(one & other) > ALIKE * len(one | other)
    return alike / PAIRS


@pytest.mark.parametrize("village", [False, True])
def test_texts_differ_apart_from_planted_common_ones(village):
    composer = Composer(random.Random(2), on=ON)
    words = [composer.finding(village=village) for _number in range(1500)]
    own = [one.text for one in words if not one.is_common]
    assert share_of_alike(own) < MOST
    assert len(set(own)) == len(own)
    planted = Counter(one.text for one in words if one.is_common)
    assert planted
    assert min(planted.values()) > 1
    assert 0.01 < sum(planted.values()) / len(words) < 0.08


def test_texts_have_no_part_left_open_and_name_the_money_they_carry():
    composer = Composer(random.Random(3), on=ON)
    for number in range(600):
        words = composer.finding(village=number % 2 == 0)
        assert "{" not in words.text
        assert words.text.endswith("。")
        if words.amount is not None:
            assert f"{words.amount / 10_000}万元" in words.text.replace(".0万元", "万元") or "万元" in words.text


def test_every_matter_has_a_category_of_the_lowest_level():
    lowest = load_profile("county").taxonomy.lowest
    for category, *_rest in (*_matters.UNIT_MATTERS, *_matters.VILLAGE_MATTERS, *_particulars.COMMON):
        assert category in lowest
        assert category[0] in _particulars.PARTS


@pytest.mark.parametrize("count", [98, 2000])
def test_units_are_as_many_as_wanted_and_no_name_comes_twice_under_one_parent(count):
    made = units(count, chance=random.Random(4))
    inspectable = [unit for unit in made if unit.organization_class != "committee"]
    assert len(inspectable) == count
    assert max(Counter((unit.above, unit.name) for unit in made).values()) == 1
    assert len({unit.key for unit in made}) == len(made)
    keys = {unit.key for unit in made} | {"committee"}
    assert {unit.above for unit in made} <= keys


@pytest.mark.parametrize("findings", [1, 29, 1105, 10_000])
def test_sizes_come_to_the_number_wanted(findings):
    sizes = spread(findings, random.Random(5))
    made = [next(sizes) for _number in range(inspections_for(findings))]
    assert sum(made) == findings
    assert min(made) > 0
    assert next(sizes) == 0


def test_numerals():
    said = {
        1: "一",
        10: "十",
        13: "十三",
        20: "二十",
        101: "一百零一",
        110: "一百一十",
        1005: "一千零五",
        2026: "二千零二十六",
    }
    assert {number: numeral(number) for number in said} == said
