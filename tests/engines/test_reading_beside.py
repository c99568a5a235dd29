"""What a plan says beside finding and measures: causes, goal, leader, person, by labels and by heads of columns."""

from bihuan.engines.reading import Beside, beside, read_bytes

LABELED = """中共县教育局党组关于巡察反馈意见的整改方案

一、整改任务
（一）关于课后服务监管缺位问题
原因分析：监管责任没有压到科室；督导不够。
整改目标：收费公示率达到100%。
整改措施：1.逐校核对收费公示并拍照存档。
责任领导：分管副局长李明
责任人：基教股股长
整改时限：2026年12月31日前
（二）关于校外培训机构治理不彻底问题
整改措施：1.联合市场监管部门对3家无证机构立案查处。
责任科室：基础教育股
整改时限：2027年1月底前
"""
TABLE = (
    "序号\t巡察反馈问题\t原因分析\t整改目标\t整改措施\t责任领导\t责任人\t完成时限\n"
    "1\t课后服务监管缺位，收费未公示\t责任没有压实\t公示率100%\t逐校核对\t李明\t赵一\t2026年12月底\n"
    "2\t目标管理考核走过场\t\t考核结果全部运用\t修订办法\t张强\t钱二\t2027年1月31日\n"
)


def test_labels_tell_what_stands_under_them_and_only_for_their_item() -> None:
    told = beside(read_bytes(LABELED.encode(), name="方案.txt"))
    first = Beside("监管责任没有压到科室；督导不够", "收费公示率达到100%", "分管副局长李明", "基教股股长")
    assert told == (first, Beside())


def test_columns_are_told_by_their_heads_and_an_empty_cell_says_nothing() -> None:
    reading = read_bytes(TABLE.encode(), name="方案.tsv")
    assert beside(reading) == (
        Beside("责任没有压实", "公示率100%", "李明", "赵一"),
        Beside("", "考核结果全部运用", "张强", "钱二"),
    )


def test_a_document_without_items_has_nothing_beside_them() -> None:
    assert beside(read_bytes("明天开会。".encode(), name="通知.txt")) == ()
