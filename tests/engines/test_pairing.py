"""Two lists of texts matched one to one: the best of all ways, by brute force; then findings and what documents say."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.engines.similarity import Told, one_to_one
from bihuan.engines.similarity.measure import content
from bihuan.engines.similarity.pairing import assigned

MOST = 5
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
scores = st.integers(min_value=1, max_value=9)
tables = st.integers(1, MOST).flatmap(
    lambda n: st.lists(st.dictionaries(st.integers(0, MOST - 1), scores, max_size=MOST), min_size=n, max_size=n)
)
LEDGER = (
    "课后服务监管缺位。抽查6所学校，有2所学校课后服务收费未公示。",
    "校外培训机构治理不彻底。3家机构无证办学超过一年未查处。",
    "党组全年未专题研究党风廉政建设。",
    "营养餐采购化整为零，拆成5笔，共86.5万元。",
    "公务接待无公函，2024年有14次、3.2万元。",
)


def best_of_all(table: list[dict[int, int]], free: frozenset[int] = frozenset(range(MOST))) -> int:
    """The most that any way of giving each row one column, or none, adds up to."""
    if not table:
        return 0
    first, *rest = table
    ways = [first[at] + best_of_all(rest, free - {at}) for at in free & set(first)]
    return max([best_of_all(rest, free), *ways])


@unhurried
@given(tables)
def test_the_assignment_is_the_best_of_all(table: list[dict[int, int]]) -> None:
    found = assigned(table)
    taken = [at for at in found if at is not None]
    assert len(set(taken)) == len(taken)
    assert all(at is None or at in row for row, at in zip(table, found, strict=True))
    assert sum(row[at] for row, at in zip(table, found, strict=True) if at is not None) == best_of_all(table)


def pairs(said: list[str], ledger: tuple[str, ...] = LEDGER) -> dict[int, int]:
    found = one_to_one([Told(text) for text in said], among=[Told(text) for text in ledger])
    return {one.one: one.other for one in found}


@unhurried
@given(st.permutations(range(len(LEDGER))))
def test_the_same_texts_find_each_other_in_any_order(order: list[int]) -> None:
    assert pairs([LEDGER[at] for at in order]) == dict(enumerate(order))


def test_quoted_short_and_turned_into_goals_they_are_found_and_what_is_in_neither_stays_alone() -> None:
    said = [
        "课后服务监管缺位",
        "严禁采购化整为零，营养餐采购一律公开招标",
        "规范公务接待，杜绝无公函接待",
        "村级广场路灯损坏无人维修",
        "加强校外培训机构治理",
    ]
    assert pairs(said) == {0: 0, 1: 3, 2: 4, 4: 1}


def test_of_two_that_want_the_same_the_one_with_another_choice_gives_way() -> None:
    ledger = ("工程项目未经公开招标，拖欠农民工工资", "工程项目未经公开招标，超概算120万元，长期没有竣工结算")
    said = ["工程项目未经公开招标", "拖欠农民工工资"]
    assert pairs(said[:1], ledger) == {0: 0}
    assert pairs(said, ledger) == {0: 1, 1: 0}
    assert pairs(["工程项目未经公开招标"] * 2, ("工程项目未经公开招标",)) == {0: 0}


def test_of_equals_the_place_and_the_number_decide() -> None:
    twins = ("党费收缴不规范", "党费收缴不规范")
    assert pairs(list(twins), twins) == {0: 0, 1: 1}
    one, other = (Told("党费收缴不规范", "一、2."), Told("党费收缴不规范", "一、1."))
    found = one_to_one([other, one], among=[one, other])
    assert [(pair.one, pair.other, pair.same_number) for pair in found] == [(0, 1, True), (1, 0, True)]


def test_it_says_why_and_says_nothing_under_the_threshold() -> None:
    (found,) = one_to_one([Told("拆成5笔采购营养餐，共86.5万元")], among=[Told(text) for text in LEDGER])
    assert found.other == 3
    assert found.likeness >= content()["pair_threshold"]
    assert "86.5万" in [one.mine for one in found.shared]
    assert "营养餐采购" in {LEDGER[3][start:end] for start, end in found.spans}
    assert one_to_one([Told("路灯损坏")], among=[Told("党费收缴不规范")]) == ()
    assert one_to_one([], among=[Told("路灯")]) == one_to_one([Told("路灯")], among=[]) == ()
