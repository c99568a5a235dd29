"""How one entry of a form is objected to, whatever the form: nothing typed, too long for its column, a day gone by."""

from datetime import date

from bihuan.rules.typed import Objection, StepFacts
from bihuan.rules.vocabulary import N_

# As long as the columns that keep them; causes, goals and texts of measures may be as long as they need to be.
LONGEST = {"leader": 60, "person": 60, "supervisor": 60, "helping": 200, "product": 200, "proves": 200}


def is_typed(text: str, *, minimum: int = 1) -> bool:
    """Whether anything was typed, spaces apart; `minimum` characters of it."""
    return len("".join(text.split())) >= minimum


def too_long(name: str, text: str, sentence: str, where: str, /, **values: object) -> Objection | None:
    """The objection to a text that its column cannot keep; `values` complete the sentence."""
    if len(text.strip()) <= LONGEST[name]:
        return None
    return Objection(f"{name}_too_long", sentence, where, values={"most": LONGEST[name], **values})


def later_day(day: date | None, facts: StepFacts, where: str, missing: str) -> Objection | None:
    """The objection to a day that was not typed (`missing`), or has gone by."""
    if day is None:
        return Objection(f"{where}_missing", missing, where)
    if day < facts.today:
        return Objection(f"{where}_past", N_("日期已经过去，请填今天或以后的日期。"), where)
    return None
