"""The pages of closing: the list of requests, one request weighed by its signers, forms that ask and refuse."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.models import ClosingRequest, Evidence, Finding, FindingRequest, Verdict
from tests.builders import TODAY, build_county
from tests.paths import CRITERIA, POINTS, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]

OPINION = "照片看不出公示日期，请补公示原件。"


def request_of(path: Path) -> ClosingRequest:
    """The finding's last closing request."""
    return ClosingRequest.objects.filter(finding_id=path.finding).latest("at")


def page_of(path: Path) -> str:
    """The address of the last request."""
    return f"/closing/{request_of(path).pk}/"


def seen(path: Path) -> str:
    """The revision that a page shows now."""
    return str(Finding.objects.get(pk=path.finding).revision)


def decide(path: Path, role: str, verdict: str, **typed: object):
    """Press a button on the page of the request."""
    sent = {"seen": seen(path), "verdict": verdict, **typed}
    return visitor(path.county.actor(role)).post(page_of(path), sent)


def waiting(path: Path, role: str) -> list[str]:
    """The addresses in the part of the list that waits for that role."""
    page = text(visitor(path.county.actor(role)).get("/closing/?box=mine"))
    return re.findall(r'href="(/closing/[0-9a-f-]{36}/)"', page)


def test_a_request_goes_through_its_signers_on_its_own_page():
    path = a_finding(build_county(), "pending_review")
    for role in ("discipline_reviewer", "organization_reviewer"):
        assert page_of(path) in waiting(path, role)
        assert waiting(path, "office_director") == []
        assert decide(path, role, "agree", points=POINTS).status_code == 303
        assert waiting(path, role) == []
    assert page_of(path) in waiting(path, "office_director")
    assert decide(path, "office_director", "agree", points=POINTS, reason="同意销号").status_code == 303
    assert path.state() == "closed"
    page = text(visitor(path.county.actor("unit_clerk")).get(page_of(path)))
    assert page.count("已同意") >= 3
    assert "同意销号" in page
    assert request_of(path).content_hash[:12] in page


def test_the_page_shows_all_that_is_signed_for():
    path = a_finding(build_county(), "pending_review")
    page = text(visitor(path.county.actor("discipline_reviewer")).get(page_of(path)))
    row = Finding.objects.get(pk=path.finding)
    assert row.text.split("。")[0] in page
    for answer in CRITERIA:
        assert answer.text in page
    for file in Evidence.objects.filter(finding=row):
        assert f"/evidence/{file.pk}" in page
    assert path.content()["causes"] in page
    assert "达到的标准都引用了佐证" in page
    assert "第 1、2、3、4、5、6、7、8 条标准没有引用" in page
    assert page.count('type="checkbox" name="points"') == len(POINTS)


def test_points_not_ticked_and_short_opinions_are_refused_beside_their_fields_and_nothing_is_lost():
    path = a_finding(build_county(), "pending_review")
    lacking = decide(path, "discipline_reviewer", "agree", points=POINTS[:2], reason="先看到这里")
    assert lacking.status_code == 422
    assert "请逐项核对并勾选全部审核要点" in text(lacking)
    assert "先看到这里" in text(lacking)
    assert text(lacking).count("checked") == 2
    short = decide(path, "discipline_reviewer", "return", points=POINTS[:1], reason="不行")
    assert (short.status_code, "不少于 10 个字" in text(short)) == (422, True)
    assert not Verdict.objects.filter(closing_request__isnull=False).exists()


def test_a_returned_request_comes_back_with_its_answers_and_the_first_stays_in_sight():
    path = a_finding(build_county(), "pending_review")
    first = page_of(path)
    assert decide(path, "organization_reviewer", "return", reason=OPINION).status_code == 303
    browser = visitor(path.county.actor("unit_head"))
    form = text(browser.get(f"/findings/{path.finding}/steps/request_closing/"))
    assert CRITERIA[0].text in form
    assert OPINION in form
    answers = {
        f"criteria-{one.code}-{name}": value
        for one in CRITERIA
        for name, value in (("applies", "met"), ("text", one.text))
    }
    own = Evidence.objects.filter(finding_id=path.finding).first()
    answers["criteria-money-evidence"] = str(own.pk)
    answers["criteria-masses-applies"], answers["criteria-masses-text"] = "not", "不涉及群众"
    sent = browser.post(
        f"/findings/{path.finding}/steps/request_closing/", {"seen": seen(path), "claim": "done", **answers}
    )
    assert sent.status_code == 303
    kept = {one["code"]: one for one in request_of(path).criteria}
    assert kept["money"]["evidence"] == [str(own.pk)]
    assert (kept["masses"]["applies"], kept["masses"]["text"]) == (False, "不涉及群众")
    page = text(browser.get(page_of(path)))
    assert first in page
    assert OPINION in page


def test_a_criterion_without_an_answer_is_named_beside_its_field():
    path = a_finding(build_county(), "in_progress")
    path.take("unit_clerk", "add_evidence", evidence=path.evidence())
    browser = visitor(path.county.actor("unit_head"))
    sent = {"seen": seen(path), "claim": "done", "criteria-answered-text": "逐条都有回应"}
    refused = browser.post(f"/findings/{path.finding}/steps/request_closing/", sent)
    assert refused.status_code == 422
    page = text(refused)
    assert "第 2 条验收标准还没有说明" in page
    assert "逐条都有回应" in page
    assert 'href="#id_criteria-people_and_matters-text"' in page


def test_who_agreed_to_an_earlier_content_is_asked_again_and_both_stay_in_sight():
    path = a_finding(build_county(), "pending_review")
    path.take("discipline_reviewer", "agree_closing", points=POINTS, reason="公示齐全")
    before = request_of(path).content_hash[:12]
    path.take("unit_clerk", "add_evidence", evidence=path.evidence()[:1])
    page = text(visitor(path.county.actor("discipline_reviewer")).get(page_of(path)))
    assert "内容有变，待重签" in page
    assert before in page
    assert 'name="verdict" value="agree"' in page
    assert decide(path, "discipline_reviewer", "agree", points=POINTS, reason="补充的也看了").status_code == 303
    after = text(visitor(path.county.actor("unit_head")).get(page_of(path)))
    assert "公示齐全" in after
    assert "补充的也看了" in after


def test_an_old_page_is_told_who_was_faster_and_keeps_what_was_typed():
    path = a_finding(build_county(), "pending_review")
    old = seen(path)
    decide(path, "organization_reviewer", "agree", points=POINTS)
    answer = visitor(path.county.actor("discipline_reviewer")).post(
        page_of(path), {"seen": old, "verdict": "return", "reason": OPINION}
    )
    assert answer.status_code == 409
    assert OPINION in text(answer)
    assert "组织部门审核人" in text(answer)
    assert path.state() == "pending_review"


def test_what_is_kept_up_for_long_is_accepted_with_goals_and_a_day():
    path = a_finding(build_county(), "in_progress")
    path.request_closing("long_term")
    path.agree_closing()
    lacking = decide(path, "office_director", "agree", points=POINTS)
    assert (lacking.status_code, "请填写长期坚持的阶段目标" in text(lacking)) == (422, True)
    goals = {"stage_goals": "每季首月报数", "next_review_on": str(TODAY + timedelta(days=90))}
    assert decide(path, "office_director", "agree", points=POINTS, **goals).status_code == 303
    assert path.state() == "phase_done_long_term"
    listed = text(visitor(path.county.actor("office_clerk")).get("/closing/?box=long_term"))
    assert page_of(path) in listed


def test_after_a_verdict_comes_the_next_of_the_queue():
    path = a_finding(build_county(), "pending_review")
    first = page_of(path)
    path.finding = Finding.objects.exclude(pk=path.finding).order_by("number").first().pk
    path.approve_plan()
    path.request_closing()
    second = page_of(path)
    browser = visitor(path.county.actor("discipline_reviewer"))
    page = text(browser.get(first))
    assert "待我审第 1 条，共 2 条" in page
    assert f'rel="next" href="{second}"' in page
    done = browser.post(first, {"seen": str(Finding.objects.order_by("number").first().revision), "verdict": "agree",
                                "points": POINTS})  # fmt: skip
    assert (done.status_code, done["Location"]) == (303, second)


def test_nobody_decides_who_is_no_signer():
    path = a_finding(build_county(), "pending_review")
    for role in ("unit_head", "unit_clerk", "office_clerk", "team_leader", "secretary"):
        page = text(visitor(path.county.actor(role)).get(page_of(path)))
        assert 'name="verdict"' not in page, role
        assert decide(path, role, "agree", points=POINTS).status_code == 403, role
    elsewhere = visitor(path.county.actor("unit_head", organization="finance"))
    assert elsewhere.get(page_of(path)).status_code == 404
    assert page_of(path) not in text(elsewhere.get("/closing/"))


def test_the_list_counts_its_parts_and_each_figure_leads_to_its_rows():
    path = a_finding(build_county(), "closed")
    path.finding = Finding.objects.exclude(pk=path.finding).order_by("number").first().pk
    path.approve_plan()
    path.request_closing()
    path.take("discipline_reviewer", "return_closing", reason=OPINION)
    path.request_closing("long_term")
    browser = visitor(path.county.actor("organization_reviewer"))
    counts = {"": 3, "mine": 1, "review": 1, "returned": 1, "closed": 1, "long_term": 0, "withdrawn": 0}
    for box, n in counts.items():
        page = text(browser.get(f"/closing/?box={box}" if box else "/closing/"))
        assert len(re.findall(r'<td class="is-title">', page)) == n, box
        figure = re.search(rf'href="/closing/{re.escape(f"?box={box}") if box else ""}"[^>]*>.*?<b>(\d+)</b>', page)
        assert figure, box
        assert int(figure.group(1)) == n, box
    assert "纪检监察审核人" in text(browser.get("/closing/"))
    narrowed = text(browser.get(f"/closing/?claim=long_term&unit={path.county.organizations['education']}&q=nothing"))
    assert "没有符合条件的内容" in narrowed


def test_reopening_is_asked_for_with_a_file_and_decided_by_a_second_person():
    path = a_finding(build_county(), "closed")
    step = f"/findings/{path.finding}/steps/request_reopening/"
    browser = visitor(path.county.actor("discipline_reviewer"))
    assert step in text(browser.get(page_of(path)))
    form = text(browser.get(step))
    assert 'name="evidence-1-file"' in form
    sent = {"seen": seen(path), "ground": "still_there", "reason": "群众来信反映仍在收费"}
    bare = browser.post(step, sent)
    assert (bare.status_code, "请至少交一个佐证文件" in text(bare)) == (422, True)
    letter = SimpleUploadedFile("来信.txt", "来信摘要".encode())
    assert browser.post(step, {**sent, "evidence-1-file": letter}).status_code == 303
    assert FindingRequest.objects.get().evidence.count() == 1
    director = visitor(path.county.actor("office_director"))
    approve = f"/findings/{path.finding}/steps/approve_reopening/"
    assert approve in text(director.get(page_of(path)))
    assert director.post(approve, {"seen": seen(path)}).status_code == 303
    assert path.state() == "reopened"
    assert "已同意" in text(director.get(page_of(path)))


def test_an_earlier_request_is_shown_and_not_decided():
    path = a_finding(build_county(), "returned")
    first = page_of(path)
    path.request_closing()
    browser = visitor(path.county.actor("discipline_reviewer"))
    assert 'name="verdict"' not in text(browser.get(first))
    late = browser.post(first, {"seen": seen(path), "verdict": "agree", "points": POINTS})
    assert late.status_code == 422
    assert path.state() == "pending_review"


def test_the_sheet_for_paper_names_every_signer():
    path = a_finding(build_county(), "closed")
    page = text(visitor(path.county.actor("office_clerk")).get(page_of(path)))
    sheet = page[page.index('class="approval"') :]
    assert "问题整改销号审批表" in sheet
    for role in ("纪检监察审核人", "组织部门审核人", "巡察办主任"):
        assert role in sheet
    assert request_of(path).content_hash[:12] in sheet
