"""Two people at one point of the chain at the same instant: drafts, receipts, whole plans, closings, extensions.

Where both may win, both do; where one must lose, he is told by whom; and nobody waits for the other for ever.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from bihuan.actions import drafts, feedback, findings, plans
from bihuan.actions.findings import StepTaken
from bihuan.actions.plans import PlanTaken
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import (
    ClosingRequest,
    Draft,
    Event,
    Feedback,
    Finding,
    FindingRequest,
    Plan,
    PlanRow,
    Upload,
    Verdict,
)
from bihuan.rules.typed import StepInput
from tests.actions import machine_invariants as holds
from tests.actions.machine_inputs import LATER, OPINION, content_for, typed_for
from tests.actions.racing import at_once, committed_county, drafted, given, person
from tests.builders import TODAY
from tests.copies import apart, committing
from tests.paths import DESCRIPTION, NOW_STEP, POINTS, Path

pytestmark = pytest.mark.django_db

LONG_ROUNDS = 9
COMING = count(1)
RACES: dict[str, Callable[[Path], None]] = {}


def a_race(race: Callable[[Path], None]) -> Callable[[Path], None]:
    """One kind of race, under its name."""
    RACES[race.__name__] = race
    return race


@pytest.fixture(scope="module")
def path(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A county on a copy of its own."""
    with django_db_blocker.unblock(), committing("chain_races"):
        yield committed_county()


def door(path: Path) -> datetime:
    """The instants of people who come to the door right after each other: milliseconds apart, after all that was."""
    return path.county.at + path.minutes * NOW_STEP + timedelta(milliseconds=next(COMING))


def ends_of(*deeds: Any) -> tuple[list[Any], list[Any]]:
    """Who won and who was told no, in the order of the deeds; anything else than a reason is a fault."""
    ends = at_once(deeds)
    for end in ends:
        assert not isinstance(end, DatabaseError), f"the database gave up: {end}"
        assert not isinstance(end, Exception) or isinstance(end, Refused | NotYours | Unknown | Overtaken), repr(end)
    lost = [end for end in ends if isinstance(end, Exception)]
    return [end for end in ends if not isinstance(end, Exception)], lost


def told_by_whom(lost: Any, *people: str) -> None:
    """The one who lost is told who was faster, and when."""
    assert isinstance(lost, Overtaken), repr(lost)
    assert any(name in lost.by for name in people), lost.by
    assert lost.at
    assert lost.step


def step(path: Path, role: str, finding: UUID, code: str, *, seen: int | None = None, at: Any = None) -> Any:
    """A step of a finding, typed soundly."""
    row = Finding.objects.get(pk=finding)
    return person(
        path.county.actor(role), findings.take_step, at or door(path), finding=finding, step=code, seen=seen, on=TODAY,
        typed=typed_for(row, path.minutes),
    )  # fmt: skip


def revision(finding: UUID) -> int:
    return Finding.objects.get(pk=finding).revision


@a_race
def two_confirm_one_draft(path: Path) -> None:
    of = apart(lambda: drafted(path, 1))
    draft = Draft.objects.get(feedback_id=of)
    act = {"draft": draft.pk, "description": DESCRIPTION, "seen": draft.revision}
    people = [
        person(path.county.actor(role), drafts.confirm_draft, door(path), **act) for role in ("liaison", "team_leader")
    ]
    won, lost = ends_of(*people)
    assert len(won) == 1
    told_by_whom(lost[0], "联络员", "组长")
    assert Finding.objects.filter(draft=draft).count() == 1


@a_race
def two_upload_one_document(path: Path) -> None:
    """One document comes in once; whoever was slower is told where to find it, and leaves nothing."""
    content = f"关于巡察县教育局党组的反馈意见\n\n同时上传的第 {next(COMING)} 份。\n1.账目不清。\n".encode()
    act = {"inspection": path.county.inspection, "audience": "leadership", "title": "", "content": content}
    people = [
        person(path.county.actor(role), feedback.upload_feedback, door(path), name=f"{role}.txt", **act)
        for role in ("liaison", "team_leader", "office_clerk")
    ]
    before = Feedback.objects.count()
    won, lost = ends_of(*people)
    assert len(won) == 1
    assert [loss.objection.code for loss in lost] == ["uploaded_before"] * 2
    assert Feedback.objects.count() == before + 1
    assert Upload.objects.filter(sha256=hashlib.sha256(content).hexdigest()).count() == 1


@a_race
def three_sign_at_once(path: Path) -> None:
    """Each signs as who they are, one of them twice: three signatures, one T0."""
    of = apart(lambda: _sent_out(path))
    roles = ("unit_head", "team_leader", "office_director", "unit_head")
    act, at = {"feedback": of, "signed_on": TODAY, "on": TODAY}, door(path)
    won, lost = ends_of(*[person(path.county.actor(role), feedback.sign, at, **act) for role in roles])
    assert (len(won), len(lost)) == (3, 1)
    told_by_whom(lost[0], "单位主要负责人")
    assert Feedback.objects.get(pk=of).received_on == TODAY
    assert Event.objects.filter(thing="finding", step="give", thing_id__in=_findings(of)).count() == 2


def _findings(of: UUID) -> list[UUID]:
    return list(Finding.objects.filter(feedback_id=of).order_by("number").values_list("pk", flat=True))


def _sent_out(path: Path) -> UUID:
    of = drafted(path, 2)
    path.confirm_all()
    path.do("secretary", feedback.approve, feedback=of)
    path.do("office_clerk", feedback.give, feedback=of)
    return of


def _written(path: Path, count: int) -> tuple[UUID, list[UUID]]:
    """A feedback whose plan is written row by row, and its findings."""
    made = given(path, count)
    for finding in made:
        content = content_for(Finding.objects.get(pk=finding))
        path.do("unit_clerk", plans.fill_row, finding=finding, content=content)
    assert path.feedback
    return path.feedback, made


@a_race
def two_hand_in_one_plan(path: Path) -> None:
    of, made = apart(lambda: _written(path, 2))
    seen = Plan.objects.get(feedback_id=of).revision
    act = {"feedback": of, "on": TODAY, "seen": seen}
    won, lost = ends_of(
        *[person(path.county.actor("unit_head"), plans.submit_plan, door(path), **act) for _ in range(2)]
    )
    assert [type(end) for end in won] == [PlanTaken]
    told_by_whom(lost[0], "单位主要负责人")
    assert Plan.objects.filter(feedback_id=of).count() == 1
    assert PlanRow.objects.filter(finding__in=made, state="submitted").count() == 2


@a_race
def two_review_a_whole_plan_while_others_take_single_rows(path: Path) -> None:
    """Whole versions and single rows, from both ends, all at once: everybody comes through, and no row is half done."""
    of, made = apart(lambda: _written(path, 4))
    apart(lambda: path.do("unit_head", plans.submit_plan, feedback=of, on=TODAY))
    plan, at = Plan.objects.get(feedback_id=of).pk, door(path)
    whole = {"plan": plan, "agrees": True, "typed": StepInput(), "on": TODAY}
    returning = {"plan": plan, "agrees": False, "on": TODAY, "findings": [made[0]],
                 "typed": StepInput(reason=OPINION, redo_by=LATER, faults=("other",))}  # fmt: skip
    county = path.county
    ends_of(
        person(county.actor("discipline_reviewer"), plans.review_plan, at, **whole),
        person(county.actor("organization_reviewer"), plans.review_plan, at, **whole),
        step(path, "organization_reviewer", made[3], "agree_plan", at=at),
        step(path, "discipline_reviewer", made[2], "agree_plan", at=at),
        person(county.actor("office_director"), plans.review_plan, at, **returning),
        step(path, "office_director", made[3], "return_plan", at=at),
    )
    states = set(Finding.objects.filter(pk__in=made[1:3]).values_list("state", flat=True))
    assert states == {"plan_submitted"}
    for role in ("discipline_reviewer", "organization_reviewer"):
        agreed = Verdict.objects.filter(finding__in=made[1:3], role=role, verdict="agree")
        assert agreed.count() == agreed.values("finding").distinct().count() == 2


@a_race
def two_reviewers_of_one_row(path: Path) -> None:
    """Neither has looked at what the other did, and neither needs to: both verdicts stand."""
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(path.submit_plan)
    roles = ("discipline_reviewer", "organization_reviewer")
    won, lost = ends_of(*[step(path, role, finding, "agree_plan") for role in roles])
    assert (len(won), lost) == (2, [])
    assert set(Verdict.objects.filter(finding=finding).values_list("role", flat=True)) == set(roles)


@a_race
def one_agrees_while_evidence_comes(path: Path) -> None:
    """An agreement never counts for a file that the signer has not seen."""
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(lambda: (path.approve_plan(), path.request_closing()))
    seen = revision(finding)
    won, lost = ends_of(
        step(path, "discipline_reviewer", finding, "agree_closing", seen=seen),
        step(path, "unit_clerk", finding, "add_evidence"),
    )
    request = ClosingRequest.objects.get(finding=finding)
    counting = Verdict.objects.filter(closing_request=request, content_hash=request.content_hash)
    assert not counting.exists(), "an agreement counts for content that its signer never saw"
    if lost:
        told_by_whom(lost[0], "承办人")
    assert isinstance(won[-1], StepTaken)


@a_race
def two_ask_for_closing(path: Path) -> None:
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(path.approve_plan)
    seen = revision(finding)
    won, lost = ends_of(*[step(path, "unit_head", finding, "request_closing", seen=seen) for _ in range(2)])
    assert len(won) == 1
    told_by_whom(lost[0], "单位主要负责人")
    assert ClosingRequest.objects.filter(finding=finding).count() == 1


@a_race
def two_grant_one_extension(path: Path) -> None:
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(path.approve_plan)
    due = Finding.objects.get(pk=finding).due_on
    until = due + timedelta(days=9)
    apart(lambda: path.take("unit_head", "request_extension", until=until, reason=OPINION))
    seen = revision(finding)
    roles = ("office_director", "leading_group")
    won, lost = ends_of(*[step(path, role, finding, "grant_extension", seen=seen) for role in roles])
    assert len(won) == 1
    told_by_whom(lost[0], "主任", "领导小组")
    assert FindingRequest.objects.get(finding=finding).state == "granted"
    assert Finding.objects.get(pk=finding).due_on == until


@a_race
def two_write_one_row(path: Path) -> None:
    (finding,) = apart(lambda: given(path, 1))
    act = {"finding": finding, "content": content_for(Finding.objects.get(pk=finding)), "seen": 0}
    roles = ("unit_clerk", "unit_head")
    won, lost = ends_of(*[person(path.county.actor(role), plans.fill_row, door(path), **act) for role in roles])
    assert len(won) == 1
    told_by_whom(lost[0], "承办人", "主要负责人")
    assert PlanRow.objects.get(finding=finding).revision == 1


@a_race
def one_writes_a_row_while_another_hands_it_in(path: Path) -> None:
    """There is no draft yet: both begin one; whoever is later finds what the earlier one left."""
    first, second = apart(lambda: given(path, 2))
    content, at = content_for(Finding.objects.get(pk=first)), door(path)
    _, lost = ends_of(
        person(path.county.actor("unit_clerk"), plans.fill_row, at, finding=first, content=content),
        step(path, "unit_head", first, "submit_plan", at=at),
        person(path.county.actor("unit_leader"), plans.fill_row, at, finding=second, content=content),
    )
    assert Finding.objects.get(pk=first).state == "plan_submitted", lost
    assert PlanRow.objects.get(finding=first).state == "submitted"
    assert PlanRow.objects.get(finding=second).state == "draft"


@a_race
def two_merge_each_other_away(path: Path) -> None:
    """Each asks to merge the one into the other: both requests are there, for a second person to decide."""
    one, other = apart(lambda: given(path, 2))
    deeds = [
        person(
            path.county.actor(role), findings.take_step, door(path), finding=this, step="request_withdrawal", on=TODAY,
            typed=StepInput(merged_into=that),
        )
        for role, this, that in (("office_clerk", one, other), ("office_director", other, one))
    ]  # fmt: skip
    won, lost = ends_of(*deeds)
    assert (len(won), lost) == (2, [])


@a_race
def two_sign_a_closing(path: Path) -> None:
    """Both saw the same; the second is told that the first was faster, looks again, and signs."""
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(lambda: (path.approve_plan(), path.request_closing()))
    seen = revision(finding)
    roles = ("discipline_reviewer", "organization_reviewer")
    won, lost = ends_of(*[step(path, role, finding, "agree_closing", seen=seen) for role in roles])
    assert len(won) == 1
    told_by_whom(lost[0], "审核人")
    last = next(
        role for role in roles if not Verdict.objects.filter(closing_request__finding=finding, role=role).exists()
    )
    apart(lambda: path.take(last, "agree_closing", points=POINTS, seen=revision(finding)))
    apart(lambda: path.take("office_director", "close", points=POINTS))
    assert path.state() == "closed"


def _holds() -> None:
    holds.record_tells_every_state()
    holds.every_change_has_its_event()
    holds.what_waits_is_there()
    holds.plans_are_what_their_rows_are()
    holds.what_is_decided_was_agreed_by_all()


@pytest.mark.parametrize("name", RACES)
def test_a_race_ends_well(path: Path, name: str) -> None:
    RACES[name](path)
    apart(_holds)


@pytest.mark.long
@pytest.mark.parametrize("name", RACES)
def test_races_end_well_again_and_again(path: Path, name: str) -> None:
    for _ in range(LONG_ROUNDS):
        RACES[name](path)
        path.minutes += 1
    apart(_holds)


def test_who_began_earlier_and_waited_longer_is_not_told_that_the_clock_is_wrong(path: Path) -> None:
    """The instant is read at the door, the lock is got later: the record still tells the acts in their order."""
    (finding,) = apart(lambda: given(path, 1))
    path.finding = finding
    apart(path.submit_plan)
    early, late = door(path), door(path)
    late = early + timedelta(seconds=2)
    for role, at in (("discipline_reviewer", late), ("organization_reviewer", early)):
        (end,) = at_once([step(path, role, finding, "agree_plan", at=at)])
        assert isinstance(end, StepTaken), repr(end)
    told = Event.objects.filter(thing_id=finding).order_by("-at", "-id")
    assert "组织部" in told[0].actor
    apart(_holds)
