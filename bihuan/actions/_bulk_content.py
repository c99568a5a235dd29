"""What a bulk load is told: who acts, which inspections, and each finding's words and way. Values only.

A way says how far a finding has come; the steps that lead there are those of rules/lifecycle.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

# What happens to a finding after its plan is approved, stretch by stretch, for each way.
STRETCHES: Mapping[str, tuple[str, ...]] = {
    "in_progress": ("work",),
    "extension_asked": ("work", "ask_extension"),
    "extended": ("work", "ask_extension", "grant_extension"),
    "not_extended": ("work", "ask_extension", "refuse_extension"),
    "basically_done": ("work", "basically"),
    "pending_review": ("work", "ask"),
    "closing_agreed": ("work", "ask", "agree"),
    "returned": ("work", "ask", "return_closing"),
    "closed": ("work", "ask", "agree", "close"),
    "phase_done_long_term": ("work", "ask", "agree", "accept"),
    "reopening_asked": ("work", "ask", "agree", "close", "ask_reopening"),
    "reopened": ("work", "ask", "agree", "close", "ask_reopening", "reopen"),
}
IN_REVIEW, AGREED, SENT_BACK = "plan_submitted", "plan_agreed", "plan_returned"
AWAITED, WITHDRAWN = "awaiting_plan", "withdrawn"
BEFORE_WORK = (IN_REVIEW, AGREED, SENT_BACK)
WAYS = (WITHDRAWN, AWAITED, *BEFORE_WORK, *STRETCHES)
LONG_TERM = "phase_done_long_term"
# How far an inspection has come.
PLANNED, ON_SITE, LEFT, DRAFTED, APPROVED, GIVEN = "planned", "on_site", "left", "drafted", "approved", "given"
REACHES = (PLANNED, ON_SITE, LEFT, DRAFTED, APPROVED, GIVEN)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who acts: account, post, role, and the words of the record for both."""

    account: str
    post: str
    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Hands:
    """Who acts in one inspection."""

    director: Hand
    officer: Hand
    secretary: Hand
    leading: Hand
    discipline: Hand
    organization: Hand
    leader: Hand
    liaison: Hand
    head: Hand
    clerk: Hand
    team: tuple[Hand, ...]


@dataclass(frozen=True, slots=True)
class MassMeasure:
    """One measure of a plan row."""

    text: str
    person: str
    due_on: date
    product: str
    kinds: tuple[str, ...] = ()
    helping: str = ""
    supervisor: str = ""
    starts_on: date | None = None
    is_long_term: bool = False


@dataclass(frozen=True, slots=True)
class MassFinding:
    """One finding: its words and where they stand in the document, its description, its plan, its way.

    `again`: its plan was sent back once. `says`: what people say on the way, by the name of the occasion.
    `files`: for each measure the name of a file and the hash of its content, which the load has been given.
    """

    level: str
    heading: str
    text: str
    span: tuple[int, int]
    category: str
    way: str
    causes: str
    goal: str
    leader: str
    measures: tuple[MassMeasure, ...]
    says: Mapping[str, str]
    files: tuple[tuple[str, str], ...] = ()
    severity: str = "ordinary"
    commonality: str = "individual"
    amount: Decimal | None = None
    fix_now: bool = False
    listed: bool = False
    key: bool = False
    head_leads: bool = False
    again: bool = False
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class MassFile:
    """The content of a file, kept once."""

    sha256: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class MassInspection:
    """One inspection with its feedback: unit and place, round, team, document, findings, who acts, and when.

    `first`: the number of its first finding in the series of its round, the others follow.
    `moments`: the instant of each occasion; every finding comes its own `seconds` later. `days`: the days that people
    name (arrived, left, received, until, remains_by, redo_by, next_review_on).
    """

    unit: UUID
    unit_lo: int
    unit_name: str
    round: UUID
    round_name: str
    office_word: str
    year: int
    number: int
    team: UUID
    hands: Hands
    reach: str
    moments: Mapping[str, datetime]
    days: Mapping[str, date]
    title: str = ""
    file_name: str = ""
    file: MassFile | None = None
    document: str = ""
    findings: tuple[MassFinding, ...] = ()
    first: int = 1

    @property
    def series(self) -> str:
        """The series that its findings are numbered in, as its counter is named."""
        return f"{self.office_word}〔{self.year}〕{self.number}"


@dataclass(frozen=True, slots=True)
class MassOrganization:
    """One organization of the tree, placed already."""

    id: UUID
    name: str
    organization_class: str
    parent: UUID | None
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class MassPerson:
    """An account with one post."""

    id: UUID
    person: str
    name: str
    post: UUID
    role: str
    organization: UUID
    starts_on: date
