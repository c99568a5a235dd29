"""Plans as three lists in tables and in words: what later lists say of a number belongs to the finding with it."""

from bihuan.engines.reading import Reading, read_bytes

TABLES = """柳树镇党委巡察整改“三张清单”
一、问题清单
问题\t具体表现
1.防汛责任不实\t4处沙袋点空置，值班记录由一人补写
2.低保动态管理滞后\t12户死亡人员继续领取低保金3.6万元
3.会议经费超支\t2024年列支会议费8.2万元，超预算2.1万元
二、任务清单
对应问题\t整改目标\t整改任务
1\t责任到岗\t补足沙袋4000只；实行24小时双人值班
2\t应退尽退\t逐户比对死亡信息；追回多发低保金3.6万元
3\t不超预算\t会议实行事前审批
三、责任清单
对应问题\t责任领导\t责任部门\t完成时限
1\t副镇长周大河\t应急办\t2025年5月底前
2\t党委委员何小青\t民政办\t2025年6月底前
3\t镇长石磊\t财政所\t长期坚持
"""
WORDS_FIRST = """县供销联社党组整改“三个清单”
一、问题清单
（一）落实上级部署方面
1.农资储备不足，冬储化肥只有计划的六成。
2.基层社改造迟缓，7个社没有挂牌。
（二）内部管理方面
3.账外设账，门店租金11.5万元没有入账。
4.公务用车管理混乱，2台车没有派车单。
二、任务清单
问题序号\t整改措施
1\t①补充采购化肥600吨。②建立储备月报制度。
2\t年底前全部挂牌
3、4\t清理账外资金并入账；车辆统一派单，一车一档
三、责任清单
问题序号\t责任领导\t责任股室\t时限
1\t副主任梁田\t业务股\t2025年3月底
2\t副主任梁田\t合作指导股\t2025年12月底
3\t主任丁一\t财务股\t2025年4月底
4\t主任丁一\t办公室\t立行立改
"""
TABLE_FIRST = """青石镇供水公司党支部巡察整改三张清单
一、问题清单
编号\t问题来源\t问题描述\t性质
1\t反馈意见第2页\t水质检测走过场，15份报告数据雷同\t安全生产
2\t反馈意见第3页\t水费坐支，11.8万元没有上缴\t资金管理
3\t反馈意见第3页\t抢修不及时，8起爆管超过两小时才到场\t服务群众
二、任务清单
编号1：委托有资质的机构重做检测；检测员持证上岗。
编号2：坐支水费在6月底前全部上缴，今后日清日缴。
编号3：两个抢修班实行24小时值守。
三、责任清单
编号1由生产科负责，2025年9月底前完成。
编号2由财务科负责，2025年9月底前完成。
编号3由管网科负责，2025年9月底前完成。
"""


def read(text: str) -> Reading:
    return read_bytes(text.encode(), name="a.txt")


def words(reading: Reading, *fields: str) -> list[list[list[str]]]:
    return [
        [[reading.text[slice(*span)] for span in getattr(item, field)] for field in fields] for item in reading.items
    ]


def test_tables_whose_numbers_stand_within_the_findings() -> None:
    reading = read(TABLES)
    assert reading.kind == "plan"
    assert [reading.text[slice(*item.finding)] for item in reading.items] == [
        "防汛责任不实", "低保动态管理滞后", "会议经费超支",
    ]  # fmt: skip
    assert words(reading, "more", "measures", "responsible", "deadline")[0] == [
        ["4处沙袋点空置，值班记录由一人补写"], ["补足沙袋4000只", "实行24小时双人值班"], ["副镇长周大河", "应急办"],
        ["2025年5月底前"],
    ]  # fmt: skip


def test_a_list_of_findings_in_words_with_tables_behind_it() -> None:
    reading = read(WORDS_FIRST)
    assert [reading.text[slice(*item.finding)][:4] for item in reading.items] == [
        "农资储备",
        "基层社改",
        "账外设账",
        "公务用车",
    ]
    told = words(reading, "measures", "deadline")
    assert told[0] == [["补充采购化肥600吨", "建立储备月报制度"], ["2025年3月底"]]
    assert told[2][0] == told[3][0] == ["清理账外资金并入账", "车辆统一派单，一车一档"]
    assert told[3][1] == ["立行立改"]


def test_a_table_of_findings_with_lists_in_words_behind_it() -> None:
    reading = read(TABLE_FIRST)
    assert [reading.text[slice(*item.finding)][:4] for item in reading.items] == ["水质检测", "水费坐支", "抢修不及"]
    assert [bool(item.measures) for item in reading.items] == [True] * 3


def test_two_tasks_of_one_number_whose_finding_has_particulars() -> None:
    text = (
        "柳树镇党委巡察整改清单\n附表一　问题清单\n序号\t方面\t巡察反馈问题\t具体表现\n"
        "1\t防汛\t防汛责任不实\t4处沙袋点空置，值班记录由一人补写\n2\t民政\t低保动态管理滞后\t12户死亡人员继续领取低保金3.6万元\n"
        "附表二　任务清单\n序号\t整改目标\t整改措施\n1\t责任到岗\t补足沙袋4000只\n1\t\t实行24小时双人值班\n"
        "2\t应退尽退\t逐户比对死亡信息\n"
    )
    reading = read_bytes(text.encode(), name="a.txt")
    told = [(reading.text[slice(*item.finding)], len(item.more), len(item.measures)) for item in reading.items]
    assert told == [("防汛责任不实", 1, 2), ("低保动态管理滞后", 1, 1)]
