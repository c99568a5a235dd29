"""A light of rules/lights.py as pages show it: how far the limit is in words, drawn with its shape and tone."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import ngettext

from bihuan.rules.lights import Light
from bihuan.web import words


@dataclass(frozen=True)
class Lit:
    """A light on a page: words, shape and tone, and whether it is the red one."""

    label: str
    shape: str
    tone: str
    is_overdue: bool


def lit(light: Light, *, due_on: date | None, on: date) -> Lit:
    """How far a limit is, said and drawn; nothing where no light burns."""
    if due_on is None or not light.label:
        return Lit("", "", "", False)
    left = (due_on - on).days
    ahead = ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left} if left > 0 else ""
    return Lit(ahead or words.due(due_on, on=on).label, light.shape, light.tone, light.code == "overdue")
