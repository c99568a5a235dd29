"""The inspection that a feedback belongs to, and the next number in its series of findings."""

from typing import Any

from django.db import connection

from bihuan.actions.refusals import Unknown
from bihuan.models import Inspection
from bihuan.rules.numbering import finding_number


def inspection_of(row: Any) -> Inspection:
    """The inspection of a placed row, locked as _step.lock does. Raises Unknown when it has none."""
    if row.inspection_id is None:
        raise Unknown("inspection", row.pk)
    return Inspection.objects.select_for_update(no_key=True).get(pk=row.inspection_id)


def next_number(inspection: Inspection) -> str:
    """Taken once and never again: the counter of the series is locked until the transaction ends."""
    series = f"{inspection.office_word}〔{inspection.year}〕{inspection.round_number}"
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into counter (series, last) values (%s, 1)"
            " on conflict (series) do update set last = counter.last + 1 returning last",
            [series],
        )
        (sequence,) = cursor.fetchone()
    return finding_number(
        office_word=inspection.office_word, year=inspection.year, round_number=inspection.round_number,
        sequence=sequence,
    )  # fmt: skip
