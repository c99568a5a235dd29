"""Every number on the statistics page is a link, and behind each link are exactly that many rows, for any day."""

import random
import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from bihuan.models import Grant, Inspection
from bihuan.queries.statistics import figures
from bihuan.rules.identifiers import new_id
from tests import figure_walks as walks
from tests.builders import NOW, TODAY, County, build_county
from tests.web.visitors import text, visitor

pytestmark = pytest.mark.django_db
LINKED = re.compile(r'<a (?:class="is-late" )?href="([^"]*)">(?:<b>)?([\d,.]+)(?: 天|%)?(?:</b>)?</a>')
PAST = date(2026, 9, 30)


@pytest.fixture
def county() -> County:
    """Two inspections of two rounds, kinds and classes, with findings that have walked."""
    county = build_county()
    chance = random.Random(3)
    first = Inspection.objects.get(pk=county.inspection)
    Inspection.objects.update(stage=1)
    second = walks.second_inspection(county)
    walked = [walks.given(one, chance=chance) for one in [first, second] * 6]
    for one in walked:
        walks.walk(one, chance=chance)
    for days in (25, 40, 75, 200):
        one = walks.given(first, chance=chance)
        walks.to(one, "in_progress", one.at + timedelta(days=1))
        walks.to(one, "closed", max(one.at - timedelta(days=1), NOW - timedelta(days=300)) + timedelta(days=days))
        walked.append(one)
    for one in walked[::3]:
        Grant.objects.create(id=new_id(NOW), post_id=county.actor("guest").post, thing=one.row.pk, why="试")
    return county


def test_where_units_are_very_many_the_page_counts_by_class(county: County, monkeypatch: pytest.MonkeyPatch):
    director, head = visitor(county.actor("office_director")), visitor(county.actor("unit_head"))
    assert director.get("/statistics/").context["page"]["group_label"] == "责任单位"
    monkeypatch.setattr(figures, "MANY_UNITS", 3)
    assert director.get("/statistics/").context["page"]["group_label"] == "单位类别"
    assert director.get("/statistics/?by=unit").context["page"]["group_label"] == "责任单位"
    assert head.get("/statistics/").context["page"]["group_label"] == "责任单位"


def counted(page, address: str) -> int:
    """How many rows a linked page lists."""
    if address.startswith("/findings/"):
        return page.context["page"]["matched"]
    return len(page.context["page"]["entries"])


@pytest.mark.parametrize(
    ("role", "asked"),
    [("office_director", ""), ("office_director", f"on={PAST}&by=category"), ("unit_head", "by=class&kind=regular"),
     ("unit_head", f"on={PAST}&by=round"), ("guest", f"on={PAST}&by=kind&class=village"), ("guest", "by=category"),
     ("team_member", f"on={PAST}")],
)  # fmt: skip
def test_every_number_leads_to_exactly_its_rows(county: County, role: str, asked: str):
    client = visitor(county.actor(role))
    answer = client.get(f"/statistics/?{asked}")
    shown = LINKED.findall(text(answer))
    rates, found = 0, set()
    for written, number in shown:
        address = written.replace("&amp;", "&")
        if address in found:
            continue
        found.add(address)
        listed = counted(client.get(address), address)
        if "." in number:
            rates += 1
            assert listed > 0 or number in ("0.00",), address
            continue
        assert listed == int(number.replace(",", "")), address
    assert len(found) >= 5 or answer.context["page"]["told"][0].value == "0"


def test_an_average_leads_to_what_it_is_an_average_of(county: County):
    client = visitor(county.actor("office_director"))
    told = {one.code: one for one in client.get(f"/statistics/?on={PAST}").context["page"]["told"]}
    of = told["cycle_days"].of.partition(" ÷ ")[2]
    assert counted(client.get(told["cycle_days"].url), "/findings/") == int(of) > 0
    part = told["completion_rate"].of.partition(" ÷ ")[0]
    assert counted(client.get(told["completion_rate"].url), "/findings/") == int(part)


def test_each_metric_says_beside_its_value_what_it_means(county: County):
    answer = visitor(county.actor("office_director")).get("/statistics/")
    for metric in answer.context["page"]["told"]:
        names = [name for name, _ in metric.meaning]
        assert {"口径", "分子", "截止", "单位", "谁看得到", "出处"} <= set(names)
        assert f"<dt>{metric.label}</dt>" in text(answer)
    assert text(answer).count("<details>") == 10


def test_a_day_to_come_is_counted_as_of_today(county: County):
    page = visitor(county.actor("office_director")).get("/statistics/?on=2099-01-01").context["page"]
    assert page["on"] == page["today"] >= TODAY


def test_the_sheet_says_what_the_table_says(county: County):
    client = visitor(county.actor("office_director"))
    page = client.get(f"/statistics/?on={PAST}&by=category").context["page"]
    sheet = openpyxl.load_workbook(BytesIO(client.get(page["export_url"]).content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    n = len(page["heads"])
    for row, group in zip(rows, page["groups"], strict=False):
        assert row[: n + 2] == [group.label, *(cell.n for cell in group.cells), group.total.n]
    assert rows[-1][0] == "合计"
    assert rows[-1][1 + n] == page["sums"].total.n == sum(group.total.n for group in page["groups"])


def test_many_units_are_turned_page_by_page_and_the_sums_stay_those_of_all(
    county: County, monkeypatch: pytest.MonkeyPatch
):
    client = visitor(county.actor("office_director"))
    whole = client.get(f"/statistics/?by=unit&on={TODAY}").context["page"]
    assert (whole["total_words"], whole["pager"]["count"], len(whole["groups"])) == ("共 2 组，合计是全部的", 1, 2)
    monkeypatch.setattr(figures, "PAGE_SIZE", 1)
    told, page = [], client.get(f"/statistics/?by=unit&sort=findings&on={TODAY}").context["page"]
    assert (page["pager"]["prev"], page["pager"]["first"]) == ("", "")
    while page["pager"]["next"]:
        told += page["groups"]
        assert page["pager"]["last"].endswith("page=2")
        page = client.get(page["pager"]["next"]).context["page"]
    told += page["groups"]
    assert (page["pager"]["number"], page["pager"]["first"][-6:], page["pager"]["last"]) == (2, "page=1", "")
    assert page["sums"] == whole["sums"]
    assert {group.label for group in told} == {group.label for group in whole["groups"]}
    assert [group.total.n for group in told] == sorted((group.total.n for group in whole["groups"]), reverse=True)
    assert client.get("/statistics/?by=unit&page=99").context["page"]["pager"]["number"] == 2
    sheet = openpyxl.load_workbook(BytesIO(client.get(page["export_url"]).content)).active
    assert sheet.max_row == 4, "a head, both units, the sum: an export is of all pages"


@pytest.mark.parametrize(
    "asked", ["on=0", "on=2026-13-01", "by=x", "round=7", "unit=%00", "kind=%00", "page=99", "sort=x"]
)
def test_what_is_not_sensible_narrows_nothing(county: County, asked: str):
    answer = visitor(county.actor("office_director")).get(f"/statistics/?{asked}")
    assert answer.status_code == 200
    assert answer.context["page"]["groups"]


@pytest.mark.parametrize(("role", "status"), [("unit_clerk", 200), ("guest", 200), ("system_officer", 200)])
def test_who_sees_nothing_gets_a_friendly_page(role, status):
    county = build_county()
    answer = visitor(county.actor(role)).get("/statistics/")
    assert answer.status_code == status
    assert "还没有应整改的问题" in text(answer)
    assert ("coverage" in text(answer)) is False
