"""What a list of findings may be narrowed to: one set of filters for the ledger, its export, API and command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from bihuan.models import Finding, FindingUnit, Organization, PlanRow
from bihuan.models._visibility import VisibleQuerySet
from bihuan.queries._offered import under
from bihuan.queries.findings.changes import changed_findings
from bihuan.queries.findings.nearness import SHOWN, lit
from bihuan.queries.findings.ordering import RANK, RANKS
from bihuan.queries.findings.profiles import profiles_in_use
from bihuan.queries.findings.search import holding
from bihuan.queries.findings.stood import NONE, of_class, of_kind, stood
from bihuan.queries.findings.waiting import waiting_in
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import GIVEN, UNFINISHED
from bihuan.rules.metrics import STATES
from bihuan.rules.vocabulary import MARKS

# What a filter may ask for beside a single state: everything that is to be rectified, and what of it is not at rest.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "given": GIVEN, "unfinished": UNFINISHED, "not_done": STATES["not_done"]
}  # fmt: skip
# Within how many days a limit may be asked for; overdue is a light.
WITHIN = ("7", "15", "30")


@dataclass(frozen=True)
class FindingFilters:
    """What a list is narrowed to; empty values narrow nothing.

    `state` is a state or one of GROUPS; `light` one of overdue, soon, near; `waits` one of WAITS, for the actor;
    `mark` one of MARKS; `category` a code of any level; `unit` is inspected, `under` too or lies above it in the tree,
    `unit_named` stands in its name; `helping` helps or leads in its place, `lead` leads; `plan` is a version speaking
    for the findings; `changed`: by others in the last seven days; `due`: unfinished and due in so many days (WITHIN),
    or from one day to another;
    `was`: how they stood (STOOD) at the end of the day `as_of`, today when it stays away; `kind` of inspection;
    `unit_class` of the term's register. `none` as category, kind or class: without one.
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
    round: UUID | None = None
    under: UUID | None = None
    unit_named: str = ""
    lead: UUID | None = None
    due: str = ""
    due_from: date | None = None
    due_to: date | None = None
    was: str = ""
    as_of: date | None = None
    kind: str = ""
    unit_class: str = ""


@dataclass(frozen=True)
class Narrowed:
    """What is left of the findings, and whether a word was looked for that very many hold."""

    rows: VisibleQuerySet[Finding]
    by_common_word: bool


def states_of(code: str) -> tuple[str, ...]:
    """The states that a filter's code stands for."""
    return GROUPS.get(code, (code,))


def in_state(rows: VisibleQuerySet[Finding], *, code: str) -> VisibleQuerySet[Finding]:
    """Those in that state or group; a single state as its rank, along whose index lists are walked."""
    if code in RANKS:
        ranked: Any = rows.alias(rank=RANK).filter(rank=RANKS[code])
        return cast(VisibleQuerySet[Finding], ranked)
    return rows.filter(state__in=states_of(code)) if code else rows


def narrowed(visible: VisibleQuerySet[Finding], *, filters: FindingFilters, actor: Actor, on: date) -> Narrowed:
    """The findings of every filter but the state, which a list applies after it has counted by state."""
    word = holding(filters.query) if filters.query else None
    if word:
        visible = visible.filter(word.condition)
    visible = _by_row(visible, filters)
    for light in filter(None, ("overdue" if filters.overdue else "", filters.light)):
        visible = visible.filter(lit(light, on=on) if light in SHOWN else Q(pk__in=[]))
    if filters.was:
        visible = stood(visible, was=filters.was, on=filters.as_of or on)
    if filters.due:
        visible = visible.filter(_due_within(filters.due, on))
    if filters.waits:
        visible = visible.filter(waiting_in(actor, waits=filters.waits, on=on))
    if filters.changed:
        visible = visible.filter(pk__in=changed_findings(actor, on=on))
    return Narrowed(visible, bool(word and word.is_common))


def _by_row(visible: VisibleQuerySet[Finding], filters: FindingFilters) -> VisibleQuerySet[Finding]:
    for name, condition in _ROW.items():
        asked = getattr(filters, name)
        if asked:
            visible = visible.filter(condition(asked))
    return visible


def _due_within(days: str, on: date) -> Q:
    if days not in WITHIN:
        return Q(pk__in=[])
    return Q(state__in=UNFINISHED, due_on__range=(on, on + timedelta(days=int(days))))


def _led_by(unit: UUID) -> Q:
    """Who was inspected leads, unless another was named in its place."""
    return Q(lead_unit_id=unit) | Q(lead_unit_id=None, unit_id=unit)


def _helped_by(unit: UUID) -> Q:
    helpers = FindingUnit.objects.helping().filter(finding=OuterRef("pk"), helper_id=unit)
    return (Q(lead_unit_id=unit) | Exists(helpers)) & ~Q(unit_id=unit)


def _of_version(plan: UUID) -> Q:
    """What a version said of a finding no longer stands once it was returned."""
    rows = PlanRow.objects.filter(plan_id=plan, finding=OuterRef("pk")).exclude(state="returned")
    return Q(Exists(rows))


def _in_category(code: str) -> Q:
    codes = {"" if code == NONE else code}
    for profile in profiles_in_use():
        classes = profile.taxonomy.categories
        codes |= {one for one in classes if code in {above.code for above in profile.taxonomy.path(one)}}
    return Q(category__in=codes)


_ROW: Mapping[str, Callable[[Any], Q]] = {
    "unit": lambda unit: Q(unit_id=unit),
    "inspection": lambda inspection: Q(inspection_id=inspection),
    "round": lambda round_id: Q(round_id=round_id),
    "under": under,
    "unit_named": lambda name: Q(unit__in=Organization.objects.filter(name__contains=name)),
    "lead": _led_by,
    "due_from": lambda day: Q(due_on__gte=day),
    "due_to": lambda day: Q(due_on__lte=day),
    "mark": lambda mark: Q(**{mark: True}) if mark in MARKS else Q(pk__in=[]),
    "category": _in_category,
    "kind": of_kind,
    "unit_class": of_class,
    "helping": _helped_by,
    "feedback": lambda feedback: Q(feedback_id=feedback),
    "plan": _of_version,
}
