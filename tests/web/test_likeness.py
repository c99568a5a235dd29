"""Findings of the same unit beside the drafts that are like them: which, for whom, how they show, and what it costs."""

import json
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.actions import drafts
from bihuan.api.shapes import as_json
from bihuan.cli.feedback import page_of
from bihuan.models import Draft, Finding, Organization
from bihuan.queries import _likeness
from bihuan.queries.acting import acting
from bihuan.queries.drafts import DraftRow
from bihuan.queries.feedback import feedback_page
from tests.api.callers import caller
from tests.builders import build_county
from tests.paths import DESCRIPTION, Path, a_finding
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]

MOST_STATEMENTS = 12
AGAIN = """关于巡察县教育局党组的反馈意见

一、整改不彻底
1.课后服务监管仍有缺位，3 所学校没有公示课后服务收费。
2.食堂采购被化整为零，分成 4 笔规避招标，涉及 45.2 万元。
3.公务用车没有派车单，节假日未按规定封存停驶。
"""
LIKE_FIRST, LIKE_SECOND, UNLIKE = range(3)


def again(path: Path, content: str = AGAIN) -> Path:
    """The same unit is given a second document."""
    path.upload(content=content.encode())
    return path


def given_before(state: str = "in_progress") -> Path:
    return again(a_finding(build_county(), state))


def rows_for(path: Path, role: str) -> tuple[DraftRow, ...]:
    actor = path.county.actor(role)
    with acting(actor):
        return feedback_page(path.feedback, actor=actor, with_hints=True).drafts


def page_for(path: Path, role: str, *, language: str = "zh-hans") -> str:
    browser = visitor(path.county.actor(role))
    browser.cookies["django_language"] = language
    return text(browser.get(f"/feedback/{path.feedback}/"))


def test_a_draft_shows_the_findings_of_its_unit_that_are_like_it_and_why():
    path = given_before()
    rows = rows_for(path, "liaison")
    service = Finding.objects.get(text__contains="课后服务监管缺位")
    purchase = Finding.objects.get(text__contains="营养餐采购化整为零")
    assert [rows[at].like[0].id for at in (LIKE_FIRST, LIKE_SECOND)] == [service.pk, purchase.pk]
    assert rows[UNLIKE].like == ()
    first = rows[LIKE_FIRST].like[0]
    assert (first.number, first.state.code) == (service.number, service.state)
    assert 0.4 <= first.likeness < 1
    assert first.words.startswith("课后服务监管缺位")
    assert "课后服务监管缺位" in [first.words[start:end] for start, end in first.marks]
    assert "课后服务监管" in [one.finding for one in first.shared]


@pytest.mark.parametrize("role", ["liaison", "team_leader", "office_clerk", "office_director", "secretary"])
def test_the_bench_shows_number_state_percentage_and_marked_words_with_a_link(role: str):
    path = given_before()
    page, (row, *_others) = page_for(path, role), rows_for(path, role)
    like = row.like[0]
    assert f'<a href="/findings/{like.id}/">{like.number}</a>' in page
    assert f"相似 {round(like.likeness * 100)}%" in page
    assert '<mark class="like-mark">课后服务监管缺位</mark>' in page
    assert page.count('<div class="likes">') == sum(bool(one.like) for one in rows_for(path, role)) == 2
    draft = page[page.index(f'id="draft-{row.id}"') :]
    assert like.state.label in draft[: draft.index("</ul>")]
    assert visitor(path.county.actor(role)).get(f"/findings/{like.id}/").status_code == 200


def test_it_is_read_in_english_too_and_stays_while_the_draft_is_open():
    path = given_before()
    page = page_for(path, "liaison", language="en")
    assert "Similar findings of this unit" in page
    assert re.search(r"\d\d% similar", page)
    first = Draft.objects.filter(feedback_id=path.feedback).earliest("position")
    opened = text(visitor(path.county.actor("liaison")).get(f"/feedback/{path.feedback}/?draft={first.pk}&deed=edit"))
    assert opened.count('<div class="likes">') == 2


@pytest.mark.parametrize(("state", "is_shown"), [("drafted", True), ("closed", True), ("withdrawn", False)])
def test_open_and_closed_ones_are_shown_and_withdrawn_ones_are_not(state: str, is_shown: bool):
    path = again(a_finding(build_county(), state))
    like = {one.id for row in rows_for(path, "office_director") for one in row.like}
    assert (path.finding in like) == is_shown


def test_findings_of_another_unit_and_those_one_may_not_see_are_left_out():
    path = given_before()
    service = Finding.objects.get(text__contains="课后服务监管缺位")
    assert service.pk in {one.id for row in rows_for(path, "office_clerk") for one in row.like}
    Finding.objects.filter(pk=service.pk).update(secrecy=2)
    assert service.pk not in {one.id for row in rows_for(path, "office_clerk") for one in row.like}
    water = Organization.objects.get(pk=path.county.organizations["water"])
    Finding.objects.filter(pk=service.pk).update(secrecy=0, unit_id=water.pk, unit_lo=water.lo)
    assert service.pk not in {one.id for row in rows_for(path, "office_clerk") for one in row.like}


def test_only_open_drafts_are_compared_and_what_was_just_confirmed_is_compared_with():
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    assert {row.like for row in rows_for(path, "liaison")} == {()}
    path.do(
        "liaison",
        drafts.add_draft_by_hand,
        feedback=path.feedback,
        text="校外培训机构治理不彻底，3 家机构无证办学超过一年。",
    )
    *_confirmed, by_hand = rows_for(path, "liaison")
    assert [one.state.code for one in by_hand.like] == ["drafted"]


def test_the_bench_asks_the_database_at_most_a_dozen_times_however_many_drafts_and_findings():
    path = Path(build_county())
    path.upload()
    path.confirm_all()
    few = _statements(again(path))
    path.confirm_all()
    again(path, "\n".join([AGAIN, *(f"{at}.合同管理缺失，{at} 宗土地没有签订书面合同。" for at in range(4, 24))]))
    assert len(rows_for(path, "liaison")) > 20
    many = _statements(path)
    assert len(many) <= MOST_STATEMENTS
    assert len(many) == len(few)
    assert sum('FROM "finding"' in query and "withdrawn" in query for query in many) == 1
    *some, last = Draft.objects.filter(feedback_id=path.feedback).order_by("position")
    water = path.county.organizations["water"]
    for draft in some[:3]:
        described = replace(DESCRIPTION, helping_units=(water,))
        path.do("liaison", drafts.confirm_draft, draft=draft.pk, description=described)
    path.do("liaison", drafts.drop_draft, draft=last.pk, reason="与另一条重复")
    mixed = _statements(path)
    assert len(mixed) <= MOST_STATEMENTS
    assert sum('FROM "finding_unit"' in query for query in mixed) == 1


def _statements(path: Path) -> list[str]:
    actor = path.county.actor("liaison")
    with acting(actor), CaptureQueriesContext(connection) as asked:
        feedback_page(path.feedback, actor=actor, with_choices=True, with_hints=True)
    return [query["sql"] for query in asked]


def test_the_commands_and_the_api_say_the_same_of_a_draft():
    path = given_before()
    actor = path.county.actor("liaison")
    shown = caller(actor).get(f"/api/feedback/{path.feedback}").json()["drafts"]
    with acting(actor):
        rows = page_of(str(path.feedback), actor, with_hints=True).drafts
        assert page_of(str(path.feedback), actor).drafts[LIKE_FIRST].like == ()
    assert [row["like"] for row in shown] == [json.loads(as_json(row.like)) for row in rows]
    assert set(shown[LIKE_FIRST]["like"][0]) == {
        "id", "number", "state", "words", "is_cut", "likeness", "marks", "shared",
    }  # fmt: skip


def test_long_findings_are_cut_and_marks_stay_within_what_is_shown(monkeypatch: pytest.MonkeyPatch):
    path = given_before()
    monkeypatch.setattr(_likeness, "FIRST_WORDS", 10)
    like = rows_for(path, "liaison")[LIKE_FIRST].like[0]
    assert (len(like.words), like.is_cut) == (10, True)
    assert all(0 <= start < end <= 10 for start, end in like.marks)
    assert "课后服务监管缺位" in re.sub("<[^>]+>", "", page_for(path, "liaison"))
