"""Feedback between its giving and the third signature: of the unit, the head alone knows of it, to sign for it."""

from bihuan.models import Feedback
from bihuan.models._visibility import VisibleQuerySet
from bihuan.rules.access import Actor
from bihuan.rules.vocabulary import RECEIPT_ROLES, UNIT_ROLES


def open_feedback(actor: Actor) -> VisibleQuerySet[Feedback]:
    """The feedback that the actor may see and read about now."""
    visible = Feedback.objects.visible_to(actor.scope)
    if actor.role in UNIT_ROLES and actor.role not in RECEIPT_ROLES:
        return visible.exclude(received_on=None)
    return visible
