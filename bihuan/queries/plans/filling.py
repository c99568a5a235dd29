"""One row to fill in: the finding, what is written now, what was handed in last and what reviewers said of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bihuan.models import Finding, Organization, PlanRow
from bihuan.queries._offered import UnitChoice
from bihuan.queries.plans.parts import PlanRowView
from bihuan.queries.plans.rows import Reader, views
from bihuan.queries.standing import profile_of, standing_to
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING, GIVEN, PLAN_ROW
from bihuan.rules.objections import not_yours, wrong_state
from bihuan.rules.typed import Objection


@dataclass(frozen=True)
class RowPage:
    """The form of one row. `now`: the draft row, or the finding with nothing written; `last`: what was handed in last.

    `objection`: why it cannot be filled in now, or not by this actor.
    """

    feedback: UUID
    unit_id: UUID
    now: PlanRowView
    last: PlanRowView | None
    units: tuple[UnitChoice, ...]
    objection: Objection | None


def row_page(finding: UUID, *, actor: Actor, on: date) -> RowPage | None:
    """The form of one finding's row, or None when the finding is not the actor's to know."""
    visible = Finding.objects.visible_to(actor.scope).filter(state__in=GIVEN).select_related("unit", "lead_unit")
    found = visible.filter(pk=finding).first()
    if found is None:
        return None
    rows = list(PlanRow.objects.visible_to(actor.scope).filter(finding=found).order_by("-version"))
    draft = next((row for row in rows if row.state == "draft"), None)
    handed_in = next((row for row in rows if row.state != "draft"), None)
    reader = Reader(actor, standing_to(found, by=actor), profile_of(found), on)
    now, last = views([(found, draft), (found, handed_in)], reader=reader)
    units = Organization.objects.filter(ended_on=None).order_by("lo").values_list("pk", "name")
    return RowPage(
        feedback=found.feedback_id, unit_id=found.unit_id, now=now, last=last if handed_in else None,
        units=tuple(UnitChoice(*unit) for unit in units), objection=_objection(found, now, reader),
    )  # fmt: skip


def _objection(finding: Finding, row: PlanRowView, reader: Reader) -> Objection | None:
    step = PLAN_ROW.step("fill")
    if not set(step.who) & reader.relations:
        return not_yours(step.who)
    if row.may_fill:
        return None
    return wrong_state(FINDING.step("submit_plan"), machine=FINDING, state=finding.state)
