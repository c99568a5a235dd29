"""The plan of a unit as a whole: rows filled in, a version handed in, and reviewed row by row or all at once.

Each row is a step of its finding; here stands only what concerns many of them in one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.actions import _step
from bihuan.actions._plan_versions import (
    MAY_BE_PLANNED,
    draft_of,
    hand_in,
    hold_plans_of,
    put_row,
    refuse_unknown_units,
)
from bihuan.actions._step import Act
from bihuan.actions.findings import StepTaken, take_locked
from bihuan.actions.refusals import NotYours, Refused
from bihuan.models import Feedback, Finding, Plan, PlanRow
from bihuan.queries.standing import standing_to
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor, stands_as
from bihuan.rules.objections import not_yours, wrong_state
from bihuan.rules.plan_content import RowContent, read
from bihuan.rules.plan_needs import row_fits
from bihuan.rules.typed import Objection, StepInput
from bihuan.rules.vocabulary import N_

NAMED = 5
NOT_NOW = ("already_agreed", "reviewers_pending", "wrong_state")


@dataclass(frozen=True)
class PlanTaken:
    """What came of an act on a plan: the version, its state and revision, and the findings whose step was taken."""

    plan: UUID
    version: int
    state: str
    revision: int
    steps: tuple[StepTaken, ...]


@dataclass(frozen=True)
class RowFilled:
    """A row written into the draft: the version it stands in, its own id and revision."""

    plan: UUID
    row: UUID
    version: int
    revision: int


def fill_row(
    *, finding: UUID, content: RowContent, by: Actor, at: datetime, seen: int | None = None
) -> RowFilled:  # fmt: skip
    """Write what the unit's draft says of one finding; incomplete rows are kept as they are.

    `seen`: the revision of the draft row that the person saw, 0 where there was none. Raises Unknown, Overtaken,
    NotYours, Refused (not to be planned for now, or longer than can be kept).
    """
    row = _step.lock(Finding, finding, by=by, seen=None)
    fill = lifecycle.PLAN_ROW.step("fill")
    if not set(fill.who) & stands_as(by, thing=standing_to(row, by=by)):
        raise NotYours(not_yours(fill.who))
    if row.state not in MAY_BE_PLANNED:
        if seen:
            raise _step.overtaken(row.pk)
        raise Refused(wrong_state(lifecycle.FINDING.step("submit_plan"), machine=lifecycle.FINDING, state=row.state))
    objection = row_fits(content.leader, content.measures)
    if objection:
        raise Refused(objection)
    refuse_unknown_units(content.measures)
    plan = draft_of(row.feedback, by=by, at=at)
    _refuse_old(row, seen)
    written = put_row(plan, row, content, by=by, at=at)
    # Who hands the version in has seen a revision of it: a row filled since then makes that an old one.
    _step.take(plan, machine=lifecycle.PLAN, code="fill", act=Act(by, at, after={"finding": row.number}))
    return RowFilled(plan.pk, written.pk, plan.version, written.revision)


def _refuse_old(finding: Finding, seen: int | None) -> None:
    """Two people write the same row: the one who has not seen what the other wrote is told."""
    last = PlanRow.objects.filter(finding=finding).order_by("-version").first()
    there = last.revision if last is not None and last.state == "draft" else 0
    if last is not None and seen is not None and seen != there:
        raise _step.overtaken(last.pk)


def submit_plan(
    *, feedback: UUID, by: Actor, at: datetime, on: date, findings: Sequence[UUID] | None = None,
    seen: int | None = None,
) -> PlanTaken:  # fmt: skip
    """Hand the draft version in, all or nothing; `findings`: only these rows, the others stay in writing.

    `seen`: the plan's revision. Raises Unknown, Overtaken, NotYours, Refused (a finding without a row: 任务有漏项).
    """
    answered = _step.lock(Feedback, feedback, by=by, seen=None)
    _lock_findings(by, feedback=answered)
    found = Plan.objects.visible_to(by.scope).filter(feedback=answered, state="draft").first()
    if found is None:
        raise _nothing_to_hand_in(answered, seen)
    plan = _step.lock(Plan, found.pk, by=by, seen=seen)
    _step.check(plan, machine=lifecycle.PLAN, code="submit", standing=standing_to(plan, by=by), by=by, seen=seen)
    rows = _rows_to_hand_in(plan, findings)
    taken = tuple(_hand_in_row(row, plan, by=by, at=at, on=on) for row in rows)
    hand_in(plan, by=by, at=at)
    return PlanTaken(plan.pk, plan.version, plan.state, plan.revision, taken)


def _lock_findings(by: Actor, **those: object) -> None:
    """Findings first, in the order of their numbers, then the version, then its rows: so everybody waits in line."""
    rows = Finding.objects.visible_to(by.scope).select_for_update(no_key=True).filter(**those).order_by("number")
    list(rows.values_list("pk"))


def _nothing_to_hand_in(feedback: Feedback, seen: int | None) -> Exception:
    """Why there is no draft: none was begun, or another has just handed in the one that the person saw."""
    last = Plan.objects.filter(feedback=feedback).order_by("-version").first()
    if seen is not None and last is not None:
        return _step.overtaken(last.pk)
    return Refused(Objection("no_draft_plan", N_("还没有填写整改方案，请先逐条填写。")))


def _rows_to_hand_in(plan: Plan, findings: Sequence[UUID] | None) -> list[PlanRow]:
    open_findings = Finding.objects.filter(feedback=plan.feedback_id, state__in=MAY_BE_PLANNED)
    drafts = PlanRow.objects.filter(plan=plan, state="draft", finding__in=open_findings).select_related("finding")
    rows = list(drafts.order_by("finding__number"))
    if findings is not None:
        rows = [row for row in rows if row.finding_id in findings]
    else:
        answered = {row.finding_id for row in rows}
        _refuse_gaps(open_findings.exclude(pk__in=answered).order_by("number").values_list("number", flat=True))
    if not rows or (findings is not None and len(rows) < len(set(findings))):
        raise Refused(Objection("rows_missing", N_("选定的问题还没有填写方案，请先填写。"), "findings"))
    return rows


def _refuse_gaps(numbers: Iterable[str]) -> None:
    lacking = list(numbers)
    if lacking:
        named = "、".join(lacking[:NAMED]) + ("…" if len(lacking) > NAMED else "")
        sentence = N_("还有 %(count)s 条问题没有写进方案（任务有漏项）：%(numbers)s。")
        raise Refused(Objection("plan_gaps", sentence, "findings", values={"count": len(lacking), "numbers": named}))


def _hand_in_row(row: PlanRow, plan: Plan, *, by: Actor, at: datetime, on: date) -> StepTaken:
    typed = StepInput(
        causes=row.causes, goal=row.goal, leader=row.leader, head_leads=row.head_leads, measures=read(row.typed)
    )
    finding = _step.lock(Finding, row.finding_id, by=by, seen=None)
    try:
        return take_locked(finding, step="submit_plan", typed=typed, by=by, at=at, on=on, plan=plan)
    except Refused as refusal:
        raise Refused(_of_row(refusal.objection, finding)) from refusal


def _of_row(objection: Objection, finding: Finding) -> Objection:
    """The same objection, saying which finding's row it concerns."""
    where = f"findings.{finding.pk}.{objection.where}"
    values = {**objection.values, "finding": finding.number}
    return Objection(objection.code, objection.message, where, objection.article, values)


def review_plan(
    *, plan: UUID, agrees: bool, typed: StepInput, by: Actor, at: datetime, on: date,
    findings: Sequence[UUID] | None = None, seen: int | None = None,
) -> PlanTaken:  # fmt: skip
    """One party's verdict on a version, on all the rows that are its to decide now, or on those of `findings`.

    Raises Unknown, Overtaken, NotYours, Refused (the first row that objects; nothing is kept then).
    """
    hold_plans_of(Plan.objects.filter(pk=plan).values("feedback_id"), by=by)
    seen_of = Plan.objects.visible_to(by.scope).filter(pk=plan).values_list("feedback", flat=True).first()
    if seen_of is not None:
        _lock_findings(by, feedback=seen_of, plan_rows__plan=plan)
    version = _step.lock(Plan, plan, by=by, seen=seen)
    relations = stands_as(by, thing=standing_to(version, by=by))
    if not relations & {"plan_reviewer", "last_plan_reviewer"}:
        raise NotYours(not_yours(lifecycle.FINDING.step("return_plan").who))
    agreeing = "approve_plan" if "last_plan_reviewer" in relations else "agree_plan"
    step = agreeing if agrees else "return_plan"
    chosen = _waiting_rows(version, findings, seen)
    taken = _review_rows(chosen, step, typed, skips=findings is None, by=by, at=at, on=on)
    version.refresh_from_db()
    return PlanTaken(version.pk, version.version, version.state, version.revision, taken)


def _waiting_rows(version: Plan, findings: Sequence[UUID] | None, seen: int | None) -> list[UUID]:
    """The rows that wait for verdicts, or those of `findings` among them; another may have decided some meanwhile."""
    rows = PlanRow.objects.filter(plan=version).exclude(state="draft").order_by("finding__number")
    states = dict(rows.values_list("finding_id", "state"))
    waiting = [finding for finding, state in states.items() if state == "submitted"]
    if findings is None:
        return waiting
    decided = [finding for finding in findings if finding not in waiting]
    if decided and seen is not None and set(decided) <= set(states):
        raise _step.overtaken(decided[0])
    if decided or not findings:
        raise Refused(Objection("rows_not_waiting", N_("选定的问题不在待审之列，请刷新页面后重选。"), "findings"))
    return [finding for finding in waiting if finding in set(findings)]


def _review_rows(
    chosen: Sequence[UUID], step: str, typed: StepInput, *, skips: bool, by: Actor, at: datetime, on: date
) -> tuple[StepTaken, ...]:
    """`skips`: rows that are not this party's to decide now are passed over, unless that leaves none."""
    taken, refusals = [], []
    for finding in chosen:
        row = _step.lock(Finding, finding, by=by, seen=None)
        try:
            taken.append(take_locked(row, step=step, typed=typed, by=by, at=at, on=on))
        except Refused as refusal:
            if not skips or refusal.objection.code not in NOT_NOW:
                raise Refused(_of_row(refusal.objection, row)) from refusal
            refusals.append(Refused(_of_row(refusal.objection, row)))
    if not taken:
        raise refusals[0] if refusals else Refused(Objection("nothing_waits", N_("这一版方案没有待您审核的问题。")))
    return tuple(taken)
