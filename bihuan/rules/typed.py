"""What a person types into a step, what the tables say at that moment, and how a refusal is said: values only.

needs.py checks them; doors build the one, queries the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from bihuan.rules.time_limits import Limit


@dataclass(frozen=True)
class Objection:
    """Why a step is refused: a code for programs, a sentence for people, the field it concerns, the article."""

    code: str
    message: str
    where: str = ""
    article: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The number of the finding that it concerns, where many were handed in at once; doors say it first."""
        return str(self.values.get("finding", ""))


@dataclass(frozen=True)
class MeasureInput:
    """One measure as typed: what is done, by which unit and person, until when, with which product.

    `kinds` are codes of vocabulary.MEASURE_KINDS; `helping` and `supervisor` are names or posts in words.
    """

    text: str = ""
    unit: UUID | None = None
    person: str = ""
    due_on: date | None = None
    product: str = ""
    kinds: tuple[str, ...] = ()
    helping: str = ""
    supervisor: str = ""
    starts_on: date | None = None
    is_long_term: bool = False


@dataclass(frozen=True)
class Description:
    """What a finding is beside its text. `category`: a code of the taxonomy, empty while nobody has decided.

    `amount` in yuan; `lead_unit` None: the inspected unit itself.
    """

    category: str = ""
    severity: str = "ordinary"
    commonality: str = "individual"
    amount: Decimal | None = None
    fix_now: bool = False
    listed: bool = False
    key: bool = False
    lead_unit: UUID | None = None
    helping_units: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class CriterionAnswer:
    """How the unit meets one criterion of closing: in words, with evidence; or why it does not apply."""

    code: str
    applies: bool = True
    text: str = ""
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class EvidenceInput:
    """One file as evidence: `proves` in words, `dated` the day it stands for; no measure behind a reopening."""

    measure: UUID | None
    name: str
    content: bytes
    proves: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class StepInput:
    """All that a person may type into a step's form; each step reads what it needs."""

    reason: str = ""
    redo_by: date | None = None
    measures: tuple[MeasureInput, ...] = ()
    evidence: tuple[EvidenceInput, ...] = ()
    claim: str = ""
    remains: str = ""
    remains_by: date | None = None
    stage_goals: str = ""
    next_review_on: date | None = None
    ground: str = ""
    merged_into: UUID | None = None
    until: date | None = None
    causes: str = ""
    goal: str = ""
    leader: str = ""
    head_leads: bool = False
    faults: tuple[str, ...] = ()
    criteria: tuple[CriterionAnswer, ...] = ()
    points: tuple[str, ...] = ()
    progress: str = ""
    done_on: date | None = None
    measure: UUID | None = None
    description: Description | None = None
    fix_now: bool = False
    listed: bool = False
    key: bool = False


@dataclass(frozen=True)
class StepFacts:
    """What the tables say of a finding at the moment of the step; `today` is the day at the door.

    `is_on_its_way`: its feedback is approved and not yet signed for by all, so its content is what is being signed.
    """

    today: date
    given_on: date | None = None
    measures: tuple[UUID, ...] = ()
    measures_with_evidence: frozenset[UUID] = frozenset()
    claim: str = ""
    agreed: frozenset[str] = frozenset()
    agreed_by: frozenset[UUID] = frozenset()
    chain: tuple[str, ...] = ()
    role: str = ""
    account: UUID | None = None
    open_reopening_by: UUID | None = None
    open_withdrawal_by: UUID | None = None
    open_extension_by: UUID | None = None
    due_on: date | None = None
    longest_extension: Limit | None = None
    evidence: frozenset[UUID] = frozenset()
    criteria: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    categories: frozenset[str] = frozenset()
    is_on_its_way: bool = False
