"""Who acts: a person's posts and the actor that a door makes of one of them; and the pages of people."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from bihuan.models import Account, Assignment, Grant, Organization, Post
from bihuan.queries._questions import Question
from bihuan.rules.access import GRANTS_SIGHT, KEEPS_PEOPLE, NOWHERE, Actor, Scope, is_held_on, scope_of
from bihuan.rules.vocabulary import N_, ROLES

# Nobody has signed in yet: no row of any unit; the record's headers, to count failures by.
AT_THE_DOOR = Scope(UUID(int=0), *NOWHERE, 1, "office", reads_record=True)
# Signed in, but without a post: nothing at all.
WITHOUT_POST = Scope(UUID(int=0), *NOWHERE, 1, "office")
ON_A_PAGE = 50
OPEN, CLOSED = (N_("在用"), "●", "done"), (N_("停用"), "×", "gone")
NO_POST = (N_("未任职"), "○", "open")


@dataclass(frozen=True)
class PostChoice:
    """A post that a person may act as: its id, role, organization and the words for people."""

    id: UUID
    role: str
    organization: str
    label: str
    until: date | None = None


@dataclass(frozen=True)
class AccountName:
    """An open account: its id, the person and the name it signs in with."""

    id: UUID
    person: str
    name: str


@dataclass(frozen=True)
class Entry:
    """A signed-in person at the gate; `actor` is None when the chosen post is not, or no longer, held."""

    account: UUID
    person: str
    name: str
    must_change_password: bool
    actor: Actor | None


def entry_for(account: UUID, *, post: UUID | None, stamp: str, via: str, on: date) -> Entry | None:
    """Whoever a session says signed in; None when the account is closed or its password was changed since."""
    held = _held(account, on=on)
    row = held[0].account if held else Account.objects.filter(pk=account, is_open=True).first()
    if row is None or stamp_of(row.password_changed_at) != stamp:
        return None
    actor = _actor_of(held, post, via)
    return Entry(row.id, row.person, row.name, row.must_change_password, actor and _for_now(actor, held))


def stamp_of(password_changed_at: datetime) -> str:
    """What a session keeps to end with its password."""
    return password_changed_at.isoformat()


def has_accounts() -> bool:
    """Whether anybody was ever registered; until then only the first set-up is open."""
    return Account.objects.exists()


def account_by_token(token_hash: str) -> AccountName | None:
    """The open account whose token has this SHA-256 (hex); accounts without a token match nothing."""
    return _named(Account.objects.filter(token_hash=token_hash)) if token_hash else None


def account_by_name(name: str) -> AccountName | None:
    """The open account of that name."""
    return _named(Account.objects.filter(name=name))


def posts_of(account: UUID, *, on: date) -> tuple[PostChoice, ...]:
    """The posts that an open account holds on that day, oldest first."""
    return tuple(
        PostChoice(post.id, post.role, _name(post), _words(post), post.ends_on) for post in _held(account, on=on)
    )


def actor_for(account: UUID, *, post: UUID | None, via: str, on: date) -> Actor | None:
    """The actor of an account in one of its posts (None: its first), or None when it holds no such post that day."""
    return _actor_of(_held(account, on=on), post, via)


def _for_now(actor: Actor, held: tuple[Any, ...]) -> Actor:
    """The actor for one request, who is spared looking for what the post was never given by name."""
    given = next(row for row in held if row.id == actor.post)
    scope = replace(actor.scope, has_assignments=given.has_assignments, has_grants=given.has_grants)
    return replace(actor, scope=scope)


def _actor_of(held: tuple[Any, ...], post: UUID | None, via: str) -> Actor | None:
    chosen = next((row for row in held if post is None or row.id == post), None)
    if chosen is None:
        return None
    own = (chosen.organization.lo, chosen.organization.hi) if chosen.organization else NOWHERE
    county = NOWHERE if chosen.root_lo is None else (chosen.root_lo, chosen.root_hi)
    return Actor(
        account=chosen.account_id,
        person=chosen.account.person,
        post=chosen.id,
        role=chosen.role,
        organization=chosen.organization_id or chosen.id,
        organization_name=_name(chosen),
        lo=own[0],
        hi=own[1],
        scope=scope_of(post=chosen.id, role=chosen.role, own=own, county=county),
        via=via,
        posts_held=tuple((row.role, row.organization.lo) for row in held if row.organization),
    )


def _named(found: QuerySet[Account]) -> AccountName | None:
    row = found.filter(is_open=True).first()
    return AccountName(row.id, row.person, row.name) if row else None


@dataclass(frozen=True)
class HeldPost:
    """A post as a page shows it: role, organization, from when to when, whether it is held on that day."""

    id: UUID
    role_label: str
    organization: str
    from_on: date
    to_on: date | None
    is_current: bool


@dataclass(frozen=True)
class PersonRow:
    """One line of the list: person, account, posts of that day, and the account's condition in a word."""

    id: UUID
    person: str
    name: str
    posts: tuple[HeldPost, ...]
    look: tuple[str, str, str]


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list; `total` counts everybody, `matched` those that fit."""

    rows: tuple[PersonRow, ...]
    total: int
    matched: int
    number: int
    pages: int


@dataclass(frozen=True)
class PersonPage:
    """One person: account, posts, and what the actor may do with them."""

    id: UUID
    person: str
    name: str
    look: tuple[str, str, str]
    is_open: bool
    has_token: bool
    must_change_password: bool
    password_changed_at: datetime
    revision: int
    posts: tuple[HeldPost, ...]
    is_self: bool
    may_keep: bool


@dataclass(frozen=True)
class GrantRow:
    """Who was given sight of one thing, why, and until when; what the thing is stays unsaid here."""

    person: str
    organization: str
    role_label: str
    thing: UUID
    why: str
    until: datetime | None
    is_valid: bool


def people_for(actor: Actor, *, on: date, query: str = "", role: str = "", number: int = 1) -> PeoplePage | None:
    """Everybody, by name, for whoever keeps the people; None for all others."""
    if actor.role not in KEEPS_PEOPLE:
        return None
    found = Account.objects.order_by("person", "name")
    if query:
        found = found.filter(Q(person__icontains=query) | Q(name__icontains=query))
    if role:
        found = found.filter(pk__in=Post.objects.filter(_held_on(on), role=role).values("account"))
    matched = found.count()
    pages = max(1, -(-matched // ON_A_PAGE))
    number = min(max(1, number), pages)
    some = found.prefetch_related(_posts())[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    rows = tuple(_row(account, on) for account in some)
    return PeoplePage(rows, Account.objects.count(), matched, number, pages)


def person_for(actor: Actor, *, account: UUID, on: date) -> PersonPage | None:
    """One person, for the person and for whoever keeps the people; None when not there, or not yours to know."""
    keeps, is_self = actor.role in KEEPS_PEOPLE, actor.account == account
    if not (keeps or is_self):
        return None
    row = Account.objects.prefetch_related(_posts()).filter(pk=account).first()
    if row is None:
        return None
    posts = _posts_held(row, on)
    return PersonPage(
        id=row.id,
        person=row.person,
        name=row.name,
        look=_look(row, posts),
        is_open=row.is_open,
        has_token=bool(row.token_hash),
        must_change_password=row.must_change_password,
        password_changed_at=row.password_changed_at,
        revision=row.revision,
        posts=posts,
        is_self=is_self,
        may_keep=keeps,
    )


def roles_to_give() -> tuple[tuple[str, str], ...]:
    """Roles as a form offers them: code and label."""
    return tuple(ROLES.items())


def organizations_to_give() -> tuple[tuple[str, str], ...]:
    """Organizations of today's tree, in its order, indented by their depth."""
    rows = Organization.objects.filter(ended_on=None).order_by("lo").values_list("id", "name", "lo", "hi")
    choices, above = [], list[int]()
    for organization, name, lo, hi in rows:
        above = [end for end in above if end >= lo]
        choices.append((str(organization), "　" * len(above) + name))
        above.append(hi)
    return tuple(choices)


def grants_for(actor: Actor, *, at: datetime) -> tuple[GrantRow, ...] | None:
    """Every grant of sight, the latest end first, for whoever grants; None for all others."""
    if actor.role not in GRANTS_SIGHT:
        return None
    rows = Grant.objects.select_related("post__account", "post__organization").order_by("-until", "-id")
    return tuple(
        GrantRow(
            person=row.post.account.person,
            organization=_name(row.post),
            role_label=ROLES[row.post.role],
            thing=row.thing,
            why=row.why,
            until=row.until,
            is_valid=row.until is None or row.until >= at,
        )
        for row in rows
    )


def _posts() -> "Prefetch[str]":
    return Prefetch("posts", Post.objects.select_related("organization").order_by("starts_on", "id"))


def _held_on(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


def _row(account: Account, on: date) -> PersonRow:
    posts = tuple(post for post in _posts_held(account, on) if post.is_current)
    return PersonRow(account.id, account.person, account.name, posts, _look(account, posts))


def _posts_held(account: Account, on: date) -> tuple[HeldPost, ...]:
    return tuple(
        HeldPost(
            id=post.id,
            role_label=ROLES[post.role],
            organization=post.organization.name if post.organization else "",
            from_on=post.starts_on,
            to_on=post.ends_on,
            is_current=is_held_on(on, starts=post.starts_on, ends=post.ends_on),
        )
        for post in account.posts.all()
    )


def _look(account: Account, posts: tuple[HeldPost, ...]) -> tuple[str, str, str]:
    if not account.is_open:
        return CLOSED
    return OPEN if any(post.is_current for post in posts) else NO_POST


def _held(account: UUID, *, on: date) -> tuple[Any, ...]:
    """The posts of an open account, each with the range of the whole tree and whether anything was given it by name."""
    return HELD.rows(account=account, on=on)


def _posts_of(*, account: UUID, on: date) -> QuerySet[Post]:
    root = Organization.objects.filter(parent=None).order_by("lo")
    held: QuerySet[Post] = Post.objects.select_related("organization", "account").annotate(
        root_lo=Subquery(root.values("lo")[:1]), root_hi=Subquery(root.values("hi")[:1]),
        has_assignments=Exists(Assignment.objects.filter(post_id=OuterRef("pk"))),
        has_grants=Exists(Grant.objects.filter(post_id=OuterRef("pk"))),
    )  # fmt: skip
    return held.filter(_held_on(on), account_id=account, account__is_open=True).order_by("starts_on", "id")


HELD = Question(_posts_of)


def _name(post: Post) -> str:
    return post.organization.name if post.organization else ""


def _words(post: Post) -> str:
    return f"{_name(post)} {ROLES[post.role]}".strip()
