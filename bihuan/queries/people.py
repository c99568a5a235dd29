"""Who acts: a person's posts and the actor that a door makes of one of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.models import Organization, Post
from bihuan.rules.access import NOWHERE, Actor, scope_of
from bihuan.rules.vocabulary import ROLES


@dataclass(frozen=True)
class PostChoice:
    """A post that a person may act as: its id, role, organization and the words for people."""

    id: UUID
    role: str
    organization: str
    label: str


def posts_of(account: UUID, *, on: date) -> tuple[PostChoice, ...]:
    """The posts that an open account holds on that day, oldest first."""
    return tuple(
        PostChoice(post.id, post.role, _name(post), f"{_name(post)} {ROLES[post.role]}".strip())
        for post in _held(account, on=on)
    )


def actor_for(account: UUID, *, post: UUID | None, via: str, on: date) -> Actor | None:
    """The actor of an account in one of its posts (None: its first), or None when it holds no such post that day."""
    held = list(_held(account, on=on))
    chosen = next((row for row in held if post is None or row.id == post), None)
    if chosen is None:
        return None
    own = (chosen.organization.lo, chosen.organization.hi) if chosen.organization else NOWHERE
    return Actor(
        account=chosen.account_id,
        person=chosen.account.person,
        post=chosen.id,
        role=chosen.role,
        organization=chosen.organization_id or chosen.id,
        organization_name=_name(chosen),
        lo=own[0],
        hi=own[1],
        scope=scope_of(post=chosen.id, role=chosen.role, own=own, county=county_range()),
        via=via,
        posts_held=tuple((row.role, row.organization.lo) for row in held if row.organization),
    )


def county_range() -> tuple[int, int]:
    """The range of the whole tree; nowhere while there is no tree."""
    root = Organization.objects.filter(parent=None).order_by("lo").first()
    return (root.lo, root.hi) if root else NOWHERE


def _held(account: UUID, *, on: date) -> QuerySet[Post]:
    return (
        Post.objects.select_related("organization", "account")
        .filter(Q(ends_on=None) | Q(ends_on__gte=on), account_id=account, account__is_open=True, starts_on__lte=on)
        .order_by("starts_on", "id")
    )


def _name(post: Post) -> str:
    return post.organization.name if post.organization else ""
