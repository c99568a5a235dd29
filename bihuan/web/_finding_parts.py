"""The parts of a finding's page as templates show them: plan, measures with progress and files, requests, verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.queries.findings.parts import (
    AskedRow,
    ClosingRow,
    EventRow,
    EvidenceRow,
    MeasureRow,
    PlanOfFinding,
    ProgressRow,
    VerdictRow,
)
from bihuan.rules.vocabulary import VERDICTS, VIAS
from bihuan.web import words
from bihuan.web._lights import Lit, lit
from bihuan.web._pages import Look, look

BACKWARD = ("plan_returned", "returned", "reopened", "withdrawn")


@dataclass(frozen=True)
class File:
    """A file: the address of its page, what it proves and the day it stands for."""

    name: str
    url: str
    note: str = ""
    is_before_feedback: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of progress."""

    text: str
    done_on: date
    measure: int
    person: str
    post: str


@dataclass(frozen=True)
class Measure:
    """One measure with its progress and files."""

    position: int
    text: str
    kinds: tuple[str, ...]
    unit: str
    person: str
    helping: str
    supervisor: str
    starts_on: date | None
    due_on: date
    light: Lit
    is_long_term: bool
    product: str
    progress: tuple[Entry, ...]
    evidence: tuple[File, ...]
    is_overdue: bool
    is_done: bool
    add_url: str


@dataclass(frozen=True)
class Version:
    """One version of the plan, with the address of the whole; none for who helps with a single finding."""

    version: int
    state: Look
    submitted_at: datetime | None
    causes: str
    goal: str
    leader: str
    head_leads: bool
    url: str


@dataclass(frozen=True)
class Signed:
    """What one reviewer decided."""

    about: str
    version: int
    role_label: str
    person: str
    at: datetime
    verdict_label: str
    is_return: bool
    is_void: bool
    points: tuple[str, ...]
    faults: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Answer:
    """How one criterion is met, or that it does not apply."""

    label: str
    applies: bool
    text: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Closing:
    """One request for closing, with its answers and address."""

    claim: str
    state: Look
    person: str
    at: datetime
    answers: tuple[Answer, ...]
    url: str
    is_open: bool


@dataclass(frozen=True)
class Asked:
    """One request and what became of it."""

    aim: str
    state: Look
    ground: str
    reason: str
    person: str
    post: str
    at: datetime
    until: date | None
    merged_into: str
    decided_by: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Happened:
    """One act of the time line, with what it changed."""

    at: datetime
    actor: str
    post: str
    via: str
    step_label: str
    reason: str
    tone: str
    title: str
    changes: tuple[str, ...]


def files(rows: Iterable[EvidenceRow]) -> tuple[File, ...]:
    """Files, each with the address of its page."""
    return tuple(
        File(
            item.name, f"/evidence/{item.id}", " ".join(filter(None, (item.proves, str(item.dated or "")))),
            item.is_before_feedback,
        )
        for item in rows
    )  # fmt: skip


def entries(rows: Iterable[ProgressRow]) -> tuple[Entry, ...]:
    """Entries of progress, the latest first."""
    return tuple(Entry(row.text, row.done_on, row.measure, row.person, row.post) for row in reversed(tuple(rows)))


def measure(row: MeasureRow, *, on: date, is_at_rest: bool, add_url: str) -> Measure:
    """One measure; done once it has evidence, or once nothing is left to do for the finding."""
    return Measure(
        position=row.position, text=row.text, kinds=row.kinds, unit=row.unit, person=row.person, helping=row.helping,
        supervisor=row.supervisor, starts_on=row.starts_on, due_on=row.due_on,
        light=lit(row.light, due_on=row.due_on, on=on), is_long_term=row.is_long_term, product=row.product,
        progress=entries(row.progress), evidence=files(row.evidence), is_overdue=row.is_overdue,
        is_done=bool(row.evidence) or is_at_rest, add_url=f"{add_url}#evidence-{row.id}" if add_url else "",
    )  # fmt: skip


def version(row: PlanOfFinding, *, sees_whole: bool) -> Version:
    """One version of the plan; the whole is for those who see the feedback it answers."""
    return Version(
        row.version, look(row.state), row.submitted_at, row.causes, row.goal, row.leader, row.head_leads,
        f"/plans/{row.plan}/" if sees_whole else "",
    )  # fmt: skip


def signed(row: VerdictRow) -> Signed:
    """One verdict."""
    return Signed(
        about=row.about, version=row.version, role_label=row.role, person=row.person, at=row.at,
        verdict_label=row.verdict, is_return=row.verdict == VERDICTS["return"], is_void=row.is_void,
        points=tuple(map(words.either, row.points)), faults=row.faults, reason=row.opinion,
    )  # fmt: skip


def closing(row: ClosingRow) -> Closing:
    """One request for closing."""
    answers = tuple(Answer(words.either(one.label), one.applies, one.text, files(one.evidence)) for one in row.answers)
    return Closing(
        row.claim_label, look(row.state), row.person, row.at, answers, f"/closing/{row.id}/", row.state.code == "open"
    )


def asked(row: AskedRow) -> Asked:
    """One request."""
    return Asked(
        row.aim, look(row.state), row.ground, row.reason, row.person, row.post, row.at, row.until, row.merged_into,
        row.decided_by, files(row.files),
    )  # fmt: skip


def happened(row: EventRow) -> Happened:
    """One act."""
    tone = ""
    if row.state_to is not None:
        tone = "back" if row.state_to.code in BACKWARD else "done" if row.state_to.tone == "done" else ""
    said = tuple(
        _change(words.label(one.label), words.label(one.before), words.label(one.after)) for one in row.changed
    )
    return Happened(
        row.at, row.person, row.post, "" if row.via == VIAS["web"] else row.via, row.label, row.reason, tone,
        words.label(row.state_to.label) if row.state_to else "", said,
    )  # fmt: skip


def _change(label: str, before: str, after: str) -> str:
    return f"{label}：{before} → {after}" if before else f"{label}：{after}"
