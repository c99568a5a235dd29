"""Who sees a plan: the unit's draft is the unit's alone, the head's own part the head's and its readers'."""

import pytest
from django.db import connection

from bihuan.actions import plans
from bihuan.actions.refusals import Unknown
from bihuan.models import EventPlace, Plan, PlanRow
from bihuan.queries.acting import acting
from bihuan.rules.typed import StepInput
from tests.builders import TODAY, build_county
from tests.paths import TEXT, Path, a_finding
from tests.plan_deeds import REVIEWERS, fill, fill_all, findings_of, hand_in, latest, review, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def path() -> Path:
    """Four findings of one feedback, given, none planned for."""
    return a_finding(build_county(), "awaiting_plan")


OFFICE_SIDE = ("secretary", "leading_group", "office_director", "office_clerk", "team_leader", "liaison",
               "team_member", *REVIEWERS[:2])  # fmt: skip


def test_the_units_draft_is_invisible_to_everybody_else(path):
    fill(path, causes="只给自己人看的原因")
    plan, row = Plan.objects.get(), PlanRow.objects.get()
    # The one form in Python and the policies of the database, each by itself.
    for role in (*OFFICE_SIDE, "township_reviewer", "audit_officer"):
        actor = path.county.actor(role)
        assert not Plan.objects.visible_to(actor.scope).exists()
        assert not PlanRow.objects.visible_to(actor.scope).exists()
        with acting(actor):
            assert (Plan.objects.count(), PlanRow.objects.count()) == (0, 0)
            assert not EventPlace.objects.filter(
                thing_id__in=(path.feedback, path.finding), event__thing="plan"
            ).exists()
            assert not _bodies((plan.pk, row.pk))
            with pytest.raises(Unknown):
                plans.review_plan(plan=plan.pk, agrees=True, typed=StepInput(), by=actor, at=path.at(), on=TODAY)
    for role in ("unit_head", "unit_leader", "unit_clerk"):
        with acting(path.county.actor(role)):
            assert (Plan.objects.count(), PlanRow.objects.count()) == (1, 1)
            assert _bodies((plan.pk, row.pk))


def _bodies(things) -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from event_body b join event e on e.id = b.event_id where e.thing_id = any(%s)", [list(things)]
        )
        return cursor.fetchall()


def test_what_the_draft_said_before_is_not_on_the_record_that_others_read(path):
    fill(path, causes="先写的、后来改掉的原因")
    fill(path, causes="报送的原因")
    hand_in(path, findings_of(path)[0])
    with acting(path.county.actor("office_director")), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from event_body where before::text || after::text || reason like '%%后来改掉%%'"
        )
        assert cursor.fetchone() == (0,)
    assert PlanRow.objects.get().causes == "报送的原因"


def test_a_row_in_writing_stays_invisible_after_others_were_handed_in(path):
    first, second, *_ = findings_of(path)
    fill(path, first)
    fill(path, second)
    hand_in(path, first)
    with acting(path.county.actor("office_director")):
        assert list(PlanRow.objects.values_list("finding", flat=True)) == [first.pk]
        assert Plan.objects.count() == 1


@pytest.fixture
def apart(path) -> Path:
    """The head's own feedback beside that of the leadership."""
    own = Path(path.county, minutes=path.minutes)
    own.upload(audience="head", content=TEXT.replace("党组", "本人").encode())
    own.confirm_all()
    own.give()
    return own


def test_the_heads_own_plan_is_filled_and_handed_in_by_the_head_alone(path, apart):
    for role in ("unit_clerk", "unit_leader"):
        with pytest.raises(Unknown):
            fill(apart, role=role)
    for finding in findings_of(apart):
        fill(apart, finding, role="unit_head", head_leads=True)
    fill_all(path)
    assert hand_in(apart).version == 1
    assert states(path) == ["awaiting_plan"] * 4
    own = latest(apart).pk
    everybody = (*OFFICE_SIDE, "unit_head", "unit_leader", "unit_clerk", "township_reviewer", "supervising_leader")
    # The team that inspected wrote the head's feedback; the matrix lets it read on.
    assert {role for role in everybody if _sees(apart, role, own)} == {*OFFICE_SIDE, "unit_head"}
    for role in REVIEWERS:
        done = review(apart, role)
    assert (done.state, states(apart)) == ("approved", ["in_progress"] * 4)


def _sees(path: Path, role: str, plan) -> bool:
    actor = path.county.actor(role)
    with acting(actor):
        by_policy = Plan.objects.filter(pk=plan).exists()
        assert by_policy == PlanRow.objects.filter(plan=plan).exists()
        assert by_policy == Plan.objects.visible_to(actor.scope).filter(pk=plan).exists()
    return by_policy


def test_the_heads_own_draft_is_read_by_the_head_alone(apart):
    fill(apart, role="unit_head")
    plan = Plan.objects.get(feedback_id=apart.feedback).pk
    everybody = (*OFFICE_SIDE, "unit_head", "unit_leader", "unit_clerk", "township_reviewer", "audit_officer")
    assert [role for role in everybody if _sees(apart, role, plan)] == ["unit_head"]


def test_a_feedback_that_was_not_given_has_no_plan():
    path = a_finding(build_county(), "drafted")
    with pytest.raises(Unknown):
        fill(path)
    with pytest.raises(Unknown):
        hand_in(path)
