"""The machine of the whole chain: beside steps of findings, drafts, feedback, plans as a whole, and private notes.

Whether an act must succeed is told here from the rows, apart from the product's own checks.
"""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bihuan.actions import bench, drafts, feedback, findings, plans
from bihuan.models import Draft, Event, Feedback, Finding, Note, Plan, PlanRow, Signature
from bihuan.queries.acting import acting
from bihuan.rules.access import Actor
from bihuan.rules.plan_content import RowContent
from bihuan.rules.typed import StepInput
from bihuan.rules.vocabulary import RECEIPT_ROLES
from tests.actions.findings_machine import REFUSALS, FindingsMachine
from tests.actions.machine_county import HELPER, SEATED
from tests.actions.machine_inputs import LATER, OPINION, content_for
from tests.builders import TODAY
from tests.paths import DESCRIPTION

ON_BENCH = ("liaison", "team_leader", "office_clerk", "office_director")
NEAR_BENCH = (*ON_BENCH, "team_member", "deputy_leader", "secretary", "unit_head", "unit_clerk")
DRAFT_ACTS = ("confirm", "correct", "split", "join", "drop", "type", "undo")
OF_THE_FEEDBACK = ("type", "undo")
GOES_BACK = ("confirm", "correct", "split", "join", "drop", "repair", "leave")
UNIT = ("unit_clerk", "unit_head", "unit_leader")
PLANNED = ("awaiting_plan", "plan_returned")
REVIEWERS = ("discipline_reviewer", "organization_reviewer", "office_director")
NO_NOTES = ("guest", "system_officer", "security_officer", "audit_officer")


def can_go_back(row: Feedback, actor: Actor) -> bool:
    """Whether the last deed of this person on the drafts stands, and nobody has gone on with anything it touched."""
    touched = Draft.objects.filter(feedback=row).values("pk")
    every = list(Event.objects.filter(thing_id__in=touched).order_by("at", "id"))
    undone = {event.because_of for event in every if event.step == "undo"}
    standing = [event for event in every if event.step != "undo" and event.pk not in undone]
    last = {event.thing_id: event.pk for event in standing}
    mine = [event for event in standing if event.step in GOES_BACK and event.account_id == actor.account]
    mine = [event for event in mine if event.because_of is None]
    deeds = {event.pk for event in mine if (event.at, event.step) == (mine[-1].at, mine[-1].step)}
    moved = [event for event in standing if event.pk in deeds or event.because_of in deeds]
    found = Finding.objects.filter(draft__in=[event.thing_id for event in moved if event.step == "confirm"])
    latest = [Event.objects.filter(thing_id=one.pk).order_by("at", "id").last() for one in found]
    went_on = [one for one in latest if one is None or one.because_of not in deeds]
    return bool(mine) and all(last[event.thing_id] == event.pk for event in moved) and not went_on


class ChainMachine(FindingsMachine):
    """Everything that people do between the document and the closing."""

    @rule(data=st.data(), act=st.sampled_from(DRAFT_ACTS), seen=st.sampled_from(("none", "current", "old")))
    def work_on_a_draft(self, data: st.DataObject, act: str, seen: str) -> None:
        """Somebody at, or near, the bench takes up a draft."""
        open_ones = Draft.objects.filter(state="proposed").order_by("feedback_id", "position")
        found = list(open_ones) if data.draw(st.integers(0, 4)) else list(Draft.objects.order_by("id"))
        if found:
            role = data.draw(st.sampled_from(ON_BENCH if data.draw(st.booleans()) else NEAR_BENCH))
            self.draft_act(data.draw(st.sampled_from(found)), act, role, seen)

    def draft_act(self, draft: Draft, act: str, role: str, seen: str = "none") -> Any:
        """One act on a draft; sound when the person may, it is open, and so is its feedback."""
        is_new = seen != "old" or act in OF_THE_FEEDBACK
        sound = role in ON_BENCH and is_new and draft.feedback.state == "draft"
        sound &= act in OF_THE_FEEDBACK or draft.state == "proposed"
        sound &= act != "undo" or can_go_back(draft.feedback, self.actor(role))
        after = Draft.objects.filter(feedback=draft.feedback, state="proposed", position__gt=draft.position)
        sound &= act != "join" or after.exists()
        revision = {"none": None, "current": draft.revision, "old": draft.revision - 1}[seen]
        actor = self.actor(role)
        end = self.attempt(f"draft {act}", actor, lambda at: self._on_draft(draft, act, actor, at, revision))
        self._must(end, sound, f"{act} by {role}, draft {draft.state}, feedback {draft.feedback.state}")
        return end

    def _on_draft(self, draft: Draft, act: str, by: Actor, at: Any, seen: int | None) -> Any:
        given = {"by": by, "at": at}
        turn = self.minutes
        if act == "type":
            return drafts.add_draft_by_hand(feedback=draft.feedback_id, text=f"第 {turn} 件没有做好", **given)
        if act == "undo":
            return bench.undo_last(feedback=draft.feedback_id, **given)
        if act == "confirm":
            return drafts.confirm_draft(draft=draft.pk, description=DESCRIPTION, seen=seen, **given)
        if act == "correct":
            return drafts.correct_draft(draft=draft.pk, text=f"{draft.text}（{turn}）", seen=seen, **given)
        if act == "split":
            half = len(draft.text) // 2 or 1
            return drafts.split_draft(
                draft=draft.pk, texts=[draft.text[:half], draft.text[half:] or "其余"], seen=seen, **given
            )
        if act == "join":
            return drafts.join_draft(draft=draft.pk, seen=seen, **given)
        return drafts.drop_draft(draft=draft.pk, reason="重复", seen=seen, **given)

    @rule(
        data=st.data(),
        act=st.sampled_from(("approve", "give", "sign")),
        role=st.sampled_from(("secretary", "leading_group", "office_clerk", *RECEIPT_ROLES, "unit_clerk", "liaison")),
    )
    def move_a_feedback(self, data: st.DataObject, act: str, role: str) -> None:
        """Somebody approves, gives or signs."""
        self.feedback_act(data.draw(st.sampled_from(self.busy.feedback)), act, role)

    def feedback_act(self, which: UUID, act: str, role: str) -> Any:
        """One act on a feedback; sound when it stands there and nothing is missing."""
        row, actor = Feedback.objects.get(pk=which), self.actor(role)
        found = Finding.objects.filter(feedback=row, state="drafted")
        ready = not Draft.objects.filter(feedback=row, state="proposed").exists() and found.exists()
        unsigned = not Signature.objects.filter(feedback=row, role=role).exists()
        sound = {
            "approve": row.state == "draft" and role in ("secretary", "leading_group") and ready,
            "give": row.state == "approved" and role in ("office_clerk", "office_director"),
            "sign": row.state == "given" and role in RECEIPT_ROLES and unsigned,
        }[act]
        deeds = {"approve": feedback.approve, "give": feedback.give}

        def deed(at: Any) -> Any:
            if act == "sign":
                return feedback.sign(feedback=which, signed_on=TODAY, by=actor, at=at, on=TODAY)
            return deeds[act](feedback=which, by=actor, at=at)

        end = self.attempt(f"feedback {act}", actor, deed)
        self._must(end, sound, f"{act} by {role}, feedback {row.state}")
        return end

    @rule(data=st.data(), seated=st.sampled_from((*UNIT, *UNIT, "office_clerk", f"unit_clerk@{HELPER}")))
    def write_a_row(self, data: st.DataObject, seated: str) -> None:
        """Somebody writes a row of the plan, whole or not."""
        rows = list(Finding.objects.filter(state__in=PLANNED).order_by("number"))
        if data.draw(st.integers(0, 3)) == 0:
            rows = list(Finding.objects.order_by("number"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            content = content_for(row) if data.draw(st.integers(0, 3)) else RowContent(causes=f"第 {self.minutes} 稿")
            self.fill(row, content, seated)

    def fill(self, row: Finding, content: RowContent, seated: str) -> Any:
        """A row of the unit's draft; the office sees nothing of it."""
        actor = self.actor(seated)
        seen = row.pk in Finding.objects.visible_to(actor.scope).values_list("pk", flat=True)
        sound = seated in UNIT and row.state in PLANNED and seen
        end = self.attempt(
            "fill_row", actor, lambda at: plans.fill_row(finding=row.pk, content=content, by=actor, at=at)
        )
        self._must(end, sound, f"fill_row by {seated}, {row.state}")
        if not isinstance(end, REFUSALS):
            for role in ("office_director", "discipline_reviewer", "team_leader", f"unit_clerk@{HELPER}"):
                with acting(self.actor(role)):
                    assert not PlanRow.objects.filter(pk=end.row).exists()
                    assert not Plan.objects.filter(pk=end.plan).exists()
        return end

    @rule(data=st.data(), role=st.sampled_from(("unit_head", "unit_head", "unit_clerk", "office_director")))
    def hand_in(self, data: st.DataObject, role: str) -> None:
        """Somebody hands a plan in: whole, or only some rows."""
        which = data.draw(st.sampled_from(self.busy.feedback))
        written = list(
            PlanRow.objects.filter(plan__feedback_id=which, state="draft").values_list("finding_id", flat=True)
        )
        some = data.draw(st.booleans()) and written
        self.submit(which, role, findings=sorted(written)[:1] if some else None)

    def submit(self, which: UUID, role: str, findings: list[UUID] | None = None) -> Any:
        """Hand in; all or nothing: each row that went is frozen, each finding on its way."""
        actor = self.actor(role)
        end = self.attempt(
            "submit whole plan" if findings is None else "submit rows", actor,
            lambda at: plans.submit_plan(feedback=which, by=actor, at=at, on=TODAY, findings=findings),
        )  # fmt: skip
        if not isinstance(end, REFUSALS):
            assert role == "unit_head"
            assert end.state == "submitted"
            assert not Finding.objects.filter(feedback_id=which, state__in=PLANNED).exists() or findings
            assert {step.state for step in end.steps} == {"plan_submitted"}
        return end

    @rule(
        data=st.data(), role=st.sampled_from((*REVIEWERS, *REVIEWERS, "unit_head", "leading_group")),
        agrees=st.integers(0, 3),
    )  # fmt: skip
    def review_a_version(self, data: st.DataObject, role: str, agrees: int) -> None:
        """A party decides on all the rows that are its to decide, or on one."""
        versions = list(Plan.objects.exclude(state="draft").order_by("feedback_id", "version"))
        plan = data.draw(st.sampled_from(versions))
        rows = sorted(PlanRow.objects.filter(plan=plan, state="submitted").values_list("finding_id", flat=True))
        some = data.draw(st.booleans()) and rows
        self.review(plan, role, bool(agrees), findings=rows[:1] if some else None)

    def review(self, plan: Plan, role: str, agrees: bool, findings: list[UUID] | None = None) -> Any:
        """One verdict on many rows."""
        actor = self.actor(role)
        typed = StepInput() if agrees else StepInput(reason=OPINION, redo_by=LATER, faults=("tasks_missing",))
        name = f"{'agree to' if agrees else 'return'} {'rows' if findings else 'a whole plan'}"
        end = self.attempt(
            name, actor,
            lambda at: plans.review_plan(
                plan=plan.pk, agrees=agrees, typed=typed, by=actor, at=at, on=TODAY, findings=findings
            ),
        )  # fmt: skip
        if not isinstance(end, REFUSALS):
            assert role in REVIEWERS
            assert end.steps
        return end

    @rule(data=st.data(), role=st.sampled_from((*SEATED, *NO_NOTES)), words=st.sampled_from(("请留意", " ")))
    def note(self, data: st.DataObject, role: str, words: str) -> None:
        """Somebody leaves a remark; the other side must not know."""
        self.leave_note(data.draw(st.sampled_from(list(Finding.objects.order_by("number")))), role, words)

    def leave_note(self, row: Finding, role: str, words: str) -> Any:
        """Sound when the finding is theirs to see and something is said."""
        actor = self.actor(role)
        sees = Finding.objects.visible_to(actor.scope).filter(pk=row.pk).exists()
        end = self.attempt("note", actor, lambda at: findings.write_note(finding=row.pk, text=words, by=actor, at=at))
        self._must(end, bool(sees and words.strip() and role not in NO_NOTES), f"note by {role}")
        if isinstance(end, UUID):
            other = "unit_head" if actor.scope.side == "office" else "office_director"
            with acting(self.actor(other)):
                assert not Note.objects.filter(pk=end).exists()
        return end

    def _must(self, end: Any, sound: bool, said: str) -> None:
        assert isinstance(end, REFUSALS) != sound, f"{said}: {'sound' if sound else 'unsound'}, came {end!r}"
