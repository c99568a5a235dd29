"""A whole county at once: organizations, people, and the mass of findings with everything that hangs on them.

Rows are the same as those that the actions leave, made in memory and written by COPY with keys, indexes and triggers
laid aside, in one transaction; as bihuan_owner, into a database that holds no finding yet.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from bihuan.actions._bulk_content import (
    BEFORE_WORK,
    REACHES,
    STRETCHES,
    WAYS,
    Hand,
    Hands,
    MassFile,
    MassFinding,
    MassInspection,
    MassMeasure,
    MassOrganization,
    MassPerson,
)
from bihuan.actions._bulk_inspection import Making
from bihuan.actions._bulk_parts import made_in_order, processes_for
from bihuan.actions._bulk_people import put_organizations, put_people
from bihuan.actions._bulk_record import Record
from bihuan.actions._bulk_rows import COLUMNS, Lines, Rows
from bihuan.actions._bulk_schema import laid_bare, opened
from bihuan.actions._uploads import sniff
from bihuan.actions.refusals import Refused
from bihuan.models import Account, Organization
from bihuan.queries.standing import profile_named
from bihuan.queries.terms import work_calendar
from bihuan.rules.identifiers import new_salt
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

__all__ = [
    "BEFORE_WORK", "REACHES", "STRETCHES", "WAYS", "WHOLE_UP_TO", "Hand", "Hands", "Loaded", "MassFile", "MassFinding",
    "MassInspection", "MassMeasure", "MassOrganization", "MassPerson", "file_of", "is_possible", "load_inspections",
    "load_organizations", "load_people", "media_type", "placed", "refuse_unless_empty", "refuse_without_room", "settle",
    "without_waiting",
]  # fmt: skip

# Beyond so many findings the record tells what changed states, not each draft, verdict and row of a plan.
WHOLE_UP_TO = 200_000
# What one finding takes on the disk at the most: told wholly, and in short; with the log of the database.
BYTES_WHOLE, BYTES_SHORT, BYTES_AT_LEAST = 45_000, 20_000, 200_000_000


# So many inspections are made at a time, some two thousand findings.
PART = 64

# Kept by the database itself, from what the actions write.
DERIVED = ("due_change", "figure_flow")


@dataclass(frozen=True)
class Loaded:
    """How many rows went into each table."""

    rows: dict[str, int]


def refuse_unless_empty() -> None:
    """Raise Refused when anything has been entered: a made-up county is never mixed with a real one."""
    if Organization.objects.exists() or Account.objects.exists():
        said = N_("数据库里已经有数据，不能生成。请用一个空的数据库，例如把 BIHUAN_HOME 指到一个新文件夹。")
        raise Refused(Objection("not_empty", said))


def refuse_without_room(findings: int, *, place: Path) -> None:
    """Raise Refused when the disk of the database has too little room for so many findings."""
    each = BYTES_WHOLE if findings <= WHOLE_UP_TO else BYTES_SHORT
    needed, free = findings * each + BYTES_AT_LEAST, shutil.disk_usage(place).free
    if free < needed:
        said = N_(
            "磁盘空间不足：生成 %(findings)s 条问题约需 %(needed)s GB，只剩 %(free)s GB。请腾出空间，或减少条数。"
        )
        values = {"findings": findings, "needed": f"{needed / 1e9:.1f}", "free": f"{free / 1e9:.1f}"}
        raise Refused(Objection("no_room", said, values=values))


def load_organizations(organizations: Sequence[MassOrganization], *, by: Hand, at: datetime) -> Loaded:
    """A tree with places of its own; organizations that are there already get the places that are told for them.

    Nothing may hang on the tree yet but posts. Registers follow when a term is created.
    """
    present = {row.pk: row for row in Organization.objects.all()}
    with transaction.atomic():
        moved = [one for one in organizations if one.id in present]
        for one in moved:
            present[one.id].lo, present[one.id].hi = one.lo, one.hi
        Organization.objects.bulk_update([present[one.id] for one in moved], ["lo", "hi"], batch_size=500)
        return _load(_recorded(lambda record: put_organizations(record, organizations, present, by=by, at=at)))


def load_people(people: Sequence[MassPerson], *, password: str, by: Hand, at: datetime) -> Loaded:
    """Accounts, each with one post; all with the same password, which is hashed once."""
    hashed = make_password(password, salt=new_salt())
    return _load(_recorded(lambda record: put_people(record, people, password=hashed, by=by, at=at)))


def load_inspections(
    inspections: Sequence[MassInspection], *, files: Sequence[MassFile], whole: bool, profile: str = "county",
    processes: int | None = None, tell: Callable[[int], None] = lambda _done: None,
) -> Loaded:  # fmt: skip
    """The mass, part by part, made as it is needed: the same whoever makes a part. `files`: what evidence points at.

    `tell` hears how many inspections are on their way. The figures are not yet told of it: settle() does that, once,
    when all is there.
    """
    making = Making(
        inspections, new_salt(), ZoneInfo(settings.TIME_ZONE), whole, profile_named(profile), work_calendar(),
        {file.sha256: file for file in files},
    )  # fmt: skip
    count = len(inspections)
    stretches = [slice(first, min(first + PART, count)) for first in range(0, count, PART)]

    def put(rows: Rows) -> None:
        kept, last = Lines(), dict[str, int]()
        for file in making.files.values() if whole else ():
            kept.put("file_content", file.sha256, file.content)
        taken = made_in_order(making.made, stretches, processes=processes or processes_for(len(stretches)))
        for stretch, (batches, numbers) in zip(stretches, taken, strict=True):
            rows.write(batches)
            last |= numbers
            tell(stretch.stop)
        for series, number in last.items():
            kept.put("counter", series, number)
        rows.write(kept.taken())

    return _load(put, is_mass=True)


def is_possible() -> bool:
    """Whether this connection may: it is the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_has_role(relowner, 'usage') from pg_class where oid = 'finding'::regclass")
        return bool(cursor.fetchone()[0])


@contextmanager
def without_waiting() -> Iterator[None]:
    """Inside the block no commit waits for the disk, one by one; that of settle() waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset synchronous_commit")


def settle() -> None:
    """Figures anew; the same county has then the same rows of them, whatever was sample and whatever was mass."""
    with transaction.atomic():
        connection.ensure_connection()
        raw: psycopg.Connection[Any] = connection.connection
        raw.execute("set constraints all immediate")
        with laid_bare(raw, ("figure_flow",)):
            raw.execute("truncate due_change")
            raw.execute("select refill_figures()")
    with connection.cursor() as cursor:
        cursor.execute("analyze " + ", ".join(DERIVED))


def file_of(content: bytes, *, media_type: str) -> MassFile:
    """The content of a file with its hash."""
    return MassFile(hashlib.sha256(content).hexdigest(), content, media_type)


def media_type(content: bytes, *, name: str) -> str:
    """The media type by content, as an upload is told. Raises Unreadable."""
    return sniff(content, name=name)


def placed(finding: MassFinding, *, level: str, heading: str, start: int, seconds: int) -> MassFinding:
    """The same finding at its place in the document, and with its own time among the others."""
    span = (start, start + len(finding.text))
    return replace(finding, level=level, heading=heading, span=span, seconds=seconds)


def _recorded(put: Callable[[Record], None]) -> Callable[[Rows], None]:
    def write(rows: Rows) -> None:
        record = Record(Lines(), ZoneInfo(settings.TIME_ZONE))
        put(record)
        rows.write(record.rows.taken())

    return write


def _load(put: Callable[[Rows], None], *, is_mass: bool = False) -> Loaded:
    """`is_mass`: keys and indexes are laid aside meanwhile; what is little is quicker without."""
    tables = tuple(COLUMNS)
    with transaction.atomic():
        connection.ensure_connection()
        raw: psycopg.Connection[Any] = connection.connection
        raw.execute("set constraints all immediate")
        bare = laid_bare(raw, tables) if is_mass else nullcontext()
        with opened(raw, tables), bare, Rows(raw) as rows:
            put(rows)
    # Without statistics of what came in bulk, joins would take longer than all the rest: those of the figures first.
    with connection.cursor() as cursor:
        cursor.execute("analyze " + ", ".join(COLUMNS))
    return Loaded({table: count for table, count in rows.counts.items() if count})
