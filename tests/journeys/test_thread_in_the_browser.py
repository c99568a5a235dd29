"""One document's way in the browser: uploaded, read, confirmed, given, signed for; and one finding's, to closed.

The inspected unit is new to the demo's county, so that whatever its people see comes from this story.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from tests.cli.launcher.stage import ROOT
from tests.cli.running import run
from tests.journeys.visits import Visitor, Visits, first_sign_in, open_account, today

DOCUMENT = ROOT / "bihuan" / "demo" / "documents" / "water_bureau.docx"
IN_DOCUMENT, PROPOSED = 34, "待认定"
UNIT, TEAM = "枫林镇党委", "区委第二巡察组"
HEAD, CLERK = ("边野", "fenglinzhen"), ("卜禾", "fenglinban")
# The three who sign for the feedback, and the five posts through which a finding goes to closed.
LEADER, DIRECTOR = "zuzhang2", "zhuren"
DISCIPLINE, ORGANIZATION = "jijian", "zuzhibu"
MARKER = re.compile(r"[一二三四五六七八九十]+[、是]|\(.+?\)|\d+\.")
CELLS = "rows => rows.map(row => Array.from(row.cells, cell => cell.innerText.trim()))"
CORRECTED = "三年未按规定清理往来账款，涉及金额以原始凭证为准。"
TODAY = today()
SOON, LATER = str(TODAY + timedelta(days=10)), str(TODAY + timedelta(days=40))
OPINION = "“完善制度”没有写明修订哪一条、由谁执行，请逐条写实。"


@dataclass
class Thread:
    """Where the story is: addresses, and the texts of the document's drafts in their order."""

    visits: Visits
    inspection: str
    feedback: str = ""
    source: str = ""
    drafts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def ledger(self) -> str:
        """The ledger of this inspection alone."""
        return f"/findings/?inspection={self.inspection.rpartition('/')[2]}"


@pytest.fixture(scope="module")
def inspected(visits_of_demo: Visits) -> Thread:
    """A new inspection of a unit whose head and clerk have just been given their accounts."""
    officer, office = visits_of_demo.of("xitong"), visits_of_demo.of(DIRECTOR)
    for (person, account), role in ((HEAD, "单位主要负责人"), (CLERK, "单位承办人")):
        once = open_account(officer, person, account, {role: UNIT})
        first_sign_in(visits_of_demo, account, once, f"Zi-ji-de-{role}")
    office.open("/rounds/")
    office.page.locator("main tbody a").first.click()
    office.follow("编入巡察对象")
    office.type({"巡察对象": UNIT, "巡察组": TEAM})
    assert office.press("编入") == 302, office.words
    leader = visits_of_demo.of(LEADER)
    leader.open(office.path)
    for step in ("进驻", "撤点"):
        leader.follow(step)
        assert leader.press(step) == 302, leader.words
    return Thread(visits_of_demo, office.path)


@pytest.fixture(scope="module")
def uploaded(inspected: Thread) -> Thread:
    """The document on the bench of the team's liaison."""
    liaison = inspected.visits.of("lianluo2")
    liaison.open("/feedback/")
    liaison.follow("上传反馈意见")
    liaison.type({"巡察对象": liaison.page.locator("option", has_text=UNIT).text_content() or ""})
    liaison.field("文件").set_input_files(DOCUMENT)
    assert liaison.press("上传并读出问题") == 303, liaison.words
    inspected.feedback = liaison.path
    inspected.source = str(liaison.page.get_by_role("link", name=DOCUMENT.name).get_attribute("href"))
    inspected.drafts = tuple(_drafts(liaison).locator(".draft-text").all_text_contents())
    inspected.levels = tuple(_drafts(liaison).locator(".draft-top > span[lang]").all_text_contents())
    return inspected


@pytest.fixture(scope="module")
def given_to_two(uploaded: Thread) -> Thread:
    """Confirmed, approved by the secretary, given by the office, signed for by two of three."""
    visits = uploaded.visits
    _confirm(visits.of("lianluo2"), uploaded)
    for account, step in (("shuji", "审批"), ("xunchaban", "发出反馈"), (LEADER, "签收"), (DIRECTOR, "签收")):
        _take(visits.of(account), uploaded.feedback, step)
    return uploaded


@pytest.fixture(scope="module")
def given(given_to_two: Thread) -> Thread:
    """Signed for by the unit's head too."""
    _take(given_to_two.visits.of(HEAD[1]), given_to_two.feedback, "签收")
    return given_to_two


def _drafts(visitor: Visitor) -> Locator:
    return visitor.page.locator("main li[id^='draft-']")


def _confirm(liaison: Visitor, thread: Thread) -> None:
    """One as it stands, one by the keyboard, one with its words put right, one dropped, the rest at once."""
    liaison.open(thread.feedback)
    drafts, counts = _drafts(liaison), liaison.page.get_by_role("status")
    drafts.nth(0).get_by_role("button", name=re.compile("^认定")).click()
    expect(counts).to_contain_text("待认定 33，已认定 1，已去掉 0")
    drafts.nth(1).focus()
    liaison.page.keyboard.press("Enter")
    expect(counts).to_contain_text("待认定 32，已认定 2，已去掉 0")
    _describe(drafts.nth(2), "保存并认定", words=CORRECTED)
    expect(counts).to_contain_text("待认定 31，已认定 3，已去掉 0")
    drafts.nth(3).get_by_role("link", name="去掉").click()
    drafts.nth(3).get_by_label("去掉的理由").fill("与另一条重复")
    drafts.nth(3).get_by_role("button", name="去掉").click()
    expect(counts).to_contain_text("待认定 30，已认定 3，已去掉 1")
    for number in range(4, IN_DOCUMENT):
        _describe(drafts.nth(number), "只保存")
    liaison.page.get_by_role("button", name="认定有分类的 30 条").click()
    expect(counts).to_contain_text("待认定 0，已认定 33，已去掉 1", timeout=60_000)
    _complete(liaison, drafts)


def _complete(liaison: Visitor, drafts: Locator) -> None:
    """The two confirmed without a category get one on their own pages; before that nobody approves."""
    for finding in [str(drafts.nth(n).locator("a[href^='/findings/']").get_attribute("href")) for n in (0, 1)]:
        assert liaison.open(finding) == 200
        liaison.follow("补充要素")
        liaison.field("问题分类").select_option("A302")
        assert liaison.press("补充要素") == 303, liaison.words


def _describe(draft: Locator, button: str, *, words: str = "") -> None:
    """Open one draft, give it a category, perhaps other words, and press."""
    draft.get_by_role("link", name="修改").click()
    draft.get_by_label("问题分类").select_option("A302")
    if words:
        draft.get_by_label("问题内容").fill(words)
    draft.get_by_role("button", name=button).click()
    expect(draft.locator("form.draft-form")).to_have_count(0)


def _take(visitor: Visitor, thing: str, step: str, **typed: str) -> None:
    """Take a step of a thing from its own page."""
    assert visitor.open(thing) == 200, visitor.words
    visitor.follow(step)
    visitor.type(typed)
    for point in visitor.page.get_by_role("group", name="审核要点").get_by_role("checkbox").all():
        point.check()
    assert visitor.press(step) == 303, visitor.words
    assert f"已办理“{step}”" in visitor.words


def _rows(visitor: Visitor) -> list[tuple[str, ...]]:
    """The rows of the list on the page, all of its pages: number, words, unit, category, state."""
    found: list[tuple[str, ...]] = []
    while True:
        lines = visitor.page.locator("main tbody tr").evaluate_all(CELLS)
        found += [tuple(cells[:5]) for cells in lines]
        after = visitor.page.locator("main a[rel=next]")
        if not after.count():
            return found
        visitor.open(str(after.get_attribute("href")))


def _counts(visitor: Visitor) -> dict[str, tuple[int, str]]:
    """The figures above the list by their words: how many, and where they lead."""
    found = {}
    for link in visitor.page.get_by_role("list", name="按状态").get_by_role("link").all():
        label, number = link.inner_text().split()
        found[label] = (int(number.replace(",", "")), str(link.get_attribute("href")))
    return found


def _sheet(visitor: Visitor, address: str) -> list[tuple[str, ...]]:
    """The rows of the export behind the list: as in _rows."""
    book = openpyxl.load_workbook(BytesIO(visitor.fetch(address)))
    lines = [[str(value or "") for value in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    first = next(number for number, line in enumerate(lines) if line[0] in ("编号", "Number"))
    return [tuple(line[:5]) for line in lines[first + 1 :]]


def test_a_word_document_becomes_thirty_four_drafts_on_three_levels(visits, uploaded):
    bench = visits.of("lianluo2")
    assert f"读出 {IN_DOCUMENT} 条" in bench.words
    assert len(uploaded.drafts) == IN_DOCUMENT
    assert {len(MARKER.findall(level)) for level in uploaded.levels} == {2, 3, 4}
    paper = bench.page.get_by_role("region", name="原文")
    marked = paper.locator("mark").all_text_contents()
    assert all(text[:12] in "".join(marked) for text in uploaded.drafts)
    assert visits.of("lianluo4").status(uploaded.feedback) == 404


def test_before_the_third_signature_the_unit_sees_nothing_of_it_anywhere(demo, visits, given_to_two):
    clerk, office = visits.of(CLERK[1]), visits.of(DIRECTOR)
    office.open(given_to_two.ledger)
    numbers = [row[0] for row in _rows(office)]
    address = str(office.page.locator("main tbody a").first.get_attribute("href"))
    assert len(numbers) == IN_DOCUMENT - 1
    for query in ("", f"?{urlencode({'q': given_to_two.drafts[0][:8]})}", f"?{urlencode({'q': numbers[0]})}",
                  given_to_two.ledger.removeprefix("/findings/")):  # fmt: skip
        clerk.open(f"/findings/{query}")
        assert (_rows(clerk), _counts(clerk)) == ([], {}), query
        assert _sheet(clerk, f"/findings/export{query}") == []
    for hidden in (address, f"{address}steps/submit_plan/", given_to_two.source):
        assert clerk.status(hidden) == 404, hidden
    assert clerk.open("/statistics/") == 200
    assert not clerk.page.locator("main tbody tr").count()
    for page in ("/", "/feedback/", given_to_two.feedback, given_to_two.inspection, "/statistics/"):
        clerk.open(page)
        assert not any(text[:12] in clerk.words for text in (*given_to_two.drafts, CORRECTED)), page
        assert not any(number in clerk.words for number in numbers), page
    told = run(demo.home, "finding", "show", numbers[0], "--as", CLERK[1], "--json")
    assert (told.returncode, '"unknown"' in told.stdout) == (1, True)


def test_the_third_signature_gives_the_unit_its_findings(visits, given):
    clerk = visits.of(CLERK[1])
    clerk.open("/findings/")
    rows = _rows(clerk)
    assert {row[2] for row in rows} == {UNIT}
    assert {row[4] for row in rows} == {"待报方案"}
    shown = "".join(row[1].rstrip("…") for row in rows)
    assert CORRECTED[:12] in shown
    assert not any(given.drafts[n][:12] in shown for n in (2, 3))
    assert (len(rows), _counts(clerk)["待报方案"][0]) == (IN_DOCUMENT - 1, IN_DOCUMENT - 1)
    visits.of(HEAD[1]).open("/")
    assert all(said in visits.of(HEAD[1]).words for said in ("今天有 1 件事等您办", f"{IN_DOCUMENT - 1} 条问题"))


def test_one_finding_goes_to_closed_through_five_posts(visits, given, tmp_path):
    head = visits.of(HEAD[1])
    head.open("/findings/")
    head.page.locator("main tbody a").first.click()
    head.page.wait_for_load_state()
    finding = head.path
    _plan_is_returned_by_the_second_of_two(visits, finding)
    _plan_is_approved(visits, finding)
    _closing_is_asked_for(visits, finding, tmp_path)
    for account in (DISCIPLINE, ORGANIZATION):
        assert "其他审核方还没有全部同意" in _refused(visits.of(DIRECTOR), finding)
        _take(visits.of(account), finding, "同意销号")
    _take(visits.of(DIRECTOR), finding, "予以销号")
    clerk = visits.of(CLERK[1])
    clerk.open(finding)
    expect(clerk.page.locator("main .page-marks")).to_contain_text("已销号")
    story = clerk.page.get_by_role("region", name="经过").inner_text()
    for person in ("边野", "卜禾", "严秉正", "艾文澜", "沈知遥"):
        assert person in story
    files = clerk.page.get_by_role("region", name="措施").locator("a[href^='/evidence/']").all()
    assert [link.inner_text() for link in files] == ["台账.txt", "办法.txt"]
    for link in files:
        assert clerk.fetch(f"{link.get_attribute('href')}/file").decode() == f"{link.inner_text()}的内容"
    assert visits.of("shitang").status(finding) == 404


def _type_measures(head: Visitor, *measures: tuple[str, str]) -> None:
    for number, (text, product) in enumerate(measures, 1):
        row = head.page.get_by_role("group", name=f"措施 {number}", exact=True)
        head.type({"措施内容": text, "责任人": "分管副职", "完成时限": LATER, "成果形式": product}, row)


def _hand_in(head: Visitor) -> None:
    assert head.press("保存") == 303, head.words
    head.follow("报送方案")
    assert head.press("报送方案") == 303, head.words


def _plan_is_returned_by_the_second_of_two(visits: Visits, finding: str) -> None:
    """The plan is sent back, though somebody was faster with a word of agreement: what was typed stays."""
    head, first, second = visits.of(HEAD[1]), visits.of(ORGANIZATION), visits.of(DISCIPLINE)
    head.open(finding)
    head.follow("报送方案")
    head.type({"原因分析": "往来账款没有专人核对", "整改目标": "核对清理 12 笔", "牵头领导": "分管副职"})
    _type_measures(head, ("逐笔核对往来账款", ""), ("完善制度", "印发的办法"))
    assert head.press("保存") == 303, head.words
    assert "第 1 条措施没有成果形式" in head.words
    head.open(finding)
    head.follow("报送方案")
    _type_measures(head, ("逐笔核对往来账款", "核对后的台账"))
    _hand_in(head)
    second.open(finding)
    second.follow("退回方案")
    second.page.get_by_label("措施不具体", exact=True).check()
    second.type({"意见": OPINION, "重报期限": SOON})
    _take(first, finding, "同意方案")
    assert second.press("退回方案") == 409
    assert all(word in second.words for word in ("艾文澜", "同意方案"))
    assert second.field("意见").input_value() == OPINION
    assert second.press("退回方案") == 303, second.words
    head.open(finding)
    assert all(word in head.words for word in (OPINION, "方案退回"))


def _plan_is_approved(visits: Visits, finding: str) -> None:
    head = visits.of(HEAD[1])
    head.open(finding)
    head.follow("报送方案")
    head.follow("抄用上一版")
    row = head.page.get_by_role("group", name="措施 2", exact=True)
    assert head.field("措施内容", row).input_value() == "完善制度"
    head.type({"措施内容": "修订往来款项管理办法第六条，由计财科执行"}, row)
    _hand_in(head)
    for account in (DISCIPLINE, ORGANIZATION):
        assert "其他审核方还没有全部同意" in _refused(visits.of(DIRECTOR), finding)
        _take(visits.of(account), finding, "同意方案")
    _take(visits.of(DIRECTOR), finding, "批准方案")


def _refused(visitor: Visitor, finding: str) -> str:
    """The steps that cannot be taken now, with their reasons."""
    visitor.open(finding)
    return visitor.page.get_by_role("list", name="现在不能办的事及原因").inner_text()


def _closing_is_asked_for(visits: Visits, finding: str, folder) -> None:
    """The clerk hands in what proves the first measure, the head the second, and asks."""
    for name in ("台账.txt", "办法.txt"):
        (folder / name).write_text(f"{name}的内容", encoding="utf-8")
    clerk, head = visits.of(CLERK[1]), visits.of(HEAD[1])
    clerk.open(finding)
    clerk.follow("补交佐证")
    row = clerk.page.get_by_role("group", name="措施 1", exact=True)
    clerk.field("文件", row).set_input_files(folder / "台账.txt")
    clerk.type({"证明什么": "逐笔核对完毕", "材料日期": str(TODAY)}, row)
    assert clerk.press("补交佐证") == 303, clerk.words

    head.open(finding)
    head.follow("申请销号")
    head.page.get_by_label("已完成", exact=True).check()
    for answer in head.page.locator(".criterion-form").all():
        head.type({"怎样达到，或为什么不涉及": "已经做到，见佐证"}, answer)
    assert head.press("申请销号") == 422
    assert "第 2 条措施还没有佐证" in head.words
    second = head.page.get_by_role("group", name="措施 2", exact=True)
    head.field("文件", second).set_input_files(folder / "办法.txt")
    assert head.press("申请销号") == 303, head.words


def test_every_figure_leads_to_exactly_its_rows(visits, given):
    office = visits.of(DIRECTOR)
    for ledger in ("/findings/", given.ledger):
        office.open(ledger)
        counts = _counts(office)
        everything, _address = counts["全部"]
        assert everything == sum(n for label, (n, _) in counts.items() if label != "全部")
        for label, (n, address) in counts.items():
            office.open(address)
            rows = _rows(office)
            assert len(rows) == len({row[0] for row in rows}) == n, label
            assert label == "全部" or {row[4] for row in rows} == {label}


def test_the_statistics_count_the_same_and_lead_to_the_same_rows(visits, given):
    office = visits.of(DIRECTOR)
    office.open(f"/findings/?{urlencode({'q': '云溪'})}")
    counted = Counter(row[4] for row in _rows(office) if row[2] == UNIT)
    office.open("/statistics/")
    row = office.page.locator("#by-state tbody tr").filter(has=office.page.get_by_role("rowheader", name=UNIT))
    heads = [head.strip() for head in office.page.locator("#by-state thead th.is-number").all_inner_texts()]
    figures = [int(cell.replace(",", "")) for cell in row.locator("td.is-number").all_inner_texts()]
    shown = dict(zip(heads, figures, strict=True))
    assert shown.pop("合计") == sum(counted.values()) == IN_DOCUMENT - 1
    assert {state: n for state, n in shown.items() if n} == counted
    for link in [str(one.get_attribute("href")) for one in row.locator("td.is-number a").all()]:
        office.open("/statistics/")
        n = int(office.page.locator(f"#by-state a[href='{link}']").first.inner_text())
        office.open(link)
        assert len(_rows(office)) == n, link


def test_the_sheet_has_the_rows_of_the_list(visits, given):
    clerk = visits.of(CLERK[1])
    for query in ("", "?state=awaiting_plan"):
        clerk.open(f"/findings/{query}")
        address = str(clerk.page.get_by_role("link", name="导出 Excel").get_attribute("href"))
        rows = _rows(clerk)
        assert len(rows) >= IN_DOCUMENT - 2
        assert [row[0::2] for row in _sheet(clerk, address)] == [row[0::2] for row in rows]


def test_the_frame_speaks_english_and_goes_back(visits, given):
    head = visits.of(HEAD[1])
    head.open("/findings/")
    head.speak("English")
    try:
        assert head.page.locator("html").get_attribute("lang") == "en"
        states = {row[4] for row in _rows(head)}
        assert not any(re.search("[一-鿿]", word) for word in (head.heading, *head.menu(), *states)), states
    finally:
        head.speak("中文")
    assert head.page.locator("html").get_attribute("lang") == "zh-Hans"
