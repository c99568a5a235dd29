"""Files on their way, as who sent them sees them: what is waiting, how far the reading is, what came of each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from bihuan.models import Draft, Feedback, Intake
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._left_behind import in_hands_of, whether_left
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import AUDIENCES, OFFICE_ROLES

# What did not become a feedback, nor was one.
UNREAD = Q(feedback=None, same_as=None)
UPLOADERS = (*OFFICE_ROLES, "team_leader", "liaison")


@dataclass(frozen=True)
class IntakeRow:
    """One file: `feedback` came of it, or holds the same bytes already; `fault` and `said` tell why none came.

    Neither ended nor begun it waits. `can_again`: its bytes are there. Of a scan `n_recognized` of `n_pages` are done.
    `left_by`: who sent it, where nobody holds that post any more.
    """

    id: UUID
    name: str
    title: str
    inspection: str
    audience: str
    size: int
    sent_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    n_done: int
    n_all: int
    n_recognized: int
    n_pages: int
    drafts: int
    feedback: UUID | None
    feedback_title: str
    fault: str
    said: str
    ending: str
    can_again: bool
    left_by: str


@dataclass(frozen=True)
class IntakeCounts:
    """How many files are not put away, how many of one's own are still to be read, how many nobody goes on reading."""

    every: int
    unread: int
    left: int = 0


NONE = IntakeCounts(0, 0)


def intakes_of(actor: Actor, *, on: date) -> tuple[IntakeRow, ...]:
    """What the post sent and has not put away, the latest first; and what those left unread who went."""
    found = _told(_in_sight(actor, on), on).select_related("inspection", "account")
    rows = list(found.order_by("-sent_at", "name"))
    leads = {lead for row in rows if (lead := row.feedback_id or row.same_as)}
    titles = dict(Feedback.objects.visible_to(actor.scope).filter(pk__in=leads).values_list("pk", "title"))
    proposed = _proposed(actor, set(titles))
    return tuple(_row(row, titles, proposed) for row in rows)


def same_feedback(actor: Actor, *, sha256: str, inspection: UUID) -> UUID | None:
    """The feedback of this inspection that these bytes are already."""
    same = Feedback.objects.visible_to(actor.scope).filter(upload__sha256=sha256, inspection_id=inspection)
    return same.values_list("pk", flat=True).first()


def _in_sight(actor: Actor, on: date) -> VisibleQuerySet[Intake]:
    mine = in_hands_of(actor, on=on, unfinished=UNREAD)
    return Intake.objects.visible_to(actor.scope).filter(mine, put_away_at=None)


def _told(rows: VisibleQuerySet[Intake], on: date) -> QuerySet[Any]:
    """Whether the bytes are there, never the bytes; and whether the sender is."""
    there = ExpressionWrapper(Q(content__isnull=False), output_field=BooleanField())
    return rows.defer("content").annotate(has_content=there, is_left=whether_left(on))


def _proposed(actor: Actor, feedback: set[UUID]) -> dict[UUID, int]:
    """How many drafts of each still wait for a person."""
    if not feedback:
        return {}
    found = Draft.objects.visible_to(actor.scope).filter(feedback_id__in=feedback, state="proposed")
    return dict(found.values_list("feedback_id").annotate(n=Count("pk")))


def _row(row: Any, titles: dict[UUID, str], proposed: dict[UUID, int]) -> IntakeRow:
    lead = row.feedback_id or row.same_as
    feedback = lead if lead in titles else None
    return IntakeRow(
        id=row.pk, name=row.name, title=row.title, inspection=row.inspection.title if row.inspection else "",
        audience=AUDIENCES[row.audience], size=row.size, sent_at=row.sent_at, begun_at=row.begun_at,
        finished_at=row.finished_at, n_done=row.n_done, n_all=row.n_all,
        n_recognized=row.n_recognized, n_pages=row.n_pages,
        drafts=proposed.get(feedback, 0) if feedback else 0, feedback=feedback,
        feedback_title=titles.get(feedback, "") if feedback else "", fault=row.fault, said=row.said, ending=row.ending,
        can_again=bool((row.fault or row.is_left) and row.has_content),
        left_by=row.account.person if row.is_left else "",
    )  # fmt: skip
