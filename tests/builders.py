"""Builders: a small county with people in every role, made by actions where there are some; written as owner.

They build states only along paths that the product has; samples of text are in tests/samples.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bihuan.actions import organizations, rounds, terms
from bihuan.models import Account, Organization, Post
from bihuan.queries.people import actor_for
from bihuan.rules.access import NOWHERE, Actor, scope_of
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import ROLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
LONG_AGO = date(2021, 9, 1)
UNUSABLE = "!"

# key: (name, class, key of the parent); the order is that of making.
TREE = {
    "committee": ("中共云溪县委", "committee", None),
    "leading_group": ("县委巡察工作领导小组", "leading_group", "committee"),
    "office": ("县委巡察办", "inspection_office", "leading_group"),
    "team_1": ("县委第一巡察组", "inspection_team", "leading_group"),
    "team_2": ("县委第二巡察组", "inspection_team", "leading_group"),
    "discipline": ("县纪委监委", "discipline_organ", "committee"),
    "room_1": ("第一纪检监察室", "discipline_room", "discipline"),
    "room_2": ("第二纪检监察室", "discipline_room", "discipline"),
    "organization_department": ("县委组织部", "organization_department", "committee"),
    "education": ("县教育局", "department", "committee"),
    "finance": ("县财政局", "department", "committee"),
    "water": ("县水利局", "department", "committee"),
    "east": ("东河镇", "township", "committee"),
    "east_1": ("柳湾村", "village", "east"),
    "east_2": ("石桥村", "village", "east"),
    "west": ("西坪乡", "township", "committee"),
    "west_1": ("松岭村", "village", "west"),
    "west_2": ("梨园村", "village", "west"),
    "enterprise": ("云溪城投集团", "enterprise", "committee"),
    "school": ("云溪一中", "school", "education"),
}
SEAT = {
    "secretary": "committee",
    "leading_group": "leading_group",
    "office_director": "office",
    "office_clerk": "office",
    "team_leader": "team_1",
    "deputy_leader": "team_1",
    "liaison": "team_1",
    "team_member": "team_1",
    "unit_head": "education",
    "unit_leader": "education",
    "unit_clerk": "education",
    "discipline_reviewer": "discipline",
    "organization_reviewer": "organization_department",
    "supervising_leader": "committee",
    "functional_clerk": "finance",
    "township_reviewer": "east",
    "evaluator": "office",
    "guest": None,
    "system_officer": None,
    "security_officer": None,
    "audit_officer": None,
}


def setter_up(at: datetime = NOW) -> Actor:
    """The system officer of an empty installation, stored as an account with its post."""
    return an_actor("system_officer", organization=None, at=at)


def an_account(person: str, *, at: datetime = NOW, password: str = UNUSABLE, name: str = "") -> Account:
    """An account that cannot sign in unless a password hash is given."""
    account_id = new_id(at)
    return Account.objects.create(
        id=account_id,
        person=person,
        name=name or f"zh{account_id.hex[-12:]}",
        password=password,
        password_changed_at=at,
    )


def a_post(
    account: Account,
    role: str,
    *,
    organization: UUID | None,
    at: datetime = NOW,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Post:
    """A post of that account."""
    return Post.objects.create(
        id=new_id(at),
        account=account,
        role=role,
        organization_id=organization,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def an_actor(role: str, *, organization: UUID | None, at: datetime = NOW, person: str = "", via: str = "web") -> Actor:
    """Somebody who holds that role there, acting as it."""
    account = an_account(person or ROLES[role], at=at)
    post = a_post(account, role, organization=organization, at=at)
    return acting_as(post, at=at, via=via)


def acting_as(post: Post, *, at: datetime = NOW, via: str = "web") -> Actor:
    """The actor that a door makes of a stored post on that day; places in the tree are read anew."""
    actor = actor_for(post.account_id, post=post.id, via=via, on=at.date())
    assert actor is not None
    return actor


def a_clerk(*, lo: int = 1, hi: int = 2**31 - 1, role: str = "office_clerk", at: datetime = NOW) -> Actor:
    """An actor that is nowhere stored: for what looks at the role alone."""
    post = new_id(at)
    scope = scope_of(post=post, role=role, own=NOWHERE, county=(lo, hi))
    return Actor(new_id(at), "某人", post, role, new_id(at), "某单位", lo, hi, scope, "web")


@dataclass
class County:
    """A county as built: ids by key (see TREE), one actor per role, a term, a round, an inspection."""

    at: datetime
    organizations: dict[str, UUID] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    term: UUID | None = None
    round: UUID | None = None
    inspection: UUID | None = None

    def actor(self, role: str, *, organization: str | None = None, via: str = "web") -> Actor:
        """The actor of that role, in its usual seat or in the organization of that key; made when there is none."""
        seat = organization or SEAT[role]
        key = f"{role}@{seat}"
        if key not in self.posts:
            account = an_account(ROLES[role], at=self.at)
            where = self.organizations[seat] if seat else None
            self.posts[key] = a_post(account, role, organization=where, at=self.at)
        return acting_as(self.posts[key], at=self.at, via=via)

    def actors(self, roles: Iterable[str] = ROLES) -> list[Actor]:
        """One actor for each role."""
        return [self.actor(role) for role in roles]

    def place(self, key: str) -> Organization:
        """The organization of that key as it now stands."""
        return Organization.objects.get(pk=self.organizations[key])


def build_tree(*, at: datetime = NOW) -> County:
    """The tree of TREE, made by a system officer; nobody else there."""
    county = County(at=at)
    officer = county.actor("system_officer")
    for key, (name, organization_class, parent) in TREE.items():
        county.organizations[key] = organizations.create_organization(
            name=name,
            organization_class=organization_class,
            parent=county.organizations[parent] if parent else None,
            by=officer,
            at=at,
        )
    return county


def build_county(*, at: datetime = NOW, unit: str = "education", roles: Iterable[str] = ROLES) -> County:
    """The tree, a post for every role, a term with its register, a round, and one inspection of `unit` by team 1."""
    county = build_tree(at=at - timedelta(days=1))
    county.at = at
    for role in roles:
        county.actor(role)
    office = county.actor("office_director")
    county.term = terms.create_term(
        name="第十四届", starts_on=date(2021, 9, 1), ends_on=date(2026, 12, 31), by=office, at=at
    )
    county.round = rounds.create_round(
        term=county.term,
        office_word="云溪",
        year=2026,
        number=3,
        kind="regular",
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 20),
        by=office,
        at=at,
    )
    county.inspection = rounds.add_inspection(
        round_id=county.round,
        unit=county.organizations[unit],
        team=county.organizations["team_1"],
        by=office,
        at=at,
    )
    return county
