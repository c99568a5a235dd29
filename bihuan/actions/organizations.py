"""Changes of the organization tree: made, renamed, moved, merged, ended; each with a reason, on the record.

Findings stay with the unit they were given to, and registers keep what stood: the past is not rewritten (row P1).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from bihuan.actions._mandate import only
from bihuan.actions._record import write_event
from bihuan.actions._register import follow
from bihuan.actions._step import overtaken
from bihuan.actions._tree import hold_tree, insert_under, move_under
from bihuan.actions.refusals import Refused, Unknown
from bihuan.models import Organization, Post
from bihuan.rules.access import KEEPS_REGISTER, Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.organization_tree import contains
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, ORGANIZATION_CLASSES

CHANGES_TREE = (*KEEPS_REGISTER, "system_officer")
SHORT_LENGTH = 40


def create_organization(
    *,
    name: str,
    organization_class: str,
    parent: UUID | None,
    by: Actor,
    at: datetime,
    short_name: str = "",
    reason: str = "",
) -> UUID:
    """A new organization under `parent`; None makes the root, once. Returns its id.

    Raises NotYours, Unknown (parent), Refused (a second root, name empty or taken, class, an ended parent).
    """
    only(CHANGES_TREE, by=by)
    hold_tree()
    above = _found(parent) if parent else None
    if above is None and Organization.objects.exists():
        raise Refused(Objection("root_exists", N_("单位树已经有根，请选择上级单位。"), "parent"))
    if organization_class not in ORGANIZATION_CLASSES:
        raise Refused(Objection("class_unknown", N_("请选择单位类别。"), "organization_class"))
    if above is not None:
        _refuse_ended(above, where="parent")
    row = Organization(id=new_id(at), name=_clean(name), organization_class=organization_class)
    row.short_name = short_name.strip()[:SHORT_LENGTH] or row.name[:SHORT_LENGTH]
    _refuse_taken(row.name, parent=above, besides=row.pk, where="name")
    insert_under(row, parent=above)
    follow([row.pk], at=at)
    _record(row, "create", by=by, at=at, reason=reason, before={}, after=_shown(row))
    return row.pk


def rename_organization(
    organization: UUID,
    *,
    name: str,
    by: Actor,
    at: datetime,
    short_name: str = "",
    reason: str = "",
    seen: int | None = None,
) -> None:
    """A new name from the day of `at` on; registers show both, each in its time.

    Raises NotYours, Unknown, Overtaken, Refused (ended, name empty, taken or unchanged, no reason).
    """
    row = _to_change(organization, by=by, seen=seen, reason=reason)
    before, name = _shown(row), _clean(name)
    short_name = short_name.strip()[:SHORT_LENGTH] or name[:SHORT_LENGTH]
    if (row.name, row.short_name) == (name, short_name):
        raise Refused(Objection("unchanged", N_("名称没有变化，请填写新名称。"), "name"))
    _refuse_taken(name, parent=row.parent, besides=row.pk, where="name")
    row.name, row.short_name = name, short_name
    _keep(row, "name", "short_name")
    below = Organization.objects.filter(parent=row, ended_on=None).values_list("pk", flat=True)
    follow([row.pk, *below], at=at)
    _record(row, "rename", by=by, at=at, reason=reason, before=before, after=_shown(row))


def move_organization(
    organization: UUID, *, parent: UUID, by: Actor, at: datetime, reason: str = "", seen: int | None = None
) -> None:
    """Hang the organization, with all below it, under another one; who sees its rows follows at once.

    Raises NotYours, Unknown, Overtaken, Refused (the root, own branch, where it is already, ended, name taken).
    """
    row = _to_change(organization, by=by, seen=seen, reason=reason)
    above, before = _found(parent), _shown(row)
    _refuse_root(row)
    _refuse_ended(above, where="parent")
    if contains((row.lo, row.hi), inner=(above.lo, above.hi)):
        raise Refused(Objection("own_branch", N_("不能移到自己或自己的下辖单位之下，请另选上级单位。"), "parent"))
    if row.parent_id == above.pk:
        raise Refused(Objection("unchanged", N_("它已经在这个单位之下，请另选上级单位。"), "parent"))
    _refuse_taken(row.name, parent=above, besides=row.pk, where="parent")
    move_under(row, parent=above)
    _keep(row)
    follow([row.pk], at=at)
    _record(row, "move", by=by, at=at, reason=reason, before=before, after=_shown(row))


def end_organization(
    organization: UUID, *, on: date, by: Actor, at: datetime, reason: str = "", seen: int | None = None
) -> None:
    """The organization ends on that day, with every post in it; registers keep it through the day of `at`.

    Raises NotYours, Unknown, Overtaken, Refused (the root, living units below it, ended already, a day to come).
    """
    row = _to_change(organization, by=by, seen=seen, reason=reason)
    before = _shown(row)
    _refuse_root(row)
    if Organization.objects.filter(parent=row, ended_on=None).exists():
        raise Refused(Objection("has_units", N_("它还有下辖单位，请先把下辖单位移走或撤销。")))
    _end(row, on=on, at=at)
    follow([row.pk], at=at)
    _record(row, "end", by=by, at=at, reason=reason, before=before, after=_shown(row))


def merge_organizations(
    organization: UUID, *, into: UUID, on: date, by: Actor, at: datetime, reason: str = "", seen: int | None = None
) -> None:
    """The organization ends on that day and is merged into another, which takes over the units below it.

    Raises NotYours, Unknown, Overtaken, Refused (the root, into itself or a unit below it, ended, names that clash).
    """
    row = _to_change(organization, by=by, seen=seen, reason=reason)
    heir, before = _found(into), _shown(row)
    _refuse_root(row)
    _refuse_ended(heir, where="into")
    if contains((row.lo, row.hi), inner=(heir.lo, heir.hi)):
        raise Refused(Objection("own_branch", N_("不能并入自己或自己的下辖单位，请另选并入的单位。"), "into"))
    below = list(Organization.objects.filter(parent=row, ended_on=None).order_by("lo"))
    for each in below:
        _refuse_taken(each.name, parent=heir, besides=each.pk, where="into")
    row.merged_into = heir
    _end(row, on=on, at=at)
    moved = [each.pk for each in below]
    for unit in moved:
        _hand_over(unit, heir=heir.pk, by=by, at=at, reason=reason)
    follow([row.pk, *moved], at=at)
    _record(row, "merge", by=by, at=at, reason=reason, before=before, after=_shown(row))


def _hand_over(unit: UUID, *, heir: UUID, by: Actor, at: datetime, reason: str) -> None:
    # Read anew: the move before this one may have renumbered the tree.
    row, above = _found(unit), _found(heir)
    before = _shown(row)
    move_under(row, parent=above)
    _keep(row)
    _record(row, "move", by=by, at=at, reason=reason, before=before, after=_shown(row))


def _end(row: Organization, *, on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise Refused(Objection("day_to_come", N_("日期还没有到，请填今天或以前的日期。"), "on"))
    row.ended_on = on
    _keep(row, "ended_on", "merged_into")
    still_held = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), organization=row)
    still_held.update(ends_on=Greatest(F("starts_on"), on))


def _to_change(organization: UUID, *, by: Actor, seen: int | None, reason: str) -> Organization:
    only(CHANGES_TREE, by=by)
    hold_tree()
    row = _found(organization)
    if seen is not None and row.revision != seen:
        raise overtaken(row.pk)
    _refuse_ended(row)
    if not reason.strip():
        raise Refused(Objection("reason_missing", N_("请写明理由。"), "reason"))
    return row


def _found(organization: UUID) -> Organization:
    row = Organization.objects.select_related("parent").filter(pk=organization).first()
    if row is None:
        raise Unknown("organization", organization)
    return row


def _keep(row: Organization, *fields: str) -> None:
    row.revision += 1
    row.save(update_fields=["revision", *fields])


def _clean(name: str) -> str:
    name = "".join(name.split())
    if not name:
        raise Refused(Objection("name_missing", N_("请填写单位名称。"), "name"))
    return name


def _refuse_root(row: Organization) -> None:
    if row.parent_id is None:
        raise Refused(Objection("is_root", N_("这是单位树的根，不能移动、合并或撤销。")))


def _refuse_ended(row: Organization, *, where: str = "") -> None:
    if row.ended_on:
        sentence = N_("“%(name)s”已于%(on)s撤销，请另选单位。")
        values = {"name": row.name, "on": row.ended_on.isoformat()}
        raise Refused(Objection("has_ended", sentence, where, values=values))


def _refuse_taken(name: str, *, parent: Organization | None, besides: UUID, where: str) -> None:
    same = Organization.objects.filter(parent=parent, name=name, ended_on=None).exclude(pk=besides)
    if same.exists():
        sentence = N_("那里已经有“%(name)s”，请先改名。")
        raise Refused(Objection("name_taken", sentence, where, values={"name": name}))


def _shown(row: Organization) -> dict[str, Any]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "class": row.organization_class,
        "parent": str(row.parent_id or ""),
        "ended_on": row.ended_on.isoformat() if row.ended_on else "",
        "merged_into": str(row.merged_into_id or ""),
    }


def _record(
    row: Organization, step: str, *, by: Actor, at: datetime, reason: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    write_event(
        thing="organization",
        thing_id=row.pk,
        step=step,
        by=by,
        at=at,
        reason=reason.strip(),
        before=before,
        after=after,
    )
