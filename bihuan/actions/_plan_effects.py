"""What the plan steps of a finding write: the row handed in, verdicts, and the version once all rows are decided."""

from uuid import UUID

from bihuan.actions._doing import Doing, Effect, act_of, follow, give_verdict
from bihuan.actions._plan_versions import draft_of, freeze_row, hand_in, put_row, refuse_unknown_units, row_hash, settle
from bihuan.actions.refusals import Refused
from bihuan.models import Plan, PlanRow
from bihuan.queries.findings.facts import current_row
from bihuan.rules import lifecycle
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


def submit_plan(doing: Doing) -> Effect:
    """Freeze the row in the version being handed in; a single row makes a version of its own."""
    typed = doing.typed
    refuse_unknown_units(typed.measures)
    plan = doing.plan or draft_of(doing.finding.feedback, by=doing.by, at=doing.at)
    content = RowContent(typed.causes, typed.goal, typed.leader, typed.head_leads, typed.measures)
    row = put_row(plan, doing.finding, content, by=doing.by, at=doing.at)
    after = {"version": plan.version, "measures": len(typed.measures)}
    act = act_of(doing, changes={"redo_by": None}, content_hash=row_hash(row), after=after)

    def freeze(event: UUID) -> None:
        freeze_row(row, typed.measures, by=doing.by, at=doing.at, because_of=event)
        if doing.by.role in doing.standing.plan_reviewers:
            give_verdict(doing, "agree", row=row)  # the head signs by handing in (decision 0011)
        if doing.plan is None:
            hand_in(plan, by=doing.by, at=doing.at, because_of=event)

    return Effect(act, freeze)


def agree_plan(doing: Doing) -> Effect:
    """One reviewer agrees to the present version."""
    row = row_of(doing)
    give_verdict(doing, "agree", row=row)
    return Effect(act_of(doing, content_hash=row.content_hash))


def return_plan(doing: Doing) -> Effect:
    """One reviewer sends the row back, with what is wrong, an opinion and a date."""
    row = row_of(doing)
    give_verdict(doing, "return", row=row)
    after = {"redo_by": str(doing.typed.redo_by), "faults": list(doing.typed.faults)}
    act = act_of(doing, changes={"redo_by": doing.typed.redo_by}, content_hash=row.content_hash, after=after)
    return Effect(act, lambda event: _decide(row, "return", doing, event))


def approve_plan(doing: Doing) -> Effect:
    """The last reviewer approves what all have agreed to."""
    row = row_of(doing)
    give_verdict(doing, "agree", row=row)
    act = act_of(doing, content_hash=row.content_hash)
    return Effect(act, lambda event: _decide(row, "approve", doing, event))


def _decide(row: PlanRow, code: str, doing: Doing, event: UUID) -> None:
    follow(row, lifecycle.PLAN_ROW, code, doing, event)
    plan = Plan.objects.select_for_update().get(pk=row.plan_id)
    settle(plan, by=doing.by, at=doing.at, because_of=event)


def row_of(doing: Doing) -> PlanRow:
    """The row of the plan that stands for the finding now. Raises Refused when none was ever handed in."""
    row = current_row(doing.finding)
    if row is None:
        raise Refused(Objection("no_plan", N_("还没有报送过整改方案。")))
    return row
