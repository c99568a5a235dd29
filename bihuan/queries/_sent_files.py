"""What a post sent that it has not put away, counted for the desk in one statement: files on their way, and ledgers."""

from dataclasses import dataclass

from django.db.models import IntegerField, Value

from bihuan.models import Intake, LedgerImport
from bihuan.queries.intakes import NONE, UPLOADERS, IntakeCounts
from bihuan.rules.access import Actor
from bihuan.rules.import_columns import MAY_IMPORT

FILE, LEDGER = 0, 1


@dataclass(frozen=True)
class SentFiles:
    """The files, and how many ledgers are not brought in yet."""

    intakes: IntakeCounts = NONE
    imports: int = 0


NOTHING_SENT = SentFiles()


def sent_files(actor: Actor) -> SentFiles:
    """Both by the index of what is not put away; of what a post may not send nobody is asked."""
    wanted = [
        model.objects.visible_to(actor.scope)
        .filter(post_id=actor.post, put_away_at=None)
        .annotate(what=Value(what, output_field=IntegerField()))
        .values_list("what", end)
        for model, what, end, roles in (
            (Intake, FILE, "finished_at", UPLOADERS),
            (LedgerImport, LEDGER, "applied_at", MAY_IMPORT),
        )
        if actor.role in roles
    ]
    if not wanted:
        return NOTHING_SENT
    rows = list(wanted[0].union(*wanted[1:], all=True))
    ends = [end for what, end in rows if what == FILE]
    unread = sum(end is None for end in ends)
    return SentFiles(IntakeCounts(len(ends), unread), sum(what == LEDGER and end is None for what, end in rows))
