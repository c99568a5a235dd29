"""Rounds and inspections: lists, pages with the permitted steps, and choices for their forms.

Rounds are for those who plan them; inspections for whoever the one form lets see them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from bihuan.models import Assignment, Feedback, Finding, Inspection, Post, Round, Term
from bihuan.queries._rounds import InspectionRow, RoundRow, inspections_within, kind_label, look_of, rounds_within
from bihuan.queries.looks import StateLook, look
from bihuan.queries.record import TimelineRow, timeline_of
from bihuan.queries.standing import ROUND_PROFILES, InspectionStanding, profile_named, standing_of
from bihuan.queries.terms import work_calendar
from bihuan.rules.access import PLANS_ROUNDS, Actor, stands_as
from bihuan.rules.lifecycle import FEEDBACK, FINDING, INSPECTION
from bihuan.rules.objections import not_yours
from bihuan.rules.time_limits import EVENT_LABELS, Anchor
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import AUDIENCES, OFFICE_ROLES, ROLES, TEAM_ROLES
from bihuan.rules.work_calendar import due_for

ASSIGNABLE = (*TEAM_ROLES, "supervising_leader", "evaluator", "functional_clerk")


@dataclass(frozen=True)
class Choice:
    """Something to choose in a form: the value that is sent, the words that are shown."""

    value: str
    label: str


@dataclass(frozen=True)
class RoundList:
    """All rounds that the actor may see, the latest first."""

    rows: tuple[RoundRow, ...]
    may_plan: bool


@dataclass(frozen=True)
class RoundPage:
    """One round with its inspections."""

    id: UUID
    name: str
    number: str
    kind_label: str
    term: UUID
    term_name: str
    profile_label: str
    profile_version: str
    starts_on: date
    ends_on: date
    inspections: tuple[InspectionRow, ...]
    events: tuple[TimelineRow, ...]
    may_plan: bool


@dataclass(frozen=True)
class RoundChoices:
    """What the form of a new round offers."""

    terms: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    profiles: tuple[Choice, ...]


@dataclass(frozen=True)
class InspectionList:
    """One page of inspections with the counts of the same search by state."""

    rows: tuple[InspectionRow, ...]
    counts: tuple[tuple[StateLook, int], ...]
    total: int


@dataclass(frozen=True)
class InspectionStep:
    """A step of the inspection: permitted, or refused with the objection."""

    code: str
    label: str
    objection: Objection | None


@dataclass(frozen=True)
class Member:
    """A post that works on the inspection."""

    post: UUID
    person: str
    role_label: str
    organization: str


@dataclass(frozen=True)
class DueRow:
    """A date that follows from the stay: what is due, when, and how that was counted."""

    label: str
    on: date
    basis: str
    provisional: bool


@dataclass(frozen=True)
class FeedbackLine:
    """One feedback of the inspection."""

    id: UUID
    title: str
    audience_label: str
    state: StateLook


@dataclass(frozen=True)
class InspectionPage:
    """One inspection. `round` is None where rounds are not the actor's to know."""

    id: UUID
    title: str
    unit: UUID
    unit_name: str
    team: UUID
    team_name: str
    number: str
    kind_label: str
    round: UUID | None
    round_name: str
    state: StateLook
    revision: int
    arrives_on: date | None
    leaves_on: date | None
    steps: tuple[InspectionStep, ...]
    members: tuple[Member, ...]
    feedbacks: tuple[FeedbackLine, ...]
    counts: tuple[tuple[StateLook, int], ...]
    dues: tuple[DueRow, ...]
    events: tuple[TimelineRow, ...]
    may_assign: bool


def rounds_for(by: Actor) -> RoundList | None:
    """All rounds; None for who does not plan them."""
    if by.role not in PLANS_ROUNDS:
        return None
    return RoundList(rounds_within(Round.objects.all(), by=by), may_plan=by.role in OFFICE_ROLES)


def round_page(round_id: UUID, *, by: Actor) -> RoundPage | None:
    """One round, or None when it is not there or not the actor's to know."""
    row = Round.objects.visible_to(by.scope).select_related("term").filter(pk=round_id).first()
    if row is None or by.role not in PLANS_ROUNDS:
        return None
    inspections = Inspection.objects.visible_to(by.scope).filter(round=row)
    return RoundPage(
        id=row.pk,
        name=row.name,
        number=_number(row.office_word, row.year, row.number),
        kind_label=kind_label(row),
        term=row.term_id,
        term_name=row.term.name,
        profile_label=profile_named(row.profile).label["zh"],
        profile_version=row.profile_version,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        inspections=inspections_within(inspections, by=by),
        events=timeline_of(row.pk, by=by),
        may_plan=by.role in OFFICE_ROLES,
    )


def round_choices() -> RoundChoices:
    """Terms, kinds and profiles for the form of a new round."""
    profiles = [profile_named(name) for name in ROUND_PROFILES]
    kinds = {code: kind.label["zh"] for profile in profiles for code, kind in profile.kinds.items()}
    terms = Term.objects.order_by("-starts_on").values_list("pk", "name")
    return RoundChoices(
        terms=tuple(Choice(str(pk), name) for pk, name in terms),
        kinds=tuple(Choice(code, label) for code, label in kinds.items()),
        profiles=tuple(Choice(profile.name, profile.label["zh"]) for profile in profiles),
    )


def inspections_for(by: Actor, *, state: str = "", query: str = "") -> InspectionList:
    """The inspections that the actor may see, narrowed by state and by the unit's name."""
    visible = Inspection.objects.visible_to(by.scope)
    narrowed = visible.filter(unit__name__contains=query.strip()) if query.strip() else visible
    counts = dict(narrowed.order_by().values_list("state").annotate(n=Count("pk")))
    rows = narrowed.filter(state=state) if state else narrowed
    return InspectionList(
        rows=inspections_within(rows, by=by),
        counts=tuple((look_of(each.code), counts[each.code]) for each in INSPECTION.states if each.code in counts),
        total=visible.count(),
    )


def inspection_page(inspection: UUID, *, by: Actor) -> InspectionPage | None:
    """One inspection, or None when it is not there or not the actor's to know."""
    found = Inspection.objects.visible_to(by.scope).select_related("unit", "team")
    row = found.filter(pk=inspection).first()
    if row is None:
        return None
    of_round = Round.objects.visible_to(by.scope).filter(pk=row.round_id).first() if by.role in PLANS_ROUNDS else None
    return InspectionPage(
        id=row.pk,
        title=row.title,
        unit=row.unit_id,
        unit_name=row.unit.name,
        team=row.team_id,
        team_name=row.team.name,
        number=_number(row.office_word, row.year, row.round_number),
        kind_label=kind_label(of_round) if of_round else "",
        round=of_round.pk if of_round else None,
        round_name=of_round.name if of_round else "",
        state=look_of(row.state),
        revision=row.revision,
        arrives_on=row.arrives_on,
        leaves_on=row.leaves_on,
        steps=_steps(row, by=by),
        members=_members(row),
        feedbacks=_feedbacks(row, by=by),
        counts=_counts(row, by=by),
        dues=tuple(_dues(row)),
        events=timeline_of(row.pk, by=by),
        may_assign=by.role in OFFICE_ROLES and row.state != "archived",
    )


def posts_to_assign(inspection: UUID, *, on: date) -> tuple[Choice, ...]:
    """Posts held that day in roles that see only what they are assigned to, and not on the inspection yet."""
    held = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, role__in=ASSIGNABLE)
    there = Assignment.objects.filter(inspection=inspection).values("post")
    posts = held.exclude(pk__in=there).select_related("account", "organization").order_by("organization__lo", "id")
    return tuple(Choice(str(post.pk), f"{post.account.person}（{_seat(post)}{ROLES[post.role]}）") for post in posts)


def _steps(row: Inspection, *, by: Actor) -> tuple[InspectionStep, ...]:
    standing: InspectionStanding = standing_of(
        row.pk, unit_id=row.unit_id, unit_lo=row.unit_lo, profile=row.profile, actor=by
    )
    relations = stands_as(by, thing=standing)
    if not relations - {"unit", "unit_head", "signer_of_receipt"}:
        return ()
    steps = [step for step in INSPECTION.steps_from(row.state) if not step.consequence]
    return tuple(
        InspectionStep(step.code, step.label, None if set(step.who) & relations else not_yours(step.who))
        for step in steps
    )


def _members(row: Inspection) -> tuple[Member, ...]:
    found = Assignment.objects.filter(inspection=row).select_related("post__account", "post__organization")
    posts = sorted((each.post for each in found), key=lambda post: (ASSIGNABLE.index(post.role), str(post.pk)))
    return tuple(
        Member(post.pk, post.account.person, ROLES[post.role], post.organization.name if post.organization else "")
        for post in posts
    )


def _feedbacks(row: Inspection, *, by: Actor) -> tuple[FeedbackLine, ...]:
    found = Feedback.objects.visible_to(by.scope).filter(inspection=row).order_by("id")
    return tuple(
        FeedbackLine(each.pk, each.title, AUDIENCES[each.audience], look(each.state, machine=FEEDBACK))
        for each in found
    )


def _counts(row: Inspection, *, by: Actor) -> tuple[tuple[StateLook, int], ...]:
    found = Finding.objects.visible_to(by.scope).filter(inspection=row).exclude(state="withdrawn")
    counts = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    return tuple((look(state.code), counts[state.code]) for state in FINDING.states if state.code in counts)


def _dues(row: Inspection) -> Iterator[DueRow]:
    """What the profile counts from the days of the stay; feedback and later have their own pages."""
    days = {Anchor.ENTRY: row.arrives_on, Anchor.ONSITE_ENDED: row.leaves_on}
    calendar = work_calendar()
    for event, line in profile_named(row.profile).time_limits.entries.items():
        anchor = days.get(line.counted_from)
        due = due_for(line, anchor=anchor, work_calendar=calendar) if anchor else None
        if due is not None:
            yield DueRow(EVENT_LABELS[event], due.on, due.basis, due.provisional)


def _number(office_word: str, year: int, number: int) -> str:
    return f"{office_word}〔{year}〕{number}"


def _seat(post: Post) -> str:
    return f"{post.organization.name} " if post.organization else ""
