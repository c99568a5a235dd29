"""Which findings wait for an actor: one condition per kind of waiting, each the counterpart of a step of the lifecycle.

The ledger narrows by these kinds and the desk counts by them, so that a figure and its list cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from bihuan.models import Assignment, FindingRequest, FindingUnit, PlanRow, Verdict
from bihuan.queries.findings.profiles import profiles_in_use, under
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import N_, OFFICE_ROLES, TEAM_ROLES, UNIT_ROLES

# How long before its next review a long-term item shows itself: as long as the first of the lights.
REVIEW_DAYS = 15
WORKED_ON = (*FINDING.step("report_basically_done").sources, "basically_done")
PLANNED = FINDING.step("submit_plan").sources


@dataclass(frozen=True)
class Kind:
    """One way in which a finding waits: its words in a filter, what is asked of the person, and its part of the work.

    `by`: whether a line of the desk stands for one finding, for all of a plan version, or for all of a feedback.
    """

    label: str
    why: str
    part: str
    by: str = "finding"


KINDS: Mapping[str, Kind] = {
    "redo_plan": Kind(N_("待重报的方案"), N_("方案退回，请修改后重报"), "plan", "feedback"),
    "fill_plan": Kind(N_("待填写的方案"), N_("请填写整改方案"), "plan", "feedback"),
    "submit_plan": Kind(N_("待报送的方案"), N_("已经填好，请报送"), "plan", "plan"),
    "review_plan": Kind(N_("待审核的方案"), N_("请审核整改方案"), "plan", "plan"),
    "sign_closing": Kind(N_("待审核的销号"), N_("申请销号，请审核"), "closing"),
    "decide_extension": Kind(N_("待批的延期"), N_("申请延期，请批复"), ""),
    "decide_reopening": Kind(N_("待批的重启"), N_("申请重启，请批复"), ""),
    "decide_withdrawal": Kind(N_("待定的撤回"), N_("提请撤回，请决定"), ""),
    "carry_out": Kind(N_("待整改的问题"), N_("请推进整改"), ""),
    "help_out": Kind(N_("待配合的问题"), N_("请配合整改"), ""),
    "review_long_term": Kind(N_("待复核的长期事项"), N_("复核日期临近，请复核"), ""),
}
PARTS = {
    "any": tuple(KINDS),
    "plan": tuple(code for code, kind in KINDS.items() if kind.part == "plan"),
    "closing": tuple(code for code, kind in KINDS.items() if kind.part == "closing"),
}
# What a list may be narrowed to: one kind, or a part of the work.
WAITS = (*PARTS, *KINDS)


def conditions_for(actor: Actor, *, on: date) -> dict[str, Q]:
    """For each kind that the actor's post can have at all, the findings that wait in it. No two kinds share a finding.

    They narrow what `visible_to` gives; alone they are no gate.
    """
    found: dict[str, list[Q]] = {}
    for code, part in parts_for(actor, on=on):
        found.setdefault(code, []).append(part)
    return {code: parts[0] if len(parts) == 1 else any_of(parts) for code, parts in found.items()}


def parts_for(actor: Actor, *, on: date) -> list[tuple[str, Q]]:
    """The same, with a part for each profile where chains differ: no two parts share a finding either."""
    if actor.role in UNIT_ROLES:
        return list(_of_unit(actor, on).items())
    own = [lo for role, lo in actor.posts_held if role in UNIT_ROLES]
    others = ~_worked_on_by(own) if own else Q()
    return [(code, found & others) for code, found in (*_of_chains(actor), *_of_deciders(actor, on).items())]


def _worked_on_by(los: list[int]) -> Q:
    """The findings of units at those places in the tree: inspected, leading or helping, as access.stands_as has it."""
    helping = FindingUnit.objects.helping().filter(finding=OuterRef("pk"), helper__lo__in=los)
    return Q(unit_lo__in=los) | Q(lead_unit__isnull=False, lead_unit__lo__in=los) | Q(Exists(helping))


def waiting_in(actor: Actor, *, waits: str, on: date) -> Q:
    """The findings that wait in that kind or part; none for a kind that the post never has."""
    wanted = PARTS.get(waits, (waits,))
    return any_of([found for code, found in conditions_for(actor, on=on).items() if code in wanted])


def any_of(conditions: list[Q]) -> Q:
    """Any of them; of none, no row at all."""
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def plan_row_of(finding: str = "pk") -> QuerySet[PlanRow]:
    """The row that stands for the outer finding: being written, or handed in and not returned; the latest first."""
    return PlanRow.objects.filter(finding=OuterRef(finding)).exclude(state="returned").order_by("-version")


def with_plan(found: QuerySet[Any]) -> QuerySet[Any]:
    """Each finding with the plan version that speaks for it."""
    planned: QuerySet[Any] = found.annotate(of_plan=Subquery(plan_row_of().values("plan_id")[:1]))
    return planned


def _of_unit(actor: Actor, on: date) -> dict[str, Q]:
    mine = Q(unit_id=actor.organization)
    rows = PlanRow.objects.filter(finding=OuterRef("pk"), state="draft")
    unfinished = Q(causes="") | Q(goal="") | Q(leader="") | Q(typed=[])
    filled = Q(Exists(rows.exclude(unfinished)))
    helping = Q(lead_unit_id=actor.organization) | Exists(
        FindingUnit.objects.helping().filter(finding=OuterRef("pk"), helper_id=actor.organization)
    )
    conditions: dict[str, Q] = {
        "redo_plan": mine & Q(state="plan_returned") & ~filled,
        "fill_plan": mine & Q(state="awaiting_plan") & ~filled,
        "carry_out": mine & Q(state__in=WORKED_ON),
        "help_out": helping & ~mine & Q(state__in=WORKED_ON),
        "review_long_term": (mine | helping) & _review_near(on),
    }
    if actor.role == "unit_head":
        conditions["submit_plan"] = mine & Q(state__in=PLANNED) & filled
        conditions["sign_closing"] = mine & Q(state="pending_review") & _countersigns(actor)
    return conditions


def _countersigns(actor: Actor) -> Q:
    """Where the unit's head signs too: evidence came after the request, and the head has not signed again."""
    chains = [profile for profile in profiles_in_use() if actor.role in profile.closing_signers]
    turns = [under(one) & _turn(actor, one.closing_signers, "closing_request", "open") for one in chains]
    return any_of(turns)


def _of_chains(actor: Actor) -> list[tuple[str, Q]]:
    """Plans to review, closings to sign, and reopenings, which the last signer decides; each by its profile."""
    place, found = _place(actor), []
    for profile in profiles_in_use():
        here = place & under(profile)
        if actor.role in profile.plan_reviewers:
            turn = _turn(actor, profile.plan_reviewers, "plan_row", "submitted")
            found.append(("review_plan", Q(state="plan_submitted") & here & turn))
        if actor.role in profile.closing_signers:
            turn = _turn(actor, profile.closing_signers, "closing_request", "open")
            found.append(("sign_closing", Q(state="pending_review") & here & turn))
        if actor.role == profile.closing_signers[-1]:
            found.append(("decide_reopening", Q(state="closed") & here & _asked(actor, "reopen")))
    return found


def _place(actor: Actor) -> Q:
    """Where a post signs, as access.stands_as has it: a team where it is assigned, a township for its villages."""
    if actor.role in TEAM_ROLES:
        return Q(inspection_id__in=Assignment.objects.filter(post_id=actor.post).values("inspection_id"))
    return Q(unit_lo__range=(actor.lo, actor.hi)) if actor.role == "township_reviewer" else Q()


def _of_deciders(actor: Actor, on: date) -> dict[str, Q]:
    conditions = {}
    if actor.role in ("leading_group", "office_director"):
        states = Q(state__in=FINDING.step("grant_extension").sources)
        conditions["decide_extension"] = states & _asked(actor, "extend")
    if actor.role in (*OFFICE_ROLES, "team_leader"):
        assigned = Assignment.objects.filter(post_id=actor.post).values("inspection_id")
        mine = Q(inspection_id__in=assigned) if actor.role == "team_leader" else Q()
        states = Q(state__in=FINDING.step("withdraw").sources)
        conditions["decide_withdrawal"] = mine & states & _asked(actor, "withdraw")
    if actor.role in (*OFFICE_ROLES, "discipline_reviewer"):
        conditions["review_long_term"] = _review_near(on)
    return conditions


def _turn(actor: Actor, chain: tuple[str, ...], about: str, running: str) -> Q:
    """The last of a chain waits for all others; any other waits until it has agreed. Nobody agrees in two roles."""
    agreed = Verdict.objects.filter(
        **{f"{about}__state": running},
        finding=OuterRef("pk"),
        verdict="agree",
        content_hash=F(f"{about}__content_hash"),
    )
    turn = Q(~Exists(agreed.filter(Q(role=actor.role) | Q(account_id=actor.account))))
    for other in chain[:-1] if actor.role == chain[-1] else ():
        turn &= Q(Exists(agreed.filter(role=other)))
    return turn


def _asked(actor: Actor, aim: str) -> Q:
    """Somebody else has asked for it and nobody has decided."""
    asked = FindingRequest.objects.filter(finding=OuterRef("pk"), aim=aim, state="open")
    return Q(Exists(asked.exclude(account_id=actor.account)))


def _review_near(on: date) -> Q:
    return Q(state="phase_done_long_term", next_review_on__lte=on + timedelta(days=REVIEW_DAYS))
