"""What a draft or finding is beside its text, as columns; the units that lead and help, checked and let in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.actions._sight import grant_to_helping_unit
from bihuan.actions.refusals import Refused
from bihuan.models import Finding, FindingUnit, Organization
from bihuan.models._visibility import placed_like
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Description, Objection
from bihuan.rules.vocabulary import N_, SECRECY_ORDINARY

COLUMNS = ("category", "severity", "commonality", "amount", "fix_now", "listed", "key")


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


def let_in(finding: Finding, *, helpers: Iterable[UUID], at: datetime) -> None:
    """The people of the unit that leads and of those that help see the finding once it is given."""
    if finding.lead_unit_id:
        grant_to_helping_unit(finding.pk, unit=finding.lead_unit_id, at=at)
    there = set(FindingUnit.objects.filter(finding=finding).values_list("helper_id", flat=True))
    for unit in helpers:
        if unit not in there:
            FindingUnit.objects.create(id=new_id(at), finding=finding, helper_id=unit, **placed_like(finding))
            grant_to_helping_unit(finding.pk, unit=unit, at=at)
