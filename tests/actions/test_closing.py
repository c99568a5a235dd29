"""Closing: criteria and evidence, one verdict per signer on exactly one content, long-term, reopening."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from bihuan.actions import findings
from bihuan.actions.refusals import NotYours, Refused
from bihuan.models import ClosingRequest, Event, Evidence, Finding, FindingRequest, Verdict
from bihuan.queries.acting import acting
from bihuan.queries.findings import waiting
from bihuan.queries.findings.page import finding_page
from bihuan.rules.access import Actor
from bihuan.rules.typed import CriterionAnswer, EvidenceInput, StepInput
from tests.builders import TODAY, a_post, acting_as, build_county
from tests.paths import CRITERIA, POINTS, Path, a_finding

pytestmark = pytest.mark.django_db

OPINION = "照片看不出公示日期，请补公示原件。"


def refused(path: Path, role: str, step: str, **typed: Any) -> str:
    """The code with which a step is refused; nothing may have changed."""
    before = (path.state(), Event.objects.count(), Verdict.objects.count(), Evidence.objects.count())
    with pytest.raises((Refused, NotYours)) as refusal:
        path.take(role, step, **typed)
    assert (path.state(), Event.objects.count(), Verdict.objects.count(), Evidence.objects.count()) == before
    return refusal.value.objection.code


def where(path: Path, role: str, step: str, **typed: Any) -> str:
    """The field that a refusal names."""
    with pytest.raises(Refused) as refusal:
        path.take(role, step, **typed)
    return refusal.value.objection.where


def request_of(path: Path) -> ClosingRequest:
    """The finding's last closing request."""
    return ClosingRequest.objects.filter(finding_id=path.finding).latest("at")


def one_more_file(path: Path, *, role: str = "unit_clerk", name: str = "补充.txt") -> None:
    """The unit adds a file for the first measure."""
    path.take(role, "add_evidence", evidence=(EvidenceInput(path.evidence()[0].measure, name, name.encode()),))


# Criteria and evidence


@pytest.mark.parametrize(
    "answer", [None, CriterionAnswer("money"), CriterionAnswer("money", applies=False, text=" 　")]
)
def test_who_claims_that_it_is_done_answers_every_criterion(answer):
    path = a_finding(build_county(), "in_progress")
    others = tuple(one for one in CRITERIA if one.code != "money")
    asked = {"claim": "done", "evidence": path.evidence(), "criteria": (*others, *([answer] if answer else ()))}
    assert refused(path, "unit_head", "request_closing", **asked) == "criterion_missing"
    assert where(path, "unit_head", "request_closing", **asked) == "criteria.money"
    assert not ClosingRequest.objects.exists()


def test_a_criterion_may_not_apply_when_the_unit_says_why():
    path = a_finding(build_county(), "in_progress")
    not_money = CriterionAnswer("money", applies=False, text="本问题不涉及钱款")
    criteria = (*(one for one in CRITERIA if one.code != "money"), not_money)
    path.take("unit_head", "request_closing", claim="done", evidence=path.evidence(), criteria=criteria)
    kept = {one["code"]: one for one in request_of(path).criteria}
    assert (kept["money"]["applies"], kept["money"]["text"]) == (False, "本问题不涉及钱款")
    assert len(kept) == len(CRITERIA)


def test_evidence_cited_for_a_criterion_is_of_the_finding():
    county = build_county()
    path = a_finding(county, "in_progress")
    one_more_file(path)
    own = Evidence.objects.get(finding_id=path.finding).pk
    first = path.finding
    path.finding = Finding.objects.exclude(pk=first).order_by("number").first().pk
    path.approve_plan()
    one_more_file(path)
    foreign = Evidence.objects.get(finding_id=path.finding).pk
    path.finding = first
    for cited, said in ((foreign, "criterion_evidence"), (own, None)):
        cites = CriterionAnswer(CRITERIA[0].code, text="见公示记录", evidence=(cited,))
        asked = {"claim": "done", "evidence": path.evidence(), "criteria": (cites, *CRITERIA[1:])}
        if said:
            assert refused(path, "unit_head", "request_closing", **asked) == said
        else:
            path.take("unit_head", "request_closing", **asked)
    assert request_of(path).criteria[0]["evidence"] == [str(own)]


def test_answers_that_nobody_asked_for_are_refused():
    path = a_finding(build_county(), "in_progress")
    asked = {"claim": "done", "evidence": path.evidence()}
    unknown = (*CRITERIA, CriterionAnswer("luck", text="有"))
    assert refused(path, "unit_head", "request_closing", criteria=unknown, **asked) == "criterion_unknown"
    twice = (*CRITERIA, CRITERIA[0])
    assert refused(path, "unit_head", "request_closing", criteria=twice, **asked) == "criterion_twice"


def test_each_measure_has_evidence_of_its_own():
    path = a_finding(build_county(), "in_progress")
    files = path.evidence()
    asked = {"claim": "done", "criteria": CRITERIA}
    both_for_one = (files[0], EvidenceInput(files[0].measure, "又一份.txt", b"2"))
    assert refused(path, "unit_head", "request_closing", evidence=both_for_one, **asked) == "evidence_lacking"
    path.take("unit_clerk", "add_evidence", evidence=files[1:])
    path.take("unit_head", "request_closing", evidence=files[:1], **asked)
    assert path.state() == "pending_review"


def test_what_is_kept_up_for_long_needs_no_answers_and_can_be_asked_to_close_later():
    path = a_finding(build_county(), "in_progress")
    path.take("unit_head", "request_closing", claim="long_term", evidence=path.evidence())
    path.agree_closing()
    assert refused(path, "office_director", "close", points=POINTS) == "claim_is_long_term"
    accept = {"points": POINTS, "next_review_on": TODAY + timedelta(days=90)}
    assert refused(path, "office_director", "accept_long_term", **accept) == "stage_goals_missing"
    past = {"points": POINTS, "stage_goals": "每季报数", "next_review_on": TODAY - timedelta(days=1)}
    assert refused(path, "office_director", "accept_long_term", **past) == "next_review_on_past"
    path.take("office_director", "accept_long_term", stage_goals="每季报数", **accept)
    row = Finding.objects.get(pk=path.finding)
    assert (row.state, row.stage_goals, row.next_review_on) == (
        "phase_done_long_term",
        "每季报数",
        accept["next_review_on"],
    )
    path.request_closing("done")
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)
    row.refresh_from_db()
    assert (row.state, row.next_review_on) == ("closed", None)
    assert list(ClosingRequest.objects.order_by("at").values_list("claim", "state")) == [
        ("long_term", "agreed"), ("done", "agreed"),
    ]  # fmt: skip


def test_a_long_term_item_that_is_no_longer_kept_up_lapses_into_work():
    path = a_finding(build_county(), "phase_done_long_term")
    assert refused(path, "discipline_reviewer", "lapse") == "reason_missing"
    assert refused(path, "unit_head", "lapse", reason="我们自己来") == "not_yours"
    path.take("discipline_reviewer", "lapse", reason="三季度没有报数，抽查停了")
    row = Finding.objects.get(pk=path.finding)
    assert (row.state, row.next_review_on) == ("in_progress", None)


# Verdicts and the content they are bound to


def test_each_signer_gives_one_verdict_on_the_same_content():
    path = a_finding(build_county(), "closed")
    given = Verdict.objects.filter(closing_request=request_of(path)).order_by("at")
    assert [one.role for one in given] == ["discipline_reviewer", "organization_reviewer", "office_director"]
    assert {one.content_hash for one in given} == {request_of(path).content_hash}
    assert all(one.points == {"confirmed": list(POINTS)} for one in given)
    events = Event.objects.filter(thing="finding", step__in=("agree_closing", "close"))
    assert {event.content_hash for event in events} == {request_of(path).content_hash}


@pytest.mark.parametrize("points", [(), POINTS[:-1], (*POINTS, "luck")])
def test_who_agrees_has_looked_at_every_point(points):
    path = a_finding(build_county(), "pending_review")
    code = refused(path, "discipline_reviewer", "agree_closing", points=points)
    assert code == ("point_unknown" if "luck" in points else "points_missing")


def test_who_returns_confirms_what_holds_and_says_what_does_not():
    path = a_finding(build_county(), "pending_review")
    back = {"reason": OPINION, "points": ("luck",)}
    assert refused(path, "organization_reviewer", "return_closing", **back) == "point_unknown"
    path.take("organization_reviewer", "return_closing", reason=OPINION, points=POINTS[:1])
    verdict = Verdict.objects.get(closing_request=request_of(path))
    assert (verdict.verdict, verdict.opinion, verdict.points) == ("return", OPINION, {"confirmed": [POINTS[0]]})
    assert (path.state(), request_of(path).state) == ("returned", "returned")


def test_evidence_added_during_review_asks_every_signer_again():
    path = a_finding(build_county(), "pending_review")
    path.agree_closing()
    before = request_of(path).content_hash
    one_more_file(path)
    after = request_of(path).content_hash
    assert (before != after, path.state()) == (True, "pending_review")
    assert refused(path, "office_director", "close", points=POINTS) == "signers_pending"
    director = path.county.actor("discipline_reviewer")
    with acting(director):
        shown = finding_page(path.finding, actor=director, on=TODAY)
        asked = Finding.objects.filter(waiting.waiting_in(director, waits="sign_closing", on=TODAY))
        assert list(asked.values_list("pk", flat=True)) == [path.finding]
    assert "agree_closing" in {step.code for step in shown.permitted}
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)
    hashes = Verdict.objects.filter(role="discipline_reviewer", closing_request__isnull=False).order_by("at")
    assert [one.content_hash for one in hashes] == [before, after]


# What the database still lets its owner change; the row of a plan it freezes: tests/models/test_handed_in.py.
CHANGES = {
    "the answers": "update closing_request set criteria = '[]'",
    "the claim": "update closing_request set claim = 'long_term'",
    "the finding's text": "update finding set text = text || '（已改）'",
    "a measure": "update measure set text = '换了一条'",
    "a due date": "update measure set due_on = due_on + 1",
    "what evidence proves": "update evidence set proves = '别的'",
    "a file": "update upload set sha256 = (select min(sha256) from file_content where sha256 <> upload.sha256) "
    "where id in (select upload_id from evidence)",
}


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_signs_what_was_changed_behind_the_request(what):
    path = a_finding(build_county(), "pending_review")
    path.take("discipline_reviewer", "agree_closing", points=POINTS)
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[what])
        assert cursor.rowcount > 0
    assert refused(path, "organization_reviewer", "agree_closing", points=POINTS) == "content_changed"
    path.take("organization_reviewer", "return_closing", reason="内容与申请时不一致，请重新申请。")
    assert path.state() == "returned"


@pytest.mark.parametrize(("claim", "step"), [("done", "close"), ("long_term", "accept_long_term")])
def test_the_last_signer_too_signs_only_what_was_asked_for(claim, step):
    path = a_finding(build_county(), "in_progress")
    path.request_closing(claim)
    path.agree_closing()
    with connection.cursor() as cursor:
        cursor.execute(CHANGES["what evidence proves"])
    typed = {"points": POINTS, "stage_goals": "每季报数", "next_review_on": TODAY + timedelta(days=90)}
    assert refused(path, "office_director", step, **typed) == "content_changed"


def test_nobody_agrees_twice_and_nobody_for_two_parties():
    path = a_finding(build_county(), "pending_review")
    path.take("discipline_reviewer", "agree_closing", points=POINTS)
    assert refused(path, "discipline_reviewer", "agree_closing", points=POINTS) == "already_agreed"
    account = path.county.posts["discipline_reviewer@discipline"].account
    department = path.county.organizations["organization_department"]
    other = acting_as(
        a_post(account, "organization_reviewer", organization=department, at=path.county.at), at=path.county.at
    )
    with acting(other), pytest.raises(Refused) as refusal:
        take(path, other, "agree_closing", points=POINTS)
    assert refusal.value.objection.code == "agreed_for_another"


def take(path: Path, actor: Actor, step: str, **typed: Any) -> Any:
    """A step taken by any actor."""
    return findings.take_step(
        finding=path.finding, step=step, typed=StepInput(**typed), by=actor, at=path.at(), on=TODAY
    )


def test_nobody_reviews_the_own_unit():
    path = a_finding(build_county(), "pending_review")
    account = path.county.posts["unit_leader@education"].account
    department = path.county.organizations["discipline"]
    post = a_post(account, "discipline_reviewer", organization=department, at=path.county.at)
    both = acting_as(post, at=path.county.at)
    with acting(both), pytest.raises(NotYours):
        take(path, both, "agree_closing", points=POINTS)
    assert not Verdict.objects.filter(closing_request__isnull=False).exists()


def test_the_unit_takes_its_request_back_and_the_verdicts_stay():
    path = a_finding(build_county(), "pending_review")
    path.take("discipline_reviewer", "agree_closing", points=POINTS)
    assert refused(path, "unit_clerk", "withdraw_closing", reason="再补") == "not_yours"
    assert refused(path, "unit_head", "withdraw_closing") == "reason_missing"
    path.take("unit_head", "withdraw_closing", reason="还有一所学校没有公示")
    assert (path.state(), request_of(path).state) == ("in_progress", "withdrawn")
    path.request_closing()
    assert refused(path, "office_director", "close", points=POINTS) == "signers_pending"
    assert Verdict.objects.filter(closing_request__state="withdrawn").count() == 1


# Reopening


def ask_to_reopen(path: Path, **changed: Any) -> None:
    """The discipline side asks, with a letter."""
    letter = (EvidenceInput(None, "来信.txt", "来信摘要".encode()),)
    typed = {"ground": "still_there", "reason": "群众来信反映仍在收费", "evidence": letter} | changed
    path.take("discipline_reviewer", "request_reopening", **typed)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ground": "whim"}, "ground_missing"),
        ({"reason": ""}, "reason_missing"),
        ({"evidence": ()}, "evidence_missing"),
        ({"evidence": (EvidenceInput(None, "空.txt", b""),)}, "evidence_empty"),
    ],
)
def test_reopening_is_asked_for_with_ground_reason_and_evidence(changed, code):
    path = a_finding(build_county(), "closed")
    with pytest.raises(Refused) as refusal:
        ask_to_reopen(path, **changed)
    assert refusal.value.objection.code == code
    assert not FindingRequest.objects.exists()


def test_reopening_needs_a_second_person_and_the_first_closing_stays():
    path = a_finding(build_county(), "closed")
    first = request_of(path)
    kept = list(Verdict.objects.filter(closing_request=first).order_by("at").values())
    ask_to_reopen(path)
    assert refused(path, "unit_head", "approve_reopening") == "not_yours"
    path.take("office_director", "approve_reopening")
    assert path.state() == "reopened"
    asked = FindingRequest.objects.get()
    assert (asked.state, asked.ground, asked.decided_by_id) == (
        "granted", "still_there", path.county.actor("office_director").account,
    )  # fmt: skip
    reopened = Event.objects.get(thing="finding", step="reopen")
    assert reopened.because_of == Event.objects.get(thing="finding", step="approve_reopening").pk
    path.request_closing()
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)
    first.refresh_from_db()
    assert first.state == "agreed"
    assert list(Verdict.objects.filter(closing_request=first).order_by("at").values()) == kept
    assert ClosingRequest.objects.filter(finding_id=path.finding, state="agreed").count() == 2


def test_who_asks_to_reopen_does_not_decide_and_a_refusal_says_why():
    path = a_finding(build_county(), "closed")
    letter = (EvidenceInput(None, "来信.txt", "来信摘要".encode()),)
    path.take("office_director", "request_reopening", ground="relapsed", reason="抽查发现反弹", evidence=letter)
    assert refused(path, "office_director", "approve_reopening") == "same_person"
    assert refused(path, "office_director", "refuse_reopening", reason=OPINION) == "same_person"
    path.county.posts.pop("office_director@office")  # another director
    assert refused(path, "office_director", "refuse_reopening", reason="不行") == "opinion_too_short"
    path.take("office_director", "refuse_reopening", reason="来信所说是另一所学校，本问题没有反弹。")
    assert (path.state(), FindingRequest.objects.get().state) == ("closed", "refused")
