"""What holds of the tables whatever people have done: the record tells every state, and what is bound stays bound."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F

from bihuan.models import (
    ClosingRequest,
    Draft,
    Event,
    Evidence,
    Feedback,
    Finding,
    FindingRequest,
    Inspection,
    Plan,
    PlanRow,
    StateChange,
    Verdict,
)
from bihuan.rules.acts import BEGINNINGS
from bihuan.rules.lifecycle import FINDING, MACHINES
from bihuan.rules.machines import Machine
from bihuan.rules.vocabulary import RECEIPT_ROLES, UNIT_ROLES
from tests.paths import COUNTY_PROFILE, POINTS

WITH_STATES: dict[str, Any] = {
    "finding": Finding, "feedback": Feedback, "inspection": Inspection, "draft": Draft, "plan": Plan,
    "plan_row": PlanRow, "closing_request": ClosingRequest, "request": FindingRequest,
}  # fmt: skip
EXTENDABLE = (*FINDING.step("grant_extension").sources, "pending_review")
DECIDABLE = {"reopen": ("closed",), "withdraw": ("drafted", "awaiting_plan"), "extend": EXTENDABLE}


class Told(NamedTuple):
    """What the record says of one act on one thing."""

    thing: str
    thing_id: UUID
    at: datetime
    step: str
    state_from: str
    state_to: str


def record_tells_every_state() -> None:
    """Of everything with a state: begun once, each change a step of its table, as many events as revisions."""
    told: dict[tuple[str, UUID], list[Told]] = {}
    for found in Event.objects.filter(thing__in=WITH_STATES).order_by("at", "id").values_list(*Told.__annotations__):
        event = Told(*found)
        told.setdefault((event.thing, event.thing_id), []).append(event)
    for thing, model in WITH_STATES.items():
        for pk, state, revision in model.objects.values_list("pk", "state", "revision"):
            story = in_order(told[thing, pk])
            check_story(MACHINES[thing], story, state)
            assert len(story) == revision, f"{thing} {pk}: {len(story)} events, revision {revision}"


def in_order(story: list[Told]) -> list[Told]:
    """The events of one act have one instant: what made the thing first, then what left the state, then the change."""
    return sorted(story, key=lambda event: (event.at, event.state_from != "", event.state_from != event.state_to))


def check_story(machine: Machine, story: list[Told], state: str) -> None:
    """Each change begins where the one before ended, is a step of the table, and the last one is the state."""
    assert (story[0].state_from, story[0].state_to) == ("", machine.states[0].code), machine.thing
    assert (machine.thing, story[0].step) in BEGINNINGS
    steps = {step.code: step for step in machine.steps}
    for before, after in pairwise(story):
        step = steps[after.step]
        assert after.state_from == before.state_to, (machine.thing, before.step, after.step)
        assert after.state_from in step.sources
        assert after.state_to == (step.target or after.state_from)
    assert story[-1].state_to == state, machine.thing


def every_change_has_its_event() -> None:
    """Figures are counted from changes of state: there is one for each event that changed a finding, and no other."""
    changes = Event.objects.filter(thing="finding").exclude(state_from=F("state_to"))
    told = set(changes.values_list("pk", "thing_id", "state_from", "state_to"))
    kept = set(StateChange.objects.values_list("event_id", "finding_id", "state_from", "state_to"))
    assert kept == told


def what_waits_is_there() -> None:
    """Findings under review, and only they, have what is reviewed; requests wait while they can be decided."""
    open_requests = sorted(ClosingRequest.objects.filter(state="open").values_list("finding_id", flat=True))
    assert open_requests == sorted(Finding.objects.filter(state="pending_review").values_list("pk", flat=True))
    submitted = sorted(PlanRow.objects.filter(state="submitted").values_list("finding_id", flat=True))
    assert submitted == sorted(Finding.objects.filter(state="plan_submitted").values_list("pk", flat=True))
    for request in FindingRequest.objects.filter(state="open").select_related("finding"):
        if request.finding.state not in DECIDABLE[request.aim]:
            # The unit's step cannot touch what only the office sees: it lapses with the office's next one.
            last = Event.objects.filter(thing_id=request.finding_id).order_by("-at").select_related("post").first()
            assert request.side == "office", (request.aim, request.finding.state)
            assert last.post.role in UNIT_ROLES, (request.aim, request.finding.state)
    for request in FindingRequest.objects.exclude(state__in=("open", "lapsed")):
        assert request.decided_by_id not in (None, request.account_id)


def plans_are_what_their_rows_are() -> None:
    """Versions are numbered without gaps; one waits while a row waits, and is approved when every row is."""
    versions: dict[UUID, list[int]] = {}
    for plan in Plan.objects.order_by("version").prefetch_related("rows"):
        versions.setdefault(plan.feedback_id, []).append(plan.version)
        rows = {row.state for row in plan.rows.all()} - {"draft"}
        assert plan.state == _state_of(plan, rows), (plan.state, rows)
        assert {row.version for row in plan.rows.all()} <= {plan.version}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())


def _state_of(plan: Plan, rows: set[str]) -> str:
    if plan.state == "draft":
        return "draft" if not rows else "a draft with rows that are handed in"
    if "submitted" in rows:
        return "submitted"
    return "approved" if rows == {"approved"} else "returned"


def clocks_start_with_the_third_signature() -> None:
    """T0 is the latest of three signatures by three people; before it nothing has a date or is the unit's to see."""
    for feedback in Feedback.objects.prefetch_related("signatures", "findings"):
        signed = list(feedback.signatures.all())
        assert len({mark.account_id for mark in signed}) == len(signed)
        whole = {mark.role for mark in signed} == set(RECEIPT_ROLES)
        expected = max(mark.signed_on for mark in signed) if whole else None
        assert feedback.received_on == expected
        assert bool(feedback.plan_due_on) == whole
        for row in feedback.findings.all():
            if row.given_on is None:
                assert row.state in ("drafted", "withdrawn")
                assert (row.stage, row.due_on) == (0, None)
            else:
                assert (row.stage, row.given_on) == (1, expected)
                assert row.due_on > row.given_on
                assert row.state != "drafted"


def what_is_decided_was_agreed_by_all() -> None:
    """Approved rows and granted closings: each party of the chain agreed once, to exactly what stands there."""
    decided = (
        ("plan_row", PlanRow.objects.filter(state="approved"), COUNTY_PROFILE.plan_reviewers),
        ("closing_request", ClosingRequest.objects.filter(state="agreed"), COUNTY_PROFILE.closing_signers),
    )
    each = ((name, thing, chain) for name, things, chain in decided for thing in things.prefetch_related("verdicts"))
    for name, thing, chain in each:
        given = [verdict for verdict in thing.verdicts.all() if verdict.verdict == "agree"]
        agreed = [verdict for verdict in given if verdict.content_hash == thing.content_hash]
        assert sorted(verdict.role for verdict in agreed) == sorted(chain), name
        assert len({verdict.account_id for verdict in agreed}) == len(chain)
        assert thing.content_hash
        if name == "closing_request":
            assert all(set(verdict.points["confirmed"]) >= set(POINTS) for verdict in agreed)


def frozen_content(row: PlanRow) -> tuple[Any, ...]:
    """Everything that a row says once it is handed in."""
    measures = sorted(row.measures.all(), key=lambda measure: measure.position)
    said = ("pk", "text", "kinds", "responsible_unit_id", "helping", "person", "supervisor", "starts_on", "due_on",
            "is_long_term", "product")  # fmt: skip
    return (
        row.plan_id, row.version, row.causes, row.goal, row.leader, row.head_leads, row.submitted_at, row.content_hash,
        row.side, tuple(repr([getattr(measure, name) for name in said]) for measure in measures),
    )  # fmt: skip


def shown_content(request: ClosingRequest) -> tuple[Any, ...]:
    """What a signer of that request is shown at this moment, told without the product's own digest."""
    files = Evidence.objects.filter(finding_id=request.finding_id, measure__isnull=False).order_by("id")
    row = PlanRow.objects.filter(finding_id=request.finding_id).exclude(state="draft").order_by("-version").first()
    shown = tuple(files.filter(measure__row=row).values_list("upload__sha256", "proves", "dated"))
    return (request.claim, repr(request.criteria), row and frozen_content(row), shown)


class Bound:
    """What was frozen or signed for, as it was then: remembered here, so that no digest of the product is believed."""

    def __init__(self) -> None:
        self.rows: dict[UUID, tuple[Any, ...]] = {}
        self.agreed: dict[UUID, tuple[Any, ...]] = {}

    def look(self) -> None:
        """Rows handed in stay as they were; agreements that count were given to what is shown now."""
        for row in PlanRow.objects.exclude(state="draft").prefetch_related("measures"):
            assert self.rows.setdefault(row.pk, frozen_content(row)) == frozen_content(row), "a frozen row changed"
        verdicts = Verdict.objects.filter(closing_request__isnull=False, verdict="agree")
        for verdict in verdicts.select_related("closing_request"):
            request = verdict.closing_request
            if request.state != "open" and verdict.pk in self.agreed:
                continue
            shown = shown_content(request)
            then = self.agreed.setdefault(verdict.pk, shown)
            assert (then == shown) == (verdict.content_hash == request.content_hash), "an agreement to other content"


def counts_of(rows: Iterable[Finding]) -> dict[str, int]:
    """How many findings are in each state."""
    return dict(Counter(row.state for row in rows))
