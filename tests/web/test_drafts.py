"""The bench through the real gate: one draft open at a time, corrected, split, joined, dropped, confirmed; refusals."""

import re

import pytest

from bihuan.actions import drafts as acts
from bihuan.models import Draft, EventBody, Finding
from bihuan.queries.drafts import DescriptionRow, DraftRow
from bihuan.queries.looks import StateLook
from bihuan.rules.identifiers import new_id
from bihuan.rules.source_spans import parts_of
from bihuan.web._bench_paper import paragraphs
from tests.builders import NOW, build_county
from tests.paths import DESCRIPTION, Path
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]

TYPED = {"category": "A302", "severity": "ordinary", "commonality": "individual", "then": "keep"}


def uploaded(*, unit: str = "education", audience: str = "leadership") -> Path:
    path = Path(build_county(unit=unit))
    path.upload(audience=audience)
    return path


def bench(path: Path, *more: object) -> str:
    return f"/feedback/{path.feedback}/" + "/".join(map(str, more))


def opened(path: Path, draft: Draft, deed: str) -> str:
    return f"{bench(path)}?draft={draft.pk}&deed={deed}"


def drafts(path: Path) -> list[Draft]:
    return list(Draft.objects.filter(feedback_id=path.feedback).order_by("position"))


def test_only_the_draft_that_is_open_shows_its_form():
    path = uploaded()
    browser = visitor(path.county.actor("liaison"))
    first = drafts(path)[0]
    assert "draft-form" not in text(browser.get(bench(path)))
    for deed, field in (("edit", "id_category"), ("split", "split-2"), ("join", "join-other"), ("drop", "drop-reason")):
        page = text(browser.get(opened(path, first, deed)))
        assert page.count('class="draft-form"') == 1, deed
        assert f'id="{field}"' in page
        assert f'name="seen" value="{first.revision}"' in page
    assert "draft-form" not in text(browser.get(f"{bench(path)}?draft=nonsense&deed=edit"))


def test_categories_are_offered_by_their_second_level_and_those_of_villages_only_for_villages():
    page = text(visitor((path := uploaded()).county.actor("liaison")).get(opened(path, drafts(path)[0], "edit")))
    assert '<optgroup label="A3 职能责任">' in page
    assert '<option value="A302">A302 监管缺位</option>' in page
    assert 'value="V1101"' not in page
    assert 'name="lead_unit"' in page, "a school stands below the bureau"


def test_a_village_may_lead_in_an_inspected_township():
    path = uploaded(unit="east")
    first = drafts(path)[0]
    browser = visitor(path.county.actor("liaison"))
    page = text(browser.get(opened(path, first, "edit")))
    assert 'value="V1101"' in page
    leads = re.search(r'<select name="lead_unit".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r">([^<\s]+)</option>", leads) == ["东河镇", "柳湾村", "石桥村"]
    village = str(path.county.organizations["east_1"])
    typed = TYPED | {"seen": 1, "text": first.text, "lead_unit": village, "then": "confirm"}
    assert browser.post(bench(path, "drafts", first.pk, "correct"), typed).status_code == 303
    assert str(Finding.objects.get().lead_unit_id) == village
    assert "责任单位：柳湾村" in text(browser.get(bench(path)))


def test_the_heads_own_part_offers_no_units():
    path = uploaded(audience="head")
    page = text(visitor(path.county.actor("liaison")).get(opened(path, drafts(path)[0], "edit")))
    assert 'name="category"' in page
    assert 'name="helping_units"' not in page
    assert 'name="lead_unit"' not in page


def test_what_is_saved_shows_as_words_and_stands_in_the_form_again():
    path = uploaded()
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    water = str(path.county.organizations["water"])
    typed = TYPED | {
        "seen": 1, "text": "课后服务监管缺位，\r\n有 2 所学校未公示。😀", "severity": "key", "commonality": "common",
        "amount": "86.5 万元", "marks": ["fix_now", "listed"], "helping_units": [water],
    }  # fmt: skip
    done = browser.post(bench(path, "drafts", first.pk, "correct"), typed)
    assert (done.status_code, done["Location"]) == (303, f"{bench(path)}#draft-{first.pk}")
    draft = Draft.objects.get(pk=first.pk)
    assert (draft.text, draft.state, draft.amount) == ("课后服务监管缺位，\n有 2 所学校未公示。😀", "proposed", 865000)
    page = text(browser.get(bench(path)))
    for chip in ("A302 监管缺位", "重点", "共性", "立行立改", "挂牌", "865,000 元", "配合：县水利局"):
        assert f">{chip}</span>" in page, chip
    form = text(browser.get(opened(path, first, "edit")))
    assert '<option value="A302" selected>' in form
    assert 'value="865000"' in form
    assert re.search(rf'value="{water}"[^>]*checked', form)
    assert not Finding.objects.exists()


def test_saved_and_confirmed_in_one_act_and_confirmed_alone_as_it_stands():
    path = uploaded()
    browser = visitor(path.county.actor("liaison"))
    first, second = drafts(path)[:2]
    typed = TYPED | {"seen": 1, "text": "课后服务收费没有公示。", "then": "confirm"}
    assert browser.post(bench(path, "drafts", first.pk, "correct"), typed).status_code == 303
    assert browser.post(bench(path, "drafts", second.pk, "confirm"), {"seen": 1}).status_code == 303
    made = Finding.objects.order_by("number")
    assert [(row.text, row.category) for row in made] == [("课后服务收费没有公示。", "A302"), (second.text, "")]
    page = text(browser.get(bench(path)))
    assert "待认定 2，已认定 2，已去掉 0" in page
    assert f'href="/findings/{made[0].pk}/"' in page
    twice = browser.post(bench(path, "drafts", second.pk, "confirm"), {"seen": 2})
    assert twice.status_code == 422
    assert "现在是“已认定”，不能办理“认定”。" in text(twice)
    assert Finding.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"text": "  "}, "text", "请填写这一项。"),
        ({"text": "长" * 100_000}, "text", "问题内容有 100000 字"),
        ({"category": "A3"}, "category", "没有这个选项"),
        ({"amount": "八十万"}, "amount", "金额请写成 865000 或 86.5 万的样子"),
        ({"amount": "NaN"}, "amount", "金额请写成"),
        ({"amount": "-5"}, "amount", "大于零"),
        ({"amount": "1e30"}, "amount", "大于零"),
        ({"severity": "none"}, "severity", "没有这个选项"),
        ({"helping_units": ["nonsense"]}, "helping_units", "没有这个选项"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_stays(typed, field, says):
    path = uploaded()
    first = drafts(path)[0]
    sent = TYPED | {"seen": 1, "text": "改过的文字。😀", "amount": "12"} | typed
    refused = visitor(path.county.actor("liaison")).post(bench(path, "drafts", first.pk, "correct"), sent)
    page = text(refused)
    assert refused.status_code == 422
    assert re.search(rf'id="id_{field}_error"[^>]*>[^<]*{says}', page)
    assert sent["text"].strip() in page
    assert f'value="{sent["amount"]}"' in page
    assert Draft.objects.get(pk=first.pk).revision == 1


def test_who_was_faster_is_said_and_what_was_typed_can_be_sent_again():
    path = uploaded()
    first = drafts(path)[0]
    path.do("liaison", acts.correct_draft, draft=first.pk, description=DESCRIPTION)
    late = visitor(path.county.actor("office_clerk"))
    typed = TYPED | {"seen": 1, "text": "我改的文字。", "category": "B401"}
    answer = late.post(bench(path, "drafts", first.pk, "correct"), typed)
    page = text(answer)
    assert answer.status_code == 409
    assert "巡察组联络员" in page
    assert "办理“修改”" in page
    assert "我改的文字。</textarea>" in page
    assert '<option value="B401" selected>' in page
    assert 'name="seen" value="2"' in page
    assert late.post(bench(path, "drafts", first.pk, "correct"), typed | {"seen": 2}).status_code == 303
    assert late.post(bench(path, "drafts", first.pk, "confirm"), {"seen": 3}).status_code == 303
    gone = late.post(bench(path, "drafts", first.pk, "correct"), typed | {"seen": 3, "text": "又改一次。"})
    assert gone.status_code == 409
    assert "又改一次。" in text(gone), "the draft has no form any more, but nothing typed is lost"


def test_a_draft_is_split_where_the_form_proposes_or_the_person_says():
    path = uploaded()
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    parts = ["课后服务监管缺位。", "抽查 6 所学校，有 2 所学校课后服务收费未公示。"]
    one_more = browser.post(
        bench(path, "drafts", first.pk, "split"), {"seen": 1, "texts": [*parts, ""], "then": "add_part"}
    )
    assert (one_more.status_code, text(one_more).count('name="texts"')) == (200, 4)
    alone = browser.post(bench(path, "drafts", first.pk, "split"), {"seen": 1, "texts": [parts[0], " "]})
    assert alone.status_code == 422
    assert 'id="sheet-error"' in text(alone)
    assert f"{parts[0]}</textarea>" in text(alone)
    done = browser.post(bench(path, "drafts", first.pk, "split"), {"seen": 1, "texts": [*parts, ""]})
    assert done.status_code == 303
    assert [draft.text for draft in drafts(path)][:2] == parts
    page = text(browser.get(bench(path)))
    assert "待认定 5" in page
    for draft in drafts(path):
        assert page.count(f'id="mark-{draft.pk}"') == 1


def test_a_text_of_several_matters_is_proposed_in_parts():
    text_ = "管理不严。一是台账缺失；二是租金拖欠，三是资产闲置。"
    assert parts_of(text_) == ("管理不严。一是台账缺失；", "二是租金拖欠，", "三是资产闲置。")
    assert parts_of("第二是说次序。") == ("第二是说次序。",)


def test_two_drafts_are_joined_and_the_other_says_where_it_went():
    path = uploaded()
    browser = visitor(path.county.actor("team_leader"))
    first, second, third = drafts(path)[:3]
    page = text(browser.get(opened(path, first, "join")))
    assert f'<option value="{second.pk}:1" selected>第 2 条' in page
    sent = {"seen": 1, "other": f"{third.pk}:1"}
    assert browser.post(bench(path, "drafts", first.pk, "join"), sent).status_code == 303
    page = text(browser.get(bench(path)))
    assert "理由：并入第 1 条" in page
    assert f'data-draft="{first.pk} {third.pk}"' in page, "both light what now belongs to both"
    assert Draft.objects.get(pk=first.pk).text == f"{first.text}\n{third.text}"
    again = browser.post(bench(path, "drafts", second.pk, "join"), {"seen": 1, "other": f"{third.pk}:1"})
    assert again.status_code == 409
    assert browser.post(bench(path, "drafts", second.pk, "join"), {"other": "nonsense"}).status_code == 404


def test_a_drop_without_a_reason_is_refused_beside_it_and_with_one_it_shows():
    path = uploaded()
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    refused = browser.post(bench(path, "drafts", first.pk, "drop"), {"seen": 1, "reason": " "})
    assert refused.status_code == 422
    assert 'id="sheet-error" role="alert">请填写去掉的理由。' in text(refused)
    assert browser.post(bench(path, "drafts", first.pk, "drop"), {"seen": 1, "reason": "重复"}).status_code == 303
    assert "理由：重复" in text(browser.get(bench(path)))
    assert EventBody.objects.get(event__thing_id=first.pk, event__step="drop").reason == "重复"
    late = browser.post(bench(path, "drafts", first.pk, "drop"), {"seen": 1, "reason": "我的理由"})
    assert late.status_code == 409
    assert "我的理由" in text(late)


def test_all_that_have_a_category_are_confirmed_or_none_and_the_others_are_named():
    path = uploaded()
    browser = visitor(path.county.actor("team_leader"))
    page = text(browser.get(bench(path)))
    assert "4 条没有分类，不会一起认定" in page
    assert "认定有分类的" not in page
    for draft in drafts(path)[:3]:
        path.do("liaison", acts.correct_draft, draft=draft.pk, description=DESCRIPTION)
    page = text(browser.get(bench(path)))
    shown = re.findall(r'name="draft" value="([^"]+)"', page)
    assert "1 条没有分类，不会一起认定" in page
    assert "认定有分类的 3 条" in page
    assert len(shown) == 3
    swept = browser.post(bench(path, "confirm-all"), {"draft": [*shown, f"{drafts(path)[3].pk}:1"]})
    assert swept.status_code == 422
    assert "有 1 条草稿没有分类，一条都没有认定" in text(swept)
    stale = [*shown[:2], shown[2].partition(":")[0] + ":99"]
    late = browser.post(bench(path, "confirm-all"), {"draft": stale})
    assert late.status_code == 409
    assert "待认定 4，已认定 0" in text(late), "what was rolled back must not show"
    assert not Finding.objects.exists()
    assert browser.post(bench(path, "confirm-all"), {"draft": shown}).status_code == 303
    assert Finding.objects.count() == 3
    assert browser.post(bench(path, "confirm-all"), {"draft": ["nonsense"]}).status_code == 404


def test_a_finding_is_added_by_hand_and_marked_so():
    path = uploaded()
    browser = visitor(path.county.actor("liaison"))
    empty = browser.post(bench(path, "drafts", "add"), {"text": " "})
    assert empty.status_code == 422
    assert 'id="add-error"' in text(empty)
    assert browser.post(bench(path, "drafts", "add"), {"text": "食堂财务未公开。"}).status_code == 303
    assert Draft.objects.get(typed_by_hand=True).text == "食堂财务未公开。"
    assert "手工录入" in text(browser.get(bench(path)))


def _row(text_: str, *spans: tuple[int, int], state: str = "proposed") -> DraftRow:
    look = StateLook(state, "待认定", "○", "open")
    plain = DescriptionRow("", {}, "ordinary", "individual", None, False, False, False, None, ())
    return DraftRow(new_id(NOW), 1, "1.", "标题", text_, spans, (), False, look, 1, plain)


def test_marks_are_cut_out_line_by_line_and_nothing_of_the_text_is_lost():
    whole = "关于某局的反馈\n一、标题\n1.甲事。乙事。\n丙事接着说。\n尾"
    one = _row("甲事。", (whole.index("甲事"), whole.index("乙事")))
    two = _row("乙事。\n丙事", (whole.index("乙事"), whole.index("接着")))
    found = paragraphs(whole, [two, one])
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in found) == whole
    assert [line.level for line in found] == [2, 3, 0, 0, 0]
    marked = [
        (piece.text, piece.drafts == (str(one.id),), bool(piece.begins))
        for line in found
        for piece in line.pieces
        if piece.drafts
    ]
    assert marked == [("甲事。", True, True), ("乙事。", False, True), ("丙事", False, False)]


def test_sources_that_lie_over_one_another_all_light():
    whole = "甲事。乙事。丙事。"
    one, two = _row("甲事乙事", (0, 6)), _row("乙事丙事", (3, 6), (6, 9), state="dropped")
    pieces = paragraphs(whole, [one, two])[0].pieces
    assert [piece.text for piece in pieces] == ["甲事。", "乙事。", "丙事。"]
    assert [piece.drafts for piece in pieces] == [(str(one.id),), (str(one.id), str(two.id)), (str(two.id),)]
    assert [piece.begins for piece in pieces] == [(str(one.id),), (str(two.id),), ()]
    assert [piece.is_gone for piece in pieces] == [False, False, True]
