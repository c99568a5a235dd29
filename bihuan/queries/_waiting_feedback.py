"""Which feedback waits for an actor, and why: drafts to confirm, approval, handing over, the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from bihuan.models import Assignment, Draft, Feedback, Finding, Inspection, Signature
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import N_, OFFICE_ROLES, RECEIPT_ROLES, UNIT_ROLES

# What three have signed for waits for nobody any more: nearly all of it, so that this is asked first.
RUNNING = ~Q(state="given") | Q(received_on=None)


@dataclass(frozen=True)
class FeedbackKind:
    """One way in which a feedback waits: its words in a list of figures, and what is asked of the person."""

    label: str
    why: str


FEEDBACK_KINDS: Mapping[str, FeedbackKind] = {
    "confirm_drafts": FeedbackKind(N_("待认定的反馈"), N_("有草稿待认定")),
    "describe_findings": FeedbackKind(N_("待分类的反馈"), N_("有问题没有分类")),
    "approve_feedback": FeedbackKind(N_("待审批的反馈"), N_("请审批")),
    "give_feedback": FeedbackKind(N_("待送达的反馈"), N_("已经审批，请反馈")),
    "sign_feedback": FeedbackKind(N_("待签收的反馈"), N_("请签收")),
}


def feedback_waiting(actor: Actor, *, kind: str = "any") -> QuerySet[Any]:
    """The feedback that waits for the actor in that kind, or in any, each with its `kind`."""
    conditions = _conditions(actor)
    found = Q(pk__in=[])
    for code, condition in conditions.items():
        found |= condition if kind in ("any", code) else Q(pk__in=[])
    kinds = Case(
        *[When(condition, then=Value(code)) for code, condition in conditions.items()],
        default=Value(""),
        output_field=CharField(),
    )
    return Feedback.objects.visible_to(actor.scope).filter(RUNNING).filter(found).annotate(kind=kinds)


def _conditions(actor: Actor) -> dict[str, Q]:
    """For each kind that the post can have; a team acts in its own inspections, nobody beside a unit in that unit."""
    role = actor.role
    if role in UNIT_ROLES:
        mine = Q(unit_id=actor.organization)
        return {"sign_feedback": mine & _to_sign(actor)} if role == "unit_head" else {}
    own = [lo for held, lo in actor.posts_held if held in UNIT_ROLES]
    here = ~Q(unit_lo__in=own) if own else Q()
    if role in ("team_leader", "liaison"):
        here &= Q(inspection_id__in=Assignment.objects.filter(post_id=actor.post).values("inspection_id"))
    being_read = here & Q(state="draft")
    proposed = Q(Exists(Draft.objects.filter(feedback=OuterRef("pk"), state="proposed")))
    confirmed = Finding.objects.filter(feedback=OuterRef("pk"), state="drafted")
    bare = Q(Exists(confirmed.filter(category="")))
    conditions = {}
    if role in (*OFFICE_ROLES, "team_leader", "liaison"):
        conditions["confirm_drafts"] = being_read & proposed
        conditions["describe_findings"] = being_read & ~proposed & bare
    if role in ("secretary", "leading_group"):
        conditions["approve_feedback"] = being_read & ~proposed & ~bare & Q(Exists(confirmed))
    if role in OFFICE_ROLES:
        left = Inspection.objects.filter(state__in=("left", "fed_back")).values("id")
        conditions["give_feedback"] = here & Q(state="approved", inspection_id__in=left)
    if role in RECEIPT_ROLES:
        conditions["sign_feedback"] = here & _to_sign(actor)
    return conditions


def _to_sign(actor: Actor) -> Q:
    signed = Signature.objects.filter(Q(role=actor.role) | Q(account_id=actor.account), feedback=OuterRef("pk"))
    return Q(state="given") & ~Q(Exists(signed))
