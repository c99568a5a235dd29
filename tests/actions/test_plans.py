"""Plans of a unit: filled row by row, handed in version by version, reviewed by each party, and seen by whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from bihuan.actions import plans
from bihuan.actions._plan_versions import row_hash
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Finding, Measure, Plan, PlanRow, Verdict
from bihuan.queries.acting import acting
from bihuan.rules.plan_content import stored
from bihuan.rules.typed import MeasureInput, StepInput
from tests.builders import TODAY, a_post, acting_as, build_county
from tests.paths import Path, a_finding
from tests.plan_deeds import (
    LATER,
    OPINION,
    REVIEWERS,
    content,
    fill,
    fill_all,
    findings_of,
    hand_in,
    latest,
    review,
    send_back,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def path() -> Path:
    """Four findings of one feedback, given, none planned for."""
    return a_finding(build_county(), "awaiting_plan")


def test_the_clerk_fills_and_the_head_hands_in_every_row_as_one_version(path):
    fill_all(path)
    with pytest.raises(NotYours):
        hand_in(path, role="unit_clerk")
    taken = hand_in(path)
    assert (taken.version, taken.state, len(taken.steps)) == (1, "submitted", 4)
    assert states(path) == ["plan_submitted"] * 4
    assert Measure.objects.filter(row__plan=taken.plan).count() == 8
    assert set(PlanRow.objects.values_list("state", "side")) == {("submitted", "both")}


def test_what_is_handed_in_is_exactly_what_was_filled_in(path):
    whole = MeasureInput(
        " 印发公示制度 ", path.measures()[0].unit, "张某", LATER, "制度文本", ("institution", "like_cases"),
        "县财政局", "纪检组", TODAY, is_long_term=True,
    )  # fmt: skip
    fill(path, causes=" 监管缺位 ", head_leads=True, measures=(whole,))
    hand_in(path, findings_of(path)[0])
    row = PlanRow.objects.get(finding_id=path.finding)
    kept = Measure.objects.get(row=row)
    assert (row.causes, row.head_leads, row.typed) == ("监管缺位", True, [])
    assert (kept.text, kept.kinds, kept.helping) == ("印发公示制度", ["institution", "like_cases"], "县财政局")
    assert (kept.supervisor, kept.starts_on, kept.is_long_term) == ("纪检组", TODAY, True)
    # The hash can be computed again of what is kept.
    again = replace(whole, text=kept.text)
    row.typed = stored([again])
    assert row.content_hash == row_hash(row)


def test_findings_without_a_row_are_named_before_the_whole_is_handed_in(path):
    first, second, *left = findings_of(path)
    fill(path, first)
    fill(path, second)
    with pytest.raises(Refused) as refusal:
        hand_in(path)
    said = refusal.value.objection
    assert (said.code, said.values["count"]) == ("plan_gaps", 2)
    assert all(finding.number in str(said.values["numbers"]) for finding in left)
    assert states(path) == ["awaiting_plan"] * 4


def test_an_incomplete_row_is_kept_as_a_draft_and_refused_with_its_number_when_handed_in(path):
    fill_all(path)
    third = findings_of(path)[2]
    fill(path, third, goal="")
    with pytest.raises(Refused) as refusal:
        hand_in(path)
    said = refusal.value.objection
    assert (said.code, said.where) == ("goal_missing", f"findings.{third.pk}.goal")
    assert said.values["finding"] == third.number
    assert states(path) == ["awaiting_plan"] * 4
    assert Plan.objects.get().state == "draft"


def test_chosen_rows_are_handed_in_and_the_others_go_on_in_the_next_version(path):
    first, second, third, _fourth = findings_of(path)
    for finding in (first, second, third):
        fill(path, finding)
    assert hand_in(path, first, second).version == 1
    assert states(path) == ["plan_submitted", "plan_submitted", "awaiting_plan", "awaiting_plan"]
    left = PlanRow.objects.get(finding=third)
    assert (left.state, left.version, left.plan.version, left.plan.state) == ("draft", 2, 2, "draft")
    with pytest.raises(Refused) as refusal:
        hand_in(path, first, third)
    assert refusal.value.objection.code == "rows_missing"
    assert hand_in(path, third).version == 2


def test_a_plan_is_returned_twice_and_then_approved_and_every_version_stays(path):
    fill_all(path)
    hand_in(path)
    send_back(path, "discipline_reviewer")
    assert (latest(path).state, states(path)) == ("returned", ["plan_returned"] * 4)
    assert set(Finding.objects.values_list("redo_by", flat=True)) == {LATER}
    for finding in findings_of(path):
        fill(path, finding, goal="6 所学校公示率 100%，月底前复查")
    assert hand_in(path).version == 2
    review(path, "discipline_reviewer")
    send_back(path, "office_director", faults=("tasks_missing", "other"))
    for finding in findings_of(path):
        fill(path, finding, goal="6 所学校公示率 100%，复查两次")
    hand_in(path)
    for role in REVIEWERS:
        done = review(path, role, reason="同意")
    assert (done.version, done.state, states(path)) == (3, "approved", ["in_progress"] * 4)
    versions = Plan.objects.filter(feedback_id=path.feedback).order_by("version")
    assert [version.state for version in versions] == ["returned", "returned", "approved"]
    rows = PlanRow.objects.filter(finding_id=path.finding).order_by("version")
    assert [row.goal for row in rows] == [
        "6 所学校收费公示率达到 100%", "6 所学校公示率 100%，月底前复查", "6 所学校公示率 100%，复查两次",
    ]  # fmt: skip
    assert len({row.content_hash for row in rows}) == 3


def test_single_rows_are_returned_while_the_others_go_on(path):
    first, *others = findings_of(path)
    fill_all(path)
    plan = hand_in(path).plan
    send_back(path, "discipline_reviewer", first)
    assert states(path) == ["plan_returned", *["plan_submitted"] * 3]
    assert latest(path).state == "submitted"
    review(path, "discipline_reviewer")
    review(path, "organization_reviewer", *others)
    done = review(path, "office_director")
    assert (done.state, len(done.steps)) == ("returned", 3)
    assert states(path) == ["plan_returned", *["in_progress"] * 3]
    fill(path, first)
    assert hand_in(path).version == 2
    for role in REVIEWERS:
        done = review(path, role)
    assert (done.state, states(path)) == ("approved", ["in_progress"] * 4)
    assert Plan.objects.get(pk=plan).state == "returned"


def test_each_party_leaves_its_own_verdict_with_its_opinion(path):
    fill_all(path)
    hand_in(path)
    review(path, "discipline_reviewer", reason="同意，请盯住第三条")
    send_back(path, "organization_reviewer", faults=("direction_unclear", "measures_vague"))
    verdicts = Verdict.objects.filter(finding_id=path.finding).order_by("at")
    assert [(one.role, one.verdict, one.opinion) for one in verdicts] == [
        ("discipline_reviewer", "agree", "同意，请盯住第三条"),
        ("organization_reviewer", "return", OPINION),
    ]
    assert verdicts[1].points == {"faults": ["direction_unclear", "measures_vague"]}
    assert {one.content_hash for one in verdicts} == {PlanRow.objects.get(finding_id=path.finding).content_hash}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"faults": ()}, "faults_missing"),
        ({"faults": ("bad",)}, "faults_missing"),
        ({"reason": "太笼统"}, "opinion_too_short"),
        ({"redo_by": None}, "redo_by_missing"),
        ({"redo_by": TODAY - timedelta(days=1)}, "redo_by_past"),
    ],
)
def test_a_return_needs_a_fault_an_opinion_and_a_date(path, changed, code):
    fill_all(path)
    hand_in(path)
    with pytest.raises(Refused) as refusal:
        send_back(path, "discipline_reviewer", **changed)
    assert refusal.value.objection.code == code
    assert not Verdict.objects.exists()


def test_the_last_party_waits_for_all_others_and_nobody_decides_twice(path):
    fill_all(path)
    hand_in(path)
    with pytest.raises(Refused) as refusal:
        review(path, "office_director")
    assert refusal.value.objection.code == "reviewers_pending"
    review(path, "discipline_reviewer")
    with pytest.raises(Refused) as refusal:
        review(path, "discipline_reviewer")
    assert refusal.value.objection.code == "already_agreed"


def test_nobody_decides_for_two_parties(path):
    fill_all(path)
    hand_in(path)
    review(path, "discipline_reviewer")
    both = path.county.posts["discipline_reviewer@discipline"].account
    second = a_post(both, "organization_reviewer", organization=path.county.organizations["organization_department"])
    actor = acting_as(second)
    with acting(actor), pytest.raises(Refused) as refusal:
        plans.review_plan(
            plan=latest(path).pk, agrees=True, typed=StepInput(), by=actor, at=path.at(), on=TODAY
        )  # fmt: skip
    assert refusal.value.objection.code == "agreed_for_another"
    assert set(Verdict.objects.values_list("role", flat=True)) == {"discipline_reviewer"}


def test_nobody_reviews_the_own_unit(path):
    fill_all(path)
    hand_in(path)
    reviewer = path.county.posts["discipline_reviewer@discipline"]
    a_post(reviewer.account, "unit_leader", organization=path.county.organizations["education"])
    with pytest.raises(NotYours):
        review(path, "discipline_reviewer")
    with pytest.raises(NotYours):
        review(path, "unit_head")


def test_reviewers_who_are_not_in_the_chain_and_strangers_are_refused(path):
    fill_all(path)
    hand_in(path)
    for role in ("team_leader", "leading_group", "secretary", "office_clerk"):
        with pytest.raises(NotYours):
            review(path, role)
    for role in ("unit_head", "unit_clerk"):
        stranger, typed = path.county.actor(role, organization="finance"), content(path)
        with acting(stranger), pytest.raises(Unknown):
            plans.fill_row(finding=path.finding, content=typed, by=stranger, at=path.at())
    for role in ("office_director", "team_leader", "discipline_reviewer"):
        with pytest.raises(NotYours):
            fill(path, role=role)


def test_a_row_decided_meanwhile_is_told_to_who_had_ticked_it(path):
    first, second, *_ = findings_of(path)
    fill_all(path)
    hand_in(path)
    seen = latest(path).revision
    send_back(path, "discipline_reviewer", first)
    with pytest.raises(Overtaken) as late:
        review(path, "organization_reviewer", first, second, seen=seen)
    assert ("纪检监察审核人" in late.value.by, late.value.step) == (True, "return_plan")
    with pytest.raises(Refused) as refusal:
        review(path, "organization_reviewer", first, second)
    assert refusal.value.objection.code == "rows_not_waiting"
    assert not Verdict.objects.filter(role="organization_reviewer").exists()


def test_the_measures_of_a_version_cannot_be_rewritten_in_the_database(path):
    fill_all(path)
    hand_in(path)
    for change in (
        "update measure set text = '改了'",
        "delete from measure",
        "delete from plan_row",
        "delete from plan",
    ):
        with pytest.raises(DatabaseError), acting(path.county.actor("unit_head")), connection.cursor() as cursor:
            cursor.execute(change)


def test_no_act_writes_into_a_row_that_was_handed_in(path):
    fill_all(path)
    hand_in(path)
    before = list(PlanRow.objects.order_by("pk").values())
    with pytest.raises(Refused) as refusal:
        fill(path, causes="事后改写")
    assert refusal.value.objection.code == "wrong_state"
    send_back(path, "discipline_reviewer")
    fill(path, causes="重报时改写")
    kept = list(PlanRow.objects.filter(version=1).order_by("pk").values())
    unchanging = ("causes", "goal", "leader", "head_leads", "content_hash", "submitted_at", "version", "plan_id")
    assert [[row[name] for name in unchanging] for row in kept] == [
        [row[name] for name in unchanging] for row in before
    ]
    assert PlanRow.objects.get(finding_id=path.finding, version=2).causes == "重报时改写"


@pytest.mark.parametrize(("name", "most"), [("person", 60), ("supervisor", 60), ("helping", 200), ("product", 200)])
def test_a_measure_that_is_too_long_is_refused_with_a_sentence(path, name, most):
    first = findings_of(path)[0]
    fits = tuple(replace(measure, **{name: "长" * most}) for measure in path.measures())
    fill(path, measures=fits)
    long = (fits[0], replace(fits[1], **{name: "长" * (most + 1)}))
    for deed in (
        lambda: fill(path, measures=long),
        lambda: path.take("unit_head", "submit_plan", **path.content() | {"measures": long}),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        said = refusal.value.objection
        assert (said.code, said.where, said.values["most"]) == (f"{name}_too_long", f"measures.2.{name}", most)
    assert hand_in(path, first).state == "submitted"


def test_a_leader_too_long_too_many_measures_and_an_unknown_kind_are_refused(path):
    measure = path.measures()[0]
    for changed, code in (
        ({"leader": "长" * 61}, "leader_too_long"),
        ({"measures": (measure,) * 61}, "measures_too_many"),
        ({"measures": (replace(measure, kinds=("nonsense",)),)}, "measure_kind_unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            fill(path, **changed)
        assert refusal.value.objection.code == code
        with pytest.raises(Refused) as refusal:
            path.take("unit_head", "submit_plan", **path.content() | changed)
        assert refusal.value.objection.code == code
    fill(path, leader="长" * 60, measures=(measure,) * 60)


def test_causes_of_a_hundred_thousand_letters_and_beyond_the_basic_plane_are_kept(path):
    causes = "因𠮷🙂" * 33_334
    fill(path, causes=causes)
    hand_in(path, findings_of(path)[0])
    assert PlanRow.objects.get().causes == causes


def test_a_measure_of_a_unit_that_has_ended_is_refused(path):
    unit = path.county.place("west_1")
    unit.ended_on = TODAY
    unit.save()
    with pytest.raises(Refused) as refusal:
        fill(path, measures=(replace(path.measures()[0], unit=unit.pk),))
    assert refusal.value.objection.code == "measure_unit_unknown"


def test_two_people_fill_the_same_row_and_the_slower_is_told(path):
    first = fill(path, role="unit_clerk", seen=0)
    with pytest.raises(Overtaken) as late:
        fill(path, role="unit_leader", seen=0, goal="另一个人的目标")
    assert "单位承办人" in late.value.by
    second = fill(path, role="unit_leader", seen=first.revision, goal="看过以后改的目标")
    with pytest.raises(Overtaken):
        fill(path, role="unit_clerk", seen=first.revision)
    assert (second.revision, PlanRow.objects.get().goal) == (first.revision + 1, "看过以后改的目标")


def test_a_row_that_was_handed_in_meanwhile_is_told_to_who_fills_it(path):
    seen = fill(path).revision
    hand_in(path, findings_of(path)[0])
    with pytest.raises(Overtaken) as late:
        fill(path, seen=seen)
    assert ("单位主要负责人" in late.value.by, late.value.step) == (True, "submit_plan")


def test_the_head_hands_in_only_what_the_head_has_seen(path):
    fill_all(path)
    seen = Plan.objects.get().revision
    fill(path, goal="负责人没看过的目标")
    with pytest.raises(Overtaken) as late:
        hand_in(path, seen=seen)
    assert "单位承办人" in late.value.by
    assert hand_in(path, seen=Plan.objects.get().revision).state == "submitted"
    with pytest.raises(Overtaken):
        hand_in(path, seen=seen)
    with pytest.raises(Refused) as refusal:
        hand_in(path)
    assert refusal.value.objection.code == "no_draft_plan"


def test_filling_in_the_same_again_writes_nothing(path):
    first = fill(path)
    assert fill(path).revision == first.revision


def test_a_withdrawn_finding_is_neither_a_gap_nor_handed_in(path):
    gone, *others = findings_of(path)
    fill_all(path)
    path.finding = gone.pk
    path.take("office_clerk", "request_withdrawal", reason="与另一条重复")
    path.take("team_leader", "withdraw")
    path.finding = others[0].pk
    assert len(hand_in(path).steps) == 3
    assert PlanRow.objects.get(finding=gone).state == "draft"
    assert not Plan.objects.filter(state="draft").exists()
    with acting(path.county.actor("office_director")):
        assert PlanRow.objects.count() == 3


def test_a_single_step_and_the_whole_plan_write_the_same_versions(path):
    first, second, *_ = findings_of(path)
    fill(path, second)
    path.take("unit_head", "submit_plan", **path.content())
    assert PlanRow.objects.get(finding=first).plan.version == 1
    left = PlanRow.objects.get(finding=second)
    assert (left.state, left.plan.version) == ("draft", 2)
    path.take("discipline_reviewer", "return_plan", faults=("other",), reason=OPINION, redo_by=LATER)
    path.submit_plan()
    assert PlanRow.objects.filter(finding=first).order_by("version").values_list("plan__version", flat=True)[1] == 2
    assert PlanRow.objects.get(finding=second).plan.version == 3
