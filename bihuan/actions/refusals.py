"""Why an action was not done, as exceptions that doors translate: 403, 404, 409, 422 and the like (interfaces)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from bihuan.rules.file_names import shown_name
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


class Refused(Exception):
    """A rule refuses: 422. Carries the objection that the page shows."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.message)
        self.objection = objection


class NotYours(Exception):
    """Not yours to do: 403. The message says whose it is."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.message)
        self.objection = objection


class Unknown(Exception):
    """Not there, or not yours to know: 404 either way."""

    def __init__(self, thing: str, thing_id: UUID | str) -> None:
        super().__init__(f"{thing} {thing_id}")


class Overtaken(Exception):
    """Somebody was faster: 409. Says who, when, and which step of which kind of thing."""

    def __init__(self, *, by: str, at: datetime, step: str, thing: str = "") -> None:
        super().__init__(f"{by} {step} {at.isoformat()}")
        self.thing = thing
        self.by = by
        self.at = at
        self.step = step


class Unreadable(Exception):
    """A file that cannot be taken: 413 (too_large) or 415 (empty, of a wrong type, locked, damaged).

    `message` says what is wrong and what to do, `ending` is that of a name which promised another type.
    """

    def __init__(self, code: str, message: str, *, file: str = "", ending: str = "") -> None:
        self.code = code
        self.message = message
        self.file = shown_name(file) if file else ""
        self.ending = ending
        super().__init__(self.said(str))

    def said(self, translate: Callable[[str], str]) -> str:
        """Which file, what is wrong and what to do, in the language that `translate` speaks."""
        sentence = translate(self.message)
        if self.ending:
            renamed = translate(N_("文件名以 %(ending)s 结尾，内容却不是。")) % {"ending": self.ending}
            sentence = f"{renamed}{sentence}" if renamed.endswith("。") else f"{renamed} {sentence}"
        if not self.file:
            return sentence
        return translate(N_("“%(file)s”：%(sentence)s")) % {"file": self.file, "sentence": sentence}
