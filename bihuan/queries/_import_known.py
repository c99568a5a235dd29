"""What the county knows when a ledger comes in: units, categories, and the findings and drafts of one round."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from bihuan.engines.reading.ledgers import Known, Unit, alike
from bihuan.models import Draft, Finding, Inspection, Organization, Progress
from bihuan.queries.standing import profile_named, standing_of
from bihuan.rules.access import Actor, stands_as
from bihuan.rules.lifecycle import DRAFT, FINDING
from bihuan.rules.profile import Profile
from bihuan.rules.vocabulary import SECRECY_ORDINARY

CONFIRMS = frozenset(DRAFT.step("confirm").who)
REPORTS = FINDING.step("report_progress")


@dataclass(frozen=True, slots=True)
class Stands:
    """A finding as it stands, in what a ledger can tell of it; `lead` None: the inspected unit itself."""

    id: UUID
    number: str
    revision: int
    unit: UUID
    text: str
    category: str
    severity: str
    commonality: str
    amount: Decimal | None
    lead: UUID | None
    state: str
    due: date | None
    given: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """An inspection of the round: its unit, and whether this post may add drafts there, or report progress."""

    inspection: UUID
    unit: UUID
    adds: bool
    reports: bool


@dataclass
class InRound:
    """Everything of one round that the rows of a ledger are compared with, as far as one post sees it."""

    profile: Profile
    places: dict[UUID, Place]
    on: date
    by_number: dict[str, Stands] = field(default_factory=dict)
    by_text: dict[tuple[UUID, str], Stands] = field(default_factory=dict)
    reported: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    drafted: dict[tuple[UUID, str], str] = field(default_factory=dict)
    only: UUID | None = None

    @cached_property
    def known(self) -> Known:
        """The same for the engine, with every organization of today."""
        units: dict[str, Unit] = {}
        rows = Organization.objects.filter(Q(ended_on=None) | Q(pk__in=list(self.places)))
        for key, name, short, lo, hi in rows.values_list("pk", "name", "short_name", "lo", "hi"):
            unit = Unit(str(key), name, lo, hi, key in self.places)
            for said in {name, short} - {""}:
                # Of two of one name that one is meant which is inspected in this round.
                if said not in units or unit.is_inspected:
                    units[said] = unit
        taxonomy = self.profile.taxonomy
        labels = {code: category.label["zh"] for code, category in taxonomy.categories.items()}
        lowest = taxonomy.lowest
        return Known(
            units=units,
            categories={code: label for code, label in labels.items() if code in lowest},
            wide={code: label for code, label in labels.items() if code not in lowest},
            numbers={number: str(one.unit) for number, one in self.by_number.items()},
            only=str(self.only or ""),
        )


def in_round(actor: Actor, *, round_id: UUID, on: date, only: UUID | None = None) -> InRound:
    """What this post sees of the round, its findings that were not withdrawn, and the drafts that are none yet.

    The part that few may read is left out: what is compared with a ledger is kept where the whole side reads it.
    """
    found = Inspection.objects.visible_to(actor.scope).filter(round_id=round_id).exclude(state="archived")
    rows = list(found.values_list("pk", "unit_id", "unit_lo", "profile"))
    profile = profile_named(rows[0][3] if rows else "county")
    known = InRound(profile, {unit: _place(key, unit, lo, name, actor) for key, unit, lo, name in rows}, on, only=only)
    _findings(known, actor, round_id)
    _drafts(known, actor, [key for key, _unit, _lo, _profile in rows])
    return known


def _place(inspection: UUID, unit: UUID, unit_lo: int, profile: str, actor: Actor) -> Place:
    standing = standing_of(inspection, unit_id=unit, unit_lo=unit_lo, profile=profile, actor=actor)
    relations = stands_as(actor, thing=standing)
    return Place(inspection, unit, bool(relations & CONFIRMS), bool(relations & set(REPORTS.who)))


def _findings(known: InRound, actor: Actor, round_id: UUID) -> None:
    rows = Finding.objects.visible_to(actor.scope).filter(round_id=round_id, secrecy=SECRECY_ORDINARY)
    names = (
        *("pk", "number", "revision", "unit_id", "text", "category", "severity", "commonality", "amount"),
        *("lead_unit_id", "state", "due_on", "given_on"),
    )
    for values in rows.exclude(state="withdrawn").values_list(*names):
        one = Stands(*values)
        known.by_number[one.number] = one
        known.by_text.setdefault((one.unit, alike(one.text)), one)
    told = Progress.objects.visible_to(actor.scope).filter(finding__round_id=round_id)
    for finding, text in told.values_list("finding_id", "text"):
        known.reported[finding].add(alike(text))


def _drafts(known: InRound, actor: Actor, inspections: list[UUID]) -> None:
    rows = Draft.objects.visible_to(actor.scope).filter(inspection__in=inspections, secrecy=SECRECY_ORDINARY)
    for unit, text, state in rows.exclude(state="confirmed").values_list("unit_id", "text", "state"):
        known.drafted.setdefault((unit, alike(text)), state)
