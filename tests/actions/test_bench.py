"""The last deed taken back as a new act; one category for many drafts; what the record keeps of both."""

from decimal import Decimal

import pytest

from bihuan.actions import bench, drafts, feedback, findings
from bihuan.actions.refusals import NotYours, Overtaken, Refused
from bihuan.models import Draft, Event, EventBody, Finding, FindingUnit
from bihuan.rules.typed import Description, StepInput
from tests.actions.machine_invariants import every_change_has_its_event, record_tells_every_state
from tests.builders import TODAY, build_county
from tests.paths import DESCRIPTION, Path

pytestmark = pytest.mark.django_db


def uploaded() -> Path:
    path = Path(build_county())
    path.upload()
    return path


def read_of(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def undo(path: Path, role: str = "liaison") -> bench.Undone:
    return path.do(role, bench.undo_last, feedback=path.feedback)


def refusal(path: Path, deed, role: str = "liaison", **given) -> str:
    with pytest.raises(Refused) as caught:
        path.do(role, deed, **given)
    return caught.value.objection.code


def on(path: Path) -> dict:
    return {"feedback": path.feedback}


def columns(draft: Draft) -> tuple:
    draft.refresh_from_db()
    return (
        draft.state, draft.text, draft.category, draft.amount, draft.lead_unit_id, draft.helping_units,
        draft.span_start, draft.span_end, draft.more_spans, draft.doubts,
    )  # fmt: skip


def record_holds() -> None:
    record_tells_every_state()
    every_change_has_its_event()


def test_a_confirmation_taken_back_and_made_again_keeps_its_number_and_every_act_is_on_the_record():
    path = uploaded()
    first, second = read_of(path)[:2]
    water, school = path.county.organizations["water"], path.county.organizations["school"]
    given = Description(category="A302", amount=Decimal("12.50"), lead_unit=school, helping_units=(water,))
    was = columns(first)
    made = path.do("liaison", drafts.confirm_draft, draft=first.pk, text="改过的。", description=given)
    assert undo(path) == bench.Undone("confirm", (first.pk,))
    assert columns(first) == was
    finding = Finding.objects.get(pk=made)
    assert (finding.state, finding.lead_unit_id) == ("withdrawn", None)
    assert not FindingUnit.objects.helping().filter(finding=finding).exists()
    other = path.do("liaison", drafts.confirm_draft, draft=second.pk, description=DESCRIPTION)
    again = path.do("liaison", drafts.confirm_draft, draft=first.pk, text="再改过的。", description=given)
    finding.refresh_from_db()
    assert again == made
    assert (finding.state, finding.text, finding.lead_unit_id) == ("drafted", "再改过的。", school)
    assert finding.number < Finding.objects.get(pk=other).number
    assert list(FindingUnit.objects.helping().filter(finding=finding).values_list("helper_id", flat=True)) == [water]
    told = Event.objects.filter(thing_id=first.pk).order_by("at").values_list("step", "state_to")
    assert list(told) == [
        ("read", "proposed"), ("confirm", "confirmed"), ("undo", "proposed"), ("confirm", "confirmed"),
    ]  # fmt: skip
    undone = Event.objects.get(thing_id=first.pk, step="undo")
    assert Event.objects.get(pk=undone.because_of).step == "confirm"
    assert undone.actor == Event.objects.filter(thing_id=first.pk, step="confirm")[0].actor
    record_holds()


def test_deeds_go_back_one_by_one_from_the_last_and_nothing_is_left_to_take_back():
    path = uploaded()
    first, second, third, _fourth = read_of(path)
    before = [columns(row) for row in (first, second, third)]
    path.do("liaison", drafts.correct_draft, draft=first.pk, text="课后服务收费没有公示。", description=DESCRIPTION)
    path.do("liaison", drafts.split_draft, draft=second.pk, texts=["校外培训机构治理不彻底。", "3 家机构无证办学。"])
    path.do("liaison", drafts.join_draft, draft=first.pk, other=third.pk)
    path.do("liaison", drafts.drop_draft, draft=second.pk, reason="重复")
    assert [undo(path).step for _ in range(4)] == ["drop", "join", "split", "correct"]
    assert [columns(row) for row in (first, second, third)] == before
    parts = Draft.objects.filter(feedback_id=path.feedback, state="dropped")
    assert [row.text for row in parts] == ["3 家机构无证办学。"]
    assert EventBody.objects.get(event__thing_id=parts[0].pk, event__step="drop").reason == "撤销拆分"
    assert refusal(path, bench.undo_last, feedback=path.feedback) == "nothing_to_undo"
    record_holds()


def test_what_was_done_in_one_act_goes_back_in_one():
    path = uploaded()
    rows = read_of(path)
    chosen = [(row.pk, row.revision) for row in rows]
    path.do("liaison", bench.categorize_drafts, **on(path), drafts=chosen, category="A302")
    path.do("liaison", drafts.confirm_drafts, drafts=[(row.pk, row.revision + 1) for row in rows])
    assert Finding.objects.filter(state="drafted").count() == len(rows)
    assert set(undo(path).drafts) == {row.pk for row in rows}
    assert {row.state for row in read_of(path)} == {"proposed"}
    assert {row.category for row in read_of(path)} == {"A302"}
    assert not Finding.objects.exclude(state="withdrawn").exists()
    assert undo(path).step == "correct"
    assert {row.category for row in read_of(path)} == {""}
    record_holds()


def test_nobody_takes_back_what_another_did_or_went_on_with():
    path = uploaded()
    first, second = read_of(path)[:2]
    path.do("team_leader", drafts.correct_draft, draft=first.pk, text="组长改的。")
    assert refusal(path, bench.undo_last, feedback=path.feedback) == "nothing_to_undo"
    path.do("liaison", drafts.correct_draft, draft=second.pk, text="联络员改的。")
    path.do("team_leader", drafts.correct_draft, draft=second.pk, text="组长又改的。")
    assert refusal(path, bench.undo_last, feedback=path.feedback) == "gone_on"
    assert columns(second)[1] == "组长又改的。"
    for role in ("secretary", "team_member"):
        with pytest.raises(NotYours):
            undo(path, role)


def test_a_finding_that_went_on_is_not_taken_back_nor_anything_after_the_approval():
    path = uploaded()
    path.confirm_all()
    made = Finding.objects.order_by("-number")[0]
    path.finding = made.pk
    typed = StepInput(description=Description(category="A303"))
    path.do("liaison", findings.take_step, finding=made.pk, step="describe", typed=typed, on=TODAY)
    assert refusal(path, bench.undo_last, feedback=path.feedback) == "finding_went_on"
    path.leave()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    assert refusal(path, bench.undo_last, feedback=path.feedback) == "feedback_approved"


def test_one_category_goes_to_all_that_are_chosen_or_to_none_and_confirms_nothing():
    path = uploaded()
    first, second, third, fourth = read_of(path)
    given = Description(category="B303", severity="key", amount=Decimal("8.00"), fix_now=True)
    path.do("liaison", drafts.correct_draft, draft=first.pk, description=given)
    chosen = [(first.pk, 2), (second.pk, 1), (third.pk, None)]
    path.do("liaison", bench.categorize_drafts, **on(path), drafts=chosen, category="A302")
    assert [row.category for row in read_of(path)] == ["A302", "A302", "A302", ""]
    first.refresh_from_db()
    assert (first.severity, first.amount, first.fix_now) == ("key", Decimal("8.00"), True)
    assert not Finding.objects.exists()
    with pytest.raises(Overtaken):
        path.do("liaison", bench.categorize_drafts, **on(path), drafts=[(fourth.pk, 1), (first.pk, 1)], category="A303")
    assert read_of(path)[3].category == "", "all or none"
    assert refusal(path, bench.categorize_drafts, **on(path), drafts=[], category="A302") == "drafts_missing"
    assert refusal(path, bench.categorize_drafts, **on(path), drafts=[(fourth.pk, 1)], category="") == "category_wanted"
    assert (
        refusal(path, bench.categorize_drafts, **on(path), drafts=[(fourth.pk, 1)], category="A3") == "category_unknown"
    )
    record_holds()
