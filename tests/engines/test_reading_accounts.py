"""Accounts of a feedback as they are published, without title or number; and news that only says that there was one."""

import pytest

from bihuan.engines.reading import kinds, read_bytes

OPENING = """根据县委统一部署，6月18日，县委第二巡察组向县粮油储备中心党支部反馈了巡察情况。各库点负责人参加会议。
"""
CLOSING = "\n巡察组要求，中心党支部要扛起整改主体责任，做到件件有着落。\n支部书记表示，对反馈的问题诚恳接受、照单全收。"


def told(middle: str) -> tuple[str, list[str]]:
    reading = read_bytes((OPENING + middle + CLOSING).encode(), name="a.txt")
    return reading.kind, [reading.text[slice(*item.finding)] for item in reading.items]


def test_problems_in_front_of_the_word_for_them_are_one_each() -> None:
    kind, findings = told(
        "组长在反馈时指出，巡察发现该支部存在轮换计划执行不严、出入库台账与实物不符、熏蒸药剂保管有漏洞、“三会一课”走过场等问题。"
    )
    assert kind == "feedback"
    assert findings == [
        "轮换计划执行不严", "出入库台账与实物不符", "熏蒸药剂保管有漏洞", "“三会一课”走过场",
    ]  # fmt: skip


def test_what_says_nothing_wrong_by_itself_goes_with_the_next() -> None:
    _, findings = told("巡察发现，该支部存在集体研究、议事等制度执行不严，仓储安全责任没有压实，整改推进迟缓等问题。")
    assert findings == ["集体研究、议事等制度执行不严", "仓储安全责任没有压实", "整改推进迟缓"]


def test_numbered_ones_behind_the_words_that_announce_them() -> None:
    kind, findings = told(
        "反馈指出，巡察发现的主要问题有：一是学习上级精神不够深入，联系业务不紧；二是资金管理有差距，白条入账时有发生；"
        "三是班子担当不足，遗留问题久拖不决。"
    )
    assert kind == "feedback"
    assert [words[:6] for words in findings] == ["学习上级精神", "资金管理有差", "班子担当不足"]


def test_an_account_with_more_demands_and_pledges_than_problems() -> None:
    text = (
        "根据市委巡察工作统一安排，11月12日，市委第五巡察组向市城建档案馆党支部反馈巡察情况。市委常委、副市长出席会议并就巡察整改提出要求，馆长主持会议并作表态发言。\n"
        "组长在反馈意见时指出，巡察发现该支部存在收集范围不全、利用服务办法不多、库房消防演练流于形式、督办落实有欠缺等问题。要求切实担负起整改主体责任，确保整改取得实效。\n"
        "副市长强调，要靶向发力、深挖实改，剖析问题产生的深层次原因；要制定整改方案，明确整改措施、整改时限和责任人，强化闭环管理和工作督导；要坚持标本兼治，加强教育管理，推动建章立制。\n"
        "馆长表示，将全盘认领整改清单，全力破解整改难题，努力锻造忠诚干净担当的干部队伍，营造干事创业的良好氛围，把巡察成果转化为推动工作的强大动力。\n"
        "市纪委监委、市委组织部、市委巡察办有关负责同志，馆全体干部职工参加会议。"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert reading.kind == "feedback"
    assert [reading.text[slice(*item.finding)] for item in reading.items] == [
        "收集范围不全", "利用服务办法不多", "库房消防演练流于形式", "督办落实有欠缺",
    ]  # fmt: skip


def test_some_and_some_others() -> None:
    kind, findings = told(
        "反馈认为，支部工作总体平稳。但巡察也发现了一些问题和不足，有的库点轮换把关不严，陈粮混存；有的负责人作风漂浮，长期不到现场；"
        "有的支部活动流于形式，记录事后补写。"
    )
    assert kind == "feedback"
    assert len(findings) == 3
    assert all(words.startswith("有的") for words in findings)


@pytest.mark.parametrize(
    "middle",
    [
        "会上，组长从三个方面通报了发现的问题，并提出四条建议。",
        "巡察组共反馈问题31个，提出建议12条，移交立行立改事项4件。",
        "会议强调，要防止责任不落实、整改不到位、走过场等情形。",
    ],
)
def test_news_that_names_no_problem_is_other(middle: str) -> None:
    assert told(middle) == ("other", [])


def test_the_same_in_a_newspaper_or_an_essay_is_other() -> None:
    account = "县委巡察组向县粮库反馈巡察情况，指出该库存在账实不符、轮换迟缓、管理松散等问题。"
    for text in (
        "本报讯（记者 王晓）" + account + CLOSING,
        "浅谈巡察反馈的力度\n" + account + "笔者认为，" * 40 + CLOSING,
    ):
        assert not read_bytes(text.encode(), name="a.txt").items


def test_what_only_sums_up_is_no_finding_where_its_particulars_follow() -> None:
    kind, findings = told(
        "巡察发现，该支部存在轮换计划执行不严、熏蒸药剂保管有漏洞等问题。主要表现在：3个仓陈粮混存，没有按计划轮换；账实相差46吨，长期不查；"
        "药剂无人登记，钥匙缺失；支部活动流于形式。"
    )
    assert kind == "feedback"
    assert [words[:5] for words in findings] == ["3个仓陈粮", "账实相差4", "药剂无人登", "支部活动流"]


def test_an_account_of_several_teams_tells_in_each_paragraph() -> None:
    kind, findings = told(
        "第一巡察组指出，县粮库轮换计划执行较好，仓容利用率提高；但在主责主业上，存在轮换计划执行不严、账实不符无人追查等问题。\n"
        "第二巡察组指出，县供销社门店改造抓得实。需要引起重视的是：农资储备不足，冬储化肥只有计划的六成；账外设账，门店租金11.5万元没有入账。\n"
        "第三巡察组指出，县档案馆数字化走在前列。但工作中还有短板，库房湿度长期超标，受潮案卷312卷；借阅登记缺页46处，无人核对。"
    )
    assert kind == "feedback"
    assert [words[:4] for words in findings] == ["轮换计划", "账实不符", "农资储备", "账外设账", "库房湿度", "借阅登记"]


def test_a_record_of_a_feedback_meeting_is_a_feedback_and_its_general_impression_no_finding() -> None:
    text = (
        "槐树社区巡察反馈会记录\n\n时间：2024年12月17日\n地点：社区活动室\n\n巡察组副组长：各位街坊，我们住了快一个月，今天来交个底。\n\n"
        "不过今天主要是来讲毛病的。先说钱。居民活动经费一年12万元，花到居民身上的只有4.7万元，剩下的买了打印机和茶叶，没有公示。"
        "一楼三间房2020年租给棋牌室，没有合同，也没有收过房租，水电费还是社区交的。\n\n"
        "再说老人。助老餐厅3月就停了，补贴照样报了1100人次，领了1.65万元。高龄老人的探访记录不实，签字由网格员代签。\n\n"
        "往下说安全。五号楼的消防栓没有水，楼道堆着旧柜子，查过一回没有整改。\n\n社区书记：回去就开会。\n"
    )
    assert read_bytes(text.encode(), name="a.txt").kind == "feedback"
    title = "槐树社区巡察反馈会记录"
    assert not kinds._is_other([title, title + "时间:2024年12月17日"])
    assert kinds._is_other(["城关镇召开巡察反馈会"])
    assert kinds.borne_out("feedback", f"{title}\n先说钱。", ["活动经费12万元,花到居民身上的4.7万元"]) == "feedback"
    assert kinds.borne_out("feedback", "反馈会侧记\n先说钱。", ["活动经费12万元,花到居民身上的4.7万元"]) == "other"
    text = (
        "关于巡察柳林镇党委的反馈意见\n柳林镇党委：\n现将巡察情况反馈如下。\n一、总的印象\n柳林镇历来是出难题的地方，近三年没有发生一起越级上访。\n"
        "二、主要问题\n（一）党委会议题先付款后上会，涉及9笔支出。\n（二）班子分工不合理，1名副镇长分管14项工作。\n"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    assert [item.level for item in reading.items] == ["二、(一)", "二、(二)"]
