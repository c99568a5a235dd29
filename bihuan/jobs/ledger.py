"""Sheets of the ledger that are too long to wait for: written piece by piece, each in a transaction of its own.

The rows are those that were there when the writing began; each is read within sight of the post that asked.
"""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from bihuan.actions import ledger
from bihuan.actions.ledger import Begun
from bihuan.jobs.running import NobodyToActFor
from bihuan.queries.acting import acting
from bihuan.queries.findings import asked as questions
from bihuan.queries.findings import lists, sheets
from bihuan.queries.findings.columns import Speech
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor

log = logging.getLogger(__name__)


@app.task(name="write_ledger_export")
def write_ledger_export(account: str, post: str, export: str) -> None:
    """Write one sheet; what goes wrong is told on its page, and in the worker's log."""
    actor = actor_for(UUID(account), post=UUID(post), via="job", on=timezone.localdate())
    if actor is None:
        raise NobodyToActFor(post)
    with acting(actor):
        begun = ledger.begin_export(UUID(export), by=actor)
    if begun is None:
        return
    content = None
    try:
        with translation.override(begun.language):
            content = _written(UUID(export), begun, actor)
    except sheets.TooManyRows:
        log.warning("export %s has more rows than a sheet holds", export)
    finally:
        with acting(actor):
            ledger.finish_export(UUID(export), content=content, by=actor, at=datetime.now(UTC))


def _written(export: UUID, begun: Begun, actor: Actor) -> bytes:
    asked = questions.asked_in(begun.asked)
    with acting(actor):
        ids = lists.ids_for(actor, filters=asked.filters, on=begun.on, sort=asked.sort)
        what = questions.described(asked, say=_label)
    say = Speech(_label, _either)
    note = sheets.note_of(actor, at=begun.asked_at, n=len(ids), what=what, say=say)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        around = partial(_told, export, n=len(ids), actor=actor)
        rows = lists.lines_in_pieces(ids, actor=actor, on=begun.on, columns=asked.columns, around=around)
        sheets.write_ledger(path, rows=rows, columns=asked.columns, say=say, note=note)
        return path.read_bytes()


@contextmanager
def _told(export: UUID, done: int, *, n: int, actor: Actor) -> Iterator[None]:
    """A transaction in which a piece is read; then as many rows are done."""
    with acting(actor):
        yield
        ledger.tell_progress(export, n_written=done, n_rows=n, by=actor)


def _label(text: str) -> str:
    return gettext(text) if text else ""


def _either(label: Mapping[str, str]) -> str:
    return label["en"] if translation.get_language() == "en" else label["zh"]
