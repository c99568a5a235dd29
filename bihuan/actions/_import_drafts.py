"""The new rows of a ledger as drafts, for each inspection in a feedback of its own, in as few statements as can be.

Each draft points at its words in an extract with this unit's findings alone: no rows of others, no other columns.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from bihuan.actions import _documents, _step
from bihuan.actions._import_rows import BEFORE_ROW, BEHIND_ROW
from bihuan.actions._step import Act
from bihuan.actions._uploads import keep_upload
from bihuan.models import Feedback, Inspection, LedgerImport
from bihuan.models._visibility import placed_like
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.import_columns import NEW
from bihuan.rules.vocabulary import SECRECY_ORDINARY

AUDIENCE = "leadership"
_EXTRACTS = """
select target_id, count(*),
  string_agg(concat(%s, row, %s, substr(source, text_from + 1, text_length)), chr(10) order by position)
from ledger_import_row where ledger_import_id = %s and check_number = %s and outcome = %s
group by target_id order by target_id
"""
_DRAFTS = """
insert into draft (
  id, feedback_id, upload_id, position, level, heading, text, span_start, span_end, more_spans, helping_units,
  typed_by_hand, doubts, state, revision, category, taxonomy_version, severity, lead_unit_id, commonality, amount,
  fix_now, listed, key, unit_id, unit_lo, inspection_id, stage, side, secrecy
)
select n.id, f.id, f.upload_id, n.place, concat(%s, n.row, %s), '', substr(n.source, n.text_from + 1, n.text_length),
  %s + n.above, %s + n.above + n.text_length, '[]', n.helping_units,
  false, '[]', %s, 1, n.category, n.taxonomy_version, n.severity, n.lead_unit_id, n.commonality, n.amount,
  n.fix_now, n.listed, n.key, f.unit_id, f.unit_lo, f.inspection_id, f.stage, f.side, f.secrecy
from ledger_import_row n join feedback f on f.inspection_id = n.target_id and f.id = any(%s)
where n.ledger_import_id = %s and n.check_number = %s and n.outcome = %s
"""


def put_drafts(row: LedgerImport, *, head: str, title: str, by: Actor, at: datetime) -> list[UUID]:
    """A feedback for each inspection that has new rows, and all their drafts; `head`: the line above the texts."""
    with connection.cursor() as cursor:
        cursor.execute(_EXTRACTS, [BEFORE_ROW, BEHIND_ROW, row.pk, row.n_checked, NEW])
        extracts = cursor.fetchall()
    made = [
        _feedback(inspection, f"{head}\n{text}", n, row, title=title, by=by, at=at) for inspection, n, text in extracts
    ]
    _put(row, made, above=len(head) + 1)
    return made


def _feedback(inspection: UUID, text: str, n: int, row: LedgerImport, *, title: str, by: Actor, at: datetime) -> UUID:
    place = _documents.inspection_open_to(inspection, audience=AUDIENCE, by=by)
    feedback = Feedback(id=new_id(at), audience=AUDIENCE, title=title, **(_placed(place)))
    content = text.encode()
    feedback.upload = keep_upload(
        feedback, thing=feedback.pk, name=f"{title}.txt", content=content, by=by, at=at, text=text
    )
    sha256 = hashlib.sha256(content).hexdigest()
    after = {"file": row.name, "ledger": row.sha256, "sha256": sha256, "items": n, "import": str(row.pk)}
    _step.begin(feedback, machine=lifecycle.FEEDBACK, code="upload", act=Act(by, at, after=after))
    return feedback.pk


def _placed(place: Inspection) -> dict[str, object]:
    return placed_like(place) | {"stage": 0, "secrecy": SECRECY_ORDINARY, "inspection_id": place.pk}


def _put(row: LedgerImport, feedback: Sequence[UUID], *, above: int) -> None:
    first = lifecycle.DRAFT.states[0].code
    with connection.cursor() as cursor:
        cursor.execute(
            _DRAFTS, [BEFORE_ROW, BEHIND_ROW.rstrip(), above, above, first, list(feedback), row.pk, row.n_checked, NEW]
        )
