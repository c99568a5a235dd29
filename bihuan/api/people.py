"""Who calls: the person of the token, the posts held, the post acted as. A token is issued on the pages alone."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bihuan.actions import people as acts
from bihuan.api.door import Token
from bihuan.api.operations import ALWAYS, answers
from bihuan.queries.people import PostChoice

router = Router(tags=["me"])


@dataclass(frozen=True)
class Me:
    """The person of the token with today's posts; `acting` is the post acted as, if one is clear."""

    account: UUID
    person: str
    name: str
    posts: tuple[PostChoice, ...]
    acting: UUID | None


@dataclass(frozen=True)
class Revoked:
    """The account whose token has ended."""

    account: UUID


@router.get("", response=answers(Me), auth=Token(post=False))
def me(request: HttpRequest) -> Me:
    """The person of the token, with the posts to act as."""
    caller = request.caller
    acting = request.actor.post if request.actor else None
    return Me(caller.account.id, caller.account.person, caller.account.name, caller.posts, acting)


@router.delete("/token", response=answers(Revoked, *ALWAYS, 422))
def revoke_token(request: HttpRequest) -> Revoked:
    """End the token that is being used, at once. A new one is issued on the page of the account, with the password."""
    acts.revoke_token(account=request.actor.account, by=request.actor, at=request.at)
    return Revoked(request.actor.account)
