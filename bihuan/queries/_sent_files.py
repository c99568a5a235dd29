"""What a post sent that it has not put away, counted for the desk in one statement: files on their way, and ledgers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import IntegerField, Value

from bihuan.models import Intake, LedgerImport
from bihuan.queries._left_behind import in_hands_of
from bihuan.queries.imports import UNAPPLIED
from bihuan.queries.intakes import NONE, UNREAD, UPLOADERS, IntakeCounts
from bihuan.rules.access import Actor
from bihuan.rules.import_columns import MAY_IMPORT

FILE, LEDGER = 0, 1


@dataclass(frozen=True)
class SentFiles:
    """The files, and how many ledgers are not brought in yet."""

    intakes: IntakeCounts = NONE
    imports: int = 0


NOTHING_SENT = SentFiles()


def sent_files(actor: Actor, *, on: date) -> SentFiles:
    """Both by the index of what is not put away; of what a post may not send nobody is asked.

    What those left who went is counted too: it waits for whoever follows, and nobody reads it.
    """
    wanted = [
        model.objects.visible_to(actor.scope)
        .filter(in_hands_of(actor, on=on, unfinished=unfinished), put_away_at=None)
        .annotate(what=Value(what, output_field=IntegerField()))
        .values_list("what", end, "post_id")
        for model, what, end, unfinished, roles in (
            (Intake, FILE, "finished_at", UNREAD, UPLOADERS),
            (LedgerImport, LEDGER, "applied_at", UNAPPLIED, MAY_IMPORT),
        )
        if actor.role in roles
    ]
    if not wanted:
        return NOTHING_SENT
    rows = list(wanted[0].union(*wanted[1:], all=True))
    unread = [post == actor.post for what, end, post in rows if what == FILE and end is None]
    files = sum(what == FILE for what, _end, _post in rows)
    ledgers = sum(what == LEDGER and end is None for what, end, _post in rows)
    return SentFiles(IntakeCounts(files, sum(unread), len(unread) - sum(unread)), ledgers)
