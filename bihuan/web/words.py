"""What rules say in Chinese, said in the reader's language: the one place where pages translate labels and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext, ngettext

from bihuan.rules.typed import Objection

LIST_MARK = "、"
NEAR_DAYS = 7


@dataclass(frozen=True)
class Due:
    """A time limit in words, empty while it is far, and whether it is past."""

    label: str
    is_overdue: bool


def label(text: str) -> str:
    """A label of the vocabulary in the reader's language; any other text as it is."""
    return gettext(text) if text else ""


def say(objection: Objection) -> str:
    """A refusal as a sentence in the reader's language, its values filled in; values that are labels are translated."""
    sentence = label(objection.message)
    if objection.subject:
        sentence = f"{objection.subject}{gettext('：')}{sentence}"
    if not objection.values:
        return sentence
    return sentence % {name: _value(value) for name, value in objection.values.items()}


def either(label: Mapping[str, str]) -> str:
    """Words that a profile gives in both languages, in the reader's."""
    return label["en"] if get_language() == "en" else label["zh"]


def due(due_on: date | None, *, on: date) -> Due:
    """How far a date is: past, today, within the week, or nothing to say."""
    if due_on is None or (due_on - on).days > NEAR_DAYS:
        return Due("", False)
    left = (due_on - on).days
    if left < 0:
        return Due(ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -left) % {"n": -left}, True)
    if left == 0:
        return Due(gettext("今天到期"), False)
    return Due(ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left}, False)


def _value(value: object) -> str:
    text = str(value)
    parts = text.split(LIST_MARK)
    said = [label(part) for part in parts]
    if said == parts:
        return text
    return (", " if get_language() == "en" else LIST_MARK).join(said)
