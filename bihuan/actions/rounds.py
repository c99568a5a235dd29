"""Rounds, the inspections in them, who works on which, and the steps of an inspection up to archiving.

Feedback moves an inspection on by itself; that is in feedback.py.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.actions import _step
from bihuan.actions._mandate import one_at_a_time, only
from bihuan.actions._record import write_event
from bihuan.actions._step import Act
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import Assignment, Inspection, Organization, Post, Round, Term
from bihuan.models._visibility import placed_like
from bihuan.queries.standing import profile_named, recused, standing_of
from bihuan.rules import lifecycle
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.numbering import finding_number
from bihuan.rules.profile import Profile
from bihuan.rules.profile_table import ProfileInvalid
from bihuan.rules.recusal import RECUSAL_YEARS
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import INSPECTABLE_CLASSES, N_, OFFICE_ROLES, TEAM_ROLES

# These see nothing by range, only what they are assigned to (access.REACH).
ASSIGNABLE = (*TEAM_ROLES, "supervising_leader", "evaluator", "functional_clerk")
OFFICE_SIDE = {"stage": 0, "side": "office"}


def create_round(
    *,
    term: UUID,
    office_word: str,
    year: int,
    number: int,
    kind: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    profile: str = "county",
    name: str = "",
) -> UUID:
    """A round of one kind under a profile whose version it keeps. Returns its id.

    Raises NotYours, Unknown (term), Refused (no tree, profile, kind, number unfit or taken, days outside the term).
    """
    only(OFFICE_ROLES, by=by)
    one_at_a_time("rounds")
    of_term, chosen, root = _term(term), _profile(profile), _root()
    office_word = office_word.strip()
    if kind not in chosen.kinds:
        raise Refused(Objection("kind_unknown", N_("请选择巡察种类。"), "kind"))
    _refuse_days(of_term, starts_on, ends_on)
    _refuse_number(office_word, year, number)
    row = Round(
        id=new_id(at), term=of_term, office_word=office_word, year=year, number=number, kind=kind,
        name=name.strip() or _round_name(chosen, kind, year, number), profile=chosen.name,
        profile_version=chosen.version, starts_on=starts_on, ends_on=ends_on, unit=root, unit_lo=root.lo, **OFFICE_SIDE,
    )  # fmt: skip
    row.save(force_insert=True)
    write_event(thing="round", thing_id=row.pk, step="create", by=by, at=at, place=placed_like(row), after=_said(row))
    return row.pk


def add_inspection(*, round_id: UUID, unit: UUID, team: UUID, by: Actor, at: datetime) -> UUID:
    """A unit to be inspected in the round by a team; whoever is on the team that day is assigned. Returns its id.

    Raises NotYours, Unknown (round, unit, team), Refused (unit unfit or there already, no team, recusal).
    """
    only(OFFICE_ROLES, by=by)
    one_at_a_time("rounds")
    of_round = _step.lock(Round, round_id, by=by, seen=None)
    place, by_team, day = _organization(unit), _organization(team), timezone.localdate(at)
    _refuse_unit(of_round, place)
    if by_team.organization_class != "inspection_team" or by_team.ended_on:
        raise Refused(Objection("not_a_team", N_("请选择一个巡察组。"), "team"))
    posts = list(_held(day).filter(organization=by_team, role__in=TEAM_ROLES))
    for post in posts:
        _refuse_recusal(post, unit=place, on=day)
    row = Inspection(
        round=of_round,
        team=by_team,
        title=f"{place.name}（{of_round.name}）",
        office_word=of_round.office_word,
        year=of_round.year,
        round_number=of_round.number,
        profile=of_round.profile,
        unit=place,
        unit_lo=place.lo,
        stage=0,
        side="both",
    )
    row.id = row.inspection_id = new_id(at)
    after = {"unit": str(place.pk), "team": str(by_team.pk), "assigned": [str(post.pk) for post in posts]}
    _step.begin(row, machine=lifecycle.INSPECTION, code="add", act=Act(by=by, at=at, after=after))
    Assignment.objects.bulk_create([Assignment(id=new_id(at), post=post, inspection=row) for post in posts])
    return row.pk


def assign_post(inspection: UUID, *, post: UUID, by: Actor, at: datetime, reason: str = "") -> UUID:
    """Let a post work on the inspection. Returns the assignment's id.

    Raises NotYours, Unknown, Refused (archived, not held today, a role that is not assigned, there already, recusal).
    """
    only(OFFICE_ROLES, by=by)
    row = _step.lock(Inspection, inspection, by=by, seen=None)
    day = timezone.localdate(at)
    chosen = _held(day).filter(pk=post, role__in=ASSIGNABLE).first()
    if row.state == "archived":
        raise Refused(Objection("archived", N_("已经归档，不能再安排人员。")))
    if chosen is None:
        raise Refused(Objection("not_assignable", N_("请选择现任的巡察组成员或其他需要安排的职务。"), "post"))
    if Assignment.objects.filter(post=chosen, inspection=row).exists():
        raise Refused(Objection("assigned_already", N_("这个职务已经在本次巡察中。"), "post"))
    _refuse_recusal(chosen, unit=row.unit, on=day)
    assignment = Assignment(id=new_id(at), post=chosen, inspection=row)
    assignment.save(force_insert=True)
    _record_assignment(row, "assign", chosen, by=by, at=at, reason=reason)
    return assignment.pk


def unassign_post(inspection: UUID, *, post: UUID, by: Actor, at: datetime, reason: str) -> None:
    """Take a post off the inspection; it no longer sees it. Raises NotYours, Unknown, Refused (no reason)."""
    only(OFFICE_ROLES, by=by)
    row = _step.lock(Inspection, inspection, by=by, seen=None)
    assignment = Assignment.objects.filter(post=post, inspection=row).select_related("post__account").first()
    if assignment is None:
        raise Unknown("assignment", post)
    if not reason.strip():
        raise Refused(Objection("reason_missing", N_("请写明理由。"), "reason"))
    _record_assignment(row, "release", assignment.post, by=by, at=at, reason=reason)
    assignment.delete()


def take_step(
    inspection: UUID, *, step: str, by: Actor, at: datetime, on: date, reason: str = "", seen: int | None = None
) -> None:
    """Enter, leave or archive; `on` is the day the team arrived or left. From the entry on, the unit may know of it.

    Raises NotYours, Unknown, Overtaken, Refused (state, a day to come, leaving before the arrival).
    """
    row = _step.lock(Inspection, inspection, by=by, seen=seen)
    standing = standing_of(row.pk, unit_id=row.unit_id, unit_lo=row.unit_lo, profile=row.profile, actor=by)
    _step.check(row, machine=lifecycle.INSPECTION, code=step, standing=standing, by=by, seen=seen)
    changes = _changes(row, step, on, today=timezone.localdate(at))
    # The record of the stay is the office's: a unit sees no event earlier than the giving of feedback.
    act = Act(by=by, at=at, reason=reason.strip(), changes=changes, after={"on": on.isoformat()}, side="office")
    _step.take(row, machine=lifecycle.INSPECTION, code=step, act=act)


def _changes(row: Inspection, step: str, on: date, *, today: date) -> dict[str, Any]:
    if step not in {"enter", "leave"}:
        return {}
    if on > today:
        raise Refused(Objection("day_to_come", N_("日期还没有到，请填今天或以前的日期。"), "on"))
    if step == "enter":
        return {"stage": 1, "arrives_on": on}
    if row.arrives_on and on < row.arrives_on:
        raise Refused(Objection("left_before_arrival", N_("撤点日期早于进驻日期，请改正。"), "on"))
    return {"leaves_on": on}


def _record_assignment(row: Inspection, step: str, post: Post, *, by: Actor, at: datetime, reason: str) -> None:
    said = {"post": str(post.pk), "person": post.account.person, "role": post.role}
    place = placed_like(row) | {"side": "office"}
    before, after = (said, {}) if step == "release" else ({}, said)
    write_event(
        thing="inspection",
        thing_id=row.pk,
        step=step,
        by=by,
        at=at,
        place=place,
        reason=reason.strip(),
        before=before,
        after=after,
    )


def _held(day: date) -> QuerySet[Post]:
    held = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, account__is_open=True)
    return held.select_related("account", "organization").order_by("starts_on", "id")


def _refuse_recusal(post: Post, *, unit: Organization, on: date) -> None:
    if recused(accounts={post.account_id}, units={unit.pk}, on=on):
        raise Refused(
            Objection(
                "must_recuse",
                N_("%(person)s在“%(unit)s”任职，或离任不满%(years)s年，应当回避，请先调整巡察组。"),
                "team",
                article="中国共产党巡视工作条例第十二条",
                values={"person": post.account.person, "unit": unit.name, "years": RECUSAL_YEARS},
            )
        )


def _refuse_unit(of_round: Round, unit: Organization) -> None:
    if unit.ended_on or unit.organization_class not in INSPECTABLE_CLASSES:
        raise Refused(Objection("not_inspectable", N_("请选择一个现有的、可以巡察的单位。"), "unit"))
    if Inspection.objects.filter(round=of_round, unit=unit).exists():
        raise Refused(Objection("there_already", N_("“%(name)s”已经在本轮之中。"), "unit", values={"name": unit.name}))


def _refuse_days(term: Term, starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused(Objection("days_reversed", N_("结束日期早于开始日期，请改正。"), "ends_on"))
    if starts_on < term.starts_on or starts_on > term.ends_on:
        sentence = N_("开始日期不在“%(name)s”之内，请改正或另选届次。")
        raise Refused(Objection("outside_term", sentence, "starts_on", values={"name": term.name}))


def _refuse_number(office_word: str, year: int, number: int) -> None:
    try:
        finding_number(office_word=office_word, year=year, round_number=number, sequence=1)
    except ValueError as error:
        sentence = N_("代字、年份或轮次不能编号：代字不能有空格和括号，轮次从 1 起。")
        raise Refused(Objection("number_unfit", sentence, "office_word")) from error
    if Round.objects.filter(office_word=office_word, year=year, number=number).exists():
        sentence = N_("%(year)s年第%(number)s轮已经有了，请换一个轮次。")
        raise Refused(Objection("number_taken", sentence, "number", values={"year": year, "number": number}))


def _said(row: Round) -> dict[str, str]:
    return {
        "name": row.name,
        "kind": row.kind,
        "profile": row.profile,
        "profile_version": row.profile_version,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }


def _round_name(profile: Profile, kind: str, year: int, number: int) -> str:
    return f"{year}年第{number}轮{profile.kinds[kind].label['zh']}"


def _term(term: UUID) -> Term:
    row = Term.objects.filter(pk=term).first()
    if row is None:
        raise Unknown("term", term)
    return row


def _root() -> Organization:
    root = Organization.objects.filter(parent=None).first()
    if root is None:
        raise Refused(Objection("no_tree", N_("还没有单位，请先建立单位树。"), "term"))
    return root


def _organization(organization: UUID) -> Organization:
    row = Organization.objects.filter(pk=organization).first()
    if row is None:
        raise Unknown("organization", organization)
    return row


def _profile(name: str) -> Profile:
    try:
        return profile_named(name)
    except ProfileInvalid as error:
        raise Refused(Objection("profile_unknown", N_("没有这套配置，请另选一套。"), "profile")) from error
