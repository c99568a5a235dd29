"""The page of a finding as its template shows it: values and addresses made of the query's values."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from bihuan.queries._draft_choices import UnitName
from bihuan.queries.findings.page import FindingPage
from bihuan.rules.vocabulary import MARKS, N_
from bihuan.web import _finding_parts as parts
from bihuan.web import words
from bihuan.web._lights import lit
from bihuan.web._pages import Fact, Link, Refusal, look

LEDGER = "/findings/"
# The step that moves things on stands out; what sends back or undoes never does.
FORWARD = (
    "submit_plan", "approve_plan", "agree_plan", "close", "accept_long_term", "agree_closing", "request_closing",
    "approve_reopening", "grant_extension", "report_progress", "resume", "describe",
)  # fmt: skip
# Steps on a page of their own: a plan's row keeps there what the clerk wrote.
APART = ("submit_plan",)
SHOWN_EVENTS, SHOWN_ENTRIES = 10, 5


@dataclass(frozen=True)
class Need:
    """One condition of closing."""

    label: str
    note: str
    is_met: bool


@dataclass(frozen=True)
class Tag:
    """A mark beside the state."""

    label: str
    is_key: bool


@dataclass(frozen=True)
class Section:
    """A part of the page and how much is in it."""

    label: str
    url: str
    n: int | None = None


def address(finding: object) -> str:
    """The page of a finding."""
    return f"{LEDGER}{finding}/"


def step_address(finding: object, code: str) -> str:
    """Where a step is taken: a plan's row on its own page, the others on a form."""
    return f"/plans/rows/{finding}/" if code in APART else f"{address(finding)}steps/{code}/"


def finding_context(found: FindingPage, on: date) -> dict[str, Any]:
    """The whole page of a finding."""
    open_steps = {choice.code for choice in found.permitted}
    events = tuple(map(parts.happened, found.events))
    entries = parts.entries(entry for entry in found.progress if not entry.measure)
    shown = {
        "title": found.title,
        "number": found.number,
        "crumbs": (Link(gettext("台账"), LEDGER), Link(found.number)),
        "state": look(found.state),
        "light": lit(found.light, due_on=found.due_on, on=on),
        "tags": tuple(Tag(MARKS[code], code == "key") for code in found.marks),
        "steps": steps(found),
        "refused": tuple(Refusal(refused.label, words.say(refused.objection)) for refused in found.refused),
        "text": found.text,
        "where": " › ".join(filter(None, (found.level, found.heading))),
        "source_label": gettext("手工录入") if found.typed_by_hand else found.source_name,
        "source_url": _source_url(found),
        "plan": parts.version(found.plan, sees_whole=bool(found.feedback_title)) if found.plan else None,
        "earlier": tuple(parts.version(row, sees_whole=bool(found.feedback_title)) for row in found.earlier_plans),
        "measures": measures(found, on, may_add="add_evidence" in open_steps),
        "entries": entries[:SHOWN_ENTRIES],
        "more_entries": entries[SHOWN_ENTRIES:],
        "progress_url": f"{address(found.id)}steps/report_progress/" if "report_progress" in open_steps else "",
        "needs": _needs(found),
        "asked": tuple(map(parts.asked, found.asked)),
        "decided": tuple(map(parts.asked, found.decided)),
        "closings": tuple(map(parts.closing, found.closings)),
        "verdicts": tuple(map(parts.signed, found.verdicts)),
        "notes": found.notes,
        "note_url": f"{address(found.id)}notes" if found.may_note else "",
        "facts": facts(found),
        "happened": events[:SHOWN_EVENTS],
        "earlier_events": events[SHOWN_EVENTS:],
    }
    return shown | {"sections": _sections(found, shown)}


def _source_url(found: FindingPage) -> str:
    """The feedback document at the very passage; nowhere while the actor does not see the document."""
    if not found.feedback_title:
        return ""
    mark = f"#mark-{found.draft}" if found.draft and not found.typed_by_hand else ""
    return f"/feedback/{found.feedback}/{mark}"


def _sections(found: FindingPage, shown: dict[str, Any]) -> tuple[Section, ...]:
    every = (
        (N_("待决定的申请"), "asked", len(shown["asked"])),
        (N_("方案"), "plan", 1 if found.plan else 0),
        (N_("措施"), "measures", len(found.measures)),
        (N_("进展"), "progress", len(found.progress)),
        (N_("销号申请"), "closing", len(found.closings)),
        (N_("会签"), "verdicts", len(found.verdicts)),
        (N_("备注"), "notes-own", len(found.notes)),
        (N_("经过"), "story", len(found.events)),
    )
    return tuple(Section(label, f"#{anchor}", n) for label, anchor, n in every if n)


def _runs(found: FindingPage) -> bool:
    return found.state.tone not in ("done", "long", "gone")


def steps(found: FindingPage) -> tuple[Link, ...]:
    """The permitted steps, the one that moves things on first and alone in color."""
    codes = [choice.code for choice in found.permitted]
    primary = next((code for code in FORWARD if code in codes), "")
    if primary in ("request_closing", "report_progress") and any(not measure.evidence for measure in found.measures):
        primary = "add_evidence" if "add_evidence" in codes else primary
    ordered = sorted(found.permitted, key=lambda choice: choice.code != primary)
    return tuple(Link(choice.label, step_address(found.id, choice.code), choice.code == primary) for choice in ordered)


def measures(found: FindingPage, on: date, *, may_add: bool = False) -> tuple[parts.Measure, ...]:
    """The measures of the present plan version."""
    add_url = f"{address(found.id)}steps/add_evidence/" if may_add else ""
    return tuple(parts.measure(row, on=on, is_at_rest=not _runs(found), add_url=add_url) for row in found.measures)


def _needs(found: FindingPage) -> tuple[Need, ...]:
    """What closing still needs, while it is the unit that works."""
    shown = {choice.code for choice in (*found.permitted, *found.refused)}
    if "request_closing" not in shown or not found.measures:
        return ()
    lacking = [str(row.position) for row in found.measures if not row.evidence]
    note = gettext("缺第 %(numbers)s 条的佐证") % {"numbers": "、".join(lacking)} if lacking else ""
    return (Need(N_("每条措施至少有一份佐证"), note, not lacking),)


def facts(found: FindingPage) -> tuple[Fact, ...]:
    """What is known of a finding, as far as there is something to say."""
    said = {
        **_who(found),
        N_("问题分类"): (" › ".join(words.either(step.label) for step in found.category), ""),
        N_("轻重"): (words.label(found.severity_label), ""),
        N_("个性或共性"): (words.label(found.commonality_label), ""),
        N_("涉及金额"): (gettext("%(n)s 元") % {"n": f"{found.amount:,.2f}"} if found.amount else "", ""),
        **_when(found),
        N_("方案版本"): (found.plan_version or "", ""),
        N_("剩余事项"): (found.remains, ""),
        N_("剩余事项完成期限"): (found.remains_by, ""),
        N_("阶段目标"): (found.stage_goals, ""),
        N_("下次复核日期"): (found.next_review_on, ""),
        N_("并入"): (_merged(found), address(found.merged_into) if found.merged_into_number else ""),
    }
    return tuple(Fact(label, str(value), url) for label, (value, url) in said.items() if value)


def _merged(found: FindingPage) -> str:
    return (found.merged_into_number or gettext("另一条问题")) if found.merged_into else ""


def _who(found: FindingPage) -> dict[str, tuple[Any, str]]:
    inspection = f"/inspections/{found.inspection}" if found.inspection_title else ""
    lead = N_("牵头单位") if found.lead_unit else N_("责任单位")
    led = found.lead_unit or UnitName(found.unit_id, found.unit)
    asked = urlencode({"unit": found.unit_id})
    return {
        N_("编号"): (found.number, ""),
        N_("被巡察单位"): (found.unit, f"{LEDGER}?{asked}"),
        lead: (led.name, "" if found.lead_unit else f"{LEDGER}?{asked}"),
        N_("配合单位"): ("、".join(unit.name for unit in found.helping_units), ""),
        N_("主要负责人领办"): (gettext("是") if found.head_leads else "", ""),
        N_("巡察"): (found.inspection_title, inspection),
    }


def _when(found: FindingPage) -> dict[str, tuple[Any, str]]:
    basis = gettext("（暂定）") if found.due_provisional else ""
    return {
        N_("签收日期"): (found.given_on, ""),
        N_("整改时限"): (f"{found.due_on}{basis}" if found.due_on else "", ""),
        N_("时限依据"): (found.due_basis, ""),
        N_("重报期限"): (found.redo_by, ""),
    }
