"""Every state is reached by the people who may, every step by nobody else, every need is asked for."""

import itertools
from datetime import timedelta

import pytest

from bihuan.actions import feedback, findings, people
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import ClosingRequest, Event, Finding, FindingRequest, Measure, Plan, StateChange, Upload, Verdict
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_page, stored_file
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.findings.page import finding_page
from bihuan.queries.people import actor_for
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.typed import EvidenceInput, MeasureInput, StepInput
from bihuan.rules.vocabulary import REOPENING_GROUNDS
from tests.builders import TODAY, a_post, acting_as, an_account, build_county
from tests.paths import CRITERIA, PATHS, POINTS, Path, a_finding

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", PATHS)
def test_every_state_is_reached_by_actions(state):
    path = a_finding(build_county(), state)
    assert path.state() == state


def test_the_paths_reach_every_state_of_the_table():
    assert set(PATHS) == {state.code for state in FINDING.states}


def test_each_change_of_state_has_its_event_and_nothing_is_lost():
    path = a_finding(build_county(), "reopened")
    changes = list(StateChange.objects.filter(finding_id=path.finding).order_by("at"))
    assert [c.state_to for c in changes] == [
        "drafted", "awaiting_plan", "plan_submitted", "in_progress", "pending_review", "closed", "reopened",
    ]  # fmt: skip
    for before, after in itertools.pairwise(changes):
        assert after.state_from == before.state_to
    assert Event.objects.filter(thing="finding", thing_id=path.finding).count() > len(changes)
    assert all(change.event_id for change in changes)


def test_approval_alone_gives_nothing():
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    assert path.state() == "drafted"
    row = Finding.objects.get(pk=path.finding)
    assert (row.stage, row.due_on) == (0, None)


@pytest.mark.parametrize("order", [
    ("unit_head", "team_leader", "office_director"),
    ("team_leader", "office_director", "unit_head"),
    ("office_director", "unit_head", "team_leader"),
])  # fmt: skip
def test_whoever_signs_last_starts_the_clock(order):
    path = Path(build_county())
    path.upload()
    made = path.confirm_all()
    path.give(order=order)
    rows = Finding.objects.filter(pk__in=made)
    assert {row.state for row in rows} == {"awaiting_plan"}
    assert {row.given_on for row in rows} == {TODAY}
    assert all(row.due_on > TODAY and row.due_basis for row in rows)


def test_a_plan_without_a_due_date_names_the_measure_and_the_field():
    path = a_finding(build_county(), "awaiting_plan")
    whole = path.measures(2)
    broken = MeasureInput(whole[1].text, whole[1].unit, whole[1].person, None, whole[1].product)
    with pytest.raises(Refused) as refusal:
        path.take("unit_head", "submit_plan", **(path.content() | {"measures": (whole[0], broken)}))
    assert refusal.value.objection.code == "measure_due_on_missing"
    assert refusal.value.objection.where == "measures.2.due_on"
    assert path.state() == "awaiting_plan"
    assert not Plan.objects.exists()


def test_a_returned_plan_can_be_submitted_again_and_the_first_version_stays():
    path = a_finding(build_county(), "plan_returned")
    path.approve_plan()
    assert path.state() == "in_progress"
    assert list(Plan.objects.order_by("version").values_list("version", "state")) == [(1, "returned"), (2, "approved")]
    assert Measure.objects.filter(row__version=1).count() == 2


def test_the_last_reviewer_waits_for_the_others():
    path = a_finding(build_county(), "plan_submitted")
    path.take("discipline_reviewer", "agree_plan")
    with pytest.raises(Refused) as refusal:
        path.take("office_director", "approve_plan")
    assert refusal.value.objection.code == "reviewers_pending"


def test_nobody_agrees_twice():
    path = a_finding(build_county(), "plan_submitted")
    path.take("discipline_reviewer", "agree_plan")
    with pytest.raises(Refused) as refusal:
        path.take("discipline_reviewer", "agree_plan")
    assert refusal.value.objection.code == "already_agreed"
    assert Verdict.objects.count() == 1


def test_closing_needs_evidence_for_each_measure():
    path = a_finding(build_county(), "in_progress")
    with pytest.raises(Refused) as refusal:
        path.take("unit_head", "request_closing", claim="done", criteria=CRITERIA, evidence=path.evidence()[:1])
    assert refusal.value.objection.code == "evidence_lacking"
    assert not ClosingRequest.objects.exists()


def test_a_long_term_claim_cannot_be_closed():
    path = a_finding(build_county(), "in_progress")
    path.request_closing("long_term")
    path.agree_closing()
    with pytest.raises(Refused) as refusal:
        path.take("office_director", "close")
    assert refusal.value.objection.code == "claim_is_long_term"


@pytest.mark.parametrize(
    ("opinion", "refused"), [("太笼统", True), ("一二三四五六七八九", True), ("一二三四五六七八九十", False)]
)
def test_a_returning_opinion_has_ten_characters(opinion, refused):
    path = a_finding(build_county(), "pending_review")
    if refused:
        with pytest.raises(Refused) as refusal:
            path.take("discipline_reviewer", "return_closing", reason=opinion)
        assert refusal.value.objection.code == "opinion_too_short"
    else:
        path.take("discipline_reviewer", "return_closing", reason=opinion)
        assert path.state() == "returned"


def test_who_asks_to_withdraw_does_not_decide():
    path = a_finding(build_county(), "drafted")
    path.take("office_director", "request_withdrawal", reason="与另一条重复")
    with pytest.raises(Refused) as refusal:
        path.take("office_director", "withdraw")
    assert refusal.value.objection.code == "same_person"


def test_an_old_revision_is_told_who_was_faster():
    path = a_finding(build_county(), "plan_submitted")
    seen = Finding.objects.get(pk=path.finding).revision
    path.take("discipline_reviewer", "agree_plan", seen=seen)
    with pytest.raises(Overtaken) as overtaken:
        path.take("organization_reviewer", "agree_plan", seen=seen)
    assert "纪检监察审核人" in overtaken.value.by
    assert overtaken.value.step == "agree_plan"


def test_before_feedback_the_unit_knows_nothing():
    path = a_finding(build_county(), "drafted")
    for role in ("unit_head", "unit_leader", "unit_clerk"):
        actor = path.county.actor(role)
        with acting(actor):
            assert finding_page(path.finding, actor=actor, on=TODAY) is None
        with pytest.raises(Unknown):
            path.take(role, "submit_plan", measures=())


def test_the_unit_sees_no_event_earlier_than_give():
    path = a_finding(build_county(), "in_progress")
    actor = path.county.actor("unit_clerk")
    with acting(actor):
        page = finding_page(path.finding, actor=actor, on=TODAY)
    assert [event.step for event in page.events][-1] == "give"


def test_every_refused_step_has_a_reason_and_every_permitted_one_can_be_taken_by_this_role():
    county = build_county()
    path = a_finding(county, "pending_review")
    for role in ("office_director", "discipline_reviewer", "unit_head", "leading_group", "team_member"):
        actor = county.actor(role)
        with acting(actor):
            page = finding_page(path.finding, actor=actor, on=TODAY)
        assert all(refused.objection.message for refused in page.refused)
        codes = {choice.code for choice in page.permitted} | {refused.code for refused in page.refused}
        assert codes == {step.code for step in FINDING.steps_from("pending_review") if not step.consequence}


def test_a_step_is_refused_to_everybody_it_does_not_belong_to():
    county = build_county()
    path = a_finding(county, "pending_review")
    for role in ("secretary", "leading_group", "office_clerk", "team_leader"):
        with pytest.raises(NotYours):
            path.take(role, "close")
    assert path.state() == "pending_review"


@pytest.mark.parametrize("order", [
    ("team_leader", "office_director", "unit_head"),
    ("unit_head", "office_director", "team_leader"),
])  # fmt: skip
def test_the_heads_own_part_goes_the_whole_way_and_nobody_else_reads_it(order):
    path = Path(build_county())
    path.upload(audience="head")
    path.confirm_all()
    path.give(order=order)
    path.approve_plan()
    path.request_closing()
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)
    assert path.state() == "closed"
    seen = {}
    for role in ("unit_head", "unit_leader", "unit_clerk", "office_clerk", "discipline_reviewer", "evaluator"):
        actor = path.county.actor(role)
        with acting(actor):
            page = finding_page(path.finding, actor=actor, on=TODAY)
            seen[role] = page is not None and findings_for(actor, filters=FindingFilters(), on=TODAY).matched > 0
            if role == "unit_head":
                assert [event.step for event in page.events][-1] == "give"
    assert [role for role, sees in seen.items() if sees] == ["unit_head", "office_clerk", "discipline_reviewer"]


def test_before_the_third_signature_the_head_reads_neither_document_nor_drafts():
    path = Path(build_county())
    path.upload(audience="head")
    path.confirm_all()
    path.leave()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    path.do("office_clerk", feedback.give, feedback=path.feedback)
    head = path.county.actor("unit_head")
    with acting(head):
        page = feedback_page(path.feedback, actor=head)
        assert (page.text, page.drafts, page.source) == ("", (), None)
        assert findings_for(head, filters=FindingFilters(), on=TODAY).total == 0


@pytest.mark.parametrize(("role", "place"), [("discipline_reviewer", "discipline"), ("unit_head", "education")])
def test_who_was_appointed_for_a_later_day_reads_what_came_up_meanwhile(role, place):
    path = Path(build_county())
    account = an_account("下月到任")
    later = TODAY + timedelta(days=30)
    post = a_post(account, role, organization=path.county.organizations[place], starts_on=later)
    path.upload(audience="head")
    path.confirm_all()
    path.give()
    actor = actor_for(account.pk, post=post.pk, via="web", on=later)
    assert actor is not None
    with acting(actor):
        assert finding_page(path.finding, actor=actor, on=later) is not None


def test_who_takes_a_post_over_reads_what_the_post_reads():
    county = build_county()
    path = Path(county)
    path.upload(audience="head")
    path.confirm_all()
    path.give()
    officer = county.actor("system_officer")
    account = an_account("新任主要负责人")
    with acting(officer):
        post = people.give_post(
            account=account.pk, role="unit_head", organization=county.organizations["education"], starts_on=TODAY,
            ends_on=None, by=officer, at=path.at(),
        )  # fmt: skip
    new_head = actor_for(account.pk, post=post, via="web", on=TODAY)
    with acting(new_head):
        assert finding_page(path.finding, actor=new_head, on=TODAY) is not None


def test_nobody_agrees_for_two_parties():
    county = build_county()
    path = a_finding(county, "plan_submitted")
    path.take("discipline_reviewer", "agree_plan")
    both = a_post(
        county.posts["discipline_reviewer@discipline"].account, "organization_reviewer",
        organization=county.organizations["organization_department"],
    )  # fmt: skip
    actor = acting_as(both)
    with pytest.raises(Refused) as refusal, acting(actor):
        findings.take_step(
            finding=path.finding, step="agree_plan", typed=StepInput(), by=actor, at=path.at(), on=TODAY, seen=None
        )
    assert refusal.value.objection.code == "agreed_for_another"


def test_who_has_agreed_may_still_return_the_plan():
    path = a_finding(build_county(), "plan_submitted")
    path.take("discipline_reviewer", "agree_plan")
    opinion = "再看一遍，措施二缺少责任人。"
    path.take("discipline_reviewer", "return_plan", reason=opinion, redo_by=TODAY, faults=("other",))
    assert path.state() == "plan_returned"


def test_the_unit_does_not_read_what_a_reopening_is_founded_on():
    path = a_finding(build_county(), "closed")
    measure = path.evidence()[0].measure
    path.take(
        "discipline_reviewer", "request_reopening", ground="still_there", reason="群众来信反映",
        evidence=(EvidenceInput(measure, "来信.txt", "来信摘要".encode()),),
    )  # fmt: skip
    upload = Upload.objects.get(name="来信.txt")
    head = path.county.actor("unit_head")
    with acting(head):
        assert stored_file(upload.pk, actor=head) is None
        assert finding_page(path.finding, actor=head, on=TODAY).asked == ()
    path.take("office_director", "approve_reopening", reason="来信人反映属实")
    with acting(head):
        page = finding_page(path.finding, actor=head, on=TODAY)
    told = next(event for event in page.events if event.step == "reopen")
    assert [change.after for change in told.changed] == [REOPENING_GROUNDS["still_there"]]
    assert not any("反映" in event.reason for event in page.events)
    office = path.county.actor("office_director")
    with acting(office):
        assert any("群众来信反映" in row.reason for row in finding_page(path.finding, actor=office, on=TODAY).decided)


def test_a_finding_is_not_withdrawn_between_approval_and_the_third_signature():
    path = a_finding(build_county(), "drafted")
    path.do("secretary", feedback.approve, feedback=path.feedback)
    with pytest.raises(Refused) as refusal:
        path.take("office_clerk", "request_withdrawal", reason="与另一条重复")
    assert refusal.value.objection.code == "feedback_on_its_way"


def test_the_page_tells_that_what_is_being_signed_stays_as_it_is():
    path = a_finding(build_county(), "drafted")
    clerk, steps = path.county.actor("office_clerk"), {"describe", "request_withdrawal", "withdraw"}

    def refused() -> dict[str, str]:
        with acting(clerk):
            page = finding_page(path.finding, actor=clerk, on=TODAY)
        return {step.code: step.objection.code for step in page.refused if step.code in steps}

    assert refused() == {"withdraw": "no_withdrawal_request"}
    path.do("secretary", feedback.approve, feedback=path.feedback)
    path.leave()
    on_its_way = dict.fromkeys(steps, "feedback_on_its_way") | {"describe": "feedback_approved"}
    assert refused() == on_its_way
    path.do("office_clerk", feedback.give, feedback=path.feedback)
    assert refused() == on_its_way


def test_no_feedback_is_given_while_the_team_is_on_site():
    path = a_finding(build_county(), "drafted")
    path.do("secretary", feedback.approve, feedback=path.feedback)
    with pytest.raises(Refused) as refusal:
        path.do("office_clerk", feedback.give, feedback=path.feedback)
    assert refusal.value.objection.code == "still_on_site"


def test_nobody_signs_for_a_day_before_the_giving():
    path = a_finding(build_county(), "drafted")
    with pytest.raises(Refused) as refusal:
        path.give(signed_on=TODAY - timedelta(days=30))
    assert refusal.value.objection.code == "signed_before_given"


def test_a_clock_that_went_back_is_refused():
    path = a_finding(build_county(), "in_progress")
    path.minutes = -1000
    with pytest.raises(Refused) as refusal:
        path.take("unit_clerk", "report_basically_done", remains="还差一点", remains_by=TODAY + timedelta(days=1))
    assert refusal.value.objection.code == "clock_went_back"


def test_a_withdrawal_asked_for_is_open_no_more_once_the_unit_has_handed_in_its_plan():
    path = a_finding(build_county(), "awaiting_plan")
    path.take("office_clerk", "request_withdrawal", reason="与另一条重复")
    path.submit_plan()
    for role in ("office_clerk", "office_director", "discipline_reviewer"):
        actor = path.county.actor(role)
        with acting(actor):
            page = finding_page(path.finding, actor=actor, on=TODAY)
        assert page.asked == ()
        assert [(one.code, one.state.code, one.decided_by) for one in page.decided] == [("withdraw", "lapsed", "")]
    path.take("discipline_reviewer", "agree_plan")
    assert FindingRequest.objects.get().state == "lapsed"
