"""Reading files that were sent several at once: one job for each, begun again from the start when a worker is lost.

The reading itself holds no transaction; what it gives is kept in one, so that nothing is there half or twice. A scan is
recognized page by page: what was recognized is kept, and a lost worker's successor goes on at the next page.
"""

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.actions import intakes
from bihuan.actions.refusals import Unreadable
from bihuan.engines.reading import Reading
from bihuan.engines.reading.scans import Progress, ScannedPage
from bihuan.jobs.running import NobodyToActFor
from bihuan.queries.acting import acting
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import N_

log = logging.getLogger(__name__)

# A database that is away for a moment says nothing of the file.
AWAY = (OperationalError, InterfaceError)
RETRY = RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions=AWAY)


@app.task(name="read_intake", retry=RETRY)
def read_intake(account: str, post: str, intake: str) -> None:
    """Read one file; what goes wrong is told on its line, and in the worker's log."""
    actor = actor_for(UUID(account), post=UUID(post), via="job", on=timezone.localdate())
    if actor is None:
        raise NobodyToActFor(post)
    file = UUID(intake)

    def told(stage: int) -> None:
        with acting(actor):
            intakes.tell_progress(file, n_done=stage, by=actor)

    def recognized(page: ScannedPage | None, progress: Progress) -> None:
        with acting(actor):
            intakes.keep_recognized(file, page=page, progress=progress, by=actor, at=datetime.now(UTC))

    with acting(actor):
        begun = intakes.begin_reading(file, by=actor, at=datetime.now(UTC))
    if begun is None:
        return
    try:
        document = intakes.read_begun(begun, told=told, recognized=recognized)
        with acting(actor):
            _keep(file, document, by=actor)
    except Unreadable as fault:
        with acting(actor):
            intakes.refuse(file, fault=fault, by=actor, at=datetime.now(UTC))
    except AWAY:
        raise
    except Exception:
        log.exception("intake %s could not be read", intake)
        said = N_("读这个文件时程序出错，没有读成。请再试一次；还不行，请另存为 Word 后再上传。")
        with acting(actor):
            intakes.refuse(file, fault=Unreadable("broken", said), by=actor, at=datetime.now(UTC))


def _keep(file: UUID, document: Reading | None, *, by: Actor) -> None:
    """What was read; of a long scan that is not through, the rest is put at the end of the queue."""
    if document is None:
        intakes.go_on_later(file, by=by)
    else:
        intakes.keep_read(file, document=document, by=by, at=datetime.now(UTC))
