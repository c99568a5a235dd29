"""The tables that a plan is printed as: what a profile may say, and that there is a cell for each code."""

import pytest

from bihuan.rules.plan_lists import OF_A_FINDING, OF_A_MEASURE, parse_plan_lists, plan_lists
from bihuan.rules.profile_table import ProfileInvalid

GOOD = """
version = "1"
effective_from = 2025-01-01
source = "local"
certainty = "D"
[lists.one]
label = { zh = "清单", en = "List" }
columns = [{ code = "number", label = { zh = "序号", en = "No." }, width = 8 }]
"""


def test_the_packaged_lists_are_the_three_and_the_common_table():
    found = plan_lists()
    assert list(found.lists) == ["problem_list", "task_list", "responsibility_list", "plan_table"]
    for one in found.lists.values():
        assert {column.code for column in one.columns} <= {*OF_A_FINDING, *OF_A_MEASURE}


def test_a_county_can_have_lists_of_its_own():
    found = parse_plan_lists(GOOD)
    assert [(one.code, one.label["zh"], one.width) for one in found.lists["one"].columns] == [("number", "序号", 8)]


@pytest.mark.parametrize(
    ("was", "becomes", "key"),
    [
        ('code = "number"', 'code = "nonsense"', "lists.one.columns[1].code"),
        ("width = 8", "width = 0", "lists.one.columns[1].width"),
        ("width = 8", "width = 8, wide = 1", "lists.one.columns[1].wide"),
        ('certainty = "D"', 'certainty = "?"', "certainty"),
    ],
)
def test_a_slip_of_the_pen_is_named(was, becomes, key):
    with pytest.raises(ProfileInvalid) as refused:
        parse_plan_lists(GOOD.replace(was, becomes))
    assert refused.value.key == key
