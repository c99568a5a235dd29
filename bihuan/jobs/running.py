"""How a task runs: inside the scope of one post, or of no post at all. Tasks take ids as their only arguments."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.utils import timezone

from bihuan.queries.acting import acting, reaching
from bihuan.queries.people import WITHOUT_POST, actor_for
from bihuan.rules.access import Actor

Rest = ParamSpec("Rest")


class NobodyToActFor(Exception):
    """The account no longer holds the post for which the work was put off; nothing is done."""


def as_post(work: Callable[Concatenate[Actor, datetime, Rest], None]) -> Callable[..., None]:
    """Run `work(actor, at, …)` as the post that put it off; the task's first two arguments are account and post."""

    @wraps(work)
    def run(account: str, post: str, *rest: Rest.args, **named: Rest.kwargs) -> None:
        at = datetime.now(UTC)
        actor = actor_for(UUID(account), post=UUID(post), via="job", on=timezone.localdate(at))
        if actor is None:
            raise NobodyToActFor(post)
        with acting(actor):
            work(actor, at, *rest, **named)

    return run


def by_the_clock(work: Callable[[datetime], None]) -> Callable[[int], None]:
    """Run `work(at)` at its time, reaching no business row: what it may touch has no place in the tree."""

    @wraps(work)
    def run(timestamp: int) -> None:
        with reaching(WITHOUT_POST):
            work(datetime.fromtimestamp(timestamp, UTC))

    return run
