"""Profiles: the packaged ones are whole, and every slip in one becomes a sentence that says where and what."""

from collections.abc import Callable
from datetime import date
from importlib import resources

import pytest

from bihuan.rules.category_words import parse_category_words
from bihuan.rules.form_words import parse_form_words
from bihuan.rules.metrics import parse_metrics
from bihuan.rules.plan_lists import parse_plan_lists
from bihuan.rules.profile import (
    LEVELS,
    FeedbackMode,
    RectificationSubject,
    load_profile,
    packaged_text,
    parse_closing_criteria,
    parse_inspection_kinds,
    parse_profile,
    parse_signer_chains,
    parse_taxonomy,
    parse_time_limits,
)
from bihuan.rules.profile_table import ProfileInvalid
from bihuan.rules.time_limits import Limit, Roll, TimedEvent, Unit

HEAD = """
name = "n"
version = "1"
effective_from = 2026-01-01
label = { zh = "名", en = "Name" }
"""
LIMIT = """
[limits.submit_plan]
counted_from = "feedback_received"
unit = "workday"
amount = 15
roll = "next_workday"
wording = "15个工作日内"
source = "某手册"
certainty = "M"
"""
CHAIN = """
version = "1"
effective_from = 2026-01-01
[chains.two]
label = { zh = "两方", en = "Two" }
plan_reviewers = ["discipline_reviewer", "office_director"]
closing_signers = ["organization_reviewer", "office_director"]
source = "某手册"
certainty = "D"
"""
KIND = """
version = "1"
effective_from = 2026-01-01
[kinds.village]
label = { zh = "村巡察", en = "Village" }
counts_toward_coverage = true
onsite_days_default = 20
team_size_least = 5
team_size_most = 8
requires_mobilization = true
feedback_mode = "cascade_township_then_village"
rectification_subject = "parent"
external_team_required = false
links_to_prior_round = false
has_parent_round = false
source = "某手册"
certainty = "M"
guessed = ["onsite_days_default"]
"""
TAXONOMY = (
    HEAD
    + """
categories = [
    { code = "A", label = { zh = "甲", en = "A" } },
    { code = "A1", parent = "A", label = { zh = "甲一", en = "A1" } },
    { code = "A101", parent = "A1", label = { zh = "甲一一", en = "A101" } },
    { code = "V", overlay = "village", label = { zh = "村", en = "V" } },
    { code = "V1", parent = "V", label = { zh = "村一", en = "V1" } },
]
"""
)
PROFILE = (
    HEAD
    + """
time_limits = "t"
signer_chains = "chains"
signer_chain = "two"
taxonomy = "tax"
closing_criteria = "closing"
inspection_kinds = "kinds"
kinds = ["village"]
[lights]
near_days = 20
soon_days = 5
source = "某手册"
certainty = "M"
"""
)
CLOSING = """
version = "1"
effective_from = 2026-01-01
[criteria.answered]
label = { zh = "有回应", en = "Answered" }
certainty = "M"
[points.causes]
label = { zh = "原因", en = "Causes" }
certainty = "M"
"""
DATABASE = {
    "place.toml": PROFILE,
    "time_limits_t.toml": HEAD + LIMIT,
    "chains.toml": CHAIN,
    "kinds.toml": KIND,
    "tax.toml": TAXONOMY,
    "closing.toml": CLOSING,
}


def test_the_county_profile_holds_what_a_county_uses() -> None:
    county = load_profile("county")
    assert county.label["zh"] == "县级通用"
    assert county.time_limits.name == "county_3m"
    assert county.plan_reviewers == ("discipline_reviewer", "organization_reviewer", "office_director")
    assert county.closing_signers == ("discipline_reviewer", "organization_reviewer", "office_director")
    assert county.taxonomy.name == "four_implementations_2024"
    assert county.kinds["regular"].counts_toward_coverage
    assert county.kinds["village"].feedback_mode is FeedbackMode.CASCADE_TOWNSHIP_THEN_VILLAGE
    assert county.kinds["village"].rectification_subject is RectificationSubject.PARENT
    assert county.kinds["look_back"].links_to_prior_round


def test_every_packaged_file_is_read_by_a_parser() -> None:
    parsers: list[tuple[str, Callable[..., object]]] = [
        ("time_limits_", parse_time_limits),
        ("signer_chains", parse_signer_chains),
        ("inspection_kinds", parse_inspection_kinds),
        ("taxonomy", parse_taxonomy),
        ("closing_criteria", parse_closing_criteria),
        ("county", parse_profile),
        ("metrics", parse_metrics),
        ("category_words", parse_category_words),
        ("form_words", parse_form_words),
        ("ledger_import", parse_form_words),
        ("plan_lists", parse_plan_lists),
    ]
    files = sorted(each.name for each in (resources.files("bihuan") / "profiles").iterdir() if ".toml" in each.name)
    assert len(files) >= 8
    for file in files:
        [parse] = [parse for start, parse in parsers if file.startswith(start)]
        parse(packaged_text(file), file=file)


def test_the_packaged_taxonomy_has_three_levels_everywhere() -> None:
    file = "taxonomy.toml"
    taxonomy = parse_taxonomy(packaged_text(file), file=file)
    assert [top.code for top in taxonomy.children()] == ["A", "B", "C", "D", "V1", "V2", "V3", "V4"]
    for category in taxonomy.categories.values():
        assert bool(taxonomy.children(category.code)) is (category.level < LEVELS), category.code
        assert [above.level for above in taxonomy.path(category.code)] == list(range(1, category.level + 1))
        assert category.overlay == ("village" if category.code.startswith("V") else None)
    of_level = [sum(category.level == level for category in taxonomy.categories.values()) for level in (1, 2, 3)]
    assert of_level == [8, 29, 117]
    assert taxonomy.categories["B401"].label["zh"] == "招标投标问题（规避招标、化整为零、围标串标）"


def test_another_chain_asks_the_team_too() -> None:
    chains = parse_signer_chains(packaged_text("signer_chains.toml"), file="signer_chains.toml")
    assert chains["joint_review_with_team"].closing_signers[0] == "team_leader"
    assert len(chains["countersigning_by_five"].closing_signers) == 5
    assert chains["countersigning_by_five"].plan_reviewers[0] == "unit_head"


def test_a_version_from_the_database_is_read_as_the_files_are() -> None:
    profile = load_profile("place", read=DATABASE.__getitem__)
    assert profile.effective_from == date(2026, 1, 1)
    assert profile.closing_signers == ("organization_reviewer", "office_director")
    line = profile.time_limits.limit_for(TimedEvent.SUBMIT_PLAN)
    assert line is not None
    assert line.limit == Limit(Unit.WORKDAY, 15, Roll.NEXT_WORKDAY)
    assert profile.taxonomy.categories["V1"].overlay == "village"
    assert profile.kinds["village"].team_size == (5, 8)


def test_a_profile_cannot_be_changed_once_read() -> None:
    profile = load_profile("place", read=DATABASE.__getitem__)
    with pytest.raises(TypeError):
        profile.kinds["other"] = profile.kinds["village"]  # type: ignore[index]
    with pytest.raises(TypeError):
        profile.label["zh"] = "别名"  # type: ignore[index]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ProfileInvalid, match=r"配置文件“nowhere\.toml”有误：没有这个文件。"):
        load_profile("nowhere")


# What is replaced, by what, the key that is named, words of the sentence.
IN_LIMITS = [
    ('"workday"', '"week"', "limits.submit_plan.unit", "不认识“week”，请用 natural_day、workday、month、quarter 之一"),
    ('"next_workday"', '"previous_workday"', "limits.submit_plan.roll", "不认识"),
    ('roll = "next_workday"\n', "", "limits.submit_plan.roll", "缺少这一项"),
    ("amount = 15", "amount = 0", "limits.submit_plan.amount", "不小于 1 的整数，现为 0"),
    ("amount = 15", "amount = true", "limits.submit_plan.amount", "整数"),
    ("amount = 15", "amount = 1001", "limits.submit_plan.amount", "太大"),
    ("amount = 15\n", "", "limits.submit_plan.amount", "缺少这一项"),
    ("limits.submit_plan", "limits.submit_plans", "limits.submit_plans", "不认识"),
    ('"feedback_received"', '"payday"', "limits.submit_plan.counted_from", "不认识"),
    ('"M"', '"sure"', "limits.submit_plan.certainty", "不认识"),
    ('source = "某手册"', 'source = " "', "limits.submit_plan.source", "不空的文字"),
    ("wording =", "word =", "limits.submit_plan.wording", "缺少这一项"),
    ("certainty =", 'articel = "第一条"\ncertainty =', "limits.submit_plan.articel", "核对拼写"),
    ("version =", 'verison = "2"\nversion =', "verison", "核对拼写"),
    (LIMIT, "[limits]", "limits", "至少要有一项"),
    (LIMIT, "limits = 3", "limits", "应是一个表"),
    (', en = "Name"', "", "label.en", "缺少这一项"),
    ('"Name" }', '"Name", fr = "Nom" }', "label.fr", "核对拼写"),
    ("2026-01-01", '"2026-01-01"', "effective_from", "应是日期"),
    ("2026-01-01", "2026-01-01T08:00:00", "effective_from", "应是日期"),
    ("amount = 15", "amount = ", "", "不是合格的 TOML 文本"),
]
IN_CHAINS = [
    ('["organization_reviewer", "office_director"]', "[]", "chains.two.closing_signers", "至少一项"),
    ("plan_reviewers =", "reviewers =", "chains.two.plan_reviewers", "缺少这一项"),
    ('"organization_reviewer"', '"mayor"', "chains.two.closing_signers", "没有“mayor”这个角色"),
    ('"organization_reviewer"', '"audit_officer"', "chains.two.closing_signers", "安全审计员"),
    ('"organization_reviewer"', '"guest"', "chains.two.closing_signers", "不能审核或签字"),
    ('"organization_reviewer"', '"office_director"', "chains.two.closing_signers", "重复列出了 office_director"),
    *(  # Of the inspected unit its head alone, first, and never without others: decision 0011.
        (f'{name} = ["{first}", "office_director"]', f"{name} = {slip}", f"chains.two.{name}", words)
        for name, first in (("plan_reviewers", "discipline_reviewer"), ("closing_signers", "organization_reviewer"))
        for slip, words in (
            ('["unit_leader", "office_director"]', "只由主要负责人签字，“单位班子成员”（unit_leader）不能列入"),
            ('["unit_head", "unit_clerk"]', "（unit_clerk）不能列入"),
            ('["team_leader", "unit_head", "office_director"]', "只能排在最前"),
            ('["office_director", "unit_head"]', "只能排在最前"),
            ('["unit_head"]', "请至少再列一方"),
        )
    ),
    ('version = "1"\n', "", "version", "缺少这一项"),
]
IN_KINDS = [
    ('"cascade_township_then_village"', '"by_post"', "kinds.village.feedback_mode", "不认识"),
    ("team_size_most = 8", "team_size_most = 4", "kinds.village.team_size_most", "小于下限 5"),
    ("toward_coverage = true", "toward_coverage = 1", "kinds.village.counts_toward_coverage", "true 或 false"),
    ('["onsite_days_default"]', '["days"]', "kinds.village.guessed", "没有“days”"),
    ('zh = "村巡察", ', "", "kinds.village.label.zh", "缺少这一项"),
]
IN_TAXONOMY = [
    ('code = "A101"', 'code = "A1"', "categories[3].code", "分类编码“A1”重复"),
    ('parent = "A1"', 'parent = "B1"', "categories[3].parent", "“B1”不在它之前"),
    ('code = "V1", parent = "V"', 'code = "V1", parent = "A101"', "categories[5].parent", "第 4 级"),
    (', en = "A1" }', " }", "categories[2].label.en", "缺少这一项"),
]
SLIPS = [
    *((parse_time_limits, HEAD + LIMIT, *slip) for slip in IN_LIMITS),
    *((parse_signer_chains, CHAIN, *slip) for slip in IN_CHAINS),
    *((parse_inspection_kinds, KIND, *slip) for slip in IN_KINDS),
    *((parse_taxonomy, TAXONOMY, *slip) for slip in IN_TAXONOMY),
]


@pytest.mark.parametrize(("parse", "text", "right", "slip", "key", "words"), SLIPS)
def test_a_slip_is_a_sentence_with_file_and_key(
    parse: Callable[..., object], text: str, right: str, slip: str, key: str, words: str
) -> None:
    parse(text, file="本地.toml")
    assert text.count(right) >= 1
    with pytest.raises(ProfileInvalid) as caught:
        parse(text.replace(right, slip, 1), file="本地.toml")
    assert (caught.value.file, caught.value.key) == ("本地.toml", key)
    sentence = str(caught.value)
    assert words in sentence
    assert sentence.startswith(f"配置文件“本地.toml”的“{key}”有误：" if key else "配置文件“本地.toml”有误：")
    assert sentence.endswith("。")
    assert "！" not in sentence


@pytest.mark.parametrize(
    ("file", "right", "slip", "key", "words"),
    [
        ("place.toml", '["village"]', '["village", "city"]', "kinds", "没有“city”这一巡察种类"),
        ("place.toml", 'signer_chain = "two"', 'signer_chain = "ten"', "signer_chain", "不认识“ten”，请用 two 之一"),
        ("place.toml", "kinds = [", "extra = 1\nkinds = [", "extra", "核对拼写"),
        ("time_limits_t.toml", "2026-01-01", "2026-03-01", "time_limits", "自 2026-03-01 起施行，晚于"),
        ("tax.toml", "2026-01-01", "2026-03-01", "taxonomy", "自 2026-03-01 起施行，晚于"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(file: str, right: str, slip: str, key: str, words: str) -> None:
    texts = {**DATABASE, file: DATABASE[file].replace(right, slip, 1)}
    with pytest.raises(ProfileInvalid, match=words) as caught:
        load_profile("place", read=texts.__getitem__)
    assert (caught.value.file, caught.value.key) == ("place.toml", key)
