"""What a draft or finding is beside its text, as columns; the units that lead and help, checked and let in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.actions._sight import end_grant_of_helping_unit, grant_to_helping_unit
from bihuan.actions.refusals import Refused
from bihuan.models import Finding, FindingUnit, Organization
from bihuan.models._visibility import placed_like
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Description, Objection
from bihuan.rules.vocabulary import N_, SECRECY_ORDINARY

COLUMNS = ("category", "severity", "commonality", "amount", "fix_now", "listed", "key")
UNITS = ("lead_unit_id", "helping_units")


def described_as(given: Description, *, version: str) -> dict[str, Any]:
    """The columns of a draft or finding that a description fills."""
    return {name: getattr(given, name) for name in COLUMNS} | {"taxonomy_version": version if given.category else ""}


def lead_of(row: Any, given: Description) -> UUID | None:
    """The unit that leads in place of the inspected one, which stands as None. Raises Refused when it may not."""
    if given.lead_unit in (None, row.unit_id):
        return None
    if row.secrecy != SECRECY_ORDINARY:
        raise Refused(Objection("heads_part_alone", N_("主要负责人专件由本人负责，不能另定责任单位。"), "lead_unit"))
    inspected = Organization.objects.get(pk=row.unit_id)
    if not Organization.objects.filter(
        pk=given.lead_unit, ended_on=None, lo__range=(inspected.lo, inspected.hi)
    ).exists():
        said = N_("责任单位只能是被巡察单位或它的下属单位，请重新选择。")
        raise Refused(Objection("lead_unit_elsewhere", said, "lead_unit"))
    return given.lead_unit


def helpers_of(row: Any, given: Description) -> list[UUID]:
    """The units that help, each once, in the order given. Raises Refused when one may not."""
    wanted = [unit for unit in dict.fromkeys(given.helping_units) if unit not in (row.unit_id, given.lead_unit)]
    if wanted and row.secrecy != SECRECY_ORDINARY:
        raise Refused(Objection("heads_part_alone", N_("主要负责人专件不能有配合单位。"), "helping_units"))
    if Organization.objects.filter(pk__in=wanted, ended_on=None).count() < len(wanted):
        raise Refused(
            Objection("helping_unit_unknown", N_("有的配合单位找不到或已经撤销，请重新选择。"), "helping_units")
        )
    return wanted


def description_of(finding: Finding) -> Description:
    """The finding's description as it stands."""
    said = {name: getattr(finding, name) for name in COLUMNS}
    return Description(**said, lead_unit=finding.lead_unit_id, helping_units=tuple(helping_now(finding)))


def helping_now(finding: Finding) -> list[UUID]:
    """The units that help with the finding, in the order of the tree."""
    helping = FindingUnit.objects.helping().filter(finding=finding)
    return list(helping.order_by("helper__lo").values_list("helper_id", flat=True))


def in_order(units: Iterable[UUID]) -> list[UUID]:
    """The same units in the order of the tree."""
    return list(Organization.objects.filter(pk__in=list(units)).order_by("lo").values_list("pk", flat=True))


def let_in(finding: Finding, *, helpers: Iterable[UUID], at: datetime) -> None:
    """The people of the unit that leads and of those that help see the finding once it is given."""
    if finding.lead_unit_id:
        grant_to_helping_unit(finding.pk, unit=finding.lead_unit_id, at=at)
    there = set(FindingUnit.objects.filter(finding=finding).values_list("helper_id", flat=True))
    for unit in helpers:
        if unit in there:
            FindingUnit.objects.filter(finding=finding, helper_id=unit).update(side=finding.side)
        else:
            FindingUnit.objects.create(id=new_id(at), finding=finding, helper_id=unit, **placed_like(finding))
        grant_to_helping_unit(finding.pk, unit=unit, at=at)


def take_off(finding: Finding, *, led_by: UUID | None, helping: Iterable[UUID], stay: Iterable[UUID]) -> None:
    """Of the units that led and helped, those that do neither now: their people see nothing.

    The row of one that helps no more stays with the office.
    """
    gone = set(helping) - set(stay)
    FindingUnit.objects.filter(finding=finding, helper_id__in=gone).update(side="office")
    were = gone | {led_by} if led_by else gone
    for unit in were - {finding.lead_unit_id, *stay}:
        end_grant_of_helping_unit(finding.pk, unit=unit)


def told(of: Any, names: Iterable[str]) -> dict[str, Any]:
    """The values under these names as the record keeps them: units by their names, everything else as words."""
    values = {name: of[name] if isinstance(of, Mapping) else getattr(of, name) for name in names}
    said = {name: "" if value is None else str(value) for name, value in values.items() if name not in UNITS}
    if "lead_unit_id" in values:
        said["lead_unit"] = _names([values["lead_unit_id"]])
    if "helping_units" in values:
        said["helping_units"] = _names(values["helping_units"])
    return said


def _names(units: Sequence[UUID | None]) -> str:
    known = dict(Organization.objects.filter(pk__in=[unit for unit in units if unit]).values_list("pk", "name"))
    return "、".join(known[unit] for unit in units if unit)
