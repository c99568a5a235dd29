"""Runs every house rule on the real tree, and every planted breach on a small one: rules_*.py, plants_*.py."""

from pathlib import Path

import pytest

from tests.house import (
    plants_doors,
    plants_guide,
    plants_labels,
    plants_pages,
    plants_papers,
    plants_shape,
    plants_state,
    plants_words,
    rules_doors,
    rules_guide,
    rules_labels,
    rules_pages,
    rules_papers,
    rules_shape,
    rules_state,
    rules_words,
)
from tests.house.source import ROOT, Plant, Rule, plant

RULE_BOOKS = (rules_shape, rules_doors, rules_state, rules_pages, rules_words, rules_labels, rules_papers, rules_guide)
PLANT_BOOKS = (
    plants_shape,
    plants_doors,
    plants_state,
    plants_pages,
    plants_words,
    plants_labels,
    plants_papers,
    plants_guide,
)
RULES: tuple[Rule, ...] = tuple(rule for book in RULE_BOOKS for rule in book.RULES)
PLANTS: tuple[Plant, ...] = tuple(planted for book in PLANT_BOOKS for planted in book.PLANTS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule: Rule) -> None:
    breaches = rule(ROOT)
    if breaches:
        pytest.fail(f"{rule.__doc__}\n" + "\n".join(map(str, breaches)), pytrace=False)


@pytest.mark.parametrize(
    "planted", PLANTS, ids=[f"{one.rule.__name__}-{one.name or n}" for n, one in enumerate(PLANTS)]
)
def test_a_planted_breach_is_caught(planted: Plant, tmp_path: Path) -> None:
    plant(tmp_path, planted.keeps)
    assert planted.rule(tmp_path) == [], "the tree without the plant must keep the rule"
    plant(tmp_path, planted.breaks)
    for name in planted.gone:
        (tmp_path / name).unlink()
    said = [breach for breach in planted.rule(tmp_path) if planted.says in breach.sentence]
    assert said, f"not caught, or not with «{planted.says}»: {planted.rule(tmp_path)}"
    assert all(breach.where and breach.sentence.endswith(".") for breach in said)


def test_every_rule_has_a_planted_breach() -> None:
    unplanted = {rule.__name__ for rule in RULES} - {planted.rule.__name__ for planted in PLANTS}
    assert not unplanted, "plant a breach for these in plants_*.py, and see it caught"
