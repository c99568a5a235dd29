"""The time line of a finding: each act that the actor may see, with what it changed said in words."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.models import Event, EventPlace, Finding
from bihuan.queries._questions import Question
from bihuan.queries.findings.parts import Change, EventRow
from bihuan.queries.looks import look
from bihuan.rules.access import Actor, Scope
from bihuan.rules.acts import act_label
from bihuan.rules.vocabulary import (
    CLAIMS,
    COMMONALITIES,
    MARKS,
    N_,
    REOPENING_GROUNDS,
    SEVERITIES,
    VIAS,
)

YES, NO = N_("是"), N_("否")
# Names of what events keep in their bodies; a name that is not here is not for reading.
NAMES = {
    "due_on": N_("整改时限"),
    "redo_by": N_("重报期限"),
    "until": N_("延期至"),
    "done_on": N_("进展日期"),
    "progress": N_("进展"),
    "evidence": N_("佐证"),
    "claim": N_("申请事由"),
    "ground": N_("重启依据"),
    "remains": N_("剩余事项"),
    "remains_by": N_("剩余事项完成期限"),
    "stage_goals": N_("阶段目标"),
    "next_review_on": N_("下次复核日期"),
    "category": N_("问题分类"),
    "severity": N_("轻重"),
    "commonality": N_("个性或共性"),
    "amount": N_("涉及金额"),
    "lead_unit": N_("责任单位"),
    "helping_units": N_("配合单位"),
    "version": N_("方案版本"),
    "measures": N_("措施"),
    **MARKS,
}
LABELS: Mapping[str, Mapping[str, str]] = {
    "claim": CLAIMS,
    "ground": REOPENING_GROUNDS,
    "severity": SEVERITIES,
    "commonality": COMMONALITIES,
}
NOTHING = ("", "None", "[]", "{}")


def story_of(finding: Finding, *, actor: Actor) -> tuple[EventRow, ...]:
    """The acts on the finding, newest first, those that the actor may see; one query."""
    return tuple(_row(place.event) for place in PLACES.rows(actor.scope, finding=finding.pk))


def _places(scope: Scope, *, finding: UUID) -> QuerySet[EventPlace]:
    places = EventPlace.objects.visible_to(scope).filter(event__thing_id=finding)
    return places.select_related("event__body").order_by("-event__at", "-event_id")


PLACES = Question(_places)


def _row(event: Event) -> EventRow:
    person, _, post = event.actor.partition("（")
    return EventRow(
        id=event.pk, at=event.at, actor=event.actor, person=person, post=post.removesuffix("）").strip(),
        via=VIAS[event.via], step=event.step, label=act_label(event.step, thing="finding"), reason=event.body.reason,
        state_to=look(event.state_to) if event.state_to != event.state_from else None,
        changed=changes(event.body.before, after=_less_its_day(event)),
    )  # fmt: skip


def _less_its_day(event: Event) -> Mapping[str, Any]:
    """What the event left behind, without a day of progress that is the day of the event itself."""
    after: Mapping[str, Any] = event.body.after
    day = str(timezone.localdate(event.at))
    return {name: value for name, value in after.items() if (name, value) != ("done_on", day)}


def changes(before: Mapping[str, Any], *, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two bodies, each by its name, in the order of NAMES; one without a name stays unsaid."""
    said = (
        Change(NAMES[name], _value(name, before.get(name)), _value(name, after.get(name)))
        for name in NAMES
        if name in before or name in after
    )
    return tuple(change for change in said if change.before != change.after)


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return YES if str(value) == "True" else NO
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    text = str(value)
    labels: Callable[[str, str], str] = LABELS.get(name, {}).get
    return "" if text in NOTHING else labels(text, text)
