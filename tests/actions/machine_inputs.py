"""What random people type: everything that any act may ask for, sound; and for each field one wrong value."""

from datetime import timedelta
from decimal import Decimal

from bihuan.models import Finding, Measure
from bihuan.queries.findings.facts import current_row
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import Description, EvidenceInput, MeasureInput, StepInput
from bihuan.rules.vocabulary import CLAIMS
from tests.builders import TODAY
from tests.paths import CRITERIA, POINTS

LATER = TODAY + timedelta(days=20)
OPINION = "照片看不出日期，请补交原件再报。"
WRONG = {
    "reason": "",
    "redo_by": TODAY - timedelta(days=1),
    "measures": (),
    "causes": " ",
    "faults": ("weather",),
    "evidence": (),
    "claim": "perhaps",
    "criteria": CRITERIA[1:],
    "points": POINTS[1:],
    "progress": "",
    "done_on": TODAY + timedelta(days=1),
    "until": TODAY,
    "description": Description(category="Z999"),
    "remains": "",
    "remains_by": None,
    "stage_goals": "",
    "next_review_on": None,
    "ground": "",
}
# Which field each need looks at: a wrong value there refuses the step, a wrong value elsewhere does not.
LOOKS_AT = {
    "reason": "reason", "opinion": "reason", "redo_by": "redo_by", "remains": "remains", "remains_by": "remains_by",
    "stage_goals": "stage_goals", "next_review_on": "next_review_on", "plan_row": "causes", "measures": "measures",
    "plan_faults": "faults", "description": "description", "progress": "progress", "done_on": "done_on",
    "until": "until", "criteria": "criteria", "review_points": "points", "evidence_given": "evidence",
    "claim": "claim", "ground": "ground", "reopening_evidence": "evidence", "reason_or_merged_into": "reason",
}  # fmt: skip


def typed_for(row: Finding, turn: int) -> StepInput:
    """Whatever any step of that finding may ask for, all of it sound."""
    plan_row = current_row(row)
    measures = list(Measure.objects.filter(row=plan_row).order_by("position")) if plan_row else []
    content = content_for(row)
    return StepInput(
        reason=OPINION,
        redo_by=LATER,
        measures=content.measures,
        causes=content.causes,
        goal=content.goal,
        leader=content.leader,
        faults=("measures_vague",),
        evidence=tuple(
            EvidenceInput(one.pk, f"佐证{turn}.txt", f"seen {turn}".encode(), "已公示", TODAY) for one in measures
        ),
        claim=sorted(CLAIMS)[turn % 2],
        criteria=CRITERIA,
        points=POINTS,
        progress=f"已核对第 {turn} 所学校",
        done_on=TODAY,
        measure=measures[0].pk if measures and turn % 2 else None,
        until=(row.due_on or TODAY) + timedelta(days=10 + turn % 5),
        description=description_for(row, turn),
        fix_now=bool(turn % 2),
        remains="还有一所学校未公示",
        remains_by=LATER,
        stage_goals="每学期末抽查一次",
        next_review_on=LATER,
        ground="still_there",
    )


def content_for(row: Finding) -> RowContent:
    """A whole row of a plan."""
    measure = MeasureInput("逐校核对收费公示", row.unit_id, "分管副局长", LATER, "公示照片", kinds=("institution",))
    return RowContent("监管责任没有压到科室", "公示率达到 100%", "分管副局长", False, (measure,))


def description_for(row: Finding, turn: int) -> Description:
    """A sound description that leaves the lead unit as it is."""
    severity = ("ordinary", "key", "prominent")[turn % 3]
    return Description("A302", severity, amount=Decimal(turn + 1), lead_unit=row.lead_unit_id)
