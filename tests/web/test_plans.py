"""Pages of a plan through the real gate: list, three lists, one row, handing in, review, comparison."""

import re
from datetime import timedelta

import pytest

from bihuan.models import Finding, Plan, PlanRow, Verdict
from tests.builders import TODAY, build_county
from tests.paths import Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
LATER = str(TODAY + timedelta(days=40))
OPINION = "措施没有写明由谁公示、何时公示。"


@pytest.fixture
def path() -> Path:
    return a_finding(build_county(), "awaiting_plan")


def findings_of(path: Path) -> list[Finding]:
    return list(Finding.objects.filter(feedback_id=path.feedback).order_by("number"))


def url(finding) -> str:
    return f"/plans/rows/{finding.pk}/"


def whole(finding, *measures: dict, seen: int | None = None, **changed) -> dict:
    """A complete row as a browser posts it; each of `measures` changes a complete one."""
    rows = measures or ({},)
    row = PlanRow.objects.filter(finding=finding, state="draft").first()
    typed = {
        "seen": str(seen if seen is not None else row.revision if row else 0), "causes": "监管责任没有压到科室",
        "goal": "收费公示率 100%", "leader": "分管副局长", "measures-TOTAL_FORMS": str(max(3, len(rows))),
        "measures-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, measure in enumerate(rows):
        complete = {
            "text": "逐校核对收费公示", "unit": str(finding.unit_id), "person": "基教股股长", "due_on": LATER,
            "product": "公示照片", "kinds": ["institution", "like_cases"], "helping": "县财政局",
            "supervisor": "纪检组", "starts_on": str(TODAY),
        }  # fmt: skip
        typed |= {f"measures-{number}-{name}": value for name, value in (complete | measure).items()}
    return typed | changed


def browser(path: Path, role: str, organization: str | None = None):
    return visitor(path.county.actor(role, organization=organization))


def fill_all(path: Path) -> None:
    clerk = browser(path, "unit_clerk")
    for finding in findings_of(path):
        assert clerk.post(url(finding), whole(finding)).status_code == 303


def hand_in(path: Path):
    draft = Plan.objects.get(state="draft")
    typed = {"seen": str(draft.revision), "scope": "all"}
    return browser(path, "unit_head").post(f"/plans/{path.feedback}/submit", typed)


def verdict(path: Path, role: str, *findings, plan=None, **typed):
    plan = plan or Plan.objects.exclude(state="draft").latest("version")
    given = {"seen": str(plan.revision), "verdict": "agree", "findings": [str(one.pk) for one in findings]} | typed
    return browser(path, role).post(f"/plans/{plan.pk}/review", given)


BACK = {"verdict": "return", "faults": ["measures_vague", "other"], "reason": OPINION, "redo_by": LATER}


def test_a_plan_is_written_handed_in_returned_written_again_and_approved_on_its_pages(path):
    fill_all(path)
    first, *others = findings_of(path)
    done = hand_in(path)
    assert (done.status_code, done["Location"]) == (303, f"/plans/{path.feedback}/")
    assert verdict(path, "discipline_reviewer", first, **BACK).status_code == 303
    assert verdict(path, "discipline_reviewer", *others, reason="同意").status_code == 303
    clerk = browser(path, "unit_clerk")
    form = text(clerk.get(url(first)))
    assert OPINION in form
    assert "方案有漏项" not in form
    assert "措施不具体" in form
    copied = text(clerk.get(f"{url(first)}?copy=1"))
    assert "逐校核对收费公示</textarea>" in copied
    assert clerk.post(url(first), whole(first, {"text": "8 月底前逐校核对收费公示并拍照"})).status_code == 303
    assert hand_in(path).status_code == 303
    for role in ("organization_reviewer", "office_director"):
        assert verdict(path, role, *others, plan=Plan.objects.get(version=1)).status_code == 303
    for role in ("discipline_reviewer", "organization_reviewer", "office_director"):
        assert verdict(path, role, first).status_code == 303
    assert {finding.state for finding in findings_of(path)} == {"in_progress"}
    two, one = Plan.objects.order_by("-version")
    page = text(browser(path, "office_director").get(f"/plans/{two.pk}/compare?before={one.pk}"))
    assert "<ins>8 月底前</ins>" in page
    assert "有改动的 1 条" in page


def test_the_three_lists_are_made_of_the_same_rows(path):
    first, *_ = findings_of(path)
    clerk = browser(path, "unit_clerk")
    clerk.post(url(first), whole(first, {}, {"text": "追回多收费用", "is_long_term": "on"}, head_leads="on"))
    page = text(clerk.get(f"/plans/{path.feedback}/"))
    problems, tasks, duties = (page[page.index(f'id="{name}"') :] for name in ("problems", "tasks", "responsibilities"))
    for words in ("反馈原文", "具体表现", "是否共性", "涉及单位", "责任主体", "原因分析"):
        assert words in problems[: problems.index('id="tasks"')]
    tasks = tasks[: tasks.index('id="responsibilities"')]
    for words in ("收费公示率 100%", "追回多收费用", "建章立制、举一反三", LATER, "公示照片", ">是<"):
        assert words in tasks
    duties = duties[: duties.index('id="opinions"')]
    for words in ("分管副局长", "主要负责人领办", "县教育局", "县财政局", "基教股股长", "纪检组"):
        assert words in duties
    assert page.count(first.number) >= 4


def test_gaps_are_named_first_and_the_whole_is_refused_while_there_are_some(path):
    first, second, *gaps = findings_of(path)
    clerk = browser(path, "unit_clerk")
    for finding in (first, second):
        clerk.post(url(finding), whole(finding))
    head = browser(path, "unit_head")
    page = text(head.get(f"/plans/{path.feedback}/submit"))
    assert "任务有漏项" in page
    assert all(gap.number in page[: page.index('class="form-sheet"')] for gap in gaps)
    draft = Plan.objects.get()
    refused = head.post(f"/plans/{path.feedback}/submit", {"seen": draft.revision, "scope": "all"})
    assert refused.status_code == 422
    assert "还有 2 条问题没有写进方案（任务有漏项）" in text(refused)
    chosen = {"seen": draft.revision, "scope": "chosen", "findings": [str(first.pk)]}
    assert head.post(f"/plans/{path.feedback}/submit", chosen).status_code == 303
    assert [finding.state for finding in findings_of(path)] == ["plan_submitted", *["awaiting_plan"] * 3]


def test_a_row_that_lacks_something_is_kept_and_named_before_and_when_it_is_handed_in(path):
    fill_all(path)
    third = findings_of(path)[2]
    clerk = browser(path, "unit_clerk")
    saved = clerk.post(url(third), whole(third, {"person": ""}), follow=True)
    assert "报送以前还要补：第 1 条措施没有责任人" in text(saved)
    refused = hand_in(path)
    assert refused.status_code == 422
    assert f"{third.number}：第 1 条措施没有责任人" in text(refused)
    assert "第 1 条措施没有责任人" in text(browser(path, "unit_head").get(f"/plans/{path.feedback}/"))


def test_a_refused_row_keeps_everything_that_was_typed(path):
    first = findings_of(path)[0]
    refused = browser(path, "unit_clerk").post(
        url(first), whole(first, {"text": "第一条"}, {"text": "第二条", "due_on": "2026年13月"}, {"text": "第三条"})
    )
    page = text(refused)
    assert refused.status_code == 422
    assert "日期请写成 2026-11-22 的样子。" in page
    assert 'value="2026年13月"' in page
    assert page.index("第一条</textarea>") < page.index("第二条</textarea>") < page.index("第三条</textarea>")
    assert re.search(r'name="measures-2-kinds" value="institution"[^>]* checked', page)
    assert not PlanRow.objects.exists()


def test_a_row_left_empty_goes_down_and_a_fault_stands_beside_its_own_measure(path):
    first = findings_of(path)[0]
    empty = dict.fromkeys(("text", "person", "due_on", "product", "helping", "supervisor", "starts_on"), "")
    rows = ({"text": "第一条措施甲"}, empty | {"kinds": []}, {"text": "第三条措施丙", "due_on": "2026年13月"})
    refused = browser(path, "unit_clerk").post(url(first), whole(first, *rows))
    page = text(refused)
    assert refused.status_code == 422
    assert 'id="id_measures-1-due_on_error"' in page[page.index('id="id_measures-1-due_on"') - 400 :]
    assert page.index("第一条措施甲") < page.index("第三条措施丙") < page.index('name="measures-2-text"')


def test_what_is_too_long_is_said_beside_its_field(path):
    first = findings_of(path)[0]
    refused = browser(path, "unit_clerk").post(url(first), whole(first, leader="长" * 61))
    assert refused.status_code == 422
    assert "长" * 61 in text(refused)
    assert 'id="id_leader_error"' in text(refused)


def test_a_measure_is_added_and_taken_out_without_script(path):
    first = findings_of(path)[0]
    clerk = browser(path, "unit_clerk")
    typed = whole(first, {"text": "甲"}, {"text": "乙"}, {"text": "丙"})
    more = text(clerk.post(url(first), typed | {"add": "1"}))
    assert 'name="measures-3-text"' in more
    assert more.index("甲</textarea>") < more.index("丙</textarea>") < more.index('name="measures-3-text"')
    assert not PlanRow.objects.exists()
    assert clerk.post(url(first), typed | {"measures-1-drop": "on"}).status_code == 303
    assert [measure["text"] for measure in PlanRow.objects.get().typed] == ["甲", "丙"]


def test_more_measures_than_can_be_kept_are_refused_with_a_sentence(path):
    first = findings_of(path)[0]
    refused = browser(path, "unit_clerk").post(url(first), whole(first, *[{}] * 61))
    assert refused.status_code == 422
    assert not PlanRow.objects.exists()


def test_two_people_write_the_same_row_and_the_slower_keeps_the_text_and_learns_who_was_faster(path):
    first = findings_of(path)[0]
    mine = whole(first, goal="我写的目标")
    assert browser(path, "unit_leader").post(url(first), whole(first)).status_code == 303
    clerk = browser(path, "unit_clerk")
    late = clerk.post(url(first), mine)
    page = text(late)
    assert late.status_code == 409
    assert "单位班子成员" in page
    assert "我写的目标</textarea>" in page
    again = dict(re.findall(r'name="(seen)" value="(\d+)"', page))
    assert clerk.post(url(first), mine | again).status_code == 303
    assert PlanRow.objects.get().goal == "我写的目标"


def test_the_head_is_told_when_a_row_changed_since_the_page_was_opened(path):
    fill_all(path)
    old = Plan.objects.get().revision
    first = findings_of(path)[0]
    browser(path, "unit_clerk").post(url(first), whole(first, goal="后来改的"))
    late = browser(path, "unit_head").post(f"/plans/{path.feedback}/submit", {"seen": old, "scope": "all"})
    assert late.status_code == 409
    assert "单位承办人" in text(late)
    assert "后来改的" in text(late)
    assert Plan.objects.get().state == "draft"


def test_a_reviewer_is_told_when_another_party_was_faster_and_keeps_the_opinion(path):
    path.submit_plan()
    seen = Plan.objects.get().revision
    path.take("discipline_reviewer", "return_plan", faults=("other",), reason=OPINION, redo_by=TODAY)
    late = verdict(path, "organization_reviewer", findings_of(path)[0], reason="同意，注意时限", seen=str(seen))
    assert late.status_code == 409
    assert "纪检监察审核人" in text(late)
    assert "办理“退回”" in text(late)
    assert "同意，注意时限</textarea>" in text(late)
    assert not Verdict.objects.filter(role="organization_reviewer").exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"verdict": ""}, "请选择同意或退回。"),
        ({"faults": []}, "请选择退回的原因"),
        ({"reason": "太笼统"}, "退回意见不少于 10 个字"),
        ({"redo_by": ""}, "请填写重报期限。"),
        ({"findings": []}, "请至少勾选一条问题。"),
    ],
)
def test_a_verdict_that_is_not_whole_is_refused_with_a_sentence_and_kept(path, changed, sentence):
    fill_all(path)
    hand_in(path)
    refused = verdict(path, "discipline_reviewer", *findings_of(path)[:1], **(BACK | changed))
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert changed.get("reason", OPINION) in text(refused)
    assert not Verdict.objects.exists()


def test_the_last_party_waits_and_then_approves(path):
    fill_all(path)
    hand_in(path)
    plan = Plan.objects.get()
    director = browser(path, "office_director")
    waits = director.get(f"/plans/{plan.pk}/review")
    assert waits.status_code == 422
    for role in ("discipline_reviewer", "organization_reviewer"):
        verdict(path, role, *findings_of(path))
    page = text(director.get(f"/plans/{plan.pk}/review"))
    assert "批准" in page
    assert "审核方案" in text(director.get(f"/plans/{path.feedback}/"))


def test_a_warning_stands_where_the_head_leads_nothing_and_one_leader_everything(path):
    fill_all(path)
    page = text(browser(path, "unit_head").get(f"/plans/{path.feedback}/"))
    assert "主要负责人没有领办任何一条" in page
    assert "全部由分管副局长一人牵头" in page
    first = findings_of(path)[0]
    browser(path, "unit_clerk").post(url(first), whole(first, head_leads="on", leader="局长"))
    page = text(browser(path, "unit_head").get(f"/plans/{path.feedback}/"))
    assert "主要负责人没有领办任何一条" not in page
    assert "一人牵头" not in page
    assert "1 条 / 共 4 条" in page


def test_the_draft_shows_on_no_page_of_anybody_else(path):
    first = findings_of(path)[0]
    browser(path, "unit_clerk").post(url(first), whole(first, causes="只给自己人看"))
    draft = Plan.objects.get()
    for role in ("office_director", "team_leader", "discipline_reviewer", "secretary", "leading_group"):
        other = browser(path, role)
        assert other.get(f"/plans/{draft.pk}/").status_code == 404
        assert other.get(f"/plans/{draft.pk}/compare?before={draft.pk}").status_code == 404
        shown = text(other.get(f"/plans/{path.feedback}/"))
        assert "只给自己人看" not in shown
        assert "起草中" not in shown
        assert "待报" in text(other.get("/plans/"))
        assert "起草中" not in text(other.get("/plans/"))
    assert "只给自己人看" in text(browser(path, "unit_leader").get(f"/plans/{path.feedback}/"))


def test_strangers_find_no_plan(path):
    fill_all(path)
    hand_in(path)
    plan, first = Plan.objects.get(), findings_of(path)[0]
    stranger = browser(path, "unit_head", "finance")
    for address in (f"/plans/{plan.pk}/", f"/plans/{path.feedback}/", url(first), f"/plans/{path.feedback}/submit",
                    f"/plans/{plan.pk}/review", f"/plans/{plan.pk}/compare"):  # fmt: skip
        assert stranger.get(address).status_code == 404
    assert "县教育局" not in text(stranger.get("/plans/"))


def test_html_that_was_typed_is_shown_as_text(path):
    first = findings_of(path)[0]
    evil = "<script>alert(1)</script>"
    clerk = browser(path, "unit_clerk")
    clerk.post(url(first), whole(first, {"text": evil}, causes=evil, leader="<b>甲</b>"))
    page = text(clerk.get(f"/plans/{path.feedback}/"))
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_the_finding_leads_to_its_row_where_what_the_clerk_wrote_still_stands(path):
    first = findings_of(path)[0]
    assert browser(path, "unit_clerk").post(url(first), whole(first)).status_code == 303
    head = browser(path, "unit_head")
    page = text(head.get(f"/findings/{first.pk}/"))
    assert f'href="{url(first)}"' in page
    assert "steps/submit_plan/" not in page
    assert "逐校核对收费公示</textarea>" in text(head.get(url(first)))
