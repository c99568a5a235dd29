"""What the form of one step shows: the finding, whether the step is open to the actor now, and what can be chosen."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bihuan.models import Feedback, Finding
from bihuan.queries._draft_choices import DraftChoices, draft_choices
from bihuan.queries.findings.page import UNKNOWN_PROFILE, FindingPage, finding_page
from bihuan.queries.looks import title_of
from bihuan.queries.standing import profile_named
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.machines import Step
from bihuan.rules.objections import wrong_state
from bihuan.rules.typed import Objection


@dataclass(frozen=True)
class OtherFinding:
    """A finding of the same feedback, into which this one may be merged."""

    id: UUID
    number: str
    title: str


@dataclass(frozen=True)
class Named:
    """A criterion of closing or a point of review; its words in each language."""

    code: str
    label: dict[str, str]


@dataclass(frozen=True)
class StepPage:
    """One step of one finding; `objection` says why it cannot be taken now whatever is typed."""

    finding: FindingPage
    code: str
    label: str
    needs: tuple[str, ...]
    objection: Objection | None
    others: tuple[OtherFinding, ...]
    criteria: tuple[Named, ...] = ()
    points: tuple[Named, ...] = ()
    choices: DraftChoices | None = None


def step_page(finding: UUID, *, step: str, actor: Actor, on: date) -> StepPage | None:
    """The page of a step, or None when the finding is not the actor's to know or nobody takes such a step by hand."""
    taken = next((one for one in FINDING.steps if one.code == step and not one.consequence), None)
    page = finding_page(finding, actor=actor, on=on) if taken else None
    if page is None or taken is None:
        return None
    return StepPage(
        finding=page,
        code=taken.code,
        label=taken.label,
        needs=taken.needs,
        objection=_objection(page, taken),
        others=_others(page, actor) if "reason_or_merged_into" in taken.needs else (),
        criteria=_named(page, actor, "criteria") if "criteria" in taken.needs else (),
        points=_named(page, actor, "points") if _asks_points(taken, actor) else (),
        choices=_description_choices(page, actor) if "description" in taken.needs else None,
    )


def _asks_points(step: Step, actor: Actor) -> bool:
    """The points of review are for those who review, not for the head who countersigns."""
    return actor.role != "unit_head" and bool({"review_points", "known_points"} & set(step.needs))


def _named(page: FindingPage, actor: Actor, kind: str) -> tuple[Named, ...]:
    """What the profile of the finding's inspection asks at closing."""
    seen = Finding.objects.visible_to(actor.scope).filter(pk=page.id).values_list("inspection__profile", flat=True)
    closing = profile_named(seen.first() or UNKNOWN_PROFILE).closing
    return tuple(Named(one.code, dict(one.label)) for one in getattr(closing, kind).values())


def _description_choices(page: FindingPage, actor: Actor) -> DraftChoices | None:
    feedback = Feedback.objects.visible_to(actor.scope).filter(pk=page.feedback).first()
    return draft_choices(feedback) if feedback else None


def _objection(page: FindingPage, step: Step) -> Objection | None:
    if step.code in {choice.code for choice in page.permitted}:
        return None
    for refused in page.refused:
        if refused.code == step.code:
            return refused.objection
    return wrong_state(step, machine=FINDING, state=page.state.code)


def _others(page: FindingPage, actor: Actor) -> tuple[OtherFinding, ...]:
    found = Finding.objects.visible_to(actor.scope).filter(feedback_id=page.feedback).exclude(pk=page.id)
    rows = found.exclude(state="withdrawn").order_by("number")
    return tuple(OtherFinding(row.pk, row.number, title_of(row.text)) for row in rows)
