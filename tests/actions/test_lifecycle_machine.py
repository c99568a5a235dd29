"""Random posts take random steps of a few findings; whatever they do, the lifecycle and the record stay whole."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.actions.findings_machine import STEPS, FindingsMachine, a_busy_county

pytestmark = pytest.mark.django_db

ANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}
# Without shrinking: what a slow machine finds is told within the minute; the long run makes it small.
SHORT = settings(max_examples=25, stateful_step_count=12, phases=[Phase.generate], database=None, **ANY)
LONG = settings(max_examples=100, stateful_step_count=30, **ANY)


@pytest.fixture
def machine() -> type[FindingsMachine]:
    """The machine over a county of this test."""
    path, findings = a_busy_county()
    return type("Machine", (FindingsMachine,), {"path": path, "findings": findings, "taken": {}})


def test_whatever_people_do_the_lifecycle_holds(machine: type[FindingsMachine]) -> None:
    run_state_machine_as_test(machine, settings=SHORT)
    assert len(machine.taken) >= 6, f"hardly a step was taken: {machine.taken}"


@pytest.mark.long
def test_whatever_people_do_for_long_the_lifecycle_holds(machine: type[FindingsMachine]) -> None:
    run_state_machine_as_test(machine, settings=LONG)
    assert set(machine.taken) == {code for code, step in STEPS.items() if not step.consequence}
