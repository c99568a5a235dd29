"""The rows of a ledger on their way into their table: COPY into a table of this session, then under the policies.

COPY straight into a table with row security is refused by the database.
"""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from psycopg import sql

from bihuan.actions._bulk_rows import NULL, copy_statement, plain
from bihuan.engines.reading.ledgers import LedgerRow
from bihuan.models import LedgerImport
from bihuan.queries._import_looks import LONGEST_SHEET
from bihuan.queries._import_outcomes import Outcome
from bihuan.rules.identifiers import new_id_texts
from bihuan.rules.import_columns import CHANGED, NEW

STAGED = (
    ("id", "uuid"), ("position", "int"), ("sheet", "text"), ("row", "int"), ("source", "text"), ("text_from", "int"),
    ("text_length", "int"), ("place", "int"), ("above", "int"), ("target_id", "uuid"), ("outcome", "text"),
    ("finding_id", "uuid"), ("seen", "int"), ("progress", "text"), ("done_on", "date"), ("said", "jsonb"),
    ("category", "text"), ("severity", "text"), ("commonality", "text"), ("amount", "numeric"), ("fix_now", "bool"),
    ("listed", "bool"), ("key", "bool"), ("lead_unit_id", "uuid"), ("helping_units", "uuid[]"),
)  # fmt: skip
_NAMES = tuple(name for name, _type in STAGED)
_PIECE = 4_000
# What stands around the number of a row in an extract, before its text.
BEFORE_ROW, BEHIND_ROW = "第 ", " 行\t"
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
    lines = _Lines(text_at, at)
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.staged_ledger")
        cursor.execute(_MAKE)
        place: list[Any] = [row.pk, row.n_checked, row.unit_id, row.unit_lo, row.stage, row.side, row.secrecy]
        pieces = lines.pieces(found)
        piece = next(pieces, "")
        with ThreadPoolExecutor(max_workers=1) as apart:
            while piece:
                with cursor.cursor.copy(copy_statement("staged_ledger", _NAMES)) as copy:
                    copy.write(piece)
                # While the database takes these, the next are written.
                coming = apart.submit(next, pieces, "")
                cursor.execute(_INTO, [taxonomy, *place])
                cursor.execute("truncate pg_temp.staged_ledger")
                piece = coming.result()
        cursor.execute("drop table pg_temp.staged_ledger")
    return lines.counts


class _Lines:
    """Writes each row as COPY reads it; counts the outcomes, and of each inspection the new rows and their letters."""

    def __init__(self, text_at: int, at: datetime) -> None:
        self.counts: dict[str, int] = {}
        self._text_at = text_at
        self._at = at
        # By the unit, which has one inspection in a round.
        self._extracts: dict[str, tuple[int, int]] = {}
        self._inspections: dict[str, str] = {}

    def pieces(self, found: Iterable[Outcome]) -> Iterator[str]:
        """Some thousand lines at a time."""
        position, rest = 1, iter(found)
        while piece := list(islice(rest, _PIECE)):
            for one in piece:
                self.counts[one.code] = self.counts.get(one.code, 0) + 1
            ids = new_id_texts(self._at, n=len(piece))
            numbered = zip(ids, piece, strict=True)
            yield "".join([self._line(key, at, one) for at, (key, one) in enumerate(numbered, position)])
            position += len(piece)

    def _line(self, key: str, position: int, one: Outcome) -> str:
        row, finding, text_at = one.row, one.finding, self._text_at
        cells = row.cells
        source = "\t".join(cells)
        if source.count("\t") > len(cells) - 1:
            cells = [words.replace("\t", " ") for words in cells]
            source = "\t".join(cells)
        start = len("\t".join(cells[:text_at])) + bool(text_at) + len(cells[text_at]) - len(cells[text_at].lstrip())
        inspection = self._inspections.get(row.unit) or self._inspections.setdefault(row.unit, str(one.inspection))
        place, above = self._in_extract(one)
        is_told = one.code == CHANGED
        values = (
            key, str(position), plain(row.sheet[:LONGEST_SHEET]), str(row.row), plain(source), str(start),
            str(len(row.text)), str(place), str(above), inspection, one.code,
            str(finding.id) if finding else NULL, str(finding.revision) if finding else NULL,
            plain(row.progress) if is_told else "", _or_null(row.progress_on if is_told else None), _said(one),
            *_description(row, is_new=one.code == NEW),
        )  # fmt: skip
        return "\t".join(values) + "\n"

    def _in_extract(self, one: Outcome) -> tuple[int, int]:
        """The how-manieth new row of its inspection it is, and how many letters stand before its text there."""
        if one.code != NEW:
            return 0, 0
        row = one.row
        n, end = self._extracts.get(row.unit, (0, 0))
        start = end + len(BEFORE_ROW) + len(str(row.row)) + len(BEHIND_ROW)
        self._extracts[row.unit] = (n + 1, start + len(row.text) + 1)
        return n + 1, start


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
