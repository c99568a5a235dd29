"""A report laid beside the ledger in the browser: what either side lacks is seen, parts are taken over, no more."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.looking import too_wide, wrongs_of
from tests.journeys.visits import Visitor, Visits

HEAD, CLERK, OTHER_CLERK, OFFICE = "shuiwu", "shuiwuban", "chengtouban", "xunchaban"
UNIT, OTHER_UNIT = "区水务局党组", "云溪城投公司党委"
NAMED = {
    "巡河流于形式": "已修订巡河办法，10月以来巡河24次，单次停留均不少于15分钟",
    "干部队伍老化断层": "招录水利专业技术人员4名",
}
MISSING, BEYOND = "支流排口整治清单更新不及时", "机关食堂浪费严重"
REPORT = f"""中共云溪区水务局党组关于区委巡察反馈意见整改进展情况的报告

一、贯彻落实上级决策部署方面
1.关于“巡河流于形式”问题。
整改情况：{NAMED["巡河流于形式"]}。已完成。
2.关于“{BEYOND}”问题。
整改情况：已推行小份菜。已完成。
二、组织建设方面
3.关于“干部队伍老化断层”问题。
整改情况：{NAMED["干部队伍老化断层"]}。正在推进。
"""
OWN_GOAL = "自己定的目标：全部收回"
PLAN = """中共云溪城投公司党委关于区委巡察反馈意见的整改方案

一、整改任务
（一）关于“租金追缴不力，54户承租人拖欠租金”问题
原因分析：催收责任没有落到人。
整改目标：收回欠租376.8万元。
整改措施：1.对54户逐户发函。
责任领导：副总经理辛禾
整改时限：2027年3月底前
（二）关于“党委前置研究流于形式”问题
原因分析：议事规则不细。
整改目标：重大经营事项全部前置研究。
整改措施：1.修订前置研究清单。
责任领导：党委书记
整改时限：2026年12月底前
"""


def laid(visitor: Visitor, unit: str, file: Path) -> Visitor:
    """Lay the file beside the plan for that unit's leadership, from the list of plans on."""
    assert visitor.open("/plans/") == 200
    line = visitor.page.get_by_role("row").filter(has_text=unit).filter(has_not_text="主要负责人")
    line.get_by_role("link").first.click()
    visitor.follow("与文件对照")
    visitor.field("文件").set_input_files(file)
    assert visitor.press("上传并对照") == 303, visitor.words
    return visitor


def pair(visitor: Visitor, words: str) -> Locator:
    return visitor.page.locator(".match-pair").filter(has_text=words)


def looked_at(visitor: Visitor) -> None:
    assert wrongs_of(visitor.page) == []
    assert too_wide(visitor.page) == []


def test_a_report_is_matched_and_what_is_accepted_stands_on_the_findings_page(visits: Visits, tmp_path: Path) -> None:
    report = tmp_path / "整改进展报告.txt"
    report.write_text(REPORT, encoding="utf-8")
    head = laid(visits.of(HEAD), UNIT, report)
    looked_at(head)
    left, beyond = head.page.locator(".match-left").all()
    expect(left.get_by_role("listitem").filter(has_text=MISSING)).to_be_visible()
    expect(beyond.get_by_text(BEYOND)).to_be_visible()
    assert left.bounding_box()["y"] < pair(head, "巡河流于形式").first.bounding_box()["y"]  # type: ignore[index]
    assert head.page.locator(".match-pair").count() == len(NAMED)
    for words, done in NAMED.items():
        box = pair(head, words).get_by_role("checkbox", name="进展")
        assert not box.is_checked(), "nothing is chosen for anybody"
        expect(pair(head, words)).to_contain_text(done)
        box.check()
    address = str(pair(head, "巡河流于形式").get_by_role("heading").get_by_role("link").get_attribute("href"))
    assert head.press("采纳勾选的内容") == 303, head.words
    assert "已采纳 2 条问题的内容" in head.words
    pair(head, "巡河流于形式").get_by_role("link", name="去申请销号").click()
    expect(head.page.get_by_role("radio", name="已完成")).to_be_checked()
    assert head.open(address) == 200
    assert NAMED["巡河流于形式"] in head.words
    assert f"摘自“{report.name}”" in head.words
    assert "整改中" in head.words
    narrow = visits.of(HEAD, width=390)
    laid(narrow, UNIT, report)
    looked_at(narrow)
    assert visits.of(OFFICE).status(narrow.path) == 404


def test_parted_and_joined_by_hand_and_back(visits: Visits, tmp_path: Path) -> None:
    report = tmp_path / "整改进展报告.txt"
    report.write_text(REPORT, encoding="utf-8")
    head = laid(visits.of(HEAD), UNIT, report)
    pair(head, "干部队伍老化断层").get_by_role("link", name="不是同一条，拆开").click()
    head.page.wait_for_load_state()
    assert head.page.locator(".match-pair").count() == len(NAMED) - 1
    item = head.page.locator(".match-beyond > li").filter(has_text=BEYOND)
    offered = item.locator("option").filter(has_text=MISSING)
    item.get_by_label("对应的问题").select_option(str(offered.get_attribute("value")))
    item.get_by_role("button", name="对上").click()
    expect(pair(head, BEYOND)).to_contain_text("人工对上")
    expect(pair(head, BEYOND)).to_contain_text(MISSING)
    looked_at(head)
    head.follow("恢复系统的对照")
    assert head.page.locator(".match-pair").count() == len(NAMED)


def test_a_plan_fills_what_is_empty_and_who_was_faster_is_told(visits: Visits, tmp_path: Path) -> None:
    plan = tmp_path / "整改方案.txt"
    plan.write_text(PLAN, encoding="utf-8")
    clerk = laid(visits.of(OTHER_CLERK), OTHER_UNIT, plan)
    place = clerk.path
    clerk.follow("全部勾选")
    rent = pair(clerk, "租金追缴不力")
    number = rent.get_by_role("heading").get_by_role("link").inner_text()
    finding = str(rent.get_by_role("heading").get_by_role("link").get_attribute("href")).split("/")[2]
    colleague = visits.of("chengtou")
    assert colleague.open(f"/plans/rows/{finding}/") == 200
    colleague.type({"整改目标": OWN_GOAL})
    assert colleague.press("保存") == 303, colleague.words
    assert clerk.press("采纳勾选的内容") == 409
    alert = clerk.page.get_by_role("alert")
    expect(alert).to_contain_text("您填的内容还在")
    looked_at(clerk)
    rent = pair(clerk, "租金追缴不力")
    expect(rent).to_contain_text(OWN_GOAL)
    expect(rent).to_contain_text("已有人填写，不改动")
    expect(rent.get_by_role("checkbox", name="原因分析")).to_be_checked()
    assert rent.get_by_role("checkbox", name="整改目标").count() == 0
    assert clerk.press("采纳勾选的内容") == 303, clerk.words
    assert clerk.open(f"/plans/rows/{finding}/") == 200
    assert clerk.field("整改目标").input_value() == OWN_GOAL
    assert clerk.field("原因分析").input_value() == "催收责任没有落到人"
    assert clerk.field("牵头领导").input_value() == "副总经理辛禾"
    assert number in clerk.words
    assert clerk.open(place) == 200
    assert clerk.page.get_by_role("checkbox").count() == 0, "all of it is there now"
