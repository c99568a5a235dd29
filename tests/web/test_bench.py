"""The bench by forms alone: undo, one category for many, kinds, repairs in place, tables, a new reading."""

import io
import re

import docx
import pytest

from bihuan.models import Draft, Event, EventBody, FileContent, Finding, Upload
from bihuan.queries import _paper
from bihuan.queries._paper import OfferRow, Paper, RepairRow
from bihuan.rules.identifiers import new_id
from bihuan.rules.quoted_repairs import with_repair
from bihuan.web._bench_paper import paragraphs
from tests.builders import NOW
from tests.paths import Path
from tests.web.test_drafts import bench, drafts, opened, uploaded
from tests.web.visitors import text, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tomorrow")]

DAMAGED = "关于某局的反馈意见\n\n一、问题\n1.制度建設滞后，监管缺位。\n2.会议纪律松弛，台账缺失。\n"
ACCOUNT = "某局情况说明\n\n1.学校收费没有公示，监管缺位。\n2.会议纪律松弛，台账缺失。\n"


def sent(content: str) -> Path:
    path = uploaded()
    path.upload(content=content.encode(), name="另一份.txt")
    return path


def place_of(page: str) -> str:
    return re.findall(r'name="place" value="(\d+-\d+)"', page)[0]


def test_a_proposal_stands_in_place_and_is_quoted_only_once_a_person_accepts_it():
    path = sent(DAMAGED)
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    page = text(browser.get(bench(path)))
    assert "<del>設</del><ins>设</ins>" in page
    assert "制度建設滞后" in first.text
    asked = {"seen": 1, "place": place_of(page), "after": "设", "then": "accept"}
    kept = FileContent.objects.get(pk=Upload.objects.get(pk=first.upload_id).sha256).content
    assert browser.post(bench(path, "drafts", first.pk, "repair"), asked).status_code == 303
    first.refresh_from_db()
    assert first.text == "制度建设滞后，监管缺位。"
    assert Upload.objects.get(pk=first.upload_id).text == DAMAGED
    assert bytes(kept).decode() == DAMAGED
    event = Event.objects.get(thing_id=first.pk, step="repair")
    assert "联络员" in event.actor
    assert EventBody.objects.get(event=event).after["repaired"] == "设"
    assert "<del>設</del>" not in text(browser.get(bench(path)))
    again = browser.post(bench(path, "drafts", first.pk, "repair"), asked | {"seen": 2})
    assert again.status_code == 422
    assert browser.post(bench(path, "undo")).status_code == 303
    first.refresh_from_db()
    assert first.text == "制度建設滞后，监管缺位。"
    assert "<del>設</del><ins>设</ins>" in text(browser.get(bench(path)))


def test_a_proposal_that_is_left_changes_nothing_and_is_asked_no_more():
    path = sent(DAMAGED)
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    asked = {"seen": 1, "place": place_of(text(browser.get(bench(path)))), "after": "设", "then": "leave"}
    for wrong in ({"place": "0-1"}, {"after": "涉"}, {"place": "x"}):
        assert browser.post(bench(path, "drafts", first.pk, "repair"), asked | wrong).status_code == 422
    assert browser.post(bench(path, "drafts", first.pk, "repair"), asked).status_code == 303
    page = text(browser.get(bench(path)))
    assert "<del>設</del>" not in page
    assert "制度建設滞后" in page
    assert browser.post(bench(path, "undo")).status_code == 303
    assert "<del>設</del>" in text(browser.get(bench(path)))
    assert 'name="place"' not in text(visitor(path.county.actor("secretary")).get(bench(path)))


def test_a_repair_finds_its_place_among_words_that_were_corrected_or_is_refused():
    given = {"left": "制度建", "before": "設", "after": "设", "right": "滞后，监管"}
    assert with_repair("有的制度建設滞后。", **given) == "有的制度建设滞后。"
    assert with_repair("建設滞后，又建設滞后。", **given) is None
    assert with_repair("制度不健全。", **given) is None
    assert with_repair("党 组", left="党", before=" ", after="", right="组") == "党组"
    assert with_repair("党组", left="", before="", after="x", right="") is None


def test_the_last_deed_goes_back_by_a_form_and_the_eye_is_led_to_its_draft():
    path = uploaded()
    browser, second = visitor(path.county.actor("liaison")), drafts(path)[1]
    assert browser.post(bench(path, "drafts", second.pk, "confirm"), {"seen": 1}).status_code == 303
    done = browser.post(bench(path, "undo"))
    assert done["Location"] == f"{bench(path)}?lit={second.pk}#draft-{second.pk}"
    page = text(browser.get(done["Location"]))
    assert f'data-light="{second.pk}"' in page
    assert "待认定 4，已认定 0，已去掉 0" in page
    assert "/findings/" not in page[page.index('class="drafts"') :], "what was taken back is no finding"
    nothing = browser.post(bench(path, "undo"))
    assert nothing.status_code == 422
    assert "没有可以撤销的操作" in text(nothing)


def test_undo_is_offered_only_to_who_has_something_to_take_back():
    path = uploaded()
    liaison, leader = (visitor(path.county.actor(role)) for role in ("liaison", "team_leader"))
    button, deed = "撤销我的上一步</button>", (bench(path, "drafts", drafts(path)[1].pk, "confirm"), {"seen": 1})
    assert button not in text(liaison.get(bench(path)))
    assert liaison.post(*deed).status_code == 303
    assert button in text(liaison.get(bench(path)))
    assert button not in text(leader.get(bench(path))), "what another did is not the leader's to take back"
    assert liaison.post(bench(path, "undo")).status_code == 303
    assert button not in text(liaison.get(bench(path)))


def test_chosen_drafts_get_one_category_by_forms_alone():
    path = uploaded()
    browser = visitor(path.county.actor("liaison"))
    first, second, *_others = drafts(path)
    picked = f"pick={first.pk}:1&pick={second.pk}:1"
    page = text(browser.get(f"{bench(path)}?deed=categorize&{picked}"))
    assert "给选中的 2 条定分类" in page
    assert page.count(f'name="draft" value="{first.pk}:1"') == 1
    assert "请先选中要定分类的草稿" in text(browser.get(f"{bench(path)}?deed=categorize"))
    chosen = {"draft": [f"{first.pk}:1", f"{second.pk}:1"]}
    bare = browser.post(bench(path, "categorize"), chosen | {"category": ""})
    assert bare.status_code == 422
    assert "请选择分类。" in text(bare)
    assert "给选中的 2 条定分类" in text(bare)
    assert browser.post(bench(path, "categorize"), chosen | {"category": "A302"}).status_code == 303
    assert [row.category for row in drafts(path)] == ["A302", "A302", "", ""]
    assert browser.post(bench(path, "categorize"), chosen | {"category": "A303"}).status_code == 409
    assert not Finding.objects.exists()


def test_a_draft_that_is_no_finding_is_said_to_be_something_else():
    path = uploaded()
    browser, first = visitor(path.county.actor("liaison")), drafts(path)[0]
    page = text(browser.get(opened(path, first, "kind")))
    assert page.count('type="radio" name="kind"') == 5
    sent_ = {"seen": 1, "sheet": "kind", "kind": "nonsense"}
    assert browser.post(bench(path, "drafts", first.pk, "drop"), sent_).status_code == 422
    assert browser.post(bench(path, "drafts", first.pk, "drop"), sent_ | {"kind": "heading"}).status_code == 303
    assert "理由：标题或概括的话" in text(browser.get(bench(path)))
    assert EventBody.objects.get(event__thing_id=first.pk, event__step="drop").after == {"kind": "heading"}


def test_a_table_of_the_document_stands_as_a_table_with_its_merged_cells():
    file = docx.Document()
    for line in ("关于某局的反馈意见", "一、问题", "1.无证办学没有查处，监管缺位。"):
        file.add_paragraph(line)
    table = file.add_table(rows=3, cols=2)
    for row, words in enumerate((("机构", "情况"), ("甲培训", "无证"), ("", "超范围"))):
        for column, said in enumerate(words):
            table.cell(row, column).text = said
    table.cell(1, 0).merge(table.cell(2, 0))
    file.add_paragraph("2.会议纪律松弛，台账缺失。")
    file.save(kept := io.BytesIO())
    path = uploaded()
    path.upload(content=kept.getvalue(), name="有表.docx")
    page = text(visitor(path.county.actor("liaison")).get(bench(path)))
    shown = re.sub(r"<(?!/?t[dr]\b)[^>]+>", "", page[page.index('class="paper-table"') :].split("</table>")[0])
    assert 'rowspan="2"' in shown
    assert [re.findall(r"<td[^>]*>\s*([^<]*)", row) for row in shown.split("<tr>")[1:]] == [
        ["机构", "情况"], ["甲培训", "无证"], ["超范围"],
    ]  # fmt: skip
    assert page.index("无证办学") < page.index('class="paper-table"') < page.index("会议纪律")


def test_pages_and_repairs_stand_where_they_are_and_no_letter_is_lost():
    whole = "标题\n甲事（jia shi）接着说\n乙事"
    made = RepairRow((5, 14), "（jia shi）", "", "pinyin", 1.0)
    waits = OfferRow(new_id(NOW), RepairRow((18, 18), "", "，", "punctuation", 0.8))
    found = paragraphs(whole, [], Paper((), (0, 15), (made,), (waits,)))
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in found) == whole
    flat = [piece for line in found for piece in line.pieces]
    assert [piece.text for piece in flat if piece.is_repair and not piece.waits] == ["（jia shi）"]
    assert [(piece.text, piece.after) for piece in flat if piece.waits] == [("", "，")]
    assert [(piece.page, piece.text) for piece in flat if piece.page] == [(2, whole[15:17])]


def test_a_file_that_is_too_long_is_shown_as_plain_paragraphs(monkeypatch):
    monkeypatch.setattr(_paper, "MOST_LETTERS", 10)
    path = sent(DAMAGED)
    page = text(visitor(path.county.actor("liaison")).get(bench(path)))
    assert "<del>設</del>" not in page
    assert "制度建設滞后" in page


def test_a_document_taken_for_something_else_is_read_as_a_feedback_and_what_is_here_stays():
    path = sent(ACCOUNT)
    browser = visitor(path.county.actor("liaison"))
    assert drafts(path) == []
    assert browser.post(bench(path, "read-again")).status_code == 303
    read = drafts(path)
    assert [row.text for row in read] == ["学校收费没有公示，监管缺位。", "会议纪律松弛，台账缺失。"]
    assert "又读出" in text(browser.get(bench(path)))
    assert browser.post(bench(path, "drafts", read[0].pk, "confirm"), {"seen": 1}).status_code == 303
    again = browser.post(bench(path, "read-again"))
    assert again.status_code == 422
    assert "没有读出新的问题" in text(again)
    assert [row.pk for row in drafts(path)] == [row.pk for row in read]
    assert Draft.objects.get(pk=read[0].pk).state == "confirmed"
