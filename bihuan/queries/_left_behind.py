"""Files on their way whose sender holds the post no longer: nobody reads them, so whoever follows sees them.

What came to its end belongs to where it went, and is not looked at here.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from bihuan.models import Assignment
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import TEAM_ROLES


def gone(on: date) -> Q:
    """The post ended, its account was closed, or its inspection is another's; told of `Intake` and `LedgerImport`."""
    assigned = Assignment.objects.filter(post=OuterRef("post"), inspection=OuterRef("inspection"))
    released = Q(~Exists(assigned), post__role__in=TEAM_ROLES)
    return Q(post__ends_on__lt=on) | Q(account__is_open=False) | released


def in_hands_of(actor: Actor, *, on: date, unfinished: Q) -> Q:
    """What the post sent itself, and what others left unfinished when they went."""
    return Q(post_id=actor.post) | (gone(on) & unfinished)


def whether_left(on: date) -> Any:
    """For each row, whether its sender is gone."""
    return ExpressionWrapper(gone(on), output_field=BooleanField())
