"""From a figure to its rows: the address of the ledger that lists exactly what the figure counts."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bihuan.queries.statistics.figures import Asked, Figures
from bihuan.web._finding_page import LEDGER

# Today's figures lead to the ledger as it stands, which walks its indexes; those of a past day to how it stood.
OF_TODAY = {"overdue": {"light": "overdue"}}
# The dimensions as the ledger calls them.
NAMED = {"unit": "unit", "round": "round", "kind": "kind", "class": "class", "category": "category"}


@dataclass(frozen=True)
class Links:
    """The addresses behind the figures of one page."""

    asked: Asked
    on: date
    is_today: bool

    def to(self, was: str, *, key: str = "", on: date | None = None) -> str:
        """The findings that stood so on the cut-off day, or on `on`; of one group where its key is given."""
        narrowed = self._narrowed() | ({NAMED[self.asked.by]: key} if key else {})
        return f"{LEDGER}?{urlencode(self._stood(was, on) | narrowed)}"

    def _stood(self, was: str, on: date | None) -> dict[str, str]:
        if self.is_today and on in (None, self.on) and not was.startswith("cycle"):
            return OF_TODAY.get(was, {"state": was})
        return {"was": was, "as_of": str(on or self.on)}

    def _narrowed(self) -> dict[str, str]:
        given = {
            "unit": str(self.asked.unit or ""), "round": str(self.asked.round or ""), "kind": self.asked.kind,
            "class": self.asked.unit_class, "category": self.asked.category,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}


def links_of(found: Figures, *, today: date) -> Links:
    """The addresses behind these figures."""
    return Links(found.asked, found.on, found.on == today)
