"""Extensions (row L7): asked for by the head, decided by a second person; the earlier date stays on the record."""

from datetime import date, timedelta

import pytest

from bihuan.actions import drafts, findings
from bihuan.actions.refusals import NotYours, Refused
from bihuan.models import Account, Draft, Event, EventBody, Finding, FindingRequest
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.queries.findings.waiting import waiting_in
from bihuan.queries.people import actor_for
from bihuan.rules.access import Actor
from bihuan.rules.typed import Description, StepInput
from tests.builders import TODAY, a_post, build_county
from tests.paths import POINTS, Path, a_finding

pytestmark = pytest.mark.django_db
WHY = "政府采购流程未走完"


def row_of(path: Path) -> Finding:
    return Finding.objects.get(pk=path.finding)


def later(path: Path, days: int = 30):
    return row_of(path).due_on + timedelta(days=days)


def asked(state: str = "in_progress") -> Path:
    path = a_finding(build_county(), state)
    path.take("unit_head", "request_extension", until=later(path), reason=WHY)
    return path


def refusal(path: Path, role: str, step: str, **typed) -> str:
    with pytest.raises(Refused) as caught:
        path.take(role, step, **typed)
    return caught.value.objection.code


def request_states(path: Path) -> list[str]:
    return list(FindingRequest.objects.filter(finding_id=path.finding).order_by("at").values_list("state", flat=True))


@pytest.mark.parametrize("role", ["office_director", "leading_group"])
def test_a_granted_extension_moves_the_date_and_tells_its_basis_and_keeps_the_earlier_one(role):
    path = asked()
    before, until = row_of(path).due_on, later(path)
    assert row_of(path).due_on == before, "asking moves nothing"
    path.take(role, "grant_extension")
    row = row_of(path)
    assert (row.due_on, row.due_provisional, row.state) == (until, False, "in_progress")
    assert str(before) in row.due_basis
    assert str(until) in row.due_basis
    body = EventBody.objects.get(event__thing_id=path.finding, event__step="grant_extension")
    assert (body.before["due_on"], body.after["due_on"]) == (str(before), str(until))
    assert request_states(path) == ["granted"]
    actor = path.county.actor("unit_clerk")
    with acting(actor):
        page = finding_page(path.finding, actor=actor, on=TODAY)
    assert [(one.label, one.before, one.after) for one in page.events[0].changed] == [
        ("整改时限", str(before), str(until))
    ]
    assert (page.decided[0].until, page.decided[0].reason, page.asked) == (until, WHY, ())
    assert page.decided[0].decided_by


def test_a_refused_extension_leaves_the_date_and_says_why():
    path = asked()
    before = (row_of(path).due_on, row_of(path).due_basis)
    assert refusal(path, "office_director", "refuse_extension", reason="太短") == "opinion_too_short"
    path.take("office_director", "refuse_extension", reason="采购可以先行，不足以延期，请抓紧。")
    assert (row_of(path).due_on, row_of(path).due_basis) == before
    assert request_states(path) == ["refused"]
    path.take("unit_head", "request_extension", until=later(path), reason="再次申请")
    assert request_states(path) == ["refused", "open"]


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_not_later_is_refused(days):
    path = a_finding(build_county(), "in_progress")
    assert refusal(path, "unit_head", "request_extension", until=later(path, days), reason=WHY) == "until_not_later"


@pytest.mark.parametrize("is_overdue", [False, True])
def test_an_extension_goes_no_further_than_the_profile_says(is_overdue):
    path = a_finding(build_county(), "in_progress")
    due = row_of(path).due_on
    today = due + timedelta(days=40) if is_overdue else TODAY
    start = today if is_overdue else due
    latest = start.replace(year=start.year + 1)
    for too_late in (latest + timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(Refused) as caught:
            path.take("unit_head", "request_extension", until=too_late, reason=WHY, on=today)
        objection = caught.value.objection
        assert (objection.code, objection.where) == ("until_too_late", "until")
        assert objection.values == {"latest": latest}
    path.take("unit_head", "request_extension", until=latest, reason=WHY, on=today)
    assert request_states(path) == ["open"]


def test_from_a_date_at_the_end_of_the_calendar_nothing_is_later():
    path = a_finding(build_county(), "in_progress")
    Finding.objects.filter(pk=path.finding).update(due_on=date(9999, 6, 1))
    late = date(9999, 12, 31)
    assert refusal(path, "unit_head", "request_extension", until=late, reason=WHY) == "until_too_late"


def test_a_day_that_is_past_is_refused_and_so_is_no_day_and_no_reason():
    path = a_finding(build_county(), "in_progress")
    past = TODAY - timedelta(days=1)
    assert refusal(path, "unit_head", "request_extension", until=past, reason=WHY) == "until_past"
    assert refusal(path, "unit_head", "request_extension", reason=WHY) == "until_missing"
    assert refusal(path, "unit_head", "request_extension", until=later(path)) == "reason_missing"


def test_one_open_request_at_a_time_and_none_to_decide_without():
    path = a_finding(build_county(), "in_progress")
    assert refusal(path, "office_director", "grant_extension") == "no_extension_request"
    path.take("unit_head", "request_extension", until=later(path), reason=WHY)
    assert refusal(path, "unit_head", "request_extension", until=later(path, 60), reason=WHY) == "extension_open"


@pytest.mark.parametrize("role", ["unit_clerk", "office_clerk", "discipline_reviewer", "team_leader"])
def test_nobody_else_asks_or_decides(role):
    path = asked()
    for step in ("request_extension", "grant_extension", "refuse_extension"):
        with pytest.raises(NotYours):
            path.take(role, step, until=later(path), reason=WHY)


def also(path: Path, role: str, seat: str, *, heads: str = "education") -> Actor:
    """Who heads that unit, and also holds that role, acting as that."""
    head = path.county.actor("unit_head", organization=heads)
    where = path.county.organizations[seat]
    post = a_post(Account.objects.get(pk=head.account), role, organization=where, at=path.county.at)
    actor = actor_for(head.account, post=post.pk, via="web", on=TODAY)
    assert actor is not None
    return actor


def test_who_asked_does_not_decide_in_another_post():
    path = asked()
    actor = also(path, "leading_group", "leading_group")
    for step in ("grant_extension", "refuse_extension"):
        with acting(actor), pytest.raises(NotYours):
            findings.take_step(
                finding=path.finding, step=step, typed=StepInput(reason="我自己批准自己，意见够长了。"), by=actor,
                at=path.at(), on=TODAY,
            )  # fmt: skip
    assert request_states(path) == ["open"]


def worked_on_by(unit: str, state: str) -> Path:
    """Asked by the inspected unit's head, in whose place that unit leads, or helps it."""
    path = Path(build_county())
    path.upload()
    first, *others = Draft.objects.order_by("position")
    place = path.county.organizations[unit]
    shared = Description(category="A302", lead_unit=place) if unit == "school" else Description(
        category="A302", helping_units=(place,)
    )  # fmt: skip
    path.finding = path.do("liaison", drafts.confirm_draft, draft=first.pk, description=shared)
    for other in others:
        path.do("liaison", drafts.drop_draft, draft=other.pk, reason="另行处理")
    path.give()
    path.approve_plan()
    if state == "pending_review":
        path.request_closing()
    else:
        path.take("unit_head", "request_extension", until=later(path), reason=WHY)
    return path


@pytest.mark.parametrize("unit", ["water", "school"])
@pytest.mark.parametrize(
    ("state", "role", "seat", "steps", "kind"),
    [
        ("in_progress", "leading_group", "leading_group", ("grant_extension", "refuse_extension"), "decide_extension"),
        ("pending_review", "discipline_reviewer", "discipline", ("agree_closing", "return_closing"), "sign_closing"),
    ],
)
def test_who_heads_a_unit_that_leads_or_helps_does_not_decide_either(unit, state, role, seat, steps, kind):
    path = worked_on_by(unit, state)
    theirs, fair = also(path, role, seat, heads=unit), path.county.actor(role)
    for step in steps:
        typed = StepInput(reason="我自己批准自己，意见够长了。", points=POINTS)
        with acting(theirs), pytest.raises(NotYours):
            findings.take_step(finding=path.finding, step=step, typed=typed, by=theirs, at=path.at(), on=TODAY)
    for actor, open_to in ((theirs, False), (fair, True)):
        with acting(actor):
            page = finding_page(path.finding, actor=actor, on=TODAY)
            waits = Finding.objects.visible_to(actor.scope).filter(waiting_in(actor, waits=kind, on=TODAY))
            assert ({step.code for step in page.permitted} >= set(steps)) == open_to
            assert bool({step.code for step in page.permitted} & set(steps)) == open_to
            assert waits.exists() == open_to


def test_it_waits_while_the_closing_is_under_review_and_lapses_with_the_closing():
    path = asked()
    path.request_closing()
    assert request_states(path) == ["open"]
    assert refusal(path, "office_director", "grant_extension") == "wrong_state"
    path.agree_closing()
    path.take("office_director", "close", points=POINTS)
    assert request_states(path) == ["lapsed"]
    assert Event.objects.filter(thing="request", step="lapse").count() == 1


def test_a_returned_closing_leaves_it_to_be_decided():
    path = asked()
    path.request_closing()
    path.take("organization_reviewer", "return_closing", reason="照片看不出公示日期，请补公示原件。")
    assert request_states(path) == ["open"]
    path.take("office_director", "grant_extension")
    assert request_states(path) == ["granted"]


def test_what_is_kept_up_for_long_needs_no_extension():
    path = asked()
    path.request_closing("long_term")
    path.agree_closing()
    path.take(
        "office_director", "accept_long_term", stage_goals="每学期末抽查一次",
        next_review_on=TODAY + timedelta(days=90), points=POINTS,
    )  # fmt: skip
    assert request_states(path) == ["lapsed"]


def test_the_unit_and_the_office_see_who_asks_for_how_long_and_why():
    path = asked()
    for role in ("unit_clerk", "office_director", "discipline_reviewer"):
        actor = path.county.actor(role)
        with acting(actor):
            page = finding_page(path.finding, actor=actor, on=TODAY)
        (open_one,) = page.asked
        assert (open_one.aim, open_one.until, open_one.reason) == ("申请延期", later(path), WHY)
        assert open_one.post == "县教育局 单位主要负责人"
