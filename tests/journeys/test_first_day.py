"""The first day of an empty installation, all of it in the browser: three officers, the tree, people, a first round."""

import http.client
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Place, look_back
from tests.journeys.visits import Visitor, Visits, first_sign_in, open_account, today

OFFICERS = {"系统管理员": ("方知行", "xitong"), "安全保密员": ("岑若谷", "baomi"), "安全审计员": ("骆明谦", "shenji")}
PASSWORDS = {account: f"Di-yi-tian-{n}-2026" for n, (_, account) in enumerate(OFFICERS.values(), 1)}
SECOND_NAME = "bihuan.yunxi.test"
# Name, class and what is above; the first is the root.
TREE = (
    ("中共云溪区委", "党委", ""),
    ("区委巡察工作领导小组", "巡察工作领导小组", "中共云溪区委"),
    ("区委巡察办", "巡察办", "区委巡察工作领导小组"),
    ("区委第一巡察组", "巡察组", "区委巡察工作领导小组"),
    ("区纪委监委", "纪检监察机关", "中共云溪区委"),
    ("区水务局党组", "部门", "中共云溪区委"),
    ("石塘镇党委", "乡镇街道", "中共云溪区委"),
)
PEOPLE = (
    ("闻人远", "shuji", "党委书记", "中共云溪区委"),
    ("沈知遥", "zhuren", "巡察办主任", "区委巡察办"),
    ("岳青岩", "zuzhang", "巡察组组长", "区委第一巡察组"),
    ("严秉正", "jijian", "纪检监察审核人", "区纪委监委"),
    ("贺水生", "shuiwu", "单位主要负责人", "区水务局党组"),
)
# What each desk offers when nothing waits there: a sentence and where to go on.
DESKS = {
    "xitong": ("请先建单位，再登记人员", "/organizations/"),
    "baomi": ("您看不到业务内容", "/people/grants/"),
    "shenji": ("您查看全部操作的记录", "/record/"),
    "shuji": ("需要您审定或者督办的事", "/statistics/"),
    "zhuren": ("请先上传反馈意见", "/feedback/upload"),
    "zuzhang": ("本组的反馈意见", "/feedback/"),
    "jijian": ("送到您这里审核时", "/findings/"),
    "shuiwu": ("签收反馈意见以后", "/findings/"),
}
TODAY = today()


@pytest.fixture(scope="module")
def newcomers(browser: Browser, empty: Place) -> Visits:
    """Nobody yet; the story fills it."""
    return Visits(browser, lambda: empty.base, {})


@pytest.fixture
def visits(newcomers: Visits, request: pytest.FixtureRequest, tmp_path) -> Iterator[Visits]:
    """The people of this story; afterwards no page has complained."""
    yield newcomers
    look_back(newcomers, request, tmp_path)


@pytest.fixture(scope="module")
def three_officers(newcomers: Visits) -> Visits:
    """The installation after its first set-up."""
    door = newcomers.stranger()
    _fill_in_the_three(door)
    assert door.press("完成设置") == 302, door.words
    newcomers.passwords.update(PASSWORDS)
    return newcomers


@pytest.fixture(scope="module")
def staffed(three_officers: Visits) -> Visits:
    """The installation with its tree and its first people."""
    officer = three_officers.of("xitong")
    for name, kind, above in TREE:
        _make_organization(officer, name, kind, above)
    for number, (person, account, role, organization) in enumerate(PEOPLE, 1):
        once = open_account(officer, person, account, {role: organization})
        first_sign_in(three_officers, account, once, f"Zi-ji-de-mima-{number}")
    return three_officers


def _fill_in_the_three(door: Visitor) -> None:
    door.open("/")
    assert door.path == "/set-up"
    for role, (person, account) in OFFICERS.items():
        password = PASSWORDS[account]
        values = {"姓名": person, "账号": account, "密码": password, "再输一次密码": password}
        door.type(values, door.page.get_by_role("group", name=role))


def _make_organization(officer: Visitor, name: str, kind: str, above: str) -> None:
    officer.open("/organizations/")
    officer.page.locator("main").get_by_role("link", name="新建单位", exact=True).first.click()
    officer.type({"名称": name, "类别": kind, **({"上级单位": above} if above else {})})
    assert officer.press("建立") == 302, officer.words
    assert officer.heading == name


def _status(empty: Place, address: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", empty.serving.port, timeout=20)
    try:
        connection.request("GET", address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_set_up_is_offered_on_this_machine_alone(empty):
    assert _status(empty, "/set-up") == 200
    assert _status(empty, "/set-up", Host=SECOND_NAME) == 403
    assert _status(empty, "/set-up", Host="elsewhere.test") == 400
    assert _status(empty, "/set-up", X_Forwarded_For="203.0.113.9") == 403
    assert _status(empty, "/") == _status(empty, "/sign-in") == 302


def test_what_cannot_be_is_said_and_what_was_typed_stays(visits):
    door = visits.stranger()
    _fill_in_the_three(door)
    door.type({"账号": "xitong", "再输一次密码": "another one"}, door.page.get_by_role("group", name="安全审计员"))
    assert door.press("完成设置") == 422
    assert "两次输入的密码不一样" in door.words
    assert door.field("姓名", door.page.get_by_role("group", name="安全审计员")).input_value() == "骆明谦"
    assert door.status("/set-up") == 200


def test_three_officers_are_made_once_and_the_page_is_gone(empty, visits, three_officers):
    assert _status(empty, "/set-up") == _status(empty, "/set-up", Host=SECOND_NAME) == 404
    assert visits.stranger().open("/") == 200
    for _person, account in OFFICERS.values():
        assert visits.of(account).path == "/"


def test_the_tree_and_the_people_are_made_in_the_browser(visits, staffed):
    officer = visits.of("xitong")
    officer.open("/organizations/")
    assert f"共 {len(TREE)} 个单位" in officer.words
    officer.open("/people/")
    for person, account, role, organization in PEOPLE:
        row = officer.page.get_by_role("row", name=person)
        expect(row).to_contain_text(account)
        expect(row).to_contain_text(f"{organization} {role}")


def test_every_desk_is_friendly_and_every_entry_of_the_menu_leads_somewhere(visits, staffed):
    for account, (sentence, address) in DESKS.items():
        person = visits.of(account)
        assert person.open("/") == 200
        assert "现在没有等您办的事" in person.heading
        assert sentence in person.words, (account, person.words)
        expect(person.page.locator(f"main .deeds a[href='{address}']")).to_be_visible()
        statuses = {entry: person.status(entry) for entry in [address, *person.menu().values()]}
        assert set(statuses.values()) <= {200, 302}, (account, statuses)


def test_the_officers_see_no_business(visits, staffed):
    for _person, account in OFFICERS.values():
        assert "台账" not in visits.of(account).menu()
        assert "统计" not in visits.of(account).menu()
        visits.of(account).open("/findings/")
        assert "云溪" not in visits.of(account).words


def test_a_term_a_round_and_an_inspection_begin(visits, staffed):
    office = visits.of("zhuren")
    ends = str(TODAY + timedelta(days=90))
    office.open("/terms/")
    office.page.locator("main").get_by_role("link", name="新建届次", exact=True).first.click()
    office.type({"名称": "第四届", "开始日期": f"{TODAY.year - 1}-09-01", "结束日期": f"{TODAY.year + 4}-08-31"})
    assert office.press("建立") == 302, office.words
    office.follow("新建轮次")
    office.type({"巡察种类": "常规巡察", "机关代字": "云溪", "轮次": "1", "开始日期": str(TODAY), "结束日期": ends})
    assert office.press("建立") == 302, office.words
    office.follow("编入巡察对象")
    office.type({"巡察对象": "区水务局党组", "巡察组": "区委第一巡察组"})
    assert office.press("编入") == 302, office.words
    inspection = office.path
    assert "岳青岩" in office.words

    leader, unit = visits.of("zuzhang"), visits.of("shuiwu")
    assert unit.status(inspection) == 404
    assert leader.open(inspection) == 200
    leader.follow("进驻")
    assert leader.press("进驻") == 302, leader.words
    assert "驻点中" in leader.words
    assert unit.status(inspection) == 200
    office.open("/terms/")
    office.follow("第四届")
    assert "应巡 2，已巡 0" in office.words
