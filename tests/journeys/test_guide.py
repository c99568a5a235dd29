"""The guide for newcomers as it stands in docs/guide, walked by each role in the demo's county; its pictures are taken.

The pictures of docs/pictures/guide are written by: BIHUAN_PICTURES=1 make test ARGS=tests/journeys/test_guide.py
"""

from collections.abc import Callable
from pathlib import Path

from tests.journeys.chain import LATER, NO_ORIGINAL, OPINION, SOON, TODAY, paper
from tests.journeys.guide import GUIDE, PICTURES, WANTED, Walk, unread
from tests.journeys.visits import Visits, today

# Read and not yet confirmed in the demo: the journey through the guide begins with it.
AGRICULTURE, CATEGORY = "关于巡察区农业农村局党组的反馈意见", "B404"
FINDING = "main a[href^='/findings/0']"
# A finding of the culture bureau, whose feedback nobody has approved: it can be withdrawn, and nobody has proposed it.
DRAFTED = "/findings/?state=drafted&q=文化惠民"


def _in_common(walk: Walk, _folder: Path) -> None:
    walk.visitor = walk.visits.stranger()
    walk.open("/sign-in")
    walk.sit("zhuren")
    walk.look("desk")
    walk.visitor.page.set_viewport_size({"width": 390, "height": 844})
    walk.note()
    walk.visitor.page.set_viewport_size({"width": 1440, "height": 900})
    walk.open("/password")
    walk.follow("取消")


def _team(walk: Walk, _folder: Path) -> None:
    page = walk.sit("lianluo2").page
    walk.todo(AGRICULTURE)
    bench = walk.visitor.path
    walk.first("li.draft.is-proposed a[data-deed=edit]")
    walk.look("team")
    walk.open(bench)
    for deed in ("拆分", "合并", "去掉"):
        walk.drafted(walk.draft(deed), "取消")
    for _ in range(page.locator("li.draft.is-proposed").count()):
        item = walk.draft("修改")
        item.get_by_label("问题分类").select_option(CATEGORY)
        walk.drafted(item, "保存并认定")
    assert page.locator("li.draft.is-proposed").count() == 0
    walk.menu("反馈")
    walk.follow("上传反馈意见")
    walk.follow("取消")
    for account in ("fuzuzhang2", "zuyuan2"):
        walk.sit(account)
        walk.menu("台账")
        walk.menu("轮次")
        walk.first("main tbody a[href^='/inspections/']", words="农业农村局")
    walk.sit("zhuren")
    walk.menu("轮次")
    walk.first("main tbody a[href^='/rounds/']")
    walk.first("main tbody a[href^='/inspections/']", words="农业农村局")
    walk.glance("安排人员")


def _team_signs(walk: Walk, _folder: Path) -> None:
    """What the guide's page of the team says last happens after the office has given."""
    walk.sit("zuzhang2")
    walk.menu("反馈")
    walk.first("main tbody td.is-title a", words=AGRICULTURE)
    walk.take("签收", 签收日期=str(today()))  # by then it may be past midnight
    assert "三方签收" in walk.visitor.words
    walk.menu("销号")
    walk.sit("xunchaban")
    walk.open(DRAFTED)
    walk.first(FINDING)


def _leaders(walk: Walk, _folder: Path) -> None:
    walk.sit("shuji")
    walk.first("main .counts a", words="待审批的反馈")
    walk.first("main tbody td.is-title a", words=AGRICULTURE)
    walk.follow("审批")
    walk.look("leaders")
    walk.follow("取消")
    walk.take("审批")
    for place in ("统计", "台账"):
        walk.menu(place)
    walk.sit("xunchaban")
    walk.open(DRAFTED)
    walk.first(FINDING)
    walk.sit("lingdao")
    walk.menu("轮次")
    walk.follow("届次和覆盖率")
    walk.first("main tbody a[href$='/coverage']")
    walk.sit("fenguan")
    walk.menu("台账")


def _office(walk: Walk, _folder: Path) -> None:
    walk.sit("xunchaban")
    walk.menu("轮次")
    walk.first("main tbody a[href^='/rounds/']")
    walk.glance("编入巡察对象")
    walk.menu("反馈")
    walk.first("main tbody td.is-title a", words=AGRICULTURE)
    walk.take("发出反馈")
    walk.open(DRAFTED)
    walk.first(FINDING)
    walk.glance("提请撤回")
    walk.open("/findings/?state=closed")
    walk.first(FINDING)
    walk.glance("申请重启")
    director = walk.sit("zhuren")
    walk.review()
    walk.look("office")
    for point in director.page.locator(".decide").get_by_role("checkbox").all():
        point.check()
    walk.press("予以销号")
    walk.sit("zhuren")
    walk.waiting("待批的延期", "findings")
    walk.take("批准延期")
    walk.menu("统计")


def _unit(walk: Walk, folder: Path) -> None:
    clerk = walk.sit("chengtouban")
    walk.todo("请填写整改方案")
    walk.follow("填写方案")
    walk.look("unit")
    clerk.type({"原因分析": "党委没有专题研究过", "整改目标": "一个季度内见效", "牵头领导": "分管副职"})
    row = clerk.page.get_by_role("group", name="措施 1", exact=True)
    typed = {
        "措施内容": "修订议事规则第三条并执行",
        "责任人": "办公室主任",
        "完成时限": str(LATER),
        "成果形式": "印发的规则",
    }
    clerk.type(typed, row)
    row.get_by_label("建章立制", exact=True).check()
    walk.press("保存")
    _unit_proves(walk, folder)
    walk.sit("chengtou")
    walk.todo("已经填好，请报送")
    walk.follow("报送方案")
    walk.press("报送方案")
    _unit_closes(walk)
    walk.sit("shuiwufu")
    walk.menu("台账")


def _unit_proves(walk: Walk, folder: Path) -> None:
    clerk = walk.sit("shuiwuban")
    walk.todo("整改中")
    finding = clerk.path
    walk.take("填报进展", 进展="已清退 7 笔，共 1.9 万元")
    walk.open(finding)
    clerk.page.get_by_role("link", name="交佐证", exact=True).first.click()
    walk.note()
    file = folder / "核对后的台账.pdf"
    paper(file, "ledger")
    slot = clerk.page.get_by_role("group", name="措施 1", exact=True)
    clerk.field("文件", slot).set_input_files(file)
    clerk.type({"证明什么": "已逐笔核对", "材料日期": str(TODAY)}, slot)
    walk.press("补交佐证")


def _unit_closes(walk: Walk) -> None:
    head = walk.sit("shuiwu")
    walk.todo("退回整改")
    finding = head.path
    walk.glance("申请延期")
    walk.follow("申请销号")
    head.page.get_by_label("已完成", exact=True).check()
    walk.press("申请销号")
    walk.open(finding)
    walk.take("撤回销号申请", 理由="还缺一份缴款凭证")
    walk.sit("chengtou")
    walk.menu("方案")
    walk.first("main tbody a[href^='/plans/']")


def _reviewers(walk: Walk, _folder: Path) -> None:
    reviewer = walk.sit("jijian")
    walk.todo("请审核整改方案")
    walk.follow("审核方案")
    walk.look("reviewers")
    reviewer.page.get_by_label("退回重做", exact=True).check()
    reviewer.page.get_by_label("措施不具体", exact=True).check()
    reviewer.type({"意见": OPINION, "重报期限": str(SOON)})
    reviewer.page.get_by_label("同意", exact=True).check()
    walk.follow("取消")
    walk.follow("审核方案")
    reviewer.page.get_by_label("同意", exact=True).check()
    walk.press("提交审核意见")
    walk.sit("jijian")
    walk.review()
    for point in reviewer.page.locator(".decide").get_by_role("checkbox").all():
        point.check()
    walk.press("同意销号")
    second = walk.sit("zuzhibu")
    walk.review()
    second.type({"意见": NO_ORIGINAL})
    walk.press("退回销号申请")
    walk.sit("jijian")
    walk.open("/findings/?state=closed")
    walk.first(FINDING)
    walk.glance("申请重启")


def _others(walk: Walk, _folder: Path) -> None:
    for account in ("caizheng", "fenglin", "pinggu"):
        walk.sit(account)
        walk.menu("台账")
    guest = walk.sit("linshi")
    walk.look("others")
    walk.open("/password")
    walk.follow("我的账号和令牌")
    assert guest.press("发放令牌") == 200
    walk.open(guest.path.removesuffix("token/"))


def _officers(walk: Walk, _folder: Path) -> None:
    keeper = walk.sit("xitong")
    walk.menu("组织")
    walk.first("main .org-line a", words="区水务局党组")
    walk.menu("人员")
    walk.follow("开设账号")
    keeper.type({"姓名": "郁新雨", "账号": "xinren"})
    walk.press("开设", 200)
    walk.follow("已经记下，返回")
    person = keeper.path
    walk.follow("授予职务")
    walk.look("officers")
    keeper.type({"职务": "单位承办人", "单位": "区水务局党组"})
    walk.press("授予职务", 302)
    walk.open(person)
    walk.sit("baomi")
    walk.menu("授权")
    walk.sit("shenji")
    walk.menu("记录")
    assert "开设账号" in walk.visitor.words


# In the order of the guide, in which each finds what the one before it left.
PAGES: tuple[tuple[str, Callable[[Walk, Path], None]], ...] = (
    ("README", _in_common), ("team", _team), ("leaders", _leaders), ("office", _office), ("team", _team_signs),
    ("unit", _unit), ("reviewers", _reviewers), ("others", _others), ("officers", _officers),
)  # fmt: skip


def test_every_page_of_the_guide_is_walked_as_it_stands(visits: Visits, tmp_path: Path) -> None:
    folder = PICTURES if WANTED else tmp_path / "pictures"
    folder.mkdir(exist_ok=True, parents=True)
    walks = {name: Walk(visits, folder) for name, _ in PAGES}
    for name, walked in PAGES:
        walked(walks[name], tmp_path)
    assert {name: unread(walk, name) for name, walk in walks.items()} == {name: [] for name in walks}
    assert {f"{name}.zh-CN.md" for name in walks} == {path.name for path in GUIDE.glob("*.zh-CN.md")}
    named = {name for page in GUIDE.glob("*.zh-CN.md") for name in _pictures(page)}
    assert {path.name for path in folder.glob("*.png")} >= named


def _pictures(page: Path) -> list[str]:
    """The pictures that a page of the guide names."""
    return [part.partition(")")[0] for part in page.read_text(encoding="utf-8").split("pictures/guide/")[1:]]
