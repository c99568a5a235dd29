"""The district being filled: ids by key, accounts by name, its own clock, and its people's deeds."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.actions.bulk import Hand
from bihuan.queries.acting import acting
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor

T = TypeVar("T")
OFFICE_MINUTES, GIVE_OR_TAKE = 440, 40


@dataclass
class District:
    """Everything happens through actions, as the post that may, on the day that the clock says."""

    on: date
    chance: random.Random
    organizations: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def go_to(self, day: date) -> None:
        """Set the clock to the morning of a day; each inspection has its own course, so this may be an earlier day."""
        self.now = datetime.combine(day, time(9), tzinfo=ZoneInfo(settings.TIME_ZONE))

    def go_along(self, start: date, days: float) -> None:
        """Set the clock to an office hour so many days after `start`: later for more days, give or take a little."""
        whole = int(days)
        minutes = int((days - whole) * OFFICE_MINUTES) + self.chance.randint(0, GIVE_OR_TAKE)
        self.go_to(start + timedelta(days=whole))
        self.now += timedelta(minutes=minutes)

    def tick(self) -> datetime:
        """A little later."""
        self.now += timedelta(seconds=self.chance.randint(2, 20))
        return self.now

    def pick(self, among: Sequence[T]) -> T:
        """One of them."""
        return self.chance.choice(among)

    def actor(self, account: str) -> Actor:
        """That person in the only post held."""
        actor = actor_for(self.accounts[account], post=None, via="web", on=self.now.date())
        if actor is None:
            raise LookupError(account)
        return actor

    def hand(self, account: str) -> Hand:
        """That person as a bulk load is told of it."""
        actor = self.actor(account)
        return Hand(str(actor.account), str(actor.post), actor.role, f"{actor.person}（{actor.label}）")

    def do(self, account: str, deed: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """That person does something now."""
        actor = self.actor(account)
        with acting(actor):
            return deed(*given, by=actor, at=self.tick(), **named)


@dataclass(frozen=True)
class Case:
    """One inspected unit of the district: who acts in it, when it signed, and what it was given."""

    district: District
    unit: str
    leader: str
    liaison: str
    head: str
    clerk: str
    received_on: date
    feedback: UUID

    @property
    def days(self) -> int:
        """From the signature until today."""
        return (self.district.on - self.received_on).days

    def at(self, share: float) -> date:
        """Go to the day that lies at `share` of the time between signature and today."""
        self.district.go_along(self.received_on, self.days * share)
        return self.district.now.date()
