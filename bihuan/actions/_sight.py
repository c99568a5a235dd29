"""Grants that follow from a deed: who reads the head's own part, beyond the one form's range (decision 0004)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.models import Grant, Post
from bihuan.rules.access import READS_HEADS_PART
from bihuan.rules.identifiers import new_id
from bihuan.rules.vocabulary import UNIT_ROLES

OFFICE_READS, HEAD_READS, HELPER_READS = "主要负责人专件", "本人专件", "配合整改"


def grant_to_readers_of_heads_part(thing: UUID, *, at: datetime) -> None:
    """Leading group, office, discipline and organization read the head's own part (matrix 9.1)."""
    _grant(thing, _held(at).filter(role__in=READS_HEADS_PART), why=OFFICE_READS, at=at)


def grant_to_unit_head(thing: UUID, *, unit: UUID, at: datetime) -> None:
    """The unit's head, and nobody else there, reads the head's own part."""
    _grant(thing, _held(at).filter(role="unit_head", organization_id=unit), why=HEAD_READS, at=at)


def grant_to_helping_unit(thing: UUID, *, unit: UUID, at: datetime) -> None:
    """The people of a unit that helps, or that leads in the unit's place, see the finding once it is given."""
    _grant(thing, _held(at).filter(role__in=UNIT_ROLES, organization_id=unit), why=HELPER_READS, at=at)


def hand_on(post: Post, *, at: datetime) -> None:
    """Who takes a post over reads what that post reads: a change of head or reviewer must not stop the work."""
    if post.role in UNIT_ROLES:
        helps = Grant.objects.filter(why=HELPER_READS, post__organization=post.organization)
        for thing in set(helps.values_list("thing", flat=True)):
            _grant(thing, Post.objects.filter(pk=post.pk), why=HELPER_READS, at=at)
    if post.role == "unit_head":
        like = Grant.objects.filter(why=HEAD_READS, post__role="unit_head", post__organization=post.organization)
        why = HEAD_READS
    elif post.role in READS_HEADS_PART:
        like, why = Grant.objects.filter(why=OFFICE_READS), OFFICE_READS
    else:
        return
    for thing in set(like.values_list("thing", flat=True)):
        _grant(thing, Post.objects.filter(pk=post.pk), why=why, at=at)


def _held(at: datetime) -> QuerySet[Post]:
    """Posts that have not ended; one that begins on a later day is granted already, and acts no sooner for that."""
    return Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at)))


def _grant(thing: UUID, posts: QuerySet[Post], *, why: str, at: datetime) -> None:
    Grant.objects.bulk_create(
        [Grant(id=new_id(at), post=post, thing=thing, why=why) for post in posts], ignore_conflicts=True
    )
