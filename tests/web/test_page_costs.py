"""The pages of the benchmarks at two small sizes: few statements, as many at both, and the rows that are found by hand.

Times are not judged here: bench/pages.py measures them at a hundred thousand findings and more.
"""

from datetime import date

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bench._readers import now_in_the_county, readers
from bench._visits import clock_at
from bench.pages import MOST_STATEMENTS, grown, measure, pages_of
from bihuan.demo import county
from bihuan.models import Finding

ON = date(2026, 11, 23)
SMALL, LARGE = 200, 1_000


@pytest.fixture
def _mass_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample that walks through actions would take most of the time."""
    monkeypatch.setattr(county, "SAMPLE", 0)
    monkeypatch.setattr(county, "_sample", lambda *_given: 0)


def statements_at(findings: int) -> dict[str, int]:
    """How many statements each page takes for each post in a county of that size, which goes away again."""
    with transaction.atomic():
        county.make(seed=1, findings=findings, on=ON)
        assert Finding.objects.count() == findings
        at, found = now_in_the_county(), {}
        with clock_at(at), readers(at) as posts:
            for reader in posts:
                for page in pages_of(reader, on=timezone.localdate(at)):
                    figure = measure(reader, page, connection.connection, times=1)
                    found[figure.key] = figure.own
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("_mass_alone")
@pytest.mark.django_db
def test_no_page_takes_more_statements_when_there_are_more_findings() -> None:
    small, large = statements_at(SMALL), statements_at(LARGE)
    assert len(small) == 33
    assert {key: n for key, n in large.items() if n > MOST_STATEMENTS} == {}
    assert grown(small, large) == []
