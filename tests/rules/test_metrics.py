"""The register of the metrics: whole, in both languages, and what cannot be divided has no value."""

from decimal import Decimal

import pytest

from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.metrics import CYCLES, METRICS, PARTS, STATES, TEXTS, average, cycle_of, metrics, parse_metrics, rate
from bihuan.rules.profile import packaged_text
from bihuan.rules.profile_table import ProfileInvalid

TEXT = packaged_text("metrics.toml")


def test_the_register_holds_the_ten_metrics_with_every_text_in_both_languages():
    assert tuple(metric.code for metric in metrics()) == METRICS
    assert len(METRICS) == 10
    for metric in metrics():
        for name in TEXTS:
            assert set(getattr(metric, name)) == {"zh", "en"}, (metric.code, name)
        assert bool(metric.denominator["zh"]) == metric.code.endswith(("rate", "days")), metric.code


def test_the_four_parts_are_what_is_to_be_rectified_each_state_once():
    parts = [code for part in PARTS for code in STATES[part]]
    assert sorted(parts) == sorted(STATES["to_rectify"]) == sorted(GIVEN)
    assert len(parts) == len(set(parts))
    assert not {"drafted", "withdrawn"} & set(parts)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (TEXT.replace("[metrics.done]", "[metrics.gone]"), "metrics"),
        (TEXT.replace('{ zh = "已销号", en = "Done" }', '{ zh = "已销号" }', 1), "metrics.done.label"),
        (TEXT.replace('{ zh = "已销号", en = "Done" }', '{ zh = " ", en = "Done" }', 1), "metrics.done.label"),
        (TEXT.replace('{ zh = "已销号", en = "Done" }', '{ zh = 1, en = "Done" }', 1), "metrics.done.label"),
    ],
)
def test_a_register_that_lacks_something_is_refused_and_says_where(text: str, key: str):
    assert text != TEXT
    with pytest.raises(ProfileInvalid, match="有误") as refused:
        parse_metrics(text, file="metrics.toml")
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(96, 112, "85.71"), (2720, 2920, "93.15"), (1, 8, "12.50"), (1, 0, None)]
)
def test_a_rate_has_two_places_rounded_half_up(part, of, percent):
    assert rate(part, of=of) == (Decimal(percent) if percent else None)


@pytest.mark.parametrize(("total", "of", "days"), [(7, 2, "3.5"), (1, 20, "0.1"), (0, 3, "0.0"), (0, 0, None)])
def test_an_average_has_one_place_and_none_of_nothing(total, of, days):
    assert average(total, of=of) == (Decimal(days) if days else None)


@pytest.mark.parametrize(
    ("days", "code"), [(0, 30), (30, 30), (31, 60), (90, 90), (91, 180), (180, 180), (181, "more")]
)
def test_each_cycle_falls_into_one_span(days: int, code: int | str):
    assert cycle_of(days).code == f"cycle_{code}"
    assert CYCLES[-1].most is None
