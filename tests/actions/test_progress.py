"""Carrying out: who reports progress and hands in evidence, private notes of either side, marks, files kept once."""

import hashlib
from datetime import date, timedelta

import pytest

from bihuan.actions import drafts, findings, progress
from bihuan.actions.progress import Entry
from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.models import (
    ClosingRequest,
    Draft,
    Event,
    EventBody,
    Evidence,
    FileContent,
    Finding,
    Note,
    Progress,
    Upload,
)
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.typed import Description, EvidenceInput
from tests.builders import TODAY, an_account, build_county
from tests.paths import DESCRIPTION, POINTS, Path, a_finding, to_in_progress

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HELPERS = ("finance", "school")


@pytest.fixture
def helped() -> Path:
    """In progress: the finance bureau helps, the school leads in the bureau's place, the water bureau has no part."""
    county = build_county()
    for seat in (*HELPERS, "water"):
        county.actor("unit_clerk", organization=seat)
        county.actor("unit_head", organization=seat)
    path = Path(county)
    path.upload()
    first = Draft.objects.filter(feedback_id=path.feedback).order_by("position")[0]
    of = county.organizations
    described = Description(category="A302", lead_unit=of["school"], helping_units=(of["finance"],))
    path.finding = path.do("liaison", drafts.confirm_draft, draft=first.pk, description=described)
    for other in Draft.objects.filter(feedback_id=path.feedback, state="proposed"):
        path.do("liaison", drafts.confirm_draft, draft=other.pk, description=DESCRIPTION)
    path.give()
    path.approve_plan()
    return path


def as_of(path: Path, role: str, seat: str, step: str, **typed):
    """Take a step as that role of that organization."""
    from bihuan.rules.typed import StepInput

    actor = path.county.actor(role, organization=seat)
    with acting(actor):
        return findings.take_step(
            finding=path.finding, step=step, typed=StepInput(**typed), by=actor, at=path.at(), on=TODAY
        )


def page_of(path: Path, role: str, seat: str | None = None):
    actor = path.county.actor(role, organization=seat)
    with acting(actor):
        return finding_page(path.finding, actor=actor, on=TODAY)


def refused(path: Path, role: str, step: str, **typed) -> str:
    with pytest.raises(Refused) as caught:
        path.take(role, step, **typed)
    return caught.value.objection.code


@pytest.mark.parametrize("seat", HELPERS)
def test_who_helps_and_who_leads_report_progress_and_hand_in_evidence_and_nothing_else(helped, seat):
    as_of(helped, "unit_clerk", seat, "report_progress", progress="已核对 3 所学校")
    as_of(helped, "unit_clerk", seat, "add_evidence", evidence=helped.evidence()[:1])
    entry = Progress.objects.get(finding_id=helped.finding)
    assert (entry.text, entry.done_on) == ("已核对 3 所学校", TODAY)
    assert entry.account_id == helped.county.actor("unit_clerk", organization=seat).account
    for role in ("unit_clerk", "unit_head"):
        page = page_of(helped, role, seat)
        assert {step.code for step in page.permitted} == {"report_progress", "add_evidence"}
        assert all(step.objection.code == "not_yours" for step in page.refused)
    with pytest.raises(NotYours):
        as_of(helped, "unit_head", seat, "request_closing", claim="done")


def test_a_unit_without_a_part_in_it_and_a_guest_learn_nothing_or_do_nothing(helped):
    with pytest.raises(Unknown):
        as_of(helped, "unit_clerk", "water", "report_progress", progress="与我无关")
    assert page_of(helped, "unit_clerk", "water") is None
    for role in ("guest", "functional_clerk"):
        with pytest.raises(Unknown):
            helped.take(role, "report_progress", progress="路过")


def test_a_guest_who_was_let_in_reads_and_does_nothing(helped):
    from bihuan.models import Grant
    from bihuan.rules.identifiers import new_id

    guest = helped.county.actor("guest")
    Grant.objects.create(id=new_id(helped.county.at), post_id=guest.post, thing=helped.finding, why="协助核查")
    helped.do("office_clerk", findings.write_note, finding=helped.finding, text="只给办公室看")
    page = page_of(helped, "guest")
    assert (page.permitted, page.notes, page.may_note) == ((), (), False)
    with pytest.raises(NotYours):
        helped.take("guest", "report_progress", progress="路过")
    with pytest.raises(NotYours):
        helped.do("guest", findings.write_note, finding=helped.finding, text="路过")


def test_progress_stands_on_its_measure_and_its_day(helped):
    measure = helped.evidence()[1].measure
    helped.take("unit_clerk", "report_progress", progress="公示了 4 所", measure=measure)
    helped.take("unit_clerk", "report_progress", progress="开了一次会")
    page = page_of(helped, "office_clerk")
    assert [entry.text for entry in page.measures[1].progress] == ["公示了 4 所"]
    assert page.measures[0].progress == ()
    assert [(entry.measure, entry.text) for entry in page.progress] == [(2, "公示了 4 所"), (0, "开了一次会")]
    assert page.progress[0].post == "县教育局 单位承办人"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"progress": " \n"}, "progress_missing"),
        ({"progress": "做了", "done_on": TODAY + timedelta(days=1)}, "done_on_future"),
        ({"progress": "做了", "done_on": date(2020, 1, 1)}, "done_on_before_feedback"),
    ],
)
def test_progress_without_words_or_on_a_day_that_cannot_be_is_refused(typed, code):
    path = a_finding(build_county(), "in_progress")
    assert refused(path, "unit_clerk", "report_progress", **typed) == code
    assert not Progress.objects.exists()


def test_a_measure_of_another_finding_takes_no_progress():
    path = a_finding(build_county(), "in_progress")
    other = Finding.objects.exclude(pk=path.finding).first()
    own, path.finding = path.finding, other.pk
    path.approve_plan()
    foreign = path.evidence()[0].measure
    path.finding = own
    assert refused(path, "unit_clerk", "report_progress", progress="做了", measure=foreign) == "measure_of_another"


def test_a_hundred_thousand_characters_and_emoji_are_kept_whole():
    path = a_finding(build_county(), "in_progress")
    text = "整改到位😀𠮷" * 16_667
    path.take("unit_clerk", "report_progress", progress=text)
    assert Progress.objects.get().text == text


def test_several_entries_are_kept_together_or_not_at_all():
    path = Path(build_county())
    to_in_progress(path)
    first, second = path.finding, Finding.objects.exclude(pk=path.finding).order_by("number")[0].pk
    path.finding = second
    path.approve_plan()
    entries = [Entry(first, "第一条有进展"), Entry(second, " ")]
    with pytest.raises(Refused) as caught:
        path.do("unit_clerk", progress.report, entries=entries, on=TODAY)
    assert (caught.value.objection.code, caught.value.objection.where) == ("progress_missing", "entries.2.progress")
    assert not Progress.objects.exists()
    old = Finding.objects.get(pk=second).revision - 1
    with pytest.raises(Overtaken):
        path.do("unit_clerk", progress.report, entries=[Entry(second, "晚了", seen=old)], on=TODAY)
    done = path.do("unit_clerk", progress.report, entries=[Entry(first, "甲"), Entry(second, "乙")], on=TODAY)
    assert {taken.finding for taken in done} == {first, second}
    assert Progress.objects.count() == 2
    with pytest.raises(Refused):
        path.do("unit_clerk", progress.report, entries=[], on=TODAY)


def test_the_same_content_is_stored_once_and_each_file_keeps_its_own_name(helped):
    measure = helped.evidence()[0].measure
    before = FileContent.objects.count()
    as_of(
        helped, "unit_clerk", "finance", "add_evidence", evidence=(EvidenceInput(measure, "甲.png", PNG, "收费公示"),)
    )
    helped.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, "../../etc/乙.png", PNG),))
    windows = EvidenceInput(measure, "C:\\票据\\丙\u202e.png", PNG, dated=TODAY)
    helped.take("unit_clerk", "add_evidence", evidence=(windows,))
    assert FileContent.objects.count() == before + 1
    kept = list(Evidence.objects.filter(finding_id=helped.finding).order_by("at").select_related("upload"))
    assert [item.upload.name for item in kept] == ["甲.png", "乙.png", "丙.png"]
    assert {item.upload.sha256 for item in kept} == {hashlib.sha256(PNG).hexdigest()}
    assert {item.upload.media_type for item in kept} == {"image/png"}
    assert [item.proves for item in kept] == ["收费公示", "", ""]
    assert kept[2].dated == TODAY


def test_a_day_before_the_feedback_is_taken_and_said_a_day_to_come_is_not():
    path = a_finding(build_county(), "in_progress")
    measure = path.evidence()[0].measure
    early = EvidenceInput(measure, "旧文件.txt", b"2025", "制度已有", TODAY - timedelta(days=400))
    path.take("unit_clerk", "add_evidence", evidence=(early,))
    path.take("unit_clerk", "add_evidence", evidence=(EvidenceInput(measure, "新.txt", b"2026", "", TODAY),))
    files = page_of(path, "discipline_reviewer").measures[0].evidence
    assert [item.is_before_feedback for item in files] == [True, False]
    later = EvidenceInput(measure, "后.txt", b"2027", "", TODAY + timedelta(days=1))
    assert refused(path, "unit_clerk", "add_evidence", evidence=(later,)) == "evidence_in_future"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"content": b""}, "evidence_empty"),
        ({"content": b"x", "proves": "证" * 201}, "proves_too_long"),
        ({"content": b"x", "measure": None}, "evidence_of_another"),
    ],
)
def test_unsound_evidence_is_refused_and_leaves_nothing(item, code):
    path = a_finding(build_county(), "in_progress")
    uploads = Upload.objects.count()
    given = {"measure": path.evidence()[0].measure, "name": "佐证.txt"} | item
    assert refused(path, "unit_clerk", "add_evidence", evidence=(EvidenceInput(**given),)) == code
    assert (Upload.objects.count(), Evidence.objects.count()) == (uploads, 0)


def test_a_program_is_no_evidence():
    path = a_finding(build_county(), "in_progress")
    program = EvidenceInput(path.evidence()[0].measure, "照片.png", b"MZ\0\1" * 9)
    with pytest.raises(Unreadable) as caught:
        path.take("unit_clerk", "add_evidence", evidence=(program,))
    assert caught.value.code == "wrong_type"


def test_evidence_while_a_closing_is_under_review_voids_what_was_agreed(helped):
    helped.request_closing()
    helped.take("discipline_reviewer", "agree_closing", points=POINTS)
    before = ClosingRequest.objects.get(finding_id=helped.finding).content_hash
    extra = EvidenceInput(helped.evidence()[0].measure, "补.txt", "补交".encode())
    as_of(helped, "unit_clerk", "finance", "add_evidence", evidence=(extra,))
    assert ClosingRequest.objects.get(finding_id=helped.finding).content_hash != before
    page = page_of(helped, "discipline_reviewer")
    assert [verdict.is_void for verdict in page.verdicts if verdict.about == "销号"] == [True]
    assert "agree_closing" in {step.code for step in page.permitted}


NOTES = {"office_clerk": "教育局推诿，建议约谈", "unit_clerk": "等财政局回函再报"}


def test_each_side_reads_its_own_notes_alone_on_the_page_in_the_table_and_on_the_record(helped):
    revision = Finding.objects.get(pk=helped.finding).revision
    for role, said in NOTES.items():
        helped.do(role, findings.write_note, finding=helped.finding, text=f" {said} ")
    assert Finding.objects.get(pk=helped.finding).revision == revision, "a note does not change the finding"
    office = ("discipline_reviewer", "team_member", "secretary", "office_director")
    sides = {
        "office_clerk": [(role, None) for role in office],
        "unit_clerk": [("unit_head", None), ("unit_clerk", "finance")],
    }
    for writer, readers in sides.items():
        for role, seat in readers:
            actor = helped.county.actor(role, organization=seat)
            with acting(actor):
                page = finding_page(helped.finding, actor=actor, on=TODAY)
                assert [note.text for note in page.notes] == [NOTES[writer]], role
                assert list(Note.objects.values_list("text", flat=True)) == [NOTES[writer]]
                assert Event.objects.filter(thing="note").count() == 1
                assert "写下" not in {event.label for event in page.events}
    bodies = EventBody.objects.filter(event__thing="note").values_list("reason", "before", "after")
    assert list(bodies) == [("", {}, {})] * 2, "the words of a note stand nowhere but in the note"


def test_a_note_says_something_and_is_about_what_one_knows():
    path = a_finding(build_county(), "in_progress")
    with pytest.raises(Refused):
        path.do("unit_clerk", findings.write_note, finding=path.finding, text=" \n")
    with pytest.raises(Unknown):
        path.do("system_officer", findings.write_note, finding=path.finding, text="看看")


def test_notes_from_before_the_feedback_never_reach_the_unit():
    path = a_finding(build_county(), "drafted")
    path.do("team_member", findings.write_note, finding=path.finding, text="底稿第 3 页")
    path.give()
    assert page_of(path, "unit_head").notes == ()
    assert [note.text for note in page_of(path, "office_clerk").notes] == ["底稿第 3 页"]


def test_marks_change_with_a_reason_and_both_states_are_told():
    path = a_finding(build_county(), "in_progress")
    assert refused(path, "office_clerk", "mark", key=True) == "reason_missing"
    path.take("office_clerk", "mark", key=True, listed=True, reason="群众反映集中")
    path.take("office_clerk", "mark", key=True, reason="已经公示，摘牌")
    row = Finding.objects.get(pk=path.finding)
    assert (row.key, row.listed, row.fix_now, row.state) == (True, False, False, "in_progress")
    told = page_of(path, "office_clerk").events[0]
    assert (told.step, told.reason) == ("mark", "已经公示，摘牌")
    assert [(one.label, one.before, one.after) for one in told.changed] == [("挂牌", "是", "否")]
    for role in ("unit_head", "discipline_reviewer"):
        with pytest.raises(NotYours):
            path.take(role, "mark", reason="改标记")


@pytest.mark.parametrize("state", ["awaiting_plan", "plan_submitted", "pending_review", "closed"])
def test_progress_is_reported_while_the_finding_is_worked_on(state):
    path = a_finding(build_county(), state)
    assert state not in FINDING.step("report_progress").sources
    assert refused(path, "unit_clerk", "report_progress", progress="做了") == "wrong_state"


def test_a_unit_sees_nothing_of_what_was_done_before_it_was_given(helped):
    unit, office = page_of(helped, "unit_clerk"), page_of(helped, "office_clerk")
    assert [event.step for event in unit.events][-1] == "give"
    assert "confirm" in {event.step for event in office.events}
    assert {event.id for event in unit.events} < {event.id for event in office.events}


def test_a_new_clerk_of_a_helping_unit_goes_on_where_the_last_one_was(helped):
    from bihuan.actions import people

    officer = helped.county.actor("system_officer")
    account = an_account("新来的承办人")
    with acting(officer):
        post = people.give_post(
            account=account.pk, role="unit_clerk", organization=helped.county.organizations["finance"],
            starts_on=TODAY, ends_on=None, by=officer, at=helped.at(),
        )  # fmt: skip
    helped.county.posts["unit_clerk@finance"] = post_row(post)
    as_of(helped, "unit_clerk", "finance", "report_progress", progress="接着办")
    assert Progress.objects.get(finding_id=helped.finding).account_id == account.pk


def post_row(post):
    from bihuan.models import Post

    return Post.objects.get(pk=post)
