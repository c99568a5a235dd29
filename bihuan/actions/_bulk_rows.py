"""Rows on their way into their tables by COPY: the columns of each table, text as COPY reads it, a thread that writes.

What the rows say is not known here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

# Every business row ends with its place.
PLACE = "unit_id unit_lo inspection_id stage side secrecy"
_DESCRIBED = "category taxonomy_version severity lead_unit_id commonality amount fix_now listed key"
COLUMNS = {
    "organization": "id name short_name organization_class parent_id lo hi ended_on merged_into_id revision",
    "account": "id person name password password_changed_at must_change_password token_hash is_open revision",
    "post": "id account_id role organization_id starts_on ends_on",
    "assignment": "id post_id inspection_id",
    "counter": "series last",
    "event": "id at via account_id post_id actor thing thing_id step state_from state_to because_of content_hash"
    " body_digest",
    "event_body": "event_id reason before after salt",
    "event_place": f"event_id thing_id {PLACE}",
    "inspection": "id round_id title team_id office_word year round_number profile state arrives_on leaves_on revision"
    f" {PLACE}",
    "file_content": "sha256 content",
    "upload": f"id thing_id name media_type size sha256 text uploaded_by_id uploaded_at {PLACE}",
    "feedback": "id audience title upload_id state received_on plan_due_on plan_due_basis plan_due_provisional revision"
    f" {PLACE}",
    "signature": f"id feedback_id role account_id post_id signed_on at content_hash {PLACE}",
    "draft": f"{_DESCRIBED} id feedback_id upload_id position level heading text span_start span_end more_spans"
    f" helping_units typed_by_hand doubts state revision {PLACE}",
    "finding": f"{_DESCRIBED} id number feedback_id draft_id upload_id round_id level heading text span_start span_end"
    " more_spans typed_by_hand state given_on due_on due_basis due_provisional redo_by remains remains_by stage_goals"
    f" next_review_on merged_into_id changed_at revision {PLACE}",
    "state_change": f"id finding_id state_from state_to on at event_id {PLACE}",
    "finding_request": "id finding_id aim state reason ground merged_into_id until account_id post_id at decided_by_id"
    f" revision {PLACE}",
    "plan": f"id feedback_id version state content_hash submitted_at revision {PLACE}",
    "plan_row": "id plan_id finding_id version causes goal leader head_leads typed state content_hash submitted_at"
    f" revision {PLACE}",
    "measure": "id finding_id row_id position text kinds responsible_unit_id helping person supervisor starts_on due_on"
    f" is_long_term product {PLACE}",
    "progress": f"id finding_id measure_id text done_on account_id post_id at {PLACE}",
    "note": f"id finding_id text account_id post_id at {PLACE}",
    "evidence": f"id finding_id measure_id request_id upload_id proves dated account_id at {PLACE}",
    "closing_request": f"id finding_id claim state criteria content_hash account_id at revision {PLACE}",
    "verdict": "id finding_id plan_row_id closing_request_id role account_id post_id verdict opinion points"
    f" content_hash at {PLACE}",
}
NULL = "\\N"
# How many batches the generator may be ahead of the database.
AHEAD = 24


class Formatted(str):
    """Several fields as COPY reads them already."""

    __slots__ = ()


def plain(value: str) -> str:
    """Text as COPY reads it."""
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value


_FORMATS: dict[type, Callable[[Any], str]] = {
    str: plain,
    Formatted: lambda value: value,
    int: str,
    bool: lambda value: "t" if value else "f",
    type(None): lambda _value: NULL,
    date: date.isoformat,
    datetime: datetime.isoformat,
    Decimal: str,
    bytes: lambda value: "\\\\x" + value.hex(),
}


def formatted(*values: Any) -> Formatted:
    """These fields as one, to be put at the end of many rows."""
    return Formatted("\t".join([_FORMATS[type(value)](value) for value in values]))


class Lines:
    """Rows for every table, each as a line that COPY reads."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def put(self, table: str, *values: Any) -> None:
        """One row, its fields in the order of COLUMNS."""
        self._lines[table].append("\t".join([_FORMATS[type(value)](value) for value in values]))

    def put_line(self, table: str, line: str) -> None:
        """One row as COPY reads it already."""
        self._lines[table].append(line)

    def taken(self) -> list["Batch"]:
        """Everything so far, table by table; then there is nothing again."""
        full = [(table, lines) for table, lines in self._lines.items() if lines]
        self._lines = {table: [] for table in COLUMNS}
        return [Batch(table, len(lines), ("\n".join(lines) + "\n").encode()) for table, lines in full]


class Batch(NamedTuple):
    """Rows of one table, on their way."""

    table: str
    n: int
    lines: bytes


class Rows:
    """Writes batches into their tables while more are being made; use as a context."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.counts = dict.fromkeys(COLUMNS, 0)
        self._connection = connection
        self._full: Queue[Batch | None] = Queue(AHEAD)
        self._failures: list[BaseException] = []
        self._writer = Thread(target=self._write, name="bulk")

    def __enter__(self) -> "Rows":
        self._writer.start()
        return self

    def __exit__(self, failed: type[BaseException] | None, *_more: object) -> None:
        self._full.put(None)
        self._writer.join()
        if failed is None and self._failures:
            raise self._failures[0]

    def write(self, batches: Iterable[Batch]) -> None:
        """Hand over what is ready; raises what went wrong with the ones before."""
        for batch in batches:
            if self._failures:
                raise self._failures[0]
            self.counts[batch.table] += batch.n
            self._full.put(batch)

    def _write(self) -> None:
        while (batch := self._full.get()) is not None:
            if self._failures:
                continue
            try:
                self._copy(batch)
            except BaseException as failure:
                self._failures.append(failure)

    def _copy(self, batch: Batch) -> None:
        statement = copy_statement(batch.table, COLUMNS[batch.table].split())
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(batch.lines)


def copy_statement(table: str, columns: Sequence[str]) -> sql.Composed:
    """COPY of these columns from the connection."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
