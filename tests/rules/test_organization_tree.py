"""Ranges mirror ancestry, compared with walking up the parents, after any inserts, moves, closings and renumberings."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.organization_tree import FOREST, Range, contains, is_well_nested, number_tree, place_child

Parents = dict[int, int | None]


def ancestors_or_self(node: int, parents: Parents) -> set[int]:
    found: set[int] = set()
    above: int | None = node
    while above is not None:
        found.add(above)
        above = parents[above]
    return found


def assert_mirrors_ancestry(ranges: dict[int, Range], parents: Parents) -> None:
    assert ranges.keys() == parents.keys()
    for inner in parents:
        line = ancestors_or_self(inner, parents)
        for outer in parents:
            below = contains(ranges[outer], inner=ranges[inner])
            assert below is (outer in line), (outer, inner)
            # The policy compares one number, unit_lo, with the scope's range.
            assert (ranges[outer][0] <= ranges[inner][0] <= ranges[outer][1]) is below
    assert is_well_nested(ranges, parents=parents)


class Tree:
    """What a caller does with the module: keeps parents and ranges, renumbers when no place is left."""

    def __init__(self, places: int) -> None:
        self.within: Range = (1, places)
        self.parents: Parents = {0: None}
        self.ranges = self._numbered()
        self.renumbered = 0

    def insert(self, parent: int | None) -> None:
        node = max(self.parents) + 1
        self._settle(node, parent, {node})

    def move(self, node: int, parent: int | None) -> None:
        branch = {each for each in self.parents if node in ancestors_or_self(each, self.parents)}
        if parent not in branch:
            self._settle(node, parent, branch)

    def close(self, node: int) -> None:
        if node not in self.parents.values() and len(self.parents) > 1:
            del self.parents[node], self.ranges[node]

    def renumber(self) -> None:
        self.ranges = self._numbered()
        self.renumbered += 1

    def _settle(self, node: int, parent: int | None, branch: set[int]) -> None:
        siblings = [self.ranges[each] for each, above in self.parents.items() if above == parent and each != node]
        parent_range = (self.within[0] - 1, self.within[1]) if parent is None else self.ranges[parent]
        free = place_child(parent_range, sibling_ranges=siblings, nodes=len(branch))
        self.parents[node] = parent
        if free is None:
            self.renumber()
            return
        inside: Parents = {each: None if each == node else self.parents[each] for each in branch}
        self.ranges |= number_tree(inside, order=int, within=free)

    def _numbered(self) -> dict[int, Range]:
        return number_tree(self.parents, order=int, within=self.within)


deeds = st.lists(
    st.tuples(
        st.sampled_from(["insert", "insert", "move", "close", "renumber"]), st.integers(0, 99), st.integers(0, 99)
    ),
    max_size=40,
)


def perform(tree: Tree, deed: str, one: int, other: int) -> None:
    nodes = sorted(tree.parents)
    node = nodes[one % len(nodes)]
    parent = [*nodes, None][other % (len(nodes) + 1)]
    match deed:
        case "insert":
            tree.insert(parent)
        case "move":
            tree.move(node, parent)
        case "close":
            tree.close(node)
        case "renumber":
            tree.renumber()


@given(places=st.sampled_from([41, 60, 200, 5000, FOREST[1]]), steps=deeds)
def test_ranges_mirror_ancestry_after_any_deeds(places: int, steps: list[tuple[str, int, int]]) -> None:
    tree = Tree(places)
    for deed, one, other in steps:
        perform(tree, deed, one, other)
        assert is_well_nested(tree.ranges, parents=tree.parents)
        assert all(tree.within[0] <= lo <= hi <= tree.within[1] for lo, hi in tree.ranges.values())
    assert_mirrors_ancestry(tree.ranges, tree.parents)


def test_little_room_makes_trees_be_numbered_anew_and_much_room_does_not() -> None:
    narrow, wide = Tree(50), Tree(FOREST[1])
    for tree in (narrow, wide):
        for n in range(40):
            tree.insert(n // 3)
            assert is_well_nested(tree.ranges, parents=tree.parents)
    assert narrow.renumbered > 0
    assert wide.renumbered == 0


def test_a_county_takes_three_hundred_new_units_under_one_parent_without_renumbering() -> None:
    tree = Tree(FOREST[1])
    for n in range(200):
        tree.insert(0 if n < 20 else 1 + n % 20)
    tree.renumber()
    for _ in range(300):
        tree.insert(7)
    assert tree.renumbered == 1
    assert is_well_nested(tree.ranges, parents=tree.parents)


def test_siblings_stand_in_the_order_asked_for() -> None:
    parents = {"县": None, "乙": "县", "甲": "县", "丙": "县"}
    ranges = number_tree(parents, order=["县", "甲", "乙", "丙"].index)
    by_place = sorted(ranges, key=lambda node: ranges[node])
    assert by_place == ["县", "甲", "乙", "丙"]
    assert all(ranges[a][1] < ranges[b][0] for a, b in pairwise(["甲", "乙", "丙"]))


def test_a_hundred_thousand_nodes_fit_with_gaps() -> None:
    choose = random.Random(2026)
    parents: Parents = {0: None} | {n: choose.randrange(max(0, n - 2000), n) for n in range(1, 100_000)}
    ranges = number_tree(parents, order=int)
    assert max(hi for _, hi in ranges.values()) < 2**31
    assert is_well_nested(ranges, parents=parents)
    leaf = 99_999
    assert ranges[leaf][1] - ranges[leaf][0] > 10_000


def test_a_very_deep_chain_is_numbered() -> None:
    parents: Parents = {0: None} | {n: n - 1 for n in range(1, 20_000)}
    assert is_well_nested(number_tree(parents, order=int), parents=parents)


def test_a_single_root_leaves_room_for_another() -> None:
    ranges = number_tree({1: None}, order=int)
    free = place_child(FOREST, sibling_ranges=ranges.values())
    assert free is not None
    assert is_well_nested({**ranges, 2: free}, parents={1: None, 2: None})


@pytest.mark.parametrize(
    ("parent", "siblings", "nodes", "free"),
    [
        ((1, 10), [], 1, (2, 2)),
        ((1, 10), [(2, 5)], 1, (6, 6)),
        ((1, 10), [(6, 10)], 1, (2, 2)),
        ((1, 10), [(4, 7)], 1, (8, 8)),
        ((1, 10), [(5, 7)], 1, (8, 8)),
        ((1, 10), [(4, 6)], 4, (7, 10)),
        ((1, 10), [(4, 6)], 5, None),
        ((1, 10), [(2, 10)], 1, None),
        ((5, 5), [], 1, None),
        ((0, 6400), [], 2, (1, 200)),
    ],
)
def test_a_child_goes_into_the_widest_gap(parent: Range, siblings: list[Range], nodes: int, free: Range | None) -> None:
    assert place_child(parent, sibling_ranges=siblings, nodes=nodes) == free


def test_a_child_of_no_nodes_is_refused() -> None:
    with pytest.raises(ValueError, match="at least itself"):
        place_child((1, 10), sibling_ranges=[], nodes=0)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [({1: 2, 2: 1}, "ring"), ({1: None, 2: 3, 3: 4, 4: 2}, "ring"), ({1: 1}, "ring"), ({1: 9}, "not among")],
)
def test_what_is_not_a_tree_is_refused(nodes: Parents, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        number_tree(nodes, order=int)


def test_too_many_nodes_for_the_places_are_refused() -> None:
    chain: Parents = {1: None, 2: 1, 3: 2}
    assert number_tree(chain, order=int, within=(5, 7)) == {1: (5, 7), 2: (6, 7), 3: (7, 7)}
    with pytest.raises(ValueError, match="do not fit"):
        number_tree(chain, order=int, within=(5, 6))


@pytest.mark.parametrize(
    "ranges",
    [
        {1: (1, 9), 2: (1, 3), 3: (4, 5)},  # a child at its parent's own place
        {1: (1, 9), 2: (2, 5), 3: (5, 8)},  # siblings that touch
        {1: (1, 9), 2: (2, 5), 3: (8, 10)},  # a child that sticks out
        {1: (1, 9), 2: (2, 5), 3: (3, 4)},  # in the wrong parent
        {1: (1, 9), 2: (2, 5), 3: (10, 12)},  # outside its parent
        {1: (1, 9), 2: (2, 5), 3: (8, 7)},  # upside down
        {1: (0, 9), 2: (2, 5), 3: (6, 7)},  # at the forest's own place
        {1: (1, 2**31), 2: (2, 5), 3: (6, 7)},  # beyond 32 bits
        {1: (1, 9), 2: (2, 5)},  # one is missing
    ],
)
def test_ranges_that_do_not_mirror_the_tree_are_seen(ranges: dict[int, Range]) -> None:
    parents: Parents = {1: None, 2: 1, 3: 1}
    assert is_well_nested({1: (1, 9), 2: (2, 5), 3: (6, 7)}, parents=parents)
    assert not is_well_nested(ranges, parents=parents)


def test_a_child_with_the_very_range_of_its_parent_is_seen() -> None:
    assert not is_well_nested({1: (1, 9), 2: (1, 9)}, parents={1: None, 2: 1})
