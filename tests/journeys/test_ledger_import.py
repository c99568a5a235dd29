"""A ledger of 2,000 rows with thirty faults goes in by the browser: told by cell, mended, previewed, applied."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.engines.ledger_files import ledger, row
from tests.journeys.conftest import SAMPLE, Place, placed
from tests.journeys.looking import too_wide, wrongs_of
from tests.journeys.visits import Visitor, Visits

CLERK, DIRECTOR = "xunchaban", "zhuren"
ROWS, EVERY = 2_000, 66
# What is planted, two of each, and in which column it must be told with these words.
PLANTED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"unit": ""}, "B", "没有写单位"),
    ({"unit": "云溪县不存在局"}, "B", "没有这个单位"),
    ({"text": ""}, "D", "没有写问题内容"),
    ({"text": "=#REF!"}, "D", "公式"),
    ({"category": "专项资金滞留挪用等"}, "E", "没有这个分类"),
    ({"severity": "很严重"}, "F", "不认识的轻重"),
    ({"commonality": "普遍性"}, "G", "共性"),
    ({"fix_now": "可能"}, "H", "应写是或否"),
    ({"amount": "若干"}, "I", "不是金额"),
    ({"amount": -3}, "I", "不能是负数"),
    ({"helping": "云溪县不存在局"}, "K", "没有这个配合单位"),
    ({"given": "2025-02-30"}, "L", "没有这一天"),
    ({"given": "三月"}, "L", "认不出是哪一天"),
    ({"due": "2026-01-01"}, "M", "时限早于"),
    ({"state": "还行"}, "N", "不认识的整改状态"),
)
FAULTS = 2 * len(PLANTED)


@pytest.fixture(scope="module")
def demo() -> Iterator[Place]:
    """A county of its own: two thousand drafts would stand in the way of other stories."""
    yield from placed("demo", FINDINGS=str(SAMPLE))


@pytest.fixture(scope="module")
def clerk(visits_of_demo: Visits) -> Visitor:
    return visits_of_demo.of(CLERK)


def send(person: Visitor, rows: list[list[Any]], name: str) -> None:
    person.open("/imports/")
    person.field("台账文件（.xlsx、.xls、.csv）").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": ledger(rows)}
    )
    assert person.press("上传并核对") == 303, person.words


def units_of(person: Visitor) -> list[str]:
    """The units of the latest round, as the page offers them."""
    person.open("/imports/")
    person.field("台账文件（.xlsx、.xls、.csv）").set_input_files(
        {"name": "空.csv", "mimeType": "text/csv", "buffer": "甲,乙\n1,2\n".encode()}
    )
    assert person.press("上传并核对") == 303
    assert "没有找到表头" in person.words
    return [words.strip() for words in person.page.locator("#import-only option").all_text_contents()][1:]


def rows_for(units: list[str], *, faulty: bool) -> tuple[list[list[Any]], dict[str, str]]:
    """The rows, and for each faulty cell the words that must be told."""
    rows = [row(at, unit=units[at % len(units)]) for at in range(ROWS)]
    told = {}
    for at in range(FAULTS if faulty else 0):
        cells, column, words = PLANTED[at % len(PLANTED)]
        number = 10 + at * EVERY
        rows[number] = row(number, **({"unit": units[number % len(units)]} | cells))
        told[f"{column}{number + 3}"] = words
    return rows, told


def cells_of(page: Page) -> dict[str, str]:
    lines = page.locator(".rows-faults tbody tr").all_inner_texts()
    return {line.split("\t")[0].strip(): line for line in lines}


def test_thirty_faults_are_told_by_their_cells_then_mended_previewed_and_applied(
    clerk: Visitor, visits_of_demo: Visits
) -> None:
    units = units_of(clerk)
    rows, told = rows_for(units, faulty=True)
    send(clerk, rows, "审计台账.xlsx")
    found = cells_of(clerk.page)
    assert set(found) == set(told)
    assert len(found) == FAULTS == 30
    assert all(words in found[cell] for cell, words in told.items())
    assert "全部写入" not in clerk.words
    assert (wrongs_of(clerk.page), too_wide(clerk.page)) == ([], [])
    rows, _told = rows_for(units, faulty=False)
    send(clerk, rows, "审计台账（改）.xlsx")
    assert f"新增 {ROWS}" in clerk.words
    assert (wrongs_of(clerk.page), too_wide(clerk.page)) == ([], [])
    _another_is_quicker(visits_of_demo.of(DIRECTOR), rows[:1])
    assert clerk.press("全部写入") == 409
    assert "您刚才的操作没有生效" in clerk.words
    assert clerk.press("按这样重新核对") == 303
    assert f"新增 {ROWS - 1}，没有变化 1" in clerk.words
    assert clerk.press("全部写入") == 303
    assert "已写入" in clerk.words
    links = clerk.page.locator(".rows-made tbody tr").all_inner_texts()
    assert sum(int(re.search(r"(\d+) 条草稿", line)[1]) for line in links) == ROWS - 1
    clerk.follow(units[0])
    assert "专项资金支出没有附件" in clerk.words


def _another_is_quicker(person: Visitor, rows: list[list[Any]]) -> None:
    send(person, rows, "另一份.xlsx")
    assert person.press("全部写入") == 303


def test_the_pages_fit_a_telephone(visits_of_demo: Visits) -> None:
    narrow = visits_of_demo.of(CLERK, width=390)
    narrow.open("/imports/")
    assert (wrongs_of(narrow.page), too_wide(narrow.page)) == ([], [])
    for name in ("审计台账.xlsx", "审计台账（改）.xlsx"):
        narrow.open("/imports/")
        narrow.follow(name)
        assert (wrongs_of(narrow.page), too_wide(narrow.page)) == ([], [])
