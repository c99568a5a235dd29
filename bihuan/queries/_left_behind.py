"""Files on their way whose sender holds the post no longer: nobody reads them, so whoever follows sees them.

What came to its end belongs to where it went, and is not looked at here.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from bihuan.rules.access import Actor


def gone(on: date) -> Q:
    """The post ended, or its account was closed; of what is told in `Intake` and `LedgerImport` alike."""
    return Q(post__ends_on__lt=on) | Q(account__is_open=False)


def in_hands_of(actor: Actor, *, on: date, unfinished: Q) -> Q:
    """What the post sent itself, and what others left unfinished when they went."""
    return Q(post_id=actor.post) | (gone(on) & unfinished)


def whether_left(on: date) -> Any:
    """For each row, whether its sender is gone."""
    return ExpressionWrapper(gone(on), output_field=BooleanField())
