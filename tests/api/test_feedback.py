"""Feedback through the API's real door: upload, drafts, approval, giving, three signatures; what it answers."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from bihuan.actions.feedback import approve
from bihuan.api.shapes import as_json
from bihuan.models import Draft, Event, Feedback, Finding, Signature
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_for, feedback_page
from tests.api.callers import caller, problem, sent
from tests.builders import County, build_county
from tests.paths import DESCRIPTION, TEXT, Path

pytestmark = pytest.mark.django_db
ALL = "/api/feedback"


def upload(
    program: Client, county: County, *, content: bytes = TEXT.encode(), name: str = "反馈意见.txt", **typed: Any
) -> HttpResponse:
    given = {"inspection": str(county.inspection), "audience": "leadership"} | typed
    return program.post(ALL, given | {"file": SimpleUploadedFile(name, content)})


def uploaded() -> Path:
    path = Path(build_county())
    path.upload()
    return path


def drafts(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def test_a_document_becomes_drafts_drafts_findings_and_three_signatures_give_them():
    path = Path(build_county())
    county = path.county
    path.leave()
    liaison = caller(county.actor("liaison"))
    done = upload(liaison, county, title="关于教育局的反馈意见").json()
    assert (done["drafts"], "读出 4 条" in done["message"]) == (4, True)
    here = f"{ALL}/{done['feedback']}"
    described = json.loads(as_json(DESCRIPTION))
    for draft in liaison.get(here).json()["drafts"][:3]:
        confirmed = sent(
            liaison, f"/api/drafts/{draft['id']}/confirm", seen=draft["revision"], text=draft["text"] + "。",
            description=described,
        )  # fmt: skip
        assert Finding.objects.get(pk=confirmed.json()["finding"]).text.endswith("。")
    last = liaison.get(here).json()["drafts"][3]
    assert sent(liaison, f"/api/drafts/{last['id']}/drop", seen=last["revision"], reason="不是问题").status_code == 200
    added = sent(liaison, f"{here}/drafts", text="食堂账目长期不公开。").json()["draft"]
    assert sent(liaison, f"/api/drafts/{added}/confirm", seen=Draft.objects.get(pk=added).revision,
                description=described).status_code == 200  # fmt: skip
    steps = [("secretary", "approve"), ("office_clerk", "give"), ("unit_head", "sign"), ("team_leader", "sign"),
             ("office_director", "sign")]  # fmt: skip
    for role, step in steps:
        program = caller(county.actor(role))
        answer = sent(program, f"{here}/{step}", seen=Feedback.objects.get().revision)
        assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["state"]["code"] == Feedback.objects.get().state
    assert answer.json()["received_on"] == "2026-11-21"
    assert set(Finding.objects.values_list("state", flat=True)) == {"awaiting_plan"}
    assert set(Event.objects.filter(thing_id=done["feedback"]).values_list("via", flat=True)) == {"api"}


def test_the_list_and_one_feedback_are_what_the_query_says():
    path = uploaded()
    path.upload(content=TEXT.replace("党组", "领导班子").encode())
    clerk = path.county.actor("office_clerk")
    with acting(clerk):
        rows, page = feedback_for(clerk), feedback_page(path.feedback, actor=clerk, with_hints=True)
    program = caller(clerk)
    assert len(rows) == 2
    assert program.get(ALL).json() == json.loads(as_json({"rows": rows, "total": 2}))
    assert program.get(f"{ALL}/{path.feedback}").json() == json.loads(as_json(page))


def test_a_document_without_findings_is_kept_and_says_so():
    county = build_county()
    done = upload(caller(county.actor("liaison")), county, content="今天天气很好。".encode())
    assert (done.status_code, done.json()["drafts"]) == (200, 0)
    assert "没有读出问题" in done.json()["message"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\反馈\\意见😀.txt", "a" * 5000 + ".txt", "空\tfile\x07.txt"])
def test_names_of_files_do_no_harm(name: str):
    county = build_county()
    program = caller(county.actor("liaison"))
    done = upload(program, county, name=name)
    assert done.status_code == 200, done.content.decode()
    shown = program.get(f"{ALL}/{done.json()['feedback']}").json()["source_name"]
    assert shown
    assert not {"/", "\\", "\x07"} & set(shown)


def test_what_cannot_be_taken_is_refused():
    county = build_county()
    program = caller(county.actor("liaison"))
    assert problem(upload(program, county, content=b"MZ\0\0\0"), 415)["where"] == "file"
    assert problem(upload(program, county, audience="everybody"), 422)["where"] == "audience"
    assert problem(upload(program, county, inspection="7"), 400)["where"] == "inspection"
    assert problem(upload(program, county, title="a\0b"), 400)["where"] == "title"
    assert problem(upload(program, county, inspection="01900000-0000-7000-8000-000000000000"), 404)
    missing = program.post(ALL, {"inspection": str(county.inspection), "audience": "leadership"})
    assert problem(missing, 400)["where"] == "file"
    assert problem(sent(program, ALL, inspection=str(county.inspection)), 400)
    assert not Feedback.objects.exists()
    assert upload(program, county, title="长" * 100_000).status_code == 200
    assert problem(upload(program, county), 422)["code"] == "uploaded_before"


def test_a_draft_that_another_has_confirmed_is_a_conflict():
    path = uploaded()
    draft = drafts(path)[0]
    path.confirm_all()
    program = caller(path.county.actor("team_leader"))
    for step in ("confirm", "drop"):
        told = problem(sent(program, f"/api/drafts/{draft.pk}/{step}", seen=draft.revision), 409)
        assert path.county.actor("liaison").person in told["message"]


def test_an_old_revision_of_the_feedback_is_a_conflict():
    path = uploaded()
    path.confirm_all()
    path.leave()
    old = Feedback.objects.get().revision
    path.do("secretary", approve, feedback=path.feedback)
    late = caller(path.county.actor("leading_group"))
    told = problem(sent(late, f"{ALL}/{path.feedback}/approve", seen=old), 409)
    assert path.county.actor("secretary").person in told["message"]
    clerk = caller(path.county.actor("office_clerk"))
    assert problem(sent(clerk, f"{ALL}/{path.feedback}/give", seen=old), 409)["where"] == "seen"
    assert sent(clerk, f"{ALL}/{path.feedback}/give", seen=Feedback.objects.get().revision).status_code == 200
    head = caller(path.county.actor("unit_head"))
    assert problem(sent(head, f"{ALL}/{path.feedback}/sign", seen=old), 409)
    now = Feedback.objects.get().revision
    early = problem(sent(head, f"{ALL}/{path.feedback}/sign", seen=now, signed_on="2026-11-01"), 422)
    assert early["where"] == "signed_on"
    assert problem(sent(head, f"{ALL}/{path.feedback}/sign", seen=now, signed_on="昨天"), 400)["where"] == "signed_on"
    assert not Signature.objects.exists()


def test_the_heads_own_part_is_unknown_to_everybody_else_of_the_unit():
    path = Path(build_county())
    path.upload(audience="head")
    path.confirm_all()
    path.give()
    for role, status in (("unit_head", 200), ("unit_leader", 404), ("team_leader", 200), ("unit_clerk", 404)):
        shown = caller(path.county.actor(role)).get(f"/api/findings/{path.finding}")
        with_page = caller(path.county.actor(role)).get(f"{ALL}/{path.feedback}")
        assert (shown.status_code, with_page.status_code) == (status, status), role
