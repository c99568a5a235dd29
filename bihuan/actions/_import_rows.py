"""The rows of a ledger on their way into their table: COPY into a table of this session, then under the policies.

COPY straight into a table with row security is refused by the database.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from bihuan.actions._bulk_rows import NULL, copy_statement, plain
from bihuan.engines.reading.ledgers import LedgerRow
from bihuan.models import LedgerImport
from bihuan.queries._import_outcomes import Outcome
from bihuan.rules.identifiers import new_id_text
from bihuan.rules.import_columns import CHANGED, NEW

STAGED = (
    ("id", "uuid"), ("position", "int"), ("sheet", "text"), ("row", "int"), ("source", "text"), ("text_from", "int"),
    ("text_length", "int"), ("target_id", "uuid"), ("outcome", "text"), ("finding_id", "uuid"), ("seen", "int"),
    ("progress", "text"), ("done_on", "date"), ("said", "jsonb"), ("category", "text"), ("severity", "text"),
    ("commonality", "text"), ("amount", "numeric"), ("fix_now", "bool"), ("listed", "bool"), ("key", "bool"),
    ("lead_unit_id", "uuid"), ("helping_units", "uuid[]"),
)  # fmt: skip
_NAMES = tuple(name for name, _type in STAGED)
_PIECE = 2_000
_MAKE = "create temporary table staged_ledger (" + ", ".join(f"{name} {kind}" for name, kind in STAGED) + ")"
_INTO = sql.SQL(
    "insert into ledger_import_row ({0}, taxonomy_version, ledger_import_id, check_number, unit_id, unit_lo, stage,"
    " side, secrecy) select {0}, case when category = '' then '' else %s end, %s, %s, %s, %s, %s, %s, %s"
    " from staged_ledger"
).format(sql.SQL(", ").join(map(sql.Identifier, _NAMES)))


def put_rows(
    row: LedgerImport, found: Iterable[Outcome], *, text_at: int, taxonomy: str, at: datetime
) -> dict[str, int]:
    """Every row with what it would be; `text_at`: the column of the text. How many there are of each outcome."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.staged_ledger")
        cursor.execute(_MAKE)
        with cursor.cursor.copy(copy_statement("staged_ledger", _NAMES)) as copy:
            for piece in _pieces(found, counts, text_at, at):
                copy.write(piece)
        place: list[Any] = [row.pk, row.n_checked, row.unit_id, row.unit_lo, row.stage, row.side, row.secrecy]
        cursor.execute(_INTO, [taxonomy, *place])
        cursor.execute("drop table pg_temp.staged_ledger")
    return counts


def _pieces(found: Iterable[Outcome], counts: dict[str, int], text_at: int, at: datetime) -> Iterator[str]:
    lines: list[str] = []
    for position, one in enumerate(found, 1):
        counts[one.code] = counts.get(one.code, 0) + 1
        lines.append(_line(position, one, text_at, at))
        if len(lines) == _PIECE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _line(position: int, one: Outcome, text_at: int, at: datetime) -> str:
    row, finding = one.row, one.finding
    before, cell = "\t".join(row.cells[:text_at]), row.cells[text_at]
    source = "\t".join(row.cells)
    if source.count("\t") > len(row.cells) - 1:
        cells = [words.replace("\t", " ") for words in row.cells]
        before, source = "\t".join(cells[:text_at]), "\t".join(cells)
    start = len(before) + (1 if text_at else 0) + len(cell) - len(cell.lstrip())
    is_told = one.code == CHANGED
    values = (
        new_id_text(at), str(position), plain(row.sheet), str(row.row), plain(source), str(start), str(len(row.text)),
        str(one.inspection), one.code, str(finding.id) if finding else NULL, str(finding.revision) if finding else NULL,
        plain(row.progress) if is_told else "", _or_null(row.progress_on if is_told else None), _said(one),
        *_description(row, is_new=one.code == NEW),
    )  # fmt: skip
    return "\t".join(values) + "\n"


def _description(row: LedgerRow, *, is_new: bool) -> tuple[str, ...]:
    if not is_new:
        return ("", "ordinary", "individual", NULL, "f", "f", "f", NULL, "{}")
    return (
        row.category, row.severity or "ordinary", row.commonality or "individual", _or_null(row.amount),
        "t" if row.fix_now else "f", "t" if row.listed else "f", "t" if row.key else "f",
        NULL if row.lead in ("", row.unit) else row.lead,
        "{" + ",".join(unit for unit in row.helping if unit not in (row.unit, row.lead)) + "}",
    )  # fmt: skip


def _said(one: Outcome) -> str:
    if not one.differences:
        return "[]"
    said = [[each.column, each.here, each.there] for each in one.differences]
    return plain(json.dumps(said, ensure_ascii=False))


def _or_null(value: Any) -> str:
    return NULL if value is None else str(value)
