"""Grants that follow from a deed: who reads the head's own part, or a finding that units share (decision 0004)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.models import Feedback, Finding, FindingUnit, Grant, Post
from bihuan.queries.acting import looking_further
from bihuan.queries.standing import recused
from bihuan.rules.access import NOWHERE, READS_HEADS_PART, Scope
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import UNIT_ROLES

OFFICE_READS, HEAD_READS, HELPER_READS = "主要负责人专件", "本人专件", "配合整改"
EVERYWHERE = (0, 2**31 - 1)
NOBODY = UUID(int=0)


def grant_to_readers_of_heads_part(thing: UUID, *, unit: UUID, at: datetime) -> None:
    """Leading group, office, discipline and organization read the head's own part (matrix 9.1), but who must recuse."""
    readers = list(_held(at).filter(role__in=READS_HEADS_PART))
    away = recused(accounts={post.account_id for post in readers}, units={unit}, on=timezone.localdate(at))
    _grant([thing], [post for post in readers if (post.account_id, unit) not in away], why=OFFICE_READS, at=at)


def grant_to_unit_head(thing: UUID, *, unit: UUID, at: datetime) -> None:
    """The unit's head, and nobody else there, reads the head's own part."""
    _grant([thing], _held(at).filter(role="unit_head", organization_id=unit), why=HEAD_READS, at=at)


def grant_to_helping_unit(thing: UUID, *, unit: UUID, at: datetime) -> None:
    """The people of a unit that helps, or that leads in the unit's place, see the finding once it is given."""
    _grant([thing], _held(at).filter(role__in=UNIT_ROLES, organization_id=unit), why=HELPER_READS, at=at)


def end_grant_of_helping_unit(thing: UUID, *, unit: UUID) -> None:
    """The people of a unit that helps or leads no longer do not see it; what was granted them otherwise stays."""
    Grant.objects.filter(thing=thing, why=HELPER_READS, post__organization_id=unit).delete()


def hand_on(post: Post, *, at: datetime) -> None:
    """Who is given a post reads what that post reads, even where nobody held it: a change must not stop the work.

    Who gives posts reads no business data: what there is to hand on is looked up as the office sees it.
    """
    heads_parts = _heads_parts() if post.role in (*UNIT_ROLES, *READS_HEADS_PART) else []
    here = [(thing, is_given) for thing, unit, is_given in heads_parts if unit == post.organization_id]
    if post.role in UNIT_ROLES:
        _grant(_shared_with(post.organization_id), [post], why=HELPER_READS, at=at)
        _withhold([thing for thing, _is_given in here], account=post.account_id)
    if post.role == "unit_head":
        _grant([thing for thing, is_given in here if is_given], [post], why=HEAD_READS, at=at)
    if post.role in READS_HEADS_PART:
        units = {unit for _thing, unit, _is_given in heads_parts}
        away = recused(accounts={post.account_id}, units=units, on=_first_day(post, at))
        fair = [thing for thing, unit, _is_given in heads_parts if (post.account_id, unit) not in away]
        _grant(fair, [post], why=OFFICE_READS, at=at)


def _first_day(post: Post, at: datetime) -> date:
    return max(post.starts_on, timezone.localdate(at))


def _withhold(things: list[UUID], *, account: UUID) -> None:
    """Who takes a post in a unit reads its head's own part no more in another post (回避)."""
    Grant.objects.filter(why=OFFICE_READS, thing__in=things, post__account_id=account).delete()


def _shared_with(unit: UUID | None) -> set[UUID]:
    """The findings that the unit leads in another's place, or helps with."""
    with looking_further(Scope(NOBODY, *EVERYWHERE, 0, "office")):
        led = Finding.objects.filter(lead_unit_id=unit).values_list("pk", flat=True)
        helped = FindingUnit.objects.helping().filter(helper_id=unit).values_list("finding_id", flat=True)
        return {*led, *helped}


def _heads_parts() -> list[tuple[UUID, UUID, bool]]:
    """Every feedback and finding for heads alone: its id, the unit, and whether it is with the unit already."""
    of_post: dict[UUID, set[UUID]] = defaultdict(set)
    for reader, thing in Grant.objects.valid().filter(why=OFFICE_READS).values_list("post_id", "thing"):
        of_post[reader].add(thing)
    found: dict[UUID, tuple[UUID, UUID, bool]] = {}
    for reader, things in of_post.items():
        wanted = things - found.keys()
        if wanted:
            with looking_further(Scope(reader, *NOWHERE, 0, "office")):
                whole = Feedback.objects.filter(pk__in=wanted).values_list("pk", "unit_id", "stage")
                single = Finding.objects.filter(pk__in=wanted).values_list("pk", "unit_id", "feedback__stage")
                found |= {thing: (thing, unit, stage > 0) for thing, unit, stage in (*whole, *single)}
    return list(found.values())


def _held(at: datetime) -> QuerySet[Post]:
    """Posts that have not ended; one that begins on a later day is granted already, and acts no sooner for that."""
    return Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at)))


def _grant(things: Iterable[UUID], posts: Iterable[Post], *, why: str, at: datetime) -> None:
    posts = list(posts)
    Grant.objects.bulk_create(
        [Grant(id=new_id(at), post=post, thing=thing, why=why) for thing in things for post in posts],
        ignore_conflicts=True,
    )
