"""Tables in every shape: on their side, forms, blocks of labels, lists joined by numbers, strokes, broken rows."""

import time

import pytest

from bihuan.engines.reading import Reading, read_bytes
from tests.engines.sheet_files import merged, rows, workbook_file
from tests.engines.word_files import paragraph, table, word_file

TITLE = "柏岭县粮食局党组巡察整改台账\n"


def read(text: str, title: str = TITLE) -> Reading:
    return read_bytes((title + text).encode(), name="台账.txt")


def words(reading: Reading, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [reading.text[slice(*span)] for span in spans]


def findings(reading: Reading) -> list[str]:
    return [reading.text[slice(*item.finding)] for item in reading.items]


def test_a_table_on_its_side_is_turned() -> None:
    text = "序号\t1\t2\t3\n问题\t仓房漏雨无人维修\t账实不符多年\t借调人员超期不还\n"
    text += "整改措施\t筹款翻修\t清仓查库；逐仓核对\t清退\n责任人\t王强\t财务科\t人事科\n"
    text += "时限\t3月底\t立行立改\t2025年9月\n进展\t已完成，翻修3栋\t正在推进\t未启动\n"
    reading = read(text)
    assert findings(reading) == ["仓房漏雨无人维修", "账实不符多年", "借调人员超期不还"]
    assert [item.level for item in reading.items] == ["1", "2", "3"]
    assert [item.state for item in reading.items] == ["done", "in_progress", "not_done"]
    assert words(reading, reading.items[1].measures) == ["清仓查库", "逐仓核对"]
    assert words(reading, reading.items[2].deadline) == ["2025年9月"]


def test_forms_of_labels_and_values_are_one_finding_each() -> None:
    def form(*cells: str) -> str:
        labels = ("问题", "整改措施", "责任领导", "完成时限", "整改情况")
        return table(*zip(labels, cells, strict=True))

    body = paragraph("柏岭县粮食局党组巡察整改销号表")
    body += form("仓房漏雨无人维修", "筹款翻修", "副局长 田野", "3月底", "已完成") + paragraph("")
    body += form("账实不符多年", "清仓查库", "财务科", "立行立改", "正在推进")
    reading = read_bytes(word_file(body), name="表.docx")
    assert (reading.kind, findings(reading)) == ("ledger", ["仓房漏雨无人维修", "账实不符多年"])
    assert [words(reading, item.responsible) for item in reading.items] == [["副局长 田野"], ["财务科"]]


def test_a_form_with_two_labels_in_a_row() -> None:
    lines = (("问题编号", "WT-7", "问题类别", "资产"), ("反馈问题", "仓房出租少收租金", "整改措施", "重新招租"))
    lines += (("责任人", "资产科", "整改时限", "6月底"), ("整改进展", "已完成，补收2万元", "备注", ""))
    reading = read_bytes(word_file(paragraph("柏岭县粮食局党组巡察整改台账") + table(*lines)), name="表.docx")
    [item] = reading.items
    assert (item.level, findings(reading), item.state) == ("WT-7", ["仓房出租少收租金"], "done")
    assert (words(reading, item.measures), words(reading, item.results)) == (["重新招租"], ["补收2万元"])


def test_several_measures_of_one_merged_finding_are_one_item() -> None:
    sheet = rows(
        ("柏岭县粮食局党组巡察整改台账",), ("序号", "反馈问题", "整改任务", "", "责任落实", "是否完成"),
        ("", "", "整改措施", "完成时限", "责任人", ""), ("1", "仓房漏雨无人维修", "筹款", "3月底", "王强", "是"),
        ("", "", "翻修", "6月底", "李敏", "否"), ("2", "账实不符多年", "清仓查库", "立行立改", "赵刚", "是"),
    )  # fmt: skip
    reading = read_bytes(workbook_file(sheet + merged("A1:F1", "C2:D2", "A4:A5", "B4:B5")), name="台账.xlsx")
    first, second = reading.items
    assert findings(reading) == ["仓房漏雨无人维修", "账实不符多年"]
    assert (words(reading, first.measures), words(reading, first.deadline)) == (["筹款", "翻修"], ["3月底", "6月底"])
    assert (words(reading, first.responsible), first.state, second.state) == (["王强", "李敏"], "in_progress", "done")


def test_rows_without_a_finding_go_on_with_the_one_above_but_not_with_a_number_of_their_own() -> None:
    text = "序号\t问题\t措施序号\t整改措施\t责任人\n1\t仓房漏雨无人维修\t1-1\t筹款\t王强\n\t\t1-2\t翻修\t李敏\n"
    text += "2\t\t2-1\t清仓\t赵刚\n3\t账实不符多年\t3-1\t核对\t孙丽\n"
    reading = read(text)
    assert [words(reading, item.measures) for item in reading.items] == [["筹款", "翻修"], ["核对"]]


def test_a_number_and_a_title_alone_begin_a_section() -> None:
    text = "序号\t问题\t金额\t整改措施\t是否完成\n一\t内部治理类\n1\t议事规则不执行\t—\t修订规则\t已整改\n"
    text += "二\t租金与合同\n2\t租金减免没有依据\t22万元\t补收\t未整改\n"
    reading = read(text)
    assert findings(reading) == ["议事规则不执行", "租金减免没有依据"]
    assert [item.level for item in reading.items] == ["一、1", "二、2"]
    assert [words(reading, (item.heading,)) for item in reading.items if item.heading] == [
        ["内部治理类"],
        ["租金与合同"],
    ]


@pytest.mark.parametrize("number", ["1.2", "A201-1", "一-3"])
def test_a_number_that_says_where_it_stands_needs_no_section(number: str) -> None:
    text = f"序号\t问题\t整改措施\t完成情况\n一\t内部治理类\n{number}\t议事规则不执行，会议纪要代签\t修订规则\t已整改\n"
    assert [item.level for item in read(text).items] == [number]


def test_lists_are_joined_by_their_numbers() -> None:
    text = "清单一：问题清单\n序号\t问题\t来源\n一-1\t仓房漏雨无人维修\t第2页\n一-2\t账实不符多年\t第3页\n"
    text += "清单二：任务清单\n序号\t整改目标\t整改措施\t完成时限\n一-1\t不漏\t①筹款；②翻修\t3月底\n"
    text += "一-2\t账实相符\t清仓查库\t6月底\n"
    text += "清单三：责任清单\n序号\t责任领导\t责任股室\n一-1\t王强\t仓储股\n一-2\t李敏\t财务股\n"
    reading = read(text)
    assert findings(reading) == ["仓房漏雨无人维修", "账实不符多年"]
    assert [words(reading, item.measures) for item in reading.items] == [["筹款", "翻修"], ["清仓查库"]]
    assert [words(reading, item.responsible) for item in reading.items] == [["王强", "仓储股"], ["李敏", "财务股"]]
    assert [words(reading, item.deadline) for item in reading.items] == [["3月底"], ["6月底"]]


def test_blocks_of_labels_are_rows_in_whatever_order_and_without_some() -> None:
    text = "\n【销号编号】DH-07\n【原问题】仓房漏雨无人维修\n【采取的办法】筹款；翻修\n【责任】仓储股\n"
    text += "【审核意见】同意销号\n"
    text += "\n【销号编号】DH-09\n【责任】财务股\n【原问题】账实不符多年\n【采取的办法】清仓查库\n"
    text += "【审核意见】不同意销号，退回\n"
    text += "\n【销号编号】DH-12\n【原问题】借调人员超期不还\n【整改前】3人\n【采取的办法】清退\n"
    text += "【审核意见】基本完成\n复核人：王强\n"
    reading = read(text)
    assert [item.level for item in reading.items] == ["DH-07", "DH-09", "DH-12"]
    assert findings(reading) == ["仓房漏雨无人维修", "账实不符多年", "借调人员超期不还"]
    assert [item.state for item in reading.items] == ["done", "not_done", "basically_done"]
    assert [words(reading, item.responsible) for item in reading.items] == [["仓储股"], ["财务股"], []]


def test_blocks_with_a_number_and_a_title_above() -> None:
    text = ""
    for number, title, more in (
        ("一", "仓储管理不力", "3栋仓房漏雨"),
        ("二", "监管缺位", "账实不符"),
        ("三", "党建薄弱", "没有换届"),
    ):
        text += f"\n问题{number}：{title}\n具体表现：{more}。\n整改措施：立即整改\n责任领导：王强\n完成时限：立行立改\n"
    reading = read(text, title="柏岭县粮食局党组巡察整改责任清单\n")
    assert [item.level for item in reading.items] == ["一", "二", "三"]
    assert findings(reading) == ["仓储管理不力", "监管缺位", "党建薄弱"]
    assert [words(reading, item.more) for item in reading.items] == [["3栋仓房漏雨"], ["账实不符"], ["没有换届"]]


def test_a_block_may_stand_in_one_line() -> None:
    text = "1．问题：仓房漏雨无人维修。措施：筹款，翻修3栋。责任人：仓储股。时限：3月底。进展：已完成。\n"
    text += "2．问题：账实不符多年。措施：清仓查库。责任人：李敏。时限：长期。进展：正在推进。\n"
    text += "3．问题：借调人员超期不还。措施：清退。责任人：人事股。时限：6月底。进展：未启动。\n"
    reading = read(text)
    assert findings(reading) == ["仓房漏雨无人维修", "账实不符多年", "借调人员超期不还"]
    assert [item.state for item in reading.items] == ["done", "in_progress", "not_done"]
    assert [words(reading, item.deadline) for item in reading.items] == [["3月底"], ["长期"], ["6月底"]]


@pytest.mark.parametrize(
    ("head", "between"),
    [("序 / 问题 / 举措 / 谁牵头 / 进度\n", " / "), ("序　问题　怎么弄的　谁弄　弄完没\n", "　"),
     ("序│问题│措施│牵头│进度\n──┼──┼──┼──┼──\n", "│"), ("", " → ")],
    ids=["strokes", "wide blanks", "bars", "arrows without names"],
)  # fmt: skip
def test_columns_parted_by_other_signs(head: str, between: str) -> None:
    lines = [
        ("一", "仓房漏雨无人维修", "筹款翻修", "仓储股", "已完成"),
        ("二", "账实不符，多年未处理", "清仓查库", "财务股", "正在推进"),
        ("三", "借调人员超期不还", "清退", "人事股", "未启动"),
    ]
    reading = read(head + "".join(between.join(line) + "\n" for line in lines) + "打印：王强\n")
    assert findings(reading) == [line[1] for line in lines]
    assert [item.state for item in reading.items] == ["done", "in_progress", "not_done"]
    assert [words(reading, item.responsible) for item in reading.items] == [["仓储股"], ["财务股"], ["人事股"]]


def test_cells_stand_under_the_names_above_them_where_some_are_empty() -> None:
    text = "序号  问题                      措施            责任部门    进度\n"
    text += "1     仓房漏雨无人维修          筹款            仓储股      100%\n"
    text += "                                翻修3栋         工程队      70%\n"
    text += "2     账实不符多年              清仓查库                    90%\n注：进度自报。\n"
    reading = read(text)
    assert [words(reading, item.measures) for item in reading.items] == [["筹款", "翻修3栋"], ["清仓查库"]]
    assert [words(reading, item.responsible) for item in reading.items] == [["仓储股", "工程队"], []]
    assert [item.state for item in reading.items] == ["in_progress", "in_progress"]


def test_a_row_drawn_in_two_lines_is_one() -> None:
    text = " 序号 | 问题 | 措施 | 责任部门 | 状态\n------+------+------+------+------\n"
    text += " 1 | 变更随意， | 修订办法； | 工程部 | 已完成\n   | 增加投资320万元未审批 | 补办手续 | |\n"
    text += " 2 | 对外担保未经研究 | 解除2笔 | 财务部 | 进行中\n"
    reading = read(text)
    assert findings(reading) == ["变更随意", "对外担保未经研究"]
    assert words(reading, reading.items[0].more) == ["增加投资320万元未审批"]
    assert words(reading, reading.items[0].measures) == ["修订办法", "补办手续"]


def test_a_small_table_in_a_notice_does_not_hide_its_entries() -> None:
    text = "现将整改情况通报如下。\n一、问题整改情况\n"
    for number, matter in enumerate(("仓房管理不到位", "购销台账记录缺失", "党组议事规则执行不严格"), 1):
        text += f"（{'一二三'[number - 1]}）关于“{matter}”问题\n"
        text += f"整改措施：修订制度{number}项，逐人约谈，开展专项检查并建立长效机制。\n"
        text += "整改成效：已完成整改，退回资金3万元。\n"
    text += "二、正在推进的问题\n序号\t反馈问题\t下步措施\t完成时限\n1\t新库建设滞后，工期延误\t增加人员\t12月底\n"
    reading = read(text, title="中共柏岭县粮食局党组关于巡察整改进展情况的通报\n")
    assert findings(reading)[-1] == "新库建设滞后，工期延误"
    assert findings(reading)[:3] == ["仓房管理不到位", "购销台账记录缺失", "党组议事规则执行不严格"]


def test_one_cell_to_a_line_with_cells_of_several_lines_between_running_numbers() -> None:
    text = "序号\n反馈问题\n整改措施\n责任领导\n整改时限\n整改情况\n1\n思政课教师配备不足\n1.公开招聘12名。\n"
    text += "2.遴选兼职教师。\n王强\n"
    text += "3月底\n已完成整改。\n配齐教师26名。\n2\n教辅征订不规范\n（1）开展检查；\n（2）清退8.6万元。\n李敏\n"
    text += "立行立改\n正在整改。\n"
    text += "联系电话：0000-7654321\n"
    reading = read(text, title="柏岭县教育局党组巡察整改进展情况公示\n")
    assert findings(reading) == ["思政课教师配备不足", "教辅征订不规范"]
    assert [words(reading, item.measures) for item in reading.items] == [
        ["公开招聘12名", "遴选兼职教师"], ["开展检查", "清退8.6万元"],
    ]  # fmt: skip
    assert [words(reading, item.responsible) for item in reading.items] == [["王强"], ["李敏"]]
    assert words(reading, reading.items[0].results) == ["配齐教师26名"]


def test_a_list_of_persons_may_go_by_the_numbers_of_measures() -> None:
    text = "表1 问题清单\n序号\t巡察反馈问题\t问题类别\n1\t事项清单未及时修订\t政治建设\n"
    text += "2\t发生一般事故2起，责任不落实\t安全\n"
    text += "表2 任务清单\n问题序号\t措施序号\t措施内容\t起止时限\n1\t1-1\t修订清单\t2025.1-2025.2\n"
    text += "1\t1-2\t补充论证\t2025.2-2025.4\n"
    text += "2\t2-1\t专项整治\t2025.1-2025.12\n表3 责任清单\n措施序号\t牵头领导\t牵头部门\n1-1\t王强\t办公室\n"
    text += "1-2\t李敏\t投资部\n"
    text += "2-1\t赵刚\t安环部\n"
    reading = read(text)
    assert [words(reading, item.measures) for item in reading.items] == [["修订清单", "补充论证"], ["专项整治"]]
    assert words(reading, reading.items[0].responsible) == ["王强", "办公室", "李敏", "投资部"]
    assert words(reading, reading.items[1].deadline) == ["2025.1-2025.12"]


def test_brackets_behind_a_measure_say_who_answers_and_by_when() -> None:
    text = "序号\t问题\t整改措施\n1\t仓房漏雨无人维修\t1.筹款（责任单位：财务股、仓储股；完成时限：3月底）；"
    text += "2.翻修（共3栋）。\n"
    text += "2\t账实不符多年\t清仓查库\n"
    first, _ = read(text).items
    reading = read(text)
    assert words(reading, first.measures) == ["筹款", "翻修（共3栋）"]
    assert (words(reading, first.responsible), words(reading, first.deadline)) == (["财务股", "仓储股"], ["3月底"])


def test_thousands_of_rows_without_names_cost_no_more_than_their_length() -> None:
    text = "".join(f"甲 | 乙{at} | 丙 | 丁\n" for at in range(6_000))
    began = time.process_time()
    assert read(text).items == ()
    assert time.process_time() - began < 20
