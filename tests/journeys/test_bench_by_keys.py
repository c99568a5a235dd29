"""Sixty drafts of one document confirmed on the bench by keys alone; doubts, kinds, repairs and undo among them."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.visits import Visitor, Visits

LIAISON = "lianluo2"
MATTERS = (
    "课后服务监管缺位，第 {n} 所学校收费未公示。",
    "营养餐采购化整为零，第 {n} 批拆成 5 笔。",
    "党组全年未专题研究党风廉政建设，第 {n} 季度没有记录。",
)
SIXTY = 60
# Of a machine on which others work too.
PATIENCE = 60_000
HEADS = "一二三四五六"
# A lone Traditional character waits for a person; on the web a blank line or a note would be repaired for certain.
DAMAGED, REPAIRED = "会议记录缺失，制度建設滞后。", "会议记录缺失，制度建设滞后。"


def document() -> bytes:
    """Sixty numbered findings under six headings, and one more with a damaged character."""
    lines = ["关于巡察某单位党组的反馈意见"]
    for number in range(SIXTY):
        if number % 10 == 0:
            lines.append(f"{HEADS[number // 10]}、第{HEADS[number // 10]}方面存在的问题")
        lines.append(f"{number % 10 + 1}.{_words(number)}")
    lines.append(f"11.{DAMAGED}")
    return "\n".join(lines).encode()


def _words(number: int) -> str:
    return MATTERS[number % len(MATTERS)].format(n=number + 1)


@dataclass
class Bench:
    """The bench of the liaison, worked by keys."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def counts(self) -> Locator:
        return self.page.locator(".bench-counts")

    @property
    def lit(self) -> Locator:
        return self.page.locator(".draft.is-lit")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def stands(self, proposed: int, confirmed: int, dropped: int) -> None:
        expect(self.counts).to_have_text(f"待认定 {proposed}，已认定 {confirmed}，已去掉 {dropped}", timeout=PATIENCE)


@pytest.fixture(scope="module")
def bench(visits_of_demo: Visits) -> Bench:
    liaison = visits_of_demo.of(LIAISON)
    liaison.open("/feedback/upload")
    inspection = liaison.field("巡察对象").locator("option").nth(1).text_content() or ""
    liaison.type({"巡察对象": inspection, "标题": "六十条"})
    liaison.field("文件").set_input_files({"name": "六十条.txt", "mimeType": "text/plain", "buffer": document()})
    assert liaison.press("上传并读出问题") == 303, liaison.words
    return Bench(liaison)


def test_sixty_findings_are_confirmed_by_the_keyboard_alone(bench: Bench) -> None:
    bench.stands(SIXTY + 1, 0, 0)
    _nothing_to_undo(bench)
    _doubt_and_repair(bench)
    _kind_and_undo(bench)
    _chosen_together(bench)
    for done in range(2, SIXTY):
        bench.press("1")
        expect(bench.page.locator(".draft.is-open [data-taken]")).to_be_focused(timeout=PATIENCE)
        bench.press("Enter")
        bench.stands(SIXTY - done - 1, done + 1, 1)
    assert bench.page.locator(".draft.is-confirmed .chip-tag.is-bare").count() == 0
    texts = bench.page.locator(".draft.is-confirmed .draft-text").all_text_contents()
    assert texts == [_words(number) for number in range(SIXTY)]


def _nothing_to_undo(bench: Bench) -> None:
    """Before anything was done the key says so."""
    said = bench.page.locator("[data-nothing=undo]")
    expect(said).to_be_hidden(timeout=PATIENCE)
    bench.press("u")
    expect(said).to_have_text("没有可以撤销的操作：这里只撤销您自己在这份反馈上办的。", timeout=PATIENCE)
    expect(said).to_be_visible(timeout=PATIENCE)


def _doubt_and_repair(bench: Bench) -> None:
    """The next doubt is the damaged one; its proposal is no part of the words until it is accepted, and goes back."""
    bench.press("n")
    words = bench.lit.locator(".draft-text")
    expect(words).to_have_text(DAMAGED, timeout=PATIENCE)
    mark = bench.page.locator(".paper-text mark .offer")
    expect(mark.locator("del")).to_have_text("設", timeout=PATIENCE)
    expect(mark.locator("ins")).to_have_text("设", timeout=PATIENCE)
    for key, said in (("r", REPAIRED), ("u", DAMAGED), ("l", DAMAGED)):
        bench.press(key)
        expect(words).to_have_text(said, timeout=PATIENCE)
        expect(mark).to_have_count(1 if key == "u" else 0, timeout=PATIENCE)


def _kind_and_undo(bench: Bench) -> None:
    """The damaged one is no finding but background: by keys, taken back, and said again."""
    for _ in range(2):
        bench.press("c")
        expect(bench.page.locator("[name=kind]").first).to_be_focused(timeout=PATIENCE)
        bench.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
        bench.stands(SIXTY, 0, 1)
        if _ == 0:
            bench.press("u")
            bench.stands(SIXTY + 1, 0, 0)
            expect(bench.lit.locator(".draft-text")).to_have_text(DAMAGED, timeout=PATIENCE)
    expect(bench.page.locator(".draft.is-dropped .draft-why")).to_have_text("理由：背景情况", timeout=PATIENCE)


def _chosen_together(bench: Bench) -> None:
    """Two get one category together; both are confirmed, one is taken back and confirmed again under its number."""
    bench.press("k", *["k"] * SIXTY, "x", "j", "x", "g")
    filtered = bench.page.locator(".bench-bulk .narrow input")
    expect(filtered).to_be_focused(timeout=PATIENCE)
    bench.page.keyboard.type("监管缺位")
    bench.press("Enter", "Tab", "Enter")
    expect(bench.page.locator(".draft .chip-tag", has_text="A302 监管缺位")).to_have_count(2, timeout=PATIENCE)
    bench.press("k", *["k"] * SIXTY)
    for confirmed in (1, 2):
        bench.press("Enter")
        bench.stands(SIXTY - confirmed, confirmed, 1)
    numbers = bench.page.locator(".draft.is-confirmed .draft-deeds a").all_text_contents()
    bench.press("u")
    bench.stands(SIXTY - 1, 1, 1)
    bench.press("Enter")
    bench.stands(SIXTY - 2, 2, 1)
    assert bench.page.locator(".draft.is-confirmed .draft-deeds a").all_text_contents() == numbers
