"""The three posts that measure: a leaf, a middle and the whole tree; and the scope of each as words of SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count

from bihuan.models import Account, Assignment, Finding, Grant, Organization, Post
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id

# A clerk of a usual unit, a reviewer of what lies below one organization, the office's director.
ROLES = {"leaf": "unit_clerk", "middle": "township_reviewer", "whole": "office_director"}
POSTS_SINCE = timedelta(days=700)


@dataclass(frozen=True)
class Reader:
    """A post that reads, with what it was given by name."""

    name: str
    actor: Actor
    inspections: tuple[UUID, ...]
    granted: tuple[UUID, ...]

    def where(self, row: str = "f", *, key: str = "id") -> str:
        """The one form of visibility by hand, with every value written out; `row` names the table."""
        scope = self.actor.scope
        open_to = f"{row}.stage >= {scope.stage} and {row}.side in ('both', '{scope.side}')"
        by_range = f"{row}.unit_lo between {scope.lo} and {scope.hi} and {open_to} and {row}.secrecy = 0"
        mine = f"{row}.inspection_id = any({_array(self.inspections)}) and {open_to} and {row}.secrecy <= 1"
        granted = f"{row}.{key} = any({_array(self.granted)}) and {open_to} and {row}.secrecy <= 2"
        return f"(({by_range}) or ({mine}) or ({granted}))"


def _array(ids: tuple[UUID, ...]) -> str:
    return "'{" + ",".join(map(str, ids)) + "}'::uuid[]"


@contextmanager
def readers(at: datetime) -> Iterator[tuple[Reader, ...]]:
    """Three new posts, at the best places for measuring; they go away again."""
    made: list[Post] = []
    try:
        for name, place in places().items():
            made.append(_post(f"bench_{name}_{new_id(at).hex[-8:]}", ROLES[name], place, at))
        yield tuple(_reader(name, post, at) for name, post in zip(ROLES, made, strict=True))
    finally:
        for post in made:
            post.delete()
            post.account.delete()


def places() -> dict[str, Organization]:
    """A unit with a usual number of findings; below the root the organization with most below it; the root's office."""
    counts = dict(
        Finding.objects.exclude(given_on=None).order_by().values_list("unit_lo").annotate(n=Count("pk")).order_by("n")
    )
    los = list(counts)
    root = Organization.objects.get(parent=None)

    def below(one: Organization) -> int:
        return sum(n for lo, n in counts.items() if one.lo <= lo <= one.hi)

    wide = [one for one in Organization.objects.filter(parent=root) if one.hi - one.lo > 0]
    return {
        "leaf": Organization.objects.get(lo=los[len(los) // 2]),
        "middle": max(wide, key=below),
        "whole": Organization.objects.get(organization_class="inspection_office"),
    }


def _post(name: str, role: str, place: Organization, at: datetime) -> Post:
    account = Account.objects.create(id=new_id(at), person=name, name=name, password="!", password_changed_at=at)
    return Post.objects.create(
        id=new_id(at), account=account, role=role, organization=place, starts_on=(at - POSTS_SINCE).date()
    )


def _reader(name: str, post: Post, at: datetime) -> Reader:
    actor = actor_for(post.account_id, post=post.pk, via="web", on=at.date())
    assert actor is not None
    given = Grant.objects.valid().filter(post=post).values_list("thing", flat=True)
    mine = Assignment.objects.filter(post=post).values_list("inspection_id", flat=True)
    return Reader(name, actor, tuple(mine), tuple(given))


def now_in_the_county() -> datetime:
    """Noon of the day on which the last thing happened: the day that is today in it."""
    from bihuan.models import Event

    last = Event.objects.order_by("-at").values_list("at", flat=True).first()
    return (last or datetime.now(UTC)) + timedelta(minutes=1)
