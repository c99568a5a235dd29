"""Places in the organization tree as stored: one change at a time, as few rows renumbered as the gaps allow.

The caller holds the tree (hold_tree). Business rows follow by their composite foreign keys, see models/_policies.py.
"""

from collections.abc import Mapping
from uuid import UUID

from bihuan.actions._mandate import one_at_a_time
from bihuan.models import Organization
from bihuan.rules import organization_tree
from bihuan.rules.organization_tree import FOREST, Range


def hold_tree() -> None:
    """No other transaction changes the tree until this one ends."""
    one_at_a_time("organization tree")


def insert_under(row: Organization, *, parent: Organization | None) -> None:
    """Store a new organization under `parent` (None: as the root)."""
    row.parent = parent
    row.lo, row.hi = _free(parent, branch=[row]) or (0, 0)
    row.save(force_insert=True)
    if row.lo == 0:
        _number_anew(row)


def move_under(row: Organization, *, parent: Organization) -> None:
    """Hang a stored organization, with all below it, under `parent`."""
    branch = list(Organization.objects.filter(lo__range=(row.lo, row.hi)).order_by("lo"))
    free = _free(parent, branch=branch)
    row.parent = parent
    row.save(update_fields=["parent"])
    if free is None:
        _number_anew(row)
    else:
        parents = {each.pk: each.parent_id if each.pk != row.pk else None for each in branch}
        _store(branch, organization_tree.number_tree(parents, order=_positions(branch).__getitem__, within=free))
        row.lo, row.hi = free


def _free(parent: Organization | None, *, branch: list[Organization]) -> Range | None:
    siblings = Organization.objects.filter(parent=parent).exclude(pk__in=[each.pk for each in branch])
    bounds = (parent.lo, parent.hi) if parent else FOREST
    ranges = list(siblings.values_list("lo", "hi"))
    return organization_tree.place_child(bounds, sibling_ranges=ranges, nodes=len(branch))


def _number_anew(row: Organization) -> None:
    """Number the whole tree; `row` comes last among its siblings, as it would in a gap."""
    rows = sorted(Organization.objects.order_by("lo"), key=lambda each: each.pk == row.pk)
    parents = {each.pk: each.parent_id for each in rows}
    _store(rows, organization_tree.number_tree(parents, order=_positions(rows).__getitem__))
    row.refresh_from_db(fields=["lo", "hi"])


def _positions(rows: list[Organization]) -> dict[UUID, int]:
    return {each.pk: number for number, each in enumerate(rows)}


def _store(rows: list[Organization], ranges: Mapping[UUID, Range]) -> None:
    for each in rows:
        each.lo, each.hi = ranges[each.pk]
    Organization.objects.bulk_update(rows, ["lo", "hi"], batch_size=500)
