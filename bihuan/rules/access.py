"""Need to know: what a post reaches, whether it may see a row, and how it stands to a thing (decisions 0003, 0004).

The same one form stands in models/_policies.py as SQL and in models/_visibility.py as a queryset filter; a house
test compares the three answers. Basis: 中国共产党巡视工作条例 (2024) 保密与回避的规定; need to know is the default.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from bihuan.rules.vocabulary import (
    N_,
    OFFICE_ROLES,
    OFFICERS,
    ROLES,
    SECRECY_HEAD,
    SECRECY_NAMED,
    SECRECY_ORDINARY,
    TEAM_ROLES,
    UNIT_ROLES,
)

NOWHERE = (1, 0)


@dataclass(frozen=True)
class Reach:
    """How far a role reads: `range` own|county|none, the first `stage` it sees, and its `side` (office|unit)."""

    range: str
    stage: int
    side: str


_COUNTY = Reach("county", 0, "office")
_ASSIGNED = Reach("none", 0, "office")
_ASSIGNED_AFTER = Reach("none", 1, "office")
_UNIT = Reach("own", 1, "unit")

REACH = {
    "secretary": _COUNTY,
    "leading_group": _COUNTY,
    "office_director": _COUNTY,
    "office_clerk": _COUNTY,
    "discipline_reviewer": _COUNTY,
    "organization_reviewer": _COUNTY,
    "team_leader": _ASSIGNED,
    "deputy_leader": _ASSIGNED,
    "liaison": _ASSIGNED,
    "team_member": _ASSIGNED,
    "unit_head": _UNIT,
    "unit_leader": _UNIT,
    "unit_clerk": _UNIT,
    "township_reviewer": Reach("own", 1, "office"),
    "supervising_leader": _ASSIGNED_AFTER,
    "evaluator": _ASSIGNED_AFTER,
    "functional_clerk": Reach("none", 1, "unit"),
    "guest": Reach("none", 1, "office"),
    "system_officer": Reach("none", 1, "office"),
    "security_officer": Reach("none", 1, "office"),
    "audit_officer": Reach("none", 1, "office"),
}
READS_RECORD = ("audit_officer",)
# Rounds and who is inspected in them: domain matrix 9.1, first row.
PLANS_ROUNDS = ("secretary", "leading_group", *OFFICE_ROLES)
KEEPS_REGISTER = OFFICE_ROLES
KEEPS_PEOPLE = ("system_officer",)
GRANTS_SIGHT = ("security_officer",)
# Who was let in to read one thing, and the officers, leave no private notes (row L10).
WRITES_NOTES = tuple(role for role in ROLES if role not in (*OFFICERS, "guest"))
READS_HEADS_PART = (
    "secretary",
    "leading_group",
    *OFFICE_ROLES,
    "discipline_reviewer",
    "organization_reviewer",
)


@dataclass(frozen=True)
class Scope:
    """What one post reaches now; every policy compares rows with these values and nothing else.

    `has_assignments`, `has_grants`: False where the post is known to have none, so that a filter need not look for any.
    """

    post: UUID
    lo: int
    hi: int
    stage: int
    side: str
    reads_record: bool = False
    has_assignments: bool = True
    has_grants: bool = True


@dataclass(frozen=True)
class Actor:
    """Who acts, as what post, through which door. Made at the door, passed on as `by`."""

    account: UUID
    person: str
    post: UUID
    role: str
    organization: UUID
    organization_name: str
    lo: int
    hi: int
    scope: Scope
    via: str
    posts_held: tuple[tuple[str, int], ...] = ()

    @property
    def label(self) -> str:
        """The post in Chinese, as the record prints it: organization and role."""
        return f"{self.organization_name} {ROLES[self.role]}"


@dataclass(frozen=True)
class Place:
    """Where a business row stands; every row with a policy carries these five values."""

    unit_lo: int
    inspection: UUID | None
    stage: int
    side: str
    secrecy: int


@dataclass(frozen=True)
class Sight:
    """What a post was given by name: inspections it is assigned to and things granted to it and still valid."""

    inspections: frozenset[UUID] = field(default_factory=frozenset)
    things: frozenset[UUID] = field(default_factory=frozenset)


def scope_of(*, post: UUID, role: str, own: tuple[int, int], county: tuple[int, int]) -> Scope:
    """The scope of a post: `own` and `county` are (lo, hi) of its organization and of the whole tree."""
    reach = REACH[role]
    lo, hi = {"own": own, "county": county, "none": NOWHERE}[reach.range]
    return Scope(post, lo, hi, reach.stage, reach.side, role in READS_RECORD)


def may_see(scope: Scope, *, place: Place, thing: UUID, sight: Sight) -> bool:
    """The one form: by range, by assignment, or by grant. `thing` is the id that grants name."""
    open_to = place.stage >= scope.stage and place.side in ("both", scope.side)
    by_range = scope.lo <= place.unit_lo <= scope.hi and open_to and place.secrecy == SECRECY_ORDINARY
    by_assignment = place.inspection in sight.inspections and open_to and place.secrecy <= SECRECY_HEAD
    by_grant = thing in sight.things and open_to and place.secrecy <= SECRECY_NAMED
    return by_range or by_assignment or by_grant


def may_open_view(scope: Scope, *, owner: UUID, is_shared: bool) -> bool:
    """A saved view holds no rows: its owner opens it, and others when it is shared, each with their own sight."""
    return is_shared or scope.post == owner


class Standing(Protocol):
    """The facts of a thing that decide how an actor stands to it."""

    @property
    def unit(self) -> UUID:
        """The organization that is inspected, or that leads the rectification."""

    @property
    def unit_lo(self) -> int:
        """Its place in the tree."""

    @property
    def is_assigned(self) -> bool:
        """Whether the acting post is assigned to the inspection."""

    @property
    def helping_units(self) -> frozenset[UUID]:
        """The organizations that help, or that lead in place of the inspected one."""

    @property
    def helping_los(self) -> frozenset[int]:
        """Their places in the tree."""

    @property
    def plan_reviewers(self) -> tuple[str, ...]:
        """Roles of the plan review chain, the last one decides."""

    @property
    def closing_signers(self) -> tuple[str, ...]:
        """Roles of the closing chain, the last one decides."""


RELATIONS = {
    "secretary": N_("党委书记"),
    "leading_group": N_("领导小组"),
    "office": N_("巡察办"),
    "office_director": N_("巡察办主任"),
    "team": N_("本次巡察组"),
    "team_lead": N_("本次巡察组组长"),
    "liaison": N_("本次巡察组联络员"),
    "unit": N_("被巡察单位"),
    "helping_unit": N_("配合单位"),
    "unit_head": N_("被巡察单位主要负责人"),
    "discipline_reviewer": N_("纪检监察审核人"),
    "organization_reviewer": N_("组织部门审核人"),
    "plan_reviewer": N_("方案审核各方"),
    "last_plan_reviewer": N_("方案审核最后一方"),
    "closing_signer": N_("销号审核各方"),
    "countersigning_head": N_("会签的被巡察单位主要负责人"),
    "last_closing_signer": N_("销号审核最后一方"),
    "signer_of_receipt": N_("签收三方"),
}


def stands_as(actor: Actor, *, thing: Standing) -> frozenset[str]:
    """The relations in which the actor stands to the thing. Nobody reviews, or signs for, the own unit's work."""
    role, found = actor.role, set()
    at_work = {thing.unit_lo, *thing.helping_los}
    own_unit = any(lo in at_work and held in UNIT_ROLES for held, lo in actor.posts_held)
    if role in UNIT_ROLES and actor.organization == thing.unit:
        found |= {"unit", *(_head_relations(thing) if role == "unit_head" else ())}
    if role in UNIT_ROLES and actor.organization in thing.helping_units:
        found |= {"helping_unit"}
    if own_unit:
        return frozenset(found)
    found |= {
        name for name in ("secretary", "leading_group", "discipline_reviewer", "organization_reviewer") if role == name
    }
    if role in OFFICE_ROLES:
        found |= {"office", *({"signer_of_receipt", "office_director"} if role == "office_director" else ())}
    if role in TEAM_ROLES and thing.is_assigned:
        found |= _team_relations(role)
    if _is_elsewhere(actor, thing):
        return frozenset(found)
    return frozenset(
        found
        | _chain("plan_reviewer", role, thing.plan_reviewers)
        | _chain("closing_signer", role, thing.closing_signers)
    )


def _head_relations(thing: Standing) -> set[str]:
    """The head of the unit countersigns where the chain says so: what the unit itself hands in (decision 0011)."""
    extra = {"countersigning_head"} if "unit_head" in thing.closing_signers else set()
    return {"unit_head", "signer_of_receipt", *extra}


def _is_elsewhere(actor: Actor, thing: Standing) -> bool:
    """A team that was not here, or a township whose village it is not, signs nothing, whatever it was given to read."""
    if actor.role in TEAM_ROLES:
        return not thing.is_assigned
    return actor.role == "township_reviewer" and not actor.lo <= thing.unit_lo <= actor.hi


def _team_relations(role: str) -> set[str]:
    extra = {"team_leader": {"team_lead", "signer_of_receipt"}, "liaison": {"liaison"}}
    return {"team", *extra.get(role, set())}


def _chain(name: str, role: str, chain: tuple[str, ...]) -> set[str]:
    if role not in chain:
        return set()
    return {f"last_{name}"} if role == chain[-1] else {name}


def may_hold_together(role: str, *, others: frozenset[str]) -> bool:
    """Whether one account may hold `role` beside `others` (三员分立; a unit post excludes team and review)."""
    officers = {"system_officer", "security_officer", "audit_officer"}
    judging = {*TEAM_ROLES, "discipline_reviewer", "organization_reviewer", "evaluator", *OFFICE_ROLES}
    if role in officers:
        return not others - {role}
    if others & officers:
        return False
    if role in UNIT_ROLES:
        return not others & judging
    return not (role in judging and others & set(UNIT_ROLES))


def is_held_on(day: date, *, starts: date, ends: date | None) -> bool:
    """Whether a post or grant that runs from `starts` to `ends` (inclusive; None: open) holds on that day."""
    return starts <= day and (ends is None or day <= ends)
