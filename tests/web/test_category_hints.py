"""Categories proposed beside a draft: for whom, with which words, taken by one click, set by nobody but a person."""

import json

import pytest

from bihuan.actions import drafts
from bihuan.api.shapes import as_json
from bihuan.models import Draft, Finding
from bihuan.queries.acting import acting
from bihuan.queries.drafts import DraftRow
from bihuan.queries.feedback import feedback_page
from tests.api.callers import caller
from tests.builders import build_county
from tests.paths import DESCRIPTION, Path
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]

SUPERVISION, PURCHASE = 0, 3


def uploaded(*, unit: str = "education", content: str = "") -> Path:
    path = Path(build_county(unit=unit))
    path.upload(**({"content": content.encode()} if content else {}))
    return path


def rows_for(path: Path, role: str = "liaison") -> tuple[DraftRow, ...]:
    actor = path.county.actor(role)
    with acting(actor):
        return feedback_page(path.feedback, actor=actor, with_hints=True).drafts


def read_of(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def test_a_draft_without_category_is_told_what_its_words_speak_for_and_nothing_is_set():
    path = uploaded()
    supervision, purchase = (rows_for(path)[at].categories for at in (SUPERVISION, PURCHASE))
    assert ("A302", ("监管缺位",)) in [(one.code, one.words) for one in supervision]
    assert {"B401", "B402"} <= {one.code for one in purchase}
    assert supervision[0].labels["zh"]
    assert all(len(row.categories) <= 3 for row in rows_for(path))
    page = text(visitor(path.county.actor("liaison")).get(f"/feedback/{path.feedback}/"))
    assert "A302 监管缺位</a>" in page
    assert '提到：<span lang="zh-Hans">监管缺位</span>' in page
    assert set(Draft.objects.values_list("category", flat=True)) == {""}


def test_one_click_opens_the_form_with_the_category_chosen_and_only_saving_sets_it():
    path = uploaded()
    browser, first = visitor(path.county.actor("liaison")), read_of(path)[SUPERVISION]
    here = f"/feedback/{path.feedback}/?draft={first.pk}&deed=edit"
    assert f'href="{here.replace("&", "&amp;")}&amp;category=A302#draft-{first.pk}"' in text(browser.get(here))
    plain, taken, foreign = (text(browser.get(here + more)) for more in ("", "&category=A302", "&category=B303"))
    assert '<option value="A302" selected>' in taken
    assert taken.count("data-taken") == 1
    for page in (plain, foreign):
        assert '<option value="A302" selected>' not in page
        assert '<option value="B303" selected>' not in page
        assert "data-taken" not in page
    first.refresh_from_db()
    assert (first.category, first.revision) == ("", 1)
    typed = {
        "category": "A302", "severity": "ordinary", "commonality": "individual", "then": "confirm", "seen": 1,
        "text": first.text,
    }  # fmt: skip
    assert browser.post(f"/feedback/{path.feedback}/drafts/{first.pk}/correct", typed).status_code == 303
    assert Finding.objects.get().category == "A302"


def test_what_has_a_category_or_is_confirmed_and_who_may_not_confirm_are_told_nothing():
    path = uploaded()
    supervision, *_others = read_of(path)
    path.do("liaison", drafts.correct_draft, draft=supervision.pk, description=DESCRIPTION)
    assert rows_for(path)[SUPERVISION].categories == ()
    assert rows_for(path)[PURCHASE].categories
    assert 'class="hints"' in text(visitor(path.county.actor("office_clerk")).get(f"/feedback/{path.feedback}/"))
    assert 'class="hints"' not in text(visitor(path.county.actor("secretary")).get(f"/feedback/{path.feedback}/"))
    path.confirm_all()
    assert {row.categories for row in rows_for(path)} == {()}


@pytest.mark.parametrize(("unit", "is_proposed"), [("education", False), ("east", True)])
def test_categories_of_villages_are_proposed_only_where_there_are_villages(unit: str, is_proposed: bool):
    content = "反馈意见\n\n一、问题\n1.农村改厕质量差，12 户化粪池破损，厕所长期不能使用。\n2.会议纪律松弛。\n"
    found = {one.code for row in rows_for(uploaded(unit=unit, content=content)) for one in row.categories}
    assert ("V1203" in found) == is_proposed


def test_the_api_and_english_readers_are_told_the_same():
    path = uploaded()
    shown = caller(path.county.actor("liaison")).get(f"/api/feedback/{path.feedback}").json()["drafts"]
    assert [row["categories"] for row in shown] == [json.loads(as_json(row.categories)) for row in rows_for(path)]
    assert set(shown[SUPERVISION]["categories"][0]) == {"code", "labels", "words"}
    browser = visitor(path.county.actor("liaison"))
    browser.cookies["django_language"] = "en"
    assert "A302 Supervision absent</a>" in text(browser.get(f"/feedback/{path.feedback}/"))
