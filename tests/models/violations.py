"""For each constraint the one wrong value that it refuses, and for each table what makes a second good row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bihuan.models import Account, ClosingRequest, Event, Feedback, FindingRequest, Organization, PlanRow
from bihuan.models._policies import PLACED
from bihuan.rules.identifiers import new_id
from tests.builders import NOW, TODAY

EARLIER = TODAY - timedelta(days=4000)


@dataclass(frozen=True)
class Violation:
    """A stored row (`of` narrows which), copied, with these wrong values; a callable gets the stored row."""

    model: str
    wrong: Mapping[str, Any]
    of: Mapping[str, Any] = field(default_factory=dict)


def kept(*names: str) -> dict[str, Callable[[Any], Any]]:
    """The stored row's own values, once more."""
    return {name: (lambda row, name=name: getattr(row, name)) for name in names}


def _identity(row: Any) -> dict[str, Any]:
    return {"pk": new_id(NOW)}


def _an_event(row: Any) -> dict[str, Any]:
    stored = Event.objects.first()
    stored.pk = new_id(NOW)
    stored.save(force_insert=True)
    return {"event_id": stored.pk}


def _organization(row: Any) -> dict[str, Any]:
    top = Organization.objects.order_by("-hi").first().hi + 10
    return {"pk": new_id(NOW), "lo": top, "hi": top, "name": "另一单位"}


def _inspection(row: Any) -> dict[str, Any]:
    fresh, unit = new_id(NOW), Organization.objects.filter(organization_class="village").first()
    return {"pk": fresh, "inspection_id": fresh, "unit_id": unit.pk, "unit_lo": unit.lo}


def _finding(row: Any) -> dict[str, Any]:
    fresh = new_id(NOW)
    return {"pk": fresh, "number": fresh.hex, "draft_id": None, "typed_by_hand": True}


def _signature(row: Any) -> dict[str, Any]:
    from bihuan.models import Feedback

    feedback = Feedback.objects.first()
    feedback.pk = new_id(NOW)
    feedback.save(force_insert=True)
    return {"pk": new_id(NOW), "feedback_id": feedback.pk}


FRESH: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "Organization": _organization,
    "Account": lambda row: {"pk": new_id(NOW), "name": new_id(NOW).hex[-30:], "token_hash": new_id(NOW).hex},
    "Post": lambda row: {"pk": new_id(NOW), "starts_on": row.starts_on - timedelta(days=1)},
    "Term": lambda row: {"pk": new_id(NOW), "name": "另一届"},
    "RegisterEntry": lambda row: {"pk": new_id(NOW), "starts_on": row.starts_on + timedelta(days=1)},
    "CalendarDay": lambda row: {"pk": row.day + timedelta(days=1)},
    "Counter": lambda row: {"pk": "另一序列"},
    "Round": lambda row: {"pk": new_id(NOW), "number": row.number + 1},
    "Inspection": _inspection,
    "Assignment": lambda row: {"pk": new_id(NOW), "post_id": _unassigned(row)},
    "Grant": lambda row: {"pk": new_id(NOW), "thing": new_id(NOW)},
    "Event": _identity,
    "EventPlace": lambda row: {"pk": _an_event(row)["event_id"]},
    "EventBody": lambda row: {"pk": _an_event(row)["event_id"]},
    "Upload": _identity,
    "Intake": _identity,
    "ScanPage": lambda row: {"pk": new_id(NOW), "number": row.number + 100},
    "Feedback": _identity,
    "Signature": _signature,
    "Draft": lambda row: {"pk": new_id(NOW), "position": row.position + 100},
    "Finding": _finding,
    "FindingUnit": lambda row: {"pk": new_id(NOW), "helper_id": row.unit_id},
    "StateChange": lambda row: {"pk": new_id(NOW), **_an_event(row)},
    "FindingRequest": _identity,
    "Plan": lambda row: {"pk": new_id(NOW), "version": row.version + 100},
    "PlanRow": lambda row: {"pk": new_id(NOW), "version": row.version + 100},
    "Progress": _identity,
    "Note": _identity,
    "Measure": lambda row: {"pk": new_id(NOW), "position": row.position + 100},
    "Evidence": _identity,
    "ClosingRequest": lambda row: {"pk": new_id(NOW), "state": "returned"},
    "Verdict": lambda row: {"pk": new_id(NOW), "role": "another", "account_id": _no_signer().pk},
    "SavedView": lambda row: {"pk": new_id(NOW), "name": "另一视图"},
    "LedgerForm": lambda row: {"pk": new_id(NOW), "name": "另一表样"},
    "LedgerExport": _identity,
    "LedgerImport": _identity,
    "LedgerImportRow": lambda row: {"pk": new_id(NOW), "position": row.position + 100},
    "FigureFlow": lambda row: {"pk": new_id(NOW), "starts_on": row.starts_on + timedelta(days=4000)},
    "DueChange": _identity,
}


def _unassigned(row: Any) -> Any:
    from bihuan.models import Assignment, Post

    return Post.objects.exclude(pk__in=Assignment.objects.values("post_id")).first().pk


# Summed further, a flow must be an ordinary one.
OF_AN_INSPECTION = {"grain": "day", "level": "each"}
MODEL_OF = {
    "round": "Round", "inspection": "Inspection", "upload": "Upload", "feedback": "Feedback",
    "signature": "Signature", "draft": "Draft", "finding": "Finding", "finding_unit": "FindingUnit",
    "state_change": "StateChange", "finding_request": "FindingRequest", "plan": "Plan",
    "plan_row": "PlanRow", "measure": "Measure", "progress": "Progress", "note": "Note", "evidence": "Evidence",
    "closing_request": "ClosingRequest", "verdict": "Verdict", "event_place": "EventPlace",
    "figure_flow": "FigureFlow", "due_change": "DueChange", "intake": "Intake", "scan_page": "ScanPage",
    "ledger_import": "LedgerImport", "ledger_import_row": "LedgerImportRow",
}  # fmt: skip
# A row of these tables in which a wrong stage breaks nothing else as well.
QUIET = {"finding": {"state": "drafted"}, "feedback": {"state": "given"}, "figure_flow": OF_AN_INSPECTION}
QUIETLY = {"finding": {"given_on": TODAY}}
PLACES = {
    f"{one.table}_{part}": Violation(
        MODEL_OF[one.table], {part: wrong, **QUIETLY.get(one.table, {})}, QUIET.get(one.table, {})
    )
    for one in PLACED
    for part, wrong in (("stage", 2), ("side", "outside"), ("secrecy", 3))
}


def a_request(row: Any) -> Any:
    """Some request, for a row that must not name one."""
    return FindingRequest.objects.values_list("pk", flat=True)[0]


def a_closing(row: Any) -> Any:
    """Some closing request, for a row that must not name one."""
    return ClosingRequest.objects.values_list("pk", flat=True)[0]


def a_feedback(row: Any) -> Any:
    """Some feedback, for a file that must not name one."""
    return Feedback.objects.values_list("pk", flat=True)[0]


def a_planned_one(row: Any) -> Any:
    """The finding for which the unit is writing a row."""
    return PlanRow.objects.values_list("finding_id", flat=True).get(state="draft")


OPEN = {"state": "open"}
HANDED_IN = {"state": "approved"}
GIVEN = {"state": "pending_review"}

# A constraint that says several things has a line for each: its name, a colon, which of them.
VIOLATIONS: Mapping[str, Violation] = {
    **PLACES,
    "organization_lo": Violation("Organization", kept("lo")),
    "organization_name_under_parent": Violation("Organization", kept("name"), {"parent__isnull": False}),
    "organization_range": Violation("Organization", {"hi": 0}),
    "organization_class_known": Violation("Organization", {"organization_class": "club"}),
    "organization_merged_has_ended": Violation("Organization", {"merged_into_id": lambda row: row.pk}),
    "account_token": Violation("Account", {"token_hash": lambda row: _with_token(row)}),
    "post_role_known": Violation("Post", {"role": "king"}),
    "post_period": Violation("Post", {"ends_on": EARLIER}),
    "post_once": Violation("Post", kept("starts_on"), {"organization": None}),
    "term_period": Violation("Term", {"ends_on": lambda row: row.starts_on}),
    "register_entry_once": Violation("RegisterEntry", kept("starts_on")),
    "register_entry_period": Violation("RegisterEntry", {"ends_on": EARLIER}),
    "round_number": Violation("Round", kept("number")),
    "round_period": Violation("Round", {"ends_on": EARLIER}),
    "inspection_once": Violation("Inspection", kept("unit_id", "unit_lo")),
    "inspection_state": Violation("Inspection", {"state": "lost"}),
    "inspection_stay": Violation("Inspection", {"arrives_on": TODAY, "leaves_on": EARLIER}),
    "inspection_is_itself": Violation("Inspection", kept("inspection_id")),
    "assignment_once": Violation("Assignment", kept("post_id")),
    "sight_grant_once": Violation("Grant", kept("thing")),
    "event_via": Violation("Event", {"via": "fax"}),
    "intake_audience": Violation("Intake", {"audience": "public"}),
    "intake_one_end": Violation("Intake", {"finished_at": None}),
    "intake_one_end: both": Violation("Intake", {"feedback_id": a_feedback, "content": None}),
    "intake_waits_with_content": Violation("Intake", {"finished_at": None, "fault": "", "content": None}),
    "intake_read_holds_none": Violation("Intake", {"fault": "", "feedback_id": a_feedback}),
    "intake_put_away_ended": Violation("Intake", {"put_away_at": NOW}),
    "intake_recognized_of_pages": Violation("Intake", {"n_recognized": 1}),
    "scan_page_once": Violation("ScanPage", kept("number")),
    "scan_page_from_one": Violation("ScanPage", {"number": 0}),
    "ledger_import_checked_first": Violation("LedgerImport", {"applied_at": NOW, "checked_at": None}),
    "ledger_import_checked_first: refused": Violation("LedgerImport", {"applied_at": NOW, "fault": "no_head"}),
    "ledger_import_row_severity": Violation("LedgerImportRow", {"severity": "awful"}),
    "ledger_import_row_commonality": Violation("LedgerImportRow", {"commonality": "none"}),
    "ledger_import_row_amount": Violation("LedgerImportRow", {"amount": 0}),
    "ledger_import_row_taxonomy": Violation("LedgerImportRow", {"category": "1.1.1", "taxonomy_version": ""}),
    "ledger_import_row_position": Violation("LedgerImportRow", kept("ledger_import_id", "position")),
    "ledger_import_row_of_many": Violation("LedgerImportRow", {"inspection_id": lambda row: row.target_id}),
    "ledger_import_row_outcome": Violation("LedgerImportRow", {"outcome": "perhaps"}),
    "ledger_import_row_new_has_no_finding": Violation("LedgerImportRow", {"outcome": "new"}),
    "ledger_import_row_finding_seen": Violation("LedgerImportRow", {"seen": None}),
    "ledger_import_row_has_text": Violation("LedgerImportRow", {"text_length": 0}),
    "upload_not_empty": Violation("Upload", {"size": 0}),
    "feedback_audience": Violation("Feedback", {"audience": "public"}),
    "feedback_state": Violation("Feedback", {"state": "lost", "stage": 0, "received_on": None}),
    "feedback_t0_when_given": Violation("Feedback", {"state": "approved", "stage": 0, "received_on": TODAY}),
    "feedback_unseen_before": Violation("Feedback", {"state": "approved", "stage": 1, "received_on": None}),
    "signature_once": Violation("Signature", kept("feedback_id") | {"account_id": lambda row: _bystander().pk}),
    "signature_one_person": Violation(
        "Signature", kept("feedback_id", "account_id") | {"role": lambda row: _open_role(row)}
    ),
    "signature_role": Violation("Signature", {"role": "unit_clerk"}),
    "draft_position": Violation("Draft", kept("position")),
    "draft_state": Violation("Draft", {"state": "lost"}),
    "draft_severity": Violation("Draft", {"severity": "awful"}),
    "draft_commonality": Violation("Draft", {"commonality": "rare"}),
    "draft_amount": Violation("Draft", {"amount": 0}),
    "draft_taxonomy": Violation("Draft", {"category": "1.1.1", "taxonomy_version": ""}),
    "draft_has_source": Violation("Draft", {"span_end": lambda row: row.span_start}),
    "finding_state": Violation("Finding", {"state": "lost"}, GIVEN),
    "finding_severity": Violation("Finding", {"severity": "awful"}),
    "finding_commonality": Violation("Finding", {"commonality": "rare"}),
    "finding_amount": Violation("Finding", {"amount": -1}),
    "finding_taxonomy": Violation("Finding", {"category": "1.1.1", "taxonomy_version": ""}),
    "finding_has_source": Violation("Finding", {"typed_by_hand": False, "span_end": lambda row: row.span_start}),
    "finding_given_has_t0": Violation("Finding", {"due_on": None}, GIVEN),
    "finding_given_has_t0: day": Violation("Finding", {"given_on": None}, GIVEN),
    "finding_given_has_t0: stage": Violation("Finding", {"stage": 0}, GIVEN),
    "finding_unseen_before": Violation("Finding", {"state": "drafted", "stage": 1, "given_on": None}),
    "finding_long_term_reviewed": Violation("Finding", {"state": "phase_done_long_term"}, GIVEN),
    "finding_redo_by": Violation("Finding", {"state": "plan_returned"}, GIVEN),
    "finding_unit_once": Violation("FindingUnit", kept("helper_id")),
    "state_change_to": Violation("StateChange", {"state_to": "lost"}),
    "finding_request_aim": Violation("FindingRequest", {"aim": "forget"}),
    "finding_request_until": Violation("FindingRequest", {"aim": "extend", "until": None}),
    "finding_request_state": Violation("FindingRequest", {"state": "lost"}),
    "finding_request_second_person": Violation("FindingRequest", {"decided_by_id": lambda row: row.account_id}),
    "finding_request_one_open": Violation("FindingRequest", {"state": "open", "aim": lambda row: _open_aim(row)}),
    "plan_version": Violation("Plan", kept("version")),
    "plan_one_draft": Violation("Plan", {"state": "draft", "side": "unit"}, HANDED_IN),
    "plan_state": Violation("Plan", {"state": "lost"}),
    "plan_unseen_before": Violation("Plan", {"side": "unit"}, HANDED_IN),
    "plan_unseen_before: day": Violation("Plan", {"submitted_at": None}, HANDED_IN),
    "plan_row_version": Violation("PlanRow", kept("version")),
    "plan_row_one_draft": Violation(
        "PlanRow", {"state": "draft", "side": "unit", "finding_id": a_planned_one}, HANDED_IN
    ),
    "plan_row_state": Violation("PlanRow", {"state": "lost"}),
    "plan_row_unseen_before": Violation("PlanRow", {"side": "unit"}, HANDED_IN),
    "plan_row_unseen_before: day": Violation("PlanRow", {"submitted_at": None}, HANDED_IN),
    "measure_position": Violation("Measure", kept("position")),
    "measure_complete": Violation("Measure", {"product": ""}),
    "measure_complete: text": Violation("Measure", {"text": ""}),
    "measure_complete: person": Violation("Measure", {"person": ""}),
    "measure_kinds": Violation("Measure", {"kinds": ["institution", "magic"]}),
    "measure_period": Violation("Measure", {"starts_on": lambda row: row.due_on + timedelta(days=1)}),
    "progress_text": Violation("Progress", {"text": ""}),
    "note_text": Violation("Note", {"text": ""}),
    "note_has_a_side": Violation("Note", {"side": "both"}),
    "evidence_for_one_thing": Violation("Evidence", {"measure_id": None}, {"request": None}),
    "evidence_for_one_thing: two": Violation("Evidence", {"request_id": a_request}, {"request": None}),
    "closing_request_claim": Violation("ClosingRequest", {"claim": "perhaps"}),
    "closing_request_state": Violation("ClosingRequest", {"state": "lost"}),
    "closing_request_one_open": Violation("ClosingRequest", {"state": "open"}, OPEN),
    "verdict_known": Violation("Verdict", {"verdict": "perhaps"}),
    "verdict_on_one_thing": Violation("Verdict", {"plan_row_id": None}, {"closing_request": None}),
    "verdict_on_one_thing: two": Violation("Verdict", {"closing_request_id": a_closing}, {"closing_request": None}),
    "verdict_plan_once": Violation("Verdict", kept("role"), {"closing_request": None, "verdict": "agree"}),
    "verdict_closing_once": Violation("Verdict", kept("role"), {"plan_row": None, "verdict": "agree"}),
    "verdict_plan_person": Violation("Verdict", kept("account_id"), {"closing_request": None, "verdict": "agree"}),
    "verdict_closing_person": Violation("Verdict", kept("account_id"), {"plan_row": None, "verdict": "agree"}),
    "saved_view_name": Violation("SavedView", kept("name")),
    "ledger_form_name": Violation("LedgerForm", kept("name")),
    "ledger_form_head": Violation("LedgerForm", {"head_to": 0}),
    "ledger_form_head: first row": Violation("LedgerForm", {"head_from": 0}),
    "ledger_export_file_ends": Violation("LedgerExport", {"content": b"x", "until": None}),
    "ledger_export_file_ends: end": Violation("LedgerExport", {"content": b"x", "finished_at": None}),
    "figure_flow_grain": Violation("FigureFlow", {"grain": "week"}, OF_AN_INSPECTION),
    "figure_flow_level": Violation("FigureFlow", {"level": "land"}, OF_AN_INSPECTION),
    "figure_flow_summed_is_ordinary": Violation("FigureFlow", {"secrecy": 1}, {"level": "unit"}),
    "figure_flow_folded_once": Violation("FigureFlow", kept("starts_on"), OF_AN_INSPECTION),
}
# These repeat the primary key: targets of the places' foreign keys, refused by the key before themselves.
BESIDE_THE_KEY = {
    "organization_place": "organization_pkey", "ledger_import_of_rows": "ledger_import_pkey",
    "feedback_of_drafts": "feedback_pkey",
}  # fmt: skip


def _with_token(row: Any) -> str:
    Account.objects.filter(pk=row.pk).update(token_hash="f" * 64)
    return "f" * 64


def _bystander() -> Account:
    from bihuan.models import Signature

    return Account.objects.exclude(pk__in=Signature.objects.values("account_id")).first()


def _no_signer() -> Account:
    from bihuan.models import Verdict

    return Account.objects.exclude(pk__in=Verdict.objects.values("account_id")).first()


def _open_role(row: Any) -> str:
    from bihuan.models import Signature

    Signature.objects.filter(feedback_id=row.feedback_id).exclude(pk=row.pk).delete()
    return "office_director" if row.role != "office_director" else "unit_head"


def _open_aim(row: Any) -> str:
    type(row).objects.filter(pk=row.pk).update(state="open")
    return row.aim
