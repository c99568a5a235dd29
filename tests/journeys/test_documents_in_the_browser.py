"""Three files sent at once: one copied from a web page and damaged, one in Word with a table, one long.

The worker is killed in the middle of the long one: nothing of it is there twice, the others are read meanwhile.
"""

import io
import os
import signal

import docx
import pytest
from playwright.sync_api import Locator, expect

from tests.cli.launcher.stage import until
from tests.journeys.conftest import Place
from tests.journeys.looking import too_wide, wrongs_of
from tests.journeys.visits import Visitor, Visits

LIAISON, WORKER, INTAKES = "lianluo2", "worker", "/feedback/intakes/"
PATIENCE = 120_000
COPIED = """首页 > 信息公开 > 巡察工作
字号：大 中 小　打印本页　分享到：微信 微博
关于巡察某局党组的反馈意见
根据区委统一部署，区委第二巡察组对某局党组进行了巡察。现将发现的问题反馈如下：
一、贯彻落实决策部署方面存在的问题
1.防汛物资(zī)储备不足，12处库房账实不符。
2.支流排口整治推進(jìn)緩(huǎn)慢，整改責(zé)任沒(méi)有壓(yā)實(shí)。
二、组织建设方面存在的问题
3.会议记录缺失，制度建設滞后。
上一篇：关于召开会议的通知　下一篇：没有了
版权所有：云溪区委巡察办
【关闭窗口】
"""
READ = ("防汛物资储备不足，12处库房账实不符。", "支流排口整治推进缓慢，整改责任没有压实。")
LONE, MENDED = "会议记录缺失，制度建設滞后。", "会议记录缺失，制度建设滞后。"
ONLY = "扶贫资金监管缺位，3笔没有入账。"
HEAD = ("序号", "类别", "存在问题", "具体表现")
ROWS = (
    ("1", "党的领导", "第一议题制度执行不到位", "2025年有4次党组会没有学习"),
    ("2", "党的建设", "主题党日流于形式", "3个支部全年只开展2次"),
    ("3", "", "发展党员把关不严", "2名预备党员没有培养联系人"),
    ("4", "资金管理", "违规发放津贴补贴", "2024年发放值班补贴8.6万元"),
)


def word_with_a_table() -> bytes:
    """A feedback whose findings stand in a table with joined cells, made by python-docx."""
    made = docx.Document()
    made.add_paragraph("关于巡察某公司党委发现问题的反馈意见")
    made.add_paragraph("根据区委统一部署，区委第二巡察组对某公司党委开展了巡察。发现的主要问题见下表。")
    table = made.add_table(rows=1, cols=len(HEAD))
    for cell, words in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = words
    for row in ROWS:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    table.cell(2, 1).merge(table.cell(3, 1))
    made.add_paragraph("请于收到本意见后两个月内完成整改。")
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def long_text() -> bytes:
    """A feedback that takes seconds to read, and has one finding."""
    days = (f"巡察组第{n}天走访了村组，听取意見(jiàn)，查阅资料{n * 2}份。" for n in range(60_000))
    parts = ("关于巡察某镇党委的反馈意见", "一、基本情况", *days, "二、存在的主要问题", f"1.{ONLY}")
    return "\n".join(parts).encode()


FILES = {"网页.txt": COPIED.encode("gb18030"), "附表.docx": word_with_a_table(), "长文.txt": long_text()}


@pytest.fixture(scope="module")
def liaison(visits_of_demo: Visits, demo: Place) -> Visitor:
    """The liaison, who has sent all three; the worker was killed when it was in the middle of the long one."""
    visitor = visits_of_demo.of(LIAISON)
    visitor.open("/feedback/upload")
    inspection = visitor.field("巡察对象").locator("option").nth(1).text_content() or ""
    visitor.type({"巡察对象": inspection})
    files = [{"name": name, "mimeType": "", "buffer": content} for name, content in FILES.items()]
    visitor.field("文件").set_input_files(files)
    assert visitor.press("上传并读出问题") == 303, visitor.words
    assert visitor.path == INTAKES
    expect(line(visitor, "长文.txt").get_by_role("progressbar")).to_be_visible(timeout=PATIENCE)
    killed = demo.serving.child(WORKER)
    os.kill(killed, signal.SIGKILL)
    until(lambda: demo.serving.child(WORKER) not in (0, killed))
    return visitor


def line(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=name)


def opened(visitor: Visitor, name: str) -> None:
    """Open a file that was read, from the desk on: it was left and is found again."""
    assert visitor.open("/") == 200
    visitor.page.get_by_role("link", name="来件").first.click()
    visitor.page.wait_for_load_state()
    expect(line(visitor, name).get_by_role("button", name="打开")).to_be_visible(timeout=PATIENCE)
    line(visitor, name).get_by_role("button", name="打开").click()
    visitor.page.wait_for_url("**/feedback/*-*/")


def test_a_damaged_copy_is_read_mended_and_confirmed(liaison: Visitor) -> None:
    opened(liaison, "网页.txt")
    texts = liaison.page.locator(".draft.is-proposed .draft-text")
    expect(texts).to_have_text([*READ, LONE])
    lone = liaison.page.locator(".draft.is-proposed").filter(has_text="会议记录缺失")
    lone.locator(".offers").get_by_role("button", name="采用", exact=True).click()
    expect(texts.last).to_have_text(MENDED)
    assert wrongs_of(liaison.page) == []
    assert too_wide(liaison.page) == []
    confirmed(liaison, len(READ) + 1)


def test_a_word_file_with_a_table_is_read_row_by_row(liaison: Visitor) -> None:
    opened(liaison, "附表.docx")
    texts = liaison.page.locator(".draft.is-proposed .draft-text").all_inner_texts()
    assert [text.split("\n") for text in texts] == [[title, told] for _, _, title, told in ROWS]
    headings = liaison.page.locator(".paper-text table th, .paper-text table td").all_inner_texts()
    assert [words for words in HEAD if words in headings] == list(HEAD), "the table stands on the left as a table"
    assert wrongs_of(liaison.page) == []
    confirmed(liaison, len(ROWS))


def test_what_was_begun_when_the_worker_was_killed_is_read_once(liaison: Visitor) -> None:
    opened(liaison, "长文.txt")
    expect(liaison.page.locator(".draft .draft-text")).to_have_text([ONLY])
    assert liaison.open("/feedback/") == 200
    assert liaison.page.get_by_role("link", name="长文").count() == 1


def confirmed(visitor: Visitor, n: int) -> None:
    """Each gets its category and is confirmed by a person; findings of the round then hold them."""
    for left in range(n - 1, -1, -1):
        draft = visitor.page.locator("li.draft.is-proposed").first
        draft.get_by_role("link", name="修改", exact=True).click()
        draft.get_by_label("问题分类").select_option("A302")
        draft.get_by_role("button", name="保存并认定", exact=True).click()
        expect(visitor.page.locator("li.draft.is-proposed")).to_have_count(left)
        visitor.page.wait_for_load_state("load")
    expect(visitor.page.locator("li.draft.is-confirmed")).to_have_count(n)
