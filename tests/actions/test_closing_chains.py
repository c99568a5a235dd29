"""Every packaged signer chain closes a finding by people of exactly its roles, and by nobody else (decision 0011)."""

from typing import Any

import pytest

from bihuan.actions import rounds
from bihuan.actions.refusals import NotYours, Unknown
from bihuan.models import Finding, Grant, Verdict
from bihuan.queries import standing
from bihuan.queries.acting import acting
from bihuan.queries.findings import page, profiles, waiting
from bihuan.rules.access import Actor
from bihuan.rules.identifiers import new_id
from bihuan.rules.profile import Profile, load_profile, packaged_text, parse_signer_chains
from tests.actions.test_closing import OPINION, one_more_file, refused, request_of, take
from tests.builders import TODAY, build_county
from tests.paths import POINTS, Path

pytestmark = pytest.mark.django_db

CHAINS = parse_signer_chains(packaged_text("signer_chains.toml"), file="signer_chains.toml")
# Who sees a finding of the county and might try to sign it.
AROUND = (
    *("secretary", "office_clerk", "team_leader", "liaison", "discipline_reviewer", "organization_reviewer"),
    *("office_director", "township_reviewer", "unit_head", "unit_leader", "unit_clerk"),
)


class ChainPath(Path):
    """A path through a county under one chain: each role sits where that chain needs it."""

    seats: dict[str, str]

    def do(self, role: str, deed: Any, **given: Any) -> Any:
        """Run an action as that role in its seat."""
        actor = self.county.actor(role, organization=self.seats.get(role))
        with acting(actor):
            return deed(by=actor, at=self.at(), **given)


@pytest.fixture
def under(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make every inspection of the county one under that chain."""

    def choose(chain: str) -> Profile:
        def read(file: str) -> str:
            return packaged_text(file).replace('signer_chain = "joint_review"', f'signer_chain = "{chain}"')

        found = load_profile("county", read=read)
        assert found.signer_chain.code == chain
        for module in (standing, profiles, page):
            monkeypatch.setattr(module, "profile_named", lambda _name: found)
        return found

    return choose


def walk_to_work(chain: str) -> ChainPath:
    """A finding at work under that chain; a village's when its township reviews."""
    is_village = "township_reviewer" in CHAINS[chain].closing_signers
    unit = "east_1" if is_village else "education"
    path = ChainPath(build_county(unit=unit))
    path.seats = dict.fromkeys(("unit_head", "unit_clerk", "unit_leader"), unit)
    office, leader = path.county.actor("office_director"), path.county.actor("supervising_leader")
    with acting(office):
        rounds.assign_post(path.county.inspection, post=leader.post, by=office, at=path.at())
    path.upload()
    path.confirm_all()
    path.give()
    path.submit_plan()
    reviewers = [role for role in CHAINS[chain].plan_reviewers if role != "unit_head"]
    for role in reviewers[:-1]:
        path.take(role, "agree_plan")
    path.take(reviewers[-1], "approve_plan")
    return path


@pytest.mark.parametrize("chain", CHAINS)
def test_a_finding_is_closed_by_people_of_exactly_the_roles_of_its_chain(chain, under):
    under(chain)
    path = walk_to_work(chain)
    path.request_closing()
    signers = [role for role in CHAINS[chain].closing_signers if role != "unit_head"]
    for role in signers[:-1]:
        assert waits_for(path, role), role
        assert not waits_for(path, signers[-1])
        path.take(role, "agree_closing", points=POINTS)
    assert waits_for(path, signers[-1])
    path.take(signers[-1], "close", points=POINTS)
    assert path.state() == "closed"
    given = Verdict.objects.filter(closing_request=request_of(path), verdict="agree").order_by("at", "id")
    assert tuple(one.role for one in given) == CHAINS[chain].closing_signers
    planned = Verdict.objects.filter(plan_row__isnull=False, verdict="agree").order_by("at", "id")
    assert tuple(one.role for one in planned) == CHAINS[chain].plan_reviewers
    assert len({one.account_id for one in given}) == len(CHAINS[chain].closing_signers)


def waits_for(path: ChainPath, role: str) -> bool:
    """Whether the closing waits for that role now."""
    actor = path.county.actor(role, organization=path.seats.get(role))
    with acting(actor):
        found = Finding.objects.visible_to(actor.scope).filter(
            waiting.waiting_in(actor, waits="sign_closing", on=TODAY)
        )
        return path.finding in set(found.values_list("pk", flat=True))


@pytest.mark.parametrize("chain", CHAINS)
def test_nobody_outside_the_chain_signs(chain, under):
    under(chain)
    path = walk_to_work(chain)
    path.request_closing()
    allowed = set(CHAINS[chain].closing_signers)
    for role in AROUND:
        if role in allowed:
            continue
        for step in ("agree_closing", "return_closing", "close"):
            with pytest.raises((NotYours, Unknown)):
                path.take(role, step, points=POINTS, reason=OPINION)


@pytest.mark.parametrize("chain", [code for code in CHAINS if "unit_head" in CHAINS[code].closing_signers])
def test_the_head_signs_by_asking_and_again_when_others_add_evidence(chain, under):
    under(chain)
    path = walk_to_work(chain)
    path.request_closing()
    assert list(Verdict.objects.filter(closing_request=request_of(path)).values_list("role", flat=True)) == [
        "unit_head"
    ]
    others = CHAINS[chain].closing_signers[1:]
    assert refused(path, "unit_head", "agree_closing") == "already_agreed"
    assert refused(path, "unit_head", "return_closing", reason=OPINION) == "not_yours"
    one_more_file(path)
    for role in others[:-1]:
        path.take(role, "agree_closing", points=POINTS)
    assert refused(path, others[-1], "close", points=POINTS) == "signers_pending"
    assert waits_for(path, "unit_head")
    assert refused(path, "unit_leader", "agree_closing") == "not_yours"
    path.take("unit_head", "agree_closing")
    assert not waits_for(path, "unit_head")
    path.take(others[-1], "close", points=POINTS)
    assert path.state() == "closed"


def test_what_the_head_adds_is_signed_by_adding_it(under):
    under("acceptance_by_three")
    path = walk_to_work("acceptance_by_three")
    path.request_closing()
    one_more_file(path, role="unit_head")
    path.take("team_leader", "agree_closing", points=POINTS)
    path.take("office_director", "close", points=POINTS)
    assert path.state() == "closed"


def test_a_team_that_was_not_there_signs_nothing_even_if_it_may_read(under):
    under("joint_review_with_team")
    path = walk_to_work("joint_review_with_team")
    path.request_closing()
    stranger = path.county.actor("team_leader", organization="team_2")
    grant(path, stranger)
    with acting(stranger), pytest.raises(NotYours):
        take(path, stranger, "agree_closing", points=POINTS)


def grant(path: Path, actor: Actor) -> None:
    """Sight of the finding by name."""
    Grant.objects.create(id=new_id(path.at()), post_id=actor.post, thing=path.finding, why="交叉学习")
