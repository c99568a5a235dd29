"""The parts of a finding's page, as values: plan versions, measures, files, progress, requests, verdicts, story."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.queries.looks import StateLook
from bihuan.rules.lights import Light
from bihuan.rules.profile import Taxonomy
from bihuan.rules.typed import Objection


@dataclass(frozen=True)
class StepChoice:
    """A step that the actor may take now."""

    code: str
    label: str


@dataclass(frozen=True)
class StepRefused:
    """A step that leaves this state but is not to be taken now, or not by this actor, with the reason."""

    code: str
    label: str
    objection: Objection


@dataclass(frozen=True)
class CategoryStep:
    """One class on the way from the top of the taxonomy down to the finding's own; its words in each language."""

    code: str
    label: dict[str, str]


@dataclass(frozen=True)
class EvidenceRow:
    """One file: what it proves, the day it stands for, who handed it in; a day before the feedback is said."""

    id: UUID
    name: str
    proves: str
    dated: date | None
    is_before_feedback: bool
    sha256: str
    size: int
    media_type: str
    person: str
    at: datetime


@dataclass(frozen=True)
class ProgressRow:
    """What was done on which day; `measure` is the position of the measure, 0 for the finding as a whole."""

    id: UUID
    text: str
    done_on: date
    measure: int
    person: str
    post: str
    at: datetime


@dataclass(frozen=True)
class MeasureRow:
    """One measure of the present plan version, with its progress and evidence."""

    id: UUID
    position: int
    text: str
    kinds: tuple[str, ...]
    unit: str
    unit_id: UUID
    helping: str
    person: str
    supervisor: str
    starts_on: date | None
    due_on: date
    is_long_term: bool
    product: str
    light: Light
    is_overdue: bool
    progress: tuple[ProgressRow, ...]
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class PlanOfFinding:
    """What one version of the plan says of the finding, beside its measures."""

    plan: UUID
    version: int
    state: StateLook
    submitted_at: datetime | None
    causes: str
    goal: str
    leader: str
    head_leads: bool


@dataclass(frozen=True)
class VerdictRow:
    """What one signer decided about which content; `is_void`: the content has changed since."""

    about: str
    version: int
    role: str
    person: str
    verdict: str
    opinion: str
    points: tuple[dict[str, str], ...]
    faults: tuple[str, ...]
    is_void: bool
    at: datetime


@dataclass(frozen=True)
class AnswerRow:
    """How a closing request answers one criterion, with the files it points to."""

    code: str
    label: dict[str, str]
    applies: bool
    text: str
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class ClosingRow:
    """One request for closing: its claim, state, and the answer to each criterion."""

    id: UUID
    claim: str
    claim_label: str
    state: StateLook
    person: str
    at: datetime
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AskedRow:
    """One request: what for, on which ground, why, by whom, until when; who decided, once that is done."""

    id: UUID
    code: str
    aim: str
    state: StateLook
    ground: str
    reason: str
    person: str
    post: str
    at: datetime
    until: date | None
    merged_into: str
    decided_by: str
    files: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class NoteRow:
    """A remark of one's own side."""

    id: UUID
    text: str
    person: str
    post: str
    at: datetime


@dataclass(frozen=True)
class Change:
    """One thing that an act changed: its Chinese name, and both values as text; empty where there is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class EventRow:
    """One act on the time line: when, who as what post, via what, which step, why, what it changed."""

    id: UUID
    at: datetime
    actor: str
    person: str
    post: str
    via: str
    step: str
    label: str
    reason: str
    state_to: StateLook | None
    changed: tuple[Change, ...]


def category_path(code: str, *, taxonomy: Taxonomy) -> tuple[CategoryStep, ...]:
    """From the top down; a code that the taxonomy no longer has is shown as it stands."""
    if not code:
        return ()
    if code not in taxonomy.categories:
        return (CategoryStep(code, {"zh": code, "en": code}),)
    return tuple(CategoryStep(step.code, dict(step.label)) for step in taxonomy.path(code))
