"""The page of progress, private notes on a finding's page, and the light and folds of that page, through the gate."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions import findings
from bihuan.models import Finding, Note, Progress
from bihuan.queries.acting import acting
from bihuan.queries.findings.page import finding_page
from bihuan.queries.progress import ProgressFilters, progress_for
from tests.builders import TODAY, build_county
from tests.paths import PATHS, Path, a_finding, to_in_progress
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]
MOST_STATEMENTS = 12


@pytest.fixture
def two() -> tuple[Path, list]:
    """Two findings in work."""
    path = Path(build_county())
    to_in_progress(path)
    first = path.finding
    path.finding = Finding.objects.exclude(pk=first).order_by("number")[0].pk
    path.approve_plan()
    return path, [first, path.finding]


def entry(finding, words: str = "", *, day: str = "", seen: int | None = None) -> dict:
    now = Finding.objects.get(pk=finding).revision if seen is None else seen
    return {f"{finding}-text": words, f"{finding}-done_on": day, f"{finding}-seen": now}


def test_a_clerk_reports_for_several_findings_at_once(two):
    path, (first, second) = two
    browser = visitor(path.county.actor("unit_clerk"))
    page = text(browser.get("/progress/"))
    assert page.count("填报进展") == 2
    assert page.count('form="progress-form"') == 6
    done = browser.post("/progress/", entry(first, "已公示 4 所") | entry(second, "已约谈 3 家", day=str(TODAY)))
    assert (done.status_code, done["Location"]) == (303, "/progress/")
    assert set(Progress.objects.values_list("text", flat=True)) == {"已公示 4 所", "已约谈 3 家"}
    after = text(browser.get("/progress/"))
    assert "已公示 4 所" in after
    assert "还没有进展。" not in after


@pytest.mark.parametrize(
    ("day", "says"), [("2026年13月", "日期请写成"), (str(TODAY + timedelta(days=9)), "进展日期在今天之后")]
)
def test_one_entry_that_cannot_be_kept_keeps_all_back_and_everything_typed(two, day, says):
    path, (first, second) = two
    sent = entry(first, "甲已经做了") | entry(second, "乙还没有做", day=day)
    refused = visitor(path.county.actor("unit_clerk")).post("/progress/", sent)
    page = text(refused)
    assert refused.status_code == 422
    assert re.search(rf'id="id_{second}-done_on_error">{says}', page)
    assert "甲已经做了</textarea>" in page
    assert "乙还没有做</textarea>" in page
    assert not Progress.objects.exists()


def test_nothing_written_is_said_and_a_day_alone_is_no_entry(two):
    path, (first, _second) = two
    browser = visitor(path.county.actor("unit_clerk"))
    refused = browser.post("/progress/", entry(first))
    assert (refused.status_code, "请至少填写一条进展。" in text(refused)) == (422, True)
    day_alone = browser.post("/progress/", entry(first, day=str(TODAY)))
    assert f'id="id_{first}-text_error">请写明做了什么' in text(day_alone)


def test_who_is_late_learns_who_was_faster_and_sends_again(two):
    path, (first, _second) = two
    old = entry(first, "晚到的一条")
    path.finding = first
    path.take("unit_head", "report_progress", progress="先到的一条")
    browser = visitor(path.county.actor("unit_clerk"))
    late = browser.post("/progress/", old)
    page = text(late)
    assert late.status_code == 409
    assert "单位主要负责人" in page
    assert "晚到的一条</textarea>" in page
    assert Progress.objects.count() == 1
    seen = re.search(rf'name="{first}-seen" value="(\d+)"', page)[1]
    assert browser.post("/progress/", old | {f"{first}-seen": seen}).status_code == 303
    assert Progress.objects.count() == 2


def test_without_the_revision_nothing_is_kept(two):
    path, (first, _second) = two
    refused = visitor(path.county.actor("unit_clerk")).post("/progress/", {f"{first}-text": "做了"})
    assert (refused.status_code, "请刷新页面后再办。" in text(refused)) == (422, True)
    assert not Progress.objects.exists()


def test_what_was_written_for_a_finding_that_is_gone_from_the_list_is_shown_again(two):
    path, (first, second) = two
    sent = entry(first, "写给送审的那条") | entry(second, "写给另一条")
    path.finding = first
    path.request_closing()
    answer = visitor(path.county.actor("unit_clerk")).post("/progress/", sent)
    assert answer.status_code == 409
    assert "写给送审的那条</blockquote>" in text(answer)
    assert "写给另一条</textarea>" in text(answer)
    assert not Progress.objects.exists()


@pytest.mark.parametrize("role", ["office_clerk", "team_member", "discipline_reviewer", "secretary"])
def test_others_read_the_same_list_and_report_nothing(two, role):
    path, (first, _second) = two
    browser = visitor(path.county.actor(role))
    page = text(browser.get("/progress/"))
    assert Finding.objects.get(pk=first).number in page
    assert "填报进展" not in page
    assert browser.post("/progress/", entry(first, "代填")).status_code == 403
    assert not Progress.objects.exists()


def test_every_figure_of_the_list_counts_the_rows_it_leads_to(two):
    path, (first, _second) = two
    actor = path.county.actor("office_clerk")
    path.finding = first
    path.take("unit_clerk", "report_progress", progress="刚做过")
    due = Finding.objects.get(pk=first).due_on
    for ahead in (-1, 0, 7, 8, 15, 16, 60):
        on = due - timedelta(days=ahead)
        with acting(actor):
            whole = progress_for(actor, filters=ProgressFilters(), on=on)
            for light, n in whole.lights.items():
                rows = progress_for(actor, filters=ProgressFilters(light=light), on=on).rows
                assert [row.light.code for row in rows] == [light] * n
            for days, n in whole.quiet.items():
                rows = progress_for(actor, filters=ProgressFilters(quiet=days), on=on).rows
                assert len(rows) == n
                assert all(row.quiet_days >= days for row in rows)
            assert sum(whole.lights.values()) == sum(row.light.code != "far" for row in whole.rows)


def test_a_filter_that_makes_no_sense_narrows_nothing(two):
    path, _findings = two
    browser = visitor(path.county.actor("office_clerk"))
    for question in ("light=blue", "quiet=8", "quiet=²", "unit=nobody", "page=x"):
        assert "共 2 条" in text(browser.get(f"/progress/?{question}"))


def test_a_note_is_kept_for_ones_own_side_and_an_empty_one_is_said():
    path = a_finding(build_county(), "in_progress")
    notes = f"/findings/{path.finding}/notes"
    clerk, office = visitor(path.county.actor("unit_clerk")), visitor(path.county.actor("office_clerk"))
    kept = clerk.post(notes, {"text": "等财政局回函"})
    assert (kept.status_code, kept["Location"]) == (303, f"/findings/{path.finding}/#notes-own")
    assert "等财政局回函" in text(clerk.get(f"/findings/{path.finding}/"))
    for address in (f"/findings/{path.finding}/", "/findings/", "/progress/", "/", f"/api/findings/{path.finding}"):
        assert "等财政局回函" not in text(office.get(address))
    refused = clerk.post(notes, {"text": " "})
    assert (refused.status_code, "请填写备注内容。" in text(refused)) == (422, True)
    assert Note.objects.count() == 1
    assert visitor(path.county.actor("unit_head", organization="finance")).post(notes, {"text": "x"}).status_code == 404


@pytest.mark.parametrize("state", PATHS)
def test_the_page_of_a_finding_asks_the_database_at_most_a_dozen_times(state):
    path = a_finding(build_county(), state)
    path.do("office_clerk", findings.write_note, finding=path.finding, text="备注")
    for role in ("office_director", "unit_head"):
        actor = path.county.actor(role)
        with acting(actor), CaptureQueriesContext(connection) as asked:
            page = finding_page(path.finding, actor=actor, on=TODAY)
        assert len(asked) <= MOST_STATEMENTS
        assert (page is None) == (role == "unit_head" and state in ("drafted", "withdrawn"))


def test_an_overdue_finding_says_so_in_cinnabar_and_only_that():
    path = a_finding(build_county(), "in_progress")
    browser = visitor(path.county.actor("unit_clerk"))
    row = Finding.objects.get(pk=path.finding)
    assert "light-overdue" not in text(browser.get(f"/findings/{path.finding}/"))
    Finding.objects.filter(pk=row.pk).update(due_on=TODAY - timedelta(days=5))
    page = text(browser.get(f"/findings/{path.finding}/"))
    assert re.search(r'light-overdue"><svg.*?逾期 6 天', page, re.DOTALL)
    assert "逾期 6 天" in text(browser.get("/progress/"))


def test_the_page_links_every_part_and_each_link_has_its_part():
    path = a_finding(build_county(), "reopened")
    for role in ("office_director", "unit_head", "discipline_reviewer"):
        page = text(visitor(path.county.actor(role)).get(f"/findings/{path.finding}/"))
        nav = page[page.index('class="sections"') :]
        anchors = re.findall(r'href="#([\w-]+)"', nav[: nav.index("</nav>")])
        assert {"plan", "measures", "closing", "verdicts", "story"} <= set(anchors)
        assert all(f'id="{anchor}"' in page for anchor in anchors)
        assert page.count("btn btn-primary") <= 1
        assert ("来信.txt" in page) == (role != "unit_head"), "the evidence of a reopening is the office side's"
