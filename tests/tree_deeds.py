"""Deeds on the tree of a built county, by the keys of builders.TREE; and what must hold of the tree afterwards."""

from datetime import date, datetime
from uuid import UUID

from bihuan.actions import organizations
from bihuan.models import Organization
from bihuan.rules.access import Actor
from bihuan.rules.organization_tree import is_well_nested
from tests.builders import NOW, TODAY, County

WHY = "机构改革方案"


def create(parent: UUID | None, name: str, organization_class: str, *, by: Actor, at: datetime = NOW) -> UUID:
    return organizations.create_organization(
        name=name, organization_class=organization_class, parent=parent, by=by, at=at
    )


def move(county: County, key: str, parent: str, *, by: Actor, at: datetime = NOW) -> None:
    place = county.organizations
    organizations.move_organization(place[key], parent=place[parent], by=by, at=at, reason=WHY)


def rename(county: County, key: str, name: str, *, by: Actor, at: datetime = NOW) -> None:
    organizations.rename_organization(county.organizations[key], name=name, by=by, at=at, reason=WHY)


def merge(county: County, key: str, into: str, *, by: Actor, at: datetime = NOW, on: date = TODAY) -> None:
    place = county.organizations
    organizations.merge_organizations(place[key], into=place[into], on=on, by=by, at=at, reason=WHY)


def end(county: County, key: str, *, by: Actor, at: datetime = NOW, on: date = TODAY, reason: str = WHY) -> None:
    organizations.end_organization(county.organizations[key], on=on, by=by, at=at, reason=reason)


def assert_the_tree_holds() -> None:
    rows = Organization.objects.all()
    ranges = {row.pk: (row.lo, row.hi) for row in rows}
    assert is_well_nested(ranges, parents={row.pk: row.parent_id for row in rows})
