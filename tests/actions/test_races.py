"""Two people act on one thing at the same instant: one wins, the other is told who was faster, nothing is half done.

On a committed copy of the database, each person on a connection of their own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection

from bihuan.actions import _step, drafts, findings, rounds
from bihuan.actions.findings import StepTaken
from bihuan.actions.refusals import Overtaken, Refused
from bihuan.models import Draft, Event, Finding, StateChange
from bihuan.queries.acting import acting, give_up
from bihuan.rules.access import Actor
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.typed import StepInput
from bihuan.rules.vocabulary import ROLES
from tests.actions.findings_machine import snapshot
from tests.actions.racing import at_once, committed_county, given
from tests.builders import TODAY
from tests.copies import apart, committing
from tests.paths import CRITERIA, POINTS, Path

pytestmark = pytest.mark.django_db

FEW, MANY = 10, 100
OPINION = "照片看不出公示日期，请补公示原件。"


@dataclass(frozen=True)
class Race:
    """Where the finding stands, and the two acts; `knows`: both saw the same revision of the page."""

    ready: Callable[[Path], None]
    moves: tuple[tuple[str, str], tuple[str, str]]
    knows: bool = True


def _submitted(path: Path) -> None:
    path.submit_plan()


def _asked(path: Path) -> None:
    path.approve_plan()
    path.request_closing()


def _agreed(path: Path) -> None:
    _asked(path)
    path.agree_closing()


RACES = (
    Race(_submitted, (("discipline_reviewer", "agree_plan"), ("organization_reviewer", "agree_plan"))),
    Race(_submitted, (("discipline_reviewer", "agree_plan"), ("organization_reviewer", "return_plan"))),
    Race(lambda path: None, (("unit_head", "submit_plan"), ("unit_head", "submit_plan")), knows=False),
    Race(_agreed, (("office_director", "close"), ("office_director", "close"))),
    Race(_agreed, (("office_director", "close"), ("office_director", "return_closing")), knows=False),
    Race(Path.approve_plan, (("unit_clerk", "report_basically_done"), ("unit_head", "request_closing"))),
    Race(_asked, (("discipline_reviewer", "agree_closing"), ("organization_reviewer", "return_closing"))),
    Race(lambda path: None, (("office_clerk", "request_withdrawal"), ("office_director", "request_withdrawal"))),
)


@pytest.fixture(scope="module")
def path(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A county on a copy, with as many given findings as there are races; all of it committed."""
    with django_db_blocker.unblock(), committing("races"):
        yield committed_county()


def _deed(path: Path, role: str, step: str, typed: StepInput, seen: int | None) -> Callable[[Barrier], StepTaken]:
    finding, at = path.finding, path.at()

    def take(barrier: Barrier) -> StepTaken:
        actor = path.county.actor(role)
        with acting(actor):
            barrier.wait()
            return findings.take_step(
                finding=finding, step=step, typed=typed, by=actor, at=at, on=TODAY, seen=seen
            )  # fmt: skip

    return take


def _typed(path: Path, steps: set[str]) -> StepInput:
    return StepInput(
        reason=OPINION, redo_by=TODAY, remains="还差一点", remains_by=TODAY, claim="done", criteria=CRITERIA,
        points=POINTS, faults=("other",), evidence=path.evidence() if "request_closing" in steps else (),
        **path.content(),
    )  # fmt: skip


def run(race: Race, path: Path, finding: UUID) -> None:
    """One race, and what must be true after it."""
    path.finding = finding
    apart(lambda: race.ready(path))
    before = Finding.objects.get(pk=finding)
    known = set(Event.objects.values_list("pk", flat=True))
    changes = StateChange.objects.filter(finding_id=finding).count()
    typed = _typed(path, {step for _, step in race.moves})
    seen = before.revision if race.knows else None
    ends = at_once([_deed(path, role, step, typed, seen) for role, step in race.moves])
    won = [end for end in ends if isinstance(end, StepTaken)]
    lost = [end for end in ends if not isinstance(end, StepTaken)]
    assert (len(won), len(lost)) == (1, 1), f"{race.moves}: {ends}"
    winner_role, winner_step = race.moves[ends.index(won[0])]
    _check_loser(lost[0], race, winner_role, winner_step)
    after = Finding.objects.get(pk=finding)
    fresh = Event.objects.exclude(pk__in=known)
    assert [event.step for event in fresh.filter(because_of=None, thing="finding")] == [winner_step]
    assert (after.revision, after.state) == (before.revision + 1, FINDING.step(winner_step).target or before.state)
    changed = StateChange.objects.filter(finding_id=finding).count() - changes
    assert changed == (1 if after.state != before.state else 0)


def _check_loser(loss: Any, race: Race, winner_role: str, winner_step: str) -> None:
    if race.knows:
        assert isinstance(loss, Overtaken), loss
        assert ROLES[winner_role] in loss.by
        assert loss.step == winner_step
    else:
        assert isinstance(loss, Refused), loss
        assert loss.objection.code == "wrong_state"


def _run_all(path: Path, count: int) -> None:
    for number, finding in enumerate(apart(lambda: given(path, count))):
        run(RACES[number % len(RACES)], path, finding)


def test_one_wins_and_the_other_is_told(path: Path) -> None:
    _run_all(path, FEW)


@pytest.mark.long
def test_one_wins_and_the_other_is_told_a_hundred_times(path: Path) -> None:
    _run_all(path, MANY)


def test_numbers_are_taken_once(path: Path) -> None:
    county = path.county
    organizations = county.organizations

    def typed(inspection: UUID) -> list[UUID]:
        with patch.object(county, "inspection", inspection):
            path.upload(content=f"关于巡察工作的反馈意见\n\n另行补充 {path.minutes}。\n".encode())
        for number in range(4):
            path.do("liaison", drafts.add_draft_by_hand, feedback=path.feedback, text=f"另 {number} 件没有做好。")
        return list(Draft.objects.filter(feedback_id=path.feedback).values_list("pk", flat=True))

    def of_two_units() -> list[UUID]:
        """One round, one series of numbers; the drafts of one inspection would wait for each other anyway."""
        another = path.do(
            "office_director", rounds.add_inspection, round_id=county.round, unit=organizations["finance"],
            team=organizations["team_1"],
        )  # fmt: skip
        pairs = zip(typed(county.inspection), typed(another), strict=True)
        return [one for pair in pairs for one in pair]

    def confirm(draft_id: UUID) -> Callable[[Barrier], UUID]:
        at, actor = path.at(), path.county.actor("liaison")

        def deed(barrier: Barrier) -> UUID:
            with acting(actor):
                barrier.wait()
                return drafts.confirm_draft(draft=draft_id, text=None, by=actor, at=at)

        return deed

    made = at_once([confirm(one) for one in apart(of_two_units)])
    assert [end for end in made if not isinstance(end, UUID)] == []
    numbers = sorted(Finding.objects.filter(pk__in=made).values_list("number", flat=True))
    assert len(set(numbers)) == len(made) == 8


@pytest.mark.parametrize("where", ["_keep_change", "write_event", "placed_like"])
def test_an_action_that_fails_in_the_middle_leaves_nothing(where: str, path: Path) -> None:
    (path.finding,) = apart(lambda: given(path, 1))
    before = apart(snapshot)
    with (
        patch.object(_step, where, side_effect=RuntimeError("the disk is full")),
        pytest.raises(RuntimeError, match="the disk is full"),
    ):
        apart(lambda: path.submit_plan())
    assert apart(snapshot) == before
    apart(lambda: path.submit_plan())
    assert apart(snapshot) != before


def test_work_given_up_leaves_nothing(path: Path) -> None:
    (path.finding,) = apart(lambda: given(path, 1))
    before, actor, at = apart(snapshot), path.county.actor("unit_head"), path.at()

    def refused_by_the_door() -> None:
        with acting(actor):
            findings.take_step(
                finding=path.finding, step="submit_plan", typed=StepInput(**path.content()), by=actor, at=at, on=TODAY,
            )  # fmt: skip
            give_up()

    apart(refused_by_the_door)
    assert apart(snapshot) == before


POOL = {"min_size": 1, "max_size": 2, "timeout": 60}
SCOPE = "select current_user, " + ", ".join(
    f"coalesce(current_setting('app.{name}', true), '')"
    for name in ("post", "lo", "hi", "stage", "side", "reads_record")
)


def test_no_scope_stays_behind_on_a_pooled_connection(path: Path) -> None:
    """Eight people share two connections, fail now and then, and each sees exactly what is theirs."""
    roles = ("secretary", "unit_clerk", "team_leader", "guest", "audit_officer", "township_reviewer")
    actors = [path.county.actor(role) for role in roles]
    expected = {actor.post: Finding.objects.visible_to(actor.scope).count() for actor in actors}
    assert len(set(expected.values())) > 1
    options, connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"], {"pool": POOL}
    assert connection.pool
    try:
        with ThreadPoolExecutor(8) as people:
            leaks = list(people.map(lambda number: _work_in_turns(number, actors, expected), range(8)))
    finally:
        connection.close_pool()
        connection.settings_dict["OPTIONS"] = options
    assert leaks == [[]] * 8


class _GoneWrong(Exception):
    """Planted in the middle of an act."""


def _work_in_turns(number: int, actors: list[Actor], expected: dict[UUID, int]) -> list[Any]:
    """What one person saw that was not theirs, and what scope was left behind."""
    wrong: list[Any] = []
    for turn in range(25):
        actor = actors[(number + turn) % len(actors)]
        try:
            with acting(actor):
                if Finding.objects.count() != expected[actor.post]:
                    wrong.append((actor.role, "sees what is not theirs"))
                if turn % 5 == 4:
                    raise _GoneWrong
                if turn % 5 == 3:
                    give_up()
        except _GoneWrong:
            pass
        with connection.cursor() as cursor:
            cursor.execute(SCOPE)
            left = cursor.fetchone()
        if left != ("bihuan_owner", "", "", "", "", "", ""):
            wrong.append((actor.role, left))
        connection.close()
    return wrong
