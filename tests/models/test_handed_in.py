"""What a unit has handed in is frozen in the database too: a version and its rows, for every role in use."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.models import Plan, PlanRow
from bihuan.models._policies import HANDED_IN
from bihuan.queries.acting import acting
from tests.builders import County, build_county
from tests.paths import a_finding

pytestmark = pytest.mark.django_db

OTHER: dict[str, Any] = {"version": 9, "head_leads": True, "typed": "[1]", "submitted_at": "2020-01-01"}
WORDS = ("content_hash", "causes", "goal", "leader")
CASES = [(table, column) for table, columns in HANDED_IN.items() for column in columns if column in (*OTHER, *WORDS)]


@pytest.fixture(scope="module")
def submitted(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """A county with a plan handed in, made once in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        county = build_county()
        a_finding(county, "plan_submitted")
        yield county
        transaction.set_rollback(True)


# The first in the file: it builds a county of its own, which those below share.
def test_a_draft_is_still_written() -> None:
    county = build_county()
    path = a_finding(county, "plan_returned")
    path.submit_plan()
    assert PlanRow.objects.filter(finding=path.finding).count() == 2
    assert list(Plan.objects.order_by("version").values_list("state", flat=True)) == ["returned", "submitted"]


@pytest.mark.parametrize("role", ["bihuan_owner", "unit_head"])
@pytest.mark.parametrize(("table", "column"), CASES)
def test_nothing_of_it_is_written_again(submitted: County, table: str, column: str, role: str) -> None:
    scope = nullcontext() if role == "bihuan_owner" else acting(submitted.actor(role))
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), scope:
        _run(f"update {table} set {column} = %s", OTHER.get(column, "别的"))
    assert refusal.value.__cause__.sqlstate == "42501"  # type: ignore[union-attr]


def _run(change: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change, [value])
        assert cursor.rowcount == 1, "the row is there to be changed"
