"""Why an action was not done, as exceptions that doors translate: 403, 404, 409, 422 and the like (interfaces)."""

from datetime import datetime
from uuid import UUID

from bihuan.rules.needs import Objection


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
    """Somebody was faster: 409. Says who and when."""

    def __init__(self, *, by: str, at: datetime, step: str) -> None:
        super().__init__(f"{by} {step} {at.isoformat()}")
        self.by = by
        self.at = at
        self.step = step


class Unreadable(Exception):
    """A file that cannot be taken: 413 (too_large) or 415 (wrong or locked type)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
