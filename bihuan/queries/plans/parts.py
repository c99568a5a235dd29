"""The parts of a plan as values: rows, measures, verdicts, versions, acts. No queries here."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.queries.findings.parts import CategoryStep
from bihuan.queries.looks import StateLook
from bihuan.rules.typed import Objection


@dataclass(frozen=True)
class PlanMeasure:
    """One measure; in a draft what is not yet filled in is empty. `kinds` are codes, `kind_labels` their words."""

    position: int
    text: str
    kinds: tuple[str, ...]
    kind_labels: tuple[str, ...]
    unit: str
    unit_id: UUID | None
    helping: str
    person: str
    supervisor: str
    starts_on: date | None
    due_on: date | None
    is_long_term: bool
    product: str


@dataclass(frozen=True)
class PartyVerdict:
    """What one party of the chain said of a row; `verdict` is empty while it has said nothing."""

    role: str
    role_label: str
    verdict: str
    verdict_label: str
    person: str
    at: datetime | None
    opinion: str
    faults: tuple[str, ...]
    fault_labels: tuple[str, ...]


@dataclass(frozen=True)
class PlanRowView:
    """One finding with what the plan says of it; `id` None: nothing was written yet.

    Problem list: category, quote, specifics, commonality, units, answers, causes. Task list: goal and measures.
    Responsibility list: leader and, of each measure, unit, helping, person, supervisor. `lacks`: why a draft row could
    not be handed in. `undecidable`: why the actor cannot decide on it now, None where it is theirs to decide.
    """

    finding: UUID
    number: str
    title: str
    quote: str
    specifics: str
    category: tuple[CategoryStep, ...]
    commonality_label: str
    units: tuple[str, ...]
    answers: str
    finding_state: StateLook
    redo_by: date | None
    id: UUID | None
    version: int
    plan: UUID | None
    state: StateLook
    revision: int
    submitted_at: datetime | None
    content_hash: str
    causes: str
    goal: str
    leader: str
    head_leads: bool
    measures: tuple[PlanMeasure, ...]
    verdicts: tuple[PartyVerdict, ...]
    waits_for: tuple[str, ...]
    may_fill: bool
    lacks: Objection | None
    undecidable: Objection | None

    @property
    def is_mine_to_decide(self) -> bool:
        """Whether the actor may agree to, or return, this row now."""
        return self.state.code == "submitted" and self.undecidable is None


@dataclass(frozen=True)
class PlanVersion:
    """One version: how many of its rows are in which state."""

    id: UUID
    version: int
    state: StateLook
    revision: int
    submitted_at: datetime | None
    content_hash: str
    rows: int
    waiting: int
    returned: int
    approved: int


@dataclass(frozen=True)
class LeaderShare:
    """How many rows one leader answers for."""

    leader: str
    rows: int


@dataclass(frozen=True)
class HeadShare:
    """How many rows the unit's head leads (领办), how the others fall on leaders; `is_lacking`: the head leads none.

    `sole_leader`: one person who answers for every row.
    """

    rows: int
    head: int
    is_lacking: bool
    leaders: tuple[LeaderShare, ...]
    sole_leader: str


@dataclass(frozen=True)
class PlanAct:
    """Something to do with a plan: fill, submit, review (of one version), or why not now or not by this actor."""

    code: str
    label: str
    plan: UUID | None
    version: int
    objection: Objection | None


@dataclass(frozen=True)
class Gap:
    """A finding that is to be planned for and has no row (任务有漏项)."""

    finding: UUID
    number: str
    title: str


@dataclass(frozen=True)
class PlanPage:
    """A plan: all that stands now (`shown` None), or one version as it was handed in."""

    feedback: UUID
    title: str
    audience: str
    audience_label: str
    unit: str
    unit_id: UUID
    inspection: UUID | None
    received_on: date | None
    due_on: date | None
    due_basis: str
    due_provisional: bool
    is_overdue: bool
    shown: PlanVersion | None
    draft: PlanVersion | None
    state: StateLook
    rows: tuple[PlanRowView, ...]
    gaps: tuple[Gap, ...]
    share: HeadShare
    versions: tuple[PlanVersion, ...]
    acts: tuple[PlanAct, ...]
    chain: tuple[str, ...]
