"""A county whose posts take any step with any input, and what must hold after each: the machine of the lifecycle test.

The page of the finding foretells what comes of a step; the tables are compared before and after.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bihuan.actions import feedback, findings
from bihuan.actions.findings import StepTaken
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Assignment, ClosingRequest, Draft, Event, Finding, Grant, Measure, Plan, StateChange
from bihuan.queries.acting import acting
from bihuan.queries.findings.facts import current_plan
from bihuan.queries.findings.lists import FindingFilters, findings_for
from bihuan.queries.findings.page import FindingPage, finding_page
from bihuan.rules.access import Actor, Place, Sight, may_see
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.needs import EvidenceInput, MeasureInput, StepInput
from bihuan.rules.vocabulary import CLAIMS, ROLES
from tests.builders import TODAY, County, build_county
from tests.paths import TEXT, Path

STEPS = {step.code: step for step in FINDING.steps}
# Who takes a step that belongs to a relation; chains are those of the county's profile.
WHO = {
    "unit": ("unit_clerk", "unit_head"),
    "unit_head": ("unit_head",),
    "plan_reviewer": ("discipline_reviewer", "organization_reviewer"),
    "last_plan_reviewer": ("office_director",),
    "closing_signer": ("discipline_reviewer", "organization_reviewer"),
    "last_closing_signer": ("office_director",),
    "office": ("office_clerk", "office_director"),
    "team": ("team_member",),
    "team_lead": ("team_leader",),
    "discipline_reviewer": ("discipline_reviewer",),
    "organization_reviewer": ("organization_reviewer",),
}
# Who sees findings, and so has a chance to take a step that is not theirs.
AROUND = (
    *("secretary", "leading_group", "office_director", "office_clerk", "team_leader", "deputy_leader", "liaison"),
    *("team_member", "unit_head", "unit_leader", "unit_clerk", "discipline_reviewer", "organization_reviewer"),
)
WRONG = {
    "reason": "",
    "redo_by": TODAY - timedelta(days=1),
    "measures": (),
    "evidence": (),
    "claim": "perhaps",
    "remains": "",
    "remains_by": None,
    "stage_goals": "",
    "next_review_on": None,
    "ground": "",
}
KEPT = (
    "finding", "state_change", "event", "event_body", "event_place", "plan", "measure", "evidence", "upload",
    "closing_request", "verdict", "finding_request", "sight_grant", "feedback", "inspection", "draft",
)  # fmt: skip
SNAPSHOT = " union all ".join(
    f"select '{table}', count(*), md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t"
    for table in KEPT
)


def a_busy_county() -> tuple[Path, list[UUID]]:
    """Findings far along their way, one of them the head's own part, one not yet given: every step is near."""
    path = Path(build_county())
    path.upload()
    given = path.confirm_all()
    path.give()
    for finding, claim in zip(given, ("done", "long_term", "long_term"), strict=False):
        _to_the_last_signer(path, finding, claim)
    path.finding = given[0]
    path.take("office_director", "close")
    path.finding = given[1]
    later = TODAY + timedelta(days=90)
    path.take("office_director", "accept_long_term", stage_goals="每学期末抽查一次", next_review_on=later)
    path.finding = given[3]
    path.take("unit_head", "submit_plan", measures=path.measures())
    path.take("discipline_reviewer", "agree_plan")
    path.take("organization_reviewer", "agree_plan")
    heads = _one_more(path, "主要负责人", audience="head")
    path.give()
    _to_the_last_signer(path, heads, "done")
    return path, [*given, heads, _one_more(path, "领导班子", audience="leadership")]


def _to_the_last_signer(path: Path, finding: UUID, claim: str) -> None:
    path.finding = finding
    path.approve_plan()
    path.request_closing(claim)
    path.agree_closing()


def _one_more(path: Path, whose: str, *, audience: str) -> UUID:
    """A feedback of which one draft is confirmed and the others are dropped."""
    path.upload(audience=audience, content=TEXT.replace("党组", whose).encode())
    for draft in Draft.objects.filter(feedback_id=path.feedback).order_by("position")[1:]:
        path.do("liaison", feedback.drop_draft, draft=draft.pk, reason="重复")
    return path.confirm_all()[0]


def snapshot() -> list[tuple[str, int, str]]:
    """Every row of every table that a step may touch, as digests."""
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        return sorted(cursor.fetchall())


class FindingsMachine(RuleBasedStateMachine):
    """Random posts, random steps, sound and unsound input; each run in a transaction that is given up."""

    path: ClassVar[Path]
    findings: ClassVar[list[UUID]]
    taken: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.minutes = self.path.minutes
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self) -> None:
        """Back to the county as it was."""
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @property
    def county(self) -> County:
        return self.path.county

    @rule(data=st.data(), which=st.integers(0, 5), count=st.integers(1, 4))
    def proceed(self, data: st.DataObject, which: int, count: int) -> None:
        """Some sound steps of one finding, each by somebody who may take it."""
        for _ in range(count):
            self._step_on(data, which, None)

    @rule(data=st.data(), which=st.integers(0, 5), wrong=st.sampled_from(tuple(WRONG)))
    def stumble(self, data: st.DataObject, which: int, wrong: str) -> None:
        """A step by somebody who may take it, with one thing typed wrongly."""
        self._step_on(data, which, wrong)

    def _step_on(self, data: st.DataObject, which: int, wrong: str | None) -> None:
        finding = self.findings[which]
        leaving = [step for step in FINDING.steps_from(self._row(finding).state) if not step.consequence]
        if leaving:
            step = data.draw(st.sampled_from(leaving))
            role = data.draw(st.sampled_from([role for relation in step.who for role in WHO[relation]]))
            self._take(finding, step.code, role, wrong, data.draw(st.sampled_from(("none", "current"))))

    @rule(data=st.data(), which=st.integers(0, 5), role=st.sampled_from(AROUND))
    def meddle(self, data: st.DataObject, which: int, role: str) -> None:
        """A step that could be taken now, with sound input, by somebody who stands near."""
        finding = self.findings[which]
        leaving = FINDING.steps_from(self._row(finding).state)
        if leaving:
            self._take(finding, data.draw(st.sampled_from(leaving)).code, role, None, "current")

    @rule(
        which=st.integers(0, 5),
        step=st.sampled_from((*STEPS, "confirm", "nonsense")),
        role=st.sampled_from(tuple(ROLES)),
        wrong=st.sampled_from((None, *WRONG)),
        seen=st.sampled_from(("none", "current", "old")),
    )
    def wander(self, which: int, step: str, role: str, wrong: str | None, seen: str) -> None:
        """Any step, by anybody."""
        self._take(self.findings[which], step, role, wrong, seen)

    @rule(role=st.sampled_from(tuple(ROLES)))
    def look(self, role: str) -> None:
        """The rule, the list and the rows that this role gets name the same findings, and the counts add up."""
        actor = self.county.actor(role)
        sight = Sight(
            frozenset(Assignment.objects.filter(post_id=actor.post).values_list("inspection_id", flat=True)),
            frozenset(Grant.objects.filter(post_id=actor.post).values_list("thing", flat=True)),
        )
        expected = {
            row.pk
            for row in Finding.objects.all()
            if may_see(actor.scope, place=_place(row), thing=row.pk, sight=sight)
        }
        assert set(Finding.objects.visible_to(actor.scope).values_list("pk", flat=True)) == expected
        with acting(actor):
            assert set(Finding.objects.values_list("pk", flat=True)) == expected
            listed = findings_for(actor, filters=FindingFilters(), on=TODAY)
        assert {row.id for row in listed.rows} == expected
        assert sum(count.n for count in listed.counts) == listed.total == len(expected)

    def _take(self, finding: UUID, code: str, role: str, wrong: str | None, seen: str) -> None:
        actor, row, typed = self.county.actor(role), self._row(finding), self._typed(finding)
        if wrong:
            typed = replace(typed, **{wrong: WRONG[wrong]})
        with acting(actor):
            page = finding_page(finding, actor=actor, on=TODAY)
        foretold = _foretold(page, code, wrong, seen)
        before, known = snapshot(), set(Event.objects.values_list("pk", flat=True))
        revision = {"none": None, "current": row.revision, "old": row.revision - 1}[seen]
        self.minutes += 1
        end = self._end_of(finding, code, typed, actor, revision)
        if isinstance(end, StepTaken):
            assert foretold in ("success", "anything"), f"{code} was taken by {role}, foretold: {foretold}"
            self._check_events(known, end, code, actor, row)
        else:
            assert _kind_of(end) in (foretold, "refused" if foretold == "anything" else foretold), (code, role)
            assert snapshot() == before, f"a refused {code} left something behind"
            assert _reason_of(end), f"a refused {code} gave no reason"

    def _end_of(
        self, finding: UUID, code: str, typed: StepInput, actor: Actor, seen: int | None
    ) -> StepTaken | Exception:
        try:
            with acting(actor):
                return findings.take_step(
                    finding=finding, step=code, typed=typed, by=actor, at=self._now(), on=TODAY, seen=seen
                )
        except (Refused, NotYours, Unknown, Overtaken) as refusal:
            return refusal

    def _check_events(self, known: set[UUID], taken: StepTaken, code: str, actor: Actor, before: Finding) -> None:
        fresh = {event.pk: event for event in Event.objects.exclude(pk__in=known)}
        own = [event for event in fresh.values() if event.because_of is None]
        assert [(event.step, event.thing, event.thing_id) for event in own] == [(code, "finding", before.pk)]
        assert own[0].pk == taken.event
        assert all(event.because_of in fresh for event in fresh.values() if event.because_of)
        assert {(event.account_id, event.post_id) for event in fresh.values()} == {(actor.account, actor.post)}
        changes = StateChange.objects.filter(event_id__in=fresh)
        assert changes.count() == (0 if self._row(before.pk).state == before.state else 1)
        self.taken[code] = self.taken.get(code, 0) + 1

    def _row(self, finding: UUID) -> Finding:
        return Finding.objects.get(pk=finding)

    def _now(self) -> Any:
        return self.county.at + timedelta(minutes=self.minutes)

    def _typed(self, finding: UUID) -> StepInput:
        """Whatever any step may ask for, all of it sound."""
        row = self._row(finding)
        plan = current_plan(row)
        measures = Measure.objects.filter(plan=plan).order_by("position") if plan else []
        later = TODAY + timedelta(days=20)
        return StepInput(
            reason="照片看不出日期，请补交原件再报。",
            redo_by=later,
            measures=(MeasureInput("逐校核对收费公示", row.unit_id, "分管副局长", later, "公示照片"),),
            evidence=tuple(EvidenceInput(one.pk, "佐证.txt", b"seen", "已公示", TODAY) for one in measures),
            claim=sorted(CLAIMS)[self.minutes % 2],
            remains="还有一所学校未公示",
            remains_by=later,
            stage_goals="每学期末抽查一次",
            next_review_on=later,
            ground="still_there",
        )

    @invariant()
    def every_finding_is_in_one_state_and_its_story_is_whole(self) -> None:
        rows = list(Finding.objects.all())
        assert sorted(row.pk for row in rows) == sorted(self.findings)
        changes: dict[UUID, list[StateChange]] = {}
        for change in StateChange.objects.select_related("event").order_by("at", "id"):
            changes.setdefault(change.finding_id, []).append(change)
        for row in rows:
            _check_story(row, changes[row.pk])

    @invariant()
    def what_waits_for_verdicts_is_there(self) -> None:
        open_requests = sorted(ClosingRequest.objects.filter(state="open").values_list("finding_id", flat=True))
        assert open_requests == sorted(Finding.objects.filter(state="pending_review").values_list("pk", flat=True))
        submitted = sorted(Plan.objects.filter(state="submitted").values_list("finding_id", flat=True))
        assert submitted == sorted(Finding.objects.filter(state="plan_submitted").values_list("pk", flat=True))


def _check_story(row: Finding, story: list[StateChange]) -> None:
    """Each change begins where the one before ended, is a step of the table, and the last one is the state."""
    assert (story[0].state_from, story[0].state_to) == ("", "drafted")
    for before, after in pairwise(story):
        step = STEPS[after.event.step]
        assert after.state_from == before.state_to
        assert after.state_from in step.sources
        assert after.state_to == step.target
    assert story[-1].state_to == row.state


def _place(row: Finding) -> Place:
    return Place(row.unit_lo, row.inspection_id, row.stage, row.side, row.secrecy)


def _foretold(page: FindingPage | None, code: str, wrong: str | None, seen: str) -> str:
    """What the page says will come of it."""
    if page is None:
        return "unknown"
    if seen == "old":
        return "overtaken"
    if code not in {choice.code for choice in page.permitted}:
        return "refused"
    return "anything" if wrong else "success"


def _kind_of(refusal: Exception) -> str:
    return {Unknown: "unknown", Overtaken: "overtaken"}.get(type(refusal), "refused")


def _reason_of(refusal: Exception) -> str:
    if isinstance(refusal, Refused | NotYours):
        return refusal.objection.message
    return refusal.by if isinstance(refusal, Overtaken) else str(refusal)
