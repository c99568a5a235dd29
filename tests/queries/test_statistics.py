"""The figures count changes of state up to a day, and agree with the findings as they stand."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.models import Finding
from bihuan.queries.acting import acting
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.statistics.figures import Asked, figures_for
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
    states, counts = Counter(Finding.objects.values_list("state", flat=True)), figures.counts
    assert {look.code: n for look, n in zip(figures.states, figures.sums, strict=True)} == dict(states)
    assert counts.findings == counts.to_rectify == rows.matched == sum(states.values()) == 4
    assert (counts.done, counts.not_done, counts.completion_rate) == (1, 3, Decimal("25.00"))
    assert counts.done + counts.basically_done + counts.long_term + counts.not_done == counts.to_rectify
    assert (counts.first_closings, counts.cycle_days_in_all, counts.cycle_days) == (1, 0, Decimal("0.0"))


def test_a_past_day_is_counted_as_it_then_stood():
    path = Path(build_county())
    to_closed(path)
    figures, _ = _figures(path, "office_director", on=TODAY - timedelta(days=1))
    counts = figures.counts
    assert (counts.to_rectify, counts.completion_rate, counts.cycle_days, figures.groups) == (0, None, None, ())


def test_overdue_begins_on_the_day_after_the_due_date():
    path = Path(build_county())
    to_closed(path)
    due = Finding.objects.exclude(state="closed").values_list("due_on", flat=True)[0]
    assert [_figures(path, "office_director", on=due + timedelta(days=n))[0].counts.overdue for n in (-1, 0, 1)] == [
        0, 0, 3,
    ]  # fmt: skip


def test_what_is_not_given_counts_nowhere():
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    figures, _ = _figures(path, "office_director")
    assert figures.counts.to_rectify == 0


@pytest.mark.parametrize(
    ("role", "seen"), [("unit_clerk", 4), ("team_member", 4), ("functional_clerk", 0), ("evaluator", 0)]
)
def test_the_figures_count_what_the_post_may_see(role, seen):
    path = Path(build_county())
    to_closed(path)
    figures, rows = _figures(path, role)
    assert figures.counts.to_rectify == rows.matched == seen
    assert (figures.coverage is None) is True


def test_coverage_names_what_is_divided_by_what_and_keeps_villages_apart():
    path = Path(build_county())
    to_closed(path)
    figures, _ = _figures(path, "office_clerk")
    coverage = figures.coverage
    assert [(line.organization_class, line.covered, line.total) for line in coverage.lines] == [
        ("department", 1, 3), ("township", 0, 2), ("village", 0, 4), ("enterprise", 0, 1), ("school", 0, 1),
    ]  # fmt: skip
    assert (coverage.whole.covered, coverage.whole.total, coverage.whole.coverage_rate) == (1, 7, Decimal("14.29"))
    earlier, _ = _figures(path, "office_clerk", on=TODAY - timedelta(days=1))
    assert earlier.coverage.whole.covered == 0


def test_what_is_narrowed_counts_the_rest_alone():
    path = Path(build_county())
    to_closed(path)
    actor = path.county.actor("office_clerk")
    with acting(actor):
        for asked, n in (
            (Asked(kind="regular"), 4), (Asked(kind="village"), 0), (Asked(unit_class="department"), 4),
            (Asked(unit_class="school"), 0), (Asked(category="A"), 4), (Asked(category="none"), 0),
            (Asked(round=path.county.round), 4), (Asked(unit=path.county.organizations["finance"]), 0),
        ):  # fmt: skip
            assert figures_for(actor, on=TODAY, asked=asked).counts.to_rectify == n, asked
