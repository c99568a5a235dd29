"""Who is let in by a deed, and with a post given later: a finding that units share, the head's own part; recusal."""

from contextlib import nullcontext
from datetime import date, timedelta
from uuid import UUID

import pytest

from bihuan.actions import drafts, feedback, people
from bihuan.models import Draft, Feedback, Finding, Grant, Post
from bihuan.queries.acting import acting, looking_further
from bihuan.queries.findings.page import finding_page
from bihuan.rules.access import Actor
from bihuan.rules.typed import Description
from bihuan.rules.vocabulary import ROLES
from tests.builders import TODAY, County, a_post, acting_as, an_account, build_county
from tests.paths import Path

pytestmark = pytest.mark.django_db
LATELY = TODAY - timedelta(days=300)
LONG_SINCE = TODAY - timedelta(days=4 * 366)


def shared(*, lead: str, helper: str) -> Path:
    """A finding confirmed with a unit that leads and one that helps; nothing given yet."""
    path = Path(build_county())
    path.upload()
    of = path.county.organizations
    first, *others = Draft.objects.order_by("position")
    given = Description(category="A302", lead_unit=of[lead], helping_units=(of[helper],))
    path.finding = path.do("liaison", drafts.confirm_draft, draft=first.pk, description=given)
    for other in others:
        path.do("liaison", drafts.drop_draft, draft=other.pk, reason="另行处理")
    return path


def given_post(path: Path, role: str, place: str, *, account: UUID | None = None, starts_on: date = TODAY) -> Actor:
    """Somebody put in post by the system officer, who sees no finding before and after."""
    officer = path.county.actor("system_officer")
    account = account or an_account(f"新任{ROLES[role]}").pk
    with acting(officer):
        post = people.give_post(
            account=account, role=role, organization=path.county.organizations[place], starts_on=starts_on,
            ends_on=None, by=officer, at=path.at(),
        )  # fmt: skip
        assert not Finding.objects.exists()
        assert not Feedback.objects.exists()
    return acting_as(Post.objects.get(pk=post), at=path.county.at + timedelta(days=starts_on > TODAY))


def sees(path: Path, actor: Actor) -> bool:
    with acting(actor):
        return finding_page(path.finding, actor=actor, on=TODAY) is not None


@pytest.mark.parametrize("fails", [True, False])
def test_a_look_further_ends_with_its_block_also_where_it_fails(fails):
    path = shared(lead="school", helper="water")
    further = path.county.actor("office_clerk").scope
    with acting(path.county.actor("system_officer")):
        with pytest.raises(LookupError) if fails else nullcontext(), looking_further(further):
            assert Finding.objects.exists()
            if fails:
                raise LookupError
        assert not Finding.objects.exists()


@pytest.mark.parametrize("is_given", [True, False])
def test_a_unit_that_leads_or_helps_with_nobody_in_post_is_let_in_with_its_first_people(is_given):
    path = shared(lead="school", helper="water")
    assert not Grant.objects.exists()
    if is_given:
        path.give()
    let_in = [given_post(path, "unit_head", "school"), given_post(path, "unit_clerk", "water")]
    strangers = [given_post(path, "unit_clerk", "finance"), given_post(path, "functional_clerk", "water")]
    assert [sees(path, actor) for actor in let_in] == [is_given, is_given]
    if not is_given:
        path.give()
    assert all(sees(path, actor) for actor in let_in)
    assert not any(sees(path, actor) for actor in strangers)


def for_the_head(county: County) -> Path:
    """A feedback for the head alone, its findings confirmed."""
    path = Path(county)
    path.upload(audience="head")
    path.confirm_all()
    return path


def test_a_head_put_in_post_after_the_giving_signs_and_reads_the_own_part():
    path = for_the_head(build_county(roles=[role for role in ROLES if role != "unit_head"]))
    path.leave()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    early = given_post(path, "unit_leader", "education")
    path.do("office_clerk", feedback.give, feedback=path.feedback)
    head, clerk = given_post(path, "unit_head", "education"), given_post(path, "unit_clerk", "education")
    for actor in (*map(path.county.actor, ("team_leader", "office_director")), head):
        with acting(actor):
            feedback.sign(feedback=path.feedback, signed_on=TODAY, by=actor, at=path.at(), on=TODAY)
    assert [sees(path, actor) for actor in (head, clerk, early)] == [True, False, False]


def test_a_head_put_in_post_before_the_giving_is_granted_nothing_yet():
    path = for_the_head(build_county(roles=[role for role in ROLES if role != "unit_head"]))
    head = given_post(path, "unit_head", "education")
    assert not Grant.objects.filter(post=head.post).exists()


@pytest.mark.parametrize(
    ("left_on", "reads"), [(LATELY, False), (None, False), (LONG_SINCE, True)], ids=["lately", "still", "long since"]
)
@pytest.mark.parametrize("is_later", [False, True])
def test_the_heads_part_is_not_granted_to_who_must_recuse(left_on, reads, is_later):
    county = build_county()
    person = an_account("周回避")
    a_post(person, "unit_head", organization=county.organizations["education"], ends_on=left_on)
    role = "secretary"
    if not is_later:
        reader = acting_as(a_post(person, role, organization=county.organizations["committee"]))
    path = for_the_head(county)
    if is_later:
        reader = given_post(path, role, "committee", account=person.pk)
    assert sees(path, reader) == reads
    assert sees(path, county.actor(role)), "another of the same role reads it"


def test_who_takes_a_post_in_the_unit_reads_its_heads_part_no_more_in_the_other():
    path = for_the_head(build_county())
    reader = path.county.actor("leading_group")
    assert sees(path, reader)
    given_post(path, "unit_leader", "finance", account=reader.account)
    assert sees(path, reader)
    given_post(path, "unit_leader", "education", account=reader.account)
    assert not sees(path, reader)
