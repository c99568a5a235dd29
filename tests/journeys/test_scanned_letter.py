"""A scanned letter goes in, is recognized page by page, and is looked through beside its pictures."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.engines import scan_files
from tests.journeys.looking import too_wide, wrongs_of
from tests.journeys.visits import Visitor, Visits

LIAISON = "lianluo2"
NAME = "扫描的反馈意见.pdf"
# Of a machine on which others work too: two pages, the models read first.
PATIENCE = 90_000
RIGHT = "工程管理不规范。抽查的12个项目中有5个未按规定招标，涉及金额1036万元。"
CATEGORY = "A302"


def _lines(page: Page) -> Locator:
    return page.get_by_role("row").filter(has_text=NAME)


def test_a_scanned_letter_becomes_findings_beside_its_pictures(visits: Visits) -> None:
    liaison = visits.of(LIAISON)
    _send(liaison)
    _is_found_again(liaison)
    address = _opened(liaison)
    doubtful = _doubt_on_both_sides(liaison)
    _corrected_and_confirmed(liaison, doubtful)
    _looks_well(liaison, visits.of(LIAISON, width=390), address)
    _without_a_script(liaison, address)


def _send(liaison: Visitor) -> None:
    """Sent alone as any other file: nobody waits for it."""
    liaison.open("/feedback/upload")
    inspection = liaison.field("巡察对象").locator("option").nth(1).text_content() or ""
    liaison.type({"巡察对象": inspection})
    letter = {"name": NAME, "mimeType": "application/pdf", "buffer": scan_files.scanned_letter()}
    liaison.field("文件").set_input_files(letter)
    assert liaison.press("上传并读出问题") == 303, liaison.words
    assert liaison.path == "/feedback/intakes/"


def _is_found_again(liaison: Visitor) -> None:
    """The pages are told as they are done; one may leave meanwhile."""
    expect(_lines(liaison.page)).to_contain_text(re.compile("正在识别第 [12] 页，共 2 页"), timeout=PATIENCE)
    liaison.open("/")
    liaison.page.get_by_role("link", name=re.compile("^来件")).click()
    expect(_lines(liaison.page)).to_contain_text("读出 4 条，等您认定。", timeout=PATIENCE)


def _opened(liaison: Visitor) -> str:
    assert liaison.press(f"打开 {NAME}") == 303
    sheets = liaison.page.locator(".bench-paper .scan")
    expect(sheets).to_have_count(2)
    for number in range(2):
        picture = sheets.nth(number).get_by_role("img", name=f"第 {number + 1} 页原图")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") == 1400
    assert "可能有漏认" not in liaison.words
    return liaison.path


def _doubt_on_both_sides(liaison: Visitor) -> Locator:
    """The blotted character is marked on the picture where it stands, in the text, and its finding is doubtful."""
    liaison.page.keyboard.press("n")
    doubtful = liaison.page.locator(".draft.is-doubtful").filter(has_text="涉及金额1036万元")
    expect(doubtful).to_be_visible()
    words = liaison.page.locator(".paper-text mark .unsure")
    told = words.evaluate_all("all => all.map(one => one.title)")
    second = liaison.page.locator("#sheet-2")
    marks = second.locator("rect.scan-character")
    titles = marks.locator("title").all_text_contents()
    assert set(told) <= {*titles, *liaison.page.locator("#sheet-1 rect title").all_text_contents()}
    picture = second.locator("img").bounding_box()
    assert picture
    sheet = scan_files.sheets(scan_files.LETTER[6:], numbered=False)[0]
    left, top, right, bottom = sheet.box(scan_files.BLOTTED)
    x = picture["x"] + (left + right) / 2 / scan_files.WIDTH * picture["width"]
    y = picture["y"] + (top + bottom) / 2 / scan_files.HEIGHT * picture["height"]
    near = 45 / scan_files.WIDTH * picture["width"]  # the page lies askew
    boxes = [box for box in (mark.bounding_box() for mark in marks.all()) if box]
    assert any(
        abs(box["x"] + box["width"] / 2 - x) < near and abs(box["y"] + box["height"] / 2 - y) < near for box in boxes
    )
    return doubtful


def _corrected_and_confirmed(liaison: Visitor, doubtful: Locator) -> None:
    doubtful.get_by_role("link", name="修改").click()
    opened = liaison.page.locator(".draft.is-open")
    expect(opened).to_be_visible()
    opened.get_by_label("问题内容").fill(RIGHT)
    opened.get_by_label("问题分类").select_option(CATEGORY)
    opened.get_by_role("button", name="保存并认定", exact=True).click()
    done = liaison.page.locator(".draft.is-confirmed")
    expect(done.locator(".draft-text")).to_have_text(RIGHT)
    done.get_by_role("link").last.click()
    expect(liaison.page.locator("main")).to_contain_text(RIGHT)


def _looks_well(wide: Visitor, narrow: Visitor, address: str) -> None:
    for visitor in (wide, narrow):
        assert visitor.open(address) == 200
        visitor.page.locator("#sheet-1 img").scroll_into_view_if_needed()
        assert wrongs_of(visitor.page) == []
        assert too_wide(visitor.page) == []


def _without_a_script(liaison: Visitor, address: str) -> None:
    """The pictures with their marks stand in the page itself."""
    page = liaison.fetch(address).decode()
    assert page.count('<figure class="scan"') == 2
    assert page.count('<rect class="scan-character"') >= 1
    assert liaison.status(f"{address}pages/1") == 200
    assert liaison.status(f"{address}pages/3") == 404
