"""The ledger, the page of a finding and the form of every step, through the real gate, as those who may and may not."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions.plans import fill_row
from bihuan.models import Evidence, Finding, FindingUnit, Measure, PlanRow, Upload
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.plan_content import RowContent
from tests.builders import TODAY, build_county
from tests.paths import CRITERIA, PATHS, POINTS, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
LATER = str(TODAY + timedelta(days=40))


def seen(path: Path) -> int:
    return Finding.objects.get(pk=path.finding).revision


def form(path: Path, **typed):
    return {"seen": seen(path), **typed}


def url(path: Path, step: str = "") -> str:
    return f"/findings/{path.finding}/" + (f"steps/{step}/" if step else "")


def files(path: Path, *, content: bytes = "公示记录".encode(), only: int = 99) -> dict:
    """One file for each measure of the present plan version."""
    row = Measure.objects.filter(finding_id=path.finding).order_by("-row__version").values_list("row", flat=True)[0]
    rows = Measure.objects.filter(row=row).order_by("position")[:only]
    found = {f"evidence-{row.pk}-file": SimpleUploadedFile(f"佐证{row.position}.txt", content) for row in rows}
    return found | {f"evidence-{row.pk}-proves": f"证明第 {row.position} 条" for row in rows}


# The typed values of every step that people take; what needs the path is made in typed_for().
STEPS = {
    "describe": ("liaison", "drafted"),
    "mark": ("office_clerk", "in_progress"),
    "report_progress": ("unit_clerk", "in_progress"),
    "request_extension": ("unit_head", "in_progress"),
    "grant_extension": ("office_director", "in_progress"),
    "refuse_extension": ("office_director", "in_progress"),
    "agree_plan": ("discipline_reviewer", "plan_submitted"),
    "return_plan": ("discipline_reviewer", "plan_submitted"),
    "approve_plan": ("office_director", "plan_submitted"),
    "report_basically_done": ("unit_clerk", "in_progress"),
    "resume": ("unit_clerk", "basically_done"),
    "add_evidence": ("unit_clerk", "in_progress"),
    "request_closing": ("unit_head", "in_progress"),
    "withdraw_closing": ("unit_head", "pending_review"),
    "agree_closing": ("discipline_reviewer", "pending_review"),
    "return_closing": ("organization_reviewer", "pending_review"),
    "close": ("office_director", "pending_review"),
    "accept_long_term": ("office_director", "pending_review"),
    "lapse": ("office_clerk", "phase_done_long_term"),
    "request_reopening": ("discipline_reviewer", "closed"),
    "refuse_reopening": ("office_director", "closed"),
    "approve_reopening": ("office_director", "closed"),
    "request_withdrawal": ("office_clerk", "drafted"),
    "withdraw": ("team_leader", "drafted"),
    "keep": ("team_leader", "drafted"),
}
TO = {step.code: step.target for step in FINDING.steps}
ANSWERS = {f"criteria-{one.code}-text": one.text for one in CRITERIA}


def letter() -> dict:
    """A file behind a reopening; it belongs to no measure."""
    return {"evidence-1-file": SimpleUploadedFile("来信.txt", "来信摘要".encode())}


def ready(step: str) -> Path:
    """A finding at which the step is the next one."""
    _role, state = STEPS[step]
    path = Path(build_county())
    if step == "accept_long_term":
        PATHS["in_progress"](path)
        path.request_closing("long_term")
    else:
        PATHS[state](path)
    if step == "approve_plan":
        path.take("discipline_reviewer", "agree_plan")
        path.take("organization_reviewer", "agree_plan")
    if step in ("close", "accept_long_term"):
        path.agree_closing()
    if step in ("refuse_reopening", "approve_reopening"):
        path.take(
            "discipline_reviewer",
            "request_reopening",
            ground="still_there",
            reason="群众来信",
            evidence=path.evidence()[:1],
        )
    if step in ("grant_extension", "refuse_extension"):
        until = Finding.objects.get(pk=path.finding).due_on + timedelta(days=20)
        path.take("unit_head", "request_extension", until=until, reason="采购流程未走完")
    if step in ("withdraw", "keep"):
        path.take("office_clerk", "request_withdrawal", reason="与另一条重复")
    return path


def typed_for(step: str, path: Path) -> dict:
    typed = {
        "describe": lambda: {"category": "A302", "severity": "key", "commonality": "common", "amount": "86.5 万"},
        "mark": lambda: {"listed": "on", "reason": "群众反映集中"},
        "report_progress": lambda: {"progress": "已公示 4 所", "done_on": str(TODAY)},
        "request_extension": lambda: {"until": str(TODAY + timedelta(days=200)), "reason": "采购流程未走完"},
        "refuse_extension": lambda: {"reason": "采购可以先行，请抓紧整改。"},
        "return_plan": lambda: {
            "faults": ["measures_vague"],
            "reason": "措施没有写明由谁公示、何时公示。",
            "redo_by": LATER,
        },
        "report_basically_done": lambda: {"remains": "还有一所学校未公示", "remains_by": LATER},
        "resume": lambda: {"reason": "剩余事项又有反复"},
        "add_evidence": lambda: files(path, only=1),
        "request_closing": lambda: {"claim": "done", **ANSWERS, **files(path)},
        "withdraw_closing": lambda: {"reason": "还要再补一份佐证"},
        "agree_closing": lambda: {"points": POINTS},
        "close": lambda: {"points": POINTS},
        "return_closing": lambda: {"reason": "照片看不出公示日期，请补公示原件。"},
        "accept_long_term": lambda: {"stage_goals": "每学期末抽查一次", "next_review_on": LATER, "points": POINTS},
        "lapse": lambda: {"reason": "抽查没有坚持"},
        "request_reopening": lambda: {"ground": "still_there", "reason": "群众来信反映仍在收费", **letter()},
        "refuse_reopening": lambda: {"reason": "已经现场核实，没有再发生。"},
        "request_withdrawal": lambda: {"reason": "与另一条重复"},
        "keep": lambda: {"reason": "并不重复"},
    }
    return typed.get(step, dict)()


def test_every_step_that_people_take_is_tried_here():
    by_hand = {step.code for step in FINDING.steps if not step.consequence}
    assert set(STEPS) == by_hand - {"submit_plan"}, "a plan is written and handed in on its own pages"


@pytest.mark.parametrize("step", STEPS)
def test_the_form_of_every_step_shows_its_fields_and_takes_it_from_whose_it_is(step):
    path = ready(step)
    before = path.state()
    typed = form(path, **typed_for(step, path))
    stranger = visitor(path.county.actor("secretary"))
    assert stranger.get(url(path, step)).status_code == 403
    refused = stranger.post(url(path, step), typed)
    assert (refused.status_code, "这一步由" in text(refused), path.state()) == (403, True, before)
    browser = visitor(path.county.actor(STEPS[step][0]))
    shown = browser.get(url(path, step))
    assert shown.status_code == 200
    sheet = text(shown)[text(shown).index('class="form-sheet"') :]
    names = set(re.findall(r' name="([^"]+)"', sheet)) - {"csrfmiddlewaretoken"}
    assert set(typed) <= names, "the form lacks a field"
    assert set(typed) != {"seen"} or names == {"seen"}, "the form asks for what the step does not need"
    for file in (value for value in typed.values() if isinstance(value, SimpleUploadedFile)):
        file.seek(0)
    done = browser.post(url(path, step), typed)
    assert (done.status_code, done["Location"]) == (303, url(path)), text(done)
    expected = {"approve_reopening": "reopened"}.get(step) or TO[step] or before
    assert path.state() == expected
    assert FINDING.state(expected).label in text(browser.get(url(path)))


def test_the_units_are_described_anew_on_the_form_that_shows_who_they_are():
    path = a_finding(build_county(), "drafted")
    of = path.county.organizations
    browser = visitor(path.county.actor("liaison"))
    typed = {"category": "A302", "severity": "ordinary", "commonality": "individual"}
    units = {"lead_unit": of["school"], "helping_units": [of["water"], of["finance"]]}
    assert browser.post(url(path, "describe"), form(path, **typed, **units)).status_code == 303
    page = text(browser.get(url(path)))
    assert "县财政局、县水利局" in page
    assert "云溪一中" in page
    sheet = text(browser.get(url(path, "describe")))
    assert set(re.findall(r'value="([^"]+)" selected', sheet)) >= {str(of["school"]), "A302"}
    checked = re.findall(r'name="helping_units" value="([^"]+)"[^>]* checked', sheet)
    assert set(checked) == {str(of["water"]), str(of["finance"])}
    units = {"lead_unit": of["education"], "helping_units": [of["water"]]}
    assert browser.post(url(path, "describe"), form(path, **typed, **units)).status_code == 303
    page = text(browser.get(url(path)))
    assert "县财政局、县水利局" in page, "the time line says what was before"
    row = Finding.objects.get(pk=path.finding)
    assert (row.lead_unit_id, list(FindingUnit.objects.helping().values_list("helper_id", flat=True))) == (
        None, [of["water"]],
    )  # fmt: skip


def test_an_extension_beyond_the_limit_is_refused_beside_its_field():
    path = a_finding(build_county(), "in_progress")
    browser = visitor(path.county.actor("unit_head"))
    due = Finding.objects.get(pk=path.finding).due_on
    refused = browser.post(url(path, "request_extension"), form(path, until="9999-12-31", reason="采购流程未走完"))
    assert refused.status_code == 422
    assert f'id="id_until_error">一次最多延到 {due.replace(year=due.year + 1)}' in text(refused)


def test_a_stranger_learns_nothing_of_a_finding():
    path = a_finding(build_county(), "in_progress")
    file = f"/evidence/{_evidence_of(path)}"
    for stranger in (path.county.actor("unit_head", organization="finance"), path.county.actor("system_officer")):
        browser = visitor(stranger)
        for address in (url(path), url(path, "submit_plan"), file):
            assert browser.get(address).status_code == 404
        assert browser.post(url(path, "add_evidence"), form(path)).status_code == 404
        assert Finding.objects.get(pk=path.finding).number not in text(browser.get("/findings/"))


def _evidence_of(path: Path):
    path.take("unit_clerk", "add_evidence", evidence=path.evidence()[:1])
    return Evidence.objects.get(finding_id=path.finding).pk


def test_before_feedback_the_unit_finds_no_page():
    path = a_finding(build_county(), "drafted")
    assert visitor(path.county.actor("unit_head")).get(url(path)).status_code == 404


def test_a_step_that_nobody_takes_by_hand_has_no_page():
    path = a_finding(build_county(), "drafted")
    browser = visitor(path.county.actor("office_director"))
    assert browser.get(url(path, "give")).status_code == 404
    assert browser.get(url(path, "no_such_step")).status_code == 404
    assert browser.post(url(path, "give"), form(path)).status_code == 404


def test_a_step_of_another_state_says_what_the_state_is():
    path = a_finding(build_county(), "plan_submitted")
    browser = visitor(path.county.actor("unit_head"))
    refused = browser.get(url(path, "submit_plan"), follow=True)
    assert refused.status_code == 422
    assert "现在是“方案待审”" in text(refused)


def test_a_plan_is_written_on_the_page_of_its_row_alone():
    path = a_finding(build_county(), "awaiting_plan")
    content = RowContent(causes="县教育局压力传导不够", goal="", leader="", head_leads=False, measures=())
    path.do("unit_clerk", fill_row, finding=path.finding, content=content)
    typed = form(path, causes="另写一遍", goal="收费公示率 100%", leader="分管副局长")
    head, clerk = visitor(path.county.actor("unit_head")), visitor(path.county.actor("unit_clerk"))
    for answer in (head.get(url(path, "submit_plan")), head.post(url(path, "submit_plan"), typed)):
        assert (answer.status_code, answer["Location"]) == (303, f"/plans/rows/{path.finding}/")
    assert PlanRow.objects.get().causes == "县教育局压力传导不够"
    assert (path.state(), clerk.get(url(path, "submit_plan")).status_code) == ("awaiting_plan", 403)


def test_an_unreadable_date_is_said_and_kept():
    path = a_finding(build_county(), "plan_submitted")
    refused = visitor(path.county.actor("discipline_reviewer")).post(
        url(path, "return_plan"), form(path, reason="请写明由谁公示、何时公示。", redo_by="2026年13月")
    )
    assert refused.status_code == 422
    assert "日期请写成 2026-11-22 的样子。" in text(refused)
    assert 'value="2026年13月"' in text(refused)
    assert "请写明由谁公示、何时公示。" in text(refused)


def test_a_short_opinion_is_refused_beside_its_field():
    path = a_finding(build_county(), "pending_review")
    refused = visitor(path.county.actor("discipline_reviewer")).post(
        url(path, "return_closing"), form(path, reason="太笼统")
    )
    assert refused.status_code == 422
    assert 'id="id_reason_error">退回意见不少于 10 个字' in text(refused)
    assert "太笼统</textarea>" in text(refused)


def test_an_old_page_is_told_who_was_faster_and_keeps_what_was_typed():
    path = a_finding(build_county(), "plan_submitted")
    old = form(path, faults=["measures_vague"], reason="措施没有写明由谁公示、何时公示。", redo_by=LATER)
    path.take("organization_reviewer", "agree_plan")
    browser = visitor(path.county.actor("discipline_reviewer"))
    late = browser.post(url(path, "return_plan"), old)
    assert late.status_code == 409
    page = text(late)
    assert "组织部门审核人" in page
    assert "办理“同意方案”" in page
    assert "措施没有写明由谁公示、何时公示。</textarea>" in page
    assert path.state() == "plan_submitted"
    again = dict(re.findall(r'name="(seen)" value="(\d+)"', page))
    assert browser.post(url(path, "return_plan"), old | again).status_code == 303
    assert path.state() == "plan_returned"


def test_a_form_without_the_revision_is_not_taken():
    path = a_finding(build_county(), "plan_submitted")
    refused = visitor(path.county.actor("discipline_reviewer")).post(url(path, "agree_plan"), {})
    assert refused.status_code == 422
    assert "请刷新页面后再办。" in text(refused)


def test_closing_asks_for_the_lacking_evidence_and_shows_what_is_there():
    path = a_finding(build_county(), "in_progress")
    path.take("unit_clerk", "add_evidence", evidence=path.evidence()[:1])
    browser = visitor(path.county.actor("unit_head"))
    assert "佐证1.txt" in text(browser.get(url(path, "request_closing")))
    refused = browser.post(url(path, "request_closing"), form(path, claim="done", **ANSWERS))
    assert refused.status_code == 422
    second = Measure.objects.filter(finding_id=path.finding).order_by("position")[1]
    assert f'id="id_evidence-{second.pk}-file_error">第 2 条措施还没有佐证，请补交。' in text(refused)
    assert re.search(r'value="done"[^>]*checked', text(refused))
    assert path.state() == "in_progress"


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [(b"MZ\x00\x01" * 4, 415, "只收 PDF"), (b"x" * 2000, 413, "文件超过"), (b"", 422, "是空的")],
)
def test_a_file_that_cannot_be_taken_leaves_nothing_behind(content, status, says, settings):
    settings.MAX_UPLOAD = 1000
    path = a_finding(build_county(), "in_progress")
    uploads = Upload.objects.count()
    sent = files(path)
    names = [name for name in sent if name.endswith("-file")]
    sent[names[1]] = SimpleUploadedFile("第二份.txt", content)
    refused = visitor(path.county.actor("unit_head")).post(
        url(path, "request_closing"), form(path, claim="done", **ANSWERS, **sent)
    )
    assert refused.status_code == status
    assert says in text(refused)
    assert "证明第 2 条" in text(refused)
    assert "需要重新选择" in text(refused)
    assert Upload.objects.count() == uploads
    assert path.state() == "in_progress"


def test_the_page_of_a_finding_shows_steps_reasons_measures_and_story():
    path = a_finding(build_county(), "pending_review")
    page = text(visitor(path.county.actor("discipline_reviewer")).get(url(path)))
    row = Finding.objects.get(pk=path.finding)
    assert row.text in page
    assert row.number in page
    assert f'class="btn btn-primary" href="{url(path, "agree_closing")}"' in page
    assert page.count("btn btn-primary") == 1
    assert "这一步由销号审核最后一方办理。" in page
    assert "第 1 项：逐校核对收费公示并整改到位" in page
    assert "/evidence/" in page
    assert "申请销号" in page


def test_no_query_runs_while_a_page_is_rendered_and_no_row_of_a_table_is_handed_over(monkeypatch):
    path = a_finding(build_county(), "pending_review")
    from django.template.backends.django import Template

    renders, contexts = [], []
    plain = Template.render

    def render(self, context=None, request=None):
        with CaptureQueriesContext(connection) as caught:
            answer = plain(self, context, request)
        renders.append(len(caught))
        contexts.append(repr(context))
        return answer

    monkeypatch.setattr(Template, "render", render)
    browser = visitor(path.county.actor("discipline_reviewer"))
    for address in ("/findings/", url(path), url(path, "agree_closing"), "/feedback/", f"/feedback/{path.feedback}/"):
        assert browser.get(address).status_code == 200
    assert len(renders) >= 5
    assert not any(renders)
    assert not any("QuerySet" in said or "<Finding:" in said for said in contexts)


def test_every_state_has_a_page_in_both_languages():
    county = build_county()
    path = a_finding(county, "closed")
    browser = visitor(county.actor("office_director"))
    browser.cookies["django_language"] = "en"
    page = text(browser.get(url(path)))
    assert "Closed" in page
    shown = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    for own in ("没有公示", "课后服务"):
        shown = shown.replace(own, "")
    assert "申请重启" not in shown
    assert "Request reopening" in shown or "reopening" in shown


def test_a_post_without_the_token_is_refused():
    from django.test import Client

    path = a_finding(build_county(), "plan_submitted")
    browser = visitor(path.county.actor("discipline_reviewer"))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(url(path, "agree_plan"), form(path)).status_code == 403
    assert path.state() == "plan_submitted"
