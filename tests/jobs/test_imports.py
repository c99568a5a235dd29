"""The worker is killed while it reads a ledger, or keeps what was found: begun again, nothing is half or twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.actions import imports
from bihuan.jobs.imports import check_import
from bihuan.models import Draft, Event, LedgerImport, LedgerImportRow
from tests.builders import build_county
from tests.copies import apart, committing
from tests.engines.ledger_files import ledger, row
from tests.jobs.killing import killed_while
from tests.paths import Path

ROWS = 30


@pytest.fixture
def sent(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """A ledger sent and committed; its job."""
    with django_db_blocker.unblock(), committing("imports"):
        yield apart(_send)


def _send() -> dict[str, str]:
    content = ledger([row(number, unit="县教育局") for number in range(ROWS)])
    with transaction.atomic():
        path = Path(build_county())
    given = {"round_id": path.county.round, "name": "台账.xlsx", "content": content}
    key = path.do("office_clerk", imports.send, **given)
    actor = path.county.actor("office_clerk")
    return {"account": str(actor.account), "post": str(actor.post), "ledger_import": str(key)}


@pytest.mark.parametrize(
    ("where", "name", "after"),
    [(imports, "look_through", 1), (imports, "put_rows", 1), (imports._import_outcomes, "Outcome", ROWS // 2)],
    ids=["while it reads", "before it keeps", "in the middle of keeping"],
)
def test_a_killed_worker_leaves_nothing_half_and_the_next_does_it_once(
    sent: dict[str, str], where: Any, name: str, after: int
) -> None:
    killed_while(check_import, sent, where, name, after)
    kept = LedgerImport.objects.get()
    assert (kept.n_begun, kept.n_checked, kept.checked_at) == (1, 0, None)
    assert not LedgerImportRow.objects.exists()
    for _time in range(2):
        apart(lambda: check_import(**sent))
        kept.refresh_from_db()
        assert (kept.n_begun, kept.n_checked, kept.report["outcomes"]) == (2, 1, {"new": ROWS})
        assert LedgerImportRow.objects.count() == ROWS
    assert not Draft.objects.exists()
    assert Event.objects.filter(thing="ledger_import").count() == 1


def test_a_long_ledger_is_read_without_a_transaction(sent: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    usual, seen = imports.look_through, []

    def looked_at(*given: Any, **named: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return usual(*given, **named)

    monkeypatch.setattr(imports, "look_through", looked_at)
    apart(lambda: check_import(**sent))
    assert seen == [False]


def test_what_nobody_foresaw_is_told_on_its_page(sent: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(imports, "look_through", broken)
    apart(lambda: check_import(**sent))
    assert LedgerImport.objects.get().fault == "broken"
