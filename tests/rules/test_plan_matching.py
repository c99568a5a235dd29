"""What may be taken over from a document: the empty alone, whatever was chosen and in whatever order."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.rules.plan_content import RowContent
from bihuan.rules.plan_matching import FIELDS, MEASURES, OPEN, TOO_LONG, parts_of_plan, progress_part, taken_over
from bihuan.rules.typed import MeasureInput

words = st.sampled_from(["", " ", "一", "二", "二 "])
rows = st.builds(
    RowContent, words, words, words, st.booleans(), st.lists(st.builds(MeasureInput, words), max_size=2).map(tuple)
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
chosen = st.sets(st.sampled_from([*FIELDS, MEASURES, "progress"]))


@unhurried
@given(rows, rows, chosen)
def test_what_a_person_wrote_is_never_changed(said: RowContent, now: RowContent, parts: set[str]) -> None:
    after = taken_over(said, now=now, parts=parts)
    for name in FIELDS:
        if getattr(now, name).strip() or name not in parts:
            assert getattr(after, name) == getattr(now, name)
    if any(measure.text.strip() for measure in now.measures) or MEASURES not in parts:
        assert after.measures == now.measures
    assert after.head_leads == now.head_leads


@unhurried
@given(rows, rows)
def test_what_is_open_is_filled_and_then_no_longer_open(said: RowContent, now: RowContent) -> None:
    every = {part.code for part in parts_of_plan(said, now=now) if part.standing == OPEN}
    after = taken_over(said, now=now, parts=every)
    assert all(getattr(after, name) == getattr(said, name) for name in every)
    left = {part.code for part in parts_of_plan(said, now=after) if part.standing == OPEN}
    assert not {name for name in left if str(getattr(said, name)).strip() and name != MEASURES}


def test_a_leader_that_would_be_cut_off_is_left_to_the_person() -> None:
    (part,) = parts_of_plan(RowContent(leader="李" * 61), now=RowContent())
    assert part.standing == TOO_LONG
    assert taken_over(RowContent(leader="李" * 61), now=RowContent(), parts={"leader"}) == RowContent()


def test_the_same_words_are_not_reported_twice() -> None:
    (part,) = progress_part(["已公示"], source="报告.docx", before=())
    assert (part.said, part.standing) == ("已公示\n（摘自“报告.docx”）", OPEN)
    (again,) = progress_part(["已公示"], source="报告.docx", before={part.said})
    assert again.standing != OPEN
    assert progress_part([], source="报告.docx", before=()) == ()
