"""What a list of findings may be narrowed to: one set of filters for the ledger, its export, API and command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from bihuan.models import Finding, FindingUnit, PlanRow
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries.findings.changes import changed_findings
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.findings.waiting import waiting_in
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import GIVEN, UNFINISHED
from bihuan.rules.vocabulary import MARKS

# What a filter may ask for beside a single state: everything that is to be rectified, and what of it is not at rest.
GROUPS: Mapping[str, tuple[str, ...]] = {"given": GIVEN, "unfinished": UNFINISHED}


@dataclass(frozen=True)
class FindingFilters:
    """What a list is narrowed to; empty values narrow nothing.

    `state` is a state or one of GROUPS; `light` one of overdue, soon, near; `waits` one of WAITS, for the actor;
    `mark` one of MARKS; `category` a code of any level; `unit` is inspected, `helping` helps or leads in its place;
    `plan` is a version that speaks for the findings; `changed`: by others in the last seven days.
    """

    state: str = ""
    unit: UUID | None = None
    inspection: UUID | None = None
    query: str = ""
    overdue: bool = False
    light: str = ""
    waits: str = ""
    mark: str = ""
    category: str = ""
    helping: UUID | None = None
    feedback: UUID | None = None
    plan: UUID | None = None
    changed: bool = False


def states_of(code: str) -> tuple[str, ...]:
    """The states that a filter's code stands for."""
    return GROUPS.get(code, (code,))


def narrowed(
    visible: VisibleQuerySet[Finding], *, filters: FindingFilters, actor: Actor, on: date
) -> VisibleQuerySet[Finding]:
    """The findings of every filter but the state, which a list applies after it has counted by state."""
    for name, condition in _ROW.items():
        asked = getattr(filters, name)
        if asked:
            visible = visible.filter(condition(asked))
    for light in filter(None, ("overdue" if filters.overdue else "", filters.light)):
        visible = visible.filter(lit(light, on=on) if light in SHOWN else Q(pk__in=[]))
    if filters.waits:
        visible = visible.filter(waiting_in(actor, waits=filters.waits, on=on))
    return visible.filter(pk__in=changed_findings(actor, on=on)) if filters.changed else visible


def _helped_by(unit: UUID) -> Q:
    helpers = FindingUnit.objects.filter(finding=OuterRef("pk"), helper_id=unit)
    return (Q(lead_unit_id=unit) | Exists(helpers)) & ~Q(unit_id=unit)


def _of_version(plan: UUID) -> Q:
    """What a version said of a finding no longer stands once it was returned."""
    rows = PlanRow.objects.filter(plan_id=plan, finding=OuterRef("pk")).exclude(state="returned")
    return Q(Exists(rows))


def _in_category(code: str) -> Q:
    codes = {code}
    for profile in profiles_in_use():
        classes = profile.taxonomy.categories
        codes |= {one for one in classes if code in {above.code for above in profile.taxonomy.path(one)}}
    return Q(category__in=codes)


_ROW: Mapping[str, Callable[[Any], Q]] = {
    "unit": lambda unit: Q(unit_id=unit),
    "inspection": lambda inspection: Q(inspection_id=inspection),
    "query": lambda query: Q(text__contains=query) | Q(number__contains=query),
    "mark": lambda mark: Q(**{mark: True}) if mark in MARKS else Q(pk__in=[]),
    "category": _in_category,
    "helping": _helped_by,
    "feedback": lambda feedback: Q(feedback_id=feedback),
    "plan": _of_version,
}
