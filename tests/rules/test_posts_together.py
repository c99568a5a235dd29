"""Which posts one account may hold together, as a table read from the regulations and not from the code."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rules.access import may_hold_together
from bihuan.rules.vocabulary import ROLES

OFFICERS = {"system_officer", "security_officer", "audit_officer"}
# A township reviewer belongs to the township, as its own discipline secretary does, and reviews its villages alone.
UNIT = {"unit_head", "unit_leader", "unit_clerk"}
JUDGES = {
    "team_leader", "deputy_leader", "liaison", "team_member", "discipline_reviewer", "organization_reviewer",
    "evaluator", "office_director", "office_clerk",
}  # fmt: skip
SETS = st.frozensets(st.sampled_from(sorted(ROLES)), max_size=4)


@pytest.mark.parametrize(("role", "other"), list(permutations(ROLES, 2)))
def test_two_posts(role: str, other: str) -> None:
    apart = bool({role, other} & OFFICERS) or (role in UNIT and other in JUDGES) or (other in UNIT and role in JUDGES)
    assert may_hold_together(role, others=frozenset({other})) is not apart


@given(st.sampled_from(sorted(ROLES)), SETS)
def test_more_posts_forbid_no_less(role: str, others: frozenset[str]) -> None:
    together = may_hold_together(role, others=others)
    assert together == all(may_hold_together(role, others=frozenset({other})) for other in others)


@given(st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(ROLES)))
def test_it_does_not_matter_which_came_first(role: str, other: str) -> None:
    assert may_hold_together(role, others=frozenset({other})) == may_hold_together(other, others=frozenset({role}))


@pytest.mark.parametrize("role", ROLES)
def test_the_same_role_in_two_places_is_no_conflict(role: str) -> None:
    assert may_hold_together(role, others=frozenset({role}))
