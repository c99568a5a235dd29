"""Drafts: corrected, split, joined, dropped and confirmed; refusals, and what the record and the finding keep."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions import drafts, feedback
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown
from bihuan.models import Draft, Event, EventBody, Feedback, Finding, FindingUnit, Grant, Upload
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.rules.identifiers import new_id
from bihuan.rules.typed import Description
from tests.builders import NOW, TODAY, build_county
from tests.paths import DESCRIPTION, Path

pytestmark = pytest.mark.django_db


def uploaded(*, unit: str = "education", audience: str = "leadership") -> Path:
    path = Path(build_county(unit=unit))
    path.upload(audience=audience)
    return path


def read_of(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def source_of(row) -> str:
    text = Upload.objects.get(pk=row.upload_id).text
    return "|".join(text[start:end] for start, end in [(row.span_start, row.span_end), *row.more_spans])


def refusal(path: Path, deed, role: str = "liaison", **given) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        path.do(role, deed, **given)
    return caught.value.objection.code, caught.value.objection.where


def record_of(row_id) -> list[tuple[str, str]]:
    found = Event.objects.filter(thing_id=row_id).order_by("at", "id")
    return [(event.step, event.state_to) for event in found]


def test_what_a_person_corrects_stays_on_the_draft_and_goes_over_to_the_finding():
    path = uploaded()
    first = read_of(path)[0]
    water = path.county.organizations["water"]
    school = path.county.organizations["school"]
    given = Description(
        category="A302", severity="key", commonality="common", amount=Decimal("865000.00"), fix_now=True, listed=True,
        lead_unit=school, helping_units=(water, water),
    )  # fmt: skip
    path.do(
        "liaison", drafts.correct_draft, draft=first.pk, text=" 课后服务收费没有公示。😀 ", description=given, seen=1
    )
    draft = Draft.objects.get(pk=first.pk)
    assert (draft.state, draft.revision, draft.text) == ("proposed", 2, "课后服务收费没有公示。😀")
    assert (draft.category, draft.taxonomy_version, draft.helping_units) == ("A302", "1", [water])
    made = path.do("team_leader", drafts.confirm_draft, draft=first.pk, seen=2)
    finding = Finding.objects.get(pk=made)
    assert (finding.text, finding.category, finding.severity) == ("课后服务收费没有公示。😀", "A302", "key")
    assert (finding.commonality, finding.amount, finding.lead_unit_id) == ("common", Decimal("865000.00"), school)
    assert (finding.fix_now, finding.listed, finding.key) == (True, True, False)
    assert (finding.span_start, finding.taxonomy_version) == (first.span_start, "1")
    assert list(FindingUnit.objects.filter(finding=finding).values_list("helper_id", flat=True)) == [water]
    assert record_of(first.pk) == [("read", "proposed"), ("correct", "proposed"), ("confirm", "confirmed")]
    body = EventBody.objects.get(event__thing_id=first.pk, event__step="correct")
    assert body.before["text"] == first.text
    assert body.after["lead_unit"] == "云溪一中"
    assert body.after["helping_units"] == "县水利局"


def test_a_correction_of_nothing_leaves_no_trace():
    path = uploaded()
    first = read_of(path)[0]
    path.do("liaison", drafts.correct_draft, draft=first.pk, text=first.text, description=Description())
    assert record_of(first.pk) == [("read", "proposed")]


@pytest.mark.parametrize(
    ("given", "code", "where"),
    [
        (Description(category="A3"), "category_unknown", "category"),
        (Description(severity="terrible"), "severity_unknown", "severity"),
        (Description(commonality="rare"), "commonality_unknown", "commonality"),
        (Description(amount=Decimal("-1")), "amount_wrong", "amount"),
        (Description(amount=Decimal("1e17")), "amount_wrong", "amount"),
        (Description(lead_unit=new_id(NOW)), "lead_unit_elsewhere", "lead_unit"),
        (Description(helping_units=(new_id(NOW),)), "helping_unit_unknown", "helping_units"),
    ],
)
def test_a_description_that_is_wrong_is_refused_at_its_field(given, code, where):
    path = uploaded()
    first = read_of(path)[0].pk
    for deed in (drafts.correct_draft, drafts.confirm_draft):
        assert refusal(path, deed, draft=first, description=given) == (code, where)
    assert record_of(first) == [("read", "proposed")]


def test_only_the_inspected_unit_or_one_below_it_leads():
    path = uploaded(unit="east")
    of = path.county.organizations
    first, second = read_of(path)[:2]
    for elsewhere in ("west_1", "committee", "finance"):
        lead = Description(lead_unit=of[elsewhere])
        assert refusal(path, drafts.correct_draft, draft=first.pk, description=lead)[0] == "lead_unit_elsewhere"
    village = Description(category="A302", lead_unit=of["east_1"])
    made = path.do("liaison", drafts.confirm_draft, draft=first.pk, description=village)
    itself = Description(category="A302", lead_unit=of["east"])
    other = path.do("liaison", drafts.confirm_draft, draft=second.pk, description=itself)
    assert Finding.objects.get(pk=made).lead_unit_id == of["east_1"]
    assert Finding.objects.get(pk=other).lead_unit_id is None


def test_who_leads_and_who_helps_sees_the_finding_once_it_is_given_and_not_before():
    path = Path(build_county(unit="east"))
    village = path.county.actor("unit_head", organization="east_1")
    other = path.county.actor("unit_head", organization="west_1")
    helper = path.county.actor("unit_clerk", organization="water")
    path.county.actor("unit_head", organization="east")
    path.upload()
    given = Description(category="A302", lead_unit=village.organization, helping_units=(helper.organization,))
    first, *rest = read_of(path)
    path.finding = path.do("liaison", drafts.confirm_draft, draft=first.pk, description=given)
    for row in rest:
        path.do("liaison", drafts.drop_draft, draft=row.pk, reason="另行处理")

    def sees(actor) -> bool:
        with acting(actor):
            return finding_page(path.finding, actor=actor, on=TODAY) is not None

    assert Grant.objects.filter(thing=path.finding).count() == 2
    assert not any(map(sees, (village, helper, other)))
    path.leave()
    path.do("secretary", feedback.approve, feedback=path.feedback)
    path.do("office_clerk", feedback.give, feedback=path.feedback)
    for actor in (path.county.actor("unit_head", organization="east"), *map(path.county.actor, ("team_leader",))):
        with acting(actor):
            feedback.sign(feedback=path.feedback, signed_on=TODAY, by=actor, at=path.at(), on=TODAY)
    assert not any(map(sees, (village, helper, other)))
    path.do("office_director", feedback.sign, feedback=path.feedback, signed_on=TODAY, on=TODAY)
    assert (sees(village), sees(helper), sees(other)) == (True, True, False)


def test_the_heads_own_part_has_no_units_that_help_or_lead():
    path = uploaded(audience="head")
    first = read_of(path)[0].pk
    of = path.county.organizations
    for given in (Description(helping_units=(of["water"],)), Description(lead_unit=of["school"])):
        assert refusal(path, drafts.correct_draft, draft=first, description=given)[0] == "heads_part_alone"


def test_a_split_draft_gives_each_part_its_own_source_and_moves_the_others_up():
    path = uploaded()
    before = read_of(path)
    row = before[3]
    path.do("liaison", drafts.correct_draft, draft=before[2].pk, description=DESCRIPTION)
    path.do("liaison", drafts.correct_draft, draft=row.pk, description=Description("B401", amount=Decimal("865000")))
    cut = row.text.index("，", 3) + 1
    typed = [row.text[:cut], row.text[cut:], "另有一件没有写在文件里。"]
    made = path.do("liaison", drafts.split_draft, draft=row.pk, texts=typed[:2], seen=2)
    after = read_of(path)
    assert [draft.position for draft in after] == [1, 2, 3, 4, 5]
    assert (after[3].pk, after[4].pk) == made
    assert [after[3].text, after[4].text] == typed[:2]
    assert source_of(after[3]) + source_of(after[4]) == source_of(row)
    assert (after[3].amount, after[4].amount) == (Decimal("865000"), None)
    assert (after[4].category, after[4].level, after[4].heading) == ("B401", row.level, row.heading)
    assert record_of(made[1]) == [("part", "proposed")]
    assert record_of(row.pk)[-1] == ("split", "proposed")
    first = before[0]
    path.do("liaison", drafts.split_draft, draft=first.pk, texts=[first.text, typed[2]])
    again = read_of(path)
    assert [draft.text for draft in again][:3] == [first.text, typed[2], before[1].text]
    assert [draft.position for draft in again] == list(range(1, 7))
    assert source_of(again[1]) == source_of(first)


@pytest.mark.parametrize(
    ("texts", "code"),
    [([], "parts_wrong"), (["一"], "parts_wrong"), (["一", " "], "text_missing"), (["一"] * 51, "parts_wrong")],
)
def test_a_split_into_nothing_is_refused(texts, code):
    path = uploaded()
    row = read_of(path)[0]
    assert refusal(path, drafts.split_draft, draft=row.pk, texts=texts) == (code, "texts")
    assert [draft.position for draft in read_of(path)] == [1, 2, 3, 4]


def test_two_drafts_joined_are_one_with_both_sources():
    path = uploaded()
    first, second, third, fourth = read_of(path)
    path.do("liaison", drafts.join_draft, draft=first.pk, seen=1)
    joined, gone = Draft.objects.get(pk=first.pk), Draft.objects.get(pk=second.pk)
    assert joined.text == f"{first.text}\n{second.text}"
    assert source_of(joined) == f"{source_of(first)}|{source_of(second)}"
    assert gone.state == "dropped"
    assert EventBody.objects.get(event__thing_id=second.pk, event__step="drop").reason == "并入第 1 条"
    path.do("liaison", drafts.join_draft, draft=fourth.pk, other=first.pk, seen=1, seen_other=2)
    last = Draft.objects.get(pk=fourth.pk)
    assert source_of(last) == "|".join(map(source_of, (first, second, fourth)))
    made = path.do("liaison", drafts.confirm_draft, draft=fourth.pk)
    assert Finding.objects.get(pk=made).more_spans == last.more_spans
    assert refusal(path, drafts.join_draft, draft=third.pk) == ("nothing_to_join", "other")


def test_what_was_typed_by_hand_joins_what_was_read_and_takes_its_source():
    path = uploaded()
    first = read_of(path)[0]
    typed = path.do("liaison", drafts.add_draft_by_hand, feedback=path.feedback, text="食堂账目不公开。")
    path.do("liaison", drafts.join_draft, draft=typed, other=first.pk)
    joined = Draft.objects.get(pk=typed)
    assert (joined.typed_by_hand, source_of(joined)) == (False, source_of(first))
    path.do("liaison", drafts.add_draft_by_hand, feedback=path.feedback, text="甲。乙。")
    last = read_of(path)[-1]
    made = path.do("liaison", drafts.split_draft, draft=last.pk, texts=["甲。", "乙。"])
    assert [Draft.objects.get(pk=pk).typed_by_hand for pk in made] == [True, True]


def test_a_draft_joins_neither_itself_nor_one_of_another_feedback_nor_one_that_is_done():
    path = uploaded()
    first, second, third = read_of(path)[:3]
    path.do("liaison", drafts.confirm_draft, draft=second.pk)
    here = path.feedback
    path.upload(content="关于另一件事的反馈意见\n\n一、问题\n1.另一件事没有办。\n".encode())
    other = read_of(path)[0]
    path.feedback = here
    for joined in (first.pk, other.pk):
        assert refusal(path, drafts.join_draft, draft=third.pk, other=joined if joined != first.pk else third.pk)[
            0
        ] == ("join_elsewhere")
    assert refusal(path, drafts.join_draft, draft=third.pk, other=second.pk)[0] == "wrong_state"
    with pytest.raises(Unknown):
        path.do("liaison", drafts.join_draft, draft=third.pk, other=new_id(NOW))


def test_a_drop_needs_a_reason_and_keeps_it():
    path = uploaded()
    first = read_of(path)[0].pk
    assert refusal(path, drafts.drop_draft, draft=first, reason=" ") == ("reason_missing", "reason")
    path.do("liaison", drafts.drop_draft, draft=first, reason=" 与上轮重复 ")
    assert EventBody.objects.get(event__thing_id=first, event__step="drop").reason == "与上轮重复"


DEEDS = {
    "correct": lambda row: (drafts.correct_draft, {"draft": row, "text": "改"}),
    "split": lambda row: (drafts.split_draft, {"draft": row, "texts": ["一", "二"]}),
    "join": lambda row: (drafts.join_draft, {"draft": row}),
    "drop": lambda row: (drafts.drop_draft, {"draft": row, "reason": "重复"}),
    "confirm": lambda row: (drafts.confirm_draft, {"draft": row}),
}


@pytest.mark.parametrize("name", DEEDS)
def test_every_act_says_who_was_faster_and_is_refused_to_others_and_afterwards(name):
    path = uploaded()
    first, second = read_of(path)[:2]
    deed, given = DEEDS[name](first.pk)
    path.do("liaison", drafts.correct_draft, draft=first.pk, text="甲已改过。")
    with pytest.raises(Overtaken) as late:
        path.do("office_clerk", deed, **given, seen=1)
    assert (late.value.step, "巡察组联络员" in late.value.by) == ("correct", True)
    for role in ("secretary", "team_member", "discipline_reviewer"):
        with pytest.raises(NotYours):
            path.do(role, deed, **given)
    for role in ("unit_head", "audit_officer"):
        with pytest.raises(Unknown):
            path.do(role, deed, **given)
    path.do("liaison", drafts.confirm_draft, draft=first.pk, seen=2)
    assert refusal(path, deed, **given)[0] == "wrong_state"
    with pytest.raises(Overtaken):
        path.do("liaison", deed, **given, seen=2)
    after, more = DEEDS[name](second.pk)
    Feedback.objects.filter(pk=path.feedback).update(state="approved")
    assert refusal(path, after, **more)[0] == "feedback_approved"


def test_a_text_of_a_hundred_thousand_letters_is_refused_with_its_length():
    path = uploaded()
    first = read_of(path)[0].pk
    assert refusal(path, drafts.correct_draft, draft=first, text="长" * 100_000) == ("text_too_long", "text")
    assert refusal(path, drafts.split_draft, draft=first, texts=["一", "长" * 100_000]) == ("text_too_long", "texts")
    path.do("liaison", drafts.correct_draft, draft=first, text="长" * 20_000)


def test_a_feedback_is_approved_only_when_every_finding_has_a_category():
    path = uploaded()
    first, second, third, fourth = (row.pk for row in read_of(path))
    bare = [path.do("liaison", drafts.confirm_draft, draft=row) for row in (first, second)]
    path.do("liaison", drafts.confirm_draft, draft=third, description=DESCRIPTION)
    path.do("liaison", drafts.drop_draft, draft=fourth, reason="重复")
    with pytest.raises(Refused) as caught:
        path.do("secretary", feedback.approve, feedback=path.feedback)
    objection = caught.value.objection
    assert (objection.code, objection.values) == ("categories_missing", {"count": 2})
    for path.finding in bare:
        path.take("liaison", "describe", description=DESCRIPTION)
    path.do("secretary", feedback.approve, feedback=path.feedback)


def test_confirming_holds_the_inspection_against_change_and_not_against_being_named():
    path = uploaded()
    with CaptureQueriesContext(connection) as asked:
        path.do("liaison", drafts.confirm_draft, draft=read_of(path)[0].pk, description=DESCRIPTION)
    ends = {query["sql"].rpartition(" FOR ")[2] for query in asked if 'FROM "inspection"' in query["sql"]}
    assert "NO KEY UPDATE" in ends
    assert "UPDATE" not in ends
