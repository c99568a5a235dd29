"""The chain in the browser: every deed done on its page, by labels, buttons and links. And pictures of its pages.

The pictures of docs/pictures/chain are written by:
BIHUAN_PICTURES=1 make test ARGS=tests/journeys/test_chain_in_the_browser.py
"""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Locator, expect

from bihuan.rules.lifecycle import FINDING
from tests.cli.launcher.stage import ROOT
from tests.journeys.chain import (
    DIRECTOR,
    LATER,
    MUCH_LATER,
    NO_ORIGINAL,
    OFFICE,
    OPINION,
    SOON,
    TODAY,
    Cast,
    DraftSeen,
    Story,
    n_marked,
    new_inspection,
)
from tests.journeys.visits import Visitor, Visits

DOCUMENT = ROOT / "tests" / "samples" / "journey" / "regular.docx"
CAST = Cast("云溪第一中学党委", "区委第二巡察组", "xiaozhang", "xiaoban", "zuzhang2", "lianluo2")
PEOPLE = {"xiaozhang": ("池清源", "单位主要负责人"), "xiaoban": ("冉小禾", "单位承办人")}
PICTURES = ROOT / "docs" / "pictures" / "chain"
WANTED = os.environ.get("BIHUAN_PICTURES") == "1"
SHOWN = ("bench", "given", "draft", "lists", "review", "compare", "finding", "evidence", "request", "closing", "desk",
         "ledger")  # fmt: skip
CODES = {state.label: state.code for state in FINDING.states}
DEEDS = {"approve": "审批", "give": "发出反馈", "sign": "签收"}
CLAIMED = {"done": "已完成", "long_term": "阶段性完成并长期坚持"}
SEEN = """items => items.map(item => [
    item.dataset.draft, item.querySelector(".draft-text").textContent, Number(item.querySelector("[name=seen]").value)
])"""
# The form that is open, sent for other drafts as well: it is too slow to type the same thirty times.
SAVED = """async ([open, others]) => {
    const form = document.querySelector("form.draft-form"), answers = []
    for (const [draft, text, seen] of others) {
        const sent = new FormData(form)
        for (const [name, value] of Object.entries({ text, seen, then: "keep" })) sent.set(name, value)
        const address = form.getAttribute("action").replace(open, draft)
        answers.push((await fetch(address, { method: "POST", body: sent, redirect: "manual" })).type)
    }
    return answers
}"""
LISTED = "links => links.map(link => [link.closest('tr').cells[0].innerText.trim(), link.getAttribute('href')])"


class Browsers:
    """The door: each person at a browser of their own."""

    def __init__(self, visits: Visits, look: Callable[[Visitor, str], None]) -> None:
        self.visits, self.look = visits, look
        self.where: dict[str, str] = {}

    def _at(self, who: str, address: str) -> Visitor:
        visitor = self.visits.of(who)
        # More than thirty rows are decided in one act, on a machine that may be busy.
        visitor.context.set_default_timeout(60_000)
        assert visitor.open(address) == 200, visitor.words
        return visitor

    def upload(self, who: str, document: Path, *, inspection: str) -> str:
        liaison = self._at(who, "/feedback/")
        liaison.follow("上传反馈意见")
        liaison.type({"巡察对象": liaison.page.locator("option", has_text=CAST.unit).text_content() or ""})
        liaison.type({"标题": f"关于巡察{CAST.unit}的反馈意见"})
        liaison.field("文件").set_input_files(document)
        assert liaison.press("上传并读出问题") == 303, liaison.words
        return liaison.path.split("/")[2]

    def _bench(self, who: str, feedback: str) -> Visitor:
        visitor = self.visits.of(who)
        return visitor if visitor.path == f"/feedback/{feedback}/" else self._at(who, f"/feedback/{feedback}/")

    def drafts(self, who: str, feedback: str) -> list[DraftSeen]:
        bench = self._at(who, f"/feedback/{feedback}/")
        return [DraftSeen(*found) for found in bench.page.locator("li.draft.is-proposed").evaluate_all(SEEN)]

    def _opened(self, who: str, feedback: str, draft: DraftSeen, deed: str) -> Locator:
        """The draft with the form of that deed open."""
        item = self._bench(who, feedback).page.locator(f"#draft-{draft.id}")
        item.get_by_role("link", name=deed, exact=True).click()
        expect(item.locator("form.draft-form")).to_be_visible()
        return item

    def _sent(self, item: Locator, button: str) -> None:
        item.get_by_role("button", name=button, exact=True).click()
        expect(item.page.locator("form.draft-form")).to_have_count(0)

    def correct(self, who: str, feedback: str, draft: DraftSeen, text: str) -> None:
        item = self._opened(who, feedback, draft, "修改")
        item.get_by_label("问题内容").fill(text)
        self._sent(item, "只保存")
        expect(item.locator(".draft-text")).to_have_text(text)

    def split(self, who: str, feedback: str, draft: DraftSeen, parts: Sequence[str]) -> None:
        item = self._opened(who, feedback, draft, "拆分")
        boxes = item.locator("textarea")
        for number in range(boxes.count()):
            boxes.nth(number).fill(parts[number] if number < len(parts) else "")
        self._sent(item, "拆分")

    def join(self, who: str, feedback: str, draft: DraftSeen, other: DraftSeen) -> None:
        item = self._opened(who, feedback, draft, "合并")
        option = item.locator(f"option[value^='{other.id}']").get_attribute("value")
        item.get_by_label("与哪一条合并").select_option(option)
        self._sent(item, "合并")

    def drop(self, who: str, feedback: str, draft: DraftSeen, reason: str) -> None:
        item = self._opened(who, feedback, draft, "去掉")
        item.get_by_label("去掉的理由").fill(reason)
        self._sent(item, "去掉")

    def confirm(self, who: str, feedback: str, drafts: Sequence[DraftSeen], category: str) -> None:
        """The first one with its form; the others described, and then confirmed at once."""
        first, second, *others = drafts
        bench = self._bench(who, feedback)
        self._sent(self._described(self._opened(who, feedback, first, "修改"), category), "保存并认定")
        item = self._described(self._opened(who, feedback, second, "修改"), category)
        self.look(bench, "bench")
        more = [[draft.id, draft.text, draft.revision] for draft in others]
        assert set(bench.page.evaluate(SAVED, [second.id, more])) == {"opaqueredirect"}
        self._sent(item, "只保存")
        bench.page.get_by_role("button", name=f"认定有分类的 {len(drafts) - 1} 条").click()
        expect(bench.page.locator(".bench-counts")).to_contain_text("待认定 0", timeout=60_000)

    def _described(self, item: Locator, category: str) -> Locator:
        item.get_by_label("问题分类").select_option(category)
        item.get_by_label("轻重").select_option(label="重点")
        item.get_by_label("涉及金额（元）").fill("3.2 万元")
        return item

    def act(self, who: str, feedback: str, deed: str) -> None:
        visitor = self._at(who, f"/feedback/{feedback}/")
        self._take(visitor, DEEDS[deed])
        if who == CAST.head:
            self.look(visitor, "given")

    def _take(self, visitor: Visitor, step: str, **typed: str) -> None:
        visitor.follow(step)
        visitor.type(typed)
        assert visitor.press(step) == 303, visitor.words
        assert f"已办理“{step}”" in visitor.words

    def is_hidden(self, who: str, feedback: str) -> bool:
        visitor = self._at(who, "/feedback/")
        is_listed = visitor.page.locator(f"main a[href*='{feedback}']").count() > 0
        status = visitor.status(f"/feedback/{feedback}/")
        assert is_listed == (status == 200)
        return status == 404

    def numbers(self, who: str, inspection: str) -> list[str]:
        visitor = self._at(who, f"/findings/?inspection={inspection}")
        found: list[tuple[str, str]] = []
        while True:
            found += visitor.page.locator("main tbody td.is-title a").evaluate_all(LISTED)
            after = visitor.page.locator("main a[rel=next]")
            if not after.count():
                break
            visitor.open(str(after.get_attribute("href")))
        self.where |= dict(found)
        return sorted(number for number, _address in found)

    def _plan(self, who: str, feedback: str) -> Visitor:
        visitor = self._at(who, "/plans/")
        visitor.page.locator(f"main a[href='/plans/{feedback}/']").click()
        visitor.page.wait_for_load_state()
        return visitor

    def fill(self, who: str, feedback: str, numbers: Sequence[str], goal: str) -> None:
        """From gap to gap, by the form's own second button."""
        visitor = self._plan(who, feedback)
        visitor.follow("填写方案")
        for place, number in enumerate(numbers, 1):
            assert visitor.page.locator("main figcaption").inner_text() == number
            copy = visitor.page.get_by_role("link", name="抄用上一版", exact=True)
            if copy.count():
                visitor.follow("抄用上一版")
                visitor.type({"整改目标": goal})
            else:
                self._write(visitor, goal)
            if place == len(numbers):
                self.look(visitor, "draft")
            assert visitor.press("保存" if place == len(numbers) else "保存并填下一条") == 303, visitor.words
        assert "任务有漏项" not in visitor.words

    def _write(self, visitor: Visitor, goal: str) -> None:
        visitor.type({"原因分析": "采购审批没有复核，党委没有研究过", "整改目标": goal, "牵头领导": "分管副校长"})
        measures = (("逐笔核对并清退", "挽回损失"), ("修订采购办法第三条", "建章立制"))
        for number, (text, kind) in enumerate(measures, 1):
            row = visitor.page.get_by_role("group", name=f"措施 {number}", exact=True)
            visitor.type({"措施内容": text, "责任人": "分管副校长", "完成时限": str(LATER), "成果形式": "凭证"}, row)
            row.get_by_label(kind, exact=True).check()

    def submit(self, who: str, feedback: str) -> None:
        visitor = self._plan(who, feedback)
        visitor.follow("报送方案")
        assert visitor.press("报送方案") == 303, visitor.words
        self.look(visitor, "lists")

    def review(self, who: str, feedback: str, *, agrees: bool, rows: Sequence[str] = ()) -> None:
        visitor = self._plan(who, feedback)
        visitor.follow("审核方案")
        for label in visitor.page.locator(".tick-head label").all() if rows else ():
            label.get_by_role("checkbox").set_checked(label.locator(".is-code").inner_text() in rows)
        if agrees:
            visitor.page.get_by_role("radio", name=re.compile("^(同意|批准)$")).check()
        else:
            visitor.page.get_by_label("退回重做", exact=True).check()
            visitor.page.get_by_label("措施不具体", exact=True).check()
            visitor.type({"意见": OPINION, "重报期限": str(SOON)})
        self.look(visitor, "review")
        assert visitor.press("提交审核意见") == 303, visitor.words
        compared = visitor.page.get_by_role("link", name="与上一版对照")
        if who == DIRECTOR and compared.count():
            compared.first.click()
            visitor.page.wait_for_load_state()
            assert visitor.page.locator(".compared ins").count() > 0
            self.look(visitor, "compare")

    def _finding(self, who: str, number: str) -> Visitor:
        return self._at(who, self.where[number])

    def progress(self, who: str, number: str, text: str) -> None:
        """On the page of progress, which may have several leaves."""
        visitor = self._at(who, "/progress/")
        row = visitor.page.locator("main tbody tr").filter(has=visitor.page.get_by_text(number, exact=True))
        while not row.count():
            visitor.open(str(visitor.page.locator("main a[rel=next]").get_attribute("href")))
        row.locator("summary").click()
        visitor.type({"进展": text}, row)
        assert visitor.press("保存填写的进展") == 303, visitor.words
        assert text in self._finding(who, number).words

    def evidence(self, who: str, number: str, measure: int, file: Path) -> None:
        visitor = self._finding(who, number)
        visitor.page.get_by_role("link", name="交佐证", exact=True).nth(measure - 1).click()
        slot = visitor.page.get_by_role("group", name=f"措施 {measure}", exact=True)
        visitor.field("文件", slot).set_input_files(file)
        visitor.type({"证明什么": "已清退", "材料日期": str(TODAY)}, slot)
        self.look(visitor, "evidence")
        assert visitor.press("补交佐证") == 303, visitor.words
        self.look(visitor, "finding")

    def ask_extension(self, who: str, number: str) -> None:
        typed = {"延期到": str(MUCH_LATER), "理由": "对方单位破产清算，款项待分配"}
        self._take(self._finding(who, number), "申请延期", **typed)

    def decide_extension(self, who: str, number: str, *, grants: bool) -> None:
        typed = {} if grants else {"意见": "离时限还有时间，请抓紧办理"}
        self._take(self._finding(who, number), "批准延期" if grants else "不同意延期", **typed)

    def report_basically_done(self, who: str, number: str) -> None:
        typed = {"还剩什么没有完成": "还有一笔没有到账", "剩余事项完成期限": str(SOON)}
        self._take(self._finding(who, number), "报告基本完成", **typed)

    def ask_closing(self, who: str, number: str, claim: str) -> None:
        visitor = self._finding(who, number)
        visitor.follow("申请销号")
        visitor.page.get_by_label(CLAIMED[claim], exact=True).check()
        for answer in visitor.page.locator(".criterion-form").all():
            visitor.type({"怎样达到，或为什么不涉及": "已经做到，见佐证"}, answer)
            answer.get_by_role("checkbox").first.check()
        self.look(visitor, "request")
        assert visitor.press("申请销号") == 303, visitor.words

    def decide_closing(self, who: str, number: str, *, agrees: bool, claim: str = "done") -> None:
        visitor = self._at(who, f"/closing/?box=mine&q={number}")
        visitor.page.locator("main tbody tr").filter(has_text=number).get_by_role("link").first.click()
        visitor.page.wait_for_load_state()
        if not agrees:
            visitor.type({"意见": NO_ORIGINAL})
            assert visitor.press("退回销号申请") == 303, visitor.words
            return
        for point in visitor.page.locator(".decide").get_by_role("checkbox").all():
            point.check()
        last = {"done": "予以销号", "long_term": "转长期坚持"}[claim]
        if who == DIRECTOR and claim == "long_term":
            visitor.type({"长期坚持的阶段目标": "每半年复查一次", "下次复核日期": str(LATER)})
        self.look(visitor, "closing")
        assert visitor.press(last if who == DIRECTOR else "同意销号") == 303, visitor.words

    def ask_reopening(self, who: str, number: str, file: Path) -> None:
        visitor = self._finding(who, number)
        visitor.follow("申请重启")
        visitor.type({"重启依据": "信访、问卷、回访发现问题仍然存在", "理由": "群众来信反映仍在收费"})
        slot = visitor.page.get_by_role("group", name="材料 1", exact=True)
        visitor.field("文件", slot).set_input_files(file)
        assert visitor.press("申请重启") == 303, visitor.words

    def decide_reopening(self, who: str, number: str, *, grants: bool) -> None:
        typed = {} if grants else {"意见": "来信所说的不是同一件事，不予重启"}
        self._take(self._finding(who, number), "批准重启" if grants else "不同意重启", **typed)

    def state(self, who: str, number: str) -> str:
        return CODES[self._finding(who, number).page.locator("main .page-marks .state").first.inner_text()]

    def counts(self, who: str, inspection: str) -> dict[str, int]:
        """The figures above the ledger; to the office the statistics say the same."""
        visitor = self._at(who, f"/findings/?inspection={inspection}")
        links = visitor.page.get_by_role("list", name="按状态").get_by_role("link").all_inner_texts()
        figures = {label: int(figure.replace(",", "")) for label, figure in map(str.split, links)}
        everything = figures.pop("全部")
        found = {CODES[label]: n for label, n in figures.items() if n}
        assert everything == sum(found.values())
        if who == OFFICE:
            self.look(visitor, "ledger")
            assert self._in_statistics(who) == found
            self.look(self._at(DIRECTOR, "/"), "desk")
        return found

    def _in_statistics(self, who: str) -> dict[str, int]:
        """The figures of the unit, which is inspected here for the first time."""
        visitor = self._at(who, "/statistics/")
        row = visitor.page.locator("#by-state tbody tr").filter(
            has=visitor.page.get_by_role("rowheader", name=CAST.unit)
        )  # fmt: skip
        heads = [head.strip() for head in visitor.page.locator("#by-state thead th.is-number").all_inner_texts()]
        figures = [int(cell.replace(",", "")) for cell in row.locator("td.is-number").all_inner_texts()]
        return {CODES[head]: n for head, n in zip(heads, figures, strict=True) if n and head in CODES}


def test_the_whole_chain_in_the_browser_alone(visits: Visits, tmp_path: Path) -> None:
    folder = PICTURES if WANTED else tmp_path / "pictures"
    folder.mkdir(exist_ok=True, parents=True)

    def look(visitor: Visitor, name: str) -> None:
        if not WANTED and (folder / f"{name}.png").exists():
            return
        visitor.page.evaluate("scrollTo(0, 0)")
        # Hiding the caret would put a style into the page, which its policy refuses.
        visitor.page.screenshot(path=folder / f"{name}.png", caret="initial")

    inspection = new_inspection(visits, CAST, PEOPLE).rpartition("/")[2]
    Story(Browsers(visits, look), CAST, inspection, DOCUMENT, tmp_path, n_marked(DOCUMENT)).tell()
    assert {picture.stem for picture in folder.glob("*.png")} == set(SHOWN)
