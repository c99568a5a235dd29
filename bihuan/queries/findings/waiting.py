"""What waits for an actor: findings and feedback in which a step is the actor's to take now, the nearest date first."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from bihuan.models import Assignment, Draft, Feedback, Finding, Signature, Verdict
from bihuan.queries.findings.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FEEDBACK
from bihuan.rules.vocabulary import N_, RECEIPT_ROLES, UNIT_ROLES

MOST = 50


@dataclass(frozen=True)
class WaitingRow:
    """One thing to do: what it is, why it waits for this actor, and by when."""

    thing: str
    id: UUID
    title: str
    why: str
    state: StateLook
    unit: str
    due_on: date | None
    is_overdue: bool


def waiting_for(actor: Actor, *, on: date) -> tuple[WaitingRow, ...]:
    """At most 50 rows, feedback first, then findings by due date; nothing for officers."""
    return (*_feedback(actor), *_findings(actor, on))


def _feedback(actor: Actor) -> tuple[WaitingRow, ...]:
    visible = Feedback.objects.visible_to(actor.scope).select_related("unit")
    chosen, why = _feedback_of(actor)
    if not chosen:
        return ()
    return tuple(
        WaitingRow("feedback", row.pk, row.title, why(row.state), _feedback_look(row.state), row.unit.name, None, False)
        for row in visible.filter(chosen).order_by("id")[:MOST]
    )


def _feedback_of(actor: Actor):  # type: ignore[no-untyped-def]
    unsigned = ~Q(pk__in=Signature.objects.filter(role=actor.role).values("feedback_id"))
    mine = Q(inspection_id__in=Assignment.objects.filter(post_id=actor.post).values("inspection_id"))
    receipt = Q(state="given") & unsigned if actor.role in RECEIPT_ROLES else Q(pk__in=[])
    drafts = Q(state="draft", pk__in=Draft.objects.filter(state="proposed").values("feedback_id"))
    ready = Q(state="draft") & ~Q(pk__in=Draft.objects.filter(state="proposed").values("feedback_id"))
    by_role = {
        "secretary": ready,
        "leading_group": ready,
        "office_director": Q(state="approved") | receipt | drafts,
        "office_clerk": Q(state="approved") | drafts,
        "team_leader": mine & (receipt | drafts),
        "liaison": mine & drafts,
        "unit_head": Q(unit_id=actor.organization) & receipt,
    }
    words = {"draft": N_("有草稿待认定"), "approved": N_("待反馈"), "given": N_("待签收")}
    if actor.role in ("secretary", "leading_group"):
        words["draft"] = N_("待审批")
    return by_role.get(actor.role), lambda state: words[state]


def _feedback_look(state: str) -> StateLook:
    found = FEEDBACK.state(state)
    return StateLook(found.code, found.label, found.shape, found.tone)


def _findings(actor: Actor, on: date) -> tuple[WaitingRow, ...]:
    chosen = _findings_of(actor)
    if chosen is None:
        return ()
    visible = Finding.objects.visible_to(actor.scope).select_related("unit").filter(chosen)
    return tuple(
        WaitingRow(
            "finding",
            row.pk,
            title_of(row.text),
            _why(row.state),
            look(row.state),
            row.unit.name,
            row.redo_by or row.due_on,
            is_overdue(row.state, due_on=row.due_on, on=on),
        )
        for row in visible.order_by("due_on", "number")[:MOST]
    )


def _findings_of(actor: Actor) -> Q | None:
    if actor.role in UNIT_ROLES:
        states = ["in_progress", "returned", "reopened", "basically_done"]
        if actor.role == "unit_head":
            states += ["awaiting_plan", "plan_returned"]
        return Q(unit_id=actor.organization, state__in=states)
    profile = profile_named("county")
    parts = [
        Q(state=state) & _open_to(actor.role, chain, state)
        for state, chain in (("plan_submitted", profile.plan_reviewers), ("pending_review", profile.closing_signers))
        if actor.role in chain
    ]
    if not parts:
        return None
    own = [lo for role, lo in actor.posts_held if role in UNIT_ROLES]
    return (parts[0] if len(parts) == 1 else parts[0] | parts[1]) & ~Q(unit_lo__in=own)


def _open_to(role: str, chain: tuple[str, ...], state: str) -> Q:
    """The last of a chain waits for all others; any other waits until it has agreed."""
    about = {"plan_submitted": "plan_row__state", "pending_review": "closing_request__state"}[state]
    running = {"plan_submitted": "submitted", "pending_review": "open"}[state]
    agreed = Verdict.objects.filter(**{about: running}, verdict="agree")
    if role != chain[-1]:
        return ~Q(pk__in=agreed.filter(role=role).values("finding_id"))
    others = Q()
    for other in chain[:-1]:
        others &= Q(pk__in=agreed.filter(role=other).values("finding_id"))
    return others


def _why(state: str) -> str:
    words = {
        "awaiting_plan": N_("请报送方案"),
        "plan_returned": N_("方案退回，请重报"),
        "plan_submitted": N_("方案待您审核"),
        "pending_review": N_("销号待您审核"),
        "returned": N_("销号退回，请补充整改"),
        "reopened": N_("已重启，请重新整改"),
        "basically_done": N_("尚有剩余事项"),
    }
    return words.get(state, N_("请推进整改"))
