"""A line of the ledger: what a list, a sheet and the API say of a finding, worded from the columns that were read.

Nothing here reads. What a line is not asked for is not made, so that a long sheet pays for its own columns alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from bihuan.queries.findings.planned import NOTHING, Beside
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.looks import StateLook, is_overdue, look, title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.lifecycle import FINDING, UNFINISHED
from bihuan.rules.lights import Light, light_of
from bihuan.rules.profile import Profile
from bihuan.rules.vocabulary import MARKS

_LOOKS = {state.code: look(state.code) for state in FINDING.states}


class Line(NamedTuple):
    """One finding on the day `on`; `read` holds, under their names, those columns that its words are made of.

    `beside`: what its plan says and what was last reported, where a column tells of it.
    """

    read: Any
    on: date
    beside: Beside = NOTHING

    @property
    def id(self) -> UUID:
        """Its id."""
        found: UUID = self.read.id
        return found

    @property
    def revision(self) -> int:
        """Which of its revisions was read."""
        return int(self.read.revision)

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.read.number)

    @property
    def title(self) -> str:
        """The first clause of its text."""
        return title_of(self.read.text)

    @property
    def text(self) -> str:
        """All of its text."""
        return str(self.read.text)

    @property
    def unit(self) -> str:
        """Who was inspected."""
        return str(self.read.unit__name)

    @property
    def lead_unit(self) -> str:
        """Who leads: whoever was inspected, unless another was named."""
        return str(self.read.lead_unit__name or self.read.unit__name)

    @property
    def round(self) -> str:
        """Its round by number."""
        read = self.read
        if not read.inspection__profile:
            return ""
        return f"{read.inspection__office_word}〔{read.inspection__year}〕{read.inspection__round_number}"

    @property
    def category(self) -> str:
        """The code of its category."""
        return str(self.read.category)

    @property
    def category_label(self) -> Mapping[str, str]:
        """The category in words; empty where its profile no longer has it."""
        return _category_label(self.read.inspection__profile, self.read.category)

    @property
    def state(self) -> StateLook:
        """Its state."""
        return _LOOKS[self.read.state]

    @property
    def marks(self) -> tuple[str, ...]:
        """The codes of its marks."""
        return tuple(mark for mark in MARKS if getattr(self.read, mark))

    @property
    def given_on(self) -> date | None:
        """When the feedback was received."""
        given: date | None = self.read.given_on
        return given

    @property
    def days_open(self) -> int | None:
        """For so many days it has been known and is not at rest."""
        given_on = self.given_on
        return (self.on - given_on).days if given_on and self.read.state in UNFINISHED else None

    @property
    def due_on(self) -> date | None:
        """Its time limit."""
        due: date | None = self.read.due_on
        return due

    @property
    def is_overdue(self) -> bool:
        """Whether the limit has passed and it is not at rest."""
        return is_overdue(self.read.state, due_on=self.read.due_on, on=self.on)

    @property
    def days_left(self) -> int | None:
        """Until its limit."""
        due_on = self.due_on
        return (due_on - self.on).days if due_on else None

    @property
    def light(self) -> Light:
        """How near its limit is."""
        return _light(self.read.inspection__profile, self.read.state, self.read.due_on, self.on)


@dataclass(frozen=True)
class FindingRow:
    """A line with all of its words, as a page or an answer shows it."""

    id: UUID
    number: str
    title: str
    text: str
    unit: str
    category: str
    state: StateLook
    due_on: date | None
    light: Light
    is_overdue: bool
    days_left: int | None
    revision: int
    category_label: Mapping[str, str]
    lead_unit: str
    round: str
    given_on: date | None
    days_open: int | None
    marks: tuple[str, ...]


def whole(read: Any, *, on: date) -> FindingRow:
    """All the words of a line whose columns were all read."""
    line = Line(read, on)
    return FindingRow(**{field.name: getattr(line, field.name) for field in fields(FindingRow)})


# Thousands of lines share a state and a due date, and a category: a long list asks once for each.
@lru_cache(maxsize=4096)
def _light(profile: str, state: str, due_on: date | None, on: date) -> Light:
    return light_of(state, due_on=due_on, on=on, days=_profile(profile).lights)


@lru_cache(maxsize=4096)
def _category_label(profile: str, code: str) -> Mapping[str, str]:
    category = _profile(profile).taxonomy.categories.get(code)
    return dict(category.label) if category else {}


def _profile(name: str) -> Profile:
    return profile_named(name) if name else profiles_in_use()[0]
