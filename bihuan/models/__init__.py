"""What is remembered: tables, constraints, querysets. The order is that of the lifecycle; references point back."""

from bihuan.models.closing import ClosingRequest
from bihuan.models.evidence import Evidence
from bihuan.models.feedback import Draft, Feedback, FileContent, Intake, ScanPage, Signature, Upload
from bihuan.models.findings import Finding, FindingRequest, FindingUnit, StateChange
from bihuan.models.imports import LedgerImport, LedgerImportRow
from bihuan.models.ledger import LedgerExport, LedgerForm, SavedView
from bihuan.models.organizations import Organization
from bihuan.models.people import Account, Post
from bihuan.models.plans import Measure, Plan, PlanRow
from bihuan.models.progress import Note, Progress
from bihuan.models.record import Event, EventBody, EventPlace
from bihuan.models.reviews import Verdict
from bihuan.models.rounds import Inspection, Round
from bihuan.models.statistics import DueChange, FigureFlow
from bihuan.models.teams import Assignment, Grant
from bihuan.models.terms import CalendarDay, Counter, RegisterEntry, Term

LIFECYCLE_ORDER = (
    "organizations", "people", "terms", "rounds", "teams", "record", "feedback", "findings", "plans", "progress",
    "evidence", "closing", "reviews", "ledger", "imports", "statistics",
)  # fmt: skip

__all__ = [
    "LIFECYCLE_ORDER",
    "Account",
    "Assignment",
    "CalendarDay",
    "ClosingRequest",
    "Counter",
    "Draft",
    "DueChange",
    "Event",
    "EventBody",
    "EventPlace",
    "Evidence",
    "Feedback",
    "FigureFlow",
    "FileContent",
    "Finding",
    "FindingRequest",
    "FindingUnit",
    "Grant",
    "Inspection",
    "Intake",
    "LedgerExport",
    "LedgerForm",
    "LedgerImport",
    "LedgerImportRow",
    "Measure",
    "Note",
    "Organization",
    "Plan",
    "PlanRow",
    "Post",
    "Progress",
    "RegisterEntry",
    "Round",
    "SavedView",
    "ScanPage",
    "Signature",
    "StateChange",
    "Term",
    "Upload",
    "Verdict",
]
