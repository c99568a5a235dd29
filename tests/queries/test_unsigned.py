"""Between giving and the third signature the unit's head alone, who is to sign, knows of a feedback."""

import pytest

from bihuan.actions import feedback as acts
from bihuan.queries.acting import acting
from bihuan.queries.desk import desk_for
from bihuan.queries.feedback import feedback_for, feedback_page
from tests.builders import TODAY, build_county
from tests.paths import Path

pytestmark = pytest.mark.django_db


def known_to(path: Path, role: str) -> tuple[bool, bool, bool]:
    """Whether the feedback is listed, opens, and stands among what changed on the desk of that role."""
    actor = path.county.actor(role)
    with acting(actor):
        listed = path.feedback in {row.id for row in feedback_for(actor)}
        opens = feedback_page(path.feedback, actor=actor) is not None
        changed = {thing.id for thing in desk_for(actor, on=TODAY).changes}
    return listed, opens, path.feedback in changed


def test_clerks_and_leaders_of_the_unit_wait_for_the_third_signature() -> None:
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    for role in ("unit_head", "unit_leader", "unit_clerk"):
        assert known_to(path, role) == (False, False, False)
    path.give(order=("team_leader", "office_director"))
    assert known_to(path, "unit_head") == (True, True, True)
    for role in ("unit_leader", "unit_clerk"):
        assert known_to(path, role) == (False, False, False)
    path.do("unit_head", acts.sign, feedback=path.feedback, signed_on=TODAY, on=TODAY)
    for role in ("unit_head", "unit_leader", "unit_clerk"):
        assert known_to(path, role)[:2] == (True, True)
