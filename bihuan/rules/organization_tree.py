"""Places in the organization tree as integer ranges: below a unit is whatever lies inside its range.

Pure numbers with gaps, so that an insert rarely renumbers; storing and locking are not here.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

Id = TypeVar("Id", bound=Hashable)
Range = tuple[int, int]

# Places fit a signed 32-bit column; 0 is the place of the forest itself, above every root.
FOREST: Range = (0, 2**31 - 1)
_SHARE_OF_GAP = 32


def number_tree(
    nodes: Mapping[Id, Id | None], *, order: Callable[[Id], Any], within: Range = (FOREST[0] + 1, FOREST[1])
) -> dict[Id, Range]:
    """A range (lo, hi), both inclusive, for each node of {node: parent or None}, in preorder, siblings by order.

    Each node has the same number of free places after its last child. ValueError when a parent is not among
    the nodes, when the parents form a ring, or when the places do not suffice.
    """
    children = _children(nodes, order=order)
    stride = _stride(len(nodes), within=within)
    ranges: dict[Id, Range] = {}
    place = within[0]
    # Each entry is a node to open, or (second time) to close: no recursion, a chain may be very deep.
    open_nodes: list[tuple[Id, int | None]] = [(root, None) for root in reversed(children.get(None, []))]
    while open_nodes:
        node, lo = open_nodes.pop()
        if lo is None:
            open_nodes.append((node, place))
            open_nodes.extend((child, None) for child in reversed(children.get(node, [])))
            place += 1
        else:
            place += stride - 1
            ranges[node] = (lo, place - 1)
    if len(ranges) != len(nodes):
        raise ValueError("the parents of some nodes form a ring")
    return ranges


def place_child(parent_range: Range, *, sibling_ranges: Iterable[Range], nodes: int = 1) -> Range | None:
    """A free range inside the parent's for a child that brings this many nodes; None: number the tree anew.

    The widest gap is used, the last of equals. For a new root the parent is FOREST.
    """
    if nodes < 1:
        raise ValueError(f"a child brings at least itself, not {nodes} nodes")
    widest: Range | None = None
    free_from = parent_range[0] + 1
    for lo, hi in sorted((*sibling_ranges, (parent_range[1] + 1, parent_range[1] + 1))):
        if lo - free_from > 0 and (widest is None or lo - free_from >= _width(widest)):
            widest = (free_from, lo - 1)
        free_from = max(free_from, hi + 1)
    if widest is None or _width(widest) < nodes:
        return None
    taken = nodes * max(1, _width(widest) // (_SHARE_OF_GAP * nodes))
    return widest[0], widest[0] + taken - 1


def contains(outer: Range, *, inner: Range) -> bool:
    """True when inner is outer itself or lies below it."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def is_well_nested(ranges: Mapping[Id, Range], *, parents: Mapping[Id, Id | None]) -> bool:
    """True when lying inside means lying below, for every pair: each node strictly in its parent, siblings apart."""
    if ranges.keys() != parents.keys():
        return False
    above: list[Id] = []
    free_from = FOREST[0] + 1
    for node in sorted(ranges, key=lambda each: ranges[each]):
        lo, hi = ranges[node]
        while above and ranges[above[-1]][1] < lo:
            above.pop()
        if not free_from <= lo <= hi <= (ranges[above[-1]][1] if above else FOREST[1]):
            return False
        if parents[node] != (above[-1] if above else None):
            return False
        above.append(node)
        free_from = lo + 1
    return True


def _children(nodes: Mapping[Id, Id | None], *, order: Callable[[Id], Any]) -> dict[Id | None, list[Id]]:
    children: dict[Id | None, list[Id]] = {}
    for node in sorted(nodes, key=order):
        parent = nodes[node]
        if parent is not None and parent not in nodes:
            raise ValueError(f"the parent {parent!r} of {node!r} is not among the nodes")
        children.setdefault(parent, []).append(node)
    return children


def _stride(count: int, *, within: Range) -> int:
    if count > _width(within):
        raise ValueError(f"{count} nodes do not fit into {_width(within)} places")
    # One stride more than there are nodes: room for another root.
    return max(1, _width(within) // (count + 1))


def _width(a_range: Range) -> int:
    return a_range[1] - a_range[0] + 1
