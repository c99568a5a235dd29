"""A finding and its list as templates show them: values and addresses made of the query's values. No texts of rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from bihuan.queries.findings.lists import FindingFilters, FindingList, FindingRow
from bihuan.queries.findings.looks import StateLook
from bihuan.queries.findings.page import EventRow, FindingPage, MeasureRow, VerdictRow
from bihuan.rules.vocabulary import N_, VERDICTS, VIAS
from bihuan.web import words
from bihuan.web._pages import Fact, Link, Look

LEDGER = "/findings/"
# The step that moves things on stands out; what sends back or undoes never does.
FORWARD = (
    "submit_plan", "approve_plan", "agree_plan", "close", "accept_long_term", "agree_closing", "request_closing",
    "resume", "approve_reopening",
)  # fmt: skip
BACKWARD = ("plan_returned", "returned", "reopened", "withdrawn")


@dataclass(frozen=True)
class Line:
    """One line of the ledger."""

    number: str
    title: str
    unit: str
    category: str
    state_label: str
    state_shape: str
    state_tone: str
    due_on: date | None
    due_label: str
    is_overdue: bool
    url: str


@dataclass(frozen=True)
class Count:
    """How many there are of a state, and the address of their rows."""

    label: str
    n: int
    url: str
    shape: str
    tone: str
    is_current: bool


@dataclass(frozen=True)
class File:
    """A file to download."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """One measure with its files."""

    text: str
    unit: str
    person: str
    due_on: date
    due_label: str
    product: str
    evidence: tuple[File, ...]
    is_overdue: bool
    is_done: bool
    add_url: str


@dataclass(frozen=True)
class Need:
    """One condition of closing."""

    label: str
    note: str
    is_met: bool


@dataclass(frozen=True)
class Signed:
    """What one reviewer decided."""

    about: str
    role_label: str
    person: str
    at: datetime
    verdict_label: str
    is_return: bool
    reason: str


@dataclass(frozen=True)
class Happened:
    """One act of the time line."""

    at: datetime
    actor: str
    via_label: str
    step_label: str
    reason: str
    tone: str
    title: str


def address(finding: object) -> str:
    """The page of a finding."""
    return f"{LEDGER}{finding}/"


def line(row: FindingRow, on: date) -> Line:
    """A row of the ledger."""
    near = words.due(row.due_on, on=on)
    shows = row.is_overdue or (not near.is_overdue and row.state.tone not in ("done", "long", "gone"))
    return Line(
        row.number, row.title, row.unit, words.label(row.category), row.state.label, row.state.shape, row.state.tone,
        row.due_on, near.label if shows else "", row.is_overdue, address(row.id),
    )  # fmt: skip


def ledger_url(filters: FindingFilters, *, path: str = LEDGER, **changed: str) -> str:
    """The address of the list with its filters, some of them changed."""
    asked = {
        "q": filters.query,
        "state": filters.state,
        "unit": str(filters.unit or ""),
        "inspection": str(filters.inspection or ""),
        "overdue": "1" if filters.overdue else "",
    }
    kept = {name: value for name, value in (asked | changed).items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def counts(found: FindingList) -> tuple[Count, ...]:
    """All, then each state that occurs: every figure leads to its rows."""
    everything = sum(count.n for count in found.counts)
    chosen = found.filters.state
    first = Count(gettext("全部"), everything, ledger_url(found.filters, state=""), "", "open", not chosen)
    return (first, *(_count(count.state, count.n, found.filters) for count in found.counts))


def _count(state: StateLook, n: int, filters: FindingFilters) -> Count:
    url = ledger_url(filters, state=state.code)
    return Count(state.label, n, url, state.shape, state.tone, state.code == filters.state)


def finding_context(found: FindingPage, on: date) -> dict[str, Any]:
    """The whole page of a finding."""
    open_steps = {choice.code for choice in found.permitted}
    due = words.due(found.due_on, on=on)
    return {
        "title": found.title,
        "number": found.number,
        "crumbs": (Link(gettext("台账"), LEDGER), Link(found.number)),
        "state": look(found.state),
        "due_label": due.label if found.is_overdue or (not due.is_overdue and _runs(found)) else "",
        "is_overdue": found.is_overdue,
        "tags": (),
        "steps": steps(found),
        "refused": tuple(Refusal(refused.label, words.say(refused.objection)) for refused in found.refused),
        "text": found.text,
        "source_label": _source(found),
        "source_url": f"/feedback/{found.feedback}/",
        "measures": measures(found, on, may_add="add_evidence" in open_steps),
        "needs": _needs(found),
        "asked": found.asked,
        "verdicts": tuple(signed(verdict) for verdict in found.verdicts),
        "facts": facts(found),
        "events": tuple(_happened(event) for event in found.events),
    }


def _runs(found: FindingPage) -> bool:
    return found.state.tone not in ("done", "long", "gone")


@dataclass(frozen=True)
class Refusal:
    """A step that cannot be taken, and why."""

    label: str
    reason: str


def look(state: StateLook) -> Look:
    """A state's word, shape and tone."""
    return Look(state.label, state.shape, state.tone)


def steps(found: FindingPage) -> tuple[Link, ...]:
    """The permitted steps, the one that moves things on first and alone in color."""
    codes = [choice.code for choice in found.permitted]
    primary = next((code for code in FORWARD if code in codes), "")
    if primary == "request_closing" and any(not measure.evidence for measure in found.measures):
        primary = "add_evidence" if "add_evidence" in codes else primary
    ordered = sorted(found.permitted, key=lambda choice: choice.code != primary)
    return tuple(
        Link(choice.label, f"{address(found.id)}steps/{choice.code}/", choice.code == primary) for choice in ordered
    )


def measures(found: FindingPage, on: date, *, may_add: bool = False) -> tuple[Measure, ...]:
    """The measures of the present plan version."""
    add_url = f"{address(found.id)}steps/add_evidence/" if may_add else ""
    is_at_rest = not _runs(found)
    return tuple(_measure(row, on, is_at_rest, add_url) for row in found.measures)


def _measure(row: MeasureRow, on: date, is_at_rest: bool, add_url: str) -> Measure:
    is_done = bool(row.evidence) or is_at_rest
    return Measure(
        text=row.text,
        unit=row.unit,
        person=row.person,
        due_on=row.due_on,
        due_label="" if is_done else words.due(row.due_on, on=on).label,
        product=row.product,
        evidence=files(row),
        is_overdue=row.is_overdue,
        is_done=is_done,
        add_url=f"{add_url}#evidence-{row.id}" if add_url else "",
    )


def files(row: MeasureRow) -> tuple[File, ...]:
    """The evidence of a measure, to download."""
    return tuple(
        File(item.name, f"/evidence/{item.id}", " ".join(filter(None, (item.proves, str(item.dated or "")))))
        for item in row.evidence
    )


def _needs(found: FindingPage) -> tuple[Need, ...]:
    """What closing still needs, while it is the unit that works."""
    shown = {choice.code for choice in (*found.permitted, *found.refused)}
    if "request_closing" not in shown or not found.measures:
        return ()
    lacking = [str(row.position) for row in found.measures if not row.evidence]
    note = gettext("缺第 %(numbers)s 条的佐证") % {"numbers": "、".join(lacking)} if lacking else ""
    return (Need(N_("每条措施至少有一份佐证"), note, not lacking),)


def signed(verdict: VerdictRow) -> Signed:
    """One verdict."""
    return Signed(
        verdict.about, verdict.role, verdict.person, verdict.at, verdict.verdict, verdict.verdict == VERDICTS["return"],
        verdict.opinion,
    )  # fmt: skip


def facts(found: FindingPage) -> tuple[Fact, ...]:
    """What is known of a finding, as far as there is something to say."""
    basis = gettext("（暂定）") if found.due_provisional else ""
    every: Sequence[tuple[str, Any, str]] = (
        (N_("编号"), found.number, ""),
        (N_("责任单位"), found.unit, f"{LEDGER}?{urlencode({'unit': found.unit_id})}"),
        (N_("所在部分"), " ".join(filter(None, (found.level, found.heading))), ""),
        (N_("签收日期"), found.given_on, ""),
        (N_("整改时限"), f"{found.due_on}{basis}" if found.due_on else "", ""),
        (N_("时限依据"), found.due_basis, ""),
        (N_("方案版本"), found.plan_version or "", ""),
        (N_("重报期限"), found.redo_by, ""),
        (N_("剩余事项"), found.remains, ""),
        (N_("剩余事项完成期限"), found.remains_by, ""),
        (N_("阶段目标"), found.stage_goals, ""),
        (N_("下次复核日期"), found.next_review_on, ""),
        (N_("并入"), gettext("另一条问题") if found.merged_into else "", address(found.merged_into)),
    )
    return tuple(Fact(label, str(value), url) for label, value, url in every if value)


def _source(found: FindingPage) -> str:
    if found.typed_by_hand:
        return gettext("手工录入")
    return found.source_name


def _happened(event: EventRow) -> Happened:
    tone = ""
    if event.state_to is not None:
        tone = "back" if event.state_to.code in BACKWARD else "done" if event.state_to.tone == "done" else ""
    via = "" if event.via == VIAS["web"] else event.via
    return Happened(
        event.at, event.actor, via, event.label, event.reason, tone,
        words.label(event.state_to.label) if event.state_to else "",
    )  # fmt: skip
