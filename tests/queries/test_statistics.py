"""The figures count changes of state up to a day, and agree with the findings as they stand."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.models import Finding
from bihuan.queries.acting import acting
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.statistics import figures_for, rate
from tests.builders import TODAY, build_county
from tests.paths import Path, to_closed

pytestmark = pytest.mark.django_db


def _figures(path: Path, role: str, on=TODAY):
    actor = path.county.actor(role)
    with acting(actor):
        return figures_for(actor, on=on), findings_for(actor, filters=FindingFilters(state="given"), on=on)


def test_the_figures_equal_the_findings_and_lead_to_as_many_rows():
    path = Path(build_county())
    to_closed(path)
    figures, rows = _figures(path, "office_director")
    states = Counter(Finding.objects.values_list("state", flat=True))
    assert {look.code: n for look, n in zip(figures.states, figures.sums, strict=True)} == dict(states)
    assert figures.to_rectify == rows.matched == sum(states.values()) == 4
    assert (figures.done, figures.not_done, figures.completion_rate) == (1, 3, Decimal("25.00"))
    assert figures.done + figures.basically_done + figures.long_term + figures.not_done == figures.to_rectify


def test_a_past_day_is_counted_as_it_then_stood():
    path = Path(build_county())
    to_closed(path)
    figures, _ = _figures(path, "office_director", on=TODAY - timedelta(days=1))
    assert (figures.to_rectify, figures.completion_rate, figures.units) == (0, None, ())


def test_what_is_not_given_counts_nowhere():
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    figures, _ = _figures(path, "office_director")
    assert figures.to_rectify == 0


@pytest.mark.parametrize(
    ("role", "seen"), [("unit_clerk", 4), ("team_member", 4), ("functional_clerk", 0), ("evaluator", 0)]
)
def test_the_figures_count_what_the_post_may_see(role, seen):
    path = Path(build_county())
    to_closed(path)
    figures, rows = _figures(path, role)
    assert figures.to_rectify == rows.matched == seen


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(96, 112, "85.71"), (2720, 2920, "93.15"), (1, 8, "12.50"), (1, 0, None)]
)
def test_a_rate_has_two_places_rounded_half_up(part, of, percent):
    assert rate(part, of=of) == (Decimal(percent) if percent else None)
