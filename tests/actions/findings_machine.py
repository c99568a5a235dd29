"""A county whose posts take any act with any input, and what must hold after each: the machine of the lifecycle test.

The page of the finding foretells what comes of a step; the tables are compared before and after; see machine_*.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bihuan.actions import findings
from bihuan.actions.findings import StepTaken
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.models import Assignment, Event, EventPlace, Evidence, Finding, Grant, Note, Plan, PlanRow, Progress, Upload
from bihuan.queries.acting import acting, reaching
from bihuan.queries.desk import desk_for
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.findings.page import FindingPage, finding_page
from bihuan.queries.statistics.figures import figures_for
from bihuan.rules.access import Actor, Place, Sight, may_see
from bihuan.rules.lifecycle import FINDING, GIVEN
from bihuan.rules.vocabulary import ROLES
from tests.actions import machine_invariants as holds
from tests.actions.machine_county import HELPER, LEADER, SEATED, BusyCounty
from tests.actions.machine_inputs import LOOKS_AT, WRONG, typed_for
from tests.builders import TODAY, County

STEPS = {step.code: step for step in FINDING.steps}
BY_HAND = tuple(code for code, step in STEPS.items() if not step.consequence)
# Who takes a step that belongs to a relation; chains are those of the county's profile.
WHO = {
    "unit": ("unit_clerk", "unit_head"),
    "unit_head": ("unit_head",),
    "helping_unit": (f"unit_clerk@{HELPER}", f"unit_clerk@{LEADER}"),
    "plan_reviewer": ("discipline_reviewer", "organization_reviewer"),
    "last_plan_reviewer": ("office_director",),
    "closing_signer": ("discipline_reviewer", "organization_reviewer"),
    "last_closing_signer": ("office_director",),
    "office": ("office_clerk", "office_director"),
    "office_director": ("office_director",),
    "leading_group": ("leading_group",),
    "team": ("team_member",),
    "team_lead": ("team_leader",),
    "liaison": ("liaison",),
    "discipline_reviewer": ("discipline_reviewer",),
    "organization_reviewer": ("organization_reviewer",),
    "countersigning_head": ("unit_head",),
}
SEEN = (Finding, Plan, PlanRow, Progress, Note, Upload, Evidence, EventPlace)
KEPT = (
    "finding", "finding_unit", "state_change", "event", "event_body", "event_place", "plan", "plan_row", "measure",
    "progress", "note", "evidence", "upload", "file_content", "closing_request", "verdict", "finding_request",
    "sight_grant", "feedback", "signature", "inspection", "draft", "counter",
)  # fmt: skip
SNAPSHOT = " union all ".join(
    f"select '{table}', count(*), md5(coalesce(string_agg(md5(t::text), '' order by t::text), '')) from {table} t"
    for table in KEPT
)
REFUSALS = (Refused, NotYours, Unknown, Overtaken, Unreadable)


def snapshot() -> list[tuple[str, int, str]]:
    """Every row of every table that an act may touch, as digests."""
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        return sorted(cursor.fetchall())


class FindingsMachine(RuleBasedStateMachine):
    """Random posts, random steps, sound and unsound input; each run in a transaction that is given up."""

    busy: ClassVar[BusyCounty]
    taken: ClassVar[Counter[str]]
    refused: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.minutes = self.busy.path.minutes
        self.around = transaction.atomic()
        self.around.__enter__()
        self.bound = holds.Bound()
        self.bound.look()

    def teardown(self) -> None:
        """Back to the county as it was."""
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @property
    def county(self) -> County:
        return self.busy.path.county

    def actor(self, seated: str) -> Actor:
        """The actor of a role, or of a role at an organization."""
        role, _, where = seated.partition("@")
        return self.county.actor(role, organization=where or None)

    @rule(data=st.data(), count=st.integers(1, 4))
    def proceed(self, data: st.DataObject, count: int) -> None:
        """Some sound steps, each in a finding where it leads on, by somebody who may take it."""
        for _ in range(count):
            self._sound_step(data, data.draw(st.sampled_from(BY_HAND)), None)

    @rule(data=st.data(), step=st.sampled_from(BY_HAND), wrong=st.sampled_from(tuple(WRONG)))
    def stumble(self, data: st.DataObject, step: str, wrong: str) -> None:
        """A step by somebody who may take it, with one thing typed wrongly."""
        self._sound_step(data, step, wrong)

    def _sound_step(self, data: st.DataObject, code: str, wrong: str | None) -> None:
        rows = list(Finding.objects.filter(state__in=STEPS[code].sources).order_by("number"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            seated = data.draw(st.sampled_from([one for relation in STEPS[code].who for one in WHO[relation]]))
            self.step(row.pk, code, seated, wrong, data.draw(st.sampled_from(("none", "current"))))

    @rule(data=st.data(), seated=st.sampled_from(SEATED))
    def meddle(self, data: st.DataObject, seated: str) -> None:
        """A step that could be taken now, with sound input, by somebody who stands near."""
        row = data.draw(st.sampled_from(list(Finding.objects.order_by("number"))))
        leaving = FINDING.steps_from(row.state)
        if leaving:
            self.step(row.pk, data.draw(st.sampled_from(leaving)).code, seated, None, "current")

    @rule(
        data=st.data(),
        step=st.sampled_from((*STEPS, "confirm", "nonsense")),
        role=st.sampled_from(tuple(ROLES)),
        wrong=st.sampled_from((None, *WRONG)),
        seen=st.sampled_from(("none", "current", "old")),
    )
    def wander(self, data: st.DataObject, step: str, role: str, wrong: str | None, seen: str) -> None:
        """Any step, by anybody."""
        self.step(data.draw(st.sampled_from(list(Finding.objects.order_by("number")))).pk, step, role, wrong, seen)

    def step(self, finding: UUID, code: str, seated: str, wrong: str | None, seen: str) -> StepTaken | None:
        """A step of a finding: its page has foretold what comes of it."""
        actor, row = self.actor(seated), Finding.objects.get(pk=finding)
        self.minutes += 1
        typed = typed_for(row, self.minutes)
        if wrong:
            typed = replace(typed, **{wrong: WRONG[wrong]})
        with acting(actor):
            page = finding_page(finding, actor=actor, on=TODAY)
        revision = {"none": None, "current": row.revision, "old": row.revision - 1}[seen]
        end = self.attempt(
            code, actor,
            lambda at: findings.take_step(
                finding=finding, step=code, typed=typed, by=actor, at=at, on=TODAY, seen=revision
            ),
        )  # fmt: skip
        self._check_foretold(_foretold(page, code, wrong, seen), end, f"{code} by {seated}, {wrong} wrong")
        if isinstance(end, StepTaken):
            self._check_step(end, code, row)
            return end
        return None

    def attempt(self, name: str, actor: Actor, deed: Callable[[Any], Any]) -> Any:
        """An act in a transaction of its own: recorded with all that it did, or refused with a reason and no trace."""
        before, known = snapshot(), set(Event.objects.values_list("pk", flat=True))
        self.minutes += 1
        try:
            with acting(actor):
                end = deed(self.county.at + timedelta(minutes=self.minutes))
        except REFUSALS as refusal:
            assert snapshot() == before, f"a refused {name} left something behind"
            self.refused[told(refusal)] += 1
            return refusal
        fresh = {event.pk: event for event in Event.objects.exclude(pk__in=known)}
        if fresh:
            assert {(event.account_id, event.post_id) for event in fresh.values()} == {(actor.account, actor.post)}
            # Only taking back names what was done before; everything else follows from an act of this moment.
            earlier = [event for event in fresh.values() if event.because_of and event.because_of not in fresh]
            assert {event.step for event in earlier} <= {"undo"}
            assert {event.because_of for event in earlier} <= known
        else:
            assert snapshot() == before, f"{name} did something that the record does not tell"
        self.taken[name] += 1
        self.bound.look()
        return end

    def _check_foretold(self, foretold: str, end: Any, said: str) -> None:
        kinds = {StepTaken: "success", Unknown: "unknown", Overtaken: "overtaken"}
        assert kinds.get(type(end), "refused") in foretold.split(), f"{said}: foretold {foretold}, came {end!r}"

    def _check_step(self, taken: StepTaken, code: str, before: Finding) -> None:
        after = Finding.objects.get(pk=before.pk)
        own = Event.objects.get(pk=taken.event)
        assert (own.step, own.thing, own.thing_id, own.because_of) == (code, "finding", before.pk, None)
        assert (taken.state, taken.revision) == (after.state, after.revision)
        target = STEPS[code].target or ("reopened" if code == "approve_reopening" else before.state)
        assert after.state == target

    @rule(role=st.sampled_from((*ROLES, f"unit_clerk@{HELPER}", f"unit_clerk@{LEADER}", "unit_head@water")))
    def look(self, role: str) -> None:
        """The rule, the list and the rows that this role gets name the same things, and the counts add up."""
        actor = self.actor(role)
        sight = Sight(
            frozenset(Assignment.objects.filter(post_id=actor.post).values_list("inspection_id", flat=True)),
            frozenset(Grant.objects.filter(post_id=actor.post).values_list("thing", flat=True)),
        )
        for model in SEEN:
            expected = {
                row.pk
                for row in model.objects.all()
                if may_see(actor.scope, place=_place(row), thing=getattr(row, model.grant_key), sight=sight)
            }
            assert set(model.objects.visible_to(actor.scope).values_list("pk", flat=True)) == expected, model
            with reaching(actor.scope):
                assert set(model.objects.values_list("pk", flat=True)) == expected, model
        self._counts_add_up(actor)

    def _counts_add_up(self, actor: Actor) -> None:
        rows = list(Finding.objects.visible_to(actor.scope))
        counts = holds.counts_of(rows)
        with acting(actor):
            listed = findings_for(actor, filters=FindingFilters(), on=TODAY)
            figures, desk = figures_for(actor, on=TODAY), desk_for(actor, on=TODAY)
        assert {row.id for row in listed.rows} == {row.pk for row in rows}
        assert {count.state.code: count.n for count in listed.counts} == counts
        assert listed.total == listed.matched == sum(counts.values())
        given = {state: n for state, n in counts.items() if state in GIVEN}
        by_state = {state.code: n for state, n in zip(figures.states, figures.sums, strict=True)}
        assert by_state == given
        in_groups = sum(group.counts.to_rectify for group in figures.groups)
        assert figures.counts.to_rectify == sum(given.values()) == in_groups
        assert desk.n_waiting >= len(desk.waiting)

    @invariant()
    def everything_holds(self) -> None:
        """What must be true of the tables at any time."""
        holds.record_tells_every_state()
        holds.every_change_has_its_event()
        holds.what_waits_is_there()
        holds.plans_are_what_their_rows_are()
        holds.clocks_start_with_the_third_signature()
        holds.what_is_decided_was_agreed_by_all()


def told(refusal: Exception) -> str:
    """The code of a refusal that says why, in words whose blanks are all filled, in both languages."""
    if isinstance(refusal, Refused | NotYours):
        objection = refusal.objection
        for language in ("zh-hans", "en"):
            with translation.override(language):
                sentence = translation.gettext(objection.message) % objection.values
            assert sentence.strip(), objection.code
            assert "%(" not in sentence, objection.code
        return objection.code
    if isinstance(refusal, Overtaken):
        assert refusal.by, "overtaken, and nobody knows by whom"
        assert refusal.step
        return "overtaken"
    assert str(refusal)
    return type(refusal).__name__.lower()


def _place(row: Any) -> Place:
    return Place(row.unit_lo, row.inspection_id, row.stage, row.side, row.secrecy)


def _foretold(page: FindingPage | None, code: str, wrong: str | None, seen: str) -> str:
    """What the page says will come of it; two endings where only the step itself can tell."""
    if page is None:
        return "unknown"
    if seen == "old":
        return "overtaken"
    if code not in {choice.code for choice in page.permitted}:
        return "refused"
    looked_at = {LOOKS_AT[need] for need in STEPS[code].needs if need in LOOKS_AT}
    # Whoever claims to keep it up for long need not meet the criteria; files of earlier days may be enough.
    if wrong in ("criteria", "evidence") and code == "request_closing":
        return "success refused"
    return "refused" if wrong in looked_at else "success"
