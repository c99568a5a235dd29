"""Checking large ledgers: one job for each, begun again from the start when a worker is lost.

The reading holds no transaction; what the check finds is kept in one, so that no row is there half or twice.
"""

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.actions import imports
from bihuan.actions.refusals import Unreadable
from bihuan.jobs.intakes import AWAY, RETRY
from bihuan.jobs.running import NobodyToActFor
from bihuan.queries.acting import acting
from bihuan.queries.people import actor_for
from bihuan.rules.vocabulary import N_

log = logging.getLogger(__name__)


@app.task(name="check_import", retry=RETRY)
def check_import(account: str, post: str, ledger_import: str) -> None:
    """Read and check one ledger; what goes wrong is told on its page, and in the worker's log."""
    actor = actor_for(UUID(account), post=UUID(post), via="job", on=timezone.localdate())
    if actor is None:
        raise NobodyToActFor(post)
    ledger = UUID(ledger_import)
    with acting(actor):
        begun = imports.begin_check(ledger, by=actor, at=datetime.now(UTC))
    if begun is None:
        return
    try:
        looked = imports.read_begun(begun)
        with acting(actor):
            imports.keep_check(ledger, looked=looked, by=actor, at=datetime.now(UTC))
    except Unreadable as fault:
        with acting(actor):
            imports.refuse(ledger, fault=fault, by=actor, at=datetime.now(UTC))
    except AWAY:
        raise
    except Exception:
        log.exception("ledger %s could not be checked", ledger_import)
        said = N_("读这个文件时程序出错，没有读成。请另存为 .xlsx 后再上传。")
        with acting(actor):
            imports.refuse(ledger, fault=Unreadable("broken", said), by=actor, at=datetime.now(UTC))
