"""Random posts take random acts of the whole chain; whatever they do, the lifecycle and the record stay whole."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bihuan.models import Draft, Feedback, Finding, FindingRequest, Plan
from tests.actions.chain_machine import DRAFT_ACTS, PLANNED, ChainMachine
from tests.actions.findings_machine import BY_HAND, REFUSALS, STEPS, WHO
from tests.actions.machine_county import HELPER, LEADER, a_busy_county
from tests.actions.machine_inputs import content_for

pytestmark = pytest.mark.django_db

ANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}
# Without shrinking: what a slow machine finds is told within the minute; the long run makes it small.
SHORT = settings(max_examples=14, stateful_step_count=14, phases=[Phase.generate], database=None, **ANY)
LONG = settings(max_examples=300, stateful_step_count=30, **ANY)
# What must come first where no finding of the county is so far yet: another step, by whom.
BEFORE = {"refuse_reopening": "request_reopening", "approve_reopening": "request_reopening",
          "withdraw": "request_withdrawal", "keep": "request_withdrawal", "agree_plan": "submit_plan",
          "agree_closing": "request_closing"}  # fmt: skip
WHOLE = (
    *BY_HAND, *(f"draft {act}" for act in DRAFT_ACTS), *(f"feedback {act}" for act in ("approve", "give", "sign")),
    "fill_row", "submit whole plan", "submit rows", "agree to a whole plan", "return a whole plan", "agree to rows",
    "return rows", "note",
)  # fmt: skip


@pytest.fixture(scope="module")
def machine(django_db_setup: None, django_db_blocker: Any) -> Iterator[type[ChainMachine]]:
    """The machine over a county of this file, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        members = {"busy": a_busy_county(), "taken": Counter(), "refused": Counter()}
        made = type("Machine", (ChainMachine,), members)
        yield made
        print(f"taken: {dict(sorted(made.taken.items()))}\nrefused: {dict(sorted(made.refused.items()))}")
        transaction.set_rollback(True)


@pytest.fixture
def one_run(machine: type[ChainMachine]) -> Iterator[ChainMachine]:
    """One run of the machine, led by hand; at its end everything holds and the county is as it was."""
    run = machine()
    try:
        yield run
        run.everything_holds()
        run.look("unit_head")
        run.look("office_clerk")
    finally:
        run.teardown()


def takers(code: str) -> list[str]:
    """Everybody who may take that step, in a fixed order."""
    return [seated for relation in STEPS[code].who for seated in WHO[relation]]


def take(run: ChainMachine, code: str) -> bool:
    """Take that step somewhere in the county, by somebody; whether it came about."""
    for row in Finding.objects.filter(state__in=STEPS[code].sources).order_by("number"):
        if any(run.step(row.pk, code, seated, None, "current") for seated in takers(code)):
            return True
    return False


@pytest.mark.parametrize("code", BY_HAND)
def test_every_step_of_a_finding_is_taken(one_run: ChainMachine, code: str) -> None:
    if code in BEFORE:
        assert take(one_run, BEFORE[code])
    assert take(one_run, code)
    one_run.everything_holds()
    for seated in (f"unit_clerk@{HELPER}", f"unit_clerk@{LEADER}", "team_member", "unit_leader"):
        one_run.look(seated)


@pytest.mark.parametrize("act", DRAFT_ACTS)
def test_every_act_on_a_draft_is_taken(one_run: ChainMachine, act: str) -> None:
    draft = Draft.objects.filter(state="proposed").order_by("position").first()
    if act == "undo":
        one_run.draft_act(draft, "split", "liaison")
        draft.refresh_from_db()
    assert not isinstance(one_run.draft_act(draft, act, "liaison", "current"), REFUSALS)


def test_a_document_becomes_given_findings_with_a_plan(one_run: ChainMachine) -> None:
    """The chain from the bench to an approved plan, by the machine's own acts; each must succeed."""
    bench = one_run.busy.feedback[-1]
    for draft in Draft.objects.filter(feedback_id=bench, state="proposed").order_by("position"):
        one_run.draft_act(draft, "confirm", "liaison")
    for act, role in (("approve", "leading_group"), ("give", "office_clerk"), ("sign", "team_leader"),
                      ("sign", "unit_head"), ("sign", "office_director")):  # fmt: skip
        one_run.feedback_act(bench, act, role)
        one_run.everything_holds()
    assert Feedback.objects.get(pk=bench).received_on
    for row in Finding.objects.filter(feedback_id=bench).order_by("number"):
        one_run.fill(row, content_for(row), "unit_clerk")
    first = Finding.objects.filter(feedback_id=bench).order_by("number").first()
    assert not isinstance(one_run.submit(bench, "unit_head", findings=[first.pk]), Exception)
    one_run.everything_holds()
    assert not isinstance(one_run.submit(bench, "unit_head"), Exception)
    one_run.everything_holds()
    single, rest = Plan.objects.filter(feedback_id=bench).order_by("version")
    assert not isinstance(one_run.review(single, "organization_reviewer", True, findings=[first.pk]), Exception)
    assert not isinstance(one_run.review(single, "discipline_reviewer", False, findings=[first.pk]), Exception)
    for role in ("discipline_reviewer", "organization_reviewer", "office_director"):
        assert not isinstance(one_run.review(rest, role, True), Exception)
        one_run.everything_holds()
    assert Plan.objects.get(pk=rest.pk).state == "approved"
    assert not Finding.objects.filter(feedback_id=bench, state__in=PLANNED).exclude(pk=first.pk).exists()


def test_a_whole_plan_goes_back(one_run: ChainMachine) -> None:
    plan = Plan.objects.filter(state="submitted").order_by("feedback_id", "version").first()
    assert not isinstance(one_run.review(plan, "office_director", False), Exception)
    assert Plan.objects.get(pk=plan.pk).state == "returned"


def test_evidence_in_review_voids_what_was_agreed(one_run: ChainMachine) -> None:
    """All but the last have agreed; a file comes in; nobody can close before they have agreed again."""
    row = Finding.objects.filter(state="pending_review", secrecy=0).order_by("number").first()
    close = "close" if row.closing_requests.get(state="open").claim == "done" else "accept_long_term"
    assert one_run.step(row.pk, "add_evidence", "unit_clerk", None, "current")
    assert one_run.step(row.pk, close, "office_director", None, "current") is None
    for role in ("discipline_reviewer", "organization_reviewer"):
        assert one_run.step(row.pk, "agree_closing", role, None, "current")
    assert one_run.step(row.pk, close, "office_director", None, "current")


def test_what_nobody_can_decide_any_more_lapses(one_run: ChainMachine) -> None:
    """A withdrawal asked for before the plan came in; an extension asked for before the finding was closed."""
    early = Finding.objects.filter(state="awaiting_plan").order_by("number").first()
    for code, seated in (("request_withdrawal", "office_clerk"), ("submit_plan", "unit_head"),
                         ("agree_plan", "discipline_reviewer")):  # fmt: skip
        assert one_run.step(early.pk, code, seated, None, "current")
    asked = FindingRequest.objects.get(aim="extend", state="open")
    for code, seated in (("request_closing", "unit_head"), ("agree_closing", "discipline_reviewer"),
                         ("agree_closing", "organization_reviewer")):  # fmt: skip
        assert one_run.step(asked.finding_id, code, seated, None, "current")
    close = "close" if asked.finding.closing_requests.get().claim == "done" else "accept_long_term"
    assert one_run.step(asked.finding_id, close, "office_director", None, "current")
    states = FindingRequest.objects.filter(finding__in=(early.pk, asked.finding_id)).values_list("state", flat=True)
    assert set(states) == {"lapsed"}


def test_each_side_leaves_notes(one_run: ChainMachine) -> None:
    row = Finding.objects.filter(state="closed").first()
    for role in ("unit_clerk", "office_clerk", "team_member"):
        one_run.leave_note(row, role, "请留意")


def test_whatever_people_do_the_lifecycle_holds(machine: type[ChainMachine]) -> None:
    """Every act by itself is taken above; here they meet by chance."""
    before = sum(machine.taken.values()), sum(machine.refused.values())
    run_state_machine_as_test(machine, settings=SHORT)
    assert sum(machine.taken.values()) >= before[0] + 15, f"hardly anything was done: {machine.taken}"
    assert sum(machine.refused.values()) >= before[1] + 15, f"hardly anything was refused: {machine.refused}"


@pytest.mark.long
def test_whatever_people_do_for_long_the_lifecycle_holds(machine: type[ChainMachine]) -> None:
    run_state_machine_as_test(machine, settings=LONG)
    lacking = set(WHOLE) - set(machine.taken)
    assert not lacking, f"nobody took {lacking}: {machine.taken}"
